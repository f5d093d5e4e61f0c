// SPDX-License-Identifier: GPL-2.0-only
#include "report/incident.h"

#include <errno.h>
#include <signal.h>

#include "fixtures.h"
#include "stage.h"

static void meet_vms(struct stage *s)
{
	stage_vm(s, "db01");
	stage_vm(s, "web");
	stage_vm(s, "batch");
	stage_vm(s, "storm");
	stage_vm(s, "idle");
	stage_vm(s, "quiet");
}

enum { DB01 = 1, WEB, BATCH, STORM, IDLE, QUIET };

static void hit_db01(struct stage *s)
{
	const struct sea_page page = {.known = SEA_PAGE_PFN | SEA_PAGE_POISON | SEA_PAGE_SIZE |
					       SEA_PAGE_NODE,
				      .pfn = 0x1234,
				      .poisoned = 1,
				      .size = 2097152,
				      .node = 1};
	const struct sea_host_event failure = {.kind = SEA_HOST_MEMORY_FAILURE,
					       .known = SEA_HOST_PFN | SEA_HOST_RESULT |
							SEA_HOST_FLAGS,
					       .pfn = 0x1234,
					       .result = -EBUSY,
					       .text = "recovery action for dirty LRU page"};
	const struct sea_host_event sigbus = {.kind = SEA_HOST_SIGBUS,
					      .known = SEA_HOST_ADDRESS | SEA_HOST_CODE,
					      .address = 0xffff9a000000,
					      .code = 4,
					      .lsb = 21,
					      .tgid = 4001,
					      .tid = 4200};

	stage_tick(s, 11);
	stage_wait(s, 9 * SEC);
	s->ipa = 0x40003000;
	s->far = 0xffff800012345678;
	s->vcpu = 2;
	stage_sea(s, DB01, SEA_FORWARDED, SEA_REASON_NONE, &page);
	stage_answer(s, DB01, SEA_INJECTED, 2000000);
	stage_sea(s, DB01, SEA_FORWARDED, SEA_REASON_NONE, &page);
	stage_answer(s, DB01, SEA_INJECTED, 4000000);
	stage_sea(s, DB01, SEA_FORWARDED, SEA_REASON_NONE, &page);
	stage_host(s, 0, &failure);
	stage_wait(s, 3 * SEC / 2);
	stage_answer(s, DB01, SEA_RESUMED, 1500000000);
	stage_tick(s, 22);
	stage_wait(s, 8 * SEC);
	stage_sea(s, DB01, SEA_CLAIMED, SEA_REASON_NONE, &page);
	/* The event does not name the VM: its process does. */
	stage_host(s, 0, &sigbus);
	stage_wait(s, 4 * SEC / 10);
	stage_end_vm(s, DB01, SIGBUS);
	stage_tick(s, 31);
}

static void hit_web(struct stage *s)
{
	const struct sea_page page = {
		.known = SEA_PAGE_PFN | SEA_PAGE_POISON, .pfn = 0x5678, .poisoned = 0};

	stage_wait(s, 9 * SEC);
	stage_sea(s, WEB, SEA_FORWARDED, SEA_REASON_NONE, &page);
	stage_sea(s, WEB, SEA_FORWARDED, SEA_AMBIGUOUS_WALK, &page);
	stage_tick(s, 41);
	stage_wait(s, 2 * SEC);
	stage_end_vm(s, WEB, -1);
	stage_tick(s, 44);
	stage_wait(s, 6 * SEC);
	s->esr = 0x92000410; /* FnV */
	s->far = 0;
	stage_sea(s, BATCH, SEA_NOT_OPTED_IN, SEA_REASON_NONE, &page);
	stage_tick(s, 51);
}

static void hit_storm(struct stage *s)
{
	int i;

	stage_wait(s, 9 * SEC);
	s->esr = 0x920000d7;
	s->ipa = 0;
	for (i = 0; i < 1000; i++) {
		s->without_detail = i >= 10;
		stage_sea(s, STORM, SEA_HOST_OWNED, SEA_S2_WALK, NULL);
	}
	s->without_detail = false;
	s->vms[STORM - 1].vm.lost_ratelimit = 990;
	s->snapshot.loss.count[SEA_LOSS_RATELIMIT] = 990;
	s->snapshot.unproven = true;
	stage_tick(s, 60);
	s->snapshot.unproven = false;
	stage_tick(s, 61);
	stage_end_vm(s, QUIET, 0);
	stage_tick(s, 70);
}

void incident_play(const char *path)
{
	struct stage s;

	stage_begin(&s, path, "rack7", '1', 10);
	meet_vms(&s);
	hit_db01(&s);
	hit_web(&s);
	hit_storm(&s);
	stage_finish(&s, true);
	stage_begin(&s, path, "rack7", '2', 100);
	/* Those that live on are the same as before. */
	s.key_offset = BATCH - 1;
	stage_vm(&s, "batch");
	stage_vm(&s, "storm");
	stage_vm(&s, "idle");
	stage_sea(&s, STORM - BATCH + 1, SEA_HOST_OWNED, SEA_S2_WALK, NULL);
	stage_tick(&s, 105);
	stage_tick(&s, 110);
	stage_finish(&s, false);
}

void incident_play_other(const char *path)
{
	struct stage s;

	stage_begin(&s, path, "rack8", '3', 10);
	stage_vm(&s, INCIDENT_HOSTILE);
	stage_tick(&s, 11);
	stage_wait(&s, 14 * SEC);
	s.ipa = 0x80001000;
	stage_sea(&s, 1, SEA_UNKNOWN, SEA_REASON_NONE, NULL);
	stage_tick(&s, 26);
	stage_finish(&s, false);
}
