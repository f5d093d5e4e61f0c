// SPDX-License-Identifier: GPL-2.0-only
/* reader-tick.c - what changed in one tick, or in many of them together. */
#include "store/reader.h"

#include <stdio.h>

#include "store/reader-internal.h"
#include "store/schema.h"

/* Which row of a change a VM of the tables is */
static int identify(struct sea_reader *r, __s64 vm, struct sea_vm_change *row,
		    struct sea_error *err)
{
	const struct sea_vm_info *info;

	row->row = vm == SEA_SCHEMA_OTHER ? SEA_CHANGE_OTHER :
		   vm == SEA_SCHEMA_GONE  ? SEA_CHANGE_GONE :
					    SEA_CHANGE_VM;
	if (row->row != SEA_CHANGE_VM)
		return 0;
	if (sea_reader_who(r, r->session, vm, &info, err))
		return -1;
	if (!info)
		return sea_error_set(err,
				     "cannot read %s: a tick counts a VM that it does not know; "
				     "the file is damaged",
				     r->db.path);
	row->id = info->id;
	return 0;
}

static struct sea_vm_change *add_row(struct sea_reader *r, struct sea_error *err)
{
	struct sea_vm_change *row = sea_change_add(&r->change);

	if (!row)
		sea_error_set(err, "cannot read %s: out of memory", r->db.path);
	return row;
}

static int take_tick_vm(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err)
{
	struct sea_vm_change *row = add_row(r, err);
	int i;

	if (!row || identify(r, sea_sql_take(sql), row, err))
		return -1;
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		row->grown.disposition[i] = sea_sql_take_u64(sql);
	for (i = 0; i < SEA_REASONS; i++)
		row->grown.reason[i] = sea_sql_take_u64(sql);
	for (i = 0; i < SEA_RESPONSES; i++)
		row->grown.response[i] = sea_sql_take_u64(sql);
	row->grown.latency_ns = sea_sql_take_u64(sql);
	row->grown.lost_ratelimit = sea_sql_take_u64(sql);
	row->grown.lost_ring_full = sea_sql_take_u64(sql);
	row->grown.lost_name = sea_sql_take_u64(sql);
	row->grown.ended_ns = sea_sql_take_u64(sql);
	row->has_left = sea_sql_take(sql);
	row->grown.last = sea_sql_take_u64(sql);
	if (row->grown.last)
		row->last_wall = sea_reader_time(sql);
	return 0;
}

/* The row of this VM, which take_tick_vm() has put there */
static struct sea_vm_change *row_of(struct sea_reader *r, __s64 vm, struct sea_error *err)
{
	struct sea_vm_change like = {0};
	size_t i;

	if (identify(r, vm, &like, err))
		return NULL;
	for (i = 0; i < r->change.nr_vms; i++)
		if (r->change.vms[i].row == like.row && r->change.vms[i].id == like.id)
			return &r->change.vms[i];
	sea_error_set(err, "cannot read %s: a tick has a part of a row only; the file is damaged",
		      r->db.path);
	return NULL;
}

static int take_latency(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err)
{
	struct sea_vm_change *row = row_of(r, sea_sql_take(sql), err);
	__s64 slot = sea_sql_take(sql);

	if (!row)
		return -1;
	/* A newer program may tell longer latencies apart: here they are the longest. */
	slot = slot < 0 ? 0 : slot >= SEA_LATENCY_SLOTS ? SEA_LATENCY_SLOTS - 1 : slot;
	row->grown.latency[slot] += sea_sql_take_u64(sql);
	return 0;
}

static int take_listed(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err)
{
	struct sea_vm_change *row = row_of(r, sea_sql_take(sql), err);
	struct sea_listed *listed;
	bool is_listed = sea_sql_take(sql);
	int i;

	if (!row)
		return -1;
	listed = &row->listed;
	row->listed_is_new = true;
	listed->id = is_listed ? row->id : 0;
	listed->vcpus = (__u32)sea_sql_take(sql);
	listed->opt_in = (enum sea_opt_in)sea_sql_take(sql);
	if (listed->opt_in >= SEA_OPT_IN_STATES)
		listed->opt_in = SEA_OPT_IN_UNKNOWN;
	for (i = 0; i < SEA_STATISTICS; i++)
		listed->has_before = sea_sql_take_if(sql, &listed->before[i]);
	return 0;
}

static const char *loss_name(unsigned int cause)
{
	return sea_loss_word((enum sea_loss_cause)cause)->name;
}

static int take_loss(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err)
{
	unsigned int cause = sea_reader_name(sql, SEA_LOSS_CAUSES, loss_name);

	(void)err;
	/* A cause that only a newer program knows */
	if (cause == SEA_LOSS_CAUSES) {
		r->db.incomplete = true;
		return 0;
	}
	r->change.loss[cause] += sea_sql_take_u64(sql);
	if (r->lost_at)
		r->lost_at[cause] = sea_reader_time(sql);
	return 0;
}

