// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each case breaks one thing of a host on which all is well, and says which lines come and
 * go by that. Every line that there is occurs in a case.
 */
#include "healthy.h"

static struct sea_doctor_facts facts;
static struct sea_doctor_report report;

static const struct sea_doctor_check *find(enum sea_doctor_id id)
{
	size_t i;

	for (i = 0; i < report.nr_checks; i++)
		if (report.checks[i].line == sea_doctor_line(id))
			return &report.checks[i];
	return NULL;
}

static void not_arm64(void)
{
	facts.lacks[SEA_NEED_ARM64] = facts.lacks[SEA_NEED_KVM] = true;
	facts.tried = false;
	sea_error_set(&facts.why[SEA_NEED_ARM64], "tracing needs arm64: this is x86_64; go away");
}

static void lack(enum sea_need need)
{
	facts.lacks[need] = true;
	facts.tried = false;
	sea_error_set(&facts.why[need], "tracing needs it: need %d; do this", need);
}

static void no_btf(void)
{
	lack(SEA_NEED_BTF);
	facts.btf = SEA_BTF_ABSENT;
}

static void bad_btf(enum sea_btf_state state)
{
	facts.btf = state;
	facts.tried = false;
	sea_error_set(&facts.no_btf, "cannot read BTF: state %d; do that", state);
}

static void btf_newer(void)
{
	bad_btf(SEA_BTF_NEWER);
}

static void btf_damaged(void)
{
	bad_btf(SEA_BTF_DAMAGED);
}

static void btf_unreadable(void)
{
	bad_btf(SEA_BTF_UNREADABLE);
}

static void no_kvm(void)
{
	lack(SEA_NEED_KVM);
}

static void locked_down(void)
{
	lack(SEA_NEED_LOCKDOWN);
	strcpy(facts.lockdown, "confidentiality");
}

static void user_namespace(void)
{
	lack(SEA_NEED_USER_NAMESPACE);
}

static void no_capabilities(void)
{
	lack(SEA_NEED_CAPABILITIES);
}

static void no_securityfs(void)
{
	facts.lockdown[0] = '\0';
}

static void pid_namespace(void)
{
	facts.pid_namespace = SEA_NAMESPACE_OTHER;
}

static void no_proc(void)
{
	facts.pid_namespace = SEA_NAMESPACE_UNKNOWN;
}

static void kptr_restrict(void)
{
	facts.hidden = SEA_HIDDEN_FROM_ALL;
}

static void no_syslog(void)
{
	facts.hidden = SEA_HIDDEN_BY_RESTRICT;
}

static void no_syslog_paranoid(void)
{
	facts.hidden = SEA_HIDDEN_BY_PERF;
}

static void no_sys_admin(void)
{
	facts.privileges.may[SEA_STEP_KPROBES] = false;
	facts.paranoid = 2;
}

static void paranoid(void)
{
	facts.paranoid = 3;
}

static void no_sys_admin_paranoid(void)
{
	facts.privileges.may[SEA_STEP_KPROBES] = false;
	facts.paranoid = 3;
}

static void hidepid(void)
{
	strcpy(facts.hidepid, "invisible");
}

static void device_tree(void)
{
	facts.firmware.state = SEA_HEST_DEVICE_TREE;
	facts.firmware.sea_taken = 0;
}

static void no_hest(void)
{
	facts.firmware.state = SEA_HEST_ABSENT;
	facts.firmware.sea_taken = 0;
}

static void hest_unreadable(void)
{
	facts.firmware.state = SEA_HEST_UNREADABLE;
	facts.firmware.sea_taken = 0;
	sea_error_set(&facts.firmware.error, "cannot read HEST: denied; run as root");
}

static void hest_damaged(void)
{
	facts.firmware.state = SEA_HEST_DAMAGED;
	facts.firmware.sea_taken = 0;
	sea_error_set(&facts.firmware.error, "HEST is damaged: entry 7");
}

static void id_twice(void)
{
	facts.firmware.hest.twice = 17;
	facts.firmware.sea_taken = 0;
}

static void no_sea_source(void)
{
	facts.firmware.hest.sea = facts.firmware.hest.sea_enabled = facts.firmware.sea_taken = 0;
}

static void sea_source_off(void)
{
	facts.firmware.hest.sea_enabled = facts.firmware.sea_taken = 0;
}

