// SPDX-License-Identifier: GPL-2.0-only
#include "store/sound.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* SQLite takes a last page that was cut off for one with zeros behind. */
static bool is_cut_off(const struct sea_db *db)
{
	__s64 page = sea_db_number(db, "PRAGMA page_size", 4096);
	struct stat st;

	return !stat(db->path, &st) && st.st_size % page;
}

bool sea_store_is_sound(const struct sea_db *db)
{
	struct sea_sql sql = {0};
	const char *answer = NULL;
	bool is_ok;

	if (!sea_db_number(db, "SELECT count(*) FROM session WHERE end = 'runs'", 0) &&
	    !is_cut_off(db))
		return !sea_db_is_damaged(db);
	if (!sea_sql_begin(db, &sql, "PRAGMA quick_check(1)") && sea_sql_step(&sql) == SQLITE_ROW)
		answer = sea_sql_take_string(&sql);
	is_ok = answer && !strcmp(answer, "ok");
	sea_sql_free(&sql);
	return is_ok;
}

static void tell(const char *path, const char *to, void (*say)(const char *line, void *context),
		 void *context)
{
	char *line;

	if (!say || asprintf(&line, "%s is damaged: it is kept as %s, and a new one is begun", path,
			     to) < 0)
		return;
	say(line, context);
	free(line);
}

/* "PATH-wal" becomes "TO-wal"; there may be none. */
static int move_log(const char *path, const char *to, struct sea_error *err)
{
	char *from_log = NULL, *to_log = NULL;
	int rc = -1;

	errno = ENOMEM;
	if (asprintf(&from_log, "%s-wal", path) >= 0 && asprintf(&to_log, "%s-wal", to) >= 0)
		rc = !rename(from_log, to_log) || errno == ENOENT ? 0 : -1;
	if (rc)
		sea_error_set(err, "cannot move the log of %s out of the way: %s", path,
			      strerror(errno));
	free(from_log);
	free(to_log);
	return rc;
}

int sea_store_move_away(const char *path, void (*say)(const char *line, void *context),
			void *context, struct sea_error *err)
{
	time_t now = time(NULL);
	char stamp[32], *to;
	struct tm tm;
	int rc;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	if (asprintf(&to, "%s.damaged-%s", path, stamp) < 0)
		return sea_error_set(
			err, "cannot move the damaged %s out of the way: out of memory", path);
	if (rename(path, to)) {
		sea_error_set(err, "cannot move the damaged %s out of the way: %s", path,
			      strerror(errno));
		free(to);
		return -1;
	}
	tell(path, to, say, context);
	rc = move_log(path, to, err);
	free(to);
	return rc;
}
