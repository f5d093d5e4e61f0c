/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * made-up-store.h - stores of hosts that are made up, by SQL: much faster than by a
 * recorder, so that there can be thousands.
 */
#ifndef SEA_TEST_MADE_UP_STORE_H
#define SEA_TEST_MADE_UP_STORE_H

#include "base/error.h"
#include "base/text.h"

struct made_up_host {
	const char *host;
	const char *run;     /* of its one session */
	long long since_ns;  /* ns since 1970: when the session began */
	long long length_ns; /* and how long it watched */
	int vms;	     /* that run all the time: vm1, vm2, ... */
	int opted_in;	     /* the first of them */
};

/*
 * Appends what makes the host: session 1, VMs 1 to vms, tick 1 at the start, which
 * lists them, and tick 2 at the end. What is appended behind it may use seq 10 and up.
 */
void made_up_host(const struct made_up_host *host, struct sea_text *sql);

/*
 * Appends tick `seq`, so long after the start, in which a VM took so many SEAs;
 * disposition: the column's name.
 */
void made_up_seas(const struct made_up_host *host, int seq, long long after_ns, int vm,
		  const char *disposition, int seas, struct sea_text *sql);

/* Makes a store of it. Frees the text. */
int made_up_store(const char *path, struct sea_text *sql, struct sea_error *err);

#endif /* SEA_TEST_MADE_UP_STORE_H */
