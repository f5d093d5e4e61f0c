// SPDX-License-Identifier: GPL-2.0-only
#include "trace.h"
#include "trace-internal.h"
#include "trace-object.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "privilege.h"
#include "sea_arm.h"

#define NSEC_PER_SEC 1000000000ULL

/*
 * How often the check looks again in the end. A vCPU's thread may have been
 * preempted between the two hooks, or its cgroup may have used up its quota of CPU
 * time, which is for 100 ms; so one look more would not do.
 */
#define LAST_LOOKS 10
#define LAST_LOOK_PAUSE_NS 100000000L

/* The kernel's own ENOTSUPP, which no libc has a name for. */
#define KERNEL_ENOTSUPP 524

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

static bool exists(const char *root, const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return !access(full, F_OK);
}

bool sea_trace_lockdown(const char *root, char word[SEA_LOCKDOWN_LEN])
{
	char path[512], line[128] = "", *start, *end;
	FILE *file;

	snprintf(path, sizeof(path), "%s/sys/kernel/security/lockdown", root);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	start = strchr(line, '[');
	end = start ? strchr(start, ']') : NULL;
	if (!end)
		return false;
	snprintf(word, SEA_LOCKDOWN_LEN, "%.*s", (int)(end - start - 1), start + 1);
	return true;
}

static bool is_locked_down(const char *root)
{
	char word[SEA_LOCKDOWN_LEN];

	return sea_trace_lockdown(root, word) && !strcmp(word, "confidentiality");
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
	if (!sea_privilege_has(root, SEA_STEP_TRACE))
		return sea_error_set(err,
				     "live tracing needs CAP_BPF and CAP_PERFMON: this process "
				     "lacks them; run it as root");
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

const char *sea_trace_reason(int error)
{
	return error == KERNEL_ENOTSUPP ? "not supported by this kernel" : strerror(error);
}

bool sea_trace_verbose(void)
{
	return log_verbose;
}

__u64 sea_trace_clock(clockid_t clock, struct timespec *out)
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
	__atomic_store_n(&t->skel->bss->started_ns, sea_trace_clock(CLOCK_BOOTTIME, NULL),
			 __ATOMIC_RELEASE);
}

/* Every SEA gets a disposition, or is `unknown` for want of what this kernel can tell. */
static bool tells_all(const struct sea_trace *t)
{
	return t->source->needs || !t->has_exit || t->sees_exit || t->exit_flag;
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

static const struct sea_source *find_source(const char *name)
{
	const struct sea_source *source;
	size_t i;

	for (i = 0; (source = sea_source_at(i)); i++)
		if (!strcmp(name, source->name))
			return source;
	return NULL;
}

/* A kernel that has one of these has the exit: a guess, if KVM cannot be asked. */
static bool guess_exit(void)
{
	return libbpf_find_vmlinux_btf_id("kvm_handle_guest_sea", BPF_TRACE_FENTRY) > 0 ||
	       libbpf_find_vmlinux_btf_id("kvm_sea_forwarded", BPF_TRACE_RAW_TP) > 0;
}

/* Asks KVM what it has, by a VM of our own, if that can be had. */
static bool ask_kvm(struct sea_trace *t, struct sea_scratch *scratch)
{
	struct sea_error err;

	t->exit_known = !sea_scratch_open(scratch, &err);
	t->has_exit = t->exit_known ? scratch->has_exit : guess_exit();
	if (!t->exit_known && log_verbose)
		fprintf(stderr, "%s\n", err.text);
	return t->exit_known;
}

static void calibrate(struct sea_trace *t, const struct sea_scratch *scratch)
{
	struct sea_error err;

	if (t->exit_known && sea_list_calibrate(t, scratch, &t->hcr, &err) && log_verbose)
		fprintf(stderr, "%s\n", err.text);
	/* The programs may need it for their decision. */
	t->skel->bss->exit_flag = t->exit_flag;
}

/*
 * A hook that cannot fire would count nothing, for ever. The functions that
 * only SEAs call are the ones that are never seen to fire.
 */
static int prove_hooks(struct sea_trace *t, struct sea_error *err)
{
	static const char *const functions[] = {"kvm_handle_guest_sea", "apei_claim_sea"};
	char why[SEA_REPORT_WHY_LEN];
	size_t i, j;

	t->proven = SEA_CALLED;
	if (t->source->needs)
		return 0;
	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		enum sea_called called = SEA_CALLED;

		for (j = 0; j < t->nr_hooks; j++)
			if (!strcmp(sea_program_target(t->hooks[j].program), functions[i]))
				break;
		if (j < t->nr_hooks)
			called = sea_proof_of(t, functions[i], why, sizeof(why));
		if (called == SEA_NOT_CALLED)
			return sea_error_set(err,
					     "the source %s would count nothing: its hook on %s "
					     "cannot fire: %s; see seastat doctor",
					     t->source->name, functions[i], why);
		if (called == SEA_NOT_PROVEN)
			t->proven = SEA_NOT_PROVEN;
	}
	return 0;
}