static void not_taken(void)
{
	facts.firmware.hest.sea_enabled = 12;
	facts.firmware.sea_taken = 11;
	facts.firmware.not_taken = 42;
}

static void hest_disabled(void)
{
	facts.firmware.sea_taken = 0;
	facts.firmware.hest_disable = facts.firmware.ghes_disable = true;
}

static void ghes_disabled(void)
{
	facts.firmware.sea_taken = 0;
	facts.firmware.ghes_disable = true;
}

static void disabled_but_nothing_to_take(void)
{
	no_sea_source();
	facts.firmware.hest_disable = true;
}

static void repeats(void)
{
	facts.repeats = SEA_REPEATS_CLAIMED;
}

static void repeats_by_release(void)
{
	facts.repeats = SEA_REPEATS_UNKNOWN;
	facts.release_repeats = SEA_REPEATS_CLAIMED;
}

/* What the kernel has beats what its release says. */
static void mended_by_distribution(void)
{
	facts.release_repeats = SEA_REPEATS_CLAIMED;
}

static void repeats_unknown(void)
{
	facts.repeats = facts.release_repeats = SEA_REPEATS_UNKNOWN;
}

static void repeats_without_firmware(void)
{
	repeats();
	device_tree();
}

static void failure_panics(void)
{
	facts.memory_failure_recovery = 0;
}

static void unrecoverable_panics(void)
{
	facts.panic_on_unrecoverable = 1;
}

static void unrecoverable_does_not_panic(void)
{
	facts.panic_on_unrecoverable = 0;
}

static void no_memory_failure(void)
{
	facts.memory_failure_recovery = -1;
}

static void no_memory_failure_nor_firmware(void)
{
	no_memory_failure();
	device_tree();
}

static void not_listed(void)
{
	facts.listed = false;
	sea_error_set(&facts.no_list, "cannot list the VMs: no xarray; report it");
}

static void no_dev_kvm(void)
{
	facts.kvm.tried = false;
}

static void no_ras(void)
{
	facts.kvm.has_ras = false;
}

static void no_exit(void)
{
	facts.kvm.has_exit = false;
	facts.view.rows[0].listed.opt_in = SEA_OPT_IN_NO;
}

static void opt_in_unreadable(void)
{
	facts.kvm.opt_in_known = false;
}

static void no_statistics(void)
{
	facts.kvm.has_statistics = false;
}

static void source_unknowns(void)
{
	facts.sources[1].tells_all = false;
}

static void no_source(void)
{
	size_t i;

	for (i = 1; i < 3; i++) {
		facts.sources[i].attached = false;
		strcpy(facts.sources[i].why, "the source does not attach: inlined");
	}
}

static void no_check(void)
{
	facts.sources[1].check = NULL;
}

static void hook_is(int hook, enum sea_alive alive, const char *why)
{
	facts.sources[1].hooks[hook].alive = alive;
	snprintf(facts.sources[1].hooks[hook].why, sizeof(facts.sources[1].hooks[hook].why), "%s",
		 why);
}

static void hook_unproven(void)
{
	hook_is(0, SEA_MAYBE_ALIVE, "addresses are hidden: kptr_restrict is 2; set it to 1");
}

static void hook_dead(void)
{
	hook_is(0, SEA_DEAD, "nothing calls it");
}

static void answer_hook_dead(void)
{
	hook_dead();
	facts.sources[1].hooks[0].part = SEA_PART_ANSWERS;
}

static void end_hook_dead(void)
{
	hook_is(1, SEA_DEAD, "nothing calls it");
}

static void check_hook_dead(void)
{
	hook_is(2, SEA_DEAD, "nothing calls it");
}

static void evidence_refused(void)
{
	facts.evidence.hooks[0].attached = false;
}

static void evidence_absent(void)
{
	evidence_refused();
	facts.evidence.hooks[0].absent = true;
	facts.evidence.hooks[1] = facts.evidence.hooks[0];
	facts.evidence.hooks[1].function = "mc_event";
}

static void no_last_boot(void)
{
	facts.last_boot = SEA_INSTANCE_NOT_SET_UP;
}

static void last_boot_not_made(void)
{
	facts.last_boot = SEA_INSTANCE_NOT_MADE;
}

static void last_boot_too_old(void)
{
	facts.last_boot = SEA_INSTANCE_TOO_OLD;
}

