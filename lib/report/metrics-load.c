// SPDX-License-Identifier: GPL-2.0-only
/* metrics-load.c - the sums of a store, session by session, without reading every tick. */
#include "report/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "report/metrics-internal.h"
#include "store/reader.h"

struct session_ref {
	__s64 id;			   /* of the table */
	const struct sea_session *session; /* the reader's */
};

struct known_vm {
	__u64 id; /* sea_vm::id */
	const struct sea_vm_info *info;
	__u64 last;
	UT_hash_handle hh;
};

struct loader {
	struct sea_metrics *metrics;
	struct sea_reader *reader;
	struct session_ref *sessions;
	size_t nr_sessions, room;
	struct known_vm *vms; /* of the session that is being read */
};

static int out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot make metrics: out of memory");
}

static int add_session(struct loader *l, __s64 id, const struct sea_session *session,
		       struct sea_error *err)
{
	size_t room = l->room ? 2 * l->room : 16;
	struct session_ref *sessions;

	/* Each change of a session has a record. */
	if (l->nr_sessions && l->sessions[l->nr_sessions - 1].id == id)
		return 0;
	if (l->nr_sessions == l->room) {
		sessions = reallocarray(l->sessions, room, sizeof(*sessions));
		if (!sessions)
			return out_of_memory(err);
		l->sessions = sessions;
		l->room = room;
	}
	l->sessions[l->nr_sessions++] = (struct session_ref){id, session};
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	const struct session_ref *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* All sessions in the order in which they began, as they were known last. */
static int list_sessions(struct loader *l, struct sea_error *err)
{
	const struct sea_read_filter filter = {.types = 1U << SEA_RECORD_SESSION};
	struct sea_entry entry;
	size_t i, kept = 0;
	int rc = sea_reader_begin(l->reader, &filter, err);

	if (rc)
		return rc;
	while ((rc = sea_reader_next(l->reader, &entry, err)) > 0)
		if (add_session(l, sea_reader_session(l->reader), entry.record.session, err))
			return -1;
	if (rc || !l->nr_sessions)
		return rc;
	/* The end of one that was lost is told when the next begins. */
	qsort(l->sessions, l->nr_sessions, sizeof(*l->sessions), compare_ids);
	for (i = 1; i < l->nr_sessions; i++)
		if (l->sessions[i].id != l->sessions[kept].id)
			l->sessions[++kept] = l->sessions[i];
	l->nr_sessions = kept + 1;
	return 0;
}

static struct known_vm *know(struct loader *l, __u64 id)
{
	struct known_vm *known;

	HASH_FIND(hh, l->vms, &id, sizeof(id), known);
	if (known)
		return known;
	known = calloc(1, sizeof(*known));
	if (!known)
		return NULL;
	known->id = id;
	HASH_ADD(hh, l->vms, id, sizeof(known->id), known);
	return known;
}

static void forget_vms(struct loader *l)
{
	struct known_vm *known, *next;

	HASH_ITER(hh, l->vms, known, next) {
		HASH_DEL(l->vms, known);
		sea_vm_info_put(known->info);
		free(known);
	}
}

/* Who the VMs of a session are, as it was known last. */
static int list_vms(struct loader *l, __s64 session, struct sea_error *err)
{
	const struct sea_read_filter filter = {.types = 1U << SEA_RECORD_VM, .session = session};
	struct sea_entry entry;
	int rc = sea_reader_begin(l->reader, &filter, err);

	while (!rc && (rc = sea_reader_next(l->reader, &entry, err)) > 0) {
		struct known_vm *known = know(l, entry.record.vm->id);

		if (!known)
			return out_of_memory(err);
		sea_vm_info_put(known->info);
		known->info = sea_vm_info_get(entry.record.vm);
		rc = 0;
	}
	return rc;
}

static const struct sea_vm_info *who(__u64 id, void *context)
{
	const struct loader *l = context;
	struct known_vm *known;

	HASH_FIND(hh, l->vms, &id, sizeof(id), known);
	return known ? known->info : NULL;
}

static int note_last(struct loader *l, const struct sea_change *sum, struct sea_error *err)
{
	size_t i;

	for (i = 0; i < sum->nr_vms; i++) {
		struct known_vm *known;

		if (sum->vms[i].row != SEA_CHANGE_VM)
			continue;
		known = know(l, sum->vms[i].id);
		if (!known)
			return out_of_memory(err);
		known->last = sum->vms[i].grown.last;
	}
	return 0;
}

/* Which ticks the session has; *from 0: none. */
static int find_ticks(struct loader *l, __s64 session, __s64 *from, __s64 *to,
		      struct sea_error *err)
{
	const struct sea_db *db = sea_reader_db(l->reader);
	struct sea_sql sql = {0};
	int rc = SQLITE_ERROR;

