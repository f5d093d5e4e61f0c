// SPDX-License-Identifier: GPL-2.0-only
/*
 * metrics-pages.c - the pages that SEAs came from, and whether the host holds them for
 * bad. As for a policy's rule pages_not_held: it does if it did when the last SEA was
 * taken there, or if memory_failure() took the page out of use, be it before or after.
 */
#include <stdlib.h>
#include <string.h>

#include "report/metrics-internal.h"

static struct sea_metrics_page *page_of(struct sea_metrics *m, __u64 pfn, struct sea_error *err)
{
	struct sea_metrics_page *page;

	HASH_FIND(hh, m->pages, &pfn, sizeof(pfn), page);
	if (page)
		return page;
	page = calloc(1, sizeof(*page));
	if (page) {
		page->pfn = pfn;
		HASH_ADD(hh, m->pages, pfn, sizeof(page->pfn), page);
	} else {
		sea_error_set(err, "cannot make metrics: out of memory");
	}
	return page;
}

/* An SEA from the page, at a place in the order of records. The last one counts. */
static int take_hit(struct sea_metrics *m, __u64 pfn, bool is_bad, __s64 seq, __s64 wall_ns,
		    struct sea_error *err)
{
	struct sea_metrics_page *page = page_of(m, pfn, err);

	if (!page)
		return -1;
	if (page->is_hit && (seq < page->seq || (seq == page->seq && wall_ns < page->wall_ns)))
		return 0;
	page->is_hit = true;
	page->is_bad = is_bad;
	page->seq = seq;
	page->wall_ns = wall_ns;
	return 0;
}

static int take_failure(struct sea_metrics *m, __u64 pfn, struct sea_error *err)
{
	struct sea_metrics_page *page = page_of(m, pfn, err);

	if (!page)
		return -1;
	page->is_taken_out = true;
	return 0;
}

int sea_metrics_take_page(struct sea_metrics *m, const struct sea_page *page, struct sea_error *err)
{
	const __u32 needed = SEA_PAGE_PFN | SEA_PAGE_POISON;

	if (!page || (page->known & needed) != needed)
		return 0;
	/* It is behind all that was loaded. */
	return take_hit(m, page->pfn, page->poisoned, INT64_MAX, 0, err);
}

int sea_metrics_take_host(struct sea_metrics *m, const struct sea_host_event *host,
			  struct sea_error *err)
{
	const __u32 needed = SEA_HOST_PFN | SEA_HOST_RESULT;

	if (host->kind != SEA_HOST_MEMORY_FAILURE || (host->known & needed) != needed ||
	    host->result)
		return 0;
	return take_failure(m, host->pfn, err);
}

/*
 * Of a boot. Where details are summed up, the sums are enough (lib/store/sums.h); of the
 * others each is read. A sum's place is that of its stretch, and then its last SEA's time.
 */
static const char hits[] =
	"WITH edge AS (SELECT seq AS after, lead(first_seq) OVER (ORDER BY seq) AS before"
	" FROM detail_sum UNION ALL SELECT -1, min(first_seq) FROM detail_sum)"
	" SELECT r.pfn, r.poisoned, d.seq, r.last_wall_ns FROM detail_sum d"
	" JOIN session s ON s.id = d.session JOIN sea_sum r ON r.sum = d.seq"
	" WHERE s.boot_id = ?1 AND r.pfn IS NOT NULL AND r.poisoned IS NOT NULL"
	" UNION ALL"
	" SELECT p.pfn, p.poisoned, t.seq, t.wall_ns FROM edge"
	" JOIN sea t ON t.seq > edge.after AND (edge.before IS NULL OR t.seq < edge.before)"
	" JOIN session s ON s.id = t.session JOIN page p ON p.sea = t.seq"
	" WHERE s.boot_id = ?1 AND p.pfn IS NOT NULL AND p.poisoned IS NOT NULL";
static const char failures[] =
	"SELECT DISTINCT h.pfn FROM host_event h JOIN session s ON s.id = h.session"
	" WHERE s.boot_id = ?1 AND h.kind = 'memory_failure' AND h.result = 0"
	" AND h.pfn IS NOT NULL";

static int load_hit(struct sea_metrics *m, struct sea_sql *sql, struct sea_error *err)
{
	__u64 pfn = sea_sql_take_u64(sql);
	bool is_bad = sea_sql_take(sql);
	__s64 seq = sea_sql_take(sql);

	return take_hit(m, pfn, is_bad, seq, sea_sql_take(sql), err);
}

static int load_failure(struct sea_metrics *m, struct sea_sql *sql, struct sea_error *err)
{
	return take_failure(m, sea_sql_take_u64(sql), err);
}

static int load(struct sea_metrics *m, const struct sea_db *db, const char *question,
		int (*take)(struct sea_metrics *m, struct sea_sql *sql, struct sea_error *err),
		struct sea_error *err)
{
	struct sea_sql sql = {0};
	int rc = 0, step = SQLITE_DONE;

	/* A newer program's table may lack a column. */
	if (sea_sql_begin(db, &sql, question))
		return db->newer || db->incomplete ? 0 : sea_db_fail(db, "read", err);
	sea_sql_put_string(&sql, m->session.boot_id);
	while (!rc && (step = sea_sql_step(&sql)) == SQLITE_ROW)
		rc = take(m, &sql, err);
	if (!rc && step != SQLITE_DONE)
		rc = sea_db_fail(db, "read", err);
	sea_sql_free(&sql);
	return rc;
}

int sea_metrics_load_pages(struct sea_metrics *m, const struct sea_db *db, struct sea_error *err)
{
	int rc = load(m, db, hits, load_hit, err);

	return rc ?: load(m, db, failures, load_failure, err);
}

void sea_metrics_count_pages(const struct sea_metrics *m, struct sea_metrics_view *v)
{
	const struct sea_metrics_page *page;

	for (page = m->pages; page; page = page->hh.next) {
		if (!page->is_hit)
			continue;
		if (page->is_bad || page->is_taken_out)
			v->pages_held++;
		else
			v->pages_not_held++;
	}
}

void sea_metrics_forget_pages(struct sea_metrics *m)
{
	struct sea_metrics_page *page, *next;

	HASH_ITER(hh, m->pages, page, next) {
		HASH_DEL(m->pages, page);
		free(page);
	}
}
