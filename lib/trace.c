// SPDX-License-Identifier: GPL-2.0-only
#include "trace.h"
#include "trace-internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/kvm.h>

#include "sea_trace.skel.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define NSEC_PER_SEC 1000000000ULL
#define SOURCE_PROGRAMS 8

/* The kernel's own ENOTSUPP, which no libc has a name for. */
#define KERNEL_ENOTSUPP 524

#ifndef KVM_CAP_ARM_SEA_TO_USER
#define KVM_CAP_ARM_SEA_TO_USER 245
#endif

/* From linux/capability.h, which has no name for them in old headers. */
#define CAP_BIT_SYS_ADMIN 21
#define CAP_BIT_PERFMON 38
#define CAP_BIT_BPF 39

/*
 * A way to see SEAs. All sources feed the same maps; the best that attaches is
 * taken.
 */
struct source {
	const char *name;
	const char *needs; /* a tracepoint that the kernel must have, or NULL */
	const char *lacks; /* said when `needs` is not there */
	/* All of these must attach. */
	const char *programs[SOURCE_PROGRAMS];
	/* These too, where the kernel has KVM_EXIT_ARM_SEA: they see the VMM's side. */
	const char *exit_programs[SOURCE_PROGRAMS];
	/* These may be missing: counts are whole then, but endings of VMs go unseen. */
	const char *extra_programs[SOURCE_PROGRAMS];
};

static const struct source sources[] = {
	{
		.name = "tracepoint",
		.needs = "kvm_sea_forwarded",
		.lacks = "this kernel has no kvm_sea_* tracepoints; "
			 "boot one with kernel/kvm-arm64-sea.patch",
		.programs = {"sea_tp_claimed", "sea_tp_host_owned", "sea_tp_not_opted_in",
			     "sea_tp_forwarded", "sea_tp_answered"},
		.extra_programs = {"sea_vm_ended"},
	},
	{
		.name = "trampoline",
		.programs = {"sea_tr_claim"},
		.exit_programs = {"sea_tr_handle", "sea_tr_events", "sea_tr_reg",
				  "sea_tr_vcpu_gone"},
		.extra_programs = {"sea_vm_ended"},
	},
	{
		.name = "kprobe",
		.programs = {"sea_kp_claim", "sea_kp_claim_ret"},
		.exit_programs = {"sea_kp_handle", "sea_kp_handle_ret", "sea_kp_events",
				  "sea_kp_reg", "sea_kp_vcpu_gone"},
		.extra_programs = {"sea_kp_end", "sea_kp_ended"},
	},
};

struct sea_trace {
	struct sea_trace_bpf *skel;
	struct ring_buffer *ring;
	const struct source *source;
	struct sea_trace_options options;
	bool has_exit; /* the kernel has KVM_EXIT_ARM_SEA */
	struct bpf_link *links[3 * SOURCE_PROGRAMS];
	size_t nr_links;
	struct bpf_link *sweep; /* NULL: the source sees answers by itself */
	struct sea_vm gone;
	__u64 nr_gone;
};

static bool log_verbose;

static int log_libbpf(enum libbpf_print_level level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* One level down: a probe that fails is libbpf's warning, but only our debug. */
static int log_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	if (!log_verbose)
		return 0;
	fputs("libbpf: ", stderr);
	return vfprintf(stderr, format, args);
}

/* Reads the start of a file below root; false if it cannot be had. */
static bool read_file(const char *root, const char *path, char *text, size_t size)
{
	char full[512];
	FILE *file;
	size_t n;

	snprintf(full, sizeof(full), "%s%s", root, path);
	file = fopen(full, "re");
	if (!file)
		return false;
	n = fread(text, 1, size - 1, file);
	fclose(file);
	text[n] = '\0';
	return n > 0;
}

static bool exists(const char *root, const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return !access(full, F_OK);
}

