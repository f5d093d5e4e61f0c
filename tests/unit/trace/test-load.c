// SPDX-License-Identifier: GPL-2.0-only
/* Which programs are loaded for which source, and what becomes of what the kernel refuses. */
#include "fixtures.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fake-bpf.h"
#include "trace/load.h"

/* A kernel without KVM_EXIT_ARM_SEA, as 6.12 is */
static const char *const stock[] = {"apei_claim_sea", "bpf_fentry_test1", "kvm_arch_destroy_vm",
				    "kvm_arch_flush_shadow_all", NULL};
/* One that has it; sources that see answers hook more functions of it. */
static const char *const newer[] = {"apei_claim_sea",	     "bpf_fentry_test1",
				    "kvm_arch_destroy_vm",   "kvm_arch_flush_shadow_all",
				    "kvm_handle_guest_sea",  "kvm_inject_sea",
				    "kvm_inject_serror_esr", "__kvm_arm_vcpu_set_events",
				    "kvm_arm_set_reg",	     NULL};
static const char *const none[] = {NULL};
static const char *const seas[] = {"bpf_test_finish", "kvm_sea_forwarded", NULL};

#define LIST "sea_list_gone sea_list_scratch sea_list_vms "

static struct sea_trace *trace;
static struct sea_error err;
static unsigned int seen, told;
static bool has_room;

static bool take_vm(const struct sea_vm_event *event, void *context)
{
	(void)context;
	seen += event->vm_id == 7;
	return has_room;
}

static bool take_event(const struct sea_event *event, void *context)
{
	(void)context;
	told += event->vm_id == 7;
	return has_room;
}

static int done(void **state)
{
	(void)state;
	sea_trace_close(trace);
	trace = NULL;
	return fake.links || fake.rings ? -1 : 0;
}

/* A trace on a kernel with these functions and tracepoints */
static void with(const struct sea_trace_options *options, const char *const *functions,
		 const char *const *tracepoints, bool can_list)
{
	assert_int_equal(done(NULL), 0);
	fake_begin();
	seen = told = 0;
	has_room = true;
	err.text[0] = '\0';
	trace = sea_object_new(options, &err);
	assert_non_null(trace);
	trace->btf = fake_btf(functions, tracepoints, can_list);
	/* Not what the kernel has on which the test runs. */
	trace->symbols_read = true;
}

static const struct sea_trace_options plain;

static void load(const char *source)
{
	if (sea_trace_load(trace, sea_source_find(source), &err))
		fail_msg("%s", err.text);
}

/* Nothing of it is left. */
static void cannot_load(const char *source)
{
	assert_int_equal(sea_trace_load(trace, source ? sea_source_find(source) : NULL, &err), -1);
	assert_null(trace->skel);
	assert_null(trace->list);
	assert_int_equal(fake.links, 0);
	assert_int_equal(fake.rings, 0);
	assert_int_equal(trace->nr_hooks, 0);
}

static void a_stock_kernel_has_few_hooks(void **state)
{
	(void)state;
	with(&plain, stock, none, true);
	load("trampoline");
	assert_string_equal(fake_loaded(), "sea_check_kprobe sea_kp_ended sea_kp_left " LIST
					   "sea_read_text sea_tr_claim sea_tr_ended sea_tr_left "
					   "sea_trial_kprobe sea_trial_trampoline");
	/* What counts is attached, the first check and hook on the end that work, and the list. */
	assert_string_equal(fake_attached(),
			    "sea_check_kprobe sea_list_gone sea_list_vms sea_tr_claim "
			    "sea_tr_ended sea_tr_left sea_trial_kprobe sea_trial_trampoline");
	assert_string_equal(trace->check_name, "kprobe");
	assert_null(trace->sweep);
	assert_false(trace->skel->rodata->finds_answers);
}

static void kprobes_need_no_btf_of_a_function(void **state)
{
	(void)state;
	with(&plain, none, none, true);
	load("kprobe");
	assert_string_equal(fake_loaded(), "sea_kp_claim sea_kp_claim_ret sea_kp_ended "
					   "sea_kp_left " LIST "sea_read_text sea_trial_kprobe");
	assert_null(trace->check_name);
}

