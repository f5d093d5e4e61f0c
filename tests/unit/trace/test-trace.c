// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader runs against real maps that the test fills in, if the kernel lets us have
 * BPF maps.
 */
#include "fixtures.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "trace/records.h"
#include "trace/trace-internal.h"
#include "trace/object.h"
#include "trace/trace.h"

static void records(void **state)
{
	struct sea_event event = {.version = SEA_ABI_VERSION, .size = sizeof(event)};

	(void)state;
	assert_true(sea_trace_event_valid(&event, sizeof(event)));
	assert_false(sea_trace_event_valid(&event, sizeof(event) - 1));
	assert_false(sea_trace_event_valid(&event, 0));
	event.version++;
	assert_false(sea_trace_event_valid(&event, sizeof(event)));
	event.version--;
	event.size--;
	assert_false(sea_trace_event_valid(&event, sizeof(event)));
	event.size++;
	event.type = SEA_EVENT_VM_ENDED + 1;
	assert_false(sea_trace_event_valid(&event, sizeof(event)));
	event.type = SEA_EVENT_SEA;
	event.disposition = SEA_DISPOSITIONS;
	assert_false(sea_trace_event_valid(&event, sizeof(event)));
	event.disposition = 0;
	event.reason = SEA_REASONS;
	assert_false(sea_trace_event_valid(&event, sizeof(event)));
	event.reason = 0;
	event.response = SEA_RESPONSES;
	assert_false(sea_trace_event_valid(&event, sizeof(event)));
}

/* The maps of the real object, or a skip where BPF is not to be had. */
static struct sea_trace *open_maps(__u32 max_vms)
{
	const struct sea_trace_options options = {.max_vms = max_vms};
	struct sea_trace *trace = NULL;
	struct sea_error err = {0};
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, NULL);

	if (fd < 0) {
		print_message("# no BPF maps here: %s\n", strerror(errno));
		skip();
	}
	close(fd);
	if (sea_trace_open_maps(&options, &trace, &err))
		fail_msg("%s", err.text);
	return trace;
}

static void add_vm(struct sea_trace *trace, const struct sea_vm *vm)
{
	assert_int_equal(bpf_map_update_elem(sea_trace_map_fd(trace, "vms"), &vm->id, vm, BPF_ANY),
			 0);
}

static void reads_all_rows(void **state)
{
	struct sea_trace *trace = open_maps(1000);
	struct sea_snapshot snapshot = {0};
	struct sea_totals totals = {.vms = 1000, .lost_no_vcpu = 5};
	struct sea_vm other = vm_with(0, "", 0, 0, 3, 0);
	struct sea_error err = {0};
	__u32 zero = 0;
	__u64 id;
	int round;

	(void)state;
	/* Full, which is when buckets are crowded. */
	for (id = 1000; id > 0; id--) {
		struct sea_vm vm = vm_with(id, "x", id, 0, 0, 0);

		add_vm(trace, &vm);
	}
	bpf_map_update_elem(sea_trace_map_fd(trace, "other"), &zero, &other, BPF_ANY);
	bpf_map_update_elem(sea_trace_map_fd(trace, "totals"), &zero, &totals, BPF_ANY);
	for (round = 0; round < 2; round++) {
		if (sea_trace_read(trace, &snapshot, &err))
			fail_msg("%s", err.text);
		assert_int_equal(snapshot.nr_vms, 1000);
		for (id = 1; id <= 1000; id++) {
			assert_true(snapshot.vms[id - 1].vm.id == id);
			assert_true(snapshot.vms[id - 1].vm.disposition[SEA_CLAIMED] == id);
		}
	}
	assert_true(snapshot.other.disposition[SEA_NOT_OPTED_IN] == 3);
	assert_true(snapshot.totals.lost_no_vcpu == 5);
	assert_true(snapshot.started_ns > 0 && snapshot.started_ns <= snapshot.time_ns);
	assert_string_equal(snapshot.source, "tracepoint");
	assert_true(sea_trace_seen_fd(trace) >= 0 && sea_trace_events_fd(trace) >= 0);
	assert_int_equal(sea_trace_poll(trace, &err), 0);
	sea_snapshot_free(&snapshot);
	sea_trace_close(trace);
}