static void last_boot_unreadable(void)
{
	facts.last_boot = SEA_INSTANCE_UNREADABLE;
}

static void unlisted(void)
{
	facts.view.unlisted = 7;
}

static void protected_vm(void)
{
	facts.view.rows[1].listed.opt_in = SEA_OPT_IN_PROTECTED;
}

static void no_opt_in(void)
{
	facts.view.rows[1].listed.opt_in = SEA_OPT_IN_NO;
}

static void unknown_opt_in(void)
{
	facts.view.rows[1].listed.opt_in = SEA_OPT_IN_UNKNOWN;
}

static void ended_without_opt_in(void)
{
	no_opt_in();
	facts.view.rows[1].ended = true;
}

static void nothing(void)
{
}

#define NO_LINE SEA_LINES

static const struct {
	void (*break_it)(void);
	enum sea_status status;
	enum sea_doctor_id comes, goes;
	const char *text; /* of the line that comes: "WHAT|WHY|REMEDY", or a part of it */
} cases[] = {
	{nothing, 0, SEA_LINE_MACHINE, NO_LINE, "aarch64, Linux 7.3.4||"},
	{nothing, 0, SEA_LINE_TRACING, NO_LINE, "right to use BPF"},
	{nothing, 0, SEA_LINE_LOCKDOWN, NO_LINE, "none"},
	{nothing, 0, SEA_LINE_NAMESPACE, NO_LINE, "the host's"},
	{nothing, 0, SEA_LINE_SYMBOLS, NO_LINE, "can be read"},
	{nothing, 0, SEA_LINE_PROC, NO_LINE, "every VMM"},
	{nothing, 0, SEA_LINE_FIRMWARE, NO_LINE,
	 "in HEST: 2, that notify by SEA: 1, served by Linux: all"},
	{nothing, 0, SEA_LINE_REPEATS, NO_LINE, "twice (by its text)"},
	{nothing, 0, SEA_LINE_RAS, NO_LINE, "FEAT_RAS: guests"},
	{nothing, 0, SEA_LINE_EXIT, NO_LINE, "can be read"},
	{nothing, 0, SEA_LINE_STATISTICS, NO_LINE, "are known"},
	{nothing, 0, SEA_LINE_SOURCE, NO_LINE, "trampoline attaches, and seatop takes it"},
	{nothing, 0, SEA_LINE_SOURCE_TOO, NO_LINE, "kprobe attaches, too"},
	{nothing, 0, SEA_LINE_SOURCE_REFUSED, NO_LINE,
	 "the source tracepoint does not attach|this kernel has no kvm_sea_* tracepoints|boot one "
	 "with them"},
	{nothing, 0, SEA_LINE_HOOK, NO_LINE,
	 "trampoline sea_tr_claim on apei_claim_sea|called by kvm_handle_guest_abort|"},
	{nothing, 0, SEA_LINE_LAST_BOOT, SEA_LINE_LAST_BOOT_NOT_SET_UP,
	 "a trace buffer outlives this host's panic"},
	{nothing, 0, SEA_LINE_EVIDENCE, SEA_LINE_EVIDENCE_PARTLY, "all 2 hooks"},
	{nothing, 0, SEA_LINE_VMS, NO_LINE,
	 "2 run: 2 opted in, 0 did not, 0 protected, 0 unknown||"},

	/* On another machine, nothing else is said. */
	{not_arm64, 3, SEA_LINE_NOT_ARM64, SEA_LINE_TRACING,
	 "tracing needs arm64|this is x86_64|go away"},
	{not_arm64, 3, SEA_LINE_MACHINE, SEA_LINE_NO_KVM, ""},
	{not_arm64, 3, SEA_LINE_MACHINE, SEA_LINE_FIRMWARE, ""},
	{not_arm64, 3, SEA_LINE_MACHINE, SEA_LINE_SYMBOLS, ""},
	{not_arm64, 3, SEA_LINE_MACHINE, SEA_LINE_VMS, ""},
	{no_btf, 3, SEA_LINE_NO_BTF, SEA_LINE_TRACING, "tracing needs it|need 1|do this"},
	{no_btf, 3, SEA_LINE_FIRMWARE, SEA_LINE_SOURCE, ""},
	{btf_newer, 3, SEA_LINE_BTF_NEWER, SEA_LINE_TRACING, "cannot read BTF|state 3|do that"},
	{btf_damaged, 3, SEA_LINE_BTF_DAMAGED, SEA_LINE_TRACING, "state 4"},
	{btf_unreadable, 3, SEA_LINE_BTF_UNREADABLE, SEA_LINE_TRACING, "state 2"},
	{no_kvm, 3, SEA_LINE_NO_KVM, SEA_LINE_TRACING, "need 2"},
	{locked_down, 3, SEA_LINE_LOCKED_DOWN, SEA_LINE_LOCKDOWN, "need 3"},
	{user_namespace, 3, SEA_LINE_USER_NAMESPACE, SEA_LINE_TRACING, "need 4"},
	{no_capabilities, 3, SEA_LINE_NO_CAPABILITIES, SEA_LINE_TRACING, "need 5"},

	{no_securityfs, 0, SEA_LINE_LOCKDOWN_UNKNOWN, SEA_LINE_LOCKDOWN, "no securityfs|mount it"},
	{pid_namespace, 2, SEA_LINE_PID_NAMESPACE, SEA_LINE_NAMESPACE, "--pid=host"},
	{no_proc, 2, SEA_LINE_NAMESPACE_UNKNOWN, SEA_LINE_NAMESPACE, "mount procfs"},
	{kptr_restrict, 2, SEA_LINE_SYMBOLS_KPTR, SEA_LINE_SYMBOLS, "kptr_restrict is 2"},
	{no_syslog, 2, SEA_LINE_SYMBOLS_SYSLOG, SEA_LINE_SYMBOLS, "no CAP_SYSLOG|"},
	{no_syslog_paranoid, 2, SEA_LINE_SYMBOLS_PARANOID, SEA_LINE_SYMBOLS,
	 "kernel.perf_event_paranoid is over 1"},
	{no_sys_admin, 0, SEA_LINE_MACHINE, SEA_LINE_PARANOID, ""},
	{paranoid, 0, SEA_LINE_MACHINE, SEA_LINE_PARANOID, ""},
	{no_sys_admin_paranoid, 0, SEA_LINE_PARANOID, NO_LINE, "no kprobe attaches|"},
	{hidepid, 1, SEA_LINE_HIDEPID, SEA_LINE_PROC, "(hidepid=invisible)|"},

	{device_tree, 0, SEA_LINE_DEVICE_TREE, SEA_LINE_FIRMWARE, "no ACPI|"},
	{no_hest, 0, SEA_LINE_NO_HEST, SEA_LINE_FIRMWARE, "no HEST|"},
	{hest_unreadable, 2, SEA_LINE_HEST_UNREADABLE, SEA_LINE_FIRMWARE,
	 "cannot read HEST|denied|run as root"},
	{hest_damaged, 1, SEA_LINE_HEST_DAMAGED, SEA_LINE_FIRMWARE,
	 "HEST is damaged: entry 7|firmware made"},
	{id_twice, 1, SEA_LINE_HEST_ID_TWICE, SEA_LINE_FIRMWARE, "the id 17 twice|"},
	{no_sea_source, 0, SEA_LINE_NO_SEA_SOURCE, SEA_LINE_FIRMWARE, "none notifies by SEA|"},
	{sea_source_off, 0, SEA_LINE_SEA_SOURCE_OFF, SEA_LINE_FIRMWARE, "none of the 1 that"},
	{not_taken, 1, SEA_LINE_HEST_NOT_TAKEN, SEA_LINE_FIRMWARE,
	 "HEST has 12 error sources that notify by SEA, and Linux took 11 of them (not GHES.42)|"},
	{hest_disabled, 1, SEA_LINE_HEST_DISABLED, SEA_LINE_GHES_DISABLED,
	 "took 0 of them (not GHES.0)|the kernel's command line has hest_disable"},
	{hest_disabled, 1, SEA_LINE_HEST_DISABLED, SEA_LINE_HEST_NOT_TAKEN, ""},
	{ghes_disabled, 1, SEA_LINE_GHES_DISABLED, SEA_LINE_HEST_NOT_TAKEN, "has ghes.disable"},
	{disabled_but_nothing_to_take, 0, SEA_LINE_NO_SEA_SOURCE, SEA_LINE_HEST_DISABLED, ""},

	{repeats, 1, SEA_LINE_REPEATS_CLAIMED, SEA_LINE_REPEATS,
	 "Linux 7.3.4 claims an SEA again and again while firmware reports it with the same record "
	 "(by its text)|"},
	{repeats_by_release, 1, SEA_LINE_REPEATS_CLAIMED, SEA_LINE_REPEATS, "(by its release)|"},
	{mended_by_distribution, 0, SEA_LINE_REPEATS, SEA_LINE_REPEATS_CLAIMED, "(by its text)"},
	{repeats_unknown, 0, SEA_LINE_REPEATS_UNKNOWN, SEA_LINE_REPEATS, "may claim"},
	{repeats_without_firmware, 0, SEA_LINE_DEVICE_TREE, SEA_LINE_REPEATS_CLAIMED, ""},
	{failure_panics, 1, SEA_LINE_FAILURE_PANICS, NO_LINE, "vm.memory_failure_recovery is 0"},
	{unrecoverable_panics, 0, SEA_LINE_UNRECOVERABLE_PANICS, SEA_LINE_FAILURE_PANICS,
	 "vm.panic_on_unrecoverable_memory_failure is set"},
	{unrecoverable_does_not_panic, 0, SEA_LINE_MACHINE, SEA_LINE_UNRECOVERABLE_PANICS, ""},
	{no_memory_failure, 0, SEA_LINE_NO_MEMORY_FAILURE, SEA_LINE_FAILURE_PANICS,
	 "CONFIG_MEMORY"},
	{no_memory_failure_nor_firmware, 0, SEA_LINE_DEVICE_TREE, SEA_LINE_NO_MEMORY_FAILURE, ""},

	{not_listed, 2, SEA_LINE_NOT_LISTED, SEA_LINE_VMS,
	 "cannot list the VMs|no xarray|report it"},
	{not_listed, 2, SEA_LINE_SOURCE, SEA_LINE_EXIT, ""},
	{no_dev_kvm, 2, SEA_LINE_NO_DEV_KVM, SEA_LINE_EXIT, "in the group kvm"},
	{no_dev_kvm, 2, SEA_LINE_VMS, SEA_LINE_NO_RAS, ""},
	{no_ras, 0, SEA_LINE_NO_RAS, SEA_LINE_RAS, "no FEAT_RAS|a guest's own SEAs stay"},
	/* Without the exit nobody can opt in, so that nobody is told to. */
	{no_exit, 0, SEA_LINE_NO_EXIT, SEA_LINE_VM_NO_OPT_IN,
	 "no VM can opt in|this kernel has no"},
	{opt_in_unreadable, 2, SEA_LINE_OPT_IN_UNREADABLE, SEA_LINE_EXIT, "report it"},
	{no_statistics, 0, SEA_LINE_NO_STATISTICS, SEA_LINE_STATISTICS,
	 "from before are not known|"},

	{source_unknowns, 2, SEA_LINE_SOURCE_UNKNOWNS, SEA_LINE_SOURCE, "trampoline attaches"},
	{no_source, 2, SEA_LINE_NO_SOURCE, SEA_LINE_SOURCE, "no SEA would be counted|"},
	{no_check, 0, SEA_LINE_NO_CHECK, NO_LINE, "are not checked|"},
	{hook_unproven, 2, SEA_LINE_HOOK_UNPROVEN, NO_LINE,
	 "trampoline sea_tr_claim on apei_claim_sea is not proven to fire|addresses are hidden: "
	 "kptr_restrict is 2|set it to 1"},
	{hook_dead, 2, SEA_LINE_HOOK_DEAD, SEA_LINE_HOOK_EXTRA_DEAD,
	 "apei_claim_sea CANNOT FIRE|nothing calls it|"},
	{answer_hook_dead, 2, SEA_LINE_HOOK_DEAD, SEA_LINE_HOOK_EXTRA_DEAD, "CANNOT FIRE"},
	/* The counts are whole without these two. */
	{end_hook_dead, 1, SEA_LINE_HOOK_EXTRA_DEAD, SEA_LINE_HOOK_DEAD, "sea_vm_ended"},
	{check_hook_dead, 1, SEA_LINE_HOOK_EXTRA_DEAD, SEA_LINE_HOOK_DEAD, "sea_check_kprobe"},

	{evidence_refused, 0, SEA_LINE_EVIDENCE_PARTLY, SEA_LINE_EVIDENCE,
	 "1 of 2 hooks on what the host does about bad memory attach, not memory_failure is "
	 "refused (pages)|"},
	{evidence_absent, 0, SEA_LINE_EVIDENCE_PARTLY, SEA_LINE_EVIDENCE,
	 "0 of 2 hooks on what the host does about bad memory attach, not memory_failure is not "
	 "there (pages), mc_event is not there (pages)|"},

	{no_last_boot, 0, SEA_LINE_LAST_BOOT_NOT_SET_UP, SEA_LINE_LAST_BOOT,
	 "no trace buffer outlives a panic|"},
	{last_boot_not_made, 1, SEA_LINE_LAST_BOOT_NOT_KEPT, SEA_LINE_LAST_BOOT,
	 "no trace buffer outlives a panic|"},
	{last_boot_too_old, 0, SEA_LINE_LAST_BOOT_TOO_OLD, SEA_LINE_LAST_BOOT,
	 "this kernel cannot keep a trace buffer over a panic|"},
	{last_boot_unreadable, 0, SEA_LINE_LAST_BOOT_UNREADABLE, SEA_LINE_LAST_BOOT,
	 "it cannot be told whether a trace buffer outlives a panic|"},

	{unlisted, 2, SEA_LINE_VMS_UNLISTED, NO_LINE, "7 more are not listed|"},
	{protected_vm, 0, SEA_LINE_VM_PROTECTED, SEA_LINE_VM_NO_OPT_IN, "1 cannot opt in|"},
	{protected_vm, 0, SEA_LINE_VMS, NO_LINE, "1 opted in, 0 did not, 1 protected, 0 unknown"},
	/* Nothing that this host's operator could end for good: a status of 0. */
	{no_opt_in, 0, SEA_LINE_VM_NO_OPT_IN, SEA_LINE_VM_PROTECTED,
	 "vm1 (pid 101) did not opt in|"},
	{no_opt_in, 0, SEA_LINE_VMS, NO_LINE, "1 opted in, 1 did not, 0 protected, 0 unknown"},
	{unknown_opt_in, 0, SEA_LINE_VMS, SEA_LINE_VM_NO_OPT_IN, "0 protected, 1 unknown"},
	{ended_without_opt_in, 0, SEA_LINE_VMS, SEA_LINE_VM_NO_OPT_IN, "1 run: 1 opted in, 0 did"},
};

