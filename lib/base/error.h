/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * error.h - the one way to say what failed, why, and what to do.
 *
 * A function that can fail takes a struct sea_error as its last argument and
 * returns 0 or -1; after -1, and only then, the error is filled in. The text
 * is one line without the program's name and without a newline:
 * "WHAT FAILED: WHY; WHAT TO DO". Callers pass it on unchanged.
 */
#ifndef SEA_ERROR_H
#define SEA_ERROR_H

#define SEA_ERROR_LEN 512

/* Exit statuses of all tools, as seatop(8) documents them. */
enum sea_status {
	SEA_STATUS_OK = 0,
	SEA_STATUS_FOUND = 1,	   /* a check found what it looked for */
	SEA_STATUS_INCOMPLETE = 2, /* something was lost: do not trust the data blindly */
	SEA_STATUS_ERROR = 3,	   /* usage, or this environment cannot do it */
};

struct sea_error {
	enum sea_status status;
	char text[SEA_ERROR_LEN];
};

/*
 * Fills in err with SEA_STATUS_ERROR and a text; control characters in it
 * become spaces and a text that is too long is cut. Always returns -1, so that
 * it can stand in a return statement.
 */
int sea_error_set(struct sea_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* SEA_ERROR_H */
