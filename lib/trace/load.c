// SPDX-License-Identifier: GPL-2.0-only
#include "trace/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "base/log.h"
#include "trace/attach.h"
#include "trace/kernel-btf.h"
#include "trace/list.h"
#include "trace/records.h"

#define SEEN_MAX_SIZE (16U * 1024 * 1024)

/* Those that userspace runs or reads itself */
static void choose_on_demand(const struct sea_trace *t, const struct sea_source *source)
{
	const struct {
		struct bpf_program *program;
		bool wanted;
	} programs[] = {
		{t->skel->progs.sea_read_text, true},
		{t->skel->progs.sea_list_vms, !t->no_list},
		{t->skel->progs.sea_list_gone, !t->no_list},
		{t->skel->progs.sea_list_scratch, !t->no_list},
		{t->skel->progs.sea_sweep, source && sea_attach_must_sweep(t, source)},
		{t->skel->progs.sea_trial_trampoline, source},
		{t->skel->progs.sea_trial_kprobe, source},
		{t->skel->progs.sea_trial_tracepoint,
		 source && sea_attach_has_tracepoint(t, "bpf_test_finish")},
	};
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		bpf_program__set_autoload(programs[i].program,
					  t->btf && programs[i].wanted &&
						  sea_attach_has_target(t, programs[i].program));
}

/* Has the programs loaded that are wanted on this kernel, and no others. */
static int choose(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	const struct sea_program *program;
	struct bpf_program *bpf;
	size_t i;

	bpf_object__for_each_program(bpf, t->skel->obj)
		bpf_program__set_autoload(bpf, false);
	choose_on_demand(t, source);
	for (i = 0; source && (program = sea_program_at(i)); i++) {
		if (!sea_program_goes_with(program, source) ||
		    !sea_program_wanted(program, t->has_exit, t->sees_exit))
			continue;
		bpf = sea_object_program(t, program);
		if (sea_attach_has_target(t, bpf))
			bpf_program__set_autoload(bpf, true);
		else if (sea_program_needed(program, t->has_exit, t->sees_exit))
			return sea_attach_lacks_function(t, bpf, source, err);
	}
	return 0;
}

/*
 * Room for a record of each row, in BPF's powers of two. A VM sends one, at its
 * first SEA, and its row is another VM's only when that was read long ago, so no
 * name is lost. 65,536 rows would want 128 MiB for it: from 8,000 on, userspace
 * has to fall that many new VMs behind to lose one, and then it is counted.
 */
static __u32 seen_size(__u32 max_vms)
{
	__u64 record = BPF_RINGBUF_HDR_SZ + sizeof(struct sea_vm_event);
	__u32 size = (__u32)sysconf(_SC_PAGESIZE);

	/* One byte always stays free. */
	while (size <= max_vms * record && size < SEEN_MAX_SIZE)
		size *= 2;
	return size;
}

/* Opens the object with the source's programs enabled. */
static int open_object(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	__u32 max_vms = t->options.max_vms ? t->options.max_vms : SEA_MAX_VMS_DEFAULT;

	t->skel = sea_trace_bpf__open();
	if (!t->skel)
		return sea_error_set(err, "cannot open the BPF object: %s; run with -v for details",
				     strerror(errno));
	bpf_map__set_max_entries(t->skel->maps.vms, max_vms);
	bpf_map__set_max_entries(t->skel->maps.vm_refs, max_vms);
	bpf_map__set_max_entries(t->skel->maps.running, max_vms);
	bpf_map__set_max_entries(t->skel->maps.seen, seen_size(max_vms));
	t->skel->rodata->details = t->options.event;
	t->skel->rodata->max_event_rate = SEA_TRACE_EVENT_RATE;
	t->skel->rodata->event_burst = SEA_TRACE_EVENT_BURST;
	t->skel->rodata->page_shift = (__u32)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	t->skel->rodata->has_exit = t->has_exit;
	t->skel->rodata->sees_exit = t->sees_exit;
	t->skel->rodata->finds_answers = source && sea_attach_must_sweep(t, source);
	return choose(t, source, err);
}

