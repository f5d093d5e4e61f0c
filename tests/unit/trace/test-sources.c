// SPDX-License-Identifier: GPL-2.0-only
/* The table of programs beside the BPF object that is built in. */
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "sea_trace.skel.h"
#include "trace/object.h"
#include "trace/sources.h"

/* Those that userspace reads or runs, of which load.c knows */
static const char *const on_demand[] = {
	"sea_trial_tracepoint", "sea_trial_trampoline", "sea_trial_kprobe", "sea_read_text",
	"sea_list_vms",		"sea_list_gone",	"sea_list_scratch", "sea_sweep",
};

static const struct sea_program *find(const char *name)
{
	const struct sea_program *program;
	size_t i;

	for (i = 0; (program = sea_program_at(i)); i++)
		if (!strcmp(program->name, name))
			return program;
	return NULL;
}

static bool is_on_demand(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(on_demand); i++)
		if (!strcmp(on_demand[i], name))
			return true;
	return false;
}

static enum sea_mechanism mechanism_of(const char *section)
{
	if (!strncmp(section, "tp_btf/", 7))
		return SEA_BY_TRACEPOINT;
	if (!strncmp(section, "fentry/", 7) || !strncmp(section, "fexit/", 6))
		return SEA_BY_TRAMPOLINE;
	assert_true(!strncmp(section, "kprobe/", 7) || !strncmp(section, "kretprobe/", 10));
	return SEA_BY_KPROBE;
}

/* None is forgotten, none is in the table twice, and what the table says of it is so. */
static void every_program(void **state)
{
	struct sea_trace trace = {.skel = sea_trace_bpf__open()};
	struct bpf_program *bpf;
	size_t seen = 0, i;

	(void)state;
	assert_non_null(trace.skel);
	bpf_object__for_each_program(bpf, trace.skel->obj) {
		const char *name = bpf_program__name(bpf);
		const struct sea_program *program = find(name);

		if (is_on_demand(name)) {
			assert_null(program);
			continue;
		}
		if (!program)
			fail_msg("%s is in no table", name);
		seen++;
		assert_ptr_equal(sea_object_program(&trace, program), bpf);
		assert_int_equal(program->mechanism, mechanism_of(bpf_program__section_name(bpf)));
	}
	for (i = 0; sea_program_at(i); i++)
		;
	assert_int_equal(i, seen);
	for (i = 0; i < ARRAY_SIZE(on_demand); i++)
		assert_non_null(bpf_object__find_program_by_name(trace.skel->obj, on_demand[i]));
	sea_trace_bpf__destroy(trace.skel);
}

/* How many hooks of this part a source has on a kernel, if all functions are there */
static size_t wanted(const char *source, enum sea_part part, bool has_exit, bool sees_exit,
		     bool needed)
{
	const struct sea_program *program;
	size_t i, nr = 0;

	for (i = 0; (program = sea_program_at(i)); i++)
		if (program->part == part &&
		    sea_program_goes_with(program, sea_source_find(source)) &&
		    (needed ? sea_program_needed(program, has_exit, sees_exit) :
			      sea_program_wanted(program, has_exit, sees_exit)))
			nr++;
	return nr;
}

static void what_a_source_needs(void **state)
{
	(void)state;
	assert_int_equal(wanted("tracepoint", SEA_PART_SOURCE, false, false, true), 4);
	assert_int_equal(wanted("tracepoint", SEA_PART_ANSWERS, true, false, true), 1);
	/* Without the exit nobody answers. */
	assert_int_equal(wanted("trampoline", SEA_PART_SOURCE, false, false, true), 1);
	assert_int_equal(wanted("trampoline", SEA_PART_ANSWERS, false, false, false), 0);
	assert_int_equal(wanted("kprobe", SEA_PART_SOURCE, false, false, true), 2);
	assert_int_equal(wanted("kprobe", SEA_PART_ANSWERS, false, false, false), 0);
	/* With it, what sees SEAs leave is needed if it is to be used. */
	assert_int_equal(wanted("trampoline", SEA_PART_SOURCE, true, false, true), 1);
	assert_int_equal(wanted("trampoline", SEA_PART_SOURCE, true, true, true), 2);
	assert_int_equal(wanted("kprobe", SEA_PART_SOURCE, true, true, true), 4);
	/* Functions that inject have other names on other kernels: none is needed by itself. */
	assert_int_equal(wanted("trampoline", SEA_PART_ANSWERS, true, true, true), 1);
	assert_int_equal(wanted("trampoline", SEA_PART_ANSWERS, true, true, false), 7);
	assert_int_equal(wanted("kprobe", SEA_PART_ANSWERS, true, true, false), 7);
}

/* A check by the source's own mechanism would go blind with it. */
static void a_check_is_of_another_kind(void **state)
{
	const struct sea_program *program;
	const struct sea_source *source;
	size_t i, j, checks;

	(void)state;
	for (i = 0; (source = sea_source_at(i)); i++) {
		checks = 0;
		for (j = 0; (program = sea_program_at(j)); j++) {
			if (program->part != SEA_PART_CHECK ||
			    !sea_program_goes_with(program, source))
				continue;
			assert_int_not_equal(program->mechanism, source->mechanism);
			assert_int_equal(program->when, SEA_FIRST_THAT);
			checks++;
		}
		assert_true(checks > 0);
	}
}

/* Where trampolines are switched off, kprobes see VMs end: their memory, and themselves. */
static void ends_can_be_seen_by_kprobes(void **state)
{
	(void)state;
	assert_int_equal(wanted("tracepoint", SEA_PART_END, true, false, false), 4);
	assert_int_equal(wanted("trampoline", SEA_PART_END, true, true, false), 4);
	assert_int_equal(wanted("kprobe", SEA_PART_END, true, true, false), 2);
	assert_int_equal(wanted("tracepoint", SEA_PART_END, true, false, true), 0);
}

static void by_name(void **state)
{
	(void)state;
	assert_string_equal(sea_source_at(0)->name, "tracepoint");
	assert_string_equal(sea_source_at(1)->name, "trampoline");
	assert_string_equal(sea_source_at(2)->name, "kprobe");
	assert_null(sea_source_at(3));
	assert_ptr_equal(sea_source_find("kprobe"), sea_source_at(2));
	assert_int_equal(sea_source_find("kprobe")->mechanism, SEA_BY_KPROBE);
	assert_null(sea_source_find("kprobes"));
	assert_null(sea_source_find(""));
}

/* Each kernel has a patch of its own. */
static void lacking_tracepoints(void **state)
{
	(void)state;
	assert_non_null(strstr(sea_source_at(0)->lacks, "kernel/kvm-arm64-sea.patch"));
	assert_non_null(strstr(sea_source_at(0)->lacks, "7.x with kernel/kvm-arm64-sea-v7.patch"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_program),
		cmocka_unit_test(what_a_source_needs),
		cmocka_unit_test(a_check_is_of_another_kind),
		cmocka_unit_test(ends_can_be_seen_by_kprobes),
		cmocka_unit_test(by_name),
		cmocka_unit_test(lacking_tracepoints),
	};

	return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
