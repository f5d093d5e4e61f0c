// SPDX-License-Identifier: GPL-2.0-only
#include "report/exposure-read.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/glob.h"
#include "base/hash.h"
#include "report/exposure-unrecorded.h"
#include "store/schema.h"

/* Of the window, for SQL: all times are between these. */
#define FOREVER ((__s64)(~0ULL >> 1))

/* A VM of the store, and what was counted of it in the window */
struct vm {
	__s64 id;
	bool is_in;		  /* in the cohort */
	__s64 first_ns, ended_ns; /* wall clock; ended_ns FOREVER: not seen to end */
	__u64 disposition[SEA_DISPOSITIONS];
	__u64 response[SEA_RESPONSES];
	/* Outside of the recorded times: in the window, and perhaps in it */
	__u64 unrecorded[SEA_STATISTICS], perhaps[SEA_STATISTICS];
	UT_hash_handle hh;
};

struct scan {
	const struct sea_db *db;
	const struct sea_cohort *cohort;
	__s64 since_ns, until_ns;
	struct sea_store_sum *out;
	struct vm *vms;
};

static int fail(const struct scan *scan, struct sea_error *err)
{
	return sea_db_fail(scan->db, "read", err);
}

static int no_memory(const struct scan *scan, struct sea_error *err)
{
	return sea_error_set(err, "cannot sum up %s: out of memory", scan->db->path);
}

