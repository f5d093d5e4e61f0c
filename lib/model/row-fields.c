// SPDX-License-Identifier: GPL-2.0-only
#include "model/row-fields.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/words.h"
#include "model/record.h"
#include "model/view.h"
#include "model/vm-counters.h"

/* The longest latency that the histogram tells apart, for the column P99 */
#define LATENCY_MAX_NS ((1ULL << (SEA_LATENCY_SLOTS - 1)) * 1000)

static void get_name(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->text = sea_row_name(row);
	if (row->kind != SEA_ROW_GONE)
		return;
	snprintf(value->buffer, sizeof(value->buffer), "gone (%llu VMs)",
		 (unsigned long long)row->nr_vms);
	value->text = value->buffer;
}

static void get_origin(const void *object, struct sea_value *value)
{
	value->number = sea_row_origin(object);
	value->text = sea_vm_origin_name(sea_row_origin(object));
}

static void get_other_name(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->info && row->info->name.other[0];
	value->text = row->info ? row->info->name.other : "";
}

static void get_other_origin(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->info && row->info->name.other[0];
	value->text = row->info ? sea_vm_origin_name(row->info->name.other_origin) : "";
}

static void get_disputed(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->number = row->info && row->info->name.disputed;
}

static void get_key(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->info;
	if (!row->info)
		return;
	sea_vm_key_text(&row->info->key, value->buffer);
	value->text = value->buffer;
}

static void get_uuid(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->info && row->info->uuid[0];
	value->text = row->info ? row->info->uuid : "";
}

static void get_cgroup(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->info && row->info->cgroup[0];
	value->text = row->info ? row->info->cgroup : "";
}

/* A number of which 0 says that it is not known */
static void put_nonzero(struct sea_value *value, __u64 number)
{
	value->known = number;
	value->number = number;
}

static void get_pid(const void *object, struct sea_value *value)
{
	put_nonzero(value, ((const struct sea_row *)object)->vm.tgid);
}

static void get_id(const void *object, struct sea_value *value)
{
	put_nonzero(value, ((const struct sea_row *)object)->vm.id);
}

static void get_start(const void *object, struct sea_value *value)
{
	put_nonzero(value, ((const struct sea_row *)object)->vm.start_ns);
}

static void get_ended_ns(const void *object, struct sea_value *value)
{
	put_nonzero(value, ((const struct sea_row *)object)->vm.ended_ns);
}

static void get_comm(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	sea_printable(row->vm.comm, strnlen(row->vm.comm, sizeof(row->vm.comm)), value->buffer,
		      sizeof(value->buffer));
	value->text = value->buffer;
}

static void get_ended(const void *object, struct sea_value *value)
{
	value->number = ((const struct sea_row *)object)->ended;
}

static void get_ended_by(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->ended && row->vm.exit_known;
	if (!value->known)
		return;
	sea_end_text(row->vm.wait_status, row->sigbus, value->buffer);
	value->text = value->buffer;
}

static void get_state(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->kind != SEA_ROW_OTHER;
	value->number = row->ended || row->kind == SEA_ROW_GONE;
	value->text = value->number ? "ended" : "running";
}

static void get_vcpus(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->listed.id;
	value->number = row->listed.vcpus;
}

/* Those who have something to do first: no, unknown, protected, yes. */
static void get_opt_in(const void *object, struct sea_value *value)
{
	static const unsigned int place[SEA_OPT_IN_STATES] = {
		[SEA_OPT_IN_NO] = 0,
		[SEA_OPT_IN_UNKNOWN] = 1,
		[SEA_OPT_IN_PROTECTED] = 2,
		[SEA_OPT_IN_YES] = 3,
	};
	const struct sea_row *row = object;
	enum sea_opt_in opt_in = sea_opt_in_of(&row->listed, &row->vm);

	value->number = place[opt_in];
	value->text = sea_opt_in_name(opt_in);
}

static void get_opt_in_cell(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	get_opt_in(object, value);
	value->known = row->kind == SEA_ROW_VM;
	if (row->ended)
		value->text = "ended";
}

