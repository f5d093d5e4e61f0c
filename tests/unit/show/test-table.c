// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/row-fields.h"
#include "show/table.h"

static void use_utf8(void)
{
	if (!setlocale(LC_ALL, "C.UTF-8"))
		skip();
}

static char *render(const struct sea_view *view, size_t width, const char *list, size_t rows)
{
	struct sea_table_options options = {
		.width = width,
		.max_rows = rows,
	};
	struct sea_text text = {0};
	struct sea_error err;

	if (list)
		assert_int_equal(sea_columns_parse(&options.columns, sea_row_fields(), list, &err),
				 0);
	assert_int_equal(sea_table_render(view, &options, NULL, &text, &err), 0);
	return text.text;
}

static void check(const char *got, const char *expected)
{
	if (strcmp(got, expected))
		print_error("got:\n%s\nexpected:\n%s\n", got, expected);
	assert_string_equal(got, expected);
}

static void has(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		print_error("no '%s' in\n%s", part, text ?: "");
	assert_non_null(strstr(text, part));
}

static size_t widest(const char *text)
{
	size_t max = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[512];

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		if (sea_text_width(line) > max)
			max = sea_text_width(line);
		text += len + 1;
	}
	return max;
}

/* The fixture with an interval of 2 s in which web had 1,000 more. */
static void make_busy_view(struct sea_view *view)
{
	struct sea_snapshot now, before;

	make_snapshot(&now);
	make_snapshot(&before);
	before.time_ns -= 2 * SEC;
	before.vms[1].vm.disposition[SEA_HOST_OWNED] = 12000;
	make_view(view, &now, &before);
	sea_snapshot_free(&now);
	sea_snapshot_free(&before);
}

#define FOOTER                                                                   \
	"SEAs 13014: 2 claimed, 13000 host_owned, 4 not_opted_in, 8 forwarded\n" \
	"reasons: 0 no_ras, 0 vncr, 13000 s2_walk, 3 ambiguous walk\n"           \
	"responses: 5 injected, 1 resumed, 0 abandoned, 2 pending\n"             \
	"before: not known, this kernel keeps no statistics of SEAs\n"           \
	"lost: 12900 ratelimit\n"                                                \
	"check by kprobe: 13014 SEAs, 0 unseen\n"                                \
	"hint: only detail records were lost, these counts are exact\n"

static void eighty_columns(void **state)
{
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_busy_view(&view);
	text = render(&view, 80, NULL, 0);
	/* Did the VMM answer? That stays, where LAST has no room. */
	check(text,
	      "06:50:44 hv01: source tracepoint, 3 VMs (1 ended), last 2.0s, Linux 6.12.107-sea\n"
	      "VM            PID OPT   CLAIM  HOST NOOPT FWD INJ RES ABD PEND TOTAL  /s\n"
	      "db01-1001    1001 yes       2     0     0   8   5   1   0    2    10   0\n"
	      "web-1002     1002 no        0 13000     0   0   0   0   0    0 13000 500\n"
	      "batch-7-1003 1003 ended     0     0     4   0   0   0   0    0     4   0\n" FOOTER);
	assert_true(widest(text) <= 80);
	free(text);
	sea_view_free(&view);
}

static void as_wide_as_needed(void **state)
{
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_busy_view(&view);
	text = render(&view, 0, NULL, 0);
	check(text,
	      "06:50:44 hv01: source tracepoint, 3 VMs (1 ended), last 2.0s, Linux 6.12.107-sea\n"
	      "VM            PID OPT   CLAIM  HOST NOOPT FWD INJ RES ABD PEND TOTAL  /s LAST\n"
	      "db01-1001    1001 yes       2     0     0   8   5   1   0    2    10   0 "
	      "forwarded (ambiguous walk) 3s ago\n"
	      "web-1002     1002 no        0 13000     0   0   0   0   0    0 13000 500 "
	      "host_owned (s2_walk) 0s ago\n"
	      "batch-7-1003 1003 ended     0     0     4   0   0   0   0    0     4   0 "
	      "not_opted_in 1m ago\n" FOOTER);
	free(text);
	sea_view_free(&view);
}