static int on_seen(void *context, void *data, size_t size)
{
	struct sea_trace *t = context;

	if (!t->options.vm_seen || !sea_trace_vm_event_valid(data, size))
		return 0;
	return t->options.vm_seen(data, t->options.context) ? 0 : -ENOBUFS;
}

static int on_event(void *context, void *data, size_t size)
{
	struct sea_trace *t = context;

	if (!t->options.event || !sea_trace_event_valid(data, size))
		return 0;
	return t->options.event(data, t->options.context) ? 0 : -ENOBUFS;
}

static int load_failed(int error, struct sea_error *err)
{
	const char *why = sea_trace_reason(error);

	switch (error) {
	case EPERM:
		return sea_error_set(err,
				     "the kernel refused the BPF programs: %s; run as root, "
				     "outside of a container and with no lockdown",
				     why);
	case ENOMEM:
	case E2BIG:
		return sea_error_set(err,
				     "the kernel refused the BPF maps: %s; use a smaller "
				     "--max-vms",
				     why);
	default:
		return sea_error_set(err,
				     "the kernel refused the BPF programs: %s; run with -v "
				     "for its reasons",
				     why);
	}
}

static int load_object(struct sea_trace *t, struct sea_error *err)
{
	int rc = sea_trace_bpf__load(t->skel);

	if (rc)
		return load_failed(-rc, err);
	/* Two, so that who meets a detail of an unknown VM can ask who that is. */
	t->seen = ring_buffer__new(bpf_map__fd(t->skel->maps.seen), on_seen, t, NULL);
	t->events = ring_buffer__new(bpf_map__fd(t->skel->maps.events), on_event, t, NULL);
	if (!t->seen || !t->events)
		return sea_error_set(err, "cannot map the ring buffers: %s", strerror(errno));
	return 0;
}

static int load_programs(struct sea_trace *t, const struct sea_source *source,
			 struct sea_error *err)
{
	if (open_object(t, source, err) || load_object(t, err))
		return -1;
	return t->btf && !t->no_list ? sea_list_attach(t, err) : 0;
}

/* Counting goes on without the list of VMs, if the kernel is not what that expects. */
static int load_without_list(struct sea_trace *t, const struct sea_source *source,
			     struct sea_error *err)
{
	struct sea_error again;

	sea_log("%s", err->text);
	sea_trace_unload(t);
	t->no_list = "the kernel refused what lists them";
	return load_programs(t, source, &again);
}

static int load_all(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	if (source && source->needs && !sea_attach_has_tracepoint(t, source->needs))
		return sea_error_set(err, "the source %s does not attach: %s", source->name,
				     source->lacks);
	t->no_list = t->btf ? sea_list_lacks(t->btf) : NULL;
	if (!source && t->no_list)
		return sea_error_set(err, "cannot list the VMs: %s", t->no_list);
	if (load_programs(t, source, err) &&
	    (!source || t->no_list || load_without_list(t, source, err)))
		return -1;
	return source ? sea_attach(t, source, err) : 0;
}

int sea_trace_load(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	if (!t->btf && (source || t->options.list) &&
	    sea_btf_read(SEA_KERNEL_BTF_PATH, &t->btf, err) != SEA_BTF_READ)
		return -1;
	if (!load_all(t, source, err))
		return 0;
	sea_trace_unload(t);
	return -1;
}

void sea_trace_unload(struct sea_trace *t)
{
	sea_attach_undo(t);
	bpf_link__destroy(t->list_gone);
	t->list_gone = NULL;
	bpf_link__destroy(t->list);
	t->list = NULL;
	t->check_name = NULL;
	ring_buffer__free(t->seen);
	ring_buffer__free(t->events);
	t->seen = t->events = NULL;
	sea_trace_bpf__destroy(t->skel);
	t->skel = NULL;
}

int sea_trace_sweep(const struct sea_trace *t, struct sea_error *err)
{
	return t->sweep ? sea_object_iterate(t->sweep, "look for answers", err) : 0;
}
