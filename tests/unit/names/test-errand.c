// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "names/errand.h"

#define SEC 1000000000ULL

/* Far more than any of this takes: a test that fails does so by it. */
#define LONG_NS (60 * SEC)

/* Reads a byte from a pipe in one of its parts: it hangs for as long as we like. */
struct errand {
	struct sea_errand errand;
	int quick_fd, slow_fd; /* -1: that part does not hang */
	bool more;
	_Atomic int begun, quick_done, slow_done;
};

static _Atomic int freed;

static void hang(int fd)
{
	char byte;

	if (fd >= 0)
		assert_int_equal(read(fd, &byte, 1), 1);
}

static bool quick(struct sea_errand *errand)
{
	struct errand *e = (struct errand *)errand;

	e->begun = 1;
	hang(e->quick_fd);
	e->quick_done = 1;
	return e->more;
}

static void slow(struct sea_errand *errand)
{
	struct errand *e = (struct errand *)errand;

	hang(e->slow_fd);
	e->slow_done = 1;
}

static void free_errand(struct sea_errand *errand)
{
	freed++;
	free(errand);
}

static struct errand *send_errand(struct sea_errands *errands, int quick_fd, int slow_fd, bool more)
{
	struct errand *e = calloc(1, sizeof(*e));

	assert_non_null(e);
	e->errand = (struct sea_errand){.quick = quick, .slow = slow, .free = free_errand};
	e->quick_fd = quick_fd;
	e->slow_fd = slow_fd;
	e->more = more;
	sea_errands_send(errands, &e->errand);
	return e;
}

static struct sea_errands *open_errands(void)
{
	struct sea_errands *errands;
	struct sea_error err;

	freed = 0;
	assert_int_equal(sea_errands_open(&errands, &err), 0);
	return errands;
}

static bool is_readable(struct sea_errands *errands)
{
	struct pollfd pollfd = {.fd = sea_errands_fd(errands), .events = POLLIN};

	return poll(&pollfd, 1, 0) == 1;
}

/* The next news, which have to come. */
static struct errand *next_news(struct sea_errands *errands, bool *done)
{
	struct sea_errand *errand;

	assert_true(sea_errands_wait(errands, sea_errands_now() + LONG_NS));
	assert_true(is_readable(errands));
	errand = sea_errands_news(errands, done);
	assert_non_null(errand);
	return (struct errand *)errand;
}

/* Waits until so many were freed, which threads do. */
static void wait_freed(int nr)
{
	uint64_t until = sea_errands_now() + LONG_NS;

	while (freed < nr && sea_errands_now() < until)
		usleep(1000);
	assert_int_equal(freed, nr);
}

static void comes_back(void **state)
{
	struct sea_errands *errands = open_errands();
	struct errand *e = send_errand(errands, -1, -1, true), *news;
	bool done = false;

	(void)state;
	do {
		news = next_news(errands, &done);
		assert_ptr_equal(news, e);
		assert_int_equal(e->quick_done, 1);
	} while (!done);
	assert_int_equal(e->slow_done, 1);
	assert_null(sea_errands_news(errands, &done));
	assert_false(is_readable(errands));
	assert_false(sea_errands_wait(errands, sea_errands_now()));
	free_errand(&e->errand);

	/* Without a slow part */
	e = send_errand(errands, -1, -1, false);
	assert_ptr_equal(next_news(errands, &done), e);
	assert_true(done);
	assert_int_equal(e->slow_done, 0);
	free_errand(&e->errand);
	sea_errands_close(errands);
	sea_errands_close(NULL);
}

