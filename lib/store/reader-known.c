// SPDX-License-Identifier: GPL-2.0-only
/* reader-known.c - the sessions and VMs that rows are of, asked for once each. */
#include "store/reader-internal.h"

#include <stdlib.h>
#include <string.h>

#define SESSION "SELECT " SEA_SESSION_COLUMNS " FROM session WHERE id = ?"

/* As it was known then; of one that is told of later only, as it was known first. */
#define VM                                                                               \
	"SELECT id, tgid, start_ns, creator, creator_fd, first_ns, first_wall_ns, name," \
	" origin, other_name, other_origin, disputed, uuid, cgroup, comm"                \
	" FROM vm_record WHERE vm = ?1 AND session = ?2"                                 \
	" ORDER BY seq > ?3, CASE WHEN seq > ?3 THEN seq ELSE -seq END LIMIT 1"

unsigned int sea_reader_name(struct sea_sql *sql, unsigned int nr,
			     const char *(*name_of)(unsigned int number))
{
	const char *name = sea_sql_take_string(sql);
	unsigned int i;

	for (i = 0; name && i < nr; i++)
		if (!strcmp(name, name_of(i)))
			return i;
	return nr;
}

static const char *origin_name(unsigned int origin)
{
	return sea_vm_origin_name((enum sea_vm_origin)origin);
}

static enum sea_vm_origin take_origin(struct sea_sql *sql)
{
	unsigned int origin = sea_reader_name(sql, SEA_VM_ORIGINS, origin_name);

	return origin < SEA_VM_ORIGINS ? (enum sea_vm_origin)origin : SEA_VM_FROM_NOTHING;
}

static int load_session(struct sea_reader *r, struct sea_known_session *known,
			struct sea_error *err)
{
	struct sea_sql *sql = &r->ask_session;
	int rc;

	if (sea_sql_begin(&r->db, sql, SESSION))
		return sea_reader_fail(r, err);
	sea_sql_put(sql, known->id);
	rc = sea_sql_step(sql);
	if (rc == SQLITE_DONE)
		return sea_error_set(err,
				     "cannot read %s: it has records of a session that it has "
				     "not; the file is damaged",
				     r->db.path);
	if (rc != SQLITE_ROW)
		return sea_reader_fail(r, err);
	sea_session_take(sql, &known->row);
	sea_sql_end(sql);
	return 0;
}

struct sea_known_session *sea_reader_session_of(struct sea_reader *r, __s64 id,
						struct sea_error *err)
{
	struct sea_known_session *known;

	HASH_FIND(hh, r->sessions, &id, sizeof(id), known);
	if (known)
		return known;
	known = calloc(1, sizeof(*known));
	if (!known) {
		sea_error_set(err, "cannot read %s: out of memory", r->db.path);
		return NULL;
	}
	known->id = id;
	if (load_session(r, known, err)) {
		free(known);
		return NULL;
	}
	HASH_ADD(hh, r->sessions, id, sizeof(known->id), known);
	return known;
}

struct sea_vm_info *sea_reader_info(struct sea_sql *sql)
{
	struct sea_vm_info info = {0};

	info.id = sea_sql_take_u64(sql);
	info.key.tgid = (__u32)sea_sql_take(sql);
	info.key.start_ns = sea_sql_take_u64(sql);
	info.key.creator = (__u32)sea_sql_take(sql);
	info.key.creator_fd = (__s32)sea_sql_take(sql);
	info.first_ns = sea_sql_take_u64(sql);
	info.first = sea_reader_time(sql);
	sea_sql_take_text(sql, info.name.text, sizeof(info.name.text));
	info.name.origin = take_origin(sql);
	sea_sql_take_text(sql, info.name.other, sizeof(info.name.other));
	info.name.other_origin = take_origin(sql);
	if (!info.name.other[0])
		info.name.other_origin = 0;
	info.name.disputed = sea_sql_take(sql);
	sea_sql_take_text(sql, info.uuid, sizeof(info.uuid));
	sea_sql_take_text(sql, info.cgroup, sizeof(info.cgroup));
	sea_sql_take_text(sql, info.comm, sizeof(info.comm));
	return sea_vm_info_new(&info);
}

int sea_reader_know(struct sea_reader *r, __s64 session, __s64 vm, struct sea_vm_info *info,
		    struct sea_known_vm **out, struct sea_error *err)
{
	const struct sea_known_vm_key key = {session, vm};
	struct sea_known_vm *known;

	HASH_FIND(hh, r->vms, &key, sizeof(key), known);
	if (!known)
		known = calloc(1, sizeof(*known));
	if (!known || !info) {
		sea_vm_info_put(info);
		return sea_error_set(err, "cannot read %s: out of memory", r->db.path);
	}
	if (!known->info) {
		known->key = key;
		HASH_ADD(hh, r->vms, key, sizeof(known->key), known);
	}
	sea_vm_info_put(known->info);
	known->info = info;
	*out = known;
	return 0;
}

int sea_reader_who(struct sea_reader *r, __s64 session, __s64 vm, const struct sea_vm_info **info,
		   struct sea_error *err)
{
	const struct sea_known_vm_key key = {session, vm};
	struct sea_known_vm *known;
	struct sea_sql *sql = &r->ask_vm;
	int rc = 0;

	*info = NULL;
	if (vm <= 0)
		return 0;
	HASH_FIND(hh, r->vms, &key, sizeof(key), known);
	if (!known) {
		if (sea_sql_begin(&r->db, sql, VM))
			return sea_reader_fail(r, err);
		sea_sql_put(sql, vm);
		sea_sql_put(sql, session);
		sea_sql_put(sql, r->seq);
		rc = sea_sql_step(sql);
		if (rc == SQLITE_ROW) {
			rc = sea_reader_know(r, session, vm, sea_reader_info(sql), &known, err);
		} else {
			rc = rc == SQLITE_DONE ? 0 : sea_reader_fail(r, err);
		}
		sea_sql_end(sql);
	}
	if (known)
		*info = known->info;
	return rc;
}

void sea_reader_forget(struct sea_reader *r)
{
	struct sea_known_session *session, *next_session;
	struct sea_known_vm *vm, *next_vm;

	HASH_ITER(hh, r->sessions, session, next_session) {
		HASH_DEL(r->sessions, session);
		free(session);
	}
	HASH_ITER(hh, r->vms, vm, next_vm) {
		HASH_DEL(r->vms, vm);
		sea_vm_info_put(vm->info);
		free(vm);
	}
}