static void one_thing_at_a_time(void **state)
{
	char text[3 * SEA_DOCTOR_TEXT_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct sea_doctor_line *line = sea_doctor_line(cases[i].comes);
		const struct sea_doctor_check *check;

		healthy_host(&facts);
		cases[i].break_it();
		sea_doctor_judge(&facts, &report);
		check = find(cases[i].comes);
		if (!check)
			fail_msg("case %zu: no line %s", i, line->id);
		snprintf(text, sizeof(text), "%s|%s|%s", check->what, check->why, check->remedy);
		if (!strstr(text, cases[i].text))
			fail_msg("case %zu: '%s' has no '%s'", i, text, cases[i].text);
		if (cases[i].goes != NO_LINE && find(cases[i].goes))
			fail_msg("case %zu: there is a line %s", i,
				 sea_doctor_line(cases[i].goes)->id);
		if (report.status != cases[i].status)
			fail_msg("case %zu (%s): status %d, not %d", i, line->id, report.status,
				 cases[i].status);
		sea_doctor_free(&facts);
	}
}

static void every_line_has_a_case(void **state)
{
	int id;
	size_t i;

	(void)state;
	for (id = 0; id < SEA_LINES; id++) {
		for (i = 0; i < ARRAY_SIZE(cases); i++)
			if (cases[i].comes == (enum sea_doctor_id)id)
				break;
		if (i == ARRAY_SIZE(cases))
			fail_msg("no case for the line %s", sea_doctor_line(id)->id);
	}
}