/* What the quick part found is told while the slow part hangs; then all of it is. */
static void hangs(void **state)
{
	struct sea_errands *errands = open_errands();
	struct errand *e, *other;
	int fds[2];
	bool done;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	e = send_errand(errands, -1, fds[0], true);
	assert_ptr_equal(next_news(errands, &done), e);
	assert_false(done);
	assert_int_equal(e->quick_done, 1);
	assert_false(is_readable(errands));

	/* Others go on, both parts of them. */
	other = send_errand(errands, -1, -1, true);
	do {
		assert_ptr_equal(next_news(errands, &done), other);
	} while (!done);
	free_errand(&other->errand);

	assert_int_equal(write(fds[1], "", 1), 1);
	assert_ptr_equal(next_news(errands, &done), e);
	assert_true(done);
	assert_int_equal(e->slow_done, 1);
	free_errand(&e->errand);
	sea_errands_close(errands);
	close(fds[0]);
	close(fds[1]);
}

/*
 * With more of them than there are threads, quick parts still get done, all of them.
 * Slow parts that have to stay behind can be called back.
 */
static void many_hang(void **state)
{
	enum { MANY = 2 * SEA_ERRAND_THREADS };
	struct sea_errands *errands = open_errands();
	struct errand *all[MANY], *last;
	int fds[2], i, nr = 0, called = 0;
	bool done, kept[MANY];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	for (i = 0; i < MANY; i++)
		all[i] = send_errand(errands, -1, fds[0], true);
	for (i = 0; i < MANY; i++) {
		next_news(errands, &done);
		assert_false(done);
	}
	last = send_errand(errands, -1, -1, false);
	assert_ptr_equal(next_news(errands, &done), last);
	assert_true(done);
	free_errand(&last->errand);

	/* Who waits for a thread can be called back, and who is out cannot. */
	for (i = 0; i < MANY; i++)
		called += kept[i] = sea_errands_call_back(errands, &all[i]->errand);
	assert_int_equal(called, MANY - (SEA_ERRAND_THREADS - 1));

	for (i = 0; i < MANY - called; i++)
		assert_int_equal(write(fds[1], "", 1), 1);
	while (nr < MANY - called) {
		next_news(errands, &done);
		assert_true(done);
		nr++;
	}
	assert_false(is_readable(errands));
	for (i = 0; i < MANY; i++) {
		assert_int_equal(all[i]->slow_done, !kept[i]);
		free_errand(&all[i]->errand);
	}
	sea_errands_close(errands);
	close(fds[0]);
	close(fds[1]);
}

/* When some do not hang any more, the slow parts that had to stay behind get done. */
static void those_behind(void **state)
{
	enum { MANY = SEA_ERRAND_THREADS + 10 };
	struct sea_errands *errands = open_errands();
	struct errand *all[MANY];
	int fds[2], i;
	bool done;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	for (i = 0; i < MANY; i++)
		all[i] = send_errand(errands, -1, fds[0], true);
	for (i = 0; i < MANY; i++)
		assert_int_equal(write(fds[1], "", 1), 1);
	for (i = 0; i < MANY; i += done)
		next_news(errands, &done);
	for (i = 0; i < MANY; i++) {
		assert_int_equal(all[i]->slow_done, 1);
		free_errand(&all[i]->errand);
	}
	sea_errands_close(errands);
	close(fds[0]);
	close(fds[1]);
}

/* Closing waits for nobody, and nothing is lost or freed twice. */
static void closing(void **state)
{
	struct sea_errands *errands = open_errands();
	struct errand *e;
	int fds[2], i;
	bool done;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	/* One that hangs in each part, with news that nobody took; and one done. */
	e = send_errand(errands, fds[0], -1, true);
	while (!e->begun)
		usleep(1000);
	e = send_errand(errands, -1, fds[0], true);
	assert_ptr_equal(next_news(errands, &done), e);
	send_errand(errands, -1, fds[0], true);
	assert_true(sea_errands_wait(errands, sea_errands_now() + LONG_NS));
	send_errand(errands, -1, -1, false);
	sea_errands_close(errands);
	for (i = 0; i < 3; i++)
		assert_int_equal(write(fds[1], "", 1), 1);
	wait_freed(4);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back), cmocka_unit_test(hangs),
		cmocka_unit_test(many_hang),  cmocka_unit_test(those_behind),
		cmocka_unit_test(closing),
	};

	return cmocka_run_group_tests_name("errand", tests, NULL, NULL);
}
