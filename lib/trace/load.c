// SPDX-License-Identifier: GPL-2.0-only
/* load.c - the sources, and how their programs get into the kernel. */
#include "trace/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "base/log.h"
#include "trace/list.h"
#include "trace/proof.h"
#include "trace/records.h"

#define SEEN_MAX_SIZE (16U * 1024 * 1024)

/* With every source; userspace runs them when it wants to. */
static const char *const list_programs[SEA_SOURCE_PROGRAMS] = {"sea_list_vms", "sea_list_scratch",
							       "sea_read_text"};

static bool is_in(const char *const list[SEA_SOURCE_PROGRAMS], const char *name)
{
	size_t i;

	for (i = 0; i < SEA_SOURCE_PROGRAMS && list[i]; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

/* Does the source see answers only when told to look? */
static bool must_sweep(const struct sea_trace *t, const struct sea_source *source)
{
	return t->has_exit && !source->needs;
}

/* Without these the source does not count right. */
static bool is_needed(const struct sea_trace *t, const struct sea_source *source, const char *name)
{
	return is_in(source->programs, name) ||
	       (t->has_exit && is_in(source->exit_programs, name)) ||
	       (t->sees_exit && is_in(source->handle_programs, name));
}

static bool is_hook(const struct sea_trace *t, const struct sea_source *source, const char *name)
{
	return is_needed(t, source, name) || is_in(source->extra_programs, name) ||
	       is_in(source->check_programs, name);
}

/* A trampoline is found by BTF; if there is none, the whole object would not load. */
static bool has_target(const struct btf *btf, const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	if (strncmp(section, "fentry/", 7) && strncmp(section, "fexit/", 6))
		return true;
	return btf__find_by_name_kind(btf, sea_program_target(program), BTF_KIND_FUNC) > 0;
}

/* A tracepoint is known to BTF by the type of its probes. */
static bool has_tracepoint(const struct btf *btf, const char *name)
{
	char type[64];

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return btf__find_by_name_kind(btf, type, BTF_KIND_TYPEDEF) > 0;
}

static int lacks_function(struct sea_trace *t, const struct bpf_program *program,
			  const struct sea_source *source, struct sea_error *err)
{
	const char *name = sea_program_target(program);
	const struct sea_symbol *other = sea_symbols_renamed(sea_trace_symbols(t), name);

	return sea_error_set(err,
			     "the source %s does not attach: this kernel has no function %s%s%s",
			     source->name, name, other ? ", but its compiler made it " : "",
			     other ? other->name : "");
}

static int attach_failed(struct sea_trace *t, const struct bpf_program *program,
			 const struct sea_source *source, int error, struct sea_error *err)
{
	const char *advice = "";

	if (error == ENOENT)
		return lacks_function(t, program, source, err);
	/* Debian's kernels have 3 there, and ask for more than CAP_PERFMON then. */
	if (error == EACCES || error == EPERM)
		advice = "; run with CAP_SYS_ADMIN, or set the sysctl kernel.perf_event_paranoid "
			 "to 2 or less";
	return sea_error_set(err, "the source %s does not attach: %s of %s: %s%s", source->name,
			     bpf_program__name(program), sea_program_target(program),
			     sea_trace_reason(error), advice);
}

static int choose(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, t->skel->obj) {
		const char *name = bpf_program__name(program);
		bool load = is_in(list_programs, name) ||
			    (source && (is_hook(t, source, name) ||
					(must_sweep(t, source) && !strcmp(name, "sea_sweep"))));

		if (load && source && !has_target(t->btf, program)) {
			if (is_needed(t, source, name))
				return lacks_function(t, program, source, err);
			load = false;
		}
		bpf_program__set_autoload(program, load && t->btf);
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
	t->skel->rodata->has_exit = t->has_exit;
	t->skel->rodata->sees_exit = t->sees_exit;
	return choose(t, source, err);
}

static int on_seen(void *context, void *data, size_t size)
{
	struct sea_trace *t = context;

	if (t->options.vm_seen && sea_trace_vm_event_valid(data, size))
		t->options.vm_seen(data, t->options.context);
	return 0;
}

static int on_event(void *context, void *data, size_t size)
{
	struct sea_trace *t = context;

	if (t->options.event && sea_trace_event_valid(data, size))
		t->options.event(data, t->options.context);
	return 0;
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
	/* In this order: a VM is known before its details come. */
	t->ring = ring_buffer__new(bpf_map__fd(t->skel->maps.seen), on_seen, t, NULL);
	if (!t->ring || ring_buffer__add(t->ring, bpf_map__fd(t->skel->maps.events), on_event, t))
		return sea_error_set(err, "cannot map the ring buffers: %s", strerror(errno));
	return 0;
}

static bool attach_hook(struct sea_trace *t, struct bpf_program *program)
{
	struct sea_hook *hook = &t->hooks[t->nr_hooks];

	hook->program = program;
	hook->link = bpf_program__attach(program);
	if (!hook->link) {
		int error = errno;

		sea_log("cannot attach %s: %s", bpf_program__name(program),
			sea_trace_reason(error));
		errno = error;
		return false;
	}
	t->nr_hooks++;
	return true;
}

static struct bpf_program *find_loaded(const struct sea_trace *t, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(t->skel->obj, name);

	return program && bpf_program__autoload(program) ? program : NULL;
}

static void attach_check(struct sea_trace *t, const struct sea_source *source)
{
	size_t i;

	for (i = 0; i < SEA_SOURCE_PROGRAMS && source->check_programs[i]; i++) {
		struct bpf_program *program = find_loaded(t, source->check_programs[i]);

		if (program && attach_hook(t, program)) {
			t->check_name = strrchr(source->check_programs[i], '_') + 1;
			return;
		}
	}
}

/* The iterator over forwarded SEAs without an answer */
static int attach_sweep(struct sea_trace *t, struct sea_error *err)
{
	union bpf_iter_link_info info = {.map.map_fd = bpf_map__fd(t->skel->maps.pending)};
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info,
			    .link_info_len = sizeof(info));

	t->sweep = bpf_program__attach_iter(t->skel->progs.sea_sweep, &opts);
	if (!t->sweep)
		return sea_error_set(err, "cannot attach sea_sweep: %s", sea_trace_reason(errno));
	return 0;
}

/* Attaches what the source needs; what may be missing is tried. */
static int attach(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, t->skel->obj) {
		const char *name = bpf_program__name(program);

		if (!bpf_program__autoload(program) || is_in(source->check_programs, name) ||
		    !is_hook(t, source, name))
			continue;
		if (!attach_hook(t, program) && is_needed(t, source, name))
			return attach_failed(t, program, source, errno, err);
	}
	attach_check(t, source);
	return must_sweep(t, source) ? attach_sweep(t, err) : 0;
}

