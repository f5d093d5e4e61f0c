// SPDX-License-Identifier: GPL-2.0-only
/* judge.c - lines of facts. */
#include "doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A finding of this line, without the reason and the remedy that the line may have. */
static struct sea_doctor_check *add(struct sea_doctor_report *report, enum sea_doctor_id id)
{
	struct sea_doctor_check *check = &report->checks[report->nr_checks++];

	memset(check, 0, sizeof(*check));
	check->line = sea_doctor_line(id);
	if (check->line->level > report->worst)
		report->worst = check->line->level;
	return check;
}

static void say(struct sea_doctor_report *report, enum sea_doctor_id id, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct sea_doctor_report *report, enum sea_doctor_id id, const char *format, ...)
{
	struct sea_doctor_check *check = add(report, id);
	va_list args;

	va_start(args, format);
	vsnprintf(check->what, sizeof(check->what), format, args);
	va_end(args);
	if (check->line->cause)
		snprintf(check->why, sizeof(check->why), "%s", check->line->cause);
	if (check->line->remedy)
		snprintf(check->remedy, sizeof(check->remedy), "%s", check->line->remedy);
}

/* Errors are "WHAT: WHY; WHAT TO DO" already; the last part may be missing. */
static void say_error(struct sea_doctor_report *report, enum sea_doctor_id id, const char *text)
{
	struct sea_doctor_check *check = add(report, id);
	const char *why = strstr(text, ": "), *remedy = strrchr(text, ';');

	if (!why) {
		snprintf(check->what, sizeof(check->what), "%s", text);
		return;
	}
	if (!remedy || remedy < why)
		remedy = text + strlen(text);
	snprintf(check->what, sizeof(check->what), "%.*s", (int)(why - text), text);
	snprintf(check->why, sizeof(check->why), "%.*s", (int)(remedy - why - 2), why + 2);
	if (*remedy)
		snprintf(check->remedy, sizeof(check->remedy), "%s", remedy + 2);
}

static void judge_needs(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	static const enum sea_doctor_id ids[SEA_NEEDS] = {
		[SEA_NEED_ARM64] = SEA_LINE_NOT_ARM64,
		[SEA_NEED_BTF] = SEA_LINE_NO_BTF,
		[SEA_NEED_KVM] = SEA_LINE_NO_KVM,
		[SEA_NEED_LOCKDOWN] = SEA_LINE_LOCKED_DOWN,
		[SEA_NEED_USER_NAMESPACE] = SEA_LINE_USER_NAMESPACE,
		[SEA_NEED_CAPABILITIES] = SEA_LINE_NO_CAPABILITIES,
	};
	int need;

	say(report, SEA_LINE_MACHINE, "%s, Linux %s", facts->machine, facts->kernel);
	/* On another machine, what else is missing there does not matter. */
	if (facts->lacks[SEA_NEED_ARM64]) {
		say_error(report, SEA_LINE_NOT_ARM64, facts->why[SEA_NEED_ARM64].text);
		return;
	}
	for (need = 0; need < SEA_NEEDS; need++)
		if (facts->lacks[need])
			say_error(report, ids[need], facts->why[need].text);
	if (facts->btf == SEA_BTF_NEWER)
		say_error(report, SEA_LINE_BTF_NEWER, facts->no_btf.text);
	if (facts->btf == SEA_BTF_DAMAGED)
		say_error(report, SEA_LINE_BTF_DAMAGED, facts->no_btf.text);
	if (facts->btf == SEA_BTF_UNREADABLE)
		say_error(report, SEA_LINE_BTF_UNREADABLE, facts->no_btf.text);
	if (sea_doctor_can_trace(facts))
		say(report, SEA_LINE_TRACING, "KVM, BTF and the right to use BPF are there");
}

static void judge_surroundings(const struct sea_doctor_facts *facts,
			       struct sea_doctor_report *report)
{
	if (!facts->lockdown[0])
		say(report, SEA_LINE_LOCKDOWN_UNKNOWN,
		    "how far the kernel is locked down is not "
		    "known");
	else if (!facts->lacks[SEA_NEED_LOCKDOWN])
		say(report, SEA_LINE_LOCKDOWN, "%s", facts->lockdown);
	if (facts->pid_namespace == SEA_NAMESPACE_OTHER)
		say(report, SEA_LINE_PID_NAMESPACE,
		    "VMs outside of this container are missing in all lists, and seatop shows "
		    "one only when it takes an SEA");
	else if (facts->pid_namespace == SEA_NAMESPACE_UNKNOWN)
		say(report, SEA_LINE_NAMESPACE_UNKNOWN,
		    "whether all VMs can be seen from here is not known");
	else
		say(report, SEA_LINE_NAMESPACE, "the host's: all of its VMs are in sight");
	if (facts->hidepid[0])
		say(report, SEA_LINE_HIDEPID,
		    "seatop cannot name VMs of other users before they take an SEA (hidepid=%s)",
		    facts->hidepid);
	else
		say(report, SEA_LINE_PROC, "/proc shows every VMM");
}

