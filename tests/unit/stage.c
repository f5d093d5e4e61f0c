// SPDX-License-Identifier: GPL-2.0-only
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include "fixtures.h"
#include "model/clock.h"

static struct timespec wall_of(__u64 ns)
{
	return sea_time_from_ns((__s64)(STAGE_BOOT_TIME * SEC + ns));
}

__s64 stage_wall_ns(__u64 second)
{
	return (__s64)((STAGE_BOOT_TIME + second) * SEC);
}

static void take(struct stage *s, struct sea_record record)
{
	struct sea_error err;

	record.session = &s->session;
	if (!record.time_ns) {
		record.time_ns = s->ns;
		record.wall = wall_of(s->ns);
	}
	if (sea_recorder_take(s->recorder, &record, &err))
		fail_msg("%s", err.text);
}

void stage_begin(struct stage *s, const char *path, const char *host, char run, __u64 second)
{
	const struct sea_recorder_options options = {.path = path};
	struct sea_error err;

	*s = (struct stage){.ns = second * SEC, .esr = 0x92000010};
	snprintf(s->path, sizeof(s->path), "%s", path);
	if (sea_recorder_open(&options, &s->recorder, &err))
		fail_msg("%s", err.text);
	snprintf(s->session.run, sizeof(s->session.run), "%c0000000-0000-4000-8000-000000000001",
		 run);
	snprintf(s->session.boot_id, sizeof(s->session.boot_id), "boot-of-%.20s", host);
	snprintf(s->session.host, sizeof(s->session.host), "%s", host);
	snprintf(s->session.kernel, sizeof(s->session.kernel), "6.12.95-sea");
	snprintf(s->session.machine, sizeof(s->session.machine), "aarch64");
	snprintf(s->session.program, sizeof(s->session.program), "seastat record");
	snprintf(s->session.version, sizeof(s->session.version), "0.1.0");
	snprintf(s->session.source, sizeof(s->session.source), "tracepoint");
	s->session.tells_all = true;
	s->session.started_ns = s->ns;
	s->session.started = wall_of(s->ns);
	s->snapshot = (struct sea_snapshot){.vms = s->vms,
					    .room = STAGE_VMS,
					    .tells_all = true,
					    .check = "kprobe",
					    .source = s->session.source,
					    .started_ns = s->ns};
	take(s, (struct sea_record){.type = SEA_RECORD_SESSION});
}

__u64 stage_vm(struct stage *s, const char *name)
{
	__u64 id = s->snapshot.nr_vms + 1;
	struct sea_vm_info info = {
		.id = id,
		.key = {5 * SEC, (__u32)(4000 + id + s->key_offset),
			(__u32)(4100 + id + s->key_offset), 11},
		.first_ns = s->ns,
		.first = wall_of(s->ns),
		.comm = "qemu-system-aar",
		.name = {.origin = SEA_VM_FROM_CMDLINE},
	};

	assert_true(id <= STAGE_VMS);
	snprintf(info.name.text, sizeof(info.name.text), "%s", name);
	s->infos[id - 1] = sea_vm_info_new(&info);
	assert_non_null(s->infos[id - 1]);
	s->vms[id - 1] = (struct sea_vm_state){
		.vm = {.id = id, .creator_fd = 11, .tgid = info.key.tgid, .start_ns = 5 * SEC},
		.listed = {.id = id, .vcpus = 4, .opt_in = SEA_OPT_IN_YES},
		.info = s->infos[id - 1],
	};
	s->snapshot.nr_vms = id;
	take(s, (struct sea_record){.type = SEA_RECORD_VM, .vm = s->infos[id - 1]});
	return id;
}

static struct sea_event event_of(const struct stage *s, __u64 vm)
{
	struct sea_event event = {
		.version = SEA_ABI_VERSION,
		.size = sizeof(event),
		.time_ns = s->ns,
		.vm_id = vm,
		.esr = s->esr,
		.far = s->far,
		.ipa = s->ipa,
		.pc = s->pc,
		.vcpu = s->vcpu,
		.tid = 4200,
		.cpu = 3,
		.tgid = s->infos[vm - 1]->key.tgid,
		.start_ns = s->infos[vm - 1]->key.start_ns,
		.comm = "qemu-system-aar",
		.flags = (s->far ? SEA_FAR_VALID : 0) | (s->ipa ? SEA_IPA_VALID : 0) |
			 (s->pc ? SEA_PC_VALID : 0),
	};