static __u32 causes_of(const char *list)
{
	char name[64];
	__u32 causes = 0;
	int n, cause;

	for (; list && sscanf(list, "%63[^,]%n", name, &n) == 1; list += n) {
		cause = sea_loss_number(name);
		if (cause >= 0)
			causes |= 1U << cause;
		if (list[n] == ',')
			n++;
	}
	return causes;
}

static int take_state(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err)
{
	struct sea_tick_state *state = &r->change.state;

	(void)err;
	r->change.state_is_new = true;
	state->at_least = causes_of(sea_sql_take_string(sql));
	state->tells_all = sea_sql_take(sql);
	state->unproven = sea_sql_take(sql);
	state->check = sea_intern(&r->texts, sea_sql_take_string(sql));
	state->unchecked = sea_intern(&r->texts, sea_sql_take_string(sql));
	state->unlisted = sea_sql_take_u64(sql);
	state->blind_since_ns = sea_sql_take_u64(sql);
	state->blind_why = sea_intern(&r->texts, sea_sql_take_string(sql));
	state->no_list = sea_intern(&r->texts, sea_sql_take_string(sql));
	state->pid_namespace = sea_sql_take(sql);
	return 0;
}

static int take_hook(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err)
{
	struct sea_hooks *hooks = &r->change.hooks;
	struct sea_hook_state hook = {0};

	(void)err;
	r->change.hooks_are_new = true;
	hook.program = sea_intern(&r->texts, sea_sql_take_string(sql));
	hook.function = sea_intern(&r->texts, sea_sql_take_string(sql));
	hook.part = sea_reader_name(sql, SEA_PARTS, sea_part_name);
	hook.mechanism = sea_reader_name(sql, SEA_MECHANISMS, sea_mechanism_name);
	hook.proof = sea_reader_name(sql, SEA_PROOFS, sea_proof_name);
	hook.by = sea_intern(&r->texts, sea_sql_take_string(sql));
	hook.missed = sea_sql_take_u64(sql);
	hook.missed_at_least = sea_sql_take(sql);
	if (hooks->nr < SEA_HOOKS_MAX && hook.part < SEA_PARTS && hook.mechanism < SEA_MECHANISMS &&
	    hook.proof < SEA_PROOFS)
		hooks->hooks[hooks->nr++] = hook;
	else
		r->db.incomplete = true;
	return 0;
}

/* Each row of a question about ticks */
typedef int (*take_row)(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err);

/*
 * The same columns twice: of one tick, and over all from ?1 to before ?2. Where a sum has
 * one max(), SQLite takes the columns that are not summed up from its row.
 */
#define LISTED                                                             \
	"vm, is_listed, vcpus, opt_in, before_claimed, before_host_owned," \
	" before_not_opted_in, before_forwarded"
#define STATE                                                                             \
	"at_least, tells_all, unproven, check_hook, unchecked, unlisted, blind_since_ns," \
	" blind_why, no_list, pid_namespace"
#define HOOK "program, function, part, mechanism, proof, by, missed, missed_at_least"
#define SPAN "tick >= ?1 AND tick < ?2"

static const struct {
	const char *of_one, *of_many;
	take_row take;
} tables[SEA_TICK_TABLES] = {
	[SEA_TICK_VM] =
		{"SELECT vm, claimed, host_owned, not_opted_in, forwarded, unknown, no_reason,"
		 " no_ras, vncr, s2_walk, ambiguous_walk, injected, resumed, abandoned, latency_ns,"
		 " lost_ratelimit, lost_ring_full, lost_name, ended_ns, has_left, last,"
		 " last_wall_ns FROM tick_vm WHERE tick = ?1",
		 "SELECT vm, sum(claimed), sum(host_owned), sum(not_opted_in), sum(forwarded),"
		 " sum(unknown), sum(no_reason), sum(no_ras), sum(vncr), sum(s2_walk),"
		 " sum(ambiguous_walk), sum(injected), sum(resumed), sum(abandoned),"
		 " sum(latency_ns), sum(lost_ratelimit), sum(lost_ring_full), sum(lost_name),"
		 " sum(ended_ns), sum(has_left), max(last), last_wall_ns"
		 " FROM tick_vm WHERE " SPAN " GROUP BY vm",
		 take_tick_vm},
	[SEA_TICK_LATENCY] = {"SELECT vm, slot, answers FROM tick_latency WHERE tick = ?1",
			      "SELECT vm, slot, sum(answers) FROM tick_latency WHERE " SPAN
			      " GROUP BY vm, slot",
			      take_latency},
	[SEA_TICK_LISTED] = {"SELECT " LISTED " FROM tick_listed WHERE tick = ?1",
			     "SELECT " LISTED ", max(tick) FROM tick_listed WHERE " SPAN
			     " GROUP BY vm",
			     take_listed},
	[SEA_TICK_LOSS] = {"SELECT cause, lost FROM tick_loss WHERE tick = ?1",
			   "SELECT cause, sum(lost), max(wall_ns) FROM tick_loss"
			   " JOIN tick ON tick.seq = tick_loss.tick WHERE tick_loss." SPAN
			   " GROUP BY cause",
			   take_loss},
	[SEA_TICK_STATE] = {"SELECT " STATE " FROM tick_state WHERE tick = ?1",
			    "SELECT " STATE " FROM tick_state WHERE " SPAN
			    " ORDER BY tick DESC LIMIT 1",
			    take_state},
	[SEA_TICK_HOOK] = {"SELECT " HOOK " FROM tick_hook WHERE tick = ?1 ORDER BY nr",
			   "SELECT " HOOK " FROM tick_hook WHERE tick ="
			   " (SELECT max(tick) FROM tick_hook WHERE " SPAN ") ORDER BY nr",
			   take_hook},
};