static int load_all(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	if (source && source->needs && !has_tracepoint(t->btf, source->needs))
		return sea_error_set(err, "the source %s does not attach: %s", source->name,
				     source->lacks);
	if (open_object(t, source, err) || load_object(t, err))
		return -1;
	if (t->btf && sea_list_attach(t, err))
		return -1;
	return source ? attach(t, source, err) : 0;
}

int sea_trace_load(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	if (!t->btf && (source || t->options.list)) {
		t->btf = btf__load_vmlinux_btf();
		if (!t->btf)
			return sea_error_set(err, "cannot read the kernel's BTF: %s",
					     strerror(errno));
	}
	if (!load_all(t, source, err))
		return 0;
	sea_trace_unload(t);
	return -1;
}

void sea_trace_unload(struct sea_trace *t)
{
	while (t->nr_hooks)
		bpf_link__destroy(t->hooks[--t->nr_hooks].link);
	bpf_link__destroy(t->sweep);
	t->sweep = NULL;
	bpf_link__destroy(t->list);
	t->list = NULL;
	t->check_name = NULL;
	ring_buffer__free(t->ring);
	t->ring = NULL;
	sea_trace_bpf__destroy(t->skel);
	t->skel = NULL;
}

int sea_trace_sweep(const struct sea_trace *t, struct sea_error *err)
{
	return t->sweep ? sea_object_iterate(t->sweep, "look for answers", err) : 0;
}
