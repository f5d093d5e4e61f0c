// SPDX-License-Identifier: GPL-2.0-only
#include "model/view-fields.h"

#include "model/view.h"

static const struct sea_view *view_of(const void *object)
{
	return object;
}

/* A text of the session's; there may be no session. */
#define SESSION(name)                                                         \
	static void get_##name(const void *object, struct sea_value *value)   \
	{                                                                     \
		const struct sea_session *session = view_of(object)->session; \
		value->known = session && session->name[0];                   \
		value->text = session ? session->name : "";                   \
	}

SESSION(host)
SESSION(kernel)
SESSION(boot_id)
SESSION(run)
SESSION(program)
SESSION(version)

static void get_time(const void *object, struct sea_value *value)
{
	value->time = view_of(object)->wall;
}

static void get_started(const void *object, struct sea_value *value)
{
	const struct sea_session *session = view_of(object)->session;

	value->known = session && session->started.tv_sec;
	if (session)
		value->time = session->started;
}

static void get_replayed(const void *object, struct sea_value *value)
{
	const struct sea_session *session = view_of(object)->session;

	value->number = session && session->replayed;
}

static void get_source(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->source;
	value->text = view_of(object)->source;
}

static void get_tells_all(const void *object, struct sea_value *value)
{
	value->number = view_of(object)->tells_all;
}

static void get_proven(const void *object, struct sea_value *value)
{
	value->number = !view_of(object)->unproven;
}

static void get_check(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->check;
	value->text = view_of(object)->check;
}

static void get_checked(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->check;
	value->number = view_of(object)->checked;
}

static void get_check_unseen(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->check;
	value->number = view_of(object)->loss.count[SEA_LOSS_UNSEEN];
}

static void get_why_not(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->unchecked;
	value->text = view_of(object)->unchecked;
}

static void get_blind(const void *object, struct sea_value *value)
{
	value->number = view_of(object)->blind_since_ns != 0;
}

static void get_blind_why(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->blind_why;
	value->text = view_of(object)->blind_why;
}

static void get_no_list(const void *object, struct sea_value *value)
{
	value->known = view_of(object)->no_list;
	value->text = view_of(object)->no_list;
}

static void get_filtered(const void *object, struct sea_value *value)
{
	value->number = view_of(object)->filtered;
}

/* How many there are outside of a pid namespace cannot be known inside. */
static void get_unlisted(const void *object, struct sea_value *value)
{
	value->number = view_of(object)->unlisted;
	value->known = !view_of(object)->pid_namespace;
}

static void get_lost_total(const void *object, struct sea_value *value)
{
	value->number = sea_loss_total(&view_of(object)->loss);
}

static void get_lost(const void *object, enum sea_loss_cause cause, struct sea_value *value)
{
	const struct sea_loss *loss = &view_of(object)->loss;

	value->number = loss->count[cause];
	/* None is seen, but not all would be. */
	value->known = value->number || !(loss->at_least & 1U << cause);
}

static void get_lost_at(const void *object, enum sea_loss_cause cause, struct sea_value *value)
{
	value->time = view_of(object)->loss.last[cause];
	value->known = value->time.tv_sec || value->time.tv_nsec;
}

