// SPDX-License-Identifier: GPL-2.0-only
/* What is done to any map, program or iterator, with a kernel that is made up. */
#include "fixtures.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake-bpf.h"
#include "trace/object.h"
#include "trace/trace.h"

#define ROWS 16

static int begin(void **state)
{
	(void)state;
	fake_begin();
	return 0;
}

static void reasons(void **state)
{
	(void)state;
	/* No libc has a name for the kernel's ENOTSUPP. */
	assert_string_equal(sea_trace_reason(524), "not supported by this kernel");
	assert_string_equal(sea_trace_reason(EPERM), strerror(EPERM));
	assert_non_null(strstr(sea_trace_reason(523), "523"));
}

static void clocks(void **state)
{
	struct timespec out = {0};
	__u64 ns = sea_trace_clock(CLOCK_MONOTONIC, &out);

	(void)state;
	assert_true(out.tv_sec || out.tv_nsec);
	assert_true(ns == (__u64)out.tv_sec * SEC + (__u64)out.tv_nsec);
	assert_true(sea_trace_clock(CLOCK_MONOTONIC, NULL) >= ns);
}

/* Values of eight bytes, so that each is where its row is. */
static int read_rows(__u64 *keys, __u64 *values, size_t *nr, struct sea_error *err)
{
	return sea_trace_read_map(NULL, keys, values, sizeof(*values), nr, err);
}

/* The kernel gives a map bucket by bucket: each call goes on where the last one ended. */
static void reads_a_map_in_parts(void **state)
{
	__u64 keys[ROWS] = {0}, values[ROWS] = {0};
	size_t nr = ROWS, i;
	struct sea_error err;

	(void)state;
	fake.batches[0] = (struct fake_batch){0, 5};
	fake.batches[1] = (struct fake_batch){0, 1};
	fake.batches[2] = (struct fake_batch){ENOENT, 3};
	assert_int_equal(read_rows(keys, values, &nr, &err), 0);
	assert_int_equal(nr, 9);
	assert_int_equal(fake.maps_read, 3);
	for (i = 0; i < ROWS; i++) {
		assert_int_equal(keys[i], i < 9 ? i + 1 : 0);
		assert_int_equal(values[i], i < 9 ? i + 1 : 0);
	}
}

static void reads_no_more_than_there_is_room(void **state)
{
	__u64 keys[ROWS] = {0}, values[ROWS] = {0};
	struct sea_error err;
	size_t nr = 8;

	(void)state;
	fake.batches[0] = (struct fake_batch){0, 5};
	fake.batches[1] = (struct fake_batch){0, 3};
	fake.batches[2] = (struct fake_batch){EFAULT, 0};
	assert_int_equal(read_rows(keys, values, &nr, &err), 0);
	assert_int_equal(nr, 8);
	assert_int_equal(fake.maps_read, 2);
	assert_int_equal(keys[7], 8);
	assert_int_equal(keys[8], 0);
}

static void reads_an_empty_map(void **state)
{
	__u64 keys[ROWS] = {0}, values[ROWS] = {0};
	struct sea_error err;
	size_t nr = ROWS;

	(void)state;
	fake.batches[0] = (struct fake_batch){ENOENT, 0};
	assert_int_equal(read_rows(keys, values, &nr, &err), 0);
	assert_int_equal(nr, 0);
	assert_int_equal(fake.maps_read, 1);
}

/* A read that is cut short is no shorter map. */
static void a_read_that_fails_says_so(void **state)
{
	__u64 keys[ROWS] = {0}, values[ROWS] = {0};
	struct sea_error err;
	size_t nr = ROWS;

	(void)state;
	fake.batches[0] = (struct fake_batch){0, 5};
	fake.batches[1] = (struct fake_batch){ENOSPC, 0};
	assert_int_equal(read_rows(keys, values, &nr, &err), -1);
	assert_string_equal(err.text, "cannot read the counters: No space left on device");
}

static int iterate(struct sea_error *err)
{
	const struct bpf_link *link = (const struct bpf_link *)(const void *)&fake;

	return sea_object_iterate(link, "list the VMs", err);
}

static void iterates_to_the_end(void **state)
{
	struct sea_error err;

	(void)state;
	/* Whatever is there to be read, and EAGAIN where the kernel rests. */
	fake.reads[0] = -64;
	fake.reads[1] = EAGAIN;
	fake.reads[2] = EINTR;
	fake.reads[3] = -1;
	assert_int_equal(iterate(&err), 0);
	assert_int_equal(fake.reads_done, 5);
	assert_int_equal(fcntl(fake.iterator, F_GETFD), -1);
}

static void an_iterator_fails(void **state)
{
	struct sea_error err;

	(void)state;
	fake.reads[0] = -64;
	fake.reads[1] = ENOMEM;
	assert_int_equal(iterate(&err), -1);
	assert_string_equal(err.text, "cannot list the VMs: Cannot allocate memory");
	assert_int_equal(fcntl(fake.iterator, F_GETFD), -1);
	fake.iterate = 524;
	assert_int_equal(iterate(&err), -1);
	assert_string_equal(err.text, "cannot list the VMs: not supported by this kernel");
	assert_int_equal(fake.iterators, 1);
}

static void programs_and_their_targets(void **state)
{
	const struct sea_trace_options options = {.max_vms = 77};
	const struct sea_program *program;
	struct sea_error err;
	struct sea_trace *t = sea_object_new(&options, &err);
	size_t i;

	(void)state;
	assert_non_null(t);
	assert_int_equal(t->options.max_vms, 77);
	assert_int_equal(t->reader, -1);
	t->skel = sea_trace_bpf__open();
	assert_non_null(t->skel);
	for (i = 0; (program = sea_program_at(i)); i++)
		assert_string_equal(bpf_program__name(sea_object_program(t, program)),
				    program->name);
	assert_string_equal(sea_program_target(t->skel->progs.sea_tr_claim), "apei_claim_sea");
	assert_string_equal(sea_program_target(t->skel->progs.sea_kp_claim), "apei_claim_sea");
	assert_string_equal(sea_program_target(t->skel->progs.sea_read_text), "syscall");
	sea_trace_close(t);
}

static void tells_all(void **state)
{
	struct sea_trace t = {.source = sea_source_find("trampoline")};

	(void)state;
	/* Without the exit there is nothing that only KVM knows. */
	assert_true(sea_object_tells_all(&t));
	t.has_exit = true;
	assert_false(sea_object_tells_all(&t));
	t.sees_exit = true;
	assert_true(sea_object_tells_all(&t));
	t.sees_exit = false;
	t.exit_flag = 1;
	assert_true(sea_object_tells_all(&t));
	t.exit_flag = 0;
	t.source = sea_source_find("tracepoint");
	assert_true(sea_object_tells_all(&t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons),
		cmocka_unit_test(clocks),
		cmocka_unit_test_setup(reads_a_map_in_parts, begin),
		cmocka_unit_test_setup(reads_no_more_than_there_is_room, begin),
		cmocka_unit_test_setup(reads_an_empty_map, begin),
		cmocka_unit_test_setup(a_read_that_fails_says_so, begin),
		cmocka_unit_test_setup(iterates_to_the_end, begin),
		cmocka_unit_test_setup(an_iterator_fails, begin),
		cmocka_unit_test_setup(programs_and_their_targets, begin),
		cmocka_unit_test(tells_all),
	};

	return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
