// SPDX-License-Identifier: GPL-2.0-only
#include "import/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/clock.h"

/* Nothing that is farther away is looked at. */
#define WINDOW_NS (600 * (__s64)SEA_NSEC_PER_SEC)

/* How far apart the two may be, by what else is the same */
#define PAGE_NS (60 * (__s64)SEA_NSEC_PER_SEC) /* one error, until all have told of it */
#define PROCESS_NS (10 * (__s64)SEA_NSEC_PER_SEC)
#define THREAD_NS (1 * (__s64)SEA_NSEC_PER_SEC)
#define CPU_NS ((__s64)SEA_NSEC_PER_SEC / 10)
#define TIME_NS (1 * (__s64)SEA_NSEC_PER_SEC)
/* rasdaemon and some logs have whole seconds. */
#define WALL_NS (2 * (__s64)SEA_NSEC_PER_SEC)

/* Addresses are compared page by page of the smallest size that arm64 has. */
#define PAGE_SHIFT 12

/* What of a record can be compared */
struct thing {
	__s64 seq, session;
	enum sea_record_type type;
	bool has_boot, has_wall;
	__s64 boot_ns, wall_ns;
	char boot_id[SEA_UUID_LEN], host[SEA_HOST_LEN];
	bool has_pfn, has_address;
	__u64 pfn, address;   /* physical */
	__u32 tgid, tid, cpu; /* 0 and SEA_CPU_UNKNOWN: not known */
	__s64 vm;	      /* of an SEA, in this store; 0: not known */
};

#define COLUMNS                                                                         \
	"seq, session, time_ns, wall_ns, boot_id, host, pfn, address, tgid, tid, cpu, " \
	"is_sea, vm"

#define SEA                                                                                \
	"SELECT sea.seq, session, time_ns, wall_ns, session.boot_id, host, page.pfn,"      \
	" NULL AS address, coalesce(sea.tgid, vm.tgid, 0) AS tgid, tid, cpu, 1 AS is_sea," \
	" sea.vm AS vm FROM sea JOIN session ON session.id = session LEFT JOIN vm ON vm.id = sea.vm"

/* SEAs and host events in one table. The address of a SIGBUS is the VMM's. */
#define THINGS                                                                        \
	"(" SEA " LEFT JOIN page ON page.sea = sea.seq"                               \
	" UNION ALL"                                                                  \
	" SELECT seq, session, time_ns, wall_ns, boot_id, host, pfn,"                 \
	"  CASE kind WHEN 'sigbus' THEN NULL ELSE address END, tgid, tid, cpu, 0, vm" \
	" FROM host_event JOIN session ON session.id = session)"

static void take_thing(struct sea_sql *sql, struct thing *t)
{
	memset(t, 0, sizeof(*t));
	t->seq = sea_sql_take(sql);
	t->session = sea_sql_take(sql);
	t->boot_ns = sea_sql_take(sql);
	t->has_boot = t->boot_ns > 0;
	t->wall_ns = sea_sql_take(sql);
	t->has_wall = t->wall_ns > 0;
	sea_sql_take_text(sql, t->boot_id, sizeof(t->boot_id));
	sea_sql_take_text(sql, t->host, sizeof(t->host));
	t->has_pfn = sea_sql_take_if(sql, &t->pfn);
	t->has_address = sea_sql_take_if(sql, &t->address);
	t->tgid = (__u32)sea_sql_take(sql);
	t->tid = (__u32)sea_sql_take(sql);
	t->cpu = (__u32)sea_sql_take(sql);
	t->type = sea_sql_take(sql) ? SEA_RECORD_SEA : SEA_RECORD_HOST;
	t->vm = sea_sql_take(sql);
}

static bool differ(const char *a, const char *b)
{
	return a[0] && b[0] && strcmp(a, b);
}

static bool is_same_boot(const struct thing *a, const struct thing *b)
{
	return a->boot_id[0] && !strcmp(a->boot_id, b->boot_id);
}

/* False: the two have no clock in common. */
static bool compare_times(const struct thing *a, const struct thing *b, struct sea_link *link)
{
	if (a->has_boot && b->has_boot && is_same_boot(a, b)) {
		link->distance_ns = b->boot_ns - a->boot_ns;
	} else if (a->has_wall && b->has_wall) {
		link->distance_ns = b->wall_ns - a->wall_ns;
		link->is_wall = true;
	} else {
		return false;
	}
	link->by = SEA_LINK_TIME;
	return true;
}

static bool page_of(const struct thing *t, __u64 *page)
{
	*page = t->has_pfn ? t->pfn : t->address >> PAGE_SHIFT;
	return t->has_pfn || t->has_address;
}

