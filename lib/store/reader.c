// SPDX-License-Identifier: GPL-2.0-only
#include "store/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/clock.h"
#include "store/reader-internal.h"
#include "store/session-row.h"

#define HEAD "seq, session, time_ns, wall_ns"
#define DETAIL                                                                             \
	HEAD ", coalesce(vm, 0), disposition, reason, esr, far, ipa, pc, vcpu, tid, cpu, " \
	     "tgid, start_ns, comm"

/* Where the records of a type are; all begin with HEAD, and a VM's number is the fifth. */
static const struct {
	const char *columns, *table;
	bool has_vm;
} sources[SEA_RECORD_TYPES] = {
	[SEA_RECORD_SESSION] = {HEAD ", source, tells_all, ended_ns, ended_wall_ns, end",
				"session_record", false},
	[SEA_RECORD_VM] = {HEAD ", vm, id, tgid, start_ns, creator, creator_fd, first_ns, "
				"first_wall_ns, name, origin, other_name, other_origin, disputed, "
				"uuid, cgroup, comm",
			   "vm_record", true},
	[SEA_RECORD_SEA] = {DETAIL, "sea", true},
	[SEA_RECORD_ANSWER] = {DETAIL ", response, latency_ns", "answer", true},
	[SEA_RECORD_END] = {HEAD ", vm, ended_ns, wait_status", "vm_end", true},
	[SEA_RECORD_TICK] = {HEAD ", first_ns, first_wall_ns, ticks, checked, overseen, disarmed, "
				  "blind_ns, ended_unseen, gone_vms, seen_vms, answered_early",
			     "tick", false},
	[SEA_RECORD_GAP] = {HEAD ", cause, since_ns, since_wall_ns, until_ns, until_wall_ns, why",
			    "gap", false},
	[SEA_RECORD_HOST] = {HEAD ", coalesce(vm, 0), kind, pfn, address, result, code, flags, "
				  "lsb, tgid, tid, cpu, text",
			     "host_event", true},
};

#define SESSION "SELECT " SEA_SESSION_COLUMNS " FROM session WHERE id = ?"

/* As it was known then; of one that is told of later only, as it was known first. */
#define VM                                                                               \
	"SELECT id, tgid, start_ns, creator, creator_fd, first_ns, first_wall_ns, name," \
	" origin, other_name, other_origin, disputed, uuid, cgroup, comm"                \
	" FROM vm_record WHERE vm = ?1 AND session = ?2"                                 \
	" ORDER BY seq > ?3, CASE WHEN seq > ?3 THEN seq ELSE -seq END LIMIT 1"

struct sea_known_session {
	__s64 id; /* of the table */
	struct sea_session_row row;
	UT_hash_handle hh;
};

struct vm_key {
	__s64 session, vm; /* of the tables */
};

struct sea_known_vm {
	struct vm_key key;
	const struct sea_vm_info *info;
	UT_hash_handle hh;
};

int sea_reader_fail(const struct sea_reader *r, struct sea_error *err)
{
	return sea_db_fail(&r->db, "read", err);
}

struct timespec sea_reader_time(struct sea_sql *sql)
{
	return sea_time_from_ns(sea_sql_take(sql));
}

/* The number of a name in the next column, or otherwise: a newer program knows more. */
static int take_name(struct sea_sql *sql, int (*number_of)(const char *name), int otherwise)
{
	const char *name = sea_sql_take_string(sql);
	int number = name ? number_of(name) : -1;

	return number < 0 ? otherwise : number;
}

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

static struct sea_known_session *session_of(struct sea_reader *r, __s64 id, struct sea_error *err)
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

/* From behind seq, session and times of a row of vm_record */
static struct sea_vm_info *take_info(struct sea_sql *sql)
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

/* What is known of the VM is this from now on. */
static int know_vm(struct sea_reader *r, __s64 session, __s64 vm, struct sea_vm_info *info,
		   struct sea_known_vm **out, struct sea_error *err)
{
	const struct vm_key key = {session, vm};
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

/* Who a VM of the tables is; *info NULL: nothing says. */
int sea_reader_who(struct sea_reader *r, __s64 session, __s64 vm, const struct sea_vm_info **info,
		   struct sea_error *err)
{
	const struct vm_key key = {session, vm};
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
			rc = know_vm(r, session, vm, take_info(sql), &known, err);
		} else {
			rc = rc == SQLITE_DONE ? 0 : sea_reader_fail(r, err);
		}
		sea_sql_end(sql);
	}
	if (known)
		*info = known->info;
	return rc;
}