/* The tracer writes the id last: a row without it is not complete. */
static void skips_rows_in_the_making(void **state)
{
	struct sea_trace *trace = open_maps(0);
	struct sea_snapshot snapshot = {0};
	struct sea_vm vm = vm_with(7, "x", 1, 0, 0, 0);
	struct sea_error err = {0};
	__u64 id = 8;

	(void)state;
	add_vm(trace, &vm);
	vm.id = 0;
	assert_int_equal(bpf_map_update_elem(sea_trace_map_fd(trace, "vms"), &id, &vm, BPF_ANY), 0);
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_int_equal(snapshot.nr_vms, 1);
	assert_true(snapshot.vms[0].vm.id == 7);
	sea_snapshot_free(&snapshot);
	sea_trace_close(trace);
}

static void ended_vms_make_room(void **state)
{
	struct sea_trace *trace = open_maps(8);
	struct sea_snapshot snapshot = {0};
	struct sea_error err = {0};
	__u64 id;
	int round;

	(void)state;
	/* Five of eight rows: room enough, nobody goes. */
	for (id = 1; id <= 5; id++) {
		struct sea_vm vm = vm_with(id, "x", 0, 0, 10, 0);

		if (id <= 2)
			vm.ended_ns = 1;
		add_vm(trace, &vm);
	}
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	if (snapshot.time_ns < SEA_TRACE_KEEP_ENDED_NS + SEC) {
		print_message("# the machine has just booted\n");
		skip();
	}
	assert_int_equal(snapshot.nr_vms, 5);
	assert_true(snapshot.nr_gone == 0);

	/* The sixth: who ended long ago goes, who has just ended stays. */
	{
		struct sea_vm vm = vm_with(6, "x", 0, 0, 10, 0);

		vm.ended_ns = snapshot.time_ns;
		add_vm(trace, &vm);
	}
	for (round = 0; round < 2; round++) {
		assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
		assert_int_equal(snapshot.nr_vms, 4);
		assert_true(snapshot.vms[0].vm.id == 3);
		assert_true(snapshot.nr_gone == 2);
		assert_true(snapshot.gone.disposition[SEA_NOT_OPTED_IN] == 20);
	}
	sea_snapshot_free(&snapshot);
	sea_trace_close(trace);
}

static void list_vm(struct sea_trace *trace, __u64 id, __u64 before)
{
	struct sea_listing *listing = &trace->listing;
	struct sea_listed *vms = realloc(listing->vms, (listing->nr + 1) * sizeof(*vms));

	assert_non_null(vms);
	vms[listing->nr] = (struct sea_listed){
		.id = id, .vcpus = 2, .has_before = true, .before = {[SEA_HOST_OWNED] = before}};
	listing->vms = vms;
	listing->nr++;
}

/* Nor do the SEAs from before get lost: they are a sum that only grows. */
static void before_goes_along(void **state)
{
	struct sea_trace *trace = open_maps(8);
	struct sea_snapshot snapshot = {0};
	struct sea_error err = {0};
	__u64 id;
	int round;

	(void)state;
	/* Six of eight rows are in use: one had SEAs before and since, one before, one none. */
	for (id = 1; id <= 6; id++) {
		struct sea_vm vm = vm_with(id, "x", id == 1 ? 4 : 0, 0, 0, 0);

		if (id <= 3)
			vm.ended_ns = 1;
		add_vm(trace, &vm);
		list_vm(trace, id, id == 1 ? 5 : id == 2 ? 7 : 0);
	}
	/* Nobody has yet seen them end: each is shown once more. */
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_int_equal(snapshot.nr_vms, 6);
	assert_true(snapshot.nr_gone == 0);
	assert_true(snapshot.vms[0].listed.before[SEA_HOST_OWNED] == 5);
	for (round = 0; round < 2; round++) {
		assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
		if (snapshot.time_ns < SEA_TRACE_KEEP_ENDED_NS + SEC) {
			print_message("# the machine has just booted\n");
			skip();
		}
		assert_int_equal(snapshot.nr_vms, 3);
		assert_true(snapshot.nr_gone == 2);
		assert_true(snapshot.gone_listed.has_before);
		assert_true(snapshot.gone_listed.before[SEA_HOST_OWNED] == 12);
	}

	/* There is room: who has SEAs from before only says something, and stays. */
	{
		struct sea_vm vm = vm_with(7, "x", 0, 0, 0, 0);

		vm.ended_ns = 1;
		add_vm(trace, &vm);
		list_vm(trace, 7, 1);
	}
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_int_equal(snapshot.nr_vms, 4);
	sea_snapshot_free(&snapshot);
	sea_trace_close(trace);
}

