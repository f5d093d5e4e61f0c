// SPDX-License-Identifier: GPL-2.0-only
#include "import/ftrace-sea.h"

#include <stdint.h>
#include <stdio.h>

#include "arm/esr.h"
#include "base/words.h"
#include "import/scan.h"
#include "model/record.h"

/* KVM_EXIT_ARM_SEA of linux/kvm.h since 6.19 */
#define EXIT_ARM_SEA 41

/* A name of the series as a number: "s2_walk" */
static bool take_name(struct sea_span *s, int (*number_of)(const char *name), __u8 *number)
{
	struct sea_span rest = *s;
	char name[24];
	size_t len = 0;
	int found;

	while (len < rest.len &&
	       ((rest.text[len] >= 'a' && rest.text[len] <= 'z') ||
		(rest.text[len] >= '0' && rest.text[len] <= '9') || rest.text[len] == '_'))
		len++;
	snprintf(name, sizeof(name), "%.*s", (int)(len < sizeof(name) ? len : sizeof(name) - 1),
		 rest.text);
	found = len < sizeof(name) ? number_of(name) : -1;
	if (found < 0)
		return false;
	*number = (__u8)found;
	*s = sea_span_from(rest, len);
	return true;
}

/* "0xffff800012345678", or "unknown" */
static bool take_address(struct sea_span *s, __u64 *address, __u32 *flags, __u32 flag)
{
	if (sea_span_skip(s, "unknown"))
		return true;
	if (!sea_scan_0x(s, address))
		return false;
	*flags |= flag;
	return true;
}

/* "VM: 1230, vCPU: 2, PC: 0x0000aaaac0de1234, " */
static bool take_vcpu(struct sea_span *s, struct sea_event *e, __u32 *tgid)
{
	__u64 vm, vcpu;

	if (!sea_span_skip(s, "VM: ") || !sea_scan_number(s, &vm) || vm > INT32_MAX ||
	    !sea_span_skip(s, ", vCPU: ") || !sea_scan_number(s, &vcpu) || vcpu > UINT32_MAX ||
	    !sea_span_skip(s, ", PC: ") || !sea_scan_0x(s, &e->pc) || !sea_span_skip(s, ", "))
		return false;
	*tgid = (__u32)vm;
	e->vcpu = (__u32)vcpu;
	e->flags |= SEA_PC_VALID;
	return true;
}

/* "ESR: 0x92000010 (DABT_LOW, EXTABT), FAR: 0x..., IPA: unknown, reason: none" */
static bool take_sea(struct sea_span s, struct sea_event *e, __u32 *tgid)
{
	return take_vcpu(&s, e, tgid) && sea_span_skip(&s, "ESR: ") && sea_scan_0x(&s, &e->esr) &&
	       sea_scan_past(&s, "), FAR: ", NULL) &&
	       take_address(&s, &e->far, &e->flags, SEA_FAR_VALID) &&
	       sea_span_skip(&s, ", IPA: ") &&
	       take_address(&s, &e->ipa, &e->flags, SEA_IPA_VALID) &&
	       sea_span_skip(&s, ", reason: ") && take_name(&s, sea_reason_number, &e->reason) &&
	       !s.len;
}

/* "response: injected, latency: 12345 ns" */
static bool take_answer(struct sea_span s, struct sea_event *e, __u32 *tgid)
{
	e->type = SEA_EVENT_ANSWERED;
	return take_vcpu(&s, e, tgid) && sea_span_skip(&s, "response: ") &&
	       take_name(&s, sea_response_number, &e->response) &&
	       sea_span_skip(&s, ", latency: ") && sea_scan_number(&s, &e->latency_ns) &&
	       sea_span_is(s, " ns");
}

static bool disposition_of(struct sea_span event, __u8 *disposition)
{
	return sea_span_skip(&event, "kvm_sea_") &&
	       take_name(&event, sea_disposition_number, disposition) && !event.len &&
	       *disposition != SEA_UNKNOWN;
}

/* QEMU calls its threads "CPU 2/KVM", if it is told to name them. */
static __u32 vcpu_of(struct sea_span comm)
{
	__u64 vcpu;

	if (sea_span_skip(&comm, "CPU ") && sea_scan_number(&comm, &vcpu) &&
	    sea_span_is(comm, "/KVM") && vcpu < SEA_CPU_UNKNOWN)
		return (__u32)vcpu;
	return SEA_CPU_UNKNOWN;
}

/* "reason KVM_EXIT_ARM_SEA (41)"; a kernel whose list of names is older says "0x29 (41)". */
static bool is_sea_exit(struct sea_span args)
{
	__u64 number;

	return sea_span_skip(&args, "reason ") && sea_scan_past(&args, " (", NULL) &&
	       sea_scan_number(&args, &number) && number == EXIT_ARM_SEA && sea_span_is(args, ")");
}

/* "ipa 0x40001000, hsr 0x92000010, hxfar 0x40001234, pc 0xffff800012345678" */
static bool is_sea_fault(struct sea_span args, struct sea_event *e)
{
	struct sea_esr esr;

	if (!sea_span_skip(&args, "ipa ") || !sea_scan_0x(&args, &e->ipa) ||
	    !(sea_span_skip(&args, ", hsr ") || sea_span_skip(&args, ", esr ")) ||
	    !sea_scan_0x(&args, &e->esr))
		return false;
	sea_esr_decode(e->esr, &esr);
	if (sea_span_skip(&args, ", hxfar ") && sea_scan_0x(&args, &e->far) && esr.far_valid)
		e->flags |= SEA_FAR_VALID;
	if (sea_span_skip(&args, ", pc ") && sea_scan_0x(&args, &e->pc))
		e->flags |= SEA_PC_VALID;
	return esr.is_sea;
}

enum sea_ftrace_sea_result sea_ftrace_sea(const struct sea_ftrace_line *line,
					  struct sea_event *event, __u32 *tgid)
{
	*event = (struct sea_event){
		.type = SEA_EVENT_SEA, .tid = line->tid, .cpu = line->cpu, .vcpu = SEA_CPU_UNKNOWN};
	*tgid = line->tgid;
	if (disposition_of(line->event, &event->disposition))
		return take_sea(line->args, event, tgid) ? SEA_FTRACE_SEA_OURS :
							   SEA_FTRACE_SEA_WRONG;
	event->disposition = SEA_FORWARDED;
	if (sea_span_is(line->event, "kvm_sea_answered"))
		return take_answer(line->args, event, tgid) ? SEA_FTRACE_SEA_OURS :
							      SEA_FTRACE_SEA_WRONG;
	event->vcpu = vcpu_of(line->comm);
	if (sea_span_is(line->event, "kvm_userspace_exit"))
		return is_sea_exit(line->args) ? SEA_FTRACE_SEA_STOCK : SEA_FTRACE_SEA_NONE;
	event->disposition = SEA_UNKNOWN;
	if (sea_span_is(line->event, "kvm_guest_fault"))
		return is_sea_fault(line->args, event) ? SEA_FTRACE_SEA_STOCK : SEA_FTRACE_SEA_NONE;
	return SEA_FTRACE_SEA_NONE;
}
