/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - one run of a program that counts.
 */
#ifndef SEA_SESSION_H
#define SEA_SESSION_H

#include <stdbool.h>
#include <time.h>

#include <linux/types.h>

#include "base/error.h"

#define SEA_UUID_LEN 37	   /* of "5ee4fa21-6f8b-4a8c-9df0-0123456789ab" with its NUL */
#define SEA_HOST_LEN 65	   /* of what uname(2) says, NULs included */
#define SEA_PROGRAM_LEN 32 /* of a program's or a source's name */

/* Why a session ended. */
enum sea_session_end {
	SEA_SESSION_RUNS,    /* it has not */
	SEA_SESSION_STOPPED, /* somebody stopped it, or it had done its intervals */
	SEA_SESSION_FAILED,  /* the program gave up, and said why */
	SEA_SESSION_LOST,    /* nobody knows: it was killed, or the host went down */
	SEA_SESSION_ENDS,
};

/* "runs", "stopped", "failed", "lost"; static. */
const char *sea_session_end_name(unsigned int end);
/* The number of such a name, or -1; NULL is no name. */
int sea_session_end_number(const char *name);

/* Texts are valid UTF-8 and printable. */
struct sea_session {
	char run[SEA_UUID_LEN];	    /* random: no two sessions ever have the same */
	char boot_id[SEA_UUID_LEN]; /* of the host's boot; CLOCK_BOOTTIME counts from it */
	char host[SEA_HOST_LEN];
	char kernel[SEA_HOST_LEN];  /* release */
	char machine[SEA_HOST_LEN]; /* "aarch64" */
	char program[SEA_PROGRAM_LEN];
	char version[SEA_PROGRAM_LEN]; /* of the program */
	char source[SEA_PROGRAM_LEN];  /* of the counts: "tracepoint"; "" before it is known */
	bool tells_all;		       /* the source never has to say `unknown` */
	bool replayed;		       /* it is a recording's */
	__u64 started_ns;	       /* CLOCK_BOOTTIME, when counting began */
	struct timespec started;       /* CLOCK_REALTIME of the same moment */
	__u64 ended_ns;		       /* 0: it runs */
	struct timespec ended;
	enum sea_session_end end;
};

/*
 * Fills in all that this machine and a new run say; program is "seatop". The rest is
 * zero. proc is the root of procfs, "/proc" but for tests; without a boot id there the
 * id is "": recordings of such a session cannot be joined.
 */
void sea_session_begin(struct sea_session *session, const char *proc, const char *program);

/* A random UUID (RFC 4122, version 4). */
void sea_uuid_make(char uuid[SEA_UUID_LEN]);

#endif /* SEA_SESSION_H */
