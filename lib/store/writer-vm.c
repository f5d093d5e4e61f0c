// SPDX-License-Identifier: GPL-2.0-only
/* writer-vm.c - which VM of the store a record is of, and what is known of it. */
#include "store/writer-internal.h"

#include <stdlib.h>

#include "model/clock.h"

/* A VM of the session that is being written */
struct sea_writer_vm {
	__u64 id; /* sea_vm::id */
	__s64 vm; /* of the table */
	UT_hash_handle hh;
};

void sea_writer_forget_vms(struct sea_writer *w)
{
	struct sea_writer_vm *known, *next;

	HASH_ITER(hh, w->vms, known, next) {
		HASH_DEL(w->vms, known);
		free(known);
	}
}

static int know_vm(struct sea_writer *w, __u64 id, __s64 vm)
{
	struct sea_writer_vm *known;

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

static const char find_vm_of_session_sql[] =
	"SELECT vm FROM vm_session WHERE session = ? AND id = ?";

int sea_writer_find_vm(struct sea_writer *w, __u64 id, __s64 *vm)
{
	struct sea_writer_vm *known;
	struct sea_sql *sql;

	HASH_FIND(hh, w->vms, &id, sizeof(id), known);
	*vm = known ? known->vm : 0;
	if (known)
		return 0;
	sql = sea_writer_sql(w, SEA_SQL_FIND_VM_OF_SESSION, find_vm_of_session_sql);
	if (!sql)
		return -1;
	sea_sql_put(sql, w->session);
	sea_sql_put_u64(sql, id);
	if (sea_writer_ask(sql, vm))
		return -1;
	return *vm ? know_vm(w, id, *vm) : 0;
}

int sea_writer_vm_of(struct sea_writer *w, const struct sea_record *r, __s64 *vm)
{
	*vm = 0;
	return r->vm ? sea_writer_find_vm(w, r->vm->id, vm) : 0;
}

static void put_key(struct sea_sql *sql, const struct sea_vm_key *key)
{
	sea_sql_put(sql, key->tgid);
	sea_sql_put_u64(sql, key->start_ns);
	sea_sql_put(sql, key->creator);
	sea_sql_put(sql, key->creator_fd);
}

/* One that another number of the session stands for is another VM. */
static const char find_vm_by_key_sql[] =
	"SELECT id FROM vm WHERE boot_id = ? AND tgid = ? AND start_ns = ?"
	" AND creator = ? AND creator_fd = ? AND ended_ns IS NULL"
	" AND id NOT IN (SELECT vm FROM vm_session WHERE session = ?)"
	" ORDER BY id DESC LIMIT 1";

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
	sql = sea_writer_sql(w, SEA_SQL_FIND_VM_BY_KEY, find_vm_by_key_sql);
	if (!sql)
		return -1;
	sea_sql_put_string(sql, r->session->boot_id);
	put_key(sql, &r->vm->key);
	sea_sql_put(sql, w->session);
	return sea_writer_ask(sql, vm);
}

static const char add_vm_sql[] =
	"INSERT INTO vm (boot_id, tgid, start_ns, creator, creator_fd, name, origin, comm,"
	" first_ns, first_wall_ns) VALUES (?, ?, ?, ?, ?, '', '', '', ?, ?)";

static int add_vm(struct sea_writer *w, const struct sea_record *r, __s64 *vm)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_ADD_VM, add_vm_sql);

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

static const char add_vm_of_session_sql[] =
	"INSERT INTO vm_session (session, id, vm) VALUES (?, ?, ?)";

static int add_vm_of_session(struct sea_writer *w, __u64 id, __s64 vm)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_ADD_VM_OF_SESSION, add_vm_of_session_sql);

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

	if (sea_writer_find_vm(w, r->vm->id, &known) || find_old_vm(w, r, &old))
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

static const char change_vm_sql[] =
	"UPDATE vm SET tgid = ?, start_ns = ?, creator = ?, creator_fd = ?, name = ?,"
	" origin = ?, uuid = ?, cgroup = ?, comm = ? WHERE id = ?";

static int change_vm(struct sea_writer *w, const struct sea_vm_info *info, __s64 vm)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_CHANGE_VM, change_vm_sql);

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

static const char add_vm_record_sql[] =
	"INSERT INTO vm_record (seq, session, time_ns, wall_ns, vm, id, tgid,"
	" start_ns, creator, creator_fd, first_ns, first_wall_ns, name, origin,"
	" other_name, other_origin, disputed, uuid, cgroup, comm)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

int sea_writer_vm(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_vm_info *info = r->vm;
	struct sea_sql *sql;
	__s64 vm;

	if (settle_vm(w, r, &vm) || change_vm(w, info, vm))
		return -1;
	sql = sea_writer_sql_record(w, SEA_SQL_ADD_VM_RECORD, add_vm_record_sql, r, r->time_ns);
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

static const char add_end_sql[] =
	"INSERT INTO vm_end (seq, session, time_ns, wall_ns, vm, ended_ns, wait_status)"
	" VALUES (?, ?, ?, ?, ?, ?, ?)";
static const char end_vm_sql[] =
	"UPDATE vm SET ended_ns = ?, ended_wall_ns = ?, wait_status = ? WHERE id = ?";

int sea_writer_end(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_end *end = r->end;
	struct sea_sql *sql;
	__s64 vm;

	if (sea_writer_vm_of(w, r, &vm))
		return -1;
	/* Nothing is known of it: a store that was begun anew had it no more. */
	if (!vm)
		return 0;
	sql = sea_writer_sql_record(w, SEA_SQL_ADD_END, add_end_sql, r, r->time_ns);
	if (!sql)
		return -1;
	sea_sql_put(sql, vm);
	sea_sql_put_if(sql, end->time_ns, end->time_ns);
	sea_sql_put_if(sql, end->wait_status >= 0, (__u64)end->wait_status);
	if (sea_sql_do(sql))
		return -1;
	sql = sea_writer_sql(w, SEA_SQL_END_VM, end_vm_sql);
	if (!sql)
		return -1;
	sea_sql_put_u64(sql, r->time_ns);
	sea_sql_put(sql, sea_time_to_ns(&r->wall));
	sea_sql_put_if(sql, end->wait_status >= 0, (__u64)end->wait_status);
	sea_sql_put(sql, vm);
	return sea_sql_do(sql);
}