static int read_session(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
			struct sea_error *err)
{
	struct sea_known_session *known = session_of(r, r->session, err);
	struct sea_session *s = &known->row.session;

	sea_sql_take_text(sql, s->source, sizeof(s->source));
	s->tells_all = sea_sql_take(sql);
	s->ended_ns = sea_sql_take_u64(sql);
	s->ended = sea_reader_time(sql);
	s->end = (enum sea_session_end)take_name(sql, sea_session_end_number, SEA_SESSION_LOST);
	entry->redacted = known->row.redacted;
	return 0;
}

static int read_vm(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		   struct sea_error *err)
{
	struct sea_known_vm *known;

	r->vm = sea_sql_take(sql);
	if (know_vm(r, r->session, r->vm, take_info(sql), &known, err))
		return -1;
	entry->record.vm = known->info;
	return 0;
}

static int read_page(struct sea_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	struct sea_page *page = &r->page;
	struct sea_sql *sql = &r->ask_page;
	__u64 number;
	int rc;

	if (sea_sql_begin(&r->db, sql,
			  "SELECT hva, pfn, size, node, poisoned FROM page WHERE sea = ?"))
		return sea_reader_fail(r, err);
	sea_sql_put(sql, r->seq);
	rc = sea_sql_step(sql);
	*page = (struct sea_page){0};
	if (rc == SQLITE_ROW) {
		page->known |= sea_sql_take_if(sql, &page->hva) ? SEA_PAGE_HVA : 0;
		page->known |= sea_sql_take_if(sql, &page->pfn) ? SEA_PAGE_PFN : 0;
		page->known |= sea_sql_take_if(sql, &page->size) ? SEA_PAGE_SIZE : 0;
		page->known |= sea_sql_take_if(sql, &number) ? SEA_PAGE_NODE : 0;
		page->node = (__s32)number;
		page->known |= sea_sql_take_if(sql, &number) ? SEA_PAGE_POISON : 0;
		page->poisoned = number != 0;
		entry->record.page = page;
	} else if (rc != SQLITE_DONE) {
		return sea_reader_fail(r, err);
	}
	sea_sql_end(sql);
	return 0;
}

static int read_detail(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		       struct sea_error *err)
{
	struct sea_record *record = &entry->record;
	struct sea_event *e = &r->event;
	char comm[SEA_COMM_LEN + 1] = "";
	__u64 number;

	r->vm = sea_sql_take(sql);
	if (sea_reader_who(r, r->session, r->vm, &record->vm, err))
		return -1;
	*e = (struct sea_event){.version = SEA_ABI_VERSION, .size = sizeof(*e)};
	e->type = record->type == SEA_RECORD_SEA ? SEA_EVENT_SEA : SEA_EVENT_ANSWERED;
	e->time_ns = record->time_ns;
	record->time_ns = SEA_LAST_NS(e->time_ns);
	e->disposition = (__u8)sea_sql_take(sql);
	e->reason = (__u8)sea_sql_take(sql);
	e->esr = sea_sql_take_u64(sql);
	e->flags |= sea_sql_take_if(sql, &e->far) ? SEA_FAR_VALID : 0;
	e->flags |= sea_sql_take_if(sql, &e->ipa) ? SEA_IPA_VALID : 0;
	e->flags |= sea_sql_take_if(sql, &e->pc) ? SEA_PC_VALID : 0;
	e->vcpu = (__u32)sea_sql_take(sql);
	e->tid = (__u32)sea_sql_take(sql);
	e->cpu = (__u32)sea_sql_take(sql);
	if (record->vm) {
		e->vm_id = record->vm->id;
		e->tgid = record->vm->key.tgid;
		e->start_ns = record->vm->key.start_ns;
	}
	if (sea_sql_take_if(sql, &number))
		e->tgid = (__u32)number;
	if (sea_sql_take_if(sql, &number))
		e->start_ns = number;
	sea_sql_take_text(sql, comm, sizeof(comm));
	if (!comm[0] && record->vm)
		memcpy(comm, record->vm->comm, sizeof(comm));
	memcpy(e->comm, comm, sizeof(e->comm));
	record->event = e;
	if (record->type == SEA_RECORD_SEA)
		return read_page(r, entry, err);
	e->response = (__u8)sea_sql_take(sql);
	e->latency_ns = sea_sql_take_u64(sql);
	return 0;
}

