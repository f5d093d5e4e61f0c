// SPDX-License-Identifier: GPL-2.0-only
#include "store/line-lists.h"

#include "base/words.h"
#include "store/pruned.h"

#define NUMBER(json, structure, member)                                               \
	{                                                                             \
		.name = json, .kind = SEA_LINE_NUMBER, SEA_LINE_OF(structure, member) \
	}
#define FIELD(json, of_kind, structure, member)                               \
	{                                                                     \
		.name = json, .kind = of_kind, SEA_LINE_OF(structure, member) \
	}
#define KNOWN(json, of_kind, structure, member, bits, bit)                     \
	{                                                                      \
		.name = json, .kind = of_kind, SEA_LINE_OF(structure, member), \
		.known_offset = offsetof(structure, bits), .known = bit        \
	}
#define NAME(json, structure, member, function, count, other)                           \
	{                                                                               \
		.name = json, .kind = SEA_LINE_NAME, SEA_LINE_OF(structure, member),    \
		.name_of = function, .nr = count, .otherwise = other, .is_always = true \
	}
#define LIST(name, ...)                                                     \
	static const struct sea_line_field name##_fields[] = {__VA_ARGS__}; \
	const struct sea_line_list sea_line_##name = {                      \
		name##_fields, sizeof(name##_fields) / sizeof(name##_fields[0])}

static const char *origin_name(unsigned int origin)
{
	return sea_vm_origin_name((enum sea_vm_origin)origin);
}

LIST(head, FIELD("time", SEA_LINE_TIME, struct sea_record, wall),
     NUMBER("boottime_ns", struct sea_record, time_ns));

LIST(session, FIELD("run", SEA_LINE_TEXT, struct sea_session, run),
     FIELD("boot_id", SEA_LINE_TEXT, struct sea_session, boot_id),
     FIELD("host", SEA_LINE_TEXT, struct sea_session, host),
     FIELD("kernel", SEA_LINE_TEXT, struct sea_session, kernel),
     FIELD("machine", SEA_LINE_TEXT, struct sea_session, machine),
     FIELD("program", SEA_LINE_TEXT, struct sea_session, program),
     FIELD("version", SEA_LINE_TEXT, struct sea_session, version),
     FIELD("source", SEA_LINE_TEXT, struct sea_session, source),
     FIELD("tells_all", SEA_LINE_FLAG, struct sea_session, tells_all),
     FIELD("started", SEA_LINE_TIME, struct sea_session, started),
     NUMBER("started_ns", struct sea_session, started_ns),
     FIELD("ended", SEA_LINE_TIME, struct sea_session, ended),
     NUMBER("ended_ns", struct sea_session, ended_ns),
     NAME("end", struct sea_session, end, sea_session_end_name, SEA_SESSION_ENDS,
	  SEA_SESSION_LOST));

LIST(vm, NUMBER("vm", struct sea_vm_info, id), NUMBER("pid", struct sea_vm_info, key.tgid),
     NUMBER("start_ns", struct sea_vm_info, key.start_ns),
     NUMBER("creator", struct sea_vm_info, key.creator),
     {.name = "creator_fd",
      .kind = SEA_LINE_SIGNED,
      SEA_LINE_OF(struct sea_vm_info, key.creator_fd),
      .is_always = true},
     FIELD("first", SEA_LINE_TIME, struct sea_vm_info, first),
     NUMBER("first_ns", struct sea_vm_info, first_ns),
     FIELD("name", SEA_LINE_TEXT, struct sea_vm_info, name.text),
     NAME("origin", struct sea_vm_info, name.origin, origin_name, SEA_VM_ORIGINS,
	  SEA_VM_FROM_NOTHING),
     FIELD("other_name", SEA_LINE_TEXT, struct sea_vm_info, name.other),
     {.name = "other_origin",
      .kind = SEA_LINE_NAME,
      SEA_LINE_OF(struct sea_vm_info, name.other_origin),
      .name_of = origin_name,
      .nr = SEA_VM_ORIGINS,
      .otherwise = SEA_VM_FROM_NOTHING},
     FIELD("disputed", SEA_LINE_FLAG, struct sea_vm_info, name.disputed),
     FIELD("uuid", SEA_LINE_TEXT, struct sea_vm_info, uuid),
     FIELD("cgroup", SEA_LINE_TEXT, struct sea_vm_info, cgroup),
     FIELD("comm", SEA_LINE_TEXT, struct sea_vm_info, comm));