static int load_source(struct sea_trace *t, const struct sea_source *source,
		       const struct sea_scratch *scratch, struct sea_error *err)
{
	if (sea_trace_load(t, source, err))
		return -1;
	t->source = source;
	calibrate(t, scratch);
	if (prove_hooks(t, err)) {
		sea_trace_unload(t);
		return -1;
	}
	return 0;
}

/* With the hook that sees SEAs leave for the VMM if that can be had, or else without. */
static int try_source(struct sea_trace *t, const struct sea_source *source,
		      const struct sea_scratch *scratch, struct sea_error *err)
{
	t->sees_exit = t->has_exit && source->handle_programs[0];
	if (!load_source(t, source, scratch, err))
		return 0;
	if (!t->sees_exit)
		return -1;
	if (log_verbose)
		fprintf(stderr, "%s\n", err->text);
	t->sees_exit = false;
	return load_source(t, source, scratch, err);
}

static int try_sources(struct sea_trace *t, const struct sea_scratch *scratch,
		       struct sea_error *err)
{
	const struct sea_source *source;
	size_t i;

	/* The error of the last source stands: each is easier to have than the one before. */
	for (i = 0; (source = sea_source_at(i)); i++) {
		if (t->options.source && strcmp(t->options.source, source->name))
			continue;
		if (!try_source(t, source, scratch, err))
			return 0;
		if (log_verbose)
			fprintf(stderr, "source %s: %s\n", source->name, err->text);
	}
	return -1;
}

int sea_trace_open(const struct sea_trace_options *options, struct sea_trace **trace,
		   struct sea_error *err)
{
	const struct sea_trace_system here = {0};
	struct sea_scratch scratch;
	struct sea_trace *t;
	int rc;

	if (options->source && !find_source(options->source))
		return sea_error_set(err, "no source is called '%.32s'; leave out --source",
				     options->source);
	if (sea_trace_check(&here, err))
		return -1;
	t = new_trace(options, err);
	if (!t)
		return -1;
	ask_kvm(t, &scratch);
	if (options->list) {
		rc = sea_trace_load(t, NULL, err);
		if (!rc)
			calibrate(t, &scratch);
	} else {
		rc = try_sources(t, &scratch, err);
	}
	sea_scratch_close(&scratch);
	if (rc) {
		sea_trace_close(t);
		return -1;
	}
	start_counting(t);
	*trace = t;
	return 0;
}

void sea_trace_kvm_facts(const struct sea_trace *trace, struct sea_kvm_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->tried = trace->exit_known;
	facts->has_exit = trace->has_exit;
	facts->opt_in_known = trace->exit_known && (!trace->has_exit || trace->exit_flag);
	facts->has_ras = trace->hcr & HCR_TEA;
	facts->has_statistics = trace->skel->bss->has_statistics;
}

const char *sea_trace_source_name(size_t i)
{
	return sea_source_at(i) ? sea_source_at(i)->name : NULL;
}

int sea_trace_examine(const char *name, bool verbose, struct sea_source_report *report,
		      struct sea_error *err)
{
	const struct sea_trace_options options = {.source = name, .verbose = verbose};
	const struct sea_source *source = find_source(name);
	struct sea_error why;
	struct sea_scratch scratch;
	struct sea_trace *t;