/* Each line's own reason and remedy are what is printed, but where an error has its own. */
static void reasons_of_the_table(void **state)
{
	const struct sea_doctor_check *check;

	(void)state;
	healthy_host(&facts);
	hidepid();
	no_ras();
	sea_doctor_judge(&facts, &report);
	check = find(SEA_LINE_HIDEPID);
	assert_string_equal(check->why, check->line->cause);
	assert_string_equal(check->remedy, check->line->remedy);
	check = find(SEA_LINE_NO_RAS);
	assert_string_equal(check->why, check->line->cause);
	assert_string_equal(check->remedy, "");
	sea_doctor_free(&facts);
}

static void the_worst_makes_the_status(void **state)
{
	static const struct {
		void (*break_it)(void);
		enum sea_doctor_level level;
		const char *verdict;
	} worse[] = {
		{nothing, SEA_DOCTOR_NOTE, "all is well; the notes say what this host cannot do"},
		{hidepid, SEA_DOCTOR_ACT, "there is something to do"},
		{hook_unproven, SEA_DOCTOR_UNKNOWN, "not everything can be told from here"},
		{pid_namespace, SEA_DOCTOR_INCOMPLETE,
		 "what is counted or listed would be incomplete"},
		{locked_down, SEA_DOCTOR_IMPOSSIBLE, "nothing can be counted here"},
	};
	size_t i;

	(void)state;
	healthy_host(&facts);
	for (i = 0; i < ARRAY_SIZE(worse); i++) {
		/* On top of all that was broken before. */
		worse[i].break_it();
		sea_doctor_judge(&facts, &report);
		assert_int_equal(report.worst, worse[i].level);
		assert_string_equal(report.verdict, worse[i].verdict);
	}
	sea_doctor_free(&facts);

	healthy_host(&facts);
	facts.nr_sources = 2;
	facts.sources[0].attached = true;
	facts.sources[0].tells_all = true;
	facts.sources[0].check = "kprobe";
	sea_doctor_judge(&facts, &report);
	assert_int_equal(report.worst, SEA_DOCTOR_OK);
	assert_int_equal(report.status, SEA_STATUS_OK);
	assert_string_equal(report.verdict, "all is well");
	assert_ptr_equal(report.taken, &facts.sources[0]);
	sea_doctor_free(&facts);
}

