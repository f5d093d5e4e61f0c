// SPDX-License-Identifier: GPL-2.0-only
#include "doctor/lines.h"

#include <stddef.h>

const char *sea_doctor_level_name(enum sea_doctor_level level)
{
	static const char *const names[] = {
		[SEA_DOCTOR_OK] = "ok",
		[SEA_DOCTOR_NOTE] = "note",
		[SEA_DOCTOR_ACT] = "act",
		[SEA_DOCTOR_UNKNOWN] = "unknown",
		[SEA_DOCTOR_INCOMPLETE] = "incomplete",
		[SEA_DOCTOR_IMPOSSIBLE] = "impossible",
	};

	return names[level];
}

#define OK SEA_DOCTOR_OK
#define NOTE SEA_DOCTOR_NOTE
#define ACT SEA_DOCTOR_ACT
#define UNKNOWN SEA_DOCTOR_UNKNOWN
#define INCOMPLETE SEA_DOCTOR_INCOMPLETE
#define IMPOSSIBLE SEA_DOCTOR_IMPOSSIBLE

static const struct sea_doctor_line lines[SEA_LINES] = {
	[SEA_LINE_MACHINE] = {"machine", "machine", OK, NULL, NULL},
	[SEA_LINE_TRACING] = {"tracing", "tracing", OK, NULL, NULL},
	[SEA_LINE_NOT_ARM64] = {"not-arm64", "tracing", IMPOSSIBLE, "only arm64 has these aborts",
				"run it on the arm64 host"},
	[SEA_LINE_NO_BTF] = {"no-btf", "tracing", IMPOSSIBLE,
			     "the kernel was built without BTF, or there is no sysfs",
			     "boot a kernel with CONFIG_DEBUG_INFO_BTF=y, or mount sysfs at /sys"},
	[SEA_LINE_BTF_NEWER] = {"btf-newer", "tracing", IMPOSSIBLE,
				"the kernel's BTF has what this libbpf does not know yet",
				"update libbpf"},
	[SEA_LINE_BTF_DAMAGED] = {"btf-damaged", "tracing", IMPOSSIBLE,
				  "the kernel's BTF is not whole: its build went wrong",
				  "boot a kernel that was built again"},
	[SEA_LINE_BTF_UNREADABLE] = {"btf-unreadable", "tracing", IMPOSSIBLE,
				     "the file is there, but cannot be read",
				     "run as root, outside of a container"},
	[SEA_LINE_NO_KVM] = {"no-kvm", "tracing", IMPOSSIBLE,
			     "the kernel did not boot at EL2, or has no KVM",
			     "use a host that boots at EL2 and a kernel with CONFIG_KVM=y"},
	[SEA_LINE_LOCKED_DOWN] =
		{"locked-down", "lockdown", IMPOSSIBLE,
		 "lockdown for confidentiality keeps BPF from reading the kernel's memory",
		 "boot with lockdown=integrity or less"},
	[SEA_LINE_USER_NAMESPACE] = {"user-namespace", "namespace", IMPOSSIBLE,
				     "capabilities of another user namespace do not count for BPF",
				     "run as root of the host, outside of the container"},
	[SEA_LINE_NO_CAPABILITIES] = {"no-capabilities", "tracing", IMPOSSIBLE,
				      "this process lacks CAP_BPF and CAP_PERFMON", "run as root"},
	[SEA_LINE_LOCKDOWN] = {"lockdown", "lockdown", OK, NULL, NULL},
	[SEA_LINE_LOCKDOWN_UNKNOWN] = {"lockdown-unknown", "lockdown", NOTE,
				       "there is no securityfs",
				       "mount it at /sys/kernel/security to know"},
	[SEA_LINE_NAMESPACE] = {"namespace", "namespace", OK, NULL, NULL},
	[SEA_LINE_PID_NAMESPACE] =
		{"pid-namespace", "namespace", INCOMPLETE,
		 "this process is in a pid namespace of its own, from which the VMs outside "
		 "cannot be listed",
		 "run in the host's pid namespace (a container: with --pid=host or hostPID)"},
	[SEA_LINE_NAMESPACE_UNKNOWN] = {"namespace-unknown", "namespace", UNKNOWN,
					"there is no procfs, or no /proc/self/ns",
					"mount procfs at /proc"},
	[SEA_LINE_SYMBOLS] = {"symbols", "symbols", OK, NULL, NULL},
	[SEA_LINE_SYMBOLS_KPTR] =
		{"symbols-kptr-restrict", "symbols", UNKNOWN,
		 "the sysctl kernel.kptr_restrict is 2, which hides addresses from root, too",
		 "set it to 1 or 0"},
	[SEA_LINE_SYMBOLS_SYSLOG] =
		{"symbols-syslog", "symbols", UNKNOWN,
		 "the sysctl kernel.kptr_restrict is 1, and this process has no CAP_SYSLOG",
		 "run as root or with CAP_SYSLOG"},
	[SEA_LINE_SYMBOLS_PARANOID] =
		{"symbols-paranoid", "symbols", UNKNOWN,
		 "this process has no CAP_SYSLOG, and the sysctl kernel.perf_event_paranoid is "
		 "over 1",
		 "run as root or with CAP_SYSLOG"},
	[SEA_LINE_PARANOID] =
		{"paranoid", "hooks", NOTE,
		 "the sysctl kernel.perf_event_paranoid is over 2: on Debian's kernels "
		 "CAP_PERFMON is not enough then",
		 "run with CAP_SYS_ADMIN, or set it to 2"},
	[SEA_LINE_PROC] = {"proc", "names", OK, NULL, NULL},
	[SEA_LINE_HIDEPID] =
		{"hidepid", "names", ACT,
		 "/proc is mounted with hidepid, and seatop has given up all capabilities when it "
		 "reads names",
		 "mount it with gid= of a group that runs seatop, or without hidepid"},
	[SEA_LINE_FIRMWARE] = {"firmware", "firmware", OK, NULL, NULL},
	[SEA_LINE_DEVICE_TREE] =
		{"device-tree", "firmware", NOTE,
		 "the host was booted with a Device Tree, which has no APEI: no SEA will be "
		 "claimed",
		 NULL},
	[SEA_LINE_NO_HEST] = {"no-hest", "firmware", NOTE,
			      "firmware offers no hardware error sources: no SEA will be claimed",
			      NULL},
	[SEA_LINE_HEST_UNREADABLE] = {"hest-unreadable", "firmware", UNKNOWN,
				      "only root may read ACPI tables",
				      "run as root, or with CAP_DAC_READ_SEARCH"},
	[SEA_LINE_HEST_DAMAGED] =
		{"hest-damaged", "firmware", ACT,
		 "firmware made a table that ends Linux's reading of it: no error source of it is "
		 "used",
		 "ask the vendor for new firmware"},
	[SEA_LINE_HEST_ID_TWICE] =
		{"hest-id-twice", "firmware", ACT,
		 "firmware gave two error sources one id: Linux uses none of the table",
		 "ask the vendor for new firmware"},
	[SEA_LINE_NO_SEA_SOURCE] = {"no-sea-source", "firmware", NOTE,
				    "firmware does not report SEAs: none will be claimed", NULL},
	[SEA_LINE_SEA_SOURCE_OFF] =
		{"sea-source-off", "firmware", NOTE,
		 "firmware has error sources for SEAs and does not enable them: none will be "
		 "claimed",
		 "look for a setting of the firmware (APEI, firmware first)"},
	[SEA_LINE_HEST_DISABLED] =
		{"hest-disabled", "firmware", ACT,
		 "the kernel's command line has hest_disable: what firmware reports goes unclaimed",
		 "boot without it"},
	[SEA_LINE_GHES_DISABLED] =
		{"ghes-disabled", "firmware", ACT,
		 "the kernel's command line has ghes.disable: what firmware reports goes unclaimed",
		 "boot without it"},
	[SEA_LINE_HEST_NOT_TAKEN] =
		{"hest-not-taken", "firmware", ACT,
		 "Linux did not take an error source that firmware offers: what comes by it goes "
		 "unclaimed",
		 "look for HEST and GHES in the kernel's log; CONFIG_ACPI_APEI_GHES and "
		 "CONFIG_ACPI_APEI_SEA have to be set"},
	[SEA_LINE_REPEATS] = {"repeats", "repeats", OK, NULL, NULL},
	[SEA_LINE_REPEATS_CLAIMED] =
		{"repeats-claimed", "repeats", ACT,
		 "this kernel claims a record of firmware's that it has seen in the last seconds "
		 "and drops it: the guest runs on into the same SEA",
		 "boot a kernel that does not; kernel/ghes-before-6.12.117.patch mends 6.12"},
	[SEA_LINE_REPEATS_UNKNOWN] =
		{"repeats-unknown", "repeats", NOTE,
		 "whether this kernel claims repeated records cannot be read from it, and its "
		 "release does not say",
		 "run doctor as root"},
	[SEA_LINE_FAILURE_PANICS] =
		{"failure-panics", "host", ACT,
		 "the sysctl vm.memory_failure_recovery is 0: the host panics at the first bad "
		 "page, with all its VMs",
		 "set it to 1, unless that is wanted"},
	[SEA_LINE_UNRECOVERABLE_PANICS] =
		{"unrecoverable-panics", "host", NOTE,
		 "the sysctl vm.panic_on_unrecoverable_memory_failure is set: the host panics, "
		 "with all its VMs, if the kernel itself needs a bad page",
		 NULL},
	[SEA_LINE_NO_MEMORY_FAILURE] =
		{"no-memory-failure", "host", NOTE,
		 "the kernel was built without CONFIG_MEMORY_FAILURE: it does nothing about bad "
		 "pages, though it claims SEAs",
		 "boot a kernel with it"},
	[SEA_LINE_LAST_BOOT] = {"last-boot", "crash", OK, NULL, NULL},
	[SEA_LINE_LAST_BOOT_NOT_SET_UP] =
		{"last-boot-not-set-up", "crash", NOTE,
		 "without a trace buffer that outlives the host, its last SEAs before a panic are "
		 "lost",
		 "put reserve_mem=12M:4096:sea trace_instance=sea@sea on the kernel's command "
		 "line"},
	[SEA_LINE_LAST_BOOT_NOT_KEPT] =
		{"last-boot-not-kept", "crash", ACT,
		 "the command line asks for a trace buffer that outlives the host, and the kernel "
		 "did not make it: the memory could not be reserved, or has another name",
		 "look for reserve_mem and Tracing in the kernel's log of the boot"},
	[SEA_LINE_LAST_BOOT_TOO_OLD] =
		{"last-boot-too-old", "crash", NOTE,
		 "Linux before 6.12 has no trace buffer that outlives the host",
		 "kdump, or pstore, keeps the log of a panic"},
	[SEA_LINE_LAST_BOOT_UNREADABLE] =
		{"last-boot-unreadable", "crash", NOTE,
		 "the command line asks for a trace buffer that outlives the host, and tracefs cannot "
		 "be looked into",
		 "mount tracefs at /sys/kernel/tracing, and run doctor as root"},
	[SEA_LINE_NOT_LISTED] =
		{"not-listed", "kvm", INCOMPLETE,
		 "the kernel did not take the program that lists VMs; the line says why",
		 "as the line says"},
	[SEA_LINE_NO_DEV_KVM] =
		{"no-dev-kvm", "kvm", UNKNOWN,
		 "/dev/kvm cannot be used, so that KVM cannot be asked and who opted in is not "
		 "known",
		 "run as root or in the group kvm"},
	[SEA_LINE_RAS] = {"ras", "cpu", OK, NULL, NULL},
	[SEA_LINE_NO_RAS] =
		{"no-ras", "cpu", NOTE,
		 "a guest's own SEAs stay in the guest, where nobody on the host sees them", NULL},
	[SEA_LINE_EXIT] = {"exit", "exit", OK, NULL, NULL},
	[SEA_LINE_NO_EXIT] =
		{"no-exit", "exit", NOTE,
		 "this kernel has no KVM_CAP_ARM_SEA_TO_USER, so that no VMM can ask for SEAs",
		 "boot a kernel that has it; kernel/kvm-arm64-sea.patch adds it to 6.12"},
	[SEA_LINE_OPT_IN_UNREADABLE] =
		{"opt-in-unreadable", "exit", UNKNOWN,
		 "this kernel keeps elsewhere than others which VMM enabled it",
		 "report it, with the kernel's release"},
	[SEA_LINE_STATISTICS] = {"statistics", "statistics", OK, NULL, NULL},
	[SEA_LINE_NO_STATISTICS] = {"no-statistics", "statistics", NOTE,
				    "this kernel does not count SEAs itself",
				    "boot a kernel that does; kernel/ has patches"},
	[SEA_LINE_SOURCE] = {"source", "source", OK, NULL, NULL},
	[SEA_LINE_SOURCE_TOO] = {"source-too", "source", OK, NULL, NULL},
	[SEA_LINE_SOURCE_UNKNOWNS] =
		{"source-unknowns", "source", INCOMPLETE,
		 "who opted in cannot be read, so that not_opted_in and forwarded are counted as "
		 "unknown",
		 "see the line about kvm or exit"},
	[SEA_LINE_SOURCE_REFUSED] = {"source-refused", "source", NOTE,
				     "the source does not attach; the line says why",
				     "none is needed while another source is taken"},
	[SEA_LINE_NO_SOURCE] = {"no-source", "source", INCOMPLETE,
				"each of them is refused, for the reasons above",
				"see those lines"},
	[SEA_LINE_NO_CHECK] =
		{"no-check", "check", NOTE,
		 "no second hook attaches, so that nothing would tell if the first missed an SEA",
		 NULL},
	[SEA_LINE_HOOK] = {"hook", "hook", OK, NULL, NULL},
	[SEA_LINE_HOOK_UNPROVEN] =
		{"hook-unproven", "hook", UNKNOWN,
		 "nothing shows that the hook can fire; the line says what kept doctor from trying",
		 "as the line says, and as the lines about symbols and hooks say"},
	[SEA_LINE_HOOK_DEAD] =
		{"hook-dead", "hook", INCOMPLETE,
		 "the hook cannot fire, so that SEAs would go uncounted; the line says why",
		 "name another source with --source if one attaches; boot a kernel that was built "
		 "otherwise"},
	[SEA_LINE_HOOK_EXTRA_DEAD] =
		{"hook-extra-dead", "hook", ACT,
		 "the hook cannot fire: counts are whole, but are not checked, or the end of a VM "
		 "is seen late",
		 "as the line says"},
	[SEA_LINE_EVIDENCE] = {"evidence", "evidence", OK, NULL, NULL},
	[SEA_LINE_EVIDENCE_PARTLY] =
		{"evidence-partly", "evidence", NOTE,
		 "some hooks on the host's own functions do not attach; the line says which, and "
		 "what they would tell",
		 "counts are right all the same; boot a kernel that has these functions"},
	[SEA_LINE_VMS] = {"vms", "vms", OK, NULL, NULL},
	[SEA_LINE_VMS_UNLISTED] = {"vms-unlisted", "vms", UNKNOWN,
				   "more VMs run than doctor has room for",
				   "use seatop with --max-vms"},
	[SEA_LINE_VM_PROTECTED] =
		{"vm-protected", "vm", NOTE,
		 "KVM grants protected VMs no KVM_CAP_ARM_SEA_TO_USER: their guests get SErrors",
		 NULL},
	[SEA_LINE_VM_NO_OPT_IN] =
		{"vm-no-opt-in", "vm", NOTE,
		 "its VMM did not ask for SEAs, though it could: the guest gets SErrors",
		 "update or configure the VMM"},
};

const struct sea_doctor_line *sea_doctor_line(enum sea_doctor_id id)
{
	return &lines[id];
}
