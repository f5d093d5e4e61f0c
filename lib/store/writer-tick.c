// SPDX-License-Identifier: GPL-2.0-only
/* writer-tick.c - a tick: what its VMs grew by, and what was lost. */
#include "store/writer-internal.h"

#include "base/text.h"
#include "model/clock.h"
#include "store/schema.h"

static const char add_tick_latency_sql[] = "INSERT INTO tick_latency (tick, vm, slot, answers)"
					   " VALUES (?, ?, ?, ?)";

static int write_latency(struct sea_writer *w, __s64 vm, const __u64 *slots)
{
	int i;

	for (i = 0; i < SEA_LATENCY_SLOTS; i++) {
		struct sea_sql *sql;

		if (!slots[i])
			continue;
		sql = sea_writer_sql(w, SEA_SQL_ADD_TICK_LATENCY, add_tick_latency_sql);
		if (!sql)
			return -1;
		sea_sql_put(sql, w->next_seq);
		sea_sql_put(sql, vm);
		sea_sql_put(sql, i);
		sea_sql_put_u64(sql, slots[i]);
		if (sea_sql_do(sql))
			return -1;
	}
	return 0;
}

static const char add_tick_listed_sql[] =
	"INSERT INTO tick_listed (tick, vm, is_listed, vcpus, opt_in,"
	" before_claimed, before_host_owned, before_not_opted_in,"
	" before_forwarded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

static int write_listed(struct sea_writer *w, __s64 vm, const struct sea_listed *listed)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_ADD_TICK_LISTED, add_tick_listed_sql);
	int i;

	if (!sql)
		return -1;
	sea_sql_put(sql, w->next_seq);
	sea_sql_put(sql, vm);
	sea_sql_put(sql, listed->id || vm < 0);
	sea_sql_put(sql, listed->vcpus);
	sea_sql_put(sql, listed->opt_in);
	for (i = 0; i < SEA_STATISTICS; i++)
		sea_sql_put_if(sql, listed->has_before, listed->before[i]);
	return sea_sql_do(sql);
}

/* The number of a row's VM in the store */
static int vm_of_row(struct sea_writer *w, const struct sea_vm_change *row, __s64 *vm)
{
	if (row->row == SEA_CHANGE_OTHER)
		*vm = SEA_SCHEMA_OTHER;
	else if (row->row == SEA_CHANGE_GONE)
		*vm = SEA_SCHEMA_GONE;
	else
		return sea_writer_find_vm(w, row->id, vm);
	return 0;
}

static const char add_tick_vm_sql[] =
	"INSERT INTO tick_vm (tick, vm, claimed, host_owned, not_opted_in,"
	" forwarded, unknown, no_reason, no_ras, vncr, s2_walk, ambiguous_walk,"
	" injected, resumed, abandoned, latency_ns, lost_ratelimit, lost_ring_full,"
	" lost_name, last, last_wall_ns, ended_ns, has_left)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	" ?)";

static int write_tick_vm(struct sea_writer *w, const struct sea_vm_change *row,
			 struct sea_error *err)
{
	const struct sea_vm *grown = &row->grown;
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_ADD_TICK_VM, add_tick_vm_sql);
	__s64 vm;
	int i;

	if (!sql || vm_of_row(w, row, &vm))
		return sea_writer_fail(w, err);
	if (!vm && row->row == SEA_CHANGE_VM)
		return sea_error_set(err,
				     "cannot write %s: a tick counts a VM that no record is of",
				     w->db.path);
	sea_sql_put(sql, w->next_seq);
	sea_sql_put(sql, vm);
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		sea_sql_put_u64(sql, grown->disposition[i]);
	for (i = 0; i < SEA_REASONS; i++)
		sea_sql_put_u64(sql, grown->reason[i]);
	for (i = 0; i < SEA_RESPONSES; i++)
		sea_sql_put_u64(sql, grown->response[i]);
	sea_sql_put_u64(sql, grown->latency_ns);
	sea_sql_put_u64(sql, grown->lost_ratelimit);
	sea_sql_put_u64(sql, grown->lost_ring_full);
	sea_sql_put_u64(sql, grown->lost_name);
	sea_sql_put_if(sql, grown->last, grown->last);
	sea_sql_put_if(sql, grown->last, (__u64)sea_time_to_ns(&row->last_wall));
	sea_sql_put_if(sql, grown->ended_ns, grown->ended_ns);
	sea_sql_put(sql, row->has_left);
	if (sea_sql_do(sql) || write_latency(w, vm, grown->latency) ||
	    (row->listed_is_new && write_listed(w, vm, &row->listed)))
		return sea_writer_fail(w, err);
	return 0;
}

static const char add_tick_loss_sql[] =
	"INSERT INTO tick_loss (tick, cause, lost) VALUES (?, ?, ?)";

static int write_losses(struct sea_writer *w, const __u64 *loss)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		struct sea_sql *sql;

		if (!loss[i])
			continue;
		sql = sea_writer_sql(w, SEA_SQL_ADD_TICK_LOSS, add_tick_loss_sql);
		if (!sql)
			return -1;
		sea_sql_put(sql, w->next_seq);
		sea_sql_put_string(sql, sea_loss_word((enum sea_loss_cause)i)->name);
		sea_sql_put_u64(sql, loss[i]);
		if (sea_sql_do(sql))
			return -1;
	}
	return 0;
}