static bool may_use_bpf(const char *root)
{
	char status[4096], *line;
	unsigned long long caps;

	if (!read_file(root, "/proc/self/status", status, sizeof(status)))
		return true; /* no procfs: the kernel will say */
	line = strstr(status, "\nCapEff:");
	if (!line || sscanf(line, "\nCapEff: %llx", &caps) != 1)
		return true;
	return (caps >> CAP_BIT_SYS_ADMIN & 1) ||
	       ((caps >> CAP_BIT_BPF & 1) && (caps >> CAP_BIT_PERFMON & 1));
}

static bool is_locked_down(const char *root)
{
	char lockdown[128];

	return read_file(root, "/sys/kernel/security/lockdown", lockdown, sizeof(lockdown)) &&
	       strstr(lockdown, "[confidentiality]");
}

int sea_trace_check(const struct sea_trace_system *system, struct sea_error *err)
{
	const char *root = system->root ? system->root : "";
	const char *machine = system->machine;
	struct utsname name;

	if (!machine)
		machine = uname(&name) ? "unknown" : name.machine;
	if (strcmp(machine, "aarch64"))
		return sea_error_set(err,
				     "live tracing needs arm64 KVM: this machine is %s; "
				     "run it on the arm64 host",
				     machine);
	if (!exists(root, "/sys/kernel/btf/vmlinux"))
		return sea_error_set(err, "live tracing needs the kernel's BTF: no "
					  "/sys/kernel/btf/vmlinux; mount sysfs, or boot a kernel "
					  "with CONFIG_DEBUG_INFO_BTF=y");
	if (!exists(root, "/dev/kvm") && !exists(root, "/sys/class/misc/kvm"))
		return sea_error_set(err, "live tracing needs KVM: no /dev/kvm; use a host that "
					  "boots at EL2 and a kernel with CONFIG_KVM=y");
	if (is_locked_down(root))
		return sea_error_set(err,
				     "live tracing needs BPF: the kernel is locked down "
				     "(confidentiality); boot with lockdown=integrity or less");
	if (!may_use_bpf(root))
		return sea_error_set(err,
				     "live tracing needs CAP_BPF and CAP_PERFMON: this process "
				     "lacks them; run it as root");
	return 0;
}

