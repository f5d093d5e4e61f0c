/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * db.h - SQLite as the store uses it: how a file is opened, and what an error of it
 * means to whoever reads of it.
 */
#ifndef SEA_DB_H
#define SEA_DB_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/stat.h>

#include <linux/types.h>
#include <sqlite3.h>

#include "base/error.h"

enum sea_db_mode {
	SEA_DB_READ, /* the file is there, and stays as it is */
	/*
	 * The same in half the time, without locks and without files of SQLite's beside it,
	 * where nobody seems to write. Whoever has read all asks sea_db_is_still(), and reads
	 * again by SEA_DB_READ if it is not.
	 */
	SEA_DB_READ_STILL,
	SEA_DB_WRITE,	/* made if it is not there; whoever writes is the only one who does */
	SEA_DB_SHARE,	/* the file is there; a word is added beside whoever writes */
	SEA_DB_SCRATCH, /* a store of this process alone, gone when it is closed; path is for
			   messages */
};

struct sea_db {
	sqlite3 *sqlite;
	char *path;
	int lock;	  /* descriptor that holds the lock of the only writer; -1 */
	int version;	  /* of the file's schema */
	bool newer;	  /* than this program knows: it is read as far as it can be */
	bool incomplete;  /* a table of it was not as expected: a newer program's */
	bool is_unlocked; /* of SEA_DB_READ_STILL: it is read without locks */
	struct stat seen; /* and this is what the file was before */
};

/*
 * vfs: SQLite's, by name; NULL: the default one. *db is given back with
 * sea_db_close(). The error says what kind of file it is, if it is no store.
 */
int sea_db_open(const char *path, enum sea_db_mode mode, const char *vfs, struct sea_db *db,
		struct sea_error *err);
void sea_db_close(struct sea_db *db);

/* What was read is what the file had: there were locks, or nobody has written since. */
bool sea_db_is_still(const struct sea_db *db);

/* Sets err to "cannot WHAT PATH: WHY; ADVICE" by what SQLite said last. Returns -1. */
int sea_db_fail(const struct sea_db *db, const char *what, struct sea_error *err);

/* What SQLite said last is that the file is no sound database any more. */
bool sea_db_is_damaged(const struct sea_db *db);

/* The file is a store, or what is left of one, and cannot be used. */
bool sea_db_was_store(const char *path, const char *vfs);

/* Does all of sql, which gives no rows. */
int sea_db_do(const struct sea_db *db, const char *sql, struct sea_error *err);
/* The number that sql gives in its first row, or otherwise if there is none. */
__s64 sea_db_number(const struct sea_db *db, const char *sql, __s64 otherwise);

/*
 * A statement with the values that go into it, one after the other. Start from zeros.
 * It is prepared at its first use and stays so until sea_sql_free().
 */
struct sea_sql {
	sqlite3_stmt *statement;
	int at; /* of the next value that is put in, or taken out */
};

/* Begins anew. -1: SQLite does not understand it; see sea_db_fail(). */
int sea_sql_begin(const struct sea_db *db, struct sea_sql *sql, const char *text);
/* Puts the next value in. Texts have to stay until the statement is done. */
void sea_sql_put(struct sea_sql *sql, __s64 number);
void sea_sql_put_u64(struct sea_sql *sql, __u64 number);
/* NULL unless it is there. */
void sea_sql_put_if(struct sea_sql *sql, bool is_there, __u64 number);
/* NULL if it is NULL or "". */
void sea_sql_put_text(struct sea_sql *sql, const char *text);
/* "" if it is NULL. */
void sea_sql_put_string(struct sea_sql *sql, const char *text);
/* SQLITE_ROW, SQLITE_DONE, or another. Values are then taken out from the first one. */
int sea_sql_step(struct sea_sql *sql);
/* A step that gives no row. */
int sea_sql_do(struct sea_sql *sql);
/* Takes the next value out; one that is no number is 0. */
__s64 sea_sql_take(struct sea_sql *sql);
__u64 sea_sql_take_u64(struct sea_sql *sql);
/* False: it is NULL, and *number is 0. */
bool sea_sql_take_if(struct sea_sql *sql, __u64 *number);
/* Safe to show, cut to size; "" if it is NULL. */
void sea_sql_take_text(struct sea_sql *sql, char *out, size_t size);
/* SQLite's own, good until the next step; NULL if it is. */
const char *sea_sql_take_string(struct sea_sql *sql);
/* Takes in the row that the statement stands at. Not 0: it failed, and said why. */
typedef int (*sea_sql_take_row)(struct sea_sql *sql, void *context);
/*
 * Calls take for each row of a statement into which the values go, the first as ?1.
 * 1: the file is a newer program's, and may lack what the statement asks for. -1: it
 * failed, or take did.
 */
int sea_db_each(const struct sea_db *db, const char *text, const __s64 *values, size_t nr,
		sea_sql_take_row take, void *context, struct sea_error *err);
/* The statement needs no locks any more. */
void sea_sql_end(struct sea_sql *sql);
void sea_sql_free(struct sea_sql *sql);

#endif /* SEA_DB_H */