	memset(report, 0, sizeof(*report));
	report->name = name;
	t = new_trace(&options, err);
	if (!t)
		return -1;
	ask_kvm(t, &scratch);
	report->attached = source && !try_source(t, source, &scratch, &why);
	sea_scratch_close(&scratch);
	if (report->attached) {
		report->tells_all = tells_all(t);
		report->check = t->check_name;
		sea_proof_examine(t, report);
	} else {
		snprintf(report->why, sizeof(report->why), "%s", why.text);
	}
	sea_trace_close(t);
	return 0;
}

int sea_trace_open_maps(const struct sea_trace_options *options, struct sea_trace **trace,
			struct sea_error *err)
{
	struct sea_trace *t = new_trace(options, err);

	if (!t)
		return -1;
	if (sea_trace_load(t, NULL, err)) {
		sea_trace_close(t);
		return -1;
	}
	t->source = sea_source_at(0);
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
	sea_trace_unload(trace);
	sea_listing_free(&trace->listing);
	btf__free(trace->btf);
	free(trace);
}

const char *sea_trace_source(const struct sea_trace *trace)
{
	return trace->source ? trace->source->name : "none";
}

int sea_trace_fd(const struct sea_trace *trace)
{
	return ring_buffer__epoll_fd(trace->ring);
}