static bool is_in(const char *const list[SOURCE_PROGRAMS], const char *name)
{
	size_t i;

	for (i = 0; i < SOURCE_PROGRAMS && list[i]; i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

/* Does the source see answers only when told to look? */
static bool must_sweep(const struct sea_trace *t, const struct source *source)
{
	return t->has_exit && source && !source->needs;
}

static bool is_wanted(const struct sea_trace *t, const struct source *source, const char *name)
{
	return is_in(source->programs, name) || is_in(source->extra_programs, name) ||
	       (t->has_exit && is_in(source->exit_programs, name)) ||
	       (must_sweep(t, source) && !strcmp(name, "sea_sweep"));
}

/* Does the kernel have KVM_CAP_ARM_SEA_TO_USER, and so the exit? */
static bool kernel_has_exit(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC), rc;

	if (fd < 0)
		return libbpf_find_vmlinux_btf_id("kvm_handle_guest_sea", BPF_TRACE_FENTRY) > 0;
	rc = ioctl(fd, KVM_CHECK_EXTENSION, KVM_CAP_ARM_SEA_TO_USER);
	close(fd);
	return rc > 0;
}

/* Opens the object with the source's programs enabled; none for NULL. */
static int open_object(struct sea_trace *t, const struct source *source, struct sea_error *err)
{
	struct bpf_program *program;
	__u32 max_vms;

	t->skel = sea_trace_bpf__open();
	if (!t->skel)
		return sea_error_set(err, "cannot open the BPF object: %s; run with -v for details",
				     strerror(errno));

	bpf_object__for_each_program(program, t->skel->obj) bpf_program__set_autoload(
		program, source && is_wanted(t, source, bpf_program__name(program)));
	max_vms = t->options.max_vms ? t->options.max_vms : SEA_MAX_VMS_DEFAULT;
	bpf_map__set_max_entries(t->skel->maps.vms, max_vms);
	bpf_map__set_max_entries(t->skel->maps.vm_refs, max_vms);
	t->skel->rodata->max_event_rate = SEA_TRACE_EVENT_RATE;
	t->skel->rodata->event_burst = SEA_TRACE_EVENT_BURST;
	t->skel->rodata->has_exit = t->has_exit;
	t->skel->rodata->sees_exit = t->has_exit;
	return 0;
}

bool sea_trace_event_valid(const void *data, size_t size)
{
	const struct sea_event *event = data;

	/* The kernel hands over records in multiples of 8 bytes, at least ours. */
	return size >= sizeof(*event) && event->version == SEA_ABI_VERSION &&
	       event->size == sizeof(*event) && event->type <= SEA_EVENT_VM_ENDED &&
	       event->disposition < SEA_DISPOSITIONS && event->reason < SEA_REASONS &&
	       event->response < SEA_RESPONSES;
}

bool sea_trace_vm_event_valid(const void *data, size_t size)
{
	const struct sea_vm_event *event = data;

	return size >= sizeof(*event) && event->version == SEA_ABI_VERSION &&
	       event->size == sizeof(*event) && event->type == SEA_EVENT_VM_SEEN &&
	       event->cmdline_len <= sizeof(event->cmdline);
}

static int on_record(void *context, void *data, size_t size)
{
	struct sea_trace *t = context;

	if (t->options.vm_seen && sea_trace_vm_event_valid(data, size))
		t->options.vm_seen(data, t->options.context);
	else if (t->options.event && sea_trace_event_valid(data, size))
		t->options.event(data, t->options.context);
	return 0;
}

static const char *reason_of(int error)
{
	return error == KERNEL_ENOTSUPP ? "not supported by this kernel" : strerror(error);
}

static void close_object(struct sea_trace *t)
{
	while (t->nr_links)
		bpf_link__destroy(t->links[--t->nr_links]);
	bpf_link__destroy(t->sweep);
	t->sweep = NULL;
	ring_buffer__free(t->ring);
	t->ring = NULL;
	sea_trace_bpf__destroy(t->skel);
	t->skel = NULL;
}

static int load_failed(int error, struct sea_error *err)
{
	const char *why = reason_of(error);

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
	t->ring = ring_buffer__new(bpf_map__fd(t->skel->maps.events), on_record, t, NULL);
	if (!t->ring)
		return sea_error_set(err, "cannot map the ring buffer: %s", strerror(errno));
	return 0;
}

static __u64 now_ns(clockid_t clock, struct timespec *out)
{
	struct timespec now;

	clock_gettime(clock, &now);
	if (out)
		*out = now;
	return (__u64)now.tv_sec * NSEC_PER_SEC + (__u64)now.tv_nsec;
}

/* Lets the programs count, now that all of them can. */
static void start_counting(struct sea_trace *t)
{
	__atomic_store_n(&t->skel->bss->started_ns, now_ns(CLOCK_BOOTTIME, NULL), __ATOMIC_RELEASE);
}

/* Attaches what the source needs; what may be missing is tried. */
static int attach(struct sea_trace *t, const struct source *source, struct sea_error *err)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, t->skel->obj)
	{
		const char *name = bpf_program__name(program);
		struct bpf_link *link;

		if (!bpf_program__autoload(program) || !strcmp(name, "sea_sweep"))
			continue;
		link = bpf_program__attach(program);
		if (link) {
			t->links[t->nr_links++] = link;
			continue;
		}
		if (!is_in(source->extra_programs, name))
			return sea_error_set(err, "cannot attach %s of the source %s: %s", name,
					     source->name, reason_of(errno));
		if (log_verbose)
			fprintf(stderr, "cannot attach %s: %s\n", name, reason_of(errno));
	}
	return 0;
}

/* The iterator over forwarded SEAs without an answer */
static int attach_sweep(struct sea_trace *t, struct sea_error *err)
{
	union bpf_iter_link_info info = {.map.map_fd = bpf_map__fd(t->skel->maps.pending)};
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info,
			    .link_info_len = sizeof(info));

	t->sweep = bpf_program__attach_iter(t->skel->progs.sea_sweep, &opts);
	if (!t->sweep)
		return sea_error_set(err, "cannot attach sea_sweep: %s", reason_of(errno));
	return 0;
}

