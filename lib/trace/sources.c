// SPDX-License-Identifier: GPL-2.0-only
#include "trace/sources.h"

#include <string.h>

#include <bpf/libbpf.h>

#include "sea_trace.skel.h"

static const struct sea_source sources[] = {
	{
		.id = SEA_TRACEPOINT,
		.name = "tracepoint",
		.mechanism = SEA_BY_TRACEPOINT,
		.needs = "kvm_sea_forwarded",
		.lacks = "this kernel has no kvm_sea_* tracepoints; "
			 "boot one with kernel/kvm-arm64-sea.patch, or if it is a 7.x with "
			 "kernel/kvm-arm64-sea-v7.patch",
	},
	{.id = SEA_TRAMPOLINE, .name = "trampoline", .mechanism = SEA_BY_TRAMPOLINE},
	{.id = SEA_KPROBE, .name = "kprobe", .mechanism = SEA_BY_KPROBE},
};

#define TP (1U << SEA_TRACEPOINT)
#define TR (1U << SEA_TRAMPOLINE)
#define KP (1U << SEA_KPROBE)
#define ALL (TP | TR | KP)

/* A name that is not in bpf/ does not compile. */
#define PROGRAM(name, sources, part, when, mechanism, fired)                                 \
	{                                                                                    \
#name, offsetof(struct sea_trace_bpf, progs.name), sources, SEA_PART_##part, \
			SEA_##when, SEA_BY_##mechanism, SEA_FIRED_##fired                    \
	}

/* clang-format off */
static const struct sea_program programs[] = {
	PROGRAM(sea_tp_claimed,		TP, SOURCE, ALWAYS, TRACEPOINT, NONE),
	PROGRAM(sea_tp_host_owned,	TP, SOURCE, ALWAYS, TRACEPOINT, NONE),
	PROGRAM(sea_tp_not_opted_in,	TP, SOURCE, ALWAYS, TRACEPOINT, NONE),
	PROGRAM(sea_tp_forwarded,	TP, SOURCE, ALWAYS, TRACEPOINT, NONE),
	PROGRAM(sea_tp_answered,	TP, ANSWERS, ALWAYS, TRACEPOINT, NONE),

	PROGRAM(sea_tr_claim,		TR, SOURCE, ALWAYS, TRAMPOLINE, NONE),
	PROGRAM(sea_tr_handle,		TR, SOURCE, SEES_EXIT, TRAMPOLINE, NONE),
	PROGRAM(sea_tr_sea,		TR, ANSWERS, IF_THERE, TRAMPOLINE, ABORT),
	PROGRAM(sea_tr_dabt,		TR, ANSWERS, IF_THERE, TRAMPOLINE, ABORT),
	PROGRAM(sea_tr_serror_esr,	TR, ANSWERS, IF_THERE, TRAMPOLINE, SERROR),
	PROGRAM(sea_tr_vabt,		TR, ANSWERS, IF_THERE, TRAMPOLINE, SERROR),
	PROGRAM(sea_tr_sei,		TR, ANSWERS, IF_THERE, TRAMPOLINE, SERROR_ESR),
	PROGRAM(sea_tr_events,		TR, ANSWERS, INSTEAD, TRAMPOLINE, EVENTS),
	PROGRAM(sea_tr_reg,		TR, ANSWERS, WITH_EXIT, TRAMPOLINE, REG),

	PROGRAM(sea_kp_claim,		KP, SOURCE, ALWAYS, KPROBE, NONE),
	PROGRAM(sea_kp_claim_ret,	KP, SOURCE, ALWAYS, KPROBE, NONE),
	PROGRAM(sea_kp_handle,		KP, SOURCE, SEES_EXIT, KPROBE, NONE),
	PROGRAM(sea_kp_handle_ret,	KP, SOURCE, SEES_EXIT, KPROBE, NONE),
	PROGRAM(sea_kp_sea,		KP, ANSWERS, IF_THERE, KPROBE, ABORT),
	PROGRAM(sea_kp_dabt,		KP, ANSWERS, IF_THERE, KPROBE, ABORT),
	PROGRAM(sea_kp_serror_esr,	KP, ANSWERS, IF_THERE, KPROBE, SERROR),
	PROGRAM(sea_kp_vabt,		KP, ANSWERS, IF_THERE, KPROBE, SERROR),
	PROGRAM(sea_kp_sei,		KP, ANSWERS, IF_THERE, KPROBE, SERROR_ESR),
	PROGRAM(sea_kp_events,		KP, ANSWERS, INSTEAD, KPROBE, EVENTS),
	PROGRAM(sea_kp_reg,		KP, ANSWERS, WITH_EXIT, KPROBE, REG),

	/* Of another mechanism than the source: there is no other check. */
	PROGRAM(sea_check_trampoline,	TP | KP, CHECK, FIRST_THAT, TRAMPOLINE, NONE),
	PROGRAM(sea_check_kprobe,	TP | TR, CHECK, FIRST_THAT, KPROBE, NONE),

	PROGRAM(sea_tr_ended,		TP | TR, END, FIRST_THAT, TRAMPOLINE, END),
	PROGRAM(sea_kp_ended,		ALL, END, FIRST_THAT, KPROBE, END),
	PROGRAM(sea_tr_left,		TP | TR, END, FIRST_THAT, TRAMPOLINE, LEFT),
	PROGRAM(sea_kp_left,		ALL, END, FIRST_THAT, KPROBE, LEFT),
};
/* clang-format on */

#define NR(array) (sizeof(array) / sizeof((array)[0]))

const struct sea_source *sea_source_at(size_t i)
{
	return i < NR(sources) ? &sources[i] : NULL;
}

const struct sea_source *sea_source_find(const char *name)
{
	const struct sea_source *source;
	size_t i;

	for (i = 0; (source = sea_source_at(i)); i++)
		if (!strcmp(name, source->name))
			return source;
	return NULL;
}

const struct sea_program *sea_program_at(size_t i)
{
	return i < NR(programs) ? &programs[i] : NULL;
}

bool sea_program_goes_with(const struct sea_program *program, const struct sea_source *source)
{
	return program->sources & 1U << source->id;
}

bool sea_program_needed(const struct sea_program *program, bool has_exit, bool sees_exit)
{
	return program->when == SEA_ALWAYS || (program->when == SEA_WITH_EXIT && has_exit) ||
	       (program->when == SEA_SEES_EXIT && sees_exit);
}

bool sea_program_wanted(const struct sea_program *program, bool has_exit, bool sees_exit)
{
	switch (program->when) {
	case SEA_IF_THERE:
	case SEA_INSTEAD:
		return has_exit;
	case SEA_FIRST_THAT:
		return true;
	default:
		return sea_program_needed(program, has_exit, sees_exit);
	}
}