static void get_before(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->listed.has_before;
	value->number = row->before;
}

#define BEFORE(name, disposition)                                                  \
	static void get_before_##name(const void *object, struct sea_value *value) \
	{                                                                          \
		const struct sea_row *row = object;                                \
		value->known = row->listed.has_before;                             \
		value->number = row->listed.before[disposition];                   \
	}

BEFORE(claimed, SEA_CLAIMED)
BEFORE(host_owned, SEA_HOST_OWNED)
BEFORE(not_opted_in, SEA_NOT_OPTED_IN)
BEFORE(forwarded, SEA_FORWARDED)

static void get_rate(const void *object, struct sea_value *value)
{
	value->real = ((const struct sea_row *)object)->rate;
}

static void get_responses(const void *object, struct sea_value *value)
{
	value->number = sea_vm_responses(&((const struct sea_row *)object)->vm);
}

static void get_mean_latency(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;
	__u64 count = sea_vm_responses(&row->vm);

	value->known = count;
	value->number = count ? row->vm.latency_ns / count : 0;
}

static void get_percentile(const void *object, unsigned int percent, struct sea_value *value)
{
	put_nonzero(value, sea_vm_latency_us(&((const struct sea_row *)object)->vm, percent));
}

static void get_p50_us(const void *object, struct sea_value *value)
{
	get_percentile(object, 50, value);
}

static void get_p99_us(const void *object, struct sea_value *value)
{
	get_percentile(object, 99, value);
}

static void get_max_us(const void *object, struct sea_value *value)
{
	get_percentile(object, 100, value);
}

/* As text, since the last slot has no upper bound: ">8.4s". */
static void get_p99_cell(const void *object, struct sea_value *value)
{
	static const struct sea_field latency = {.kind = SEA_GAUGE, .cell = SEA_CELL_LATENCY};
	const struct sea_row *row = object;
	__u64 us = sea_vm_latency_us(&row->vm, 99);
	struct sea_value ns = {.known = true, .number = us ? us * 1000 : LATENCY_MAX_NS};
	char text[32];

	value->known = sea_vm_responses(&row->vm);
	sea_field_cell(&latency, &ns, text, sizeof(text));
	snprintf(value->buffer, sizeof(value->buffer), "%s%s", us ? "" : ">", text);
	value->text = value->buffer;
	/* Longest first, what is beyond all bounds ahead of all. */
	value->number = us ? ~us : 0;
}

static void get_latency(const void *object, struct sea_value *value)
{
	value->slots = ((const struct sea_row *)object)->vm.latency;
	value->nr_slots = SEA_LATENCY_SLOTS;
	value->real = (double)((const struct sea_row *)object)->vm.latency_ns / 1000;
}

static void get_last_time(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->vm.last && (row->last_wall.tv_sec || row->last_wall.tv_nsec);
	value->time = row->last_wall;
}

static void get_last_ns(const void *object, struct sea_value *value)
{
	put_nonzero(value, SEA_LAST_NS(((const struct sea_row *)object)->vm.last));
}

static void get_last_disposition(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->vm.last;
	value->text = sea_disposition_name(SEA_LAST_DISPOSITION(row->vm.last));
}

static void get_last_reason(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;
	unsigned int reason = SEA_LAST_REASON(row->vm.last);

	value->known = row->vm.last && reason;
	value->text = sea_reason_name(reason);
}

/* Latest first. The table writes it in as long a form as there is room for. */
static void get_last(const void *object, struct sea_value *value)
{
	const struct sea_row *row = object;

	value->known = row->vm.last;
	value->number = row->last_age_ns;
	value->text = sea_disposition_name(SEA_LAST_DISPOSITION(row->vm.last));
}

#define VM SEA_ROW_VM
#define ROWS (SEA_ROW_VM | SEA_ROW_OTHER | SEA_ROW_GONE | SEA_ROW_ALL)
#define NOT_GONE (SEA_ROW_VM | SEA_ROW_OTHER | SEA_ROW_ALL)
#define NOT_OTHER (SEA_ROW_VM | SEA_ROW_GONE | SEA_ROW_ALL)