static void forty_columns(void **state)
{
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_busy_view(&view);
	text = render(&view, 40, NULL, 0);
	check(text, "06:50:44 hv01: source tracepoint, 3 VMs\xe2\x80\xa6\n"
		    "VM           CLAIM  HOST NOOPT FWD TOTAL\n"
		    "db01-1001        2     0     0   8    10\n"
		    "web-1002         0 13000     0   0 13000\n"
		    "batch-7-1003     0     0     4   0     4\n"
		    "SEAs 13014: 2 claimed, 13000 host_owned\xe2\x80\xa6\n"
		    "reasons: 0 no_ras, 0 vncr, 13000 s2_wal\xe2\x80\xa6\n"
		    "responses: 5 injected, 1 resumed, 0 aba\xe2\x80\xa6\n"
		    "before: not known, this kernel keeps no\xe2\x80\xa6\n"
		    "lost: 12900 ratelimit\n"
		    "check by kprobe: 13014 SEAs, 0 unseen\n"
		    "hint: only detail records were lost, th\xe2\x80\xa6\n");
	assert_true(widest(text) <= 40);
	free(text);
	sea_view_free(&view);
}

/* Any width from a sensible one up, with counts that grew for weeks. */
static void every_width(void **state)
{
	static const char *const locales[] = {"C.UTF-8", "C"};
	struct sea_snapshot now;
	struct sea_view view;
	size_t width, i;

	(void)state;
	make_snapshot(&now);
	now.vms[1].vm.disposition[SEA_HOST_OWNED] = 1234567890;
	call_vm(&now.vms[0], "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5");
	make_view(&view, &now, NULL);
	for (i = 0; i < ARRAY_SIZE(locales); i++) {
		if (!setlocale(LC_ALL, locales[i]))
			continue;
		for (width = 30; width < 200; width++) {
			char *text = render(&view, width, NULL, 0);

			assert_true(widest(text) <= width);
			free(text);
		}
	}
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void without_utf8(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	char *text, *c;

	(void)state;
	assert_non_null(setlocale(LC_ALL, "C"));
	make_snapshot(&now);
	call_vm(&now.vms[0], "d\xc3\xbc-1001");
	make_view(&view, &now, NULL);
	text = render(&view, 60, NULL, 0);
	has(text, "d?-1001");
	for (c = text; *c; c++)
		assert_true(*c > 0);
	free(text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void chosen_columns(void **state)
{
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_busy_view(&view);
	text = render(&view, 0, "id,VM,new,RATE,ambig,s2walk,lat,p99,lost,origin,comm,state", 1);
	has(text, "ID VM        NEW /s AMBIG S2WALK   LAT   P99 LOST ORIGIN "
		  "COMM STATE\n"
		  " 1 db01-1001   0  0     3      0 3.0ms 4.1ms    0 comm   "
		  "db01 running\n"
		  "(2 VMs more)\n");
	free(text);
	text = render(&view, 0, "+ID", 0);
	has(text, "LAST                              ID\n");
	free(text);
	sea_view_free(&view);
}

static void long_name_gets_an_ellipsis(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_snapshot(&now);
	call_vm(&now.vms[0], "a-name-that-nobody-should-give-to-a-vm-but-somebody-did");
	make_view(&view, &now, NULL);
	sea_snapshot_free(&now);
	text = render(&view, 80, NULL, 0);
	has(text, "\na-name-tha\xe2\x80\xa6"
		  "mebody-did 1001 yes ");
	assert_true(widest(text) <= 80);
	free(text);
	sea_view_free(&view);
}

static void special_rows(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_snapshot(&now);
	now.other = vm_with(0, "", 1, 2, 3, 4);
	now.other.tgid = 0;
	now.loss.count[SEA_LOSS_TABLE_FULL] = 10;
	now.loss.count[SEA_LOSS_NO_VCPU] = 1;
	now.totals.answered_early = 9;
	now.gone = vm_with(0, "", 0, 0, 7, 0);
	now.gone.tgid = 0;
	now.nr_gone = 12;
	now.tells_all = false;
	make_view(&view, &now, NULL);
	text = render(&view, 0, "VM,PID,TOTAL,STATE", 0);
	has(text, "other            -    10 -\n");
	has(text, "gone (12 VMs)    -     7 ended\n");
	has(text, "forwarded, 0 unknown\n");
	has(text, "6 pending (and 9 to SEAs from before)\n");
	has(text, "10 table_full, 1 no_vcpu\n");
	has(text, "raise --max-vms\n");
	has(text, "counts are too low\n");
	free(text);
	/* A source that cannot tell gets the column that says so. */
	text = render(&view, 0, NULL, 0);
	has(text, " UNKN ");
	free(text);
	text = render(&view, 0, "+ID", 0);
	has(text, " FWD UNKN ");
	free(text);
	text = render(&view, 0, "+UNKN", 0);
	assert_null(strstr(text, " FWD UNKN "));
	has(text, " LAST");
	has(text, " UNKN\n");
	free(text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* Whatever there is to say, the lines are no more than the terminal has. */
static void keeps_to_the_lines(void **state)
{
	struct sea_table_options options = {0};
	struct sea_snapshot now;
	struct sea_view view;
	struct sea_error err;
	size_t i, lines;

	(void)state;
	make_snapshot(&now);
	sea_snapshot_clear(&now);
	assert_int_equal(sea_snapshot_reserve(&now, 30, &err), 0);
	now.nr_vms = 30;
	for (i = 0; i < now.nr_vms; i++)
		now.vms[i] = state_with(i + 1, "x", 1, 0, 0, 0);
	now.other = vm_with(0, "", 1, 0, 0, 0);
	now.gone = vm_with(0, "", 1, 0, 0, 0);
	now.nr_gone = 1;
	now.loss.count[SEA_LOSS_NO_VCPU] = now.loss.count[SEA_LOSS_TABLE_FULL] = 1;
	make_view(&view, &now, NULL);
	for (lines = 14; lines < 50; lines++) {
		struct sea_text text = {0};
		size_t got = 0, expected = lines < 42 ? lines : 42;
		const char *c;

		options.max_lines = lines;
		assert_int_equal(sea_table_render(&view, &options, NULL, &text, &err), 0);
		for (c = text.text; *c; c++)
			got += *c == '\n';
		assert_int_equal(got, expected);
		sea_text_free(&text);
	}
	/* What is cut off is at the bottom: rather the sums than what is wrong with them. */
	for (lines = 3; lines <= 14; lines++) {
		struct sea_text text = {0};

		options.max_lines = lines;
		assert_int_equal(sea_table_render(&view, &options, NULL, &text, &err), 0);
		has(text.text, "\nhint: ");
		has(text.text, "\nSEAs ");
		assert_int_equal(strstr(text.text, "\nhint: ") < strstr(text.text, "\nSEAs "),
				 lines < 14);
		sea_text_free(&text);
	}
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void no_vms(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	char *text;

	(void)state;
	make_snapshot(&now);
	sea_snapshot_clear(&now);
	memset(&now.loss, 0, sizeof(now.loss));
	make_view(&view, &now, NULL);
	text = render(&view, 80, NULL, 0);
	check(text, "06:50:44 hv01: source tracepoint, 0 VMs, Linux 6.12.107-sea\n"
		    "no VM runs, and no SEA was seen yet\n"
		    "SEAs 0: 0 claimed, 0 host_owned, 0 not_opted_in, 0 forwarded\n"
		    "reasons: 0 no_ras, 0 vncr, 0 s2_walk, 0 ambiguous walk\n"
		    "responses: 0 injected, 0 resumed, 0 abandoned, 0 pending\n"
		    "lost: nothing\n"
		    "check by kprobe: 13014 SEAs, 0 unseen\n");
	free(text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void wrong_columns(void **state)
{
	static const char *const lists[] = {"",	      "VM,",
					    ",VM",    "VM,NOPE",
					    "VM,vm",  "+VM,VM",
					    "VM PID", "a-very-long-name-of-a-column"};
	struct sea_table_options options = {0};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		struct sea_error err = {0};

		assert_int_equal(
			sea_columns_parse(&options.columns, sea_row_fields(), lists[i], &err), -1);
		assert_int_equal(err.status, SEA_STATUS_ERROR);
		assert_true(strlen(err.text) > 10);
	}
}

/* What the list of VMs adds: SEAs from before, which make a column of their own. */
static void before_counting(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_snapshot(&now);
	now.vms[0].listed.has_before = true;
	now.vms[0].listed.before[SEA_NOT_OPTED_IN] = 1;
	now.vms[0].listed.before[SEA_FORWARDED] = 6;
	now.vms[1].listed = (struct sea_listed){.id = 2};
	make_view(&view, &now, NULL);
	sea_snapshot_free(&now);

	text = render(&view, 0, "VM,VCPUS,OPT,BEFORE", 0);
	has(text, "VM           VCPUS OPT     BEFORE\n"
		  "db01-1001        4 yes          7\n"
		  "web-1002         0 unknown      -\n"
		  "batch-7-1003     - ended        -\n");
	has(text, "\nbefore: 0 claimed, 0 host_owned, 1 not_opted_in, 6 forwarded\n");
	free(text);
	text = render(&view, 0, NULL, 0);
	has(text, " TOTAL BEFORE ");
	free(text);
	sea_view_free(&view);
}

/* A VMM that died of SIGBUS, and that was sent one for bad memory: neither alone is enough. */
static void ended_by_bad_memory(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	struct sea_row *row;
	char *text;

	(void)state;
	make_snapshot(&now);
	make_view(&view, &now, NULL);
	row = &view.rows[2];
	row->vm.exit_known = 1;
	row->vm.wait_status = SIGBUS;
	text = render(&view, 80, NULL, 0);
	assert_null(strstr(text, "note:"));
	free(text);
	row->sigbus = BUS_MCEERR_AR;
	text = render(&view, 80, NULL, 0);
	has(text, "\nnote: bad memory ended ");
	has(text, ": SIGBUS (MCEERR_AR)\n");
	free(text);
	row->vm.wait_status = SIGKILL;
	text = render(&view, 80, NULL, 0);
	assert_null(strstr(text, "note:"));
	free(text);
	row->vm.wait_status = SIGBUS;
	row->ended = false;
	text = render(&view, 80, NULL, 0);
	assert_null(strstr(text, "note:"));
	free(text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* Whatever makes the counts too low is said in so many words. */
static void doubts_about_the_counts(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	char *text;

	(void)state;
	use_utf8();
	make_snapshot(&now);
	now.loss.count[SEA_LOSS_UNSEEN] = 5;
	now.loss.count[SEA_LOSS_MISSED] = 2;
	now.unproven = true;
	now.unlisted = 1;
	now.pid_namespace = true;
	make_view(&view, &now, NULL);
	text = render(&view, 80, NULL, 0);
	has(text,
	    "\nlost: 12900 ratelimit, 2 missed, 5 unseen\ncheck by kprobe: 13014 SEAs, 5 unseen\n");
	has(text, "\nhint: SEAs passed the source by: COUNTS ARE TOO LOW; run seastat doctor\n");
	has(text, "\nhint: the kernel skipped hooks: counts may be too low\n");
	has(text, "\nhint: nothing proves that the hooks can fire; run seastat doctor\n");
	has(text, "\nhint: more VMs run than there are rows; raise --max-vms\n");
	has(text,
	    "\nhint: VMs outside of this pid namespace are seen only when they take an SEA\n");
	/* Detail records were lost too, but that is not all. */
	assert_null(strstr(text, "these counts are exact"));
	assert_true(widest(text) <= 80);
	free(text);
	sea_view_free(&view);

	now.check = NULL;
	make_view(&view, &now, NULL);
	text = render(&view, 80, NULL, 0);
	has(text, "\ncheck: none\n");
	free(text);
	sea_view_free(&view);

	now.loss.count[SEA_LOSS_MISSED] = 0;
	now.loss.at_least = 1U << SEA_LOSS_MISSED;
	make_view(&view, &now, NULL);
	text = render(&view, 80, NULL, 0);
	has(text, ", missed not known, 5 unseen\n");
	free(text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eighty_columns),
		cmocka_unit_test(as_wide_as_needed),
		cmocka_unit_test(forty_columns),
		cmocka_unit_test(every_width),
		cmocka_unit_test(without_utf8),
		cmocka_unit_test(chosen_columns),
		cmocka_unit_test(long_name_gets_an_ellipsis),
		cmocka_unit_test(special_rows),
		cmocka_unit_test(keeps_to_the_lines),
		cmocka_unit_test(no_vms),
		cmocka_unit_test(wrong_columns),
		cmocka_unit_test(before_counting),
		cmocka_unit_test(ended_by_bad_memory),
		cmocka_unit_test(doubts_about_the_counts),
	};

	/* The header has the time of day. */
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