/* Has the programs look which vCPUs ran again since they left with an SEA. */
static void sweep(const struct sea_trace *t)
{
	char nothing[64];
	int fd;

	if (!t->sweep)
		return;
	fd = bpf_iter_create(bpf_link__fd(t->sweep));
	if (fd < 0)
		return;
	while (read(fd, nothing, sizeof(nothing)) > 0)
		;
	close(fd);
}

static int try_source(struct sea_trace *t, const struct source *source, struct sea_error *err)
{
	if (source->needs && libbpf_find_vmlinux_btf_id(source->needs, BPF_TRACE_RAW_TP) < 0)
		return sea_error_set(err, "live tracing is not possible: %s", source->lacks);
	if (open_object(t, source, err) || load_object(t, err) || attach(t, source, err) ||
	    (must_sweep(t, source) && attach_sweep(t, err))) {
		close_object(t);
		return -1;
	}
	t->source = source;
	start_counting(t);
	return 0;
}

/* NULL: out of memory. */
static struct sea_trace *new_trace(const struct sea_trace_options *options, struct sea_error *err)
{
	struct sea_trace *t = calloc(1, sizeof(*t));

	if (!t) {
		sea_error_set(err, "cannot trace: out of memory");
		return NULL;
	}
	t->options = *options;
	log_verbose = options->verbose;
	libbpf_set_print(log_libbpf);
	return t;
}

static int check_source_name(const char *name, struct sea_error *err)
{
	size_t i;

	for (i = 0; name && i < ARRAY_SIZE(sources); i++)
		if (!strcmp(name, sources[i].name))
			return 0;
	return name ? sea_error_set(err, "no source is called '%.32s'; leave out --source", name) :
		      0;
}

int sea_trace_open(const struct sea_trace_options *options, struct sea_trace **trace,
		   struct sea_error *err)
{
	const struct sea_trace_system here = {0};
	struct sea_trace *t;
	size_t i;

	if (check_source_name(options->source, err) || sea_trace_check(&here, err))
		return -1;
	t = new_trace(options, err);
	if (!t)
		return -1;
	t->has_exit = kernel_has_exit();
	/* The error of the last source stands: each is easier to have than the one before. */
	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		if (options->source && strcmp(options->source, sources[i].name))
			continue;
		if (!try_source(t, &sources[i], err)) {
			*trace = t;
			return 0;
		}
		if (options->verbose)
			fprintf(stderr, "source %s: %s\n", sources[i].name, err->text);
	}
	sea_trace_close(t);
	return -1;
}

int sea_trace_open_maps(const struct sea_trace_options *options, struct sea_trace **trace,
			struct sea_error *err)
{
	struct sea_trace *t = new_trace(options, err);

	if (!t)
		return -1;
	if (open_object(t, NULL, err) || load_object(t, err)) {
		sea_trace_close(t);
		return -1;
	}
	t->source = &sources[0];
	start_counting(t);
	*trace = t;
	return 0;
}

int sea_trace_map_fd(const struct sea_trace *trace, const char *name)
{
	return bpf_object__find_map_fd_by_name(trace->skel->obj, name);
}

void sea_trace_close(struct sea_trace *trace)
{
	if (!trace)
		return;
	close_object(trace);
	free(trace);
}

const char *sea_trace_source(const struct sea_trace *trace)
{
	return trace->source->name;
}

int sea_trace_fd(const struct sea_trace *trace)
{
	return ring_buffer__epoll_fd(trace->ring);
}

int sea_trace_poll(struct sea_trace *trace, struct sea_error *err)
{
	int rc = ring_buffer__poll(trace->ring, 0);

	if (rc < 0 && rc != -EINTR)
		return sea_error_set(err, "cannot read the ring buffer: %s", strerror(-rc));
	return 0;
}

