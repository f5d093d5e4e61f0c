// SPDX-License-Identifier: GPL-2.0-only
#include "names/errand.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define NSEC_PER_SEC 1000000000ULL

/* A thread that has been out for so long is late: another one may go. */
#define LATE_NS (10 * 1000000ULL)

/* Threads that are out and not late: what quick errands need. */
#define IN_TIME_MAX 2

/* Threads that wait for work; any more are not needed and end. */
#define WAITING_MAX 2

/* Our threads call little. Sanitizers need more than the least that there is. */
#define STACK_BYTES (256 * 1024)

struct list {
	struct sea_errand *first, *last;
};

struct sea_errands {
	pthread_mutex_t lock;
	pthread_cond_t work;	/* for threads: something is queued, or late, or closing */
	pthread_cond_t arrival; /* for the sender: there are news */
	struct list queue;
	struct list news;
	struct sea_errand *out[SEA_ERRAND_THREADS];
	unsigned int nr_out, nr_slow, nr_threads, nr_waiting;
	unsigned int users; /* the sender and the threads; the last one frees */
	bool closing;
	int event_fd; /* the sender's: not to be touched once closing */
};

uint64_t sea_errands_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){
		.tv_sec = (time_t)(ns / NSEC_PER_SEC),
		.tv_nsec = (long)(ns % NSEC_PER_SEC),
	};
}

/* An errand may be in the queue and have news at the same time. */
static void add_news(struct sea_errands *errands, struct sea_errand *errand)
{
	errand->next_news = NULL;
	if (errands->news.last)
		errands->news.last->next_news = errand;
	else
		errands->news.first = errand;
	errands->news.last = errand;
}

static struct sea_errand *take_news(struct sea_errands *errands)
{
	struct sea_errand *errand = errands->news.first;

	if (!errand)
		return NULL;
	errands->news.first = errand->next_news;
	if (!errands->news.first)
		errands->news.last = NULL;
	return errand;
}

static void queue_last(struct sea_errands *errands, struct sea_errand *errand)
{
	errand->next_queued = NULL;
	if (errands->queue.last)
		errands->queue.last->next_queued = errand;
	else
		errands->queue.first = errand;
	errands->queue.last = errand;
}

static void queue_first(struct sea_errands *errands, struct sea_errand *errand)
{
	errand->next_queued = errands->queue.first;
	errands->queue.first = errand;
	if (!errands->queue.last)
		errands->queue.last = errand;
}

/* The lock is held and let go. */
static void leave(struct sea_errands *errands)
{
	bool last = !--errands->users;

	pthread_mutex_unlock(&errands->lock);
	if (!last)
		return;
	pthread_cond_destroy(&errands->arrival);
	pthread_cond_destroy(&errands->work);
	pthread_mutex_destroy(&errands->lock);
	free(errands);
}

/* Threads that are out and not late, and when the first of them will be: 0: never. */
static unsigned int in_time(const struct sea_errands *errands, uint64_t now, uint64_t *late_ns)
{
	unsigned int i, nr = 0;

	*late_ns = 0;
	for (i = 0; i < errands->nr_out; i++) {
		uint64_t late = errands->out[i]->since_ns + LATE_NS;

		if (late <= now)
			continue;
		nr++;
		if (!*late_ns || late < *late_ns)
			*late_ns = late;
	}
	return nr;
}

/* The first errand that may go now. One thread is kept for quick parts. */
static struct sea_errand *take_work(struct sea_errands *errands)
{
	struct sea_errand **link = &errands->queue.first, *before = NULL, *errand;

	while ((errand = *link) && errand->quick_done &&
	       errands->nr_slow == SEA_ERRAND_THREADS - 1) {
		before = errand;
		link = &errand->next_queued;
	}
	if (!errand)
		return NULL;
	*link = errand->next_queued;
	if (errands->queue.last == errand)
		errands->queue.last = before;
	return errand;
}

static void tell(struct sea_errands *errands, struct sea_errand *errand)
{
	uint64_t one = 1;

	if (!errand->has_news) {
		errand->has_news = true;
		add_news(errands, errand);
	}
	/* It can only fail if it is readable already. */
	if (write(errands->event_fd, &one, sizeof(one)) < 0)
		return;
	pthread_cond_signal(&errands->arrival);
}

/* The errand's next part, without the lock. False: we are closing, and it is gone. */
static bool do_part(struct sea_errands *errands, struct sea_errand *errand)
{
	bool slow = errand->quick_done, more = false;
	unsigned int i;

	errand->since_ns = sea_errands_now();
	errands->out[errands->nr_out++] = errand;
	errands->nr_slow += slow;
	pthread_mutex_unlock(&errands->lock);
	if (slow)
		errand->slow(errand);
	else
		more = errand->quick(errand) && errand->slow;
	pthread_mutex_lock(&errands->lock);
	errands->nr_slow -= slow;
	for (i = 0; errands->out[i] != errand; i++)
		;
	errands->out[i] = errands->out[--errands->nr_out];
	if (errands->closing) {
		errand->free(errand);
		return false;
	}
	errand->quick_done = true;
	errand->done = !more;
	return true;
}

static bool start_thread(struct sea_errands *errands);

/*
 * Waits for work. While enough others are out and in time there is none for us: one
 * of them will be back in a moment. NULL: the thread is not needed any more.
 */
static struct sea_errand *get_work(struct sea_errands *errands)
{
	struct sea_errand *errand;
	uint64_t late_ns;