/* "missed,unseen" */
static void list_causes(__u32 causes, struct sea_text *list)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		if (causes & 1U << i)
			sea_text_add(list, "%s%s", list->len ? "," : "",
				     sea_loss_word((enum sea_loss_cause)i)->name);
}

static const char add_tick_state_sql[] =
	"INSERT INTO tick_state (tick, at_least, tells_all, unproven, check_hook,"
	" unchecked, unlisted, blind_since_ns, blind_why, no_list, pid_namespace)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static int write_state(struct sea_writer *w, const struct sea_tick_state *state)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_ADD_TICK_STATE, add_tick_state_sql);
	struct sea_text causes = {0};
	int rc = -1;

	list_causes(state->at_least, &causes);
	if (sql && !causes.failed) {
		sea_sql_put(sql, w->next_seq);
		sea_sql_put_string(sql, causes.text);
		sea_sql_put(sql, state->tells_all);
		sea_sql_put(sql, state->unproven);
		sea_sql_put_text(sql, state->check);
		sea_sql_put_text(sql, state->unchecked);
		sea_sql_put_u64(sql, state->unlisted);
		sea_sql_put_if(sql, state->blind_since_ns, state->blind_since_ns);
		sea_sql_put_text(sql, state->blind_why);
		sea_sql_put_text(sql, state->no_list);
		sea_sql_put(sql, state->pid_namespace);
		rc = sea_sql_do(sql);
	}
	sea_text_free(&causes);
	return rc;
}

static const char add_tick_hook_sql[] =
	"INSERT INTO tick_hook (tick, nr, program, function, part, mechanism,"
	" proof, by, missed, missed_at_least)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static int write_hooks(struct sea_writer *w, const struct sea_hooks *hooks)
{
	size_t i;

	for (i = 0; i < hooks->nr; i++) {
		const struct sea_hook_state *hook = &hooks->hooks[i];
		struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_ADD_TICK_HOOK, add_tick_hook_sql);

		if (!sql)
			return -1;
		sea_sql_put(sql, w->next_seq);
		sea_sql_put(sql, (__s64)i);
		sea_sql_put_string(sql, hook->program);
		sea_sql_put_string(sql, hook->function);
		sea_sql_put_string(sql, sea_part_name(hook->part));
		sea_sql_put_string(sql, sea_mechanism_name(hook->mechanism));
		sea_sql_put_string(sql, sea_proof_name(hook->proof));
		sea_sql_put_text(sql, hook->by);
		sea_sql_put_u64(sql, hook->missed);
		sea_sql_put(sql, hook->missed_at_least);
		if (sea_sql_do(sql))
			return -1;
	}
	return 0;
}

static const char extend_tick_sql[] =
	"UPDATE tick SET time_ns = ?, wall_ns = ?, ticks = ticks + ? WHERE seq = ?";

static int extend_tick(struct sea_writer *w, const struct sea_entry *entry)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_EXTEND_TICK, extend_tick_sql);

	if (!sql)
		return -1;
	sea_sql_put_u64(sql, entry->record.time_ns);
	sea_sql_put(sql, sea_time_to_ns(&entry->record.wall));
	sea_sql_put_u64(sql, entry->change->ticks);
	sea_sql_put(sql, w->last_tick);
	return sea_sql_do(sql);
}

static const char add_tick_sql[] =
	"INSERT INTO tick (seq, session, time_ns, wall_ns, first_ns, first_wall_ns,"
	" ticks, checked, overseen, disarmed, blind_ns, ended_unseen, gone_vms,"
	" seen_vms, answered_early)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static int add_tick(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_change *c = entry->change;
	struct sea_sql *sql = sea_writer_sql_record(w, SEA_SQL_ADD_TICK, add_tick_sql,
						    &entry->record, entry->record.time_ns);

	if (!sql)
		return -1;
	sea_sql_put_u64(sql, c->first_ns);
	sea_sql_put(sql, sea_time_to_ns(&c->first));
	sea_sql_put_u64(sql, c->ticks);
	sea_sql_put_u64(sql, c->checked);
	sea_sql_put_u64(sql, c->overseen);
	sea_sql_put_u64(sql, c->disarmed);
	sea_sql_put_u64(sql, c->blind_ns);
	sea_sql_put_u64(sql, c->ended_unseen);
	sea_sql_put_u64(sql, c->nr_gone);
	sea_sql_put_u64(sql, c->seen_vms);
	sea_sql_put_u64(sql, c->answered_early);
	if (sea_sql_do(sql) || write_losses(w, c->loss) ||
	    (c->state_is_new && write_state(w, &c->state)) ||
	    (c->hooks_are_new && write_hooks(w, &c->hooks)))
		return -1;
	return 0;
}

int sea_writer_tick(struct sea_writer *w, const struct sea_entry *entry, struct sea_error *err)
{
	size_t i;

	if (sea_writer_see(w, &entry->record))
		return sea_writer_fail(w, err);
	if (entry->extends && w->last_tick)
		return extend_tick(w, entry) ? sea_writer_fail(w, err) : 0;
	if (add_tick(w, entry))
		return sea_writer_fail(w, err);
	for (i = 0; i < entry->change->nr_vms; i++)
		if (write_tick_vm(w, &entry->change->vms[i], err))
			return -1;
	return sea_writer_sum_up(w, false) ? sea_writer_fail(w, err) : 0;
}
