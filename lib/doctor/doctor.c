// SPDX-License-Identifier: GPL-2.0-only
#include "doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json-object.h"
#include "show/vm-list.h"
#include "base/words.h"

/* VMs that did not opt in are named up to this many, then counted. */
#define NAMED_VMS 8

static const char *const levels[] = {
	[SEA_DOCTOR_OK] = "ok",
	[SEA_DOCTOR_NOTE] = "note",
	[SEA_DOCTOR_ACT] = "act",
	[SEA_DOCTOR_INCOMPLETE] = "incomplete",
	[SEA_DOCTOR_IMPOSSIBLE] = "impossible",
};

static const char *const alive_words[] = {
	[SEA_ALIVE] = "yes",
	[SEA_MAYBE_ALIVE] = "unknown",
	[SEA_DEAD] = "no",
};

const char *sea_doctor_level_name(enum sea_doctor_level level)
{
	return levels[level];
}

static void say(struct sea_doctor_report *report, const char *topic, enum sea_doctor_level level,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

static void say(struct sea_doctor_report *report, const char *topic, enum sea_doctor_level level,
		const char *format, ...)
{
	struct sea_doctor_check *check;
	va_list args;

	if (level > report->worst)
		report->worst = level;
	if (report->nr_checks == SEA_DOCTOR_CHECKS)
		return;
	check = &report->checks[report->nr_checks++];
	check->topic = topic;
	check->level = level;
	va_start(args, format);
	vsnprintf(check->text, sizeof(check->text), format, args);
	va_end(args);
}

static void judge_machine(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	say(report, "machine", SEA_DOCTOR_OK, "%s, Linux %s", facts->machine, facts->kernel);
	if (!facts->can_trace)
		say(report, "tracing", SEA_DOCTOR_IMPOSSIBLE, "%s", facts->no_trace.text);
	else
		say(report, "tracing", SEA_DOCTOR_OK,
		    "KVM, BTF and the right to use BPF are there");
	if (facts->lockdown[0])
		say(report, "lockdown", SEA_DOCTOR_OK, "%s", facts->lockdown);
	else
		say(report, "lockdown", SEA_DOCTOR_OK,
		    "none, as far as can be told: no securityfs");
}

static void judge_privileges(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	int step;

	for (step = 0; step < SEA_STEPS; step++) {
		const struct sea_step_need *need = sea_privilege_need(step);

		if (facts->may[step])
			say(report, "privilege", SEA_DOCTOR_OK, "%s: may %s", need->capability,
			    need->what);
		else
			say(report, "privilege", SEA_DOCTOR_NOTE, "no %s: cannot %s",
			    need->capability, need->what);
	}
}

static void judge_hest(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	const struct sea_hest *hest = &facts->hest;

	switch (facts->hest_state) {
	case SEA_HEST_ABSENT:
		say(report, "firmware", SEA_DOCTOR_NOTE,
		    "no HEST: firmware reports no SEA, and none will be claimed");
		break;
	case SEA_HEST_UNREADABLE:
		say(report, "firmware", SEA_DOCTOR_NOTE, "%s", facts->hest_error.text);
		break;
	case SEA_HEST_DAMAGED:
		say(report, "firmware", SEA_DOCTOR_ACT, "%s; ask the vendor for new firmware",
		    facts->hest_error.text);
		break;
	case SEA_HEST_READ:
		if (hest->sea_enabled)
			say(report, "firmware", SEA_DOCTOR_OK,
			    "HEST has %u of %u error sources that notify by SEA", hest->sea_enabled,
			    hest->sources);
		else
			say(report, "firmware", SEA_DOCTOR_NOTE,
			    "HEST has %u error sources, and %s notifies by SEA: none will be "
			    "claimed",
			    hest->sources, hest->sea ? "none that is enabled" : "none");
		break;
	}
}

static void judge_kvm(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	const struct sea_kvm_facts *kvm = &facts->kvm;

	if (!facts->listed) {
		say(report, "kvm", SEA_DOCTOR_INCOMPLETE, "%s", facts->no_list.text);
		return;
	}
	if (!kvm->tried) {
		say(report, "kvm", SEA_DOCTOR_ACT,
		    "/dev/kvm cannot be used: who opted in is not known; run as root or in the "
		    "group kvm");
		return;
	}
	if (kvm->has_ras)
		say(report, "cpu", SEA_DOCTOR_OK, "FEAT_RAS: guests' SEAs are taken to EL2");
	else
		say(report, "cpu", SEA_DOCTOR_NOTE,
		    "no FEAT_RAS: a guest's own SEAs stay in the guest, where nobody on the host "
		    "sees them");
	if (!kvm->has_exit)
		say(report, "exit", SEA_DOCTOR_NOTE,
		    "no KVM_CAP_ARM_SEA_TO_USER in this kernel: no VM can opt in; Linux 6.19 and "
		    "kernel/kvm-arm64-sea.patch have it");
	else if (!kvm->opt_in_known)
		say(report, "exit", SEA_DOCTOR_ACT,
		    "KVM_CAP_ARM_SEA_TO_USER is there, but who opted in cannot be read from this "
		    "kernel; please report it");
	else
		say(report, "exit", SEA_DOCTOR_OK,
		    "KVM_CAP_ARM_SEA_TO_USER is there, and who opted in can be read");
	if (kvm->has_statistics)
		say(report, "statistics", SEA_DOCTOR_OK,
		    "the kernel counts SEAs itself: those from before are known");
	else
		say(report, "statistics", SEA_DOCTOR_NOTE,
		    "the kernel does not count SEAs: those from before are not known; "
		    "kernel/ has patches");
}

/* Does the source count nothing, or less, without the hook? */
static bool is_vital(const struct sea_hook_report *hook)
{
	return strncmp(hook->program, "sea_check_", 10) &&
	       strcmp(hook->function, "kvm_arch_destroy_vm");
}

static void judge_hooks(const struct sea_source_report *source, struct sea_doctor_report *report)
{
	size_t i;

	for (i = 0; i < source->nr_hooks; i++) {
		const struct sea_hook_report *hook = &source->hooks[i];
		enum sea_doctor_level level = SEA_DOCTOR_OK;
		const char *means = "";

		if (hook->alive == SEA_MAYBE_ALIVE) {
			level = SEA_DOCTOR_ACT;
			means = "not proven to fire: ";
		} else if (hook->alive == SEA_DEAD) {
			level = is_vital(hook) ? SEA_DOCTOR_INCOMPLETE : SEA_DOCTOR_ACT;
			means = "CANNOT FIRE: ";
		}
		say(report, "hook", level, "%s %s on %s: %s%s", source->name, hook->program,
		    hook->function, means, hook->why);
	}
}

static void judge_sources(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	size_t i;

	for (i = 0; i < facts->nr_sources; i++) {
		const struct sea_source_report *source = &facts->sources[i];

		if (!source->attached) {
			say(report, "source", SEA_DOCTOR_NOTE, "%s", source->why);
			continue;
		}
		if (report->taken) {
			say(report, "source", SEA_DOCTOR_OK, "%s: attaches too", source->name);
			continue;
		}
		report->taken = source;
		if (source->tells_all)
			say(report, "source", SEA_DOCTOR_OK, "%s: attaches, and seatop takes it",
			    source->name);
		else
			say(report, "source", SEA_DOCTOR_ACT,
			    "%s: attaches, and seatop takes it; not_opted_in and forwarded are "
			    "`unknown`, as who opted in is not known",
			    source->name);
		if (!source->check)
			say(report, "check", SEA_DOCTOR_NOTE,
			    "no second hook attaches: the counts are not checked");
		judge_hooks(source, report);
	}
	if (!report->taken)
		say(report, "source", SEA_DOCTOR_INCOMPLETE,
		    "no source works on this kernel: no SEA would be counted");
}

static void judge_vms(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	size_t number[SEA_OPT_IN_STATES] = {0}, running = 0, i, named = 0;

	for (i = 0; i < facts->view.nr_rows; i++) {
		const struct sea_row *row = &facts->view.rows[i];

		if (row->ended)
			continue;
		running++;
		number[row->listed.opt_in]++;
	}
	say(report, "vms", SEA_DOCTOR_OK, "%zu run: %zu opted in, %zu did not, %zu unknown",
	    running, number[SEA_OPT_IN_YES], number[SEA_OPT_IN_NO], number[SEA_OPT_IN_UNKNOWN]);
	if (facts->view.unlisted)
		say(report, "vms", SEA_DOCTOR_ACT, "%llu more run than fit the list",
		    (unsigned long long)facts->view.unlisted);
	/* Where nobody can opt in, nobody has anything to do about it. */
	for (i = 0; facts->kvm.has_exit && i < facts->view.nr_rows; i++) {
		const struct sea_row *row = &facts->view.rows[i];

		if (row->ended || row->listed.opt_in != SEA_OPT_IN_NO)
			continue;
		if (named++ == NAMED_VMS)
			break;
		say(report, "vm", SEA_DOCTOR_ACT,
		    "%s (pid %u) did not opt in: its guest gets SErrors; update or configure its "
		    "VMM",
		    sea_row_name(row), row->vm.tgid);
	}
	if (named > NAMED_VMS)
		say(report, "vm", SEA_DOCTOR_ACT, "%zu more did not opt in",
		    number[SEA_OPT_IN_NO] - NAMED_VMS);
}

static void give_verdict(struct sea_doctor_report *report)
{
	static const struct {
		enum sea_status status;
		const char *text;
	} verdicts[] = {
		[SEA_DOCTOR_OK] = {SEA_STATUS_OK, "all is well"},
		[SEA_DOCTOR_NOTE] = {SEA_STATUS_OK, "all is well; the notes say what this host "
						    "cannot do"},
		[SEA_DOCTOR_ACT] = {SEA_STATUS_FOUND, "there is something to do"},
		[SEA_DOCTOR_INCOMPLETE] = {SEA_STATUS_INCOMPLETE, "counts would be incomplete"},
		[SEA_DOCTOR_IMPOSSIBLE] = {SEA_STATUS_ERROR, "nothing can be counted here"},
	};

	report->status = verdicts[report->worst].status;
	snprintf(report->verdict, sizeof(report->verdict), "%s", verdicts[report->worst].text);
}

void sea_doctor_judge(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	memset(report, 0, sizeof(*report));
	judge_machine(facts, report);
	judge_privileges(facts, report);
	judge_hest(facts, report);
	/* All that follows needs BPF. */
	if (facts->can_trace) {
		judge_kvm(facts, report);
		judge_sources(facts, report);
		if (facts->listed)
			judge_vms(facts, report);
	}
	give_verdict(report);
}

void sea_doctor_text(const struct sea_doctor_facts *facts, const struct sea_doctor_report *report,
		     struct sea_text *out)
{
	size_t i;

	(void)facts;
	for (i = 0; i < report->nr_checks; i++) {
		const struct sea_doctor_check *check = &report->checks[i];

		sea_text_add(out, "%-10s %-10s %s\n", sea_doctor_level_name(check->level),
			     check->topic, check->text);
	}
	sea_text_add(out, "verdict: %s\n", report->verdict);
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
	if (source->attached) {
		sea_json_add_null(object, "why", failed);
		sea_json_add_bool(object, "tells_all", source->tells_all, failed);
	} else {
		sea_json_add_string(object, "why", source->why, failed);
		sea_json_add_null(object, "tells_all", failed);
	}
	if (source->check)
		sea_json_add_string(object, "check", source->check, failed);
	else
		sea_json_add_null(object, "check", failed);
	hooks = sea_json_add_array(object, "hooks", failed);
	for (i = 0; hooks && i < source->nr_hooks; i++) {
		json_object *hook = sea_json_append_object(hooks, failed);

		if (!hook)
			return;
		sea_json_add_string(hook, "program", source->hooks[i].program, failed);
		sea_json_add_string(hook, "function", source->hooks[i].function, failed);
		sea_json_add_string(hook, "alive", alive_words[source->hooks[i].alive], failed);
		sea_json_add_string(hook, "why", source->hooks[i].why, failed);
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

static void add_hest(json_object *object, const struct sea_doctor_facts *facts, bool *failed)
{
	json_object *child;

	if (facts->hest_state != SEA_HEST_READ) {
		sea_json_add_null(object, "hest", failed);
		return;
	}
	child = sea_json_add_object(object, "hest", failed);
	if (!child)
		return;
	sea_json_add_number(child, "sources", facts->hest.sources, failed);
	sea_json_add_number(child, "ghes", facts->hest.ghes, failed);
	sea_json_add_number(child, "sea", facts->hest.sea, failed);
	sea_json_add_number(child, "sea_enabled", facts->hest.sea_enabled, failed);
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
	add_kvm(object, facts, failed);
	add_hest(object, facts, failed);

	array = sea_json_add_array(object, "checks", failed);
	for (i = 0; array && i < report->nr_checks; i++) {
		json_object *check = sea_json_append_object(array, failed);

		if (!check)
			return;
		sea_json_add_string(check, "topic", report->checks[i].topic, failed);
		sea_json_add_string(check, "level", sea_doctor_level_name(report->checks[i].level),
				    failed);
		sea_json_add_string(check, "text", report->checks[i].text, failed);
	}
	array = sea_json_add_array(object, "sources", failed);
	for (i = 0; array && i < facts->nr_sources; i++)
		add_source(array, &facts->sources[i], &facts->sources[i] == report->taken, failed);
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
