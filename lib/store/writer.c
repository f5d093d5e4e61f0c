// SPDX-License-Identifier: GPL-2.0-only
#include "store/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "model/clock.h"
#include "store/schema.h"
#include "store/sums.h"

/* Each is prepared at its first use. */
enum statement {
	FIND_SESSION,
	ADD_SESSION,
	CHANGE_SESSION,
	ADD_SESSION_RECORD,
	SEE_SESSION,
	FIND_VM_OF_SESSION,
	FIND_VM_BY_KEY,
	ADD_VM,
	ADD_VM_OF_SESSION,
	CHANGE_VM,
	ADD_VM_RECORD,
	ADD_SEA,
	ADD_ANSWER,
	ADD_PAGE,
	ADD_END,
	END_VM,
	ADD_TICK,
	EXTEND_TICK,
	ADD_TICK_VM,
	ADD_TICK_LATENCY,
	ADD_TICK_LISTED,
	ADD_TICK_LOSS,
	ADD_TICK_STATE,
	ADD_TICK_HOOK,
	ADD_GAP,
	ADD_HOST,
	STATEMENTS,
};

#define DETAIL_COLUMNS                                                                            \
	"seq, session, time_ns, wall_ns, vm, disposition, reason, esr, far, ipa, pc, vcpu, tid, " \
	"cpu, tgid, start_ns, comm"

static const char *const texts[STATEMENTS] = {
	[FIND_SESSION] = "SELECT id FROM session WHERE run = ?",
	[ADD_SESSION] =
		"INSERT INTO session (run, boot_id, host, kernel, machine, program, version,"
		" source, tells_all, started_ns, started_wall_ns, end, last_ns,"
		" last_wall_ns, redacted)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'runs', ?, ?, ?)",
	[CHANGE_SESSION] = "UPDATE session SET source = ?, tells_all = ?, ended_ns = ?,"
			   " ended_wall_ns = ?, end = ? WHERE id = ?",
	[ADD_SESSION_RECORD] = "INSERT INTO session_record (seq, session, time_ns, wall_ns, source,"
			       " tells_all, ended_ns, ended_wall_ns, end)"
			       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[SEE_SESSION] = "UPDATE session SET last_ns = ?, last_wall_ns = ? WHERE id = ?",
	[FIND_VM_OF_SESSION] = "SELECT vm FROM vm_session WHERE session = ? AND id = ?",
	/* One that another number of the session stands for is another VM. */
	[FIND_VM_BY_KEY] = "SELECT id FROM vm WHERE boot_id = ? AND tgid = ? AND start_ns = ?"
			   " AND creator = ? AND creator_fd = ? AND ended_ns IS NULL"
			   " AND id NOT IN (SELECT vm FROM vm_session WHERE session = ?)"
			   " ORDER BY id DESC LIMIT 1",
	[ADD_VM] =
		"INSERT INTO vm (boot_id, tgid, start_ns, creator, creator_fd, name, origin, comm,"
		" first_ns, first_wall_ns) VALUES (?, ?, ?, ?, ?, '', '', '', ?, ?)",
	[ADD_VM_OF_SESSION] = "INSERT INTO vm_session (session, id, vm) VALUES (?, ?, ?)",
	[CHANGE_VM] = "UPDATE vm SET tgid = ?, start_ns = ?, creator = ?, creator_fd = ?, name = ?,"
		      " origin = ?, uuid = ?, cgroup = ?, comm = ? WHERE id = ?",
	[ADD_VM_RECORD] = "INSERT INTO vm_record (seq, session, time_ns, wall_ns, vm, id, tgid,"
			  " start_ns, creator, creator_fd, first_ns, first_wall_ns, name, origin,"
			  " other_name, other_origin, disputed, uuid, cgroup, comm)"
			  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_SEA] = "INSERT INTO sea (" DETAIL_COLUMNS
		    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_ANSWER] = "INSERT INTO answer (" DETAIL_COLUMNS ", response, latency_ns)"
		       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_PAGE] = "INSERT INTO page (sea, hva, pfn, size, node, poisoned)"
		     " VALUES (?, ?, ?, ?, ?, ?)",
	[ADD_END] = "INSERT INTO vm_end (seq, session, time_ns, wall_ns, vm, ended_ns, wait_status)"
		    " VALUES (?, ?, ?, ?, ?, ?, ?)",
	[END_VM] = "UPDATE vm SET ended_ns = ?, ended_wall_ns = ?, wait_status = ? WHERE id = ?",
	[ADD_TICK] = "INSERT INTO tick (seq, session, time_ns, wall_ns, first_ns, first_wall_ns,"
		     " ticks, checked, overseen, disarmed, blind_ns, ended_unseen, gone_vms,"
		     " seen_vms, answered_early)"
		     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[EXTEND_TICK] = "UPDATE tick SET time_ns = ?, wall_ns = ?, ticks = ticks + ? WHERE seq = ?",
	[ADD_TICK_VM] = "INSERT INTO tick_vm (tick, vm, claimed, host_owned, not_opted_in,"
			" forwarded, unknown, no_reason, no_ras, vncr, s2_walk, ambiguous_walk,"
			" injected, resumed, abandoned, latency_ns, lost_ratelimit, lost_ring_full,"
			" lost_name, last, last_wall_ns, ended_ns, has_left)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			" ?)",
	[ADD_TICK_LATENCY] = "INSERT INTO tick_latency (tick, vm, slot, answers)"
			     " VALUES (?, ?, ?, ?)",
	[ADD_TICK_LISTED] = "INSERT INTO tick_listed (tick, vm, is_listed, vcpus, opt_in,"
			    " before_claimed, before_host_owned, before_not_opted_in,"
			    " before_forwarded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_TICK_LOSS] = "INSERT INTO tick_loss (tick, cause, lost) VALUES (?, ?, ?)",
	[ADD_TICK_STATE] =
		"INSERT INTO tick_state (tick, at_least, tells_all, unproven, check_hook,"
		" unchecked, unlisted, blind_since_ns, blind_why, no_list, pid_namespace)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_TICK_HOOK] = "INSERT INTO tick_hook (tick, nr, program, function, part, mechanism,"
			  " proof, by, missed, missed_at_least)"
			  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_GAP] = "INSERT INTO gap (seq, session, time_ns, wall_ns, cause, since_ns,"
		    " since_wall_ns, until_ns, until_wall_ns, why)"
		    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_HOST] =
		"INSERT INTO host_event (seq, session, time_ns, wall_ns, vm, kind, pfn, address,"
		" result, code, flags, lsb, tgid, tid, cpu, text)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