static int make_room(struct sea_snapshot *snapshot, size_t room, struct sea_error *err)
{
	struct sea_vm *vms;

	if (room <= snapshot->room)
		return 0;
	vms = realloc(snapshot->vms, room * sizeof(*vms));
	if (!vms)
		return sea_error_set(err, "cannot read the counters: out of memory; "
					  "use a smaller --max-vms");
	snapshot->vms = vms;
	snapshot->room = room;
	return 0;
}

/*
 * Copies all rows bucket by bucket, so that rows that come and go meanwhile
 * cannot make it start over, as the next-key walk does.
 */
static int read_vms(struct sea_trace *t, struct sea_snapshot *snapshot, struct sea_error *err)
{
	/* Rows may come and go while we read: room for more than there can be at once. */
	__u32 max = bpf_map__max_entries(t->skel->maps.vms) * 5 / 4 + 64;
	int fd = bpf_map__fd(t->skel->maps.vms);
	__u64 *keys = malloc(max * sizeof(*keys));
	__u64 position = 0, next = 0;
	size_t i, nr = 0;
	bool first = true;
	int rc;

	if (!keys || make_room(snapshot, max, err)) {
		free(keys);
		return sea_error_set(err, "cannot read the counters: out of memory; "
					  "use a smaller --max-vms");
	}
	do {
		__u32 count = max - (__u32)nr;

		rc = bpf_map_lookup_batch(fd, first ? NULL : &position, &next, keys,
					  snapshot->vms + nr, &count, NULL);
		if (rc && rc != -ENOENT)
			break;
		nr += count;
		position = next;
		first = false;
	} while (!rc && nr < max);
	free(keys);
	if (rc && rc != -ENOENT)
		return sea_error_set(err, "cannot read the counters: %s", strerror(-rc));

	/* A row gets its id when it is complete. */
	snapshot->nr_vms = 0;
	for (i = 0; i < nr; i++)
		if (snapshot->vms[i].id)
			snapshot->vms[snapshot->nr_vms++] = snapshot->vms[i];
	sea_snapshot_sort(snapshot);
	return 0;
}

/*
 * Gives the rows of long ended VMs to new ones once three quarters are in use.
 * An ended VM has no vCPU left that could still count, so the last values that
 * come with the deletion are final.
 */
static void retire_ended(struct sea_trace *t, struct sea_snapshot *snapshot)
{
	size_t max = bpf_map__max_entries(t->skel->maps.vms), i, kept = 0;
	int fd = bpf_map__fd(t->skel->maps.vms);

	if (snapshot->nr_vms < max - max / 4)
		return;
	for (i = 0; i < snapshot->nr_vms; i++) {
		struct sea_vm *vm = &snapshot->vms[i], last;

		if (vm->ended_ns && vm->ended_ns + SEA_TRACE_KEEP_ENDED_NS < snapshot->time_ns &&
		    !bpf_map_lookup_and_delete_elem(fd, &vm->id, &last)) {
			sea_vm_add(&t->gone, &last);
			t->nr_gone++;
			continue;
		}
		snapshot->vms[kept++] = *vm;
	}
	snapshot->nr_vms = kept;
}

int sea_trace_read(struct sea_trace *trace, struct sea_snapshot *snapshot, struct sea_error *err)
{
	const struct sea_trace_bpf *skel = trace->skel;
	__u32 zero = 0;
	int rc;

	sweep(trace);
	if (read_vms(trace, snapshot, err))
		return -1;
	rc = bpf_map_lookup_elem(bpf_map__fd(skel->maps.other), &zero, &snapshot->other);
	if (!rc)
		rc = bpf_map_lookup_elem(bpf_map__fd(skel->maps.totals), &zero, &snapshot->totals);
	if (rc)
		return sea_error_set(err, "cannot read the counters: %s", strerror(-rc));
	snapshot->time_ns = now_ns(CLOCK_BOOTTIME, NULL);
	now_ns(CLOCK_REALTIME, &snapshot->wall);
	snapshot->started_ns = skel->bss->started_ns;
	snapshot->source = trace->source->name;
	snapshot->tells_all = true;
	retire_ended(trace, snapshot);
	snapshot->gone = trace->gone;
	snapshot->nr_gone = trace->nr_gone;
	return 0;
}