/* Where KVM hands SEAs to VMMs, their answers are hooked, and swept for. */
static void a_newer_kernel_has_answers(void **state)
{
	(void)state;
	with(&plain, newer, none, true);
	trace->has_exit = true;
	load("trampoline");
	assert_true(fake_was_loaded("sea_tr_sea") && fake_was_loaded("sea_tr_serror_esr") &&
		    fake_was_loaded("sea_tr_reg") && fake_was_loaded("sea_sweep"));
	/* Its function is not there. */
	assert_false(fake_was_loaded("sea_tr_dabt") || fake_was_loaded("sea_tr_vabt"));
	/* Nobody asked to see SEAs leave. */
	assert_false(fake_was_loaded("sea_tr_handle"));
	/* One that sees the abort is there: nothing has to stand in for it. */
	assert_false(strstr(fake_attached(), "sea_tr_events"));
	assert_non_null(trace->sweep);
	assert_true(trace->skel->rodata->finds_answers && trace->skel->rodata->has_exit);
	assert_false(trace->skel->rodata->sees_exit);
	assert_int_equal(sea_trace_sweep(trace, &err), 0);
	assert_int_equal(fake.iterators, 1);
	fake.reads[0] = EFAULT;
	assert_int_equal(sea_trace_sweep(trace, &err), -1);
	assert_string_equal(err.text, "cannot look for answers: Bad address");
}

static void seas_are_seen_to_leave_if_asked(void **state)
{
	(void)state;
	with(&plain, newer, none, true);
	trace->has_exit = trace->sees_exit = true;
	load("trampoline");
	assert_true(fake_was_loaded("sea_tr_handle"));
	assert_true(trace->skel->rodata->sees_exit);
}

static void tracepoints_tell_it_all(void **state)
{
	(void)state;
	with(&plain, newer, seas, true);
	trace->has_exit = true;
	load("tracepoint");
	assert_string_equal(fake_loaded(),
			    "sea_check_kprobe sea_check_trampoline sea_kp_ended sea_kp_left " LIST
			    "sea_read_text sea_tp_answered sea_tp_claimed sea_tp_forwarded "
			    "sea_tp_host_owned sea_tp_not_opted_in sea_tr_ended sea_tr_left "
			    "sea_trial_kprobe sea_trial_tracepoint sea_trial_trampoline");
	assert_null(trace->sweep);
	assert_int_equal(sea_trace_sweep(trace, &err), 0);
	assert_int_equal(fake.iterators, 0);
	/* The check is of another mechanism than the source. */
	assert_string_equal(trace->check_name, "trampoline");
}

static void a_source_that_the_kernel_lacks(void **state)
{
	(void)state;
	with(&plain, newer, none, true);
	cannot_load("tracepoint");
	assert_non_null(strstr(err.text, "the source tracepoint does not attach: this kernel has "
					 "no kvm_sea_* tracepoints"));
	assert_int_equal(fake.loads, 0);
}

static void a_function_that_the_kernel_lacks(void **state)
{
	(void)state;
	with(&plain, none, none, true);
	cannot_load("trampoline");
	assert_string_equal(err.text, "the source trampoline does not attach: this kernel has no "
				      "function apei_claim_sea");
	/* Of these two the kernel has none that answers could be seen by: no failure. */
	with(&plain, stock, none, true);
	trace->has_exit = true;
	cannot_load("trampoline");
	assert_string_equal(err.text, "the source trampoline does not attach: this kernel has no "
				      "function kvm_arm_set_reg");
}

static void a_function_that_btf_leaves_out(void **state)
{
	(void)state;
	with(&plain, none, none, true);
	trace->symbols.nr = 1;
	snprintf(trace->symbols.symbols[0].name, sizeof(trace->symbols.symbols[0].name),
		 "apei_claim_sea");
	cannot_load("trampoline");
	assert_string_equal(err.text,
			    "the source trampoline does not attach: this kernel has a function "
			    "apei_claim_sea, but its BTF does not describe it; a kprobe needs no "
			    "BTF");
}