/* A VM of the session that is being written */
struct known_vm {
	__u64 id; /* sea_vm::id */
	__s64 vm; /* of the table */
	UT_hash_handle hh;
};

struct sea_writer {
	struct sea_db db;
	struct sea_sql sql[STATEMENTS];
	__s64 next_seq;
	/* The session of the last entry, and what is known of its VMs */
	char run[SEA_UUID_LEN];
	__s64 session;
	struct known_vm *vms;
	__s64 last_tick;       /* its last tick, if nothing came behind it; 0: something did */
	struct sea_sums *sums; /* of its details that are in no stretch yet */
	bool writing;	       /* a transaction is open */
	int code;	       /* SQLite's, of what failed last */
};

static void forget_session(struct sea_writer *w)
{
	struct known_vm *known, *next;

	HASH_ITER(hh, w->vms, known, next) {
		HASH_DEL(w->vms, known);
		free(known);
	}
	w->run[0] = '\0';
	w->session = 0;
	w->last_tick = 0;
	sea_sums_forget(w->sums);
}

static int fail(struct sea_writer *w, struct sea_error *err)
{
	w->code = sqlite3_errcode(w->db.sqlite);
	return sea_db_fail(&w->db, "write", err);
}

static struct sea_sql *begin(struct sea_writer *w, enum statement which)
{
	struct sea_sql *sql = &w->sql[which];

	return sea_sql_begin(&w->db, sql, texts[which]) ? NULL : sql;
}