	while (!errands->closing) {
		bool enough = in_time(errands, sea_errands_now(), &late_ns) >= IN_TIME_MAX;

		errand = enough ? NULL : take_work(errands);
		if (errand)
			return errand;
		if (errands->nr_waiting == WAITING_MAX) {
			/* One of them may not know yet that there is work. */
			pthread_cond_signal(&errands->work);
			return NULL;
		}
		errands->nr_waiting++;
		if (enough && errands->queue.first) {
			struct timespec until = timespec_of(late_ns);

			pthread_cond_timedwait(&errands->work, &errands->lock, &until);
		} else {
			pthread_cond_wait(&errands->work, &errands->lock);
		}
		errands->nr_waiting--;
	}
	return NULL;
}

static void *thread(void *arg)
{
	struct sea_errands *errands = arg;
	struct sea_errand *errand;

	pthread_mutex_lock(&errands->lock);
	while ((errand = get_work(errands))) {
		/* Somebody has to be there if we do not come back. */
		if (!errands->nr_waiting)
			start_thread(errands);
		if (!do_part(errands, errand))
			break;
		tell(errands, errand);
		if (errand->done)
			continue;
		/* This thread is as good as any for the slow part, and goes on with it. */
		queue_first(errands, errand);
	}
	errands->nr_threads--;
	leave(errands);
	return NULL;
}

/* The lock is held. False: there are enough, or the system gives us no more. */
static bool start_thread(struct sea_errands *errands)
{
	sigset_t all, before;
	pthread_attr_t attr;
	pthread_t id;
	bool started;

	if (errands->nr_threads == SEA_ERRAND_THREADS || pthread_attr_init(&attr))
		return false;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	/* Signals are the sender's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = !pthread_create(&id, &attr, thread, errands);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	errands->nr_threads += started;
	errands->users += started;
	return started;
}

/* There is a thread that waits, or that will look at the queue when it is back. */
static void see_to_the_queue(struct sea_errands *errands)
{
	if (!errands->queue.first)
		return;
	if (!errands->nr_waiting && errands->nr_threads == errands->nr_out)
		start_thread(errands);
	pthread_cond_signal(&errands->work);
}

int sea_errands_open(struct sea_errands **errands, struct sea_error *err)
{
	struct sea_errands *e = calloc(1, sizeof(*e));
	pthread_condattr_t attr;

	if (!e)
		return sea_error_set(err, "cannot read VM names: out of memory");
	e->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (e->event_fd < 0) {
		free(e);
		return sea_error_set(err,
				     "cannot read VM names: eventfd: %s; raise the limit of "
				     "open files",
				     strerror(errno));
	}
	e->users = 1;
	pthread_mutex_init(&e->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&e->work, &attr);
	pthread_cond_init(&e->arrival, &attr);
	pthread_condattr_destroy(&attr);
	*errands = e;
	return 0;
}

void sea_errands_close(struct sea_errands *errands)
{
	struct sea_errand *errand, *done = NULL;

	if (!errands)
		return;
	pthread_mutex_lock(&errands->lock);
	errands->closing = true;
	close(errands->event_fd);
	/* What is done is in the news only; what is out goes with its thread. */
	while ((errand = take_news(errands))) {
		if (!errand->done)
			continue;
		errand->next_queued = done;
		done = errand;
	}
	while ((errand = errands->queue.first)) {
		errands->queue.first = errand->next_queued;
		errand->free(errand);
	}
	errands->queue.last = NULL;
	while ((errand = done)) {
		done = errand->next_queued;
		errand->free(errand);
	}
	pthread_cond_broadcast(&errands->work);
	leave(errands);
}

void sea_errands_send(struct sea_errands *errands, struct sea_errand *errand)
{
	errand->quick_done = errand->done = errand->has_news = false;
	pthread_mutex_lock(&errands->lock);
	queue_last(errands, errand);
	see_to_the_queue(errands);
	pthread_mutex_unlock(&errands->lock);
}

/* Out of the news too, if its quick part was done. */
static void drop_news(struct sea_errands *errands, const struct sea_errand *errand)
{
	struct sea_errand **link = &errands->news.first, *last = NULL;

	while (*link) {
		if (*link == errand) {
			*link = errand->next_news;
			continue;
		}
		last = *link;
		link = &last->next_news;
	}
	errands->news.last = last;
}

bool sea_errands_call_back(struct sea_errands *errands, struct sea_errand *errand)
{
	struct sea_errand **link, *last = NULL;
	bool found = false;

	pthread_mutex_lock(&errands->lock);
	for (link = &errands->queue.first; *link;) {
		if (*link == errand) {
			*link = errand->next_queued;
			found = true;
			continue;
		}
		last = *link;
		link = &last->next_queued;
	}
	errands->queue.last = last;
	if (found)
		drop_news(errands, errand);
	pthread_mutex_unlock(&errands->lock);
	return found;
}

struct sea_errand *sea_errands_news(struct sea_errands *errands, bool *done)
{
	struct sea_errand *errand;
	uint64_t count;

	pthread_mutex_lock(&errands->lock);
	/* With the last one taken it is readable no more, until there is another. */
	if (errands->news.first == errands->news.last &&
	    read(errands->event_fd, &count, sizeof(count)) < 0)
		count = 0;
	errand = take_news(errands);
	if (errand) {
		errand->has_news = false;
		*done = errand->done;
	}
	/* For a thread that could not be started before. */
	see_to_the_queue(errands);
	pthread_mutex_unlock(&errands->lock);
	return errand;
}

bool sea_errands_wait(struct sea_errands *errands, uint64_t until_ns)
{
	struct timespec until = timespec_of(until_ns);
	bool there;

	pthread_mutex_lock(&errands->lock);
	while (!errands->news.first && sea_errands_now() < until_ns)
		pthread_cond_timedwait(&errands->arrival, &errands->lock, &until);
	there = errands->news.first;
	pthread_mutex_unlock(&errands->lock);
	return there;
}

int sea_errands_fd(const struct sea_errands *errands)
{
	return errands->event_fd;
}
