// SPDX-License-Identifier: GPL-2.0-only
/* render.c - the report as text and as JSON. */
#include "doctor/doctor.h"

#include "base/json-object.h"
#include "show/vm-list.h"

void sea_doctor_text(const struct sea_doctor_report *report, struct sea_text *out)
{
	size_t i;

	for (i = 0; i < report->nr_checks; i++) {
		const struct sea_doctor_check *check = &report->checks[i];

		sea_text_add(out, "%-10s %-10s %s%s%s%s%s\n",
			     sea_doctor_level_name(check->line->level), check->line->topic,
			     check->what, check->why[0] ? ": " : "", check->why,
			     check->remedy[0] ? "; " : "", check->remedy);
	}
	sea_text_add(out, "verdict: %s\n", report->verdict);
}

static void add_text(json_object *object, const char *key, const char *text, bool *failed)
{
	if (text && text[0])
		sea_json_add_string(object, key, text, failed);
	else
		sea_json_add_null(object, key, failed);
}

static void add_check(json_object *array, const struct sea_doctor_check *check, bool *failed)
{
	json_object *object = sea_json_append_object(array, failed);

	if (!object)
		return;
	sea_json_add_string(object, "id", check->line->id, failed);
	sea_json_add_string(object, "topic", check->line->topic, failed);
	sea_json_add_string(object, "level", sea_doctor_level_name(check->line->level), failed);
	sea_json_add_string(object, "what", check->what, failed);
	add_text(object, "why", check->why, failed);
	add_text(object, "remedy", check->remedy, failed);
}

static void add_hook(json_object *array, const struct sea_hook_report *report, bool *failed)
{
	static const char *const alive[] = {
		[SEA_ALIVE] = "yes",
		[SEA_MAYBE_ALIVE] = "unknown",
		[SEA_DEAD] = "no",
	};
	json_object *object = sea_json_append_object(array, failed);

	if (!object)
		return;
	sea_json_add_string(object, "program", report->program, failed);
	sea_json_add_string(object, "function", report->function, failed);
	sea_json_add_string(object, "alive", alive[report->alive], failed);
	sea_json_add_string(object, "why", report->why, failed);
}

static void add_source(json_object *array, const struct sea_source_report *source, bool taken,
		       bool *failed)
{
	json_object *object = sea_json_append_object(array, failed), *hooks;
	size_t i;

	if (!object)
		return;
	sea_json_add_string(object, "name", source->name, failed);
	sea_json_add_bool(object, "attached", source->attached, failed);
	sea_json_add_bool(object, "taken", taken, failed);
	add_text(object, "why", source->attached ? NULL : source->why, failed);
	if (source->attached)
		sea_json_add_bool(object, "tells_all", source->tells_all, failed);
	else
		sea_json_add_null(object, "tells_all", failed);
	add_text(object, "check", source->check, failed);
	hooks = sea_json_add_array(object, "hooks", failed);
	for (i = 0; hooks && i < source->nr_hooks; i++)
		add_hook(hooks, &source->hooks[i], failed);
}

static void add_evidence(json_object *object, const struct sea_host_report *report, bool *failed)
{
	json_object *array = sea_json_add_array(object, "evidence", failed);
	size_t i;

	for (i = 0; array && i < report->nr_hooks; i++) {
		const struct sea_host_hook *hook = &report->hooks[i];
		json_object *child = sea_json_append_object(array, failed);

		if (!child)
			return;
		sea_json_add_string(child, "function", hook->function, failed);
		sea_json_add_string(child, "tells", hook->tells, failed);
		sea_json_add_bool(child, "attached", hook->attached, failed);
		add_text(child, "why", hook->why, failed);
	}
}

static void add_kvm(json_object *object, const struct sea_doctor_facts *facts, bool *failed)
{
	const struct sea_kvm_facts *kvm = &facts->kvm;
	json_object *child;

	if (!kvm->tried) {
		sea_json_add_null(object, "kvm", failed);
		return;
	}
	child = sea_json_add_object(object, "kvm", failed);
	if (!child)
		return;
	sea_json_add_bool(child, "has_exit", kvm->has_exit, failed);
	sea_json_add_bool(child, "opt_in_known", kvm->opt_in_known, failed);
	sea_json_add_bool(child, "feat_ras", kvm->has_ras, failed);
	sea_json_add_bool(child, "statistics", kvm->has_statistics, failed);
}

static void add_hest(json_object *object, const struct sea_firmware *firmware, bool *failed)
{
	json_object *child;

	if (firmware->state != SEA_HEST_READ) {
		sea_json_add_null(object, "hest", failed);
		return;
	}
	child = sea_json_add_object(object, "hest", failed);
	if (!child)
		return;
	sea_json_add_number(child, "sources", firmware->hest.sources, failed);
	sea_json_add_number(child, "ghes", firmware->hest.ghes, failed);
	sea_json_add_number(child, "sea", firmware->hest.sea, failed);
	sea_json_add_number(child, "sea_enabled", firmware->hest.sea_enabled, failed);
	sea_json_add_number(child, "sea_taken", firmware->sea_taken, failed);
}

static void add_surroundings(json_object *object, const struct sea_doctor_facts *facts,
			     bool *failed)
{
	enum sea_repeats repeats = facts->repeats;
	json_object *child = sea_json_add_object(object, "namespaces", failed);

	if (child) {
		sea_json_add_string(child, "pid", sea_namespace_name(facts->pid_namespace), failed);
		sea_json_add_string(child, "user", sea_namespace_name(facts->user_namespace),
				    failed);
	}
	add_text(object, "lockdown", facts->lockdown, failed);
	if (repeats == SEA_REPEATS_UNKNOWN)
		repeats = facts->release_repeats;
	sea_json_add_string(object, "repeats", sea_repeats_name(repeats), failed);
}

static void fill(json_object *object, const struct sea_doctor_facts *facts,
		 const struct sea_doctor_report *report, bool *failed)
{
	json_object *array;
	size_t i;

	sea_json_add_string(object, "schema", SEA_DOCTOR_SCHEMA, failed);
	sea_json_add_string(object, "host", facts->host, failed);
	sea_json_add_string(object, "machine", facts->machine, failed);
	sea_json_add_string(object, "kernel", facts->kernel, failed);
	sea_json_add_number(object, "status", report->status, failed);
	sea_json_add_string(object, "level", sea_doctor_level_name(report->worst), failed);
	sea_json_add_string(object, "verdict", report->verdict, failed);
	add_surroundings(object, facts, failed);
	add_kvm(object, facts, failed);
	add_hest(object, &facts->firmware, failed);

	array = sea_json_add_array(object, "checks", failed);
	for (i = 0; array && i < report->nr_checks; i++)
		add_check(array, &report->checks[i], failed);
	array = sea_json_add_array(object, "sources", failed);
	for (i = 0; array && i < facts->nr_sources; i++)
		add_source(array, &facts->sources[i], &facts->sources[i] == report->taken, failed);
	add_evidence(object, &facts->evidence, failed);
	array = sea_json_add_array(object, "vms", failed);
	for (i = 0; array && i < facts->view.nr_rows; i++) {
		json_object *vm = sea_json_append_object(array, failed);

		if (!vm)
			return;
		sea_vm_list_add(vm, &facts->view.rows[i], failed);
	}
}

int sea_doctor_json(const struct sea_doctor_facts *facts, const struct sea_doctor_report *report,
		    struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object();
	bool failed = !object;

	if (object)
		fill(object, facts, report, &failed);
	return sea_json_write(object, failed, out, err);
}
