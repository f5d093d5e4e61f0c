// SPDX-License-Identifier: GPL-2.0-only
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/printable.h"
#include "store/schema.h"

/* Whoever reads holds a lock for moments only. */
#define BUSY_MS 2000

/* What a file of SQLite begins with, its NUL included. */
#define MAGIC "SQLite format 3"

/* What SQLite's primary codes mean here; those that are not listed speak for themselves. */
static const struct {
	int code;
	const char *why; /* NULL: as SQLite says */
	const char *advice;
} troubles[] = {
	{SQLITE_FULL, "the disk is full", "make room on it"},
	{SQLITE_IOERR, NULL, "see the kernel's log for the disk"},
	{SQLITE_READONLY, "it may only be read", "see who may write to it, and how it is mounted"},
	{SQLITE_CORRUPT, "the file is damaged", "keep it, and record into another"},
	{SQLITE_NOTADB, "the file is damaged", "keep it, and record into another"},
	{SQLITE_BUSY, "another program has it locked", "see who by fuser(1)"},
	{SQLITE_LOCKED, "another program has it locked", "see who by fuser(1)"},
	{SQLITE_CANTOPEN, NULL, "see that its directory is there and may be entered"},
	{SQLITE_NOMEM, "out of memory", "see what uses it"},
};

int sea_db_fail(const struct sea_db *db, const char *what, struct sea_error *err)
{
	int code = sqlite3_errcode(db->sqlite), system = sqlite3_system_errno(db->sqlite);
	const char *why = sqlite3_errmsg(db->sqlite);
	size_t i;

	/* SQLite has nothing to say: it was we who had no memory. */
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		code = SQLITE_NOMEM;
	for (i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
		if ((code & 0xff) != troubles[i].code)
			continue;
		if (troubles[i].why)
			why = troubles[i].why;
		else if (system)
			why = strerror(system);
		return sea_error_set(err, "cannot %s %s: %s; %s", what, db->path, why,
				     troubles[i].advice);
	}
	if (db->newer)
		return sea_error_set(err,
				     "cannot %s %s: a newer seatop wrote it, and this one makes no "
				     "sense of it (%s); use that one",
				     what, db->path, why);
	return sea_error_set(err, "cannot %s %s: %s", what, db->path, why);
}

bool sea_db_is_damaged(const struct sea_db *db)
{
	int code = sqlite3_errcode(db->sqlite) & 0xff;

	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/* Where SQLite's header has PRAGMA application_id, highest byte first */
#define APPLICATION_AT 68

/* By its first bytes; *is_cut: it ends within them. */
static bool begins_as_store(const char *path, bool *is_cut)
{
	static const unsigned char id[] = {'S', 'E', 'A', 'T'};
	unsigned char head[APPLICATION_AT + sizeof(id)];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	if (n <= 0 || memcmp(head, MAGIC, (size_t)n < sizeof(MAGIC) ? (size_t)n : sizeof(MAGIC)))
		return false;
	*is_cut = n < (ssize_t)sizeof(head);
	return *is_cut || !memcmp(head + APPLICATION_AT, id, sizeof(id));
}

bool sea_db_was_store(const char *path, const char *vfs)
{
	struct sea_db db = {.lock = -1};
	bool is_damaged;

	if (!begins_as_store(path, &is_damaged))
		return false;
	if (is_damaged)
		return true;
	is_damaged = sqlite3_open_v2(path, &db.sqlite, SQLITE_OPEN_READWRITE, vfs) ||
		     sqlite3_exec(db.sqlite, "PRAGMA quick_check(1)", NULL, NULL, NULL);
	is_damaged = is_damaged && sea_db_is_damaged(&db);
	sqlite3_close(db.sqlite);
	return is_damaged;
}

int sea_db_do(const struct sea_db *db, const char *sql, struct sea_error *err)
{
	if (sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL))
		return sea_db_fail(db, "write", err);
	return 0;
}

__s64 sea_db_number(const struct sea_db *db, const char *sql, __s64 otherwise)
{
	struct sea_sql s = {0};
	__s64 number = otherwise;

	if (!sea_sql_begin(db, &s, sql) && sea_sql_step(&s) == SQLITE_ROW &&
	    sqlite3_column_type(s.statement, 0) != SQLITE_NULL)
		number = sea_sql_take(&s);
	sea_sql_free(&s);
	return number;
}