static int read_end(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		    struct sea_error *err)
{
	__u64 status;

	r->vm = sea_sql_take(sql);
	if (sea_reader_who(r, r->session, r->vm, &entry->record.vm, err))
		return -1;
	r->end = (struct sea_end){.time_ns = sea_sql_take_u64(sql), .wait_status = -1};
	if (sea_sql_take_if(sql, &status))
		r->end.wait_status = (int)status;
	entry->record.end = &r->end;
	return 0;
}

static int read_gap(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		    struct sea_error *err)
{
	struct sea_gap *gap = &r->gap;

	(void)err;
	*gap = (struct sea_gap){0};
	gap->cause = (enum sea_gap_cause)take_name(sql, sea_gap_cause_number, SEA_GAP_RECORDER);
	gap->since_ns = sea_sql_take_u64(sql);
	gap->since = sea_reader_time(sql);
	gap->until_ns = sea_sql_take_u64(sql);
	gap->until = sea_reader_time(sql);
	sea_sql_take_text(sql, gap->why, sizeof(gap->why));
	entry->record.gap = gap;
	return 0;
}

static int read_host(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		     struct sea_error *err)
{
	struct sea_host_event *host = &r->host;
	__u64 number;

	r->vm = sea_sql_take(sql);
	if (sea_reader_who(r, r->session, r->vm, &entry->record.vm, err))
		return -1;
	*host = (struct sea_host_event){0};
	host->kind = (enum sea_host_kind)take_name(sql, sea_host_kind_number, SEA_HOST_KINDS);
	host->known |= sea_sql_take_if(sql, &host->pfn) ? SEA_HOST_PFN : 0;
	host->known |= sea_sql_take_if(sql, &host->address) ? SEA_HOST_ADDRESS : 0;
	host->known |= sea_sql_take_if(sql, &number) ? SEA_HOST_RESULT : 0;
	host->result = (__s64)number;
	host->known |= sea_sql_take_if(sql, &number) ? SEA_HOST_CODE : 0;
	host->code = (__s32)number;
	host->known |= sea_sql_take_if(sql, &number) ? SEA_HOST_FLAGS : 0;
	host->flags = (__u32)number;
	host->lsb = (__u32)sea_sql_take(sql);
	host->tgid = (__u32)sea_sql_take(sql);
	host->tid = (__u32)sea_sql_take(sql);
	host->cpu = (__u32)sea_sql_take(sql);
	sea_sql_take_text(sql, host->text, sizeof(host->text));
	if (entry->record.vm)
		host->vm_id = entry->record.vm->id;
	entry->record.host = host;
	return 0;
}

static int read_rest(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		     struct sea_error *err)
{
	switch (entry->record.type) {
	case SEA_RECORD_SESSION:
		return read_session(r, sql, entry, err);
	case SEA_RECORD_VM:
		return read_vm(r, sql, entry, err);
	case SEA_RECORD_SEA:
	case SEA_RECORD_ANSWER:
		return read_detail(r, sql, entry, err);
	case SEA_RECORD_END:
		return read_end(r, sql, entry, err);
	case SEA_RECORD_TICK:
		entry->change = &r->change;
		return sea_reader_tick(r, sql, err);
	case SEA_RECORD_GAP:
		return read_gap(r, sql, entry, err);
	default:
		return read_host(r, sql, entry, err);
	}
}

/* The row at which the source stands, as an entry. */
static int read_entry(struct sea_reader *r, int type, struct sea_entry *entry,
		      struct sea_error *err)
{
	struct sea_sql *sql = &r->sources[type].sql;
	struct sea_known_session *known;

	memset(entry, 0, sizeof(*entry));
	entry->record.type = (enum sea_record_type)type;
	sql->at = 0;
	r->seq = sea_sql_take(sql);
	r->session = sea_sql_take(sql);
	r->vm = 0;
	entry->record.time_ns = sea_sql_take_u64(sql);
	entry->record.wall = sea_reader_time(sql);
	known = session_of(r, r->session, err);
	if (!known)
		return -1;
	entry->record.session = &known->row.session;
	return read_rest(r, sql, entry, err);
}

/* Goes to the next row of the source. */
static int advance(struct sea_reader *r, struct sea_reader_source *source, struct sea_error *err)
{
	int rc = sea_sql_step(&source->sql);

	source->is_at_end = rc != SQLITE_ROW;
	if (rc == SQLITE_ROW)
		source->seq = sqlite3_column_int64(source->sql.statement, 0);
	else if (rc != SQLITE_DONE)
		return sea_reader_fail(r, err);
	else
		sea_sql_end(&source->sql);
	return 0;
}