#define ADDRESS(json, member, bit)                                                                 \
	{                                                                                          \
		.name = json, .kind = SEA_LINE_HEX, SEA_LINE_OF(struct sea_event, member),         \
		.known_offset = offsetof(struct sea_event, flags), .known = bit, .is_guests = true \
	}

LIST(event, NUMBER("boottime_ns", struct sea_event, time_ns),
     NAME("disposition", struct sea_event, disposition, sea_disposition_name, SEA_DISPOSITIONS,
	  SEA_UNKNOWN),
     NAME("reason", struct sea_event, reason, sea_reason_name, SEA_REASONS, SEA_REASON_NONE),
     FIELD("esr", SEA_LINE_HEX, struct sea_event, esr), ADDRESS("far", far, SEA_FAR_VALID),
     ADDRESS("ipa", ipa, SEA_IPA_VALID), ADDRESS("pc", pc, SEA_PC_VALID),
     {.name = "vcpu",
      .kind = SEA_LINE_NUMBER,
      SEA_LINE_OF(struct sea_event, vcpu),
      .is_always = true},
     NUMBER("tid", struct sea_event, tid),
     {.name = "cpu",
      .kind = SEA_LINE_NUMBER,
      SEA_LINE_OF(struct sea_event, cpu),
      .is_always = true});

LIST(answer,
     NAME("response", struct sea_event, response, sea_response_name, SEA_RESPONSES, SEA_RESPONSES),
     NUMBER("latency_ns", struct sea_event, latency_ns));

/* The address in the VMM's memory is the host's own, and says nothing of the guest. */
LIST(page, KNOWN("hva", SEA_LINE_HEX, struct sea_page, hva, known, SEA_PAGE_HVA),
     KNOWN("pfn", SEA_LINE_HEX, struct sea_page, pfn, known, SEA_PAGE_PFN),
     KNOWN("size", SEA_LINE_NUMBER, struct sea_page, size, known, SEA_PAGE_SIZE),
     KNOWN("node", SEA_LINE_SIGNED, struct sea_page, node, known, SEA_PAGE_NODE),
     KNOWN("poisoned", SEA_LINE_NUMBER, struct sea_page, poisoned, known, SEA_PAGE_POISON));

LIST(end, NUMBER("ended_ns", struct sea_end, time_ns),
     {.name = "wait_status",
      .kind = SEA_LINE_SIGNED,
      SEA_LINE_OF(struct sea_end, wait_status),
      .is_always = true});

LIST(gap,
     NAME("cause", struct sea_gap, cause, sea_gap_cause_name, SEA_GAP_CAUSES, SEA_GAP_RECORDER),
     FIELD("since", SEA_LINE_TIME, struct sea_gap, since),
     NUMBER("since_ns", struct sea_gap, since_ns),
     FIELD("until", SEA_LINE_TIME, struct sea_gap, until),
     NUMBER("until_ns", struct sea_gap, until_ns),
     FIELD("why", SEA_LINE_TEXT, struct sea_gap, why));

#define HOST(json, kind, member, bit) KNOWN(json, kind, struct sea_host_event, member, known, bit)

LIST(host,
     NAME("kind", struct sea_host_event, kind, sea_host_kind_name, SEA_HOST_KINDS, SEA_HOST_KINDS),
     HOST("pfn", SEA_LINE_HEX, pfn, SEA_HOST_PFN),
     HOST("address", SEA_LINE_HEX, address, SEA_HOST_ADDRESS),
     HOST("result", SEA_LINE_SIGNED, result, SEA_HOST_RESULT),
     HOST("flags", SEA_LINE_NUMBER, flags, SEA_HOST_FLAGS),
     HOST("code", SEA_LINE_SIGNED, code, SEA_HOST_CODE), NUMBER("lsb", struct sea_host_event, lsb),
     NUMBER("pid", struct sea_host_event, tgid), NUMBER("tid", struct sea_host_event, tid),
     NUMBER("cpu", struct sea_host_event, cpu),
     FIELD("text", SEA_LINE_TEXT, struct sea_host_event, text));

#define TICK(json, member) NUMBER(json, struct sea_change, member)

LIST(tick, FIELD("first", SEA_LINE_TIME, struct sea_change, first), TICK("first_ns", first_ns),
     TICK("ticks", ticks), TICK("checked", checked), TICK("overseen", overseen),
     TICK("disarmed", disarmed), TICK("blind_ns", blind_ns), TICK("ended_unseen", ended_unseen),
     TICK("gone_vms", nr_gone), TICK("seen_vms", seen_vms), TICK("answered_early", answered_early));