/* A statement that begins with seq, session and both times: what all records have. */
static struct sea_sql *begin_record(struct sea_writer *w, enum statement which,
				    const struct sea_record *r, __u64 time_ns)
{
	struct sea_sql *sql = begin(w, which);

	if (!sql)
		return NULL;
	sea_sql_put(sql, w->next_seq);
	sea_sql_put(sql, w->session);
	sea_sql_put_u64(sql, time_ns);
	sea_sql_put(sql, sea_time_to_ns(&r->wall));
	return sql;
}

/* The first number that a statement gives; 0 if it gives none. -1: it failed. */
static int ask(struct sea_sql *sql, __s64 *number)
{
	int rc = sea_sql_step(sql);

	*number = rc == SQLITE_ROW ? sea_sql_take(sql) : 0;
	sea_sql_end(sql);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : -1;
}

static int find_session(struct sea_writer *w, const char *run, __s64 *id)
{
	struct sea_sql *sql = begin(w, FIND_SESSION);

	if (!sql)
		return -1;
	sea_sql_put_string(sql, run);
	return ask(sql, id);
}

static int add_session(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_session *s = entry->record.session;
	struct sea_sql *sql = begin(w, ADD_SESSION);

	if (!sql)
		return -1;
	sea_sql_put_string(sql, s->run);
	sea_sql_put_string(sql, s->boot_id);
	sea_sql_put_string(sql, s->host);
	sea_sql_put_string(sql, s->kernel);
	sea_sql_put_string(sql, s->machine);
	sea_sql_put_string(sql, s->program);
	sea_sql_put_string(sql, s->version);
	sea_sql_put_string(sql, s->source);
	sea_sql_put(sql, s->tells_all);
	sea_sql_put_u64(sql, s->started_ns);
	sea_sql_put(sql, sea_time_to_ns(&s->started));
	sea_sql_put_u64(sql, s->started_ns);
	sea_sql_put(sql, sea_time_to_ns(&s->started));
	sea_sql_put(sql, entry->redacted);
	if (sea_sql_do(sql))
		return -1;
	w->session = sqlite3_last_insert_rowid(w->db.sqlite);
	return 0;
}

/* Makes the entry's session the one that is being written. */
static int turn_to_session(struct sea_writer *w, const struct sea_entry *entry,
			   struct sea_error *err)
{
	const char *run = entry->record.session->run;

	if (w->session && !strcmp(w->run, run))
		return 0;
	forget_session(w);
	if (find_session(w, run, &w->session))
		return fail(w, err);
	if (!w->session) {
		if (entry->record.type != SEA_RECORD_SESSION)
			return sea_error_set(err,
					     "cannot write %s: a record comes before the "
					     "session that it is of",
					     w->db.path);
		if (add_session(w, entry))
			return fail(w, err);
	}
	memcpy(w->run, run, sizeof(w->run));
	return 0;
}

/* Source, what it tells, and how it ended: what may change in a session. */
static void put_session_state(struct sea_sql *sql, const struct sea_session *s)
{
	sea_sql_put_string(sql, s->source);
	sea_sql_put(sql, s->tells_all);
	sea_sql_put_if(sql, s->ended_ns, s->ended_ns);
	sea_sql_put_if(sql, s->ended.tv_sec || s->ended.tv_nsec, (__u64)sea_time_to_ns(&s->ended));
	sea_sql_put_string(sql, sea_session_end_name(s->end));
}

/* A stretch ends at a tick, which counts all that is in it; or with its session. */
static int sum_up(struct sea_writer *w, bool is_end)
{
	if (!sea_sums_are_due(w->sums, is_end))
		return 0;
	return sea_sums_write(w->sums, &w->db, w->session, w->next_seq);
}

static int write_session(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_record *r = &entry->record;
	struct sea_sql *sql = begin(w, CHANGE_SESSION);

	if (!sql)
		return -1;
	put_session_state(sql, r->session);
	sea_sql_put(sql, w->session);
	if (sea_sql_do(sql))
		return -1;
	sql = begin_record(w, ADD_SESSION_RECORD, r, r->time_ns);
	if (!sql)
		return -1;
	put_session_state(sql, r->session);
	if (sea_sql_do(sql))
		return -1;
	return r->session->ended_ns && r->session->end != SEA_SESSION_LOST ? sum_up(w, true) : 0;
}