#define LOSS_GETTERS(constant, name, of, help, hint)                                 \
	static void get_lost_##constant(const void *object, struct sea_value *value) \
	{                                                                            \
		get_lost(object, SEA_LOSS_##constant, value);                        \
	}                                                                            \
	static void get_at_##constant(const void *object, struct sea_value *value)   \
	{                                                                            \
		get_lost_at(object, SEA_LOSS_##constant, value);                     \
	}

SEA_LOSSES(LOSS_GETTERS)

#define LOST(constant, name_, of_, help_, hint_) \
	{.path = "lost." name_,                  \
	 .metric = "sea_lost_total",             \
	 .labels = "cause=\"" name_ "\"",        \
	 .family = "what was lost, by cause",    \
	 .help = help_,                          \
	 .kind = SEA_COUNTER,                    \
	 .get = get_lost_##constant},
#define LOST_AT(constant, name_, of_, help_, hint_) \
	{.path = "lost_at." name_,                  \
	 .help = "when that was last seen to grow", \
	 .kind = SEA_TIME,                          \
	 .get = get_at_##constant},

#define NUMBER(json, kind_, unit_, member, what)                          \
	{                                                                 \
		.path = json, .help = what, .kind = kind_, .unit = unit_, \
		.offset = offsetof(struct sea_view, member)               \
	}

static const struct sea_field fields[] = {
	NUMBER("tick", SEA_COUNTER, SEA_UNIT_NONE, tick, "0, 1, ... in this run"),
	{.path = "time", .help = "when the counters were read", .kind = SEA_TIME, .get = get_time},
	NUMBER("boottime_ns", SEA_GAUGE, SEA_UNIT_NS, time_ns, "the same by CLOCK_BOOTTIME"),
	{.path = "started", .help = "when counting began", .kind = SEA_TIME, .get = get_started},
	NUMBER("started_ns", SEA_GAUGE, SEA_UNIT_NS, started_ns, "the same by CLOCK_BOOTTIME"),
	NUMBER("interval_ns", SEA_GAUGE, SEA_UNIT_NS, interval_ns,
	       "time since the tick before; 0 in the first"),
	{.path = "host",
	 .metric = "sea_session_info",
	 .labels = "host",
	 .family = "the newest session",
	 .help = "name of the host",
	 .kind = SEA_TEXT,
	 .get = get_host},
	{.path = "boot_id",
	 .help = "of the host's boot: a VM's key is unique in it",
	 .kind = SEA_TEXT,
	 .get = get_boot_id},
	{.path = "run",
	 .help = "random UUID of this run of the program: a VM's id is unique in it",
	 .kind = SEA_TEXT,
	 .get = get_run},
	{.path = "kernel",
	 .metric = "sea_session_info",
	 .labels = "kernel",
	 .family = "the newest session",
	 .help = "release of the host's kernel",
	 .kind = SEA_TEXT,
	 .get = get_kernel},
	{.path = "program",
	 .metric = "sea_session_info",
	 .labels = "program",
	 .family = "the newest session",
	 .help = "program that counts",
	 .kind = SEA_TEXT,
	 .get = get_program},
	{.path = "version",
	 .metric = "sea_session_info",
	 .labels = "version",
	 .family = "the newest session",
	 .help = "of that program",
	 .kind = SEA_TEXT,
	 .get = get_version},
	{.path = "replayed",
	 .help = "this is a recording's",
	 .kind = SEA_FLAG,
	 .get = get_replayed},
	{.path = "source",
	 .metric = "sea_session_info",
	 .labels = "source",
	 .family = "the newest session",
	 .help = "of the counts: tracepoint, trampoline or kprobe",
	 .kind = SEA_TEXT,
	 .get = get_source},
	{.path = "tells_all",
	 .help = "the source can tell every SEA's disposition",
	 .kind = SEA_FLAG,
	 .get = get_tells_all},
	{.path = "proven",
	 .help = "it is proven that the kernel calls what the source hooks",
	 .kind = SEA_FLAG,
	 .get = get_proven},
	{.path = "check.hook",
	 .help = "the second hook that checks the counts",
	 .kind = SEA_TEXT,
	 .get = get_check},
	{.path = "check.checked",
	 .help = "SEAs that it saw",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_SEAS,
	 .get = get_checked},
	{.path = "check.unseen",
	 .help = "of which the source did not see",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_SEAS,
	 .get = get_check_unseen},
	{.path = "check.why_not",
	 .help = "why nothing checks the counts",
	 .kind = SEA_TEXT,
	 .get = get_why_not},
	{.path = "blind.now",
	 .help = "the source is switched off now: SEAs are counted nowhere",
	 .kind = SEA_FLAG,
	 .get = get_blind},
	{.path = "blind.why",
	 .help = "what switched it off",
	 .kind = SEA_TEXT,
	 .get = get_blind_why},
	NUMBER("blind.ns", SEA_COUNTER, SEA_UNIT_NS, blind_ns,
	       "how long it was switched off in all, at most"),
	{.path = "list_missing",
	 .help = "why there is no list of VMs: those without an SEA are missing",
	 .kind = SEA_TEXT,
	 .get = get_no_list},
	{.path = "filtered",
	 .help = "vms leaves out some of the VMs",
	 .kind = SEA_FLAG,
	 .get = get_filtered},
	{.path = "shown.vms",
	 .help = "VMs that pass the filter; fewer are in vms if --rows says so",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_VMS,
	 .offset = offsetof(struct sea_view, shown.nr_vms)},
	{.path = "shown.seas",
	 .help = "their SEAs",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_SEAS,
	 .offset = offsetof(struct sea_view, shown.total)},
	{.path = "gone.vms",
	 .help = "VMs that ended and made room",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_VMS,
	 .offset = offsetof(struct sea_view, nr_gone)},
	{.path = "totals.vms",
	 .help = "VMs in the table",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_VMS,
	 .offset = offsetof(struct sea_view, nr_vms)},
	NUMBER("totals.vms_ended", SEA_GAUGE, SEA_UNIT_VMS, nr_ended, "of which ended"),
	NUMBER("totals.vms_seen", SEA_COUNTER, SEA_UNIT_VMS, totals.vms, "VMs that ever got a row"),
	{.path = "totals.vms_unlisted",
	 .help = "VMs that run and have no row; not known in a pid namespace",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_VMS,
	 .get = get_unlisted},
	NUMBER("totals.vms_ended_unseen", SEA_COUNTER, SEA_UNIT_VMS, ended_unseen,
	       "VMs that no hook saw end: the list found them gone"),
	NUMBER("totals.answered_early", SEA_COUNTER, SEA_UNIT_ANSWERS, totals.answered_early,
	       "responses to SEAs from before counting began"),
	{.path = "lost.total",
	 .help = "all that was lost",
	 .kind = SEA_COUNTER,
	 .get = get_lost_total},
	SEA_LOSSES(LOST) SEA_LOSSES(LOST_AT)};

const struct sea_fields *sea_view_fields(void)
{
	static const struct sea_fields list = {fields, sizeof(fields) / sizeof(fields[0])};

	return &list;
}
