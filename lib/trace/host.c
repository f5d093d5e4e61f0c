// SPDX-License-Identifier: GPL-2.0-only
#include "trace/host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "base/log.h"
#include "trace/object.h"

#include "sea_host.skel.h"

/* Programs of one hook: on the way into a function and out of it, or on a tracepoint */
#define PROGRAMS_MAX 2
#define WAYS_MAX 2

/* A hook: all programs of one of its ways are attached, the first that can be. */
struct hook {
	const char *function, *tells;
	/* One of several functions, of which a kernel has one or none: it is not missed. */
	bool is_variant;
	struct {
		enum sea_mechanism mechanism;
		size_t programs[PROGRAMS_MAX]; /* their places in the skeleton; 0: no more */
	} ways[WAYS_MAX];
};

#define PLACE(name) offsetof(struct sea_host_bpf, progs.name)

#define FUNCTION_IN_OUT(name, program, what, variant)                                  \
	{                                                                              \
		.function = name, .tells = what, .is_variant = variant,                \
		.ways = {{SEA_BY_TRAMPOLINE,                                           \
			  {PLACE(host_tr_##program##_in), PLACE(host_tr_##program)}},  \
			 {SEA_BY_KPROBE,                                               \
			  {PLACE(host_kp_##program##_in), PLACE(host_kp_##program)}}}, \
	}

#define FUNCTION_IN(name, program, what)                                  \
	{                                                                 \
		.function = name, .tells = what,                          \
		.ways = {{SEA_BY_TRAMPOLINE, {PLACE(host_tr_##program)}}, \
			 {SEA_BY_KPROBE, {PLACE(host_kp_##program)}}},    \
	}

#define TRACEPOINT(name, program, what)                                    \
	{                                                                  \
		.function = name, .tells = what,                           \
		.ways = {{SEA_BY_TRACEPOINT, {PLACE(host_tp_##program)}}}, \
	}

static const struct hook hooks[] = {
	FUNCTION_IN_OUT("memory_failure", failure, "pages that are taken out of use", false),
	FUNCTION_IN("force_sig_mceerr", forced, "SIGBUS to who touches a bad page"),
	FUNCTION_IN("send_sig_mceerr", sent, "SIGBUS to who has a bad page, or whose guest has"),
	FUNCTION_IN_OUT("ghes_do_proc", record, "SIGBUS for a page that stays in use", false),
	FUNCTION_IN_OUT("memory_failure_cb", work, "SIGBUS for a page that stays in use", true),
	FUNCTION_IN_OUT("ghes_memory_failure_task_work", our_work,
			"SIGBUS for a page that stays in use", true),
	TRACEPOINT("arm_event", arm, "errors of processors"),
	TRACEPOINT("mc_event", mc, "errors that a driver for memory controllers (EDAC) tells of"),
	TRACEPOINT("non_standard_event", non_standard, "errors of the vendor's kinds"),
	TRACEPOINT("memory_failure_event", failure, "what became of a bad page"),
};

#define NR_HOOKS (sizeof(hooks) / sizeof(hooks[0]))

_Static_assert(NR_HOOKS <= SEA_HOST_HOOKS_MAX, "a report has room for all hooks");

/* What was found out of a hook */
struct state {
	bool attached;
	bool refused; /* the kernel did not load its programs */
	int error;    /* of the last way that was tried; 0: none was */
};

struct sea_host {
	struct sea_host_bpf *skel;
	struct ring_buffer *ring;
	const struct btf *btf;
	const enum sea_trial *trial; /* only while it is opened */
	struct state states[NR_HOOKS];
	struct bpf_link *links[NR_HOOKS * PROGRAMS_MAX];
	size_t nr_links;
	sea_host_take take;
	void *context;
};

static struct bpf_program *program_at(const struct sea_host_bpf *skel, size_t place)
{
	return *(struct bpf_program *const *)(const void *)((const char *)skel + place);
}

static bool has_type(const struct btf *btf, const char *name, __u32 kind)
{
	return btf__find_by_name_kind(btf, name, kind) > 0;
}

/* The kernel has what the way hooks; of kprobes, attaching tells. */
static bool has_target(const struct btf *btf, const struct hook *hook, enum sea_mechanism mechanism)
{
	char type[64];

	switch (mechanism) {
	case SEA_BY_TRACEPOINT:
		snprintf(type, sizeof(type), "btf_trace_%s", hook->function);
		return has_type(btf, type, BTF_KIND_TYPEDEF);
	case SEA_BY_TRAMPOLINE:
		return has_type(btf, hook->function, BTF_KIND_FUNC);
	default:
		return true;
	}
}

static bool is_usable(const struct sea_host *host, size_t i, size_t way)
{
	enum sea_mechanism mechanism = hooks[i].ways[way].mechanism;

	return hooks[i].ways[way].programs[0] && !host->states[i].refused &&
	       host->trial[mechanism] != SEA_TRIAL_SILENT &&
	       has_target(host->btf, &hooks[i], mechanism);
}

static void want(const struct sea_host *host, size_t i)
{
	size_t way, j;

	for (way = 0; way < WAYS_MAX; way++)
		for (j = 0; j < PROGRAMS_MAX && hooks[i].ways[way].programs[j]; j++)
			bpf_program__set_autoload(program_at(host->skel,
							     hooks[i].ways[way].programs[j]),
						  is_usable(host, i, way));
}

static void unload(struct sea_host *host)
{
	sea_host_bpf__destroy(host->skel);
	host->skel = NULL;
}

/* Loads the programs of the hook `only`, or of all that were not refused; 0, or an errno. */
static int load(struct sea_host *host, size_t only)
{
	struct bpf_program *program;
	size_t i;
	int rc;

	host->skel = sea_host_bpf__open();
	if (!host->skel)
		return errno;
	bpf_object__for_each_program(program, host->skel->obj)
		bpf_program__set_autoload(program, false);
	for (i = 0; i < NR_HOOKS; i++)
		if (only == NR_HOOKS || only == i)
			want(host, i);
	rc = sea_host_bpf__load(host->skel);
	if (rc)
		unload(host);
	return -rc;
}

/* One that the kernel refuses takes all others along: without those, then. */
static int load_what_loads(struct sea_host *host)
{
	size_t i;
	int error = load(host, NR_HOOKS);

	if (!error)
		return 0;
	for (i = 0; i < NR_HOOKS; i++) {
		host->states[i].error = load(host, i);
		host->states[i].refused = host->states[i].error;
		unload(host);
	}
	return load(host, NR_HOOKS);
}

static bool attach_way(struct sea_host *host, size_t i, size_t way)
{
	size_t first = host->nr_links, j;

	for (j = 0; j < PROGRAMS_MAX && hooks[i].ways[way].programs[j]; j++) {
		struct bpf_program *program =
			program_at(host->skel, hooks[i].ways[way].programs[j]);
		struct bpf_link *link = bpf_program__attach(program);

		if (link) {
			host->links[host->nr_links++] = link;
			continue;
		}
		host->states[i].error = errno;
		sea_log("cannot attach %s: %s", bpf_program__name(program),
			sea_trace_reason(host->states[i].error));
		while (host->nr_links > first)
			bpf_link__destroy(host->links[--host->nr_links]);
		return false;
	}
	return true;
}

static void attach(struct sea_host *host)
{
	size_t i, way;

	for (i = 0; i < NR_HOOKS; i++)
		for (way = 0; way < WAYS_MAX && !host->states[i].attached; way++)
			host->states[i].attached =
				is_usable(host, i, way) && attach_way(host, i, way);
}

static int on_record(void *context, void *data, size_t size)
{
	struct sea_host *host = context;

	if (!sea_host_record_valid(data, size))
		return 0;
	return host->take(data, host->context) ? 0 : -ENOBUFS;
}

static void fail_all(struct sea_host *host, int error)
{
	size_t i;

	for (i = 0; i < NR_HOOKS; i++)
		if (!host->states[i].error)
			host->states[i].error = error;
}

int sea_host_open(const struct btf *btf, const enum sea_trial trial[SEA_MECHANISMS],
		  sea_host_take take, void *context, struct sea_host **host, struct sea_error *err)
{
	struct sea_host *h = calloc(1, sizeof(*h));
	int error;

	if (!h)
		return sea_error_set(err, "cannot trace: out of memory");
	h->btf = btf;
	h->trial = trial;
	h->take = take;
	h->context = context;
	*host = h;
	error = load_what_loads(h);
	if (error) {
		fail_all(h, error);
		return 0;
	}
	h->ring = ring_buffer__new(bpf_map__fd(h->skel->maps.host_records), on_record, h, NULL);
	if (h->ring)
		attach(h);
	else
		fail_all(h, errno);
	return 0;
}

void sea_host_close(struct sea_host *host)
{
	if (!host)
		return;
	while (host->nr_links)
		bpf_link__destroy(host->links[--host->nr_links]);
	ring_buffer__free(host->ring);
	unload(host);
	free(host);
}

int sea_host_fd(const struct sea_host *host)
{
	return host->ring ? ring_buffer__epoll_fd(host->ring) : -1;
}

int sea_host_poll(struct sea_host *host, struct sea_error *err)
{
	int rc = host->ring ? ring_buffer__consume(host->ring) : 0;

	if (rc < 0 && rc != -ENOBUFS)
		return sea_error_set(err, "cannot read the ring buffer of the host: %s",
				     strerror(-rc));
	return 0;
}

__u64 sea_host_lost(const struct sea_host *host)
{
	return host->skel ? __atomic_load_n(&host->skel->bss->host_lost, __ATOMIC_RELAXED) : 0;
}

/* A kernel without any variant of a function has none of what it tells. */
static bool is_told(const struct sea_host *host, size_t i)
{
	return host->states[i].attached || !hooks[i].is_variant;
}

void sea_host_report(const struct sea_host *host, struct sea_host_report *report)
{
	size_t i;

	memset(report, 0, sizeof(*report));
	for (i = 0; i < NR_HOOKS; i++) {
		const struct state *state = &host->states[i];
		struct sea_host_hook *hook;

		if (!is_told(host, i))
			continue;
		hook = &report->hooks[report->nr_hooks++];
		hook->function = hooks[i].function;
		hook->tells = hooks[i].tells;
		hook->attached = state->attached;
		hook->absent = !state->attached &&
			       (!state->error || (!state->refused && state->error == ENOENT));
		if (hook->absent)
			snprintf(hook->why, sizeof(hook->why), "this kernel has no %s",
				 hooks[i].function);
		else if (!state->attached)
			snprintf(hook->why, sizeof(hook->why), "%s: %s", hooks[i].function,
				 sea_trace_reason(state->error));
	}
}
