// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>

#include "model/hook-fields.h"
#include "model/view-fields.h"

static void get(const struct sea_fields *fields, const char *path, const void *from,
		struct sea_value *value)
{
	const struct sea_field *field = sea_field_by_path(fields, path);

	if (!field)
		fail_msg("no field %s", path);
	sea_field_get(field, from, value);
}

static void is_text(const struct sea_view *view, const char *path, const char *text)
{
	struct sea_value value;

	get(sea_view_fields(), path, view, &value);
	assert_int_equal(value.known, text != NULL);
	if (text)
		assert_string_equal(value.text, text);
}

static void is_number(const struct sea_view *view, const char *path, __u64 number)
{
	struct sea_value value;

	get(sea_view_fields(), path, view, &value);
	assert_true(value.known);
	if (value.number != number)
		fail_msg("%s is %llu", path, (unsigned long long)value.number);
}

static void is_unknown(const struct sea_view *view, const char *path)
{
	struct sea_value value;

	get(sea_view_fields(), path, view, &value);
	assert_false(value.known);
}

static void test_session(void **state)
{
	struct sea_session session;
	struct sea_view view = {.session = &session};

	(void)state;
	make_session(&session);
	is_text(&view, "host", "hv01");
	is_text(&view, "run", session.run);
	is_text(&view, "boot_id", session.boot_id);
	is_number(&view, "replayed", 0);
	session.replayed = true;
	is_number(&view, "replayed", 1);
	view.session = NULL;
	is_text(&view, "host", NULL);
	is_unknown(&view, "started");
	is_number(&view, "replayed", 0);
}

static void test_numbers(void **state)
{
	const struct sea_view view = {
		.tick = 3,
		.time_ns = 4,
		.started_ns = 5,
		.interval_ns = 6,
		.nr_vms = 7,
		.nr_ended = 8,
		.nr_gone = 9,
		.unlisted = 10,
		.ended_unseen = 11,
		.blind_ns = 12,
		.totals = {.vms = 13, .answered_early = 14},
	};

	(void)state;
	is_number(&view, "tick", 3);
	is_number(&view, "boottime_ns", 4);
	is_number(&view, "started_ns", 5);
	is_number(&view, "interval_ns", 6);
	is_number(&view, "totals.vms", 7);
	is_number(&view, "totals.vms_ended", 8);
	is_number(&view, "gone.vms", 9);
	is_number(&view, "totals.vms_unlisted", 10);
	is_number(&view, "totals.vms_ended_unseen", 11);
	is_number(&view, "blind.ns", 12);
	is_number(&view, "totals.vms_seen", 13);
	is_number(&view, "totals.answered_early", 14);
}

static void test_source(void **state)
{
	struct sea_view view = {.source = "kprobe", .tells_all = true};

	(void)state;
	is_text(&view, "source", "kprobe");
	is_number(&view, "tells_all", 1);
	is_number(&view, "proven", 1);
	is_number(&view, "blind.now", 0);
	is_text(&view, "blind.why", NULL);
	is_text(&view, "list_missing", NULL);
	view = (struct sea_view){
		.unproven = true, .blind_since_ns = 1, .blind_why = "off", .no_list = "none"};
	is_text(&view, "source", NULL);
	is_number(&view, "tells_all", 0);
	is_number(&view, "proven", 0);
	is_number(&view, "blind.now", 1);
	is_text(&view, "blind.why", "off");
	is_text(&view, "list_missing", "none");
}

/* Without a check its numbers are not zero: they are not known. */
static void test_check(void **state)
{
	struct sea_view view = {.check = "kprobe", .checked = 5};

	(void)state;
	view.loss.count[SEA_LOSS_UNSEEN] = 2;
	is_text(&view, "check.hook", "kprobe");
	is_number(&view, "check.checked", 5);
	is_number(&view, "check.unseen", 2);
	is_text(&view, "check.why_not", NULL);
	view.check = NULL;
	view.unchecked = "no other hook";
	is_text(&view, "check.hook", NULL);
	is_unknown(&view, "check.checked");
	is_unknown(&view, "check.unseen");
	is_text(&view, "check.why_not", "no other hook");
}

static void test_pid_namespace(void **state)
{
	const struct sea_view view = {.unlisted = 3, .pid_namespace = true};

	(void)state;
	is_unknown(&view, "totals.vms_unlisted");
}

/* Each cause has its own number and time. */
static void test_losses(void **state)
{
	struct sea_view view = {0};
	struct sea_value value;
	char path[64];
	__u64 sum = 0;
	int i;

	(void)state;
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		view.loss.count[i] = (__u64)i + 10;
		view.loss.last[i].tv_sec = i + 100;
		sum += (__u64)i + 10;
	}
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		snprintf(path, sizeof(path), "lost.%s", sea_loss_word(i)->name);
		is_number(&view, path, (__u64)i + 10);
		snprintf(path, sizeof(path), "lost_at.%s", sea_loss_word(i)->name);
		get(sea_view_fields(), path, &view, &value);
		assert_true(value.known);
		assert_int_equal(value.time.tv_sec, i + 100);
	}
	is_number(&view, "lost.total", sum);
	view.loss = (struct sea_loss){.at_least = 1U << SEA_LOSS_MISSED};
	is_unknown(&view, "lost.missed");
	is_unknown(&view, "lost_at.missed");
	is_number(&view, "lost.unseen", 0);
	/* Some are known to be lost, though not how many more. */
	view.loss.count[SEA_LOSS_MISSED] = 1;
	is_number(&view, "lost.missed", 1);
}

static void test_hooks(void **state)
{
	struct sea_hook_state hook = {
		.program = "sea_kp_claim",
		.function = "apei_claim_sea",
		.part = SEA_PART_CHECK,
		.mechanism = SEA_BY_KPROBE,
		.proof = SEA_DISPROVEN,
		.missed = 4,
	};
	struct sea_value value;

	(void)state;
	get(sea_hook_fields(), "program", &hook, &value);
	assert_string_equal(value.text, "sea_kp_claim");
	get(sea_hook_fields(), "function", &hook, &value);
	assert_string_equal(value.text, "apei_claim_sea");
	get(sea_hook_fields(), "part", &hook, &value);
	assert_string_equal(value.text, "check");
	get(sea_hook_fields(), "mechanism", &hook, &value);
	assert_string_equal(value.text, "kprobe");
	get(sea_hook_fields(), "proven", &hook, &value);
	assert_true(value.known);
	assert_int_equal(value.number, 0);
	get(sea_hook_fields(), "by", &hook, &value);
	assert_false(value.known);
	get(sea_hook_fields(), "missed", &hook, &value);
	assert_int_equal(value.number, 4);
	hook.proof = SEA_PROOF_NONE;
	hook.by = "its trial";
	hook.missed = 0;
	hook.missed_at_least = true;
	get(sea_hook_fields(), "proven", &hook, &value);
	assert_false(value.known);
	get(sea_hook_fields(), "by", &hook, &value);
	assert_string_equal(value.text, "its trial");
	get(sea_hook_fields(), "missed", &hook, &value);
	assert_false(value.known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session),	      cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_source),	      cmocka_unit_test(test_check),
		cmocka_unit_test(test_pid_namespace), cmocka_unit_test(test_losses),
		cmocka_unit_test(test_hooks),
	};

	return cmocka_run_group_tests_name("view-fields", tests, NULL, NULL);
}