	if (!sea_sql_begin(db, &sql, "SELECT min(seq), max(seq) + 1 FROM tick WHERE session = ?")) {
		sea_sql_put(&sql, session);
		rc = sea_sql_step(&sql);
	}
	if (rc == SQLITE_ROW) {
		*from = sea_sql_take(&sql);
		*to = sea_sql_take(&sql);
	}
	sea_sql_free(&sql);
	return rc == SQLITE_ROW ? 0 : sea_db_fail(db, "read", err);
}

static int read_time(struct loader *l, __s64 seq, __u64 *boot_ns, struct timespec *wall,
		     struct sea_error *err)
{
	const struct sea_read_filter filter = {
		.types = 1U << SEA_RECORD_TICK, .from = seq, .to = seq + 1};
	struct sea_entry entry;
	int rc = sea_reader_begin(l->reader, &filter, err);

	if (!rc)
		rc = sea_reader_next(l->reader, &entry, err);
	if (!rc)
		return sea_error_set(err,
				     "cannot make metrics: the last tick was deleted meanwhile; "
				     "try again");
	if (rc < 0)
		return -1;
	*boot_ns = entry.record.time_ns;
	*wall = entry.record.wall;
	return 0;
}

/* The counters at the end of a session: the sum of its ticks, from zero. */
static int read_ticks(struct loader *l, __s64 session, struct sea_error *err)
{
	struct timespec lost_at[SEA_LOSS_CAUSES] = {0};
	struct sea_snapshot *now = &l->metrics->now;
	const struct sea_change *sum;
	struct timespec wall;
	__s64 from, to;
	__u64 boot_ns;

	if (find_ticks(l, session, &from, &to, err))
		return -1;
	if (!from)
		return 0;
	if (read_time(l, to - 1, &boot_ns, &wall, err) ||
	    sea_reader_sum(l->reader, session, from, to, lost_at, &sum, err) ||
	    note_last(l, sum, err) || sea_change_apply(now, sum, &wall, who, l, err))
		return -1;
	memcpy(now->loss.last, lost_at, sizeof(lost_at));
	now->time_ns = boot_ns;
	now->wall = wall;
	return 0;
}

static int take_end(struct loader *l, const struct sea_record *record, struct sea_error *err)
{
	const struct known_vm *known = record->vm ? know(l, record->vm->id) : NULL;

	if (record->vm && !known)
		return out_of_memory(err);
	sea_metrics_end(l->metrics, record->end, known ? known->last : 0);
	return 0;
}

/* Ends of VMs, and gaps */
static int read_rest(struct loader *l, __s64 session, struct sea_error *err)
{
	const struct sea_read_filter filter = {.types = 1U << SEA_RECORD_END | 1U << SEA_RECORD_GAP,
					       .session = session};
	struct sea_entry entry;
	int rc = sea_reader_begin(l->reader, &filter, err);

	while (!rc && (rc = sea_reader_next(l->reader, &entry, err)) > 0) {
		if (entry.record.type == SEA_RECORD_GAP)
			rc = sea_metrics_take(l->metrics, &entry.record, err);
		else
			rc = take_end(l, &entry.record, err);
	}
	return rc;
}

static int read_session(struct loader *l, const struct session_ref *ref, struct sea_error *err)
{
	struct sea_record record = {.type = SEA_RECORD_SESSION, .session = ref->session};
	int rc = sea_metrics_take(l->metrics, &record, err) || list_vms(l, ref->id, err) ||
				 read_ticks(l, ref->id, err) || read_rest(l, ref->id, err) ?
			 -1 :
			 0;

	forget_vms(l);
	return rc;
}

/* Texts of the reader's, which may go before the metrics do. None of them is shown. */
static void drop_texts(struct sea_snapshot *now)
{
	size_t i;

	now->source = now->check = now->unchecked = now->blind_why = now->no_list = NULL;
	for (i = 0; i < now->hooks.nr; i++)
		now->hooks.hooks[i].program = now->hooks.hooks[i].function =
			now->hooks.hooks[i].by = NULL;
}

int sea_metrics_load(struct sea_metrics *metrics, struct sea_reader *reader, struct sea_error *err)
{
	struct loader l = {.metrics = metrics, .reader = reader};
	int rc = list_sessions(&l, err);
	size_t i;

	for (i = 0; !rc && i < l.nr_sessions; i++)
		rc = read_session(&l, &l.sessions[i], err);
	if (!rc)
		rc = sea_metrics_load_pages(metrics, sea_reader_db(reader), err);
	free(l.sessions);
	drop_texts(&metrics->now);
	metrics->is_newer = sea_reader_db(reader)->newer || sea_reader_db(reader)->incomplete;
	return rc;
}
