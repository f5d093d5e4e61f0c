// SPDX-License-Identifier: GPL-2.0-only
#include "report/exposure-unrecorded.h"

#include <stdlib.h>

struct stays {
	const struct sea_db *db;
	struct sea_stay *list;
	size_t nr;
};

static int add(struct stays *stays, struct sea_sql *sql, struct sea_error *err)
{
	struct sea_stay *more;

	/* A power of two is full. */
	if (!(stays->nr & (stays->nr - 1))) {
		more = realloc(stays->list, (stays->nr ? 2 * stays->nr : 1) * sizeof(*more));
		if (!more)
			return sea_error_set(err, "cannot sum up %s: out of memory",
					     stays->db->path);
		stays->list = more;
	}
	sea_stay_take(sql, &stays->list[stays->nr++]);
	return 0;
}

/* The stays, or, if they are there already, what was counted in them */
static int ask(struct stays *stays, const char *text, struct sea_error *err)
{
	bool has_stays = stays->nr;
	int rc, step = SQLITE_DONE;
	struct sea_sql sql = {0};

	if (sea_sql_begin(stays->db, &sql, text))
		return sea_db_fail(stays->db, "read", err);
	for (rc = 0; !rc && (step = sea_sql_step(&sql)) == SQLITE_ROW;) {
		if (has_stays)
			sea_stay_take_counted(&sql, stays->list, stays->nr);
		else
			rc = add(stays, &sql, err);
	}
	if (!rc && step != SQLITE_DONE)
		rc = sea_db_fail(stays->db, "read", err);
	sea_sql_free(&sql);
	return rc;
}

int sea_store_unrecorded(const struct sea_db *db, __s64 since_ns, __s64 until_ns,
			 void (*take)(const struct sea_stay *stay, const __u64 seas[],
				      bool is_certain, void *context),
			 void *context, struct sea_error *err)
{
	struct stays stays = {.db = db};
	size_t i;
	int rc = ask(&stays, SEA_STAYS(""), err);

	if (!rc && stays.nr)
		rc = ask(&stays, SEA_STAYS_COUNTED, err);
	for (i = 0; !rc && i < stays.nr; i++) {
		const struct sea_stay *stay = &stays.list[i], *last = i ? stay - 1 : NULL;
		__u64 seas[SEA_STATISTICS] = {0};

		/* What came before the window is none of its. */
		if (stay->since_ns <= (since_ns ?: stay->host_since_ns) ||
		    stay->since_ns > until_ns)
			continue;
		if (last && last->vm != stay->vm)
			last = NULL;
		if (sea_stay_unrecorded(stay, last, seas))
			take(stay, seas, last && last->until_ns >= since_ns, context);
	}
	free(stays.list);
	return rc;
}