	return event;
}

void stage_had_before(struct stage *s, __u64 vm, enum sea_disposition disposition, __u64 seas)
{
	struct sea_listed *listed = &s->vms[vm - 1].listed;

	listed->has_before = true;
	listed->before[disposition] = seas;
}

void stage_sea(struct stage *s, __u64 vm, enum sea_disposition disposition, enum sea_reason reason,
	       const struct sea_page *page)
{
	struct sea_vm_state *state = &s->vms[vm - 1];
	struct sea_event event = event_of(s, vm);

	event.type = SEA_EVENT_SEA;
	event.disposition = disposition;
	event.reason = reason;
	state->vm.disposition[disposition]++;
	state->vm.reason[reason]++;
	state->vm.last = SEA_LAST(s->ns, disposition, reason);
	state->last_wall = wall_of(s->ns);
	s->snapshot.checked++;
	if (!s->without_detail)
		take(s, (struct sea_record){.type = SEA_RECORD_SEA,
					    .vm = s->infos[vm - 1],
					    .event = &event,
					    .page = page});
}

void stage_answer(struct stage *s, __u64 vm, enum sea_response response, __u64 latency_ns)
{
	struct sea_vm_state *state = &s->vms[vm - 1];
	struct sea_event event = event_of(s, vm);
	int slot = 0;

	while (slot < SEA_LATENCY_SLOTS - 1 && latency_ns / 1000 >= 2ULL << slot)
		slot++;
	event.type = SEA_EVENT_ANSWERED;
	event.disposition = SEA_FORWARDED;
	event.response = response;
	event.latency_ns = latency_ns;
	state->vm.response[response]++;
	state->vm.latency_ns += latency_ns;
	state->vm.latency[slot]++;
	if (!s->without_detail)
		take(s, (struct sea_record){.type = SEA_RECORD_ANSWER,
					    .vm = s->infos[vm - 1],
					    .event = &event});
}

void stage_tick(struct stage *s, __u64 second)
{
	s->ns = second * SEC;
	s->snapshot.time_ns = s->ns;
	s->snapshot.wall = wall_of(s->ns);
	sea_loss_date(&s->snapshot.loss, &s->loss, &s->snapshot.wall);
	s->loss = s->snapshot.loss;
	take(s, (struct sea_record){.type = SEA_RECORD_TICK, .tick = &s->snapshot});
}

void stage_wait(struct stage *s, __u64 ns)
{
	s->ns += ns;
}

void stage_end_vm(struct stage *s, __u64 vm, int wait_status)
{
	const struct sea_end end = {s->ns, wait_status};

	s->vms[vm - 1].vm.ended_ns = s->ns;
	s->vms[vm - 1].listed = (struct sea_listed){0};
	take(s, (struct sea_record){.type = SEA_RECORD_END, .vm = s->infos[vm - 1], .end = &end});
}

void stage_host(struct stage *s, __u64 vm, const struct sea_host_event *event)
{
	take(s, (struct sea_record){.type = SEA_RECORD_HOST,
				    .vm = vm ? s->infos[vm - 1] : NULL,
				    .host = event});
}

void stage_gap(struct stage *s, enum sea_gap_cause cause, __u64 since, __u64 until, const char *why)
{
	struct sea_gap gap = {.cause = cause,
			      .since_ns = since * SEC,
			      .since = wall_of(since * SEC),
			      .until_ns = until * SEC,
			      .until = wall_of(until * SEC)};

	snprintf(gap.why, sizeof(gap.why), "%s", why);
	take(s, (struct sea_record){.type = SEA_RECORD_GAP, .gap = &gap});
}

void stage_finish(struct stage *s, bool lost)
{
	struct sea_error err;
	size_t i;

	if (!lost) {
		s->session.ended_ns = s->ns;
		s->session.ended = wall_of(s->ns);
		s->session.end = SEA_SESSION_STOPPED;
		take(s, (struct sea_record){.type = SEA_RECORD_SESSION});
	}
	if (sea_recorder_finish(s->recorder, &err))
		fail_msg("%s", err.text);
	sea_recorder_close(s->recorder);
	for (i = 0; i < s->snapshot.nr_vms; i++)
		sea_vm_info_put(s->infos[i]);
}