static int for_each_row(struct sea_reader *r, struct sea_sql *sql, take_row take,
			struct sea_error *err)
{
	int rc;

	while ((rc = sea_sql_step(sql)) == SQLITE_ROW) {
		if (take(r, sql, err)) {
			sea_sql_end(sql);
			return -1;
		}
	}
	if (rc != SQLITE_DONE)
		return sea_reader_fail(r, err);
	sea_sql_end(sql);
	return 0;
}

static void take_head(struct sea_reader *r, struct sea_sql *sql)
{
	struct sea_change *change = &r->change;

	change->ticks = sea_sql_take_u64(sql);
	change->checked = sea_sql_take_u64(sql);
	change->overseen = sea_sql_take_u64(sql);
	change->disarmed = sea_sql_take_u64(sql);
	change->blind_ns = sea_sql_take_u64(sql);
	change->ended_unseen = sea_sql_take_u64(sql);
	change->nr_gone = sea_sql_take_u64(sql);
	change->seen_vms = sea_sql_take_u64(sql);
	change->answered_early = sea_sql_take_u64(sql);
}

int sea_reader_tick(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err)
{
	int i;

	sea_change_clear(&r->change);
	r->change.first_ns = sea_sql_take_u64(sql);
	r->change.first = sea_reader_time(sql);
	take_head(r, sql);
	for (i = 0; i < SEA_TICK_TABLES; i++) {
		if (sea_sql_begin(&r->db, &r->ask_tick[i], tables[i].of_one))
			return sea_reader_fail(r, err);
		sea_sql_put(&r->ask_tick[i], r->seq);
		if (for_each_row(r, &r->ask_tick[i], tables[i].take, err))
			return -1;
	}
	sea_change_sort(&r->change);
	return 0;
}

static int sum_head(struct sea_reader *r, __s64 from, __s64 to, struct sea_error *err)
{
	struct sea_sql *sql = &r->ask_sum;

	if (sea_sql_begin(&r->db, sql,
			  "SELECT sum(ticks), sum(checked), sum(overseen), sum(disarmed),"
			  " sum(blind_ns), sum(ended_unseen), sum(gone_vms), sum(seen_vms),"
			  " sum(answered_early) FROM tick WHERE seq >= ?1 AND seq < ?2"))
		return sea_reader_fail(r, err);
	sea_sql_put(sql, from);
	sea_sql_put(sql, to);
	if (sea_sql_step(sql) != SQLITE_ROW)
		return sea_reader_fail(r, err);
	take_head(r, sql);
	sea_sql_end(sql);
	return 0;
}

int sea_reader_sum(struct sea_reader *r, __s64 session, __s64 from, __s64 to,
		   struct timespec lost_at[SEA_LOSS_CAUSES], const struct sea_change **sum,
		   struct sea_error *err)
{
	int i, rc;

	sea_change_clear(&r->change);
	r->session = session;
	r->seq = to;
	r->lost_at = lost_at;
	rc = sum_head(r, from, to, err);
	for (i = 0; !rc && i < SEA_TICK_TABLES; i++) {
		if (sea_sql_begin(&r->db, &r->ask_sums[i], tables[i].of_many)) {
			rc = sea_reader_fail(r, err);
			break;
		}
		sea_sql_put(&r->ask_sums[i], from);
		sea_sql_put(&r->ask_sums[i], to);
		rc = for_each_row(r, &r->ask_sums[i], tables[i].take, err);
	}
	r->lost_at = NULL;
	sea_change_sort(&r->change);
	*sum = &r->change;
	return rc;
}
