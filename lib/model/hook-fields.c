// SPDX-License-Identifier: GPL-2.0-only
#include "model/hook-fields.h"

#include "model/hooks.h"

static const struct sea_hook_state *hook_of(const void *object)
{
	return object;
}

static void get_program(const void *object, struct sea_value *value)
{
	value->text = hook_of(object)->program;
}

static void get_function(const void *object, struct sea_value *value)
{
	value->text = hook_of(object)->function;
}

static void get_part(const void *object, struct sea_value *value)
{
	value->text = sea_part_name(hook_of(object)->part);
}

static void get_mechanism(const void *object, struct sea_value *value)
{
	value->text = sea_mechanism_name(hook_of(object)->mechanism);
}

static void get_proven(const void *object, struct sea_value *value)
{
	value->known = hook_of(object)->proof != SEA_PROOF_NONE;
	value->number = hook_of(object)->proof == SEA_PROVEN;
}

static void get_by(const void *object, struct sea_value *value)
{
	value->known = hook_of(object)->by;
	value->text = hook_of(object)->by;
}

/* None is seen, but not all would be. */
static void get_missed(const void *object, struct sea_value *value)
{
	value->number = hook_of(object)->missed;
	value->known = value->number || !hook_of(object)->missed_at_least;
}

static const struct sea_field fields[] = {
	{.path = "program", .help = "the BPF program", .kind = SEA_TEXT, .get = get_program},
	{.path = "function",
	 .help = "the kernel's function or tracepoint that it hooks",
	 .kind = SEA_TEXT,
	 .get = get_function},
	{.path = "part",
	 .help = "what it is for: source, check, answers, end",
	 .kind = SEA_TEXT,
	 .get = get_part},
	{.path = "mechanism",
	 .help = "tracepoint, trampoline or kprobe",
	 .kind = SEA_TEXT,
	 .get = get_mechanism},
	{.path = "proven",
	 .help = "the kernel calls it: true, false, or null where nothing shows it",
	 .kind = SEA_FLAG,
	 .get = get_proven},
	{.path = "by", .help = "what shows that", .kind = SEA_TEXT, .get = get_by},
	{.path = "missed",
	 .help = "times that the kernel skipped it; null: the kernel does not tell",
	 .kind = SEA_COUNTER,
	 .get = get_missed},
};

const struct sea_fields *sea_hook_fields(void)
{
	static const struct sea_fields list = {fields, sizeof(fields) / sizeof(fields[0])};

	return &list;
}