static int know_vm(struct sea_writer *w, __u64 id, __s64 vm)
{
	struct known_vm *known;

	HASH_FIND(hh, w->vms, &id, sizeof(id), known);
	if (!known) {
		known = calloc(1, sizeof(*known));
		if (!known)
			return -1;
		known->id = id;
		HASH_ADD(hh, w->vms, id, sizeof(known->id), known);
	}
	known->vm = vm;
	return 0;
}

/* The VM that this number of the session stands for; 0: none yet. */
static int find_vm(struct sea_writer *w, __u64 id, __s64 *vm)
{
	struct known_vm *known;
	struct sea_sql *sql;

	HASH_FIND(hh, w->vms, &id, sizeof(id), known);
	*vm = known ? known->vm : 0;
	if (known)
		return 0;
	sql = begin(w, FIND_VM_OF_SESSION);
	if (!sql)
		return -1;
	sea_sql_put(sql, w->session);
	sea_sql_put_u64(sql, id);
	if (ask(sql, vm))
		return -1;
	return *vm ? know_vm(w, id, *vm) : 0;
}

static void put_key(struct sea_sql *sql, const struct sea_vm_key *key)
{
	sea_sql_put(sql, key->tgid);
	sea_sql_put_u64(sql, key->start_ns);
	sea_sql_put(sql, key->creator);
	sea_sql_put(sql, key->creator_fd);
}

/*
 * A VM that is in the store from an earlier session, and that lives; 0: none. Without
 * its creator the key does not tell the VMs of one process apart.
 */
static int find_old_vm(struct sea_writer *w, const struct sea_record *r, __s64 *vm)
{
	struct sea_sql *sql;

	*vm = 0;
	if (!r->vm->key.creator || !r->session->boot_id[0])
		return 0;
	sql = begin(w, FIND_VM_BY_KEY);
	if (!sql)
		return -1;
	sea_sql_put_string(sql, r->session->boot_id);
	put_key(sql, &r->vm->key);
	sea_sql_put(sql, w->session);
	return ask(sql, vm);
}

static int add_vm(struct sea_writer *w, const struct sea_record *r, __s64 *vm)
{
	struct sea_sql *sql = begin(w, ADD_VM);

	if (!sql)
		return -1;
	sea_sql_put_string(sql, r->session->boot_id);
	put_key(sql, &r->vm->key);
	sea_sql_put_u64(sql, r->vm->first_ns);
	sea_sql_put(sql, sea_time_to_ns(&r->vm->first));
	if (sea_sql_do(sql))
		return -1;
	*vm = sqlite3_last_insert_rowid(w->db.sqlite);
	return 0;
}

static int add_vm_of_session(struct sea_writer *w, __u64 id, __s64 vm)
{
	struct sea_sql *sql = begin(w, ADD_VM_OF_SESSION);

	if (!sql)
		return -1;
	sea_sql_put(sql, w->session);
	sea_sql_put_u64(sql, id);
	sea_sql_put(sql, vm);
	return sea_sql_do(sql) ? -1 : know_vm(w, id, vm);
}

/*
 * A VM whose key was not known in full turns out to be one of an earlier session: all
 * that was written of it so far becomes that one's.
 */