static void only_maps(void **state)
{
	(void)state;
	with(&plain, none, none, true);
	if (sea_trace_load(trace, NULL, &err))
		fail_msg("%s", err.text);
	assert_string_equal(fake_loaded(), LIST "sea_read_text");
	assert_string_equal(fake_attached(), "sea_list_gone sea_list_vms");
	assert_int_equal(fake.rings, 2);
}

static void a_list_is_all_that_is_wanted(void **state)
{
	(void)state;
	with(&plain, none, none, false);
	cannot_load(NULL);
	assert_string_equal(err.text,
			    "cannot list the VMs: this kernel's struct file has no f_inode");
	assert_int_equal(fake.loads, 0);
}

/* SEAs are counted also where VMs cannot be listed: the kernel's types lack something, */
static void counts_without_a_list(void **state)
{
	(void)state;
	with(&plain, stock, none, false);
	load("trampoline");
	assert_string_equal(trace->no_list, "this kernel's struct file has no f_inode");
	assert_int_equal(fake.loads, 1);
	assert_false(fake_was_loaded("sea_list_vms") || fake_was_loaded("sea_list_gone") ||
		     fake_was_loaded("sea_list_scratch"));
	assert_null(trace->list);
}

/* or it refuses the programs that list them, */
static void counts_where_the_list_is_refused(void **state)
{
	(void)state;
	with(&plain, stock, none, true);
	fake.load[0] = EACCES;
	load("trampoline");
	assert_int_equal(fake.loads, 2);
	assert_false(fake_was_loaded("sea_list_vms"));
	assert_true(fake_was_loaded("sea_tr_claim"));
	assert_string_equal(trace->no_list, "the kernel refused what lists them");
}

/* or it does not attach them. */
static void counts_where_the_list_does_not_attach(void **state)
{
	(void)state;
	with(&plain, stock, none, true);
	fake.unattached = "sea_list_";
	fake.attach = ENOENT;
	load("trampoline");
	assert_string_equal(trace->no_list, "the kernel refused what lists them");
	assert_null(trace->list);
	assert_null(trace->list_gone);
}

/* Without the list it fails as well: the first reason is the one to tell. */
static void refused(int error, const char *text)
{
	with(&plain, stock, none, true);
	fake.load[0] = error;
	fake.load[1] = EINVAL == error ? EPERM : EINVAL;
	cannot_load("trampoline");
	assert_string_equal(err.text, text);
	assert_int_equal(fake.loads, 2);
}

static void the_kernel_refuses(void **state)
{
	(void)state;
	refused(EPERM, "the kernel refused the BPF programs: Operation not permitted; run as root, "
		       "outside of a container and with no lockdown");
	refused(ENOMEM, "the kernel refused the BPF maps: Cannot allocate memory; use a smaller "
			"--max-vms");
	refused(E2BIG, "the kernel refused the BPF maps: Argument list too long; use a smaller "
		       "--max-vms");
	refused(EINVAL, "the kernel refused the BPF programs: Invalid argument; run with -v for "
			"its reasons");
	refused(524, "the kernel refused the BPF programs: not supported by this kernel; run with "
		     "-v for its reasons");
	with(&plain, none, none, true);
	fake.load[0] = EPERM;
	cannot_load(NULL);
	assert_int_equal(fake.loads, 1);
}

static void no_ring_buffer(void **state)
{
	(void)state;
	with(&plain, stock, none, false);
	fake.ring = EMFILE;
	cannot_load("trampoline");
	assert_string_equal(err.text, "cannot map the ring buffers: Too many open files");
}

static void a_hook_does_not_attach(void **state)
{
	(void)state;
	with(&plain, stock, none, true);
	fake.unattached = "sea_tr_claim";
	fake.attach = EPERM;
	cannot_load("trampoline");
	assert_string_equal(err.text,
			    "the source trampoline does not attach: sea_tr_claim of "
			    "apei_claim_sea: Operation not permitted; run with CAP_SYS_ADMIN, or "
			    "set the sysctl kernel.perf_event_paranoid to 2 or less");
	/* None of them is needed. */
	with(&plain, stock, none, true);
	fake.unattached = "sea_check";
	fake.attach = EPERM;
	load("trampoline");
	assert_null(trace->check_name);
}

