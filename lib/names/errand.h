/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * errand.h - work that may never come back, done by threads.
 *
 * Reading /proc/PID/cmdline takes the lock of that process's memory map. If the
 * process waits for a dead file server while it holds the lock, so does whoever
 * reads. Such a read is an errand: a thread of ours goes, and who sent it goes on.
 *
 * A thread that does not come back stays where it is; the process can end at any
 * time all the same. Only so many threads are sent, and the last one takes no slow
 * part: quick ones always get done.
 */
#ifndef SEA_ERRAND_H
#define SEA_ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Threads at most, one of which is kept free of slow parts. */
#define SEA_ERRAND_THREADS 64

/*
 * What is to be done: the first member of the sender's own structure. Both parts
 * run in a thread, the slow one after the quick one; slow NULL: there is none.
 */
struct sea_errand {
	/* False: there is nothing left for the slow part to do. */
	bool (*quick)(struct sea_errand *errand);
	void (*slow)(struct sea_errand *errand);
	void (*free)(struct sea_errand *errand); /* in any thread */
	/* The errands' own. */
	struct sea_errand *next_queued, *next_news;
	uint64_t since_ns; /* queued, or begun: CLOCK_MONOTONIC */
	bool quick_done, done, has_news;
};

/* All errands of one sender, who calls everything below from one thread. */
struct sea_errands;

int sea_errands_open(struct sea_errands **errands, struct sea_error *err);

/* Never waits. What is still out is freed when it comes back. NULL is fine. */
void sea_errands_close(struct sea_errands *errands);

/*
 * Sends it. It belongs to the threads until sea_errands_news() says that it is done.
 * Threads are started here and have the capabilities that the caller has now.
 */
void sea_errands_send(struct sea_errands *errands, struct sea_errand *errand);

/*
 * False if it is out, or back already. True: it waited for a thread, is not sent any
 * more and is the caller's again.
 */
bool sea_errands_call_back(struct sea_errands *errands, struct sea_errand *errand);

/*
 * The next errand of which something came back, or NULL. *done: all of it, and it
 * is the caller's again. If not, what the quick part found may be read, and the slow
 * part is still out.
 */
struct sea_errand *sea_errands_news(struct sea_errands *errands, bool *done);

/* Waits until there are news, or until that time by CLOCK_MONOTONIC. False: none. */
bool sea_errands_wait(struct sea_errands *errands, uint64_t until_ns);

/* For poll(): readable while there are news. */
int sea_errands_fd(const struct sea_errands *errands);

/* CLOCK_MONOTONIC, in nanoseconds. */
uint64_t sea_errands_now(void);

#endif /* SEA_ERRAND_H */