/* A counter that is a member of struct sea_row */
#define COUNTER(json, head, name, label, all, member, what, of, where_, rank_)                  \
	{                                                                                       \
		.path = json, .column = head, .metric = name, .labels = label, .help = what,    \
		.family = all, .kind = SEA_COUNTER, .unit = of, .where = where_, .rank = rank_, \
		.offset = offsetof(struct sea_row, member)                                      \
	}

#define DISPOSITION(name, head, number, what, rank_)                                       \
	COUNTER("dispositions." name, head, "sea_taken_total", "disposition=\"" name "\"", \
		"SEAs by disposition", vm.disposition[number], what, SEA_UNIT_SEAS, ROWS, rank_)
#define REASON(name, head, number, what)                                                      \
	COUNTER("reasons." name, head, "sea_reason_total", "reason=\"" name "\"",             \
		"SEAs that have a reason, by reason", vm.reason[number], what, SEA_UNIT_SEAS, \
		ROWS, 0)
#define RESPONSE(name, head, number, what)                                                        \
	COUNTER("responses." name, head, "sea_responses_total", "response=\"" name "\"",          \
		"responses to forwarded SEAs", vm.response[number], what, SEA_UNIT_ANSWERS, ROWS, \
		3)
#define FROM_BEFORE(name)                                                                     \
	{                                                                                     \
		.path = "before." #name, .help = "SEAs " #name " from before counting began", \
		.kind = SEA_COUNTER, .unit = SEA_UNIT_SEAS, .where = NOT_OTHER,               \
		.get = get_before_##name                                                      \
	}

/*
 * In the order of the columns, left to right. The name of a VM comes first, and what
 * it was last hit by comes last of the default ones.
 */