/* A source whose hooks are not called would count nothing, for ever. */
static void a_source_that_is_not_armed(void **state)
{
	(void)state;
	with(&plain, stock, none, true);
	fake.calls_none[SEA_BY_TRAMPOLINE] = true;
	cannot_load("trampoline");
	assert_non_null(strstr(err.text, "the source trampoline would count nothing: "));
	/* And so is a check: what is not called would never disagree. */
	with(&plain, stock, none, true);
	fake.calls_none[SEA_BY_KPROBE] = true;
	load("trampoline");
	assert_null(trace->check_name);
	/* Of two hooks on the end of VMs the one that works is taken. */
	with(&plain, stock, seas, true);
	fake.calls_none[SEA_BY_TRAMPOLINE] = true;
	load("tracepoint");
	assert_string_equal(trace->check_name, "kprobe");
	assert_int_equal(trace->nr_hooks, 8);
	assert_string_equal(trace->hooks[6].program->name, "sea_kp_ended");
	assert_string_equal(trace->hooks[7].program->name, "sea_kp_left");
}

/* Room for one record of each VM: in powers of two, of which a byte stays free. */
static void seen_has_room_for_all(void **state)
{
	static const __u32 rows[] = {1, 8, 100, 1024, 4096, 65536};
	__u64 record = BPF_RINGBUF_HDR_SZ + sizeof(struct sea_vm_event);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct sea_trace_options options = {.max_vms = rows[i]};
		__u32 size;

		with(&options, stock, none, true);
		load("trampoline");
		assert_int_equal(bpf_map__max_entries(trace->skel->maps.vms), rows[i]);
		assert_int_equal(bpf_map__max_entries(trace->skel->maps.vm_refs), rows[i]);
		assert_int_equal(bpf_map__max_entries(trace->skel->maps.running), rows[i]);
		size = bpf_map__max_entries(trace->skel->maps.seen);
		assert_int_equal(size & (size - 1), 0);
		assert_true(size >= (__u32)sysconf(_SC_PAGESIZE));
		if (rows[i] * record < 16U << 20) {
			assert_true(size > rows[i] * record);
			assert_true(size == (__u32)sysconf(_SC_PAGESIZE) ||
				    size / 2 <= rows[i] * record);
		} else {
			assert_int_equal(size, 16U << 20);
		}
	}
	with(&plain, stock, none, true);
	load("trampoline");
	assert_int_equal(bpf_map__max_entries(trace->skel->maps.vms), SEA_MAX_VMS_DEFAULT);
}

static void what_the_programs_are_told(void **state)
{
	const struct sea_trace_options options = {.event = take_event};

	(void)state;
	with(&plain, stock, none, true);
	load("trampoline");
	assert_false(trace->skel->rodata->details);
	assert_false(trace->skel->rodata->has_exit);
	assert_int_equal(trace->skel->rodata->max_event_rate, SEA_TRACE_EVENT_RATE);
	assert_int_equal(trace->skel->rodata->event_burst, SEA_TRACE_EVENT_BURST);
	assert_int_equal(1L << trace->skel->rodata->page_shift, sysconf(_SC_PAGESIZE));
	with(&options, stock, none, true);
	load("trampoline");
	assert_true(trace->skel->rodata->details);
}