/* Hundreds of VMs without opt-in are not hundreds of lines; all others are there, too. */
static void very_many_vms(void **state)
{
	size_t i, named = 0;
	bool counted = false;

	(void)state;
	healthy_host(&facts);
	sea_view_free(&facts.view);
	facts.view.rows = calloc(500, sizeof(*facts.view.rows));
	assert_non_null(facts.view.rows);
	facts.view.nr_rows = 500;
	for (i = 0; i < 500; i++)
		facts.view.rows[i].listed.opt_in = SEA_OPT_IN_NO;
	sea_doctor_judge(&facts, &report);
	for (i = 0; i < report.nr_checks; i++) {
		if (report.checks[i].line != sea_doctor_line(SEA_LINE_VM_NO_OPT_IN))
			continue;
		named++;
		counted |= !strcmp(report.checks[i].what, "492 more did not opt in");
	}
	assert_int_equal(named, SEA_DOCTOR_NAMED_VMS + 1);
	assert_true(counted);
	/* Exactly as many as are named: there are no more. */
	facts.view.nr_rows = SEA_DOCTOR_NAMED_VMS;
	sea_doctor_judge(&facts, &report);
	assert_null(strstr(report.checks[report.nr_checks - 1].what, "more"));
	sea_doctor_free(&facts);
}

/* A full house: all hooks, sources and VMs that there can be leave room for every line. */
static void there_is_always_room(void **state)
{
	size_t i;

	(void)state;
	healthy_host(&facts);
	facts.nr_sources = SEA_DOCTOR_SOURCES;
	facts.sources[0].attached = true;
	for (i = 0; i < SEA_REPORT_HOOKS; i++)
		facts.sources[0].hooks[i] = healthy_hook("p", "f", SEA_PART_SOURCE);
	facts.sources[0].nr_hooks = SEA_REPORT_HOOKS;
	sea_doctor_judge(&facts, &report);
	assert_true(report.nr_checks <= SEA_DOCTOR_CHECKS);
	assert_int_equal(SEA_DOCTOR_CHECKS, SEA_LINES + 16 + 4 + 8 + 1);
	sea_doctor_free(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thing_at_a_time),
		cmocka_unit_test(every_line_has_a_case),
		cmocka_unit_test(reasons_of_the_table),
		cmocka_unit_test(very_many_vms),
		cmocka_unit_test(the_worst_makes_the_status),
		cmocka_unit_test(there_is_always_room),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