/* What the filter says, as a condition */
static void add_conditions(const struct sea_read_filter *f, bool has_vm, struct sea_text *sql)
{
	if (f->since_ns)
		sea_text_add(sql, " AND wall_ns >= %" PRId64, (int64_t)f->since_ns);
	if (f->until_ns)
		sea_text_add(sql, " AND wall_ns < %" PRId64, (int64_t)f->until_ns);
	if (f->from)
		sea_text_add(sql, " AND seq >= %" PRId64, (int64_t)f->from);
	if (f->to)
		sea_text_add(sql, " AND seq < %" PRId64, (int64_t)f->to);
	if (f->session)
		sea_text_add(sql, " AND session = %" PRId64, (int64_t)f->session);
	if (f->vm && has_vm)
		sea_text_add(sql, " AND vm = %" PRId64, (int64_t)f->vm);
}

static int open_source(struct sea_reader *r, int type, struct sea_error *err)
{
	struct sea_reader_source *source = &r->sources[type];
	struct sea_text sql = {0};
	int rc;

	sea_text_add(&sql, "SELECT %s FROM %s WHERE true", sources[type].columns,
		     sources[type].table);
	add_conditions(&r->filter, sources[type].has_vm, &sql);
	sea_text_add(&sql, " ORDER BY seq");
	if (sql.failed)
		rc = sea_error_set(err, "cannot read %s: out of memory", r->db.path);
	else
		rc = sea_sql_begin(&r->db, &source->sql, sql.text) ? sea_reader_fail(r, err) : 0;
	sea_text_free(&sql);
	/* A newer program has other tables: the rest can still be read. */
	if (rc && r->db.newer) {
		r->db.incomplete = true;
		source->is_at_end = true;
		return 0;
	}
	source->is_open = !rc;
	return rc ? -1 : advance(r, source, err);
}

int sea_reader_begin(struct sea_reader *r, const struct sea_read_filter *filter,
		     struct sea_error *err)
{
	int type;

	r->filter = filter ? *filter : (struct sea_read_filter){0};
	r->given = -1;
	for (type = 0; type < SEA_RECORD_TYPES; type++) {
		sea_sql_free(&r->sources[type].sql);
		r->sources[type] = (struct sea_reader_source){.is_at_end = true};
	}
	for (type = 0; type < SEA_RECORD_TYPES; type++)
		if ((!r->filter.types || r->filter.types & 1U << type) && open_source(r, type, err))
			return -1;
	return 0;
}

int sea_reader_next(struct sea_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	int type, first = -1;

	if (r->given >= 0 && advance(r, &r->sources[r->given], err))
		return -1;
	for (type = 0; type < SEA_RECORD_TYPES; type++) {
		const struct sea_reader_source *source = &r->sources[type];

		if (!source->is_at_end && (first < 0 || source->seq < r->sources[first].seq))
			first = type;
	}
	r->given = first;
	if (first < 0)
		return 0;
	return read_entry(r, first, entry, err) ? -1 : 1;
}

__s64 sea_reader_seq(const struct sea_reader *reader)
{
	return reader->seq;
}

__s64 sea_reader_session(const struct sea_reader *reader)
{
	return reader->session;
}

__s64 sea_reader_vm(const struct sea_reader *reader)
{
	return reader->vm;
}

const struct sea_db *sea_reader_db(const struct sea_reader *reader)
{
	return &reader->db;
}

int sea_reader_take(struct sea_db *db, struct sea_reader **reader, struct sea_error *err)
{
	struct sea_reader *r = calloc(1, sizeof(*r));

	if (!r) {
		sea_error_set(err, "cannot read %s: out of memory", db->path);
		sea_db_close(db);
		return -1;
	}
	r->db = *db;
	*db = (struct sea_db){.lock = -1};
	if (sea_reader_begin(r, NULL, err)) {
		sea_reader_close(r);
		return -1;
	}
	*reader = r;
	return 0;
}

static void forget(struct sea_reader *r)
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

void sea_reader_close(struct sea_reader *r)
{
	int i;

	if (!r)
		return;
	for (i = 0; i < SEA_RECORD_TYPES; i++)
		sea_sql_free(&r->sources[i].sql);
	sea_sql_free(&r->ask_session);
	sea_sql_free(&r->ask_vm);
	sea_sql_free(&r->ask_page);
	sea_sql_free(&r->ask_sum);
	for (i = 0; i < SEA_TICK_TABLES; i++) {
		sea_sql_free(&r->ask_tick[i]);
		sea_sql_free(&r->ask_sums[i]);
	}
	forget(r);
	sea_intern_free(&r->texts);
	sea_change_free(&r->change);
	sea_db_close(&r->db);
	free(r);
}
