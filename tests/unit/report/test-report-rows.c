// SPDX-License-Identifier: GPL-2.0-only
/*
 * A report that reads sums says the same as one that reads each detail: the same store,
 * before and after its sums are deleted.
 */
#include "report/report-rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fixtures.h"
#include "report/report-json.h"
#include "stage.h"
#include "store/db.h"
#include "store/sums.h"

#define VMS 4

static char dir[64], path[128];
static __u32 dice;

static int make_dir(void **state)
{
	(void)state;
	dice = 1;
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

static __u32 roll(__u32 sides)
{
	dice = dice * 1664525 + 1013904223;
	return (dice >> 16) % sides;
}

/* One of few pages; at times less is known of it, or it is not known at all. */
static const struct sea_page *some_page(struct sea_page *page)
{
	__u32 nr = roll(3);

	*page = (struct sea_page){.known = SEA_PAGE_PFN | (roll(16) ? SEA_PAGE_POISON : 0),
				  .pfn = 0x1000 + nr,
				  .poisoned = nr == 1 || !roll(16),
				  .size = nr ? 4096 : 2097152,
				  .node = (__s32)nr};
	if (roll(16))
		page->known |= SEA_PAGE_SIZE | SEA_PAGE_NODE;
	if (!roll(16))
		page->known &= ~SEA_PAGE_PFN;
	return roll(6) ? page : NULL;
}

static void one_sea(struct stage *s)
{
	__u64 vm = 1 + roll(VMS);
	enum sea_reason reason = SEA_REASON_NONE;
	struct sea_page page;

	s->esr = roll(16) ? 0x92000010 : 0x92000050;
	s->ipa = roll(3) ? 0x40000000 + 0x1000 * roll(3) : 0;
	s->vcpu = roll(4);
	if (!roll(2)) {
		stage_sea(s, vm, SEA_FORWARDED, roll(9) ? SEA_REASON_NONE : SEA_AMBIGUOUS_WALK,
			  some_page(&page));
		/* Some wait for their answer, and many are as slow as others. */
		if (roll(8))
			stage_answer(s, vm, roll(SEA_RESPONSES), 1000 * (1 + roll(40)));
		return;
	}
	if (!roll(4))
		reason = SEA_S2_WALK;
	stage_sea(s, vm,
		  reason  ? SEA_HOST_OWNED :
		  roll(2) ? SEA_CLAIMED :
			    SEA_NOT_OPTED_IN,
		  reason, some_page(&page));
}

/* One session: so many ticks, a second each, with so many SEAs in each. */
static void session(char run, __u64 second, int ticks, int seas, bool lost)
{
	static const char *const names[VMS] = {"db01", "db02", "web", "batch"};
	struct stage s;
	int i, tick;

	stage_begin(&s, path, "rack7", run, second);
	for (i = 0; i < VMS; i++)
		stage_vm(&s, names[i]);
	for (tick = 1; tick <= ticks; tick++) {
		for (i = 0; i < seas; i++) {
			/* At times two at one moment */
			stage_wait(&s, roll(3) ? SEC / 20000 : 0);
			one_sea(&s);
		}
		stage_tick(&s, second + (__u64)tick);
	}
	/* Some that no tick counts */
	for (i = 0; i < 10; i++)
		one_sea(&s);
	if (!lost)
		stage_tick(&s, second + (__u64)tick);
	stage_finish(&s, lost);
}

/* second: one more recording; or NULL */
static void ask_two(const struct sea_report_options *how, const char *second, struct sea_text *json,
		    __u64 *details)
{
	struct sea_report_options options = *how;
	const char *files[] = {path, second};
	struct sea_report report = {0};
	struct sea_error err;

	options.files = files;
	options.nr_files = second ? 2 : 1;
	options.now_ns = stage_wall_ns(1000);
	if (!options.window.since_ns && !options.window.until_ns)
		options.window = SEA_WINDOW_ALL;
	if (sea_report_make(&report, &options, &err) || sea_report_json(&report, json, &err))
		fail_msg("%s", err.text);
	*details = report.details + report.answer_details;
	sea_report_free(&report);
}

static void ask(const struct sea_report_options *how, struct sea_text *json, __u64 *details)
{
	ask_two(how, NULL, json, details);
}

static __s64 number(const char *sql)
{
	struct sea_error err;
	struct sea_db db;
	__s64 number;

	if (sea_db_open(path, SEA_DB_READ, NULL, &db, &err))
		fail_msg("%s", err.text);
	number = sea_db_number(&db, sql, -1);
	sea_db_close(&db);
	return number;
}

static void change(const char *sql)
{
	struct sea_error err;
	struct sea_db db;

	if (sea_db_open(path, SEA_DB_SHARE, NULL, &db, &err) || sea_db_do(&db, sql, &err))
		fail_msg("%s", err.text);
	sea_db_close(&db);
}

static const struct {
	struct sea_report_options options;
	__u64 since, until; /* seconds since boot */
} questions[] = {
	{{0}, 0, 0},
	{{.addresses = true}, 0, 0},
	{{.by = SEA_BY_PAGE}, 0, 0},
	{{.by = SEA_BY_ESR}, 0, 0},
	{{.by = SEA_BY_VCPU}, 0, 0},
	{{.by = SEA_BY_CPU}, 0, 0},
	{{.by = SEA_BY_HOUR}, 0, 0},
	{{.filter.glob = "db*"}, 0, 0},
	{{.timeline = true}, 0, 0},
	/* Cuts the first and the third session, and has the second as a whole */
	{{0}, 15, 205},
	{{0}, 101, 102},
	/* Between two sessions; and the second one alone */
	{{0}, 50, 90},
	{{.by = SEA_BY_PAGE}, 90, 150},
};

#define QUESTIONS ARRAY_SIZE(questions)

static void ask_all(struct sea_text *json, __u64 *details)
{
	size_t i;

	for (i = 0; i < QUESTIONS; i++) {
		struct sea_report_options options = questions[i].options;

		if (questions[i].until)
			options.window = (struct sea_window){stage_wall_ns(questions[i].since),
							     stage_wall_ns(questions[i].until)};
		ask(&options, &json[i], &details[i]);
	}
}

/* Three sessions: two that were stopped, and one whose recorder was killed. */
static void test_same(void **state)
{
	static struct sea_text with[QUESTIONS], without[QUESTIONS];
	__u64 details[QUESTIONS];
	size_t i;

	(void)state;
	session('1', 10, 10, 300, false);
	session('2', 100, 10, 300, false);
	session('3', 200, 10, 400, true);
	assert_int_equal(number("SELECT count(*) FROM detail_sum"), 2);
	assert_int_equal(number("SELECT sum(seas + answers) FROM detail_sum"),
			 number("SELECT (SELECT count(*) FROM sea WHERE session < 3) +"
				" (SELECT count(*) FROM answer WHERE session < 3)"));
	ask_all(with, details);
	change("DELETE FROM slow_answer; DELETE FROM answer_sum; DELETE FROM sea_sum;"
	       "DELETE FROM detail_sum");
	ask_all(without, details);
	for (i = 0; i < QUESTIONS; i++) {
		if (strcmp(with[i].text, without[i].text))
			fail_msg("question %zu:\n%s\n%s", i, with[i].text, without[i].text);
		sea_text_free(&with[i]);
		sea_text_free(&without[i]);
	}
}

/* Where there are sums nobody reads the details; they could as well be gone. */
static void test_are_used(void **state)
{
	struct sea_text with = {0}, without = {0};
	__u64 all, some;

	(void)state;
	session('1', 10, 10, 300, false);
	ask(&(struct sea_report_options){0}, &with, &all);
	assert_int_equal(all, number("SELECT seas + answers FROM detail_sum"));
	change("DELETE FROM page; DELETE FROM sea; DELETE FROM answer");
	ask(&(struct sea_report_options){0}, &without, &some);
	assert_int_equal(some, all);
	assert_string_equal(with.text, without.text);
	sea_text_free(&with);
	sea_text_free(&without);
	/* Which vCPU it was is not in them. */
	ask(&(struct sea_report_options){.by = SEA_BY_VCPU}, &without, &some);
	assert_int_equal(some, all);
	assert_non_null(strstr(without.text, "\"groups\":[]"));
	sea_text_free(&without);
}

/* The last SEAs and answers of each VM, one a line, and how many details there are */
static void last_ones(struct sea_text *text)
{
	const char *files[] = {path};
	const struct sea_report_options options = {.files = files,
						   .nr_files = 1,
						   .now_ns = stage_wall_ns(1000),
						   .window = SEA_WINDOW_ALL,
						   .timeline = true};
	struct sea_report report = {0};
	struct sea_error err;
	size_t i, j;

	if (sea_report_make(&report, &options, &err))
		fail_msg("%s", err.text);
	sea_text_add(text, "%llu\n", (unsigned long long)(report.details + report.answer_details));
	for (i = 0; i < report.nr_vms; i++) {
		const struct sea_report_vm *vm = &report.vms[i];

		for (j = 0; j < vm->nr_recent; j++) {
			const struct sea_report_detail *d = &vm->recent[j];

			sea_text_add(text, "%s %lld %d %d %d %u %llx %llx\n", vm->name,
				     (long long)d->ns, d->is_answer, d->disposition, d->response,
				     d->vcpu, (unsigned long long)d->esr,
				     (unsigned long long)(d->page ? report.pages[d->page - 1].pfn :
								    0));
		}
	}
	sea_report_free(&report);
}

/* Stretches that have none of them are not read, and any other one is. */
static void test_last_ones(void **state)
{
	struct sea_text each = {0}, with = {0}, without = {0};

	(void)state;
	session('1', 10, 10, 300, false);
	session('2', 100, 10, 300, false);
	session('3', 200, 10, 300, false);
	/* The last one of a VM is in the first session. */
	change("DELETE FROM answer WHERE session > 1 AND vm = (SELECT min(vm) FROM answer);"
	       "DELETE FROM answer_sum WHERE sum > (SELECT min(seq) FROM detail_sum)"
	       " AND vm = (SELECT min(vm) FROM answer)");
	last_ones(&with);
	change("DELETE FROM page WHERE sea IN (SELECT seq FROM sea WHERE session = 2);"
	       "DELETE FROM sea WHERE session = 2; DELETE FROM answer WHERE session = 2");
	last_ones(&without);
	assert_string_equal(with.text, without.text);
	sea_text_free(&without);
	change("DELETE FROM page WHERE sea IN (SELECT seq FROM sea WHERE session = 1);"
	       "DELETE FROM sea WHERE session = 1; DELETE FROM answer WHERE session = 1");
	last_ones(&without);
	assert_string_not_equal(with.text, without.text);
	sea_text_free(&with);
	sea_text_free(&without);

	/* The same as who reads all of them finds */
	session('4', 300, 10, 300, false);
	last_ones(&with);
	change("DELETE FROM slow_answer; DELETE FROM answer_sum; DELETE FROM sea_sum;"
	       "DELETE FROM detail_sum");
	last_ones(&each);
	/* But for those that are gone, which sums have and single ones have not */
	assert_string_equal(strchr(with.text, '\n'), strchr(each.text, '\n'));
	sea_text_free(&with);
	sea_text_free(&each);
}

/* A session that another recording has as well counts once, and so do its sums. */
static void test_twice(void **state)
{
	struct sea_text json = {0};
	char copy[160], sql[256];
	__u64 once, twice;

	(void)state;
	session('1', 10, 10, 300, false);
	snprintf(copy, sizeof(copy), "%s/copy.db", dir);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", copy);
	change(sql);
	ask(&(struct sea_report_options){0}, &json, &once);
	sea_text_free(&json);
	ask_two(&(struct sea_report_options){0}, copy, &json, &twice);
	assert_int_equal(twice, once);
	sea_text_free(&json);
}

/* While a session runs, a stretch ends at the tick behind its last detail. */
static void test_at_a_tick(void **state)
{
	struct sea_text with = {0}, without = {0};
	__u64 all, some;

	(void)state;
	session('1', 10, 2, SEA_SUMS_DETAILS * 3 / 4, true);
	assert_int_equal(number("SELECT count(*) FROM detail_sum"), 2);
	assert_int_equal(number("SELECT count(*) FROM detail_sum WHERE seq IN"
				" (SELECT seq FROM tick)"),
			 2);
	ask(&(struct sea_report_options){0}, &with, &all);
	change("DELETE FROM slow_answer; DELETE FROM answer_sum; DELETE FROM sea_sum;"
	       "DELETE FROM detail_sum");
	ask(&(struct sea_report_options){0}, &without, &some);
	assert_int_equal(some, all);
	assert_string_equal(with.text, without.text);
	sea_text_free(&with);
	sea_text_free(&without);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(test_same),  TEST(test_are_used),	TEST(test_last_ones),
		TEST(test_twice), TEST(test_at_a_tick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