static void judge_privileges(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	static const char hidden[] = "kernel addresses are hidden, so that hooks on functions "
				     "that only SEAs call cannot be proven";

	switch (facts->hidden) {
	case SEA_HIDDEN_FROM_ALL:
		say(report, SEA_LINE_SYMBOLS_KPTR, "%s", hidden);
		break;
	case SEA_HIDDEN_BY_RESTRICT:
		say(report, SEA_LINE_SYMBOLS_SYSLOG, "%s", hidden);
		break;
	case SEA_HIDDEN_BY_PERF:
		say(report, SEA_LINE_SYMBOLS_PARANOID, "%s", hidden);
		break;
	default:
		say(report, SEA_LINE_SYMBOLS, "kernel addresses can be read");
	}
	if (facts->paranoid > 2 && !facts->privileges.may[SEA_STEP_KPROBES])
		say(report, SEA_LINE_PARANOID, "no kprobe attaches");
}

static void judge_taken(const struct sea_firmware *firmware, struct sea_doctor_report *report)
{
	unsigned int offered = firmware->hest.sea_enabled;
	enum sea_doctor_id id = SEA_LINE_HEST_NOT_TAKEN;

	if (firmware->sea_taken == offered) {
		say(report, SEA_LINE_FIRMWARE,
		    "error sources in HEST: %u, that notify by SEA: %u, served by Linux: all of those",
		    firmware->hest.sources, offered);
		return;
	}
	if (firmware->hest_disable)
		id = SEA_LINE_HEST_DISABLED;
	else if (firmware->ghes_disable)
		id = SEA_LINE_GHES_DISABLED;
	say(report, id,
	    "HEST has %u error sources that notify by SEA, and Linux took %u of them (not GHES.%u)",
	    offered, firmware->sea_taken, firmware->not_taken);
}

static void judge_hest(const struct sea_firmware *firmware, struct sea_doctor_report *report)
{
	const struct sea_hest *hest = &firmware->hest;

	if (hest->twice >= 0)
		say(report, SEA_LINE_HEST_ID_TWICE,
		    "HEST has %u error sources, and the id %d twice", hest->sources, hest->twice);
	else if (hest->sea_enabled)
		judge_taken(firmware, report);
	else if (hest->sea)
		say(report, SEA_LINE_SEA_SOURCE_OFF,
		    "HEST has %u error sources, and none of the %u that notify by SEA is enabled",
		    hest->sources, hest->sea);
	else
		say(report, SEA_LINE_NO_SEA_SOURCE,
		    "HEST has %u error sources, and none notifies by SEA", hest->sources);
}

static void judge_firmware(const struct sea_firmware *firmware, struct sea_doctor_report *report)
{
	switch (firmware->state) {
	case SEA_HEST_DEVICE_TREE:
		say(report, SEA_LINE_DEVICE_TREE, "no ACPI");
		break;
	case SEA_HEST_ABSENT:
		say(report, SEA_LINE_NO_HEST, "ACPI, but no HEST");
		break;
	case SEA_HEST_UNREADABLE:
		say_error(report, SEA_LINE_HEST_UNREADABLE, firmware->error.text);
		break;
	case SEA_HEST_DAMAGED:
		say(report, SEA_LINE_HEST_DAMAGED, "%s", firmware->error.text);
		break;
	case SEA_HEST_READ:
		judge_hest(firmware, report);
		break;
	}
}

/* Only where there may be records at all. */
static void judge_repeats(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	enum sea_repeats repeats = facts->repeats;
	const char *how = "its text";

	if (!facts->firmware.sea_taken)
		return;
	if (repeats == SEA_REPEATS_UNKNOWN) {
		repeats = facts->release_repeats;
		how = "its release";
	}
	if (repeats == SEA_REPEATS_CLAIMED)
		say(report, SEA_LINE_REPEATS_CLAIMED,
		    "Linux %s claims an SEA again and again while firmware reports it with the "
		    "same record (by %s)",
		    facts->kernel, how);
	else if (repeats == SEA_REPEATS_UNCLAIMED)
		say(report, SEA_LINE_REPEATS,
		    "this kernel claims no record of firmware's twice (by %s)", how);
	else
		say(report, SEA_LINE_REPEATS_UNKNOWN, "Linux %s may claim an SEA again and again",
		    facts->kernel);
}