/* False: both know their page, and it is not the same. */
static bool compare_pages(const struct thing *a, const struct thing *b, struct sea_link *link)
{
	__u64 one, other;

	if (!page_of(a, &one) || !page_of(b, &other))
		return true;
	if (one == other)
		link->by |= SEA_LINK_PAGE;
	/* A frame of 16 or 64 KiB has another number than an address gives. */
	return one == other || a->has_pfn != b->has_pfn;
}

/* A log that has only a thread's number may mean the process by it. */
static bool compare_processes(const struct thing *a, const struct thing *b, struct sea_link *link)
{
	bool a_knows = a->tid || a->tgid, b_knows = b->tid || b->tgid;

	if (!a_knows || !b_knows)
		return true;
	if (a->tid && a->tid == b->tid)
		link->by |= SEA_LINK_THREAD;
	if ((a->tgid && (a->tgid == b->tgid || a->tgid == b->tid)) ||
	    (b->tgid && b->tgid == a->tid))
		link->by |= SEA_LINK_PROCESS;
	return link->by & (SEA_LINK_THREAD | SEA_LINK_PROCESS);
}

static bool is_sure(const struct sea_link *link, __s64 distance)
{
	return (link->by & SEA_LINK_PAGE && distance <= PAGE_NS) ||
	       (link->by & SEA_LINK_THREAD && distance <= THREAD_NS && !link->is_wall);
}

static bool is_likely(const struct sea_link *link, __s64 distance)
{
	return link->by & SEA_LINK_PAGE ||
	       (link->by & (SEA_LINK_PROCESS | SEA_LINK_THREAD) && distance <= PROCESS_NS) ||
	       (link->by & SEA_LINK_CPU && distance <= CPU_NS && !link->is_wall);
}

/* False: it is the same record, of another host or boot, or of a time that is not known. */
static bool compare_places(const struct thing *a, const struct thing *b, struct sea_link *link)
{
	return a->seq != b->seq && !differ(a->boot_id, b->boot_id) && !differ(a->host, b->host) &&
	       compare_times(a, b, link);
}

/* Near enough that the time alone makes a link. */
static bool is_near(const struct thing *a, const struct thing *b, const struct sea_link *link)
{
	return llabs(link->distance_ns) <= (link->is_wall ? WALL_NS : TIME_NS) &&
	       (is_same_boot(a, b) || (a->host[0] && b->host[0]));
}

/* False: there is no link. */
static bool judge(const struct thing *a, const struct thing *b, struct sea_link *link)
{
	__s64 distance;

	*link = (struct sea_link){.seq = b->seq, .type = b->type, .session = b->session};
	if (!compare_places(a, b, link) || !compare_pages(a, b, link))
		return false;
	/* The page is the same, whoever was told of it. */
	if (!compare_processes(a, b, link) && !(link->by & SEA_LINK_PAGE))
		return false;
	if (a->cpu != SEA_CPU_UNKNOWN && a->cpu == b->cpu)
		link->by |= SEA_LINK_CPU;
	distance = llabs(link->distance_ns);
	if (is_sure(link, distance))
		link->sure = SEA_LINK_SURE;
	else if (is_likely(link, distance))
		link->sure = SEA_LINK_LIKELY;
	else
		return a->type != b->type && is_near(a, b, link);
	return true;
}

/* Whose SEAs there were at about the time of a record */
struct crowd {
	bool any, several; /* VMs */
	__s64 vm;	   /* the last that was seen */
};

static void see(struct crowd *crowd, const struct thing *t)
{
	if (t->type != SEA_RECORD_SEA)
		return;
	crowd->several |= crowd->any && crowd->vm != t->vm;
	crowd->any = true;
	crowd->vm = t->vm;
}

/* An SEA that a host event may be about, or one at about the time of the SEA. */
static bool is_about(const struct thing *a, const struct thing *b)
{
	struct sea_link link = {0};

	return b->type == SEA_RECORD_SEA && compare_places(a, b, &link) && is_near(a, b, &link) &&
	       (a->type == SEA_RECORD_SEA || compare_pages(a, b, &link));
}

static bool is_before(const struct sea_link *a, const struct sea_link *b)
{
	if (a->sure != b->sure)
		return a->sure > b->sure;
	return llabs(a->distance_ns) < llabs(b->distance_ns);
}

/* Puts it in its place; the last one goes if there are too many. */
static void insert(struct sea_link *links, size_t max, size_t *nr, const struct sea_link *link)
{
	size_t at = *nr;

	if (at == max && (!max || !is_before(link, &links[max - 1])))
		return;
	if (at == max)
		at--;
	else
		++*nr;
	for (; at && is_before(link, &links[at - 1]); at--)
		links[at] = links[at - 1];
	links[at] = *link;
}