static struct sea_store_session *session_of(const struct scan *scan, __s64 id)
{
	struct sea_store_session *list = scan->out->sessions;
	size_t low = 0, high = scan->out->nr;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (list[middle].id == id)
			return &list[middle];
		if (list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static struct vm *vm_of(const struct scan *scan, __s64 id)
{
	struct vm *vm;

	HASH_FIND(hh, scan->vms, &id, sizeof(id), vm);
	return vm;
}

/*
 * Asks, with the window's two bounds as ?1 and ?2, and calls take() for each row. Rows
 * whose first column is a session that does not count are left out. take() begins at
 * the second column; -1: out of memory.
 */
static int each(struct scan *scan, const char *text,
		int (*take)(struct scan *scan, struct sea_store_session *session,
			    struct sea_sql *sql),
		struct sea_error *err)
{
	struct sea_sql sql = {0};
	int rc = sea_sql_begin(scan->db, &sql, text), step = SQLITE_DONE;

	if (rc)
		return fail(scan, err);
	sqlite3_bind_int64(sql.statement, 1, scan->since_ns);
	sqlite3_bind_int64(sql.statement, 2, scan->until_ns);
	while (!rc && (step = sea_sql_step(&sql)) == SQLITE_ROW) {
		struct sea_store_session *session = session_of(scan, sea_sql_take(&sql));

		if (session && take(scan, session, &sql))
			rc = no_memory(scan, err);
	}
	if (!rc && step != SQLITE_DONE)
		rc = fail(scan, err);
	sea_sql_free(&sql);
	return rc;
}

static __s64 later(__s64 a, __s64 b)
{
	return a > b ? a : b;
}

static __s64 earlier(__s64 a, __s64 b)
{
	return a < b ? a : b;
}

static double length(__s64 from, __s64 to)
{
	return to > from ? (double)(to - from) : 0;
}

static bool takes_host(const struct sea_cohort *cohort, const char *host)
{
	if (cohort->host && !sea_glob_match(cohort->host, host, 0))
		return false;
	return !cohort->takes_host || cohort->takes_host(host, cohort->context);
}

static int add_session(struct scan *scan, const struct sea_store_session *session)
{
	struct sea_store_sum *out = scan->out;
	struct sea_store_session *more;

	/* A power of two is full. */
	if (!(out->nr & (out->nr - 1))) {
		more = realloc(out->sessions, (out->nr ? 2 * out->nr : 1) * sizeof(*more));
		if (!more)
			return -1;
		out->sessions = more;
	}
	out->sessions[out->nr++] = *session;
	return 0;
}

static int read_sessions(struct scan *scan, const struct sea_hosts *known, struct sea_error *err)
{
	struct sea_exposure *sum = &scan->out->sum;
	struct sea_sql sql = {0};
	int rc = 0, step = SQLITE_DONE;

	if (sea_sql_begin(scan->db, &sql,
			  "SELECT id, started_wall_ns, last_wall_ns, run, boot_id, host"
			  " FROM session ORDER BY id"))
		return fail(scan, err);
	while (!rc && (step = sea_sql_step(&sql)) == SQLITE_ROW) {
		struct sea_store_session s = {.id = sea_sql_take(&sql)};

		s.from_ns = later(sea_sql_take(&sql), scan->since_ns);
		s.to_ns = earlier(sea_sql_take(&sql), scan->until_ns);
		sea_sql_take_text(&sql, s.run, sizeof(s.run));
		sea_sql_take_text(&sql, s.boot_id, sizeof(s.boot_id));
		sea_sql_take_text(&sql, s.host, sizeof(s.host));
		if (!s.host[0])
			memcpy(s.host, s.boot_id, sizeof(s.boot_id));
		/* One that never had a tick watched nothing. */
		if (s.to_ns <= s.from_ns || !takes_host(scan->cohort, s.host))
			continue;
		if (sea_hosts_has_run(known, s.run)) {
			sum->repeated++;
			continue;
		}
		sum->host_ns += length(s.from_ns, s.to_ns);
		sum->first_ns = sum->first_ns ? earlier(sum->first_ns, s.from_ns) : s.from_ns;
		sum->last_ns = later(sum->last_ns, s.to_ns);
		if (add_session(scan, &s))
			rc = no_memory(scan, err);
	}
	if (!rc && step != SQLITE_DONE)
		rc = fail(scan, err);
	sea_sql_free(&sql);
	return rc;
}

/* A VM in a session: the time in which it was watched there */
static int take_vm(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	__s64 id = sea_sql_take(sql), first = sea_sql_take(sql);
	__u64 ended;
	bool has_ended = sea_sql_take_if(sql, &ended);
	const char *name = sea_sql_take_string(sql);
	struct vm *vm = vm_of(scan, id);

	if (!vm) {
		vm = calloc(1, sizeof(*vm));
		if (!vm)
			return -1;
		vm->id = id;
		vm->first_ns = first;
		vm->ended_ns = has_ended ? (__s64)ended : FOREVER;
		vm->is_in =
			!scan->cohort->vm || sea_glob_match(scan->cohort->vm, name ? name : "", 0);
		HASH_ADD(hh, scan->vms, id, sizeof(vm->id), vm);
	}
	if (vm->is_in)
		scan->out->sum.vm_ns += length(later(session->from_ns, vm->first_ns),
					       earlier(session->to_ns, vm->ended_ns));
	return 0;
}

static void add_stray(const struct scan *scan, struct sea_hits *hits, __u64 seas)
{
	/* Whose they are is not known: of a cohort of VMs they may all be, or none. */
	if (scan->cohort->vm)
		hits->seas_unknown += seas;
	else
		hits->seas += seas;
	hits->vms_unknown += seas;
}

static int take_counts(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	__s64 id = sea_sql_take(sql);
	struct sea_exposure *sum = &scan->out->sum;
	struct vm *vm = vm_of(scan, id);
	int i;

	(void)session;
	for (i = 0; i < SEA_DISPOSITIONS + SEA_RESPONSES; i++) {
		bool is_answer = i >= SEA_DISPOSITIONS;
		int which = is_answer ? i - SEA_DISPOSITIONS : i;
		__u64 seas = sea_sql_take_u64(sql);

		if (id == SEA_SCHEMA_OTHER) {
			add_stray(scan,
				  is_answer ? &sum->response[which] : &sum->disposition[which],
				  seas);
			if (!is_answer)
				add_stray(scan, &sum->any, seas);
		} else if (vm && vm->is_in) {
			*(is_answer ? &vm->response[which] : &vm->disposition[which]) += seas;
		}
	}
	return 0;
}

static int take_latency(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	__s64 id = sea_sql_take(sql), slot = sea_sql_take(sql);
	const struct vm *vm = vm_of(scan, id);

	(void)session;
	if (slot < 0 || slot >= SEA_LATENCY_SLOTS)
		return 0;
	/* Those of `other` count with all VMs; of some they are not known to be. */
	if (vm ? vm->is_in : !scan->cohort->vm)
		scan->out->sum.latency[slot] += sea_sql_take_u64(sql);
	return 0;
}

static int take_loss(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	int cause = sea_loss_number(sea_sql_take_string(sql));

	(void)session;
	if (cause >= 0)
		scan->out->sum.loss[cause] += sea_sql_take_u64(sql);
	return 0;
}

static int take_gap(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	__s64 from = later(session->from_ns, sea_sql_take(sql)), to = session->to_ns;
	__u64 until;

	if (sea_sql_take_if(sql, &until))
		to = earlier(to, (__s64)until);
	scan->out->sum.blind_ns += length(from, to);
	return 0;
}

static int take_end(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	struct sea_exposure *sum = &scan->out->sum;
	const struct vm *vm = vm_of(scan, sea_sql_take(sql));
	__u64 status;

	(void)session;
	if (!vm || !vm->is_in)
		return 0;
	sum->ended++;
	if (!sea_sql_take_if(sql, &status))
		sum->ended_unknown++;
	else if (WIFSIGNALED((int)status) && WTERMSIG((int)status) == SIGBUS)
		sum->ended_by_sigbus++;
	return 0;
}

/* What holds from a tick on, until the next of these, or the session's end */
static int take_state(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	__s64 from = later(session->from_ns, sea_sql_take(sql));
	__u64 next;
	__s64 to =
		sea_sql_take_if(sql, &next) ? earlier((__s64)next, session->to_ns) : session->to_ns;

	if (sea_sql_take(sql))
		scan->out->sum.unproven_ns += length(from, to);
	session->running.unlisted = sea_sql_take_u64(sql);
	session->running.no_list = sea_sql_take(sql);
	return 0;
}

/* The last that is known of a VM in its session */
static int take_listed(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	const struct vm *vm = vm_of(scan, sea_sql_take(sql));
	__s64 is_listed = sea_sql_take(sql), opt_in = sea_sql_take(sql);

	if (!vm || !vm->is_in || !is_listed || vm->ended_ns <= session->to_ns)
		return 0;
	if (opt_in < 0 || opt_in >= SEA_OPT_IN_STATES)
		opt_in = SEA_OPT_IN_UNKNOWN;
	/* KVM forwards to those that opted in only. */
	if (opt_in == SEA_OPT_IN_UNKNOWN && vm->disposition[SEA_FORWARDED])
		opt_in = SEA_OPT_IN_YES;
	session->running.opt_in[opt_in]++;
	return 0;
}

static int take_page(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql)
{
	const struct vm *vm = vm_of(scan, sea_sql_take(sql));

	(void)session;
	if (scan->cohort->vm && !(vm && vm->is_in))
		return 0;
	scan->out->sum.pages++;
	if (!sea_sql_take(sql))
		scan->out->sum.pages_not_held++;
	return 0;
}

/* SEAs whose page is known, and whether it is held: what is left of all counted ones */
static int take_known_page(struct scan *scan, struct sea_store_session *session,
			   struct sea_sql *sql)
{
	const struct vm *vm = vm_of(scan, sea_sql_take(sql));

	(void)session;
	if (!scan->cohort->vm || (vm && vm->is_in))
		scan->out->sum.seas_without_page += sea_sql_take_u64(sql);
	return 0;
}

static void take_unrecorded(const struct sea_stay *stay, const __u64 seas[], bool is_certain,
			    void *context)
{
	struct scan *scan = context;
	struct vm *vm = vm_of(scan, stay->vm);
	int i;

	if (!vm || !vm->is_in || !session_of(scan, stay->session))
		return;
	for (i = 0; i < SEA_STATISTICS; i++)
		*(is_certain ? &vm->unrecorded[i] : &vm->perhaps[i]) += seas[i];
}

#define IN_WINDOW "wall_ns > ?1 AND t.wall_ns <= ?2"

static const struct {
	const char *sql;
	int (*take)(struct scan *scan, struct sea_store_session *session, struct sea_sql *sql);
} questions[] = {
	/* First: the others ask whether a VM is in the cohort. */
	{"SELECT s.session, v.id, v.first_wall_ns, v.ended_wall_ns, v.name"
	 " FROM vm_session s JOIN vm v ON v.id = s.vm WHERE v.first_wall_ns <= ?2",
	 take_vm},
	/* vm -1 is the sum of rows that left: no news. */
	{"SELECT t.session, r.vm, sum(claimed), sum(host_owned), sum(not_opted_in),"
	 " sum(forwarded), sum(unknown), sum(injected), sum(resumed), sum(abandoned)"
	 " FROM tick t JOIN tick_vm r ON r.tick = t.seq"
	 " WHERE t." IN_WINDOW " AND r.vm >= 0 GROUP BY t.session, r.vm",
	 take_counts},
	{"SELECT t.session, r.vm, r.slot, sum(r.answers) FROM tick t JOIN tick_latency r"
	 " ON r.tick = t.seq WHERE t." IN_WINDOW " AND r.vm >= 0"
	 " GROUP BY t.session, r.vm, r.slot",
	 take_latency},
	{"SELECT t.session, r.cause, sum(r.lost) FROM tick t JOIN tick_loss r ON r.tick = t.seq"
	 " WHERE t." IN_WINDOW " GROUP BY t.session, r.cause",
	 take_loss},
	/* Only this one hides SEAs in a session's time: of a tick or a store that failed the
	 * next tick has the counts, and where no recorder ran there is no session. */
	{"SELECT session, since_wall_ns, until_wall_ns FROM gaps WHERE cause = 'source'"
	 " AND since_wall_ns <= ?2",
	 take_gap},
	{"SELECT session, vm, wait_status FROM vm_end t WHERE t." IN_WINDOW, take_end},
	{"SELECT session, wall_ns, lead(wall_ns) OVER (PARTITION BY session ORDER BY seq),"
	 " unproven, unlisted, no_list IS NOT NULL OR pid_namespace FROM tick_state r JOIN tick t"
	 " ON t.seq = r.tick WHERE wall_ns <= ?2 ORDER BY session, seq",
	 take_state},
	{"SELECT t.session, r.vm, r.is_listed, r.opt_in, max(r.tick) FROM tick t"
	 " JOIN tick_listed r ON r.tick = t.seq WHERE t.wall_ns <= ?2 AND r.vm > 0"
	 " GROUP BY t.session, r.vm",
	 take_listed},
	/* A page is held if it was when the SEA was taken, or if the host then made it so. */
	{"SELECT t.session, t.vm, ifnull(p.poisoned, 0) OR EXISTS (SELECT 1 FROM host_event h"
	 " JOIN session hs ON hs.id = h.session WHERE h.kind = 'memory_failure'"
	 " AND h.result = 0 AND h.pfn = p.pfn AND hs.boot_id = s.boot_id), max(t.seq)"
	 " FROM page p JOIN sea t ON t.seq = p.sea JOIN session s ON s.id = t.session"
	 " WHERE p.pfn IS NOT NULL AND p.poisoned IS NOT NULL AND t." IN_WINDOW
	 " GROUP BY s.boot_id, p.pfn",
	 take_page},
	{"SELECT t.session, t.vm, count(*) FROM page p JOIN sea t ON t.seq = p.sea"
	 " WHERE p.pfn IS NOT NULL AND p.poisoned IS NOT NULL AND t." IN_WINDOW
	 " GROUP BY t.session, t.vm",
	 take_known_page},
};

static void add_hit(struct sea_hits *hits, __u64 seas)
{
	hits->seas += seas;
	hits->vms += seas != 0;
}

/* recorded: SEAs of the same kind that were */
static void add_unrecorded(struct sea_hits *hits, __u64 recorded, __u64 seas, __u64 perhaps)
{
	hits->seas += seas;
	hits->vms += seas && !recorded;
	hits->seas_unknown += perhaps;
	hits->vms_unknown += perhaps && !seas && !recorded;
}

static void add_vm(struct sea_exposure *sum, const struct vm *vm)
{
	__u64 all = 0, unrecorded = 0, perhaps = 0, resumed = vm->response[SEA_RESUMED];
	int i;

	for (i = 0; i < SEA_DISPOSITIONS; i++) {
		add_hit(&sum->disposition[i], vm->disposition[i]);
		all += vm->disposition[i];
	}
	add_hit(&sum->any, all);
	for (i = 0; i < SEA_STATISTICS; i++) {
		add_unrecorded(&sum->unrecorded[i], vm->disposition[i], vm->unrecorded[i],
			       vm->perhaps[i]);
		unrecorded += vm->unrecorded[i];
		perhaps += vm->perhaps[i];
	}
	add_unrecorded(&sum->any_unrecorded, all, unrecorded, perhaps);
	for (i = 0; i < SEA_RESPONSES; i++)
		add_hit(&sum->response[i], vm->response[i]);
	sum->loops[resumed < SEA_LOOP_SLOTS ? resumed : SEA_LOOP_SLOTS - 1]++;
}

/* What was counted of VMs, and frees them */
static void end_vms(struct scan *scan)
{
	struct sea_exposure *sum = &scan->out->sum;
	struct vm *vm, *next;
	__u64 known = sum->seas_without_page, with_page;

	HASH_ITER(hh, scan->vms, vm, next) {
		add_vm(sum, vm);
		HASH_DEL(scan->vms, vm);
		free(vm);
	}
	/* Memory that is the host's own has no page of a VM. */
	with_page = sum->any.seas + sum->any.seas_unknown - sum->disposition[SEA_HOST_OWNED].seas -
		    sum->disposition[SEA_HOST_OWNED].seas_unknown;
	sum->seas_without_page = with_page > known ? with_page - known : 0;
}

int sea_store_sum(const struct sea_db *db, const struct sea_fleet_window *window,
		  const struct sea_cohort *cohort, const struct sea_hosts *known,
		  struct sea_store_sum *out, struct sea_error *err)
{
	struct scan scan = {.db = db,
			    .cohort = cohort,
			    .since_ns = window->since_ns,
			    .until_ns = window->until_ns ?: FOREVER,
			    .out = out};
	size_t i;
	int rc;

	*out = (struct sea_store_sum){0};
	rc = read_sessions(&scan, known, err);
	for (i = 0; !rc && out->nr && i < sizeof(questions) / sizeof(questions[0]); i++)
		rc = each(&scan, questions[i].sql, questions[i].take, err);
	if (!rc && out->nr)
		rc = sea_store_unrecorded(db, scan.since_ns, scan.until_ns, take_unrecorded, &scan,
					  err);
	end_vms(&scan);
	if (rc) {
		free(out->sessions);
		*out = (struct sea_store_sum){0};
	}
	return rc;
}