static void judge_host(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	if (!facts->memory_failure_recovery)
		say(report, SEA_LINE_FAILURE_PANICS, "no memory failure is survived");
	if (facts->panic_on_unrecoverable > 0)
		say(report, SEA_LINE_UNRECOVERABLE_PANICS,
		    "an unrecoverable memory failure is not survived");
	if (facts->memory_failure_recovery < 0 && facts->firmware.sea_taken)
		say(report, SEA_LINE_NO_MEMORY_FAILURE, "bad pages are not taken out of use");
}

static void judge_kvm(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	const struct sea_kvm_facts *kvm = &facts->kvm;

	if (!facts->listed) {
		say_error(report, SEA_LINE_NOT_LISTED, facts->no_list.text);
		return;
	}
	if (!kvm->tried) {
		say(report, SEA_LINE_NO_DEV_KVM, "what KVM has here is not known");
		return;
	}
	if (kvm->has_ras)
		say(report, SEA_LINE_RAS, "FEAT_RAS: guests' SEAs are taken to EL2");
	else
		say(report, SEA_LINE_NO_RAS, "no FEAT_RAS");
	if (!kvm->has_exit)
		say(report, SEA_LINE_NO_EXIT, "no VM can opt in");
	else if (!kvm->opt_in_known)
		say(report, SEA_LINE_OPT_IN_UNREADABLE,
		    "KVM_CAP_ARM_SEA_TO_USER is there, but who opted in cannot be read");
	else
		say(report, SEA_LINE_EXIT,
		    "KVM_CAP_ARM_SEA_TO_USER is there, and who opted in can be read");
	if (kvm->has_statistics)
		say(report, SEA_LINE_STATISTICS,
		    "the kernel counts SEAs itself: those from before are known");
	else
		say(report, SEA_LINE_NO_STATISTICS, "SEAs from before are not known");
}

/* Does the source count nothing, or less, without the hook? */
static bool is_vital(const struct sea_hook_report *hook)
{
	return hook->part == SEA_PART_SOURCE || hook->part == SEA_PART_ANSWERS;
}

static void judge_hooks(const struct sea_source_report *source, struct sea_doctor_report *report)
{
	size_t i;

	for (i = 0; i < source->nr_hooks; i++) {
		const struct sea_hook_report *hook = &source->hooks[i];
		enum sea_doctor_id id = SEA_LINE_HOOK;
		const char *means = "";
		char text[SEA_DOCTOR_TEXT_LEN];

		if (hook->alive == SEA_MAYBE_ALIVE) {
			id = SEA_LINE_HOOK_UNPROVEN;
			means = " is not proven to fire";
		} else if (hook->alive == SEA_DEAD) {
			id = is_vital(hook) ? SEA_LINE_HOOK_DEAD : SEA_LINE_HOOK_EXTRA_DEAD;
			means = " CANNOT FIRE";
		}
		snprintf(text, sizeof(text), "%s %s on %s%s: %s", source->name, hook->program,
			 hook->function, means, hook->why);
		say_error(report, id, text);
	}
}

static void judge_sources(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	size_t i;

	for (i = 0; i < facts->nr_sources; i++) {
		const struct sea_source_report *source = &facts->sources[i];

		if (!source->attached) {
			say_error(report, SEA_LINE_SOURCE_REFUSED, source->why);
			continue;
		}
		if (report->taken) {
			say(report, SEA_LINE_SOURCE_TOO, "%s attaches, too", source->name);
			continue;
		}
		report->taken = source;
		say(report, source->tells_all ? SEA_LINE_SOURCE : SEA_LINE_SOURCE_UNKNOWNS,
		    "%s attaches, and seatop takes it", source->name);
		if (!source->check)
			say(report, SEA_LINE_NO_CHECK, "the counts are not checked");
		judge_hooks(source, report);
	}
	if (!report->taken)
		say(report, SEA_LINE_NO_SOURCE,
		    "no source works on this kernel, so that no SEA would be counted");
}

static void judge_last_boot(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	switch (facts->last_boot) {
	case SEA_INSTANCE_THERE:
		say(report, SEA_LINE_LAST_BOOT, "a trace buffer outlives this host's panic");
		break;
	case SEA_INSTANCE_NOT_SET_UP:
		say(report, SEA_LINE_LAST_BOOT_NOT_SET_UP, "no trace buffer outlives a panic");
		break;
	case SEA_INSTANCE_NOT_MADE:
		say(report, SEA_LINE_LAST_BOOT_NOT_KEPT, "no trace buffer outlives a panic");
		break;
	case SEA_INSTANCE_TOO_OLD:
		say(report, SEA_LINE_LAST_BOOT_TOO_OLD,
		    "this kernel cannot keep a trace buffer over a panic");
		break;
	case SEA_INSTANCE_UNREADABLE:
		say(report, SEA_LINE_LAST_BOOT_UNREADABLE,
		    "it cannot be told whether a trace buffer outlives a panic");
		break;
	}
}

