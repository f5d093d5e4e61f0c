// SPDX-License-Identifier: GPL-2.0-only
#include "trace/attach.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "base/log.h"
#include "trace/proof.h"
#include "trace/trial.h"

bool sea_attach_must_sweep(const struct sea_trace *t, const struct sea_source *source)
{
	return t->has_exit && !source->needs;
}

static bool is_needed(const struct sea_trace *t, const struct sea_program *program)
{
	return sea_program_needed(program, t->has_exit, t->sees_exit);
}

bool sea_attach_has_target(const struct sea_trace *t, const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	if (strncmp(section, "fentry/", 7) && strncmp(section, "fexit/", 6))
		return true;
	return btf__find_by_name_kind(t->btf, sea_program_target(program), BTF_KIND_FUNC) > 0;
}

bool sea_attach_has_tracepoint(const struct sea_trace *t, const char *name)
{
	char type[64];

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return btf__find_by_name_kind(t->btf, type, BTF_KIND_TYPEDEF) > 0;
}

int sea_attach_lacks_function(struct sea_trace *t, const struct bpf_program *program,
			      const struct sea_source *source, struct sea_error *err)
{
	const char *name = sea_program_target(program);
	const struct sea_symbols *symbols = sea_trace_symbols(t);
	const struct sea_symbol *other = sea_symbols_renamed(symbols, name);

	/* pahole leaves out functions that it finds two prototypes of, for one. */
	if (bpf_program__type(program) == BPF_PROG_TYPE_TRACING && sea_symbols_find(symbols, name))
		return sea_error_set(err,
				     "the source %s does not attach: this kernel has a function "
				     "%s, but its BTF does not describe it; a kprobe needs no BTF",
				     source->name, name);
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
		return sea_attach_lacks_function(t, program, source, err);
	/* Debian's kernels have 3 there, and ask for more than CAP_PERFMON then. */
	if (error == EACCES || error == EPERM)
		advice = "; run with CAP_SYS_ADMIN, or set the sysctl kernel.perf_event_paranoid "
			 "to 2 or less";
	return sea_error_set(err, "the source %s does not attach: %s of %s: %s%s", source->name,
			     bpf_program__name(program), sea_program_target(program),
			     sea_trace_reason(error), advice);
}

static bool attach_hook(struct sea_trace *t, const struct sea_program *program)
{
	struct sea_hook hook = {
		.program = program,
		.bpf = sea_object_program(t, program),
		.called = SEA_CALLED,
	};

	if (!bpf_program__autoload(hook.bpf)) {
		errno = ENOENT;
		return false;
	}
	if (t->nr_hooks == SEA_HOOKS_MAX) {
		errno = ENOSPC;
		return false;
	}
	hook.link = bpf_program__attach(hook.bpf);
	if (!hook.link) {
		int error = errno;

		sea_log("cannot attach %s: %s", program->name, sea_trace_reason(error));
		errno = error;
		return false;
	}
	t->hooks[t->nr_hooks++] = hook;
	return true;
}

static void detach_last(struct sea_trace *t)
{
	bpf_link__destroy(t->hooks[--t->nr_hooks].link);
}

/* Of the part and of one function, the first that attaches and whose mechanism works. */
static const struct sea_program *attach_first(struct sea_trace *t, const struct sea_source *source,
					      enum sea_part part, enum sea_fired of)
{
	const struct sea_program *program;
	size_t i;

	for (i = 0; (program = sea_program_at(i)); i++) {
		if (program->part != part || program->fired != of ||
		    program->when != SEA_FIRST_THAT || !sea_program_goes_with(program, source) ||
		    !attach_hook(t, program))
			continue;
		if (sea_trial_of(t, program->mechanism) != SEA_TRIAL_SILENT)
			return program;
		sea_log("%s: %s", program->name, sea_trial_look(t, program->mechanism));
		detach_last(t);
	}
	return NULL;
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

static bool has_hook_for(const struct sea_trace *t, enum sea_fired fired)
{
	size_t i;

	for (i = 0; i < t->nr_hooks; i++)
		if (t->hooks[i].program->fired == fired)
			return true;
	return false;
}

/* Is it to be attached, now that those before it in the list are? */
static bool is_due(const struct sea_trace *t, const struct sea_program *program)
{
	if (program->when == SEA_FIRST_THAT)
		return false;
	if (program->when == SEA_INSTEAD && has_hook_for(t, SEA_FIRED_ABORT))
		return false;
	return sea_program_wanted(program, t->has_exit, t->sees_exit);
}

static int not_armed(const struct sea_trace *t, const struct sea_source *source,
		     struct sea_error *err)
{
	const char *off = sea_switches_off(&t->switches, source->mechanism);

	if (off)
		return sea_error_set(err, "the source %s would count nothing: %s; set it to 1",
				     source->name, off);
	return sea_error_set(err,
			     "the source %s would count nothing: the kernel calls no hook of its "
			     "kind, as a trial shows; see seastat doctor",
			     source->name);
}

int sea_attach(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	const struct sea_program *program, *check;
	size_t i;

	for (i = 0; (program = sea_program_at(i)); i++)
		if (sea_program_goes_with(program, source) && is_due(t, program) &&
		    !attach_hook(t, program) && is_needed(t, program))
			return attach_failed(t, sea_object_program(t, program), source, errno, err);
	if (sea_trial_of(t, source->mechanism) == SEA_TRIAL_SILENT)
		return not_armed(t, source, err);
	sea_watch_look(&t->watch, sea_trace_clock(CLOCK_BOOTTIME, NULL), NULL);
	check = attach_first(t, source, SEA_PART_CHECK, SEA_FIRED_NONE);
	t->check_name = check ? sea_mechanism_name(check->mechanism) : NULL;
	attach_first(t, source, SEA_PART_END, SEA_FIRED_END);
	attach_first(t, source, SEA_PART_END, SEA_FIRED_LEFT);
	return sea_attach_must_sweep(t, source) ? attach_sweep(t, err) : 0;
}

void sea_attach_undo(struct sea_trace *t)
{
	while (t->nr_hooks)
		detach_last(t);
	sea_trial_detach(t);
	bpf_link__destroy(t->sweep);
	t->sweep = NULL;
	t->check_name = NULL;
	t->tried = t->fired = 0;
	memset(&t->watch, 0, sizeof(t->watch));
}