/* What is unseen at a look may be late: until then the counters are not settled. */
static void late_seas_are_not_settled(void **state)
{
	struct sea_trace *trace = open_maps(0);
	struct sea_vm vm = vm_with(7, "x", 1, 0, 0, 0);
	struct sea_snapshot snapshot = {0};
	struct sea_error err = {0};

	(void)state;
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_true(sea_trace_settled(trace));
	trace->check_name = "kprobe";
	trace->skel->bss->checked = 1;
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_false(sea_trace_settled(trace));
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_false(sea_trace_settled(trace));
	assert_int_equal(snapshot.loss.count[SEA_LOSS_UNSEEN], 1);
	add_vm(trace, &vm);
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_true(sea_trace_settled(trace));
	assert_int_equal(snapshot.loss.count[SEA_LOSS_UNSEEN], 0);
	sea_snapshot_free(&snapshot);
	sea_trace_close(trace);
}

/* Each cause of loss has a count of its own, and comes through. */
static void every_loss_comes_through(void **state)
{
	struct sea_totals totals = {.lost_table_full = 30, .lost_no_vcpu = 40, .lost_answers = 50};
	struct sea_trace *trace = open_maps(0);
	struct sea_vm vm = vm_with(7, "x", 1, 0, 0, 0), other = vm_with(0, "", 0, 0, 0, 0);
	struct sea_snapshot snapshot = {0};
	struct sea_error err = {0};
	__u32 zero = 0;

	(void)state;
	vm.lost_ratelimit = 10;
	vm.lost_ring_full = 20;
	vm.lost_name = 1;
	other.lost_ratelimit = 1;
	add_vm(trace, &vm);
	bpf_map_update_elem(sea_trace_map_fd(trace, "other"), &zero, &other, BPF_ANY);
	bpf_map_update_elem(sea_trace_map_fd(trace, "totals"), &zero, &totals, BPF_ANY);
	assert_int_equal(sea_trace_read(trace, &snapshot, &err), 0);
	assert_int_equal(snapshot.loss.count[SEA_LOSS_RATELIMIT], 11);
	assert_int_equal(snapshot.loss.count[SEA_LOSS_RING_FULL], 20);
	assert_int_equal(snapshot.loss.count[SEA_LOSS_NAME], 1);
	assert_int_equal(snapshot.loss.count[SEA_LOSS_TABLE_FULL], 30);
	assert_int_equal(snapshot.loss.count[SEA_LOSS_NO_VCPU], 40);
	assert_int_equal(snapshot.loss.count[SEA_LOSS_ANSWERS], 50);
	assert_int_equal(snapshot.loss.count[SEA_LOSS_MISSED], 0);
	assert_int_equal(sea_loss_total(&snapshot.loss), 152);
	sea_snapshot_free(&snapshot);
	sea_trace_close(trace);
}

static void open_says_what_is_missing(void **state)
{
	const struct sea_trace_options options = {0};
	struct sea_trace *trace = NULL;
	struct sea_error err = {0};
	struct utsname name;

	(void)state;
	assert_int_equal(uname(&name), 0);
	if (!strcmp(name.machine, "aarch64"))
		skip();
	assert_int_equal(sea_trace_open(&options, &trace, &err), -1);
	assert_null(trace);
	assert_non_null(strstr(err.text, "live tracing needs arm64 KVM: this machine is"));
	sea_trace_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(reads_all_rows),
		cmocka_unit_test(skips_rows_in_the_making),
		cmocka_unit_test(ended_vms_make_room),
		cmocka_unit_test(before_goes_along),
		cmocka_unit_test(late_seas_are_not_settled),
		cmocka_unit_test(every_loss_comes_through),
		cmocka_unit_test(open_says_what_is_missing),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