static int find_thing(const struct sea_db *db, __s64 seq, struct thing *t, struct sea_error *err)
{
	struct sea_sql sql = {0};
	int rc = -1;

	if (!sea_sql_begin(db, &sql, "SELECT " COLUMNS " FROM " THINGS " WHERE seq = ?")) {
		sea_sql_put(&sql, seq);
		rc = sea_sql_step(&sql);
	}
	if (rc == SQLITE_ROW)
		take_thing(&sql, t);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		sea_db_fail(db, "read", err);
	sea_sql_free(&sql);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

/*
 * Judges all things that the statement gives. Frees it. Where several VMs took SEAs at
 * about the time, the time alone does not tell whose it was: then it makes no link.
 */
static int collect(const struct sea_db *db, struct sea_sql *sql, const struct thing *a,
		   struct sea_link *links, size_t max, size_t *nr, struct sea_error *err)
{
	struct crowd crowd = {0};
	struct sea_link link;
	struct thing b;
	int rc;

	see(&crowd, a);
	while ((rc = sea_sql_step(sql)) == SQLITE_ROW) {
		take_thing(sql, &b);
		if (judge(a, &b, &link))
			insert(links, max, nr, &link);
		if (is_about(a, &b))
			see(&crowd, &b);
	}
	while (crowd.several && *nr && links[*nr - 1].sure == SEA_LINK_POSSIBLE)
		--*nr;
	if (rc != SQLITE_DONE)
		sea_db_fail(db, "read", err);
	sea_sql_free(sql);
	return rc == SQLITE_DONE ? 0 : -1;
}

static int begin(const struct sea_db *db, struct sea_sql *sql, const char *text,
		 struct sea_error *err)
{
	if (!sea_sql_begin(db, sql, text))
		return 0;
	sea_db_fail(db, "read", err);
	sea_sql_free(sql);
	return -1;
}

int sea_links_of(const struct sea_db *db, __s64 seq, struct sea_link *links, size_t max, size_t *nr,
		 struct sea_error *err)
{
	struct sea_sql sql = {0};
	struct thing a;
	int rc = find_thing(db, seq, &a, err);

	*nr = 0;
	if (rc <= 0)
		return rc;
	if (begin(db, &sql,
		  "SELECT " COLUMNS " FROM " THINGS " WHERE wall_ns BETWEEN ? AND ?"
		  " OR time_ns BETWEEN ? AND ?",
		  err))
		return -1;
	sea_sql_put(&sql, a.has_wall ? a.wall_ns - WINDOW_NS : -1);
	sea_sql_put(&sql, a.has_wall ? a.wall_ns + WINDOW_NS : -1);
	sea_sql_put(&sql, a.has_boot ? a.boot_ns - WINDOW_NS : -1);
	sea_sql_put(&sql, a.has_boot ? a.boot_ns + WINDOW_NS : -1);
	return collect(db, &sql, &a, links, max, nr, err);
}

int sea_links_by_page(const struct sea_db *db, __s64 seq, struct sea_link *links, size_t max,
		      size_t *nr, struct sea_error *err)
{
	struct sea_sql sql = {0};
	struct thing a;
	__u64 page;
	int rc = find_thing(db, seq, &a, err);

	*nr = 0;
	if (rc <= 0 || !page_of(&a, &page))
		return rc < 0 ? -1 : 0;
	if (begin(db, &sql, SEA " JOIN page ON page.sea = sea.seq WHERE page.pfn = ?", err))
		return -1;
	sea_sql_put_u64(&sql, page);
	return collect(db, &sql, &a, links, max, nr, err);
}

const char *sea_link_sure_name(unsigned int sure)
{
	static const char *const names[SEA_LINK_SURES] = {"possible", "likely", "sure"};

	return sure < SEA_LINK_SURES ? names[sure] : "invalid";
}

void sea_link_text(const struct sea_link *link, char text[SEA_LINK_TEXT_LEN])
{
	static const struct {
		__u32 by;
		const char *name;
	} names[] = {
		{SEA_LINK_PAGE, "same page"},
		{SEA_LINK_THREAD, "same thread"},
		{SEA_LINK_PROCESS, "same process"},
		{SEA_LINK_CPU, "same CPU"},
	};
	double ms = (double)llabs(link->distance_ns) / 1e6;
	size_t i, at = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (link->by & names[i].by)
			at += (size_t)snprintf(text + at, SEA_LINK_TEXT_LEN - at, "%s, ",
					       names[i].name);
	snprintf(text + at, SEA_LINK_TEXT_LEN - at, "%.*f %s %s%s: %s", ms < 1000 ? 2 : 1,
		 ms < 1000 ? ms : ms / 1000, ms < 1000 ? "ms" : "s",
		 link->distance_ns < 0 ? "earlier" : "later",
		 link->is_wall ? " by the wall clock" : "", sea_link_sure_name(link->sure));
}