/* VMs come by the first ring, details by the second. What has no room comes again. */
static void records_come_through(void **state)
{
	const struct sea_trace_options options = {.event = take_event, .vm_seen = take_vm};
	struct sea_vm_event vm = {.version = SEA_ABI_VERSION,
				  .size = sizeof(vm),
				  .type = SEA_EVENT_VM_SEEN,
				  .vm_id = 7};
	struct sea_event event = {.version = SEA_ABI_VERSION, .size = sizeof(event), .vm_id = 7};

	(void)state;
	with(&options, stock, none, true);
	load("trampoline");
	assert_int_equal(fake_send(0, &vm, sizeof(vm)), 0);
	assert_int_equal(seen, 1);
	assert_int_equal(fake_send(1, &event, sizeof(event)), 0);
	assert_int_equal(told, 1);
	has_room = false;
	assert_int_equal(fake_send(0, &vm, sizeof(vm)), -ENOBUFS);
	assert_int_equal(fake_send(1, &event, sizeof(event)), -ENOBUFS);
	assert_int_equal(seen + told, 4);
	/* What is not understood is no record: it is not to come for ever. */
	assert_int_equal(fake_send(0, &vm, sizeof(vm) - 1), 0);
	assert_int_equal(fake_send(1, &event, sizeof(event) - 1), 0);
	event.version++;
	vm.version++;
	assert_int_equal(fake_send(0, &vm, sizeof(vm)), 0);
	assert_int_equal(fake_send(1, &event, sizeof(event)), 0);
	assert_int_equal(seen + told, 4);
	/* Nobody wants them. */
	with(&plain, stock, none, true);
	load("trampoline");
	vm.version = SEA_ABI_VERSION;
	event.version = SEA_ABI_VERSION;
	has_room = false;
	assert_int_equal(fake_send(0, &vm, sizeof(vm)), 0);
	assert_int_equal(fake_send(1, &event, sizeof(event)), 0);
	assert_int_equal(seen + told, 0);
}

static void unloads_all(void **state)
{
	(void)state;
	with(&plain, newer, none, true);
	trace->has_exit = true;
	load("trampoline");
	assert_true(fake.links > 4);
	sea_trace_unload(trace);
	assert_int_equal(fake.links, 0);
	assert_int_equal(fake.rings, 0);
	assert_null(trace->skel);
	assert_null(trace->sweep);
	assert_null(trace->list);
	assert_null(trace->list_gone);
	assert_null(trace->check_name);
	/* Once more is none too many, and it may be loaded again. */
	sea_trace_unload(trace);
	load("kprobe");
}

static void btf_cannot_be_read(void **state)
{
	const struct sea_trace_options list = {.list = true};

	(void)state;
	with(&plain, stock, none, true);
	btf__free(trace->btf);
	trace->btf = NULL;
	fake.btf = ENOENT;
	cannot_load("trampoline");
	assert_non_null(strstr(err.text, "cannot read the kernel's BTF: "));
	assert_int_equal(fake.loads, 0);
	/* Maps alone need none, a list does. */
	with(&plain, stock, none, true);
	btf__free(trace->btf);
	trace->btf = NULL;
	fake.btf = ENOENT;
	assert_int_equal(sea_trace_load(trace, NULL, &err), 0);
	assert_string_equal(fake_loaded(), "");
	with(&list, stock, none, true);
	btf__free(trace->btf);
	trace->btf = NULL;
	fake.btf = ENOENT;
	cannot_load(NULL);
}

#define TEST(name) cmocka_unit_test_teardown(name, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stock_kernel_has_few_hooks),
		TEST(kprobes_need_no_btf_of_a_function),
		TEST(a_newer_kernel_has_answers),
		TEST(seas_are_seen_to_leave_if_asked),
		TEST(tracepoints_tell_it_all),
		TEST(a_source_that_the_kernel_lacks),
		TEST(a_function_that_the_kernel_lacks),
		TEST(a_function_that_btf_leaves_out),
		TEST(only_maps),
		TEST(a_list_is_all_that_is_wanted),
		TEST(counts_without_a_list),
		TEST(counts_where_the_list_is_refused),
		TEST(counts_where_the_list_does_not_attach),
		TEST(the_kernel_refuses),
		TEST(no_ring_buffer),
		TEST(a_hook_does_not_attach),
		TEST(a_source_that_is_not_armed),
		TEST(seen_has_room_for_all),
		TEST(what_the_programs_are_told),
		TEST(records_come_through),
		TEST(unloads_all),
		TEST(btf_cannot_be_read),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