static const struct sea_field fields[] = {
	{.path = "id",
	 .column = "ID",
	 .help = "number of the VM, by first sight",
	 .kind = SEA_GAUGE,
	 .where = VM,
	 .get = get_id},
	{.path = "key",
	 .help = "tells the VM apart from all others of this boot of the host",
	 .kind = SEA_TEXT,
	 .where = VM,
	 .get = get_key},
	{.path = "name",
	 .column = "VM",
	 .help = "name of the VM",
	 .kind = SEA_TEXT,
	 .cell = SEA_CELL_NAME,
	 .where = VM,
	 .rank = 1,
	 .get = get_name},
	{.path = "name_origin",
	 .column = "ORIGIN",
	 .help = "where the name comes from",
	 .kind = SEA_TEXT,
	 .ordered = true,
	 .where = VM,
	 .get = get_origin},
	{.path = "name_other",
	 .help = "what the next source calls the VM, if that is something else",
	 .kind = SEA_TEXT,
	 .where = VM,
	 .get = get_other_name},
	{.path = "name_other_origin",
	 .help = "where that name comes from",
	 .kind = SEA_TEXT,
	 .where = VM,
	 .get = get_other_origin},
	{.path = "name_disputed",
	 .help = "the two names cannot both be right",
	 .kind = SEA_FLAG,
	 .where = VM,
	 .get = get_disputed},
	{.path = "uuid",
	 .column = "UUID",
	 .help = "UUID that the VMM was given",
	 .kind = SEA_TEXT,
	 .where = VM,
	 .get = get_uuid},
	{.path = "cgroup",
	 .column = "CGROUP",
	 .help = "cgroup that the VMM runs in",
	 .kind = SEA_TEXT,
	 .where = VM,
	 .get = get_cgroup},
	{.path = "pid",
	 .column = "PID",
	 .help = "the VMM's process",
	 .kind = SEA_GAUGE,
	 .where = VM,
	 .rank = 6,
	 .get = get_pid},
	{.path = "comm",
	 .column = "COMM",
	 .help = "name of the VMM's process",
	 .kind = SEA_TEXT,
	 .where = VM,
	 .get = get_comm},
	{.path = "start_ns",
	 .help = "start of the VMM's process",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_NS,
	 .where = VM,
	 .get = get_start},
	{.path = "first_ns",
	 .help = "first sight of the VM",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_NS,
	 .where = VM,
	 .offset = offsetof(struct sea_row, vm.first_ns)},
	{.path = "ended",
	 .help = "the VM was destroyed",
	 .kind = SEA_FLAG,
	 .where = VM,
	 .get = get_ended},
	{.path = "ended_ns",
	 .help = "when the VM was destroyed",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_NS,
	 .where = VM,
	 .get = get_ended_ns},
	{.path = "ended_by",
	 .column = "END",
	 .help = "how the VMM ended, if it took the VM along: exit 0, SIGKILL, SIGBUS (MCEERR_AR)",
	 .kind = SEA_TEXT,
	 .where = VM,
	 .get = get_ended_by},
	{.column = "STATE",
	 .help = "running or ended",
	 .kind = SEA_TEXT,
	 .ordered = true,
	 .where = ROWS,
	 .get = get_state},
	{.path = "vcpus",
	 .column = "VCPUS",
	 .help = "virtual CPUs of the VM",
	 .kind = SEA_GAUGE,
	 .where = VM,
	 .get = get_vcpus},
	{.path = "opt_in",
	 .help = "the VMM opted in to get SEAs: yes, no, unknown, protected",
	 .kind = SEA_TEXT,
	 .ordered = true,
	 .where = VM,
	 .get = get_opt_in},
	{.column = "OPT",
	 .help = "the VMM opted in to get SEAs: yes, no, unknown; or the VM ended",
	 .kind = SEA_TEXT,
	 .ordered = true,
	 .where = ROWS,
	 .rank = 5,
	 .get = get_opt_in_cell},
	DISPOSITION("claimed", "CLAIM", SEA_CLAIMED, "SEAs claimed", 2),
	DISPOSITION("host_owned", "HOST", SEA_HOST_OWNED, "SEAs host_owned", 2),
	DISPOSITION("not_opted_in", "NOOPT", SEA_NOT_OPTED_IN, "SEAs not_opted_in", 2),
	DISPOSITION("forwarded", "FWD", SEA_FORWARDED, "SEAs forwarded", 2),
	DISPOSITION("unknown", "UNKN", SEA_UNKNOWN, "SEAs of unknown disposition", 2),
	RESPONSE("injected", "INJ", SEA_INJECTED, "responses injected"),
	RESPONSE("resumed", "RES", SEA_RESUMED, "responses resumed"),
	RESPONSE("abandoned", "ABD", SEA_ABANDONED, "responses abandoned"),
	{.path = "responses.pending",
	 .column = "PEND",
	 .metric = "sea_pending",
	 .help = "forwarded SEAs without a response yet",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_SEAS,
	 .where = ROWS,
	 .rank = 4,
	 .offset = offsetof(struct sea_row, pending)},
	COUNTER("total", "TOTAL", NULL, NULL, NULL, total, "all SEAs", SEA_UNIT_SEAS, ROWS, 1),
	{.column = "BEFORE",
	 .help = "SEAs from before counting began",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_SEAS,
	 .where = ROWS,
	 .rank = 4,
	 .get = get_before},
	FROM_BEFORE(claimed),
	FROM_BEFORE(host_owned),
	FROM_BEFORE(not_opted_in),
	FROM_BEFORE(forwarded),
	{.path = "new",
	 .column = "NEW",
	 .help = "SEAs in the interval",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_SEAS,
	 .where = NOT_GONE,
	 .offset = offsetof(struct sea_row, new_total)},
	{.path = "rate",
	 .column = "/s",
	 .help = "SEAs a second in the interval (also: RATE)",
	 .kind = SEA_REAL,
	 .unit = SEA_UNIT_PER_SECOND,
	 .where = NOT_GONE,
	 .rank = 3,
	 .get = get_rate},
	{.column = "LAST",
	 .help = "disposition, reason and age of the last SEA",
	 .kind = SEA_TEXT,
	 .cell = SEA_CELL_LAST,
	 .ordered = true,
	 .where = ROWS,
	 .rank = 7,
	 .get = get_last},
	REASON("no_ras", "NORAS", SEA_NO_RAS, "host_owned: no_ras"),
	REASON("vncr", "VNCR", SEA_VNCR, "host_owned: vncr"),
	REASON("s2_walk", "S2WALK", SEA_S2_WALK, "host_owned: s2_walk"),
	REASON("ambiguous_walk", "AMBIG", SEA_AMBIGUOUS_WALK,
	       "ambiguous walk: the VM's tables, or the host's"),
	{.path = "latency.count",
	 .help = "responses that have a latency",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_ANSWERS,
	 .where = ROWS,
	 .get = get_responses},
	COUNTER("latency.sum_ns", NULL, NULL, NULL, NULL, vm.latency_ns, "sum of all latencies",
		SEA_UNIT_NS, ROWS, 0),
	{.path = "latency.p50_us",
	 .help = "latency that half of the responses stay below",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_US,
	 .where = ROWS,
	 .get = get_p50_us},
	{.path = "latency.p99_us",
	 .help = "latency that 99 % of the responses stay below",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_US,
	 .where = ROWS,
	 .get = get_p99_us},
	{.path = "latency.max_us",
	 .help = "latency that all responses stay below",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_US,
	 .where = ROWS,
	 .get = get_max_us},
	{.path = "latency.log2_us",
	 .metric = "sea_latency_seconds",
	 .help = "latency from KVM_EXIT_ARM_SEA to the response",
	 .kind = SEA_HISTOGRAM,
	 .unit = SEA_UNIT_US,
	 .where = ROWS,
	 .get = get_latency},
	{.column = "LAT",
	 .help = "mean latency of the responses",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_NS,
	 .cell = SEA_CELL_LATENCY,
	 .where = ROWS,
	 .get = get_mean_latency},
	{.column = "P99",
	 .help = "latency that 99 % of the responses stay below",
	 .kind = SEA_TEXT,
	 .cell = SEA_CELL_RIGHT,
	 .ordered = true,
	 .where = ROWS,
	 .get = get_p99_cell},
	{.path = "last.time",
	 .metric = "sea_last_timestamp_seconds",
	 .help = "when the last SEA was taken",
	 .kind = SEA_TIME,
	 .where = ROWS,
	 .get = get_last_time},
	{.path = "last.boottime_ns",
	 .help = "the same by CLOCK_BOOTTIME",
	 .kind = SEA_GAUGE,
	 .unit = SEA_UNIT_NS,
	 .where = ROWS,
	 .get = get_last_ns},
	{.path = "last.disposition",
	 .help = "disposition of the last SEA",
	 .kind = SEA_TEXT,
	 .where = ROWS,
	 .get = get_last_disposition},
	{.path = "last.reason",
	 .help = "reason of the last SEA, if it has one",
	 .kind = SEA_TEXT,
	 .where = ROWS,
	 .get = get_last_reason},
	COUNTER("lost.ratelimit", NULL, NULL, NULL, NULL, vm.lost_ratelimit,
		"detail records over the VM's rate", SEA_UNIT_RECORDS, ROWS, 0),
	COUNTER("lost.ring_full", NULL, NULL, NULL, NULL, vm.lost_ring_full,
		"detail records that found the ring buffer full", SEA_UNIT_RECORDS, ROWS, 0),
	{.column = "LOST",
	 .help = "detail records lost",
	 .kind = SEA_COUNTER,
	 .unit = SEA_UNIT_RECORDS,
	 .where = ROWS,
	 .offset = offsetof(struct sea_row, lost)},
};

const struct sea_fields *sea_row_fields(void)
{
	static const struct sea_fields list = {fields, sizeof(fields) / sizeof(fields[0])};

	return &list;
}

const struct sea_field *sea_row_field(const char *column)
{
	return sea_field_by_column(sea_row_fields(), column);
}