int sea_trace_poll(struct sea_trace *trace, struct sea_error *err)
{
	int rc = ring_buffer__consume(trace->ring);

	if (rc < 0)
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

int sea_trace_read_map(const struct bpf_map *map, __u64 *keys, void *values, size_t value_size,
		       size_t *nr, struct sea_error *err)
{
	__u64 position = 0, next = 0;
	bool first = true;
	size_t done = 0;
	int rc;

	do {
		__u32 count = (__u32)(*nr - done);

		rc = bpf_map_lookup_batch(bpf_map__fd(map), first ? NULL : &position, &next,
					  keys + done, (char *)values + done * value_size, &count,
					  NULL);
		if (rc && rc != -ENOENT)
			return sea_error_set(err, "cannot read the counters: %s", strerror(-rc));
		done += count;
		position = next;
		first = false;
	} while (!rc && done < *nr);
	*nr = done;
	return 0;
}

static int read_vms(struct sea_trace *t, struct sea_snapshot *snapshot, struct sea_error *err)
{
	/* Rows may come and go while we read: room for more than there can be at once. */
	size_t max = bpf_map__max_entries(t->skel->maps.vms) * 5 / 4 + 64, nr = max, i;
	__u64 *keys = malloc(max * sizeof(*keys));
	int rc;

	if (!keys || make_room(snapshot, max, err)) {
		free(keys);
		return sea_error_set(err, "cannot read the counters: out of memory; "
					  "use a smaller --max-vms");
	}
	rc = sea_trace_read_map(t->skel->maps.vms, keys, snapshot->vms, sizeof(*snapshot->vms), &nr,
				err);
	free(keys);
	if (rc)
		return -1;

	/* A row gets its id when it is complete. */
	snapshot->nr_vms = 0;
	for (i = 0; i < nr; i++)
		if (snapshot->vms[i].id)
			snapshot->vms[snapshot->nr_vms++] = snapshot->vms[i];
	sea_snapshot_sort(snapshot);
	return 0;
}

/*
 * Gives the rows of long ended VMs to new ones once three quarters are in use;
 * those of VMs that took no SEA, nor any before, sooner, as they say nothing. An ended VM
 * has no vCPU left that could still count, so the last values that come with
 * the deletion are final.
 */
static void retire_ended(struct sea_trace *t, struct sea_snapshot *snapshot)
{
	size_t max = bpf_map__max_entries(t->skel->maps.vms), i, kept = 0;
	bool scarce = snapshot->nr_vms >= max - max / 4;
	int fd = bpf_map__fd(t->skel->maps.vms);

	for (i = 0; i < snapshot->nr_vms; i++) {
		struct sea_vm *vm = &snapshot->vms[i], last;
		const struct sea_listed *listed = sea_listing_find(&t->listing, vm->id);
		struct sea_listed sum = t->gone_listed;
		__u64 before = listed ? sea_listed_add_before(&sum, listed) : 0;
		bool idle = !sea_vm_total(vm) && !sea_vm_responses(vm) && !before;

		if (vm->ended_ns && vm->ended_ns + SEA_TRACE_KEEP_ENDED_NS < snapshot->time_ns &&
		    (scarce || idle) && !bpf_map_lookup_and_delete_elem(fd, &vm->id, &last)) {
			sea_list_forget(t, vm->id);
			sea_vm_add(&t->gone, &last);
			t->gone_listed = sum;
			t->nr_gone += !idle;
			continue;
		}
		snapshot->vms[kept++] = *vm;
	}
	snapshot->nr_vms = kept;
}

static void look_at_check(struct sea_trace *t, struct sea_snapshot *snapshot, __u64 before)
{
	__u64 after = __atomic_load_n(&t->skel->bss->checked, __ATOMIC_ACQUIRE);
	__u64 counted = snapshot->totals.lost_no_vcpu, vcpus = 0;
	size_t i;

	for (i = 0; i < snapshot->nr_vms; i++)
		counted += sea_vm_total(&snapshot->vms[i]);
	counted += sea_vm_total(&snapshot->other) + sea_vm_total(&snapshot->gone);
	for (i = 0; i < t->listing.nr; i++)
		vcpus += t->listing.vms[i].vcpus;
	if (t->check_name)
		sea_check_look(&t->check, before, after, counted, vcpus);
	snapshot->check = t->check_name;
	snapshot->checked = after;
	snapshot->unseen = t->check.unseen;
}

int sea_trace_read(struct sea_trace *trace, struct sea_snapshot *snapshot, struct sea_error *err)
{
	const struct sea_trace_bpf *skel = trace->skel;
	__u64 checked;
	__u32 zero = 0;
	int rc;

	if (sea_trace_sweep(trace, err) || sea_list_pass(trace, err))
		return -1;
	checked = __atomic_load_n(&skel->bss->checked, __ATOMIC_ACQUIRE);
	if (read_vms(trace, snapshot, err))
		return -1;
	rc = bpf_map_lookup_elem(bpf_map__fd(skel->maps.other), &zero, &snapshot->other);
	if (!rc)
		rc = bpf_map_lookup_elem(bpf_map__fd(skel->maps.totals), &zero, &snapshot->totals);
	if (rc)
		return sea_error_set(err, "cannot read the counters: %s", strerror(-rc));
	snapshot->time_ns = sea_trace_clock(CLOCK_BOOTTIME, NULL);
	sea_trace_clock(CLOCK_REALTIME, &snapshot->wall);
	snapshot->started_ns = skel->bss->started_ns;
	snapshot->source = sea_trace_source(trace);
	snapshot->tells_all = !trace->source || tells_all(trace);
	snapshot->unproven = trace->proven != SEA_CALLED;
	snapshot->missed = sea_proof_missed(trace, &snapshot->missed_unknown);
	snapshot->unlisted = skel->bss->unlisted;
	snapshot->listing = &trace->listing;
	snapshot->gone = trace->gone;
	look_at_check(trace, snapshot, checked);
	retire_ended(trace, snapshot);
	snapshot->gone = trace->gone;
	snapshot->gone_listed = trace->gone_listed;
	snapshot->nr_gone = trace->nr_gone;
	return 0;
}

int sea_trace_read_last(struct sea_trace *trace, struct sea_snapshot *snapshot,
			struct sea_error *err)
{
	const struct timespec pause = {.tv_nsec = LAST_LOOK_PAUSE_NS};
	int again;

	for (again = 0;; again++) {
		if (sea_trace_poll(trace, err) || sea_trace_read(trace, snapshot, err))
			return -1;
		if (!trace->check.missing || again == LAST_LOOKS)
			return 0;
		nanosleep(&pause, NULL);
	}
}