/* What is missing of the host's doings, as one line */
static void judge_evidence(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	const struct sea_host_report *evidence = &facts->evidence;
	char missing[SEA_DOCTOR_TEXT_LEN] = "";
	size_t attached = 0, len = 0, i;

	for (i = 0; i < evidence->nr_hooks; i++) {
		const struct sea_host_hook *hook = &evidence->hooks[i];

		attached += hook->attached;
		if (hook->attached || len >= sizeof(missing))
			continue;
		len += (size_t)snprintf(missing + len, sizeof(missing) - len, "%s%s%s (%s)",
					len ? ", " : "", hook->function,
					hook->absent ? " is not there" : " is refused",
					hook->tells);
	}
	if (attached == evidence->nr_hooks)
		say(report, SEA_LINE_EVIDENCE,
		    "all %zu hooks on what the host does about bad memory attach", attached);
	else
		say(report, SEA_LINE_EVIDENCE_PARTLY,
		    "%zu of %zu hooks on what the host does about bad memory attach, not %s",
		    attached, evidence->nr_hooks, missing);
}

/* VMs that can have opted in, and did not. Where nobody can, nobody has anything to do. */
static void name_vms(const struct sea_doctor_facts *facts, size_t all,
		     struct sea_doctor_report *report)
{
	size_t i, named = 0;

	for (i = 0; i < facts->view.nr_rows; i++) {
		const struct sea_row *row = &facts->view.rows[i];

		if (row->ended || row->listed.opt_in != SEA_OPT_IN_NO)
			continue;
		if (named++ == SEA_DOCTOR_NAMED_VMS) {
			say(report, SEA_LINE_VM_NO_OPT_IN, "%zu more did not opt in",
			    all - SEA_DOCTOR_NAMED_VMS);
			return;
		}
		say(report, SEA_LINE_VM_NO_OPT_IN, "%s (pid %u) did not opt in", sea_row_name(row),
		    row->vm.tgid);
	}
}

static void judge_vms(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	size_t number[SEA_OPT_IN_STATES] = {0}, running = 0, i;

	for (i = 0; i < facts->view.nr_rows; i++) {
		const struct sea_row *row = &facts->view.rows[i];

		if (row->ended)
			continue;
		running++;
		number[row->listed.opt_in]++;
	}
	say(report, SEA_LINE_VMS, "%zu run: %zu opted in, %zu did not, %zu protected, %zu unknown",
	    running, number[SEA_OPT_IN_YES], number[SEA_OPT_IN_NO], number[SEA_OPT_IN_PROTECTED],
	    number[SEA_OPT_IN_UNKNOWN]);
	if (facts->view.unlisted)
		say(report, SEA_LINE_VMS_UNLISTED, "%llu more are not listed",
		    (unsigned long long)facts->view.unlisted);
	if (number[SEA_OPT_IN_PROTECTED])
		say(report, SEA_LINE_VM_PROTECTED, "%zu cannot opt in",
		    number[SEA_OPT_IN_PROTECTED]);
	if (facts->kvm.has_exit)
		name_vms(facts, number[SEA_OPT_IN_NO], report);
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
		[SEA_DOCTOR_UNKNOWN] = {SEA_STATUS_INCOMPLETE, "not everything can be told from "
							       "here"},
		[SEA_DOCTOR_INCOMPLETE] = {SEA_STATUS_INCOMPLETE, "what is counted or listed "
								  "would be incomplete"},
		[SEA_DOCTOR_IMPOSSIBLE] = {SEA_STATUS_ERROR, "nothing can be counted here"},
	};

	report->status = verdicts[report->worst].status;
	report->verdict = verdicts[report->worst].text;
}

void sea_doctor_judge(const struct sea_doctor_facts *facts, struct sea_doctor_report *report)
{
	report->nr_checks = 0;
	report->worst = SEA_DOCTOR_OK;
	report->taken = NULL;
	judge_needs(facts, report);
	if (!facts->lacks[SEA_NEED_ARM64]) {
		judge_surroundings(facts, report);
		judge_privileges(facts, report);
		judge_firmware(&facts->firmware, report);
		judge_repeats(facts, report);
		judge_host(facts, report);
		judge_last_boot(facts, report);
	}
	if (facts->tried) {
		judge_kvm(facts, report);
		judge_sources(facts, report);
		judge_evidence(facts, report);
		if (facts->listed)
			judge_vms(facts, report);
	}
	give_verdict(report);
}