/* One who writes, and no other: what a second one would add could not be told apart. */
static int lock(struct sea_db *db, struct sea_error *err)
{
	db->lock = open(db->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
	if (db->lock < 0)
		return sea_error_set(err,
				     "cannot open %s: %s; see who may write to it, and how it "
				     "is mounted",
				     db->path, strerror(errno));
	if (!flock(db->lock, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK)
		return sea_error_set(err,
				     "cannot record into %s: another recorder does; stop that "
				     "one, or use another --store",
				     db->path);
	return sea_error_set(err, "cannot lock %s: %s", db->path, strerror(errno));
}

/* A look at the first bytes, as SQLite would take an empty file for one of its own. */
static int look_at_file(const struct sea_db *db, enum sea_db_mode mode, struct sea_error *err)
{
	char head[sizeof(MAGIC)] = "";
	struct stat st;
	int fd = open(db->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return sea_error_set(err, "cannot open %s: %s", db->path, strerror(errno));
	n = fstat(fd, &st) || !S_ISREG(st.st_mode) ? -1 : pread(fd, head, sizeof(head), 0);
	/* Closing a descriptor of its file drops SQLite's locks: it has none yet. */
	close(fd);
	if (n < 0)
		return sea_error_set(err, "cannot read %s: it is no regular file", db->path);
	if (!n && mode == SEA_DB_WRITE)
		return 0;
	if (!n)
		return sea_error_set(err, "cannot read %s: it is empty; nothing was recorded there",
				     db->path);
	if (n < (ssize_t)sizeof(head) || memcmp(head, MAGIC, sizeof(head)))
		return sea_error_set(err,
				     "cannot use %s: it is no recording; give one of seastat "
				     "record or seastat export",
				     db->path);
	return 0;
}

/* Whoever writes, or was killed while writing, has something in the log. */
static bool has_log(const char *path)
{
	char *wal = sqlite3_mprintf("%s-wal", path);
	struct stat st;
	bool has = !wal || (!stat(wal, &st) && st.st_size);

	sqlite3_free(wal);
	return has;
}

/* Without locks: of a store that nobody has a log of. */
static int open_immutable(struct sea_db *db, const char *vfs)
{
	char *uri;
	int rc;

	/* Some characters of a path have a meaning in a URI. */
	if (strpbrk(db->path, "?#%") || has_log(db->path))
		return SQLITE_CANTOPEN;
	uri = sqlite3_mprintf("file:%s?immutable=1", db->path);
	if (!uri)
		return SQLITE_CANTOPEN;
	sqlite3_close(db->sqlite);
	db->sqlite = NULL;
	rc = sqlite3_open_v2(uri, &db->sqlite, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, vfs);
	sqlite3_free(uri);
	return rc;
}

static bool open_still(struct sea_db *db, const char *vfs)
{
	db->is_unlocked = !stat(db->path, &db->seen) && !open_immutable(db, vfs);
	return db->is_unlocked;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool sea_db_is_still(const struct sea_db *db)
{
	struct stat now;

	if (!db->is_unlocked)
		return true;
	return !has_log(db->path) && !stat(db->path, &now) && now.st_ino == db->seen.st_ino &&
	       now.st_size == db->seen.st_size && is_same_time(&now.st_mtim, &db->seen.st_mtim) &&
	       is_same_time(&now.st_ctim, &db->seen.st_ctim);
}

/* What SQLite itself finds out at the first look into the file. */
static int look_inside(struct sea_db *db, struct sea_error *err)
{
	__s64 application, tables;

	if (sqlite3_exec(db->sqlite, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL))
		return sea_db_fail(db, "read", err);
	application = sea_db_number(db, "PRAGMA application_id", 0);
	tables = sea_db_number(db, "SELECT count(*) FROM sqlite_schema", 0);
	db->version = (int)sea_db_number(db, "PRAGMA user_version", 0);
	if (tables && application != SEA_SCHEMA_APPLICATION)
		return sea_error_set(err,
				     "cannot use %s: it is another program's database; give "
				     "one of seastat record",
				     db->path);
	db->newer = db->version > SEA_SCHEMA_VERSION;
	return 0;
}

static int prepare_to_write(struct sea_db *db, enum sea_db_mode mode, struct sea_error *err)
{
	/* A scratch store is gone with its process: it needs no care. */
	const char *pragmas = mode == SEA_DB_SCRATCH ?
				      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF" :
				      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				      "PRAGMA wal_autocheckpoint = 256;"
				      "PRAGMA journal_size_limit = 4194304";

	if (db->newer)
		return sea_error_set(err,
				     "cannot record into %s: a newer seatop wrote it (schema "
				     "%d, this one knows %d); install that one, or use "
				     "another --store",
				     db->path, db->version, SEA_SCHEMA_VERSION);
	/* Before the first table, so that space of what is deleted can be given back. */
	if (!db->version &&
	    sqlite3_exec(db->sqlite, "PRAGMA auto_vacuum = INCREMENTAL", NULL, NULL, NULL))
		return sea_db_fail(db, "write", err);
	if (sqlite3_exec(db->sqlite, pragmas, NULL, NULL, NULL) ||
	    sea_schema_migrate(db->sqlite, db->version))
		return sea_db_fail(db, "write", err);
	db->version = SEA_SCHEMA_VERSION;
	return 0;
}

static int open_locked(struct sea_db *db, const char *vfs)
{
	int rc;

	sqlite3_close(db->sqlite);
	rc = sqlite3_open_v2(db->path, &db->sqlite, SQLITE_OPEN_READONLY, vfs);
	if (!rc) {
		sqlite3_busy_timeout(db->sqlite, BUSY_MS);
		rc = sqlite3_exec(db->sqlite, "SELECT count(*) FROM sqlite_schema", NULL, NULL,
				  NULL);
	}
	/* Where one may not write, SQLite cannot make its files; the store can be read as it is. */
	if ((rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY)
		rc = open_immutable(db, vfs);
	return rc;
}

static int open_read(struct sea_db *db, enum sea_db_mode mode, const char *vfs,
		     struct sea_error *err)
{
	if (!(mode == SEA_DB_READ_STILL && open_still(db, vfs)) && open_locked(db, vfs))
		return sea_db_fail(db, "read", err);
	if (look_inside(db, err))
		return -1;
	return sea_schema_adapt(db->sqlite, db->version) ? sea_db_fail(db, "read", err) : 0;
}

/* Neither made nor migrated: that is for the one who records. */
static int open_shared(struct sea_db *db, const char *vfs, struct sea_error *err)
{
	if (sqlite3_open_v2(db->path, &db->sqlite, SQLITE_OPEN_READWRITE, vfs))
		return sea_db_fail(db, "open", err);
	sqlite3_busy_timeout(db->sqlite, BUSY_MS);
	if (look_inside(db, err))
		return -1;
	if (db->newer || !db->version)
		return sea_error_set(err, "cannot write %s: %s; use the seatop that recorded it",
				     db->path,
				     db->newer ? "a newer seatop wrote it" : "it has no tables");
	return 0;
}

static int open_write(struct sea_db *db, enum sea_db_mode mode, const char *vfs,
		      struct sea_error *err)
{
	const char *path = mode == SEA_DB_SCRATCH ? "" : db->path;

	if (sqlite3_open_v2(path, &db->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs))
		return sea_db_fail(db, "open", err);
	sqlite3_busy_timeout(db->sqlite, BUSY_MS);
	return look_inside(db, err) ? -1 : prepare_to_write(db, mode, err);
}

int sea_db_open(const char *path, enum sea_db_mode mode, const char *vfs, struct sea_db *db,
		struct sea_error *err)
{
	int rc = 0;

	*db = (struct sea_db){.lock = -1, .path = strdup(path)};
	if (!db->path)
		return sea_error_set(err, "cannot open %s: out of memory", path);
	if (mode == SEA_DB_WRITE)
		rc = lock(db, err);
	if (!rc && mode != SEA_DB_SCRATCH)
		rc = look_at_file(db, mode, err);
	if (!rc)
		rc = mode == SEA_DB_READ || mode == SEA_DB_READ_STILL ?
			     open_read(db, mode, vfs, err) :
		     mode == SEA_DB_SHARE ? open_shared(db, vfs, err) :
					    open_write(db, mode, vfs, err);
	if (rc)
		sea_db_close(db);
	return rc;
}

void sea_db_close(struct sea_db *db)
{
	sqlite3_close(db->sqlite);
	/* Last: closing any descriptor of the file drops the locks of SQLite's own. */
	if (db->lock >= 0)
		close(db->lock);
	free(db->path);
	*db = (struct sea_db){.lock = -1};
}

int sea_sql_begin(const struct sea_db *db, struct sea_sql *sql, const char *text)
{
	sql->at = 0;
	if (sql->statement) {
		sqlite3_reset(sql->statement);
		sqlite3_clear_bindings(sql->statement);
		return 0;
	}
	return sqlite3_prepare_v3(db->sqlite, text, -1, SQLITE_PREPARE_PERSISTENT, &sql->statement,
				  NULL) ?
		       -1 :
		       0;
}

void sea_sql_put(struct sea_sql *sql, __s64 number)
{
	sqlite3_bind_int64(sql->statement, ++sql->at, number);
}

void sea_sql_put_u64(struct sea_sql *sql, __u64 number)
{
	sea_sql_put(sql, (__s64)number);
}

void sea_sql_put_if(struct sea_sql *sql, bool is_there, __u64 number)
{
	sql->at++;
	if (is_there)
		sqlite3_bind_int64(sql->statement, sql->at, (__s64)number);
}

void sea_sql_put_text(struct sea_sql *sql, const char *text)
{
	sql->at++;
	if (text && *text)
		sqlite3_bind_text(sql->statement, sql->at, text, -1, SQLITE_STATIC);
}

void sea_sql_put_string(struct sea_sql *sql, const char *text)
{
	sqlite3_bind_text(sql->statement, ++sql->at, text ? text : "", -1, SQLITE_STATIC);
}

int sea_sql_step(struct sea_sql *sql)
{
	sql->at = 0;
	return sqlite3_step(sql->statement);
}

int sea_sql_do(struct sea_sql *sql)
{
	int rc = sea_sql_step(sql);

	sqlite3_reset(sql->statement);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : -1;
}

__s64 sea_sql_take(struct sea_sql *sql)
{
	return sqlite3_column_int64(sql->statement, sql->at++);
}

__u64 sea_sql_take_u64(struct sea_sql *sql)
{
	return (__u64)sea_sql_take(sql);
}

bool sea_sql_take_if(struct sea_sql *sql, __u64 *number)
{
	bool is_there = sqlite3_column_type(sql->statement, sql->at) != SQLITE_NULL;

	*number = sea_sql_take_u64(sql);
	return is_there;
}

const char *sea_sql_take_string(struct sea_sql *sql)
{
	return (const char *)sqlite3_column_text(sql->statement, sql->at++);
}

void sea_sql_take_text(struct sea_sql *sql, char *out, size_t size)
{
	const char *text = sea_sql_take_string(sql);

	sea_printable(text ? text : "", text ? strlen(text) : 0, out, size);
}

int sea_db_each(const struct sea_db *db, const char *text, const __s64 *values, size_t nr,
		sea_sql_take_row take, void *context, struct sea_error *err)
{
	struct sea_sql sql = {0};
	size_t i;
	int rc;

	if (sea_sql_begin(db, &sql, text))
		return db->newer || db->incomplete ? 1 : sea_db_fail(db, "read", err);
	for (i = 0; i < nr; i++)
		sea_sql_put(&sql, values[i]);
	while ((rc = sea_sql_step(&sql)) == SQLITE_ROW) {
		if (!take(&sql, context))
			continue;
		sea_sql_free(&sql);
		return -1;
	}
	if (rc != SQLITE_DONE)
		sea_db_fail(db, "read", err);
	sea_sql_free(&sql);
	return rc == SQLITE_DONE ? 0 : -1;
}

void sea_sql_end(struct sea_sql *sql)
{
	if (sql->statement)
		sqlite3_reset(sql->statement);
}

void sea_sql_free(struct sea_sql *sql)
{
	sqlite3_finalize(sql->statement);
	*sql = (struct sea_sql){0};
}