static int join_vms(struct sea_writer *w, __u64 id, __s64 from, __s64 to)
{
	static const char *const tables[] = {"vm_session",   "vm_record",   "sea",
					     "answer",	     "vm_end",	    "tick_vm",
					     "tick_latency", "tick_listed", "host_event",
					     "sea_sum",	     "answer_sum",  "slow_answer"};
	size_t i;
	int rc = 0;

	sea_sums_forget(w->sums);
	for (i = 0; !rc && i < sizeof(tables) / sizeof(tables[0]); i++) {
		char *sql = sqlite3_mprintf("UPDATE %s SET vm = %lld WHERE vm = %lld", tables[i],
					    (long long)to, (long long)from);

		rc = sql ? sqlite3_exec(w->db.sqlite, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
		sqlite3_free(sql);
	}
	if (!rc) {
		char *sql = sqlite3_mprintf("DELETE FROM vm WHERE id = %lld", (long long)from);

		rc = sql ? sqlite3_exec(w->db.sqlite, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
		sqlite3_free(sql);
	}
	return rc ? -1 : know_vm(w, id, to);
}

/* The VM of the record: one that is there, or a new one. */
static int settle_vm(struct sea_writer *w, const struct sea_record *r, __s64 *vm)
{
	__s64 known, old;

	if (find_vm(w, r->vm->id, &known) || find_old_vm(w, r, &old))
		return -1;
	*vm = old ?: known;
	if (known && old)
		return join_vms(w, r->vm->id, known, old);
	if (known)
		return 0;
	if (!old && add_vm(w, r, vm))
		return -1;
	return add_vm_of_session(w, r->vm->id, *vm);
}

static int change_vm(struct sea_writer *w, const struct sea_vm_info *info, __s64 vm)
{
	struct sea_sql *sql = begin(w, CHANGE_VM);

	if (!sql)
		return -1;
	put_key(sql, &info->key);
	sea_sql_put_string(sql, info->name.text);
	sea_sql_put_string(sql, sea_vm_origin_name(info->name.origin));
	sea_sql_put_text(sql, info->uuid);
	sea_sql_put_text(sql, info->cgroup);
	sea_sql_put_string(sql, info->comm);
	sea_sql_put(sql, vm);
	return sea_sql_do(sql);
}

static int write_vm(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_vm_info *info = r->vm;
	struct sea_sql *sql;
	__s64 vm;

	if (settle_vm(w, r, &vm) || change_vm(w, info, vm))
		return -1;
	sql = begin_record(w, ADD_VM_RECORD, r, r->time_ns);
	if (!sql)
		return -1;
	sea_sql_put(sql, vm);
	sea_sql_put_u64(sql, info->id);
	put_key(sql, &info->key);
	sea_sql_put_u64(sql, info->first_ns);
	sea_sql_put(sql, sea_time_to_ns(&info->first));
	sea_sql_put_string(sql, info->name.text);
	sea_sql_put_string(sql, sea_vm_origin_name(info->name.origin));
	sea_sql_put_text(sql, info->name.other);
	sea_sql_put_text(sql,
			 info->name.other[0] ? sea_vm_origin_name(info->name.other_origin) : NULL);
	sea_sql_put(sql, info->name.disputed);
	sea_sql_put_text(sql, info->uuid);
	sea_sql_put_text(sql, info->cgroup);
	sea_sql_put_string(sql, info->comm);
	return sea_sql_do(sql);
}

/* The VM of a record that has one, or 0. */
static int vm_of(struct sea_writer *w, const struct sea_record *r, __s64 *vm)
{
	*vm = 0;
	return r->vm ? find_vm(w, r->vm->id, vm) : 0;
}

static int write_detail(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_event *e = r->event;
	bool is_answer = r->type == SEA_RECORD_ANSWER;
	struct sea_sql *sql = begin_record(w, is_answer ? ADD_ANSWER : ADD_SEA, r, e->time_ns);
	char comm[SEA_COMM_LEN + 1];
	__s64 vm;

	if (!sql || vm_of(w, r, &vm))
		return -1;
	sea_entry_comm(e, comm);
	sea_sql_put_if(sql, vm, (__u64)vm);
	sea_sql_put(sql, e->disposition);
	sea_sql_put(sql, e->reason);
	sea_sql_put_u64(sql, e->esr);
	sea_sql_put_if(sql, e->flags & SEA_FAR_VALID, e->far);
	sea_sql_put_if(sql, e->flags & SEA_IPA_VALID, e->ipa);
	sea_sql_put_if(sql, e->flags & SEA_PC_VALID, e->pc);
	sea_sql_put(sql, e->vcpu);
	sea_sql_put(sql, e->tid);
	sea_sql_put(sql, e->cpu);
	sea_sql_put_if(sql, !vm || e->tgid != r->vm->key.tgid, e->tgid);
	sea_sql_put_if(sql, !vm || e->start_ns != r->vm->key.start_ns, e->start_ns);
	sea_sql_put_text(sql, !vm || strcmp(comm, r->vm->comm) ? comm : NULL);
	if (is_answer) {
		sea_sql_put(sql, e->response);
		sea_sql_put_u64(sql, e->latency_ns);
	}
	if (sea_sql_do(sql))
		return -1;
	sea_sums_add(w->sums, w->next_seq, vm, r);
	return 0;
}

static int write_page(struct sea_writer *w, const struct sea_page *page)
{
	struct sea_sql *sql;

	if (!page || !page->known)
		return 0;
	sql = begin(w, ADD_PAGE);
	if (!sql)
		return -1;
	sea_sql_put(sql, w->next_seq);
	sea_sql_put_if(sql, page->known & SEA_PAGE_HVA, page->hva);
	sea_sql_put_if(sql, page->known & SEA_PAGE_PFN, page->pfn);
	sea_sql_put_if(sql, page->known & SEA_PAGE_SIZE, page->size);
	sea_sql_put_if(sql, page->known & SEA_PAGE_NODE, (__u64)(__s64)page->node);
	sea_sql_put_if(sql, page->known & SEA_PAGE_POISON, page->poisoned);
	return sea_sql_do(sql);
}

static int write_sea(struct sea_writer *w, const struct sea_record *r)
{
	return write_detail(w, r) || write_page(w, r->page) ? -1 : 0;
}

static int write_end(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_end *end = r->end;
	struct sea_sql *sql;
	__s64 vm;

	if (vm_of(w, r, &vm))
		return -1;
	/* Nothing is known of it: a store that was begun anew had it no more. */
	if (!vm)
		return 0;
	sql = begin_record(w, ADD_END, r, r->time_ns);
	if (!sql)
		return -1;
	sea_sql_put(sql, vm);
	sea_sql_put_if(sql, end->time_ns, end->time_ns);
	sea_sql_put_if(sql, end->wait_status >= 0, (__u64)end->wait_status);
	if (sea_sql_do(sql))
		return -1;
	sql = begin(w, END_VM);
	if (!sql)
		return -1;
	sea_sql_put_u64(sql, r->time_ns);
	sea_sql_put(sql, sea_time_to_ns(&r->wall));
	sea_sql_put_if(sql, end->wait_status >= 0, (__u64)end->wait_status);
	sea_sql_put(sql, vm);
	return sea_sql_do(sql);
}

static int write_latency(struct sea_writer *w, __s64 vm, const __u64 *slots)
{
	int i;

	for (i = 0; i < SEA_LATENCY_SLOTS; i++) {
		struct sea_sql *sql;

		if (!slots[i])
			continue;
		sql = begin(w, ADD_TICK_LATENCY);
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

static int write_listed(struct sea_writer *w, __s64 vm, const struct sea_listed *listed)
{
	struct sea_sql *sql = begin(w, ADD_TICK_LISTED);
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
		return find_vm(w, row->id, vm);
	return 0;
}

static int write_tick_vm(struct sea_writer *w, const struct sea_vm_change *row,
			 struct sea_error *err)
{
	const struct sea_vm *grown = &row->grown;
	struct sea_sql *sql = begin(w, ADD_TICK_VM);
	__s64 vm;
	int i;

	if (!sql || vm_of_row(w, row, &vm))
		return fail(w, err);
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
		return fail(w, err);
	return 0;
}

static int write_losses(struct sea_writer *w, const __u64 *loss)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		struct sea_sql *sql;

		if (!loss[i])
			continue;
		sql = begin(w, ADD_TICK_LOSS);
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

static int write_state(struct sea_writer *w, const struct sea_tick_state *state)
{
	struct sea_sql *sql = begin(w, ADD_TICK_STATE);
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

static int write_hooks(struct sea_writer *w, const struct sea_hooks *hooks)
{
	size_t i;

	for (i = 0; i < hooks->nr; i++) {
		const struct sea_hook_state *hook = &hooks->hooks[i];
		struct sea_sql *sql = begin(w, ADD_TICK_HOOK);

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

/* The session was seen to count until this tick. */
static int see_session(struct sea_writer *w, const struct sea_record *r)
{
	struct sea_sql *sql = begin(w, SEE_SESSION);

	if (!sql)
		return -1;
	sea_sql_put_u64(sql, r->time_ns);
	sea_sql_put(sql, sea_time_to_ns(&r->wall));
	sea_sql_put(sql, w->session);
	return sea_sql_do(sql);
}

static int extend_tick(struct sea_writer *w, const struct sea_entry *entry)
{
	struct sea_sql *sql = begin(w, EXTEND_TICK);

	if (!sql)
		return -1;
	sea_sql_put_u64(sql, entry->record.time_ns);
	sea_sql_put(sql, sea_time_to_ns(&entry->record.wall));
	sea_sql_put_u64(sql, entry->change->ticks);
	sea_sql_put(sql, w->last_tick);
	return sea_sql_do(sql);
}

static int add_tick(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_change *c = entry->change;
	struct sea_sql *sql = begin_record(w, ADD_TICK, &entry->record, entry->record.time_ns);

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

static int write_tick(struct sea_writer *w, const struct sea_entry *entry, struct sea_error *err)
{
	size_t i;

	if (see_session(w, &entry->record))
		return fail(w, err);
	if (entry->extends && w->last_tick)
		return extend_tick(w, entry) ? fail(w, err) : 0;
	if (add_tick(w, entry))
		return fail(w, err);
	for (i = 0; i < entry->change->nr_vms; i++)
		if (write_tick_vm(w, &entry->change->vms[i], err))
			return -1;
	return sum_up(w, false) ? fail(w, err) : 0;
}

static int write_gap(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_gap *gap = r->gap;
	struct sea_sql *sql = begin_record(w, ADD_GAP, r, r->time_ns);
	bool is_over = gap->until.tv_sec || gap->until.tv_nsec;

	if (!sql)
		return -1;
	sea_sql_put_string(sql, sea_gap_cause_name(gap->cause));
	sea_sql_put_if(sql, gap->since_ns, gap->since_ns);
	sea_sql_put(sql, sea_time_to_ns(&gap->since));
	sea_sql_put_if(sql, gap->until_ns, gap->until_ns);
	sea_sql_put_if(sql, is_over, (__u64)sea_time_to_ns(&gap->until));
	sea_sql_put_string(sql, gap->why);
	return sea_sql_do(sql);
}

static int write_host(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_host_event *host = r->host;
	struct sea_sql *sql = begin_record(w, ADD_HOST, r, r->time_ns);
	__s64 vm;

	if (!sql || vm_of(w, r, &vm))
		return -1;
	sea_sql_put_if(sql, vm, (__u64)vm);
	sea_sql_put_string(sql, sea_host_kind_name(host->kind));
	sea_sql_put_if(sql, host->known & SEA_HOST_PFN, host->pfn);
	sea_sql_put_if(sql, host->known & SEA_HOST_ADDRESS, host->address);
	sea_sql_put_if(sql, host->known & SEA_HOST_RESULT, (__u64)host->result);
	sea_sql_put_if(sql, host->known & SEA_HOST_CODE, (__u64)(__s64)host->code);
	sea_sql_put_if(sql, host->known & SEA_HOST_FLAGS, host->flags);
	sea_sql_put(sql, host->lsb);
	sea_sql_put(sql, host->tgid);
	sea_sql_put(sql, host->tid);
	sea_sql_put(sql, host->cpu);
	sea_sql_put_string(sql, host->text);
	return sea_sql_do(sql);
}

static int write_record(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_record *r = &entry->record;

	switch (r->type) {
	case SEA_RECORD_SESSION:
		return write_session(w, entry);
	case SEA_RECORD_VM:
		return write_vm(w, r);
	case SEA_RECORD_SEA:
		return write_sea(w, r);
	case SEA_RECORD_ANSWER:
		return write_detail(w, r);
	case SEA_RECORD_END:
		return write_end(w, r);
	case SEA_RECORD_GAP:
		return write_gap(w, r);
	case SEA_RECORD_HOST:
		return write_host(w, r);
	default:
		return 0;
	}
}

int sea_writer_add(struct sea_writer *w, const struct sea_entry *entry, struct sea_error *err)
{
	bool is_tick = entry->record.type == SEA_RECORD_TICK;
	bool is_new;

	if (turn_to_session(w, entry, err))
		return -1;
	is_new = !(is_tick && entry->extends && w->last_tick);
	if (is_tick ? write_tick(w, entry, err) : (write_record(w, entry) ? fail(w, err) : 0))
		return -1;
	if (is_new) {
		w->last_tick = is_tick ? w->next_seq : 0;
		w->next_seq++;
	}
	return 0;
}

/* The number that the next record gets */
static __s64 next_seq(const struct sea_db *db)
{
	return 1 + sea_db_number(db,
				 "SELECT max(s) FROM ("
				 "SELECT max(seq) AS s FROM session_record"
				 " UNION ALL SELECT max(seq) FROM vm_record"
				 " UNION ALL SELECT max(seq) FROM sea"
				 " UNION ALL SELECT max(seq) FROM answer"
				 " UNION ALL SELECT max(seq) FROM vm_end"
				 " UNION ALL SELECT max(seq) FROM tick"
				 " UNION ALL SELECT max(seq) FROM gap"
				 " UNION ALL SELECT max(seq) FROM host_event"
				 " UNION ALL SELECT max(seq) FROM mark)",
				 0);
}

int sea_writer_begin(struct sea_writer *w, struct sea_error *err)
{
	if (sqlite3_exec(w->db.sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL))
		return fail(w, err);
	w->writing = true;
	return 0;
}

int sea_writer_commit(struct sea_writer *w, struct sea_error *err)
{
	if (sqlite3_exec(w->db.sqlite, "COMMIT", NULL, NULL, NULL))
		return fail(w, err);
	w->writing = false;
	return 0;
}

void sea_writer_cancel(struct sea_writer *w)
{
	int i;

	for (i = 0; i < STATEMENTS; i++)
		sea_sql_end(&w->sql[i]);
	sea_sums_release(w->sums);
	/* After some errors SQLite has done it already. */
	if (w->writing && !sqlite3_get_autocommit(w->db.sqlite))
		sqlite3_exec(w->db.sqlite, "ROLLBACK", NULL, NULL, NULL);
	w->writing = false;
	forget_session(w);
	w->next_seq = next_seq(&w->db);
}

int sea_writer_write(struct sea_writer *w, const struct sea_batch *batch, struct sea_error *err)
{
	const struct sea_batch_item *item;
	int rc = sea_writer_begin(w, err);

	for (item = batch->first; !rc && item; item = item->next)
		rc = sea_writer_add(w, &item->entry, err);
	if (!rc)
		rc = sea_writer_commit(w, err);
	if (rc)
		sea_writer_cancel(w);
	return rc;
}

int sea_writer_open(const char *path, enum sea_db_mode mode, const char *vfs,
		    struct sea_writer **writer, struct sea_error *err)
{
	struct sea_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return sea_error_set(err, "cannot open %s: out of memory", path);
	if (sea_db_open(path, mode, vfs, &w->db, err)) {
		free(w);
		return -1;
	}
	w->sums = sea_sums_new();
	if (!w->sums) {
		sea_db_close(&w->db);
		free(w);
		return sea_error_set(err, "cannot open %s: out of memory", path);
	}
	w->next_seq = next_seq(&w->db);
	*writer = w;
	return 0;
}

static void release(struct sea_writer *w)
{
	int i;

	for (i = 0; i < STATEMENTS; i++)
		sea_sql_free(&w->sql[i]);
	forget_session(w);
	sea_sums_free(w->sums);
}

void sea_writer_close(struct sea_writer *w)
{
	if (!w)
		return;
	release(w);
	sea_db_close(&w->db);
	free(w);
}

bool sea_writer_was_full(const struct sea_writer *w)
{
	return (w->code & 0xff) == SQLITE_FULL;
}

const struct sea_db *sea_writer_db(const struct sea_writer *writer)
{
	return &writer->db;
}

void sea_writer_give(struct sea_writer *w, struct sea_db *db)
{
	release(w);
	*db = w->db;
	free(w);
}
