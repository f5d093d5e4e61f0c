// SPDX-License-Identifier: GPL-2.0-only
#include "report/notice.h"

#include <stdio.h>
#include <string.h>

#include "fixtures.h"
#include "scene.h"

static char told[16384]; /* kinds, with the message of each */

static const char *message_of(const struct sea_notice *notice)
{
	return strstr(notice->fields.text, "MESSAGE=") + strlen("MESSAGE=");
}

static void tell(const struct sea_notice *notice, void *context)
{
	const char *message = message_of(notice);

	(void)context;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%.*s\n",
		 (int)strcspn(message, "\n"), message);
}

static void take(const struct sea_record *record, void *context)
{
	struct sea_error err;

	if (sea_noticer_take(context, record, &err))
		fail_msg("%s", err.text);
}

static void test_scene(void **state)
{
	struct sea_noticer noticer = {.tell = tell};

	(void)state;
	told[0] = '\0';
	scene_play(take, &noticer);
	assert_string_equal(
		told,
		"seastat record began to count SEAs by the source tracepoint\n"
		"VM db01 took 3 SEAs: 3 forwarded\n"
		"VM batch took 4 SEAs: 4 not_opted_in\n"
		"VM qemu-system-aar-4100 took 13000 SEAs: 13000 host_owned\n"
		"Lost 12990: detail records over their VM's rate; single SEAs of a storm are not "
		"told, counts are exact\n"
		"Lost 5: SEAs and responses counted under `other`; more VMs than rows, see `other`; "
		"raise --max-vms\n"
		"Lost 1: times that the source was found switched off; the source was switched off "
		"for a while: COUNTS MAY BE TOO LOW; run seastat doctor\n"
		"Counts of SEAs are incomplete: kernel.ftrace_enabled is 0; run seastat doctor\n"
		"VM batch ended after 4 SEAs\n"
		"SEAs were not recorded from 2026-11-23T06:50:51.000000000Z to 2026-11-23T06:50:51.000000009Z: "
		"no memory\n"
		"seastat record ended (stopped) after 13012 SEAs\n"
		"seastat record began to count SEAs by the source tracepoint\n"
		"VM db01 took 1 SEA: 1 claimed\n");
	sea_noticer_free(&noticer);
}

static void tick(struct sea_noticer *noticer, struct sea_snapshot *now, __u64 second, __u64 seas)
{
	struct sea_session session = {.run = "run", .program = "p", .source = "s"};
	struct sea_record record = {.type = SEA_RECORD_TICK,
				    .time_ns = second * SEC,
				    .wall = {FIXTURE_TIME + (time_t)second, 0},
				    .session = &session,
				    .tick = now};

	if (now->nr_vms)
		now->vms[0].vm.disposition[SEA_FORWARDED] += seas;
	take(&record, noticer);
}

/* 1 SEA at once, and what follows within a minute together, however much it is. */
static void test_together(void **state)
{
	struct sea_noticer noticer = {.tell = tell};
	struct sea_vm_state vms[1] = {state_with(1, "db01", 0, 0, 0, 1)};
	struct sea_snapshot now = {.vms = vms, .nr_vms = 1, .room = 1};
	__u64 second;

	(void)state;
	told[0] = '\0';
	for (second = 100; second <= 260; second++)
		tick(&noticer, &now, second, second < 200 ? 1000 : 0);
	assert_string_equal(told, "VM db01-1001 took 1001 SEAs: 1001 forwarded\n"
				  "VM db01-1001 took 60000 SEAs: 60000 forwarded\n"
				  "VM db01-1001 took 39000 SEAs: 39000 forwarded\n");
	sea_noticer_free(&noticer);
	sea_vm_info_put(vms[0].info);
}

/* That no SEA is told means nothing for a while: that is told, and its end. */
static void test_trust(void **state)
{
	struct sea_noticer noticer = {.tell = tell};
	struct sea_snapshot now = {.unproven = true};

	(void)state;
	told[0] = '\0';
	tick(&noticer, &now, 1, 0);
	tick(&noticer, &now, 2, 0);
	now.unproven = false;
	now.unlisted = 3;
	tick(&noticer, &now, 3, 0);
	now.unlisted = 0;
	tick(&noticer, &now, 4, 0);
	tick(&noticer, &now, 5, 0);
	assert_string_equal(told, "Counts of SEAs are incomplete: nothing shows that the kernel "
				  "calls what the source hooks; run seastat doctor\n"
				  "Counts of SEAs are complete again\n");
	sea_noticer_free(&noticer);
}

static void test_export(void **state)
{
	struct sea_session session = {.boot_id = "5ee4fa21-6f8b-4a8c-9df0-0123456789ab",
				      .host = "rack7"};
	struct sea_notice notice = {.wall = {FIXTURE_TIME, 5000}, .time_ns = 100 * SEC};
	struct sea_text out = {0};

	(void)state;
	notice.session = &session;
	sea_text_add(&notice.fields, "MESSAGE=well\n");
	sea_notice_export(&notice, &out);
	assert_string_equal(out.text, "__REALTIME_TIMESTAMP=1795416644000005\n"
				      "__MONOTONIC_TIMESTAMP=100000000\n"
				      "_BOOT_ID=5ee4fa216f8b4a8c9df00123456789ab\n"
				      "_HOSTNAME=rack7\nMESSAGE=well\n\n");
	sea_text_free(&notice.fields);
	sea_text_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scene),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_export),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