LIST(state, FIELD("tells_all", SEA_LINE_FLAG, struct sea_tick_state, tells_all),
     FIELD("unproven", SEA_LINE_FLAG, struct sea_tick_state, unproven),
     FIELD("check", SEA_LINE_STATIC, struct sea_tick_state, check),
     FIELD("unchecked", SEA_LINE_STATIC, struct sea_tick_state, unchecked),
     NUMBER("unlisted", struct sea_tick_state, unlisted),
     FIELD("pid_namespace", SEA_LINE_FLAG, struct sea_tick_state, pid_namespace),
     NUMBER("blind_since_ns", struct sea_tick_state, blind_since_ns),
     FIELD("blind_why", SEA_LINE_STATIC, struct sea_tick_state, blind_why),
     FIELD("no_list", SEA_LINE_STATIC, struct sea_tick_state, no_list));

LIST(hook, FIELD("program", SEA_LINE_STATIC, struct sea_hook_state, program),
     FIELD("function", SEA_LINE_STATIC, struct sea_hook_state, function),
     NAME("part", struct sea_hook_state, part, sea_part_name, SEA_PARTS, SEA_PARTS),
     NAME("mechanism", struct sea_hook_state, mechanism, sea_mechanism_name, SEA_MECHANISMS,
	  SEA_MECHANISMS),
     NAME("proof", struct sea_hook_state, proof, sea_proof_name, SEA_PROOFS, SEA_PROOFS),
     FIELD("by", SEA_LINE_STATIC, struct sea_hook_state, by),
     NUMBER("missed", struct sea_hook_state, missed),
     FIELD("missed_at_least", SEA_LINE_FLAG, struct sea_hook_state, missed_at_least));

#define ROW(json, member) NUMBER(json, struct sea_vm_change, member)

LIST(row, ROW("claimed", grown.disposition[SEA_CLAIMED]),
     ROW("host_owned", grown.disposition[SEA_HOST_OWNED]),
     ROW("not_opted_in", grown.disposition[SEA_NOT_OPTED_IN]),
     ROW("forwarded", grown.disposition[SEA_FORWARDED]),
     ROW("unknown", grown.disposition[SEA_UNKNOWN]),
     ROW("no_reason", grown.reason[SEA_REASON_NONE]), ROW("no_ras", grown.reason[SEA_NO_RAS]),
     ROW("vncr", grown.reason[SEA_VNCR]), ROW("s2_walk", grown.reason[SEA_S2_WALK]),
     ROW("ambiguous_walk", grown.reason[SEA_AMBIGUOUS_WALK]),
     ROW("injected", grown.response[SEA_INJECTED]), ROW("resumed", grown.response[SEA_RESUMED]),
     ROW("abandoned", grown.response[SEA_ABANDONED]), ROW("latency_ns", grown.latency_ns),
     ROW("lost_ratelimit", grown.lost_ratelimit), ROW("lost_ring_full", grown.lost_ring_full),
     ROW("lost_name", grown.lost_name),
     FIELD("last", SEA_LINE_HEX, struct sea_vm_change, grown.last),
     FIELD("last_time", SEA_LINE_TIME, struct sea_vm_change, last_wall),
     ROW("ended_ns", grown.ended_ns),
     FIELD("has_left", SEA_LINE_FLAG, struct sea_vm_change, has_left));

LIST(listed, NUMBER("vcpus", struct sea_listed, vcpus),
     NAME("opt_in", struct sea_listed, opt_in, sea_opt_in_name, SEA_OPT_IN_STATES,
	  SEA_OPT_IN_UNKNOWN),
     FIELD("has_before", SEA_LINE_FLAG, struct sea_listed, has_before),
     NUMBER("before_claimed", struct sea_listed, before[SEA_CLAIMED]),
     NUMBER("before_host_owned", struct sea_listed, before[SEA_HOST_OWNED]),
     NUMBER("before_not_opted_in", struct sea_listed, before[SEA_NOT_OPTED_IN]),
     NUMBER("before_forwarded", struct sea_listed, before[SEA_FORWARDED]));

LIST(pruned, FIELD("until", SEA_LINE_TIME, struct sea_pruned, until),
     NUMBER("records", struct sea_pruned, records));
