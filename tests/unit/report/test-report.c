// SPDX-License-Identifier: GPL-2.0-only
/* What a report says, each number compared with what was put on the stage. */
#include "report/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/incident.h"
#include "report/report-csv.h"
#include "report/report-json.h"
#include "report/report-text.h"
#include "stage.h"
#include "store/line.h"
#include "store/recording.h"

static char dir[64], path[128], other[128], text[128];

static int make_dir(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	snprintf(other, sizeof(other), "%s/other.db", dir);
	snprintf(text, sizeof(text), "%s/sea.ndjson", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

/* The report of one file, or of two */
static void report_on(struct sea_report *report, struct sea_report_options *options,
		      const char *second)
{
	const char *files[] = {path, second};
	struct sea_error err;

	options->files = files;
	options->nr_files = second ? 2 : 1;
	if (!options->window.since_ns && !options->window.until_ns)
		options->window = SEA_WINDOW_ALL;
	options->now_ns = stage_wall_ns(200);
	*report = (struct sea_report){0};
	if (sea_report_make(report, options, &err))
		fail_msg("%s", err.text);
	/* Not to be looked at any more */
	report->options.files = NULL;
}

static void report_all(struct sea_report *report)
{
	struct sea_report_options options = {.timeline = true};

	report_on(report, &options, NULL);
}

static const struct sea_report_vm *vm_called(const struct sea_report *report, const char *name)
{
	size_t i;

	for (i = 0; i < report->nr_vms; i++)
		if (!strcmp(report->vms[i].name, name))
			return &report->vms[i];
	fail_msg("no VM is called %s", name);
	return NULL;
}

static bool says(const struct sea_report_lines *lines, const char *what)
{
	size_t i;

	for (i = 0; i < lines->nr; i++)
		if (strstr(lines->line[i], what))
			return true;
	return false;
}

static void assert_says(const struct sea_report *report, enum sea_report_question question,
			const char *what)
{
	if (!says(&report->answers[question], what))
		fail_msg("%s does not say: %s", sea_report_question(question), what);
}

static const struct sea_report_doubt *doubt_of(const struct sea_report *report, const char *kind)
{
	size_t i;

	for (i = 0; i < report->nr_doubts; i++)
		if (!strcmp(report->doubts[i].kind, kind))
			return &report->doubts[i];
	return NULL;
}

/* Which VM died of what, and was it the only one on that page? */
static void test_reader(void **state)
{
	struct sea_report r;

	(void)state;
	incident_play(path);
	report_all(&r);
	assert_says(&r, SEA_ASK_WHO,
		    "4 VMs of 6 took 1008 SEAs: storm (1001), db01 (4), web (2), "
		    "batch (1).");
	assert_says(&r, SEA_ASK_WHO,
		    "db01 ended at 2026-11-23 07:49:34+01:00, killed by SIGBUS, 0.4 s after its "
		    "last SEA (claimed): it died of bad memory, of which the host sent its VMM a "
		    "SIGBUS.");
	assert_says(&r, SEA_ASK_WHO,
		    "web ended at 2026-11-23 07:49:47+01:00, 3.0 s after its last "
		    "SEA (forwarded, ambiguous walk): it ended while an SEA waited");
	assert_says(&r, SEA_ASK_WAY, "1001 host_owned (s2_walk 1001)");
	assert_says(&r, SEA_ASK_ANSWER, "3 answers to 5 forwarded SEAs: 2 injected, 1 resumed.");
	assert_says(&r, SEA_ASK_ANSWER, "web (2, and the VM has ended)");
	assert_says(&r, SEA_ASK_ANSWER, "took 1.5 s: db01, at 2026-11-23 07:49:25+01:00 (resumed)");
	assert_says(&r, SEA_ASK_PAGE, "0x1234: 4 SEAs, db01 (4) alone: no other VM");
	assert_says(&r, SEA_ASK_PAGE,
		    "0x5678: 3 SEAs, first web (2), then batch (1, from "
		    "2026-11-23 07:49:54+01:00); THE HOST DOES NOT HOLD IT");
	assert_says(&r, SEA_ASK_PAGE,
		    "The pages of 990 SEAs cannot be known because they have no "
		    "detail (a storm");
	assert_says(&r, SEA_ASK_TRUST,
		    "Nobody counted: the recorder was killed (2026-11-23 "
		    "07:50:14+01:00 to 2026-11-23 07:50:44+01:00, 30 s)");
	assert_says(&r, SEA_ASK_TRUST, "990 of 1008 SEAs have no detail");
	assert_true(says(&r.acts, "echo $((0x5678 * $(getconf PAGESIZE)))"));
	assert_false(says(&r.acts, "0x1234"));
	/* Those that wait are of a VM that has ended: no VMM is stuck. */
	assert_false(says(&r.acts, "stuck"));
	assert_int_equal(r.status, SEA_STATUS_FOUND);
	sea_report_free(&r);
}

static void test_numbers(void **state)
{
	const struct sea_report_vm *vm;
	struct sea_report r;

	(void)state;
	incident_play(path);
	report_all(&r);
	assert_int_equal(r.total, INCIDENT_SEAS);
	assert_int_equal(r.details, 4 + 2 + 1 + 10 + 1);
	assert_int_equal(r.answer_details, 3);
	assert_int_equal(r.pending, 2);
	assert_int_equal(r.vms_seen, 6);
	assert_int_equal(r.vms_ended, 3);
	assert_int_equal(r.nr_vms, 4);
	assert_int_equal(r.uncounted, 0);
	assert_int_equal(r.unknown_pages, 11);
	assert_int_equal(r.redacted_pages, 0);
	assert_int_equal(r.losses[SEA_LOSS_RATELIMIT].count, 990);
	assert_int_equal(r.counts.disposition[SEA_CLAIMED], 1);
	assert_int_equal(r.counts.disposition[SEA_HOST_OWNED], 1001);
	assert_int_equal(r.counts.disposition[SEA_NOT_OPTED_IN], 1);
	assert_int_equal(r.counts.disposition[SEA_FORWARDED], 5);
	assert_int_equal(r.counts.reason[SEA_AMBIGUOUS_WALK], 1);
	vm = &r.vms[0];
	assert_string_equal(vm->name, "storm");
	assert_int_equal(vm->total, 1001);
	assert_int_equal(vm->details, 11);
	/* The last SEA came in the second session. */
	assert_int_equal(vm->last_sea_ns, stage_wall_ns(100));
	assert_int_equal(vm->fate, SEA_FATE_RUNS);
	vm = vm_called(&r, "db01");
	assert_int_equal(vm->fate, SEA_FATE_KILLED);
	assert_int_equal(vm->sigbus, 1);
	assert_int_equal(vm->sigbus_code, 4);
	assert_int_equal(vm->wait_status, SIGBUS);
	assert_int_equal(vm->after_ns, 4 * SEC / 10);
	assert_int_equal(vm->first_sea_ns, stage_wall_ns(20));
	assert_false(vm->first_is_by);
	assert_int_equal(vm->pages, 1);
	assert_int_equal(vm->shared_pages, 0);
	assert_int_equal(vm->slowest_ns, 1500000000);
	assert_int_equal(vm->nr_recent, 7);
	assert_int_equal(vm->opt_in, SEA_OPT_IN_YES);
	assert_int_equal(vm->vcpus, 4);
	vm = vm_called(&r, "web");
	assert_int_equal(vm->fate, SEA_FATE_ASKED);
	assert_int_equal(vm->shared_pages, 1);
	assert_int_equal(vm->pending, 2);
	assert_int_equal(vm_called(&r, "batch")->fate, SEA_FATE_RUNS);
	assert_int_equal(r.nr_pages, 2);
	assert_int_equal(r.pages[0].pfn, 0x5678);
	assert_int_equal(r.pages[0].nr_vms, 2);
	assert_int_equal(r.pages[0].hits, 3);
	assert_int_equal(r.pages[0].poisoned, 0);
	assert_int_equal(r.pages[1].pfn, 0x1234);
	assert_int_equal(r.pages[1].poisoned, 1);
	assert_int_equal(r.pages[1].size, 2097152);
	assert_int_equal(r.pages[1].node, 1);
	assert_int_equal(r.pages[1].failures, 1);
	assert_int_equal(r.pages[1].failure_result, -16);
	assert_int_equal(r.nr_slow, 3);
	assert_int_equal(r.slow[1].latency_ns, 4000000);
	assert_int_equal(r.nr_events, 2);
	/* The SIGBUS names no VM: it is found by its process. */
	assert_int_equal(r.events[1].vm, vm_called(&r, "db01") - r.vms + 1);
	sea_report_free(&r);
}

/* All parts of the time have all SEAs. */
static void test_timeline(void **state)
{
	__u64 all = 0, storm = 0;
	struct sea_report r;
	int i, d;

	(void)state;
	incident_play(path);
	report_all(&r);
	for (i = 0; i < SEA_REPORT_PARTS; i++)
		for (d = 0; d < SEA_DISPOSITIONS; d++) {
			all += r.parts[i].disposition[d];
			storm += r.vms[0].parts[i].disposition[d];
		}
	assert_int_equal(all, INCIDENT_SEAS);
	assert_int_equal(storm, 1001);
	/* 60 s after boot, of 11 to 105 s, is in the second half. */
	i = (int)((stage_wall_ns(60) - r.parts_since_ns) / r.part_ns);
	assert_int_equal(r.vms[0].parts[i].disposition[SEA_HOST_OWNED], 1000);
	sea_report_free(&r);
}

static void test_window(void **state)
{
	struct sea_report_options options = {.window = {stage_wall_ns(40), stage_wall_ns(50)}};
	struct sea_report r;

	(void)state;
	incident_play(path);
	report_on(&r, &options, NULL);
	assert_int_equal(r.total, 2);
	assert_int_equal(r.details, 2);
	assert_int_equal(r.nr_vms, 1);
	assert_int_equal(r.pages[0].nr_vms, 1);
	assert_int_equal(r.vms[0].fate, SEA_FATE_ASKED);
	assert_null(doubt_of(&r, "gap"));
	assert_null(doubt_of(&r, "outside"));
	sea_report_free(&r);
	/* It ends before web does: nothing is known of that yet. */
	options.window.until_ns = stage_wall_ns(42);
	report_on(&r, &options, NULL);
	assert_int_equal(r.vms[0].fate, SEA_FATE_RUNS);
	assert_true(says(&r.acts, "2 SEAs wait for an answer: is the VMM stuck?"));
	sea_report_free(&r);
	/* Before the tick that counts the two: they are told one by one. */
	options.window.until_ns = stage_wall_ns(41);
	report_on(&r, &options, NULL);
	assert_int_equal(r.total, 2);
	assert_int_equal(r.late, 2);
	assert_int_equal(r.pending, 2);
	assert_int_equal(r.counts.reason[SEA_AMBIGUOUS_WALK], 1);
	assert_non_null(doubt_of(&r, "late"));
	sea_report_free(&r);
	/* Nobody recorded before, and nobody does afterwards. */
	options.window = (struct sea_window){stage_wall_ns(0), stage_wall_ns(150)};
	report_on(&r, &options, NULL);
	assert_int_equal(doubt_of(&r, "outside")->level, SEA_LEVEL_COUNTS);
	assert_says(&r, SEA_ASK_TRUST, "Nothing was recorded yet");
	assert_says(&r, SEA_ASK_TRUST, "Nothing was recorded any more");
	sea_report_free(&r);
	options.window = (struct sea_window){stage_wall_ns(1000), stage_wall_ns(2000)};
	report_on(&r, &options, NULL);
	assert_int_equal(r.total, 0);
	assert_int_equal(r.status, SEA_STATUS_INCOMPLETE);
	assert_says(&r, SEA_ASK_TRUST, "whether there were SEAs cannot be known");
	sea_report_free(&r);
}

static void test_quiet(void **state)
{
	struct sea_report r;
	struct stage s;

	(void)state;
	stage_begin(&s, path, "rack7", '1', 10);
	stage_vm(&s, "db01");
	stage_tick(&s, 11);
	stage_finish(&s, false);
	report_all(&r);
	assert_int_equal(r.status, SEA_STATUS_OK);
	assert_says(&r, SEA_ASK_WHO, "Nobody: no SEA was counted, and 1 VM was there.");
	assert_says(&r, SEA_ASK_TRUST, "Yes: nothing that counts is known to be missing.");
	assert_int_equal(r.acts.nr, 0);
	sea_report_free(&r);
}

/* The recorder dies before the tick that would have counted an SEA. */
static void test_killed(void **state)
{
	struct sea_report r;
	struct stage s;

	(void)state;
	stage_begin(&s, path, "rack7", '1', 10);
	stage_vm(&s, "db01");
	stage_sea(&s, 1, SEA_FORWARDED, SEA_REASON_NONE, NULL);
	stage_tick(&s, 11);
	stage_sea(&s, 1, SEA_FORWARDED, SEA_REASON_NONE, NULL);
	stage_answer(&s, 1, SEA_INJECTED, 1000);
	stage_finish(&s, true);
	report_all(&r);
	assert_int_equal(r.total, 2);
	assert_int_equal(r.uncounted, 1);
	assert_int_equal(r.pending, 1);
	assert_int_equal(r.counts.response[SEA_INJECTED], 1);
	assert_non_null(doubt_of(&r, "uncounted"));
	sea_report_free(&r);
}

static void test_filter(void **state)
{
	struct sea_report_options options = {.filter.glob = "*b*"};
	struct sea_report r;

	(void)state;
	incident_play(path);
	report_on(&r, &options, NULL);
	assert_int_equal(r.nr_vms, 3);
	assert_int_equal(r.total, 7);
	assert_int_equal(r.details, 7);
	assert_int_equal(r.vms_seen, 3);
	sea_report_free(&r);
}

/* Losses are summed up over all hosts. */
static void assert_losses_of_no_host(const struct sea_report *r)
{
	size_t i, nr = 0;

	for (i = 0; i < r->nr_doubts; i++) {
		if (strcmp(r->doubts[i].kind, "loss"))
			continue;
		assert_int_equal(r->doubts[i].host, SEA_REPORT_NO_HOST);
		nr++;
	}
	assert_int_not_equal(nr, 0);
}

/* Two hosts in two files; and the same sessions twice. */
static void test_files(void **state)
{
	struct sea_report_options options = {.by = SEA_BY_HOST};
	struct sea_report r;

	(void)state;
	incident_play(path);
	incident_play_other(other);
	report_on(&r, &options, other);
	assert_int_equal(r.nr_hosts, 2);
	assert_int_equal(r.total, INCIDENT_SEAS + 1);
	assert_int_equal(r.nr_groups, 2);
	assert_string_equal(r.groups[0].label, "rack7");
	assert_int_equal(r.groups[0].seas, INCIDENT_SEAS);
	assert_int_equal(r.groups[0].vms, 4);
	assert_int_equal(r.groups[1].seas, 1);
	assert_string_equal(r.hosts[vm_called(&r, INCIDENT_HOSTILE)->host], "rack8");
	assert_says(&r, SEA_ASK_WHO, "db01 on rack7 ended");
	assert_losses_of_no_host(&r);
	sea_report_free(&r);
	report_on(&r, &options, path);
	assert_int_equal(r.total, INCIDENT_SEAS);
	assert_int_equal(r.nr_sessions, 2);
	assert_int_equal(r.files[1].nr_skipped, 2);
	sea_report_free(&r);
}

static void export_to_text(void)
{
	struct sea_line_writer lines = {.redact = true};
	struct sea_text out = {0};
	struct sea_reader *reader;
	struct sea_entry entry;
	struct sea_error err;
	FILE *file = fopen(text, "w");

	assert_non_null(file);
	assert_int_equal(sea_recording_open(path, &reader, &err), 0);
	while (sea_reader_next(reader, &entry, &err) > 0)
		assert_int_equal(sea_line_write(&lines, &entry, &out, &err), 0);
	assert_int_equal(fwrite(out.text, 1, out.len, file), out.len);
	fclose(file);
	sea_text_free(&out);
	sea_line_writer_free(&lines);
	sea_reader_close(reader);
}

/* The text form says the same, but for guests' addresses. */
static void test_redacted(void **state)
{
	struct sea_report_options options = {.addresses = true};
	struct sea_report r;

	(void)state;
	incident_play_other(path);
	report_on(&r, &options, NULL);
	assert_int_equal(r.nr_pages, 1);
	assert_false(r.pages[0].has_pfn);
	assert_int_equal(r.pages[0].ipa, 0x80001000);
	assert_says(&r, SEA_ASK_PAGE, "The page at 0x80001000 of ");
	assert_says(&r, SEA_ASK_PAGE, "whether another VM had the same page of the host cannot be");
	sea_report_free(&r);
	options.addresses = false;
	report_on(&r, &options, NULL);
	assert_int_equal(r.nr_pages, 1);
	assert_false(says(&r.answers[SEA_ASK_PAGE], "0x80001000"));
	sea_report_free(&r);
	export_to_text();
	options.addresses = true;
	strcpy(path, text);
	report_on(&r, &options, NULL);
	assert_int_equal(r.total, 1);
	assert_int_equal(r.nr_pages, 0);
	assert_int_equal(r.redacted_pages, 1);
	assert_non_null(doubt_of(&r, "redacted"));
	assert_says(&r, SEA_ASK_PAGE, "because addresses were taken out of the recording");
	sea_report_free(&r);
}

static void assert_group(const struct sea_report *report, const char *label, __u64 seas, __u64 vms)
{
	size_t i;

	for (i = 0; i < report->nr_groups; i++) {
		if (strcmp(report->groups[i].label, label))
			continue;
		assert_int_equal(report->groups[i].seas, seas);
		assert_int_equal(report->groups[i].vms, vms);
		return;
	}
	fail_msg("no group is called %s", label);
}

static void test_groups(void **state)
{
	struct sea_report_options options = {.by = SEA_BY_DISPOSITION};
	struct sea_report r;

	(void)state;
	incident_play(path);
	report_on(&r, &options, NULL);
	assert_group(&r, "host_owned", 1001, 1);
	assert_group(&r, "forwarded", 5, 2);
	assert_group(&r, "unknown", 0, 0);
	sea_report_free(&r);
	options.by = SEA_BY_REASON;
	report_on(&r, &options, NULL);
	assert_group(&r, "s2_walk", 1001, 1);
	assert_group(&r, "ambiguous_walk", 1, 1);
	sea_report_free(&r);
	options.by = SEA_BY_RESPONSE;
	report_on(&r, &options, NULL);
	assert_group(&r, "injected", 2, 1);
	assert_group(&r, "pending", 2, 1);
	sea_report_free(&r);
	options.by = SEA_BY_HOUR;
	report_on(&r, &options, NULL);
	assert_int_equal(r.nr_groups, 1);
	/* Of a zone with an hour to UTC */
	assert_group(&r, "2026-11-23 07:00+0100", INCIDENT_SEAS, 4);
	sea_report_free(&r);
	options.by = SEA_BY_DAY;
	report_on(&r, &options, NULL);
	assert_group(&r, "2026-11-23", INCIDENT_SEAS, 4);
	sea_report_free(&r);
	options.by = SEA_BY_VCPU;
	report_on(&r, &options, NULL);
	assert_group(&r, "db01 vCPU 2", 4, 0);
	assert_group(&r, "storm vCPU 2", 10, 0);
	sea_report_free(&r);
	options.by = SEA_BY_CPU;
	report_on(&r, &options, NULL);
	assert_group(&r, "rack7 CPU 3", 18, 0);
	sea_report_free(&r);
	options.by = SEA_BY_OPT_IN;
	report_on(&r, &options, NULL);
	assert_group(&r, "yes", INCIDENT_SEAS, 4);
	sea_report_free(&r);
	options.by = SEA_BY_ESR;
	report_on(&r, &options, NULL);
	assert_int_equal(r.nr_groups, 6);
	assert_non_null(strstr(r.groups[0].label, "0x920000d7 Data Abort from a lower"));
	assert_int_equal(r.groups[0].seas, 10);
	sea_report_free(&r);
}

static void test_csv(void **state)
{
	struct sea_report_options options = {0};
	struct sea_text out = {0};
	struct sea_report r;
	struct sea_error err;

	(void)state;
	incident_play_other(path);
	report_on(&r, &options, NULL);
	assert_int_equal(sea_report_csv(&r, &out, &err), 0);
	assert_memory_equal(out.text, "name,host,dispositions.claimed,", 31);
	assert_non_null(strstr(out.text, "\r\n\"</script>]]><b>\"\"'&=1+1\",rack8,0,0,0,0,1,"));
	sea_text_free(&out);
	sea_report_free(&r);
}

/* Whatever the width, no line but those of the table is wider. */
static void test_text(void **state)
{
	struct sea_report_options options = {.max_rows = 2};
	struct sea_text out = {0};
	struct sea_report r;
	struct sea_error err;
	char *line, *rest;

	(void)state;
	incident_play(path);
	report_on(&r, &options, NULL);
	assert_int_equal(sea_report_text(&r, 60, &out, &err), 0);
	assert_non_null(strstr(out.text, "(2 more; --rows 0 shows all)"));
	for (rest = out.text; (line = strsep(&rest, "\n"));)
		if (strlen(line) > 60 && !strstr(line, "echo"))
			fail_msg("%s", line);
	sea_text_free(&out);
	sea_report_free(&r);
	options.max_rows = 0;
	report_on(&r, &options, NULL);
	assert_int_equal(sea_report_text(&r, 0, &out, &err), 0);
	assert_non_null(strstr(out.text, "1008 SEAs hit 4 VMs; 2 of them ended soon after; 2 "
					 "unanswered; DATA INCOMPLETE\nrack7, counted from "));
	assert_non_null(strstr(out.text, "\nVM    CLAIM HOST NOOPT FWD INJ RES ABD PEND SEAS"));
	assert_null(strstr(out.text, "UNKN"));
	sea_text_free(&out);
	sea_report_free(&r);
}

static void test_errors(void **state)
{
	const char *files[] = {"/nonexistent/sea.db"};
	const struct sea_report_options options = {
		.files = files, .nr_files = 1, .window = SEA_WINDOW_ALL};
	struct sea_report r = {0};
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_report_make(&r, &options, &err), -1);
	assert_non_null(strstr(err.text, "/nonexistent/sea.db"));
	assert_null(r.vms);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(test_reader),   TEST(test_numbers), TEST(test_timeline), TEST(test_window),
		TEST(test_quiet),    TEST(test_killed),	 TEST(test_filter),   TEST(test_files),
		TEST(test_groups),   TEST(test_csv),	 TEST(test_text),     TEST(test_errors),
		TEST(test_redacted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
