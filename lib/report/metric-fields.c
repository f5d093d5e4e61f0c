// SPDX-License-Identifier: GPL-2.0-only
#include "report/metric-fields.h"

#include "report/metrics.h"

static const struct sea_metrics_view *view_of(const void *object)
{
	return object;
}

static void get_version(const void *object, struct sea_value *value)
{
	(void)object;
	value->text = SEATOP_VERSION;
}

static void get_last_tick(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->has_tick;
	value->time = view_of(object)->view.wall;
}

static void get_started(const void *object, struct sea_value *value)
{
	const struct sea_session *session = view_of(object)->view.session;

	value->known = session && session->started.tv_sec;
	if (session)
		value->time = session->started;
}

#define NUMBER(name, label, all, kind_, unit_, member, what)                                  \
	{                                                                                     \
		.metric = name, .labels = label, .family = all, .kind = kind_, .unit = unit_, \
		.offset = offsetof(struct sea_metrics_view, member), .help = what             \
	}
#define GAUGE(name, unit, member, what) NUMBER(name, NULL, NULL, SEA_GAUGE, unit, member, what)
#define COUNTER(name, unit, member, what) NUMBER(name, NULL, NULL, SEA_COUNTER, unit, member, what)

#define OPT_IN(name, constant)                                                               \
	NUMBER("sea_opt_in_vms", "state=\"" name "\"", "VMs that run, by opt-in", SEA_GAUGE, \
	       SEA_UNIT_VMS, opt_in[constant], "VMs that run whose opt-in is " name)
#define GAPS(name, constant)                                                                     \
	NUMBER("sea_gaps_total", "cause=\"" name "\"", "gaps that began, by cause", SEA_COUNTER, \
	       SEA_UNIT_NONE, gaps[constant], "gaps of the cause " name)
#define GAP_SECONDS(name, constant)                                                                \
	NUMBER("sea_gap_seconds_total", "cause=\"" name "\"",                                      \
	       "time in gaps that are over, by cause", SEA_COUNTER, SEA_UNIT_NS, gap_ns[constant], \
	       "time in gaps of the cause " name)
#define HOOK(part, part_constant, proof, proof_constant)                                   \
	NUMBER("sea_hooks", "part=\"" part "\",proof=\"" proof "\"",                       \
	       "hooks, by what they are for and whether they are seen to work", SEA_GAUGE, \
	       SEA_UNIT_NONE, hooks[part_constant][proof_constant], "hooks for " part ": " proof)
#define HOOKS(part, constant)                                                               \
	HOOK(part, constant, "yes", SEA_PROVEN), HOOK(part, constant, "no", SEA_DISPROVEN), \
		HOOK(part, constant, "unknown", SEA_PROOF_NONE)
#define PAGES(name, member, what)                                                                \
	NUMBER("sea_pages", "held=\"" name "\"",                                                 \
	       "pages that SEAs came from since the host was started, by whether it holds them " \
	       "for bad",                                                                        \
	       SEA_GAUGE, SEA_UNIT_NONE, member, what)
#define INCOMPLETE(constant, name, what)                                             \
	NUMBER("sea_data_incomplete", "reason=\"" name "\"",                         \
	       "1: the numbers are not to be trusted blindly, by reason", SEA_GAUGE, \
	       SEA_UNIT_NONE, incomplete[SEA_INCOMPLETE_##constant], what),

static const struct sea_field fields[] = {
	{.metric = "sea_build_info",
	 .labels = "version",
	 .family = "the program that made these metrics",
	 .help = "its version",
	 .kind = SEA_TEXT,
	 .get = get_version},
	GAUGE("sea_session_running", SEA_UNIT_NONE, session_runs,
	      "1: nobody ended the newest session; it may have been killed, see the last tick"),
	{.metric = "sea_session_start_timestamp_seconds",
	 .help = "when the newest session began to count",
	 .kind = SEA_TIME,
	 .get = get_started},
	{.metric = "sea_last_tick_timestamp_seconds",
	 .help = "when the counters were last read",
	 .kind = SEA_TIME,
	 .get = get_last_tick},
	GAUGE("sea_store_writable", SEA_UNIT_NONE, writable,
	      "0: the recorder cannot write its store"),
	SEA_INCOMPLETES(INCOMPLETE)
		GAUGE("sea_source_proven", SEA_UNIT_NONE, proven,
		      "1: it is proven that the kernel calls the hooks that count"),
	GAUGE("sea_source_blind", SEA_UNIT_NONE, blind, "1: the hooks that count are switched off"),
	COUNTER("sea_blind_seconds_total", SEA_UNIT_NS, blind_ns,
		"time in which the hooks that count were found switched off"),
	HOOKS("source", SEA_PART_SOURCE),
	HOOKS("check", SEA_PART_CHECK),
	HOOKS("answers", SEA_PART_ANSWERS),
	HOOKS("end", SEA_PART_END),
	GAPS("tick", SEA_GAP_TICK),
	GAPS("recorder", SEA_GAP_RECORDER),
	GAPS("store", SEA_GAP_STORE),
	GAP_SECONDS("tick", SEA_GAP_TICK),
	GAP_SECONDS("recorder", SEA_GAP_RECORDER),
	GAP_SECONDS("store", SEA_GAP_STORE),
	GAUGE("sea_vms_running", SEA_UNIT_VMS, running, "VMs that run"),
	GAUGE("sea_vms_unlisted", SEA_UNIT_VMS, unlisted, "VMs that run and have no row"),
	COUNTER("sea_vms_ended_total", SEA_UNIT_VMS, ended, "VMs that ended"),
	COUNTER("sea_vms_ended_after_sea_total", SEA_UNIT_VMS, ended_after_sea,
		"VMs that ended within 60 seconds of an SEA"),
	COUNTER("sea_vms_ended_by_sigbus_total", SEA_UNIT_VMS, ended_by_sigbus,
		"VMs whose VMM a SIGBUS killed"),
	OPT_IN("yes", SEA_OPT_IN_YES),
	OPT_IN("no", SEA_OPT_IN_NO),
	OPT_IN("unknown", SEA_OPT_IN_UNKNOWN),
	OPT_IN("protected", SEA_OPT_IN_PROTECTED),
	PAGES("yes", pages_held, "pages of SEAs that the host holds for bad"),
	PAGES("no", pages_not_held, "pages of SEAs that the host would give away again"),
};

const struct sea_fields *sea_metric_fields(void)
{
	static const struct sea_fields list = {fields, sizeof(fields) / sizeof(fields[0])};

	return &list;
}
