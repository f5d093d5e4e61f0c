// SPDX-License-Identifier: GPL-2.0-only
/* report-fields.c - what is shown of VMs, pages and groups. */
#include "report/report-fields.h"

#include <string.h>
#include <sys/wait.h>

#include "base/words.h"
#include "model/vm-counters.h"
#include "report/report-fields-internal.h"

#define VM(name, put) SEA_REPORT_GET(vm_##name, sea_report_vm, vms, put)
#define PAGE(name, put) SEA_REPORT_GET(page_##name, sea_report_page, pages, put)
#define GROUP(name, put) SEA_REPORT_GET(group_##name, sea_report_group, groups, put)

/* "killed by SIGBUS" is signal 7 of the exit status. */
static void put_signal(struct sea_value *value, int wait_status)
{
	value->known = wait_status >= 0 && WIFSIGNALED(wait_status);
	value->number = value->known ? (__u64)WTERMSIG(wait_status) : 0;
}

static void put_exit(struct sea_value *value, int wait_status)
{
	value->known = wait_status >= 0 && WIFEXITED(wait_status);
	value->number = value->known ? (__u64)WEXITSTATUS(wait_status) : 0;
}

static void put_key(struct sea_value *value, const struct sea_report_vm *vm)
{
	value->known = vm->key.tgid || vm->key.start_ns;
	sea_vm_key_text(&vm->key, value->buffer);
	value->text = value->buffer;
}

/* What became of it, for the table: the sure ones in a word, the others with a "?" */
static void put_end(struct sea_value *value, const struct sea_report_vm *vm)
{
	static const char *const words[SEA_FATES] = {
		[SEA_FATE_RUNS] = "",
		[SEA_FATE_ENDED] = "ended",
		[SEA_FATE_AFTER] = "ended after?",
		[SEA_FATE_ASKED] = "ended unanswered",
		[SEA_FATE_KILLED] = "SIGBUS",
	};

	sea_report_put_text(value, words[vm->fate]);
	value->number = SEA_FATES - (__u64)vm->fate;
}

VM(name, sea_report_put_text(value, e->name))
VM(host, sea_report_put_text(value, report->hosts[e->host]))
VM(origin, sea_report_put_text(value, e->origin))
VM(key, put_key(value, e))
VM(boot, sea_report_put_text(value, e->boot_id))
VM(uuid, sea_report_put_text(value, e->uuid))
VM(cgroup, sea_report_put_text(value, e->cgroup))
VM(pid, sea_report_put_number(value, e->key.tgid, e->key.tgid))
VM(vcpus, sea_report_put_number(value, e->vcpus, e->vcpus))
VM(opt_in, sea_report_put_text(value, sea_opt_in_name(e->opt_in)))
VM(seen, sea_report_put_time(value, e->first_ns))
VM(ended, sea_report_put_time(value, e->ended_ns))
VM(signal, put_signal(value, e->wait_status))
VM(exit, put_exit(value, e->wait_status))
VM(fate, sea_report_put_text(value, sea_report_fate_name(e->fate)))
VM(end, put_end(value, e))
VM(after, sea_report_put_number(value, e->ended_ns && e->last_sea_ns, e->after_ns))
VM(total, sea_report_put_number(value, true, e->total))
VM(claimed, sea_report_put_number(value, true, e->counts.disposition[SEA_CLAIMED]))
VM(host_owned, sea_report_put_number(value, true, e->counts.disposition[SEA_HOST_OWNED]))
VM(not_opted_in, sea_report_put_number(value, true, e->counts.disposition[SEA_NOT_OPTED_IN]))
VM(forwarded, sea_report_put_number(value, true, e->counts.disposition[SEA_FORWARDED]))
VM(unknown, sea_report_put_number(value, true, e->counts.disposition[SEA_UNKNOWN]))
VM(no_ras, sea_report_put_number(value, true, e->counts.reason[SEA_NO_RAS]))
VM(vncr, sea_report_put_number(value, true, e->counts.reason[SEA_VNCR]))
VM(s2_walk, sea_report_put_number(value, true, e->counts.reason[SEA_S2_WALK]))
VM(walk, sea_report_put_number(value, true, e->counts.reason[SEA_AMBIGUOUS_WALK]))
VM(injected, sea_report_put_number(value, true, e->counts.response[SEA_INJECTED]))
VM(resumed, sea_report_put_number(value, true, e->counts.response[SEA_RESUMED]))
VM(abandoned, sea_report_put_number(value, true, e->counts.response[SEA_ABANDONED]))
VM(pending, sea_report_put_number(value, true, e->pending))
VM(slowest, sea_report_put_number(value, e->slowest_at_ns, e->slowest_ns))
VM(details, sea_report_put_number(value, true, e->details))
VM(unrecorded, sea_report_put_number(value, true, e->unrecorded_total))
VM(unrecorded_claimed, sea_report_put_number(value, true, e->unrecorded[SEA_CLAIMED]))
VM(unrecorded_host_owned, sea_report_put_number(value, true, e->unrecorded[SEA_HOST_OWNED]))
VM(unrecorded_not_opted_in, sea_report_put_number(value, true, e->unrecorded[SEA_NOT_OPTED_IN]))
VM(unrecorded_forwarded, sea_report_put_number(value, true, e->unrecorded[SEA_FORWARDED]))
VM(first, sea_report_put_time(value, e->first_sea_ns))
VM(last, sea_report_put_time(value, e->last_sea_ns))
VM(way, sea_report_put_text(value, e->last_sea_ns ? sea_disposition_name(e->last_disposition) : ""))
VM(reason, sea_report_put_text(value, e->last_reason ? sea_reason_name(e->last_reason) : ""))
VM(pages, sea_report_put_number(value, e->details > e->unknown_pages, e->pages))
VM(shared, sea_report_put_number(value, e->details > e->unknown_pages, e->shared_pages))
VM(unknown_pages, sea_report_put_number(value, true, e->unknown_pages))
VM(sigbus, sea_report_put_number(value, true, e->sigbus))
VM(sigbus_at, sea_report_put_time(value, e->sigbus_ns))

#define FIELD(json, head, what, kind_, unit_, rank_, getter)                              \
	{                                                                                 \
		.path = json, .column = head, .help = what, .kind = kind_, .unit = unit_, \
		.rank = rank_, .get = getter                                              \
	}
#define NUMBER(json, head, what, of, rank_, getter) \
	FIELD(json, head, what, SEA_COUNTER, SEA_UNIT_##of, rank_, getter)
#define TEXT(json, head, what, rank_, getter) \
	FIELD(json, head, what, SEA_TEXT, SEA_UNIT_NONE, rank_, getter)
#define TIME(json, head, what, rank_, getter) \
	FIELD(json, head, what, SEA_TIME, SEA_UNIT_NONE, rank_, getter)

/* In the order of the columns. Those that answer the questions have the lowest rank. */
static const struct sea_field vm_fields[] = {
	{.path = "name",
	 .column = "VM",
	 .help = "name of the VM; other: all VMs past a table's bound",
	 .kind = SEA_TEXT,
	 .cell = SEA_CELL_NAME,
	 .rank = 1,
	 .get = get_vm_name},
	TEXT("host", "ON", "host that it ran on", 1, get_vm_host),
	NUMBER("dispositions.claimed", "CLAIM", "SEAs claimed", SEAS, 1, get_vm_claimed),
	NUMBER("dispositions.host_owned", "HOST", "SEAs host_owned", SEAS, 1, get_vm_host_owned),
	NUMBER("dispositions.not_opted_in", "NOOPT", "SEAs not_opted_in", SEAS, 1,
	       get_vm_not_opted_in),
	NUMBER("dispositions.forwarded", "FWD", "SEAs forwarded", SEAS, 1, get_vm_forwarded),
	NUMBER("dispositions.unknown", "UNKN", "SEAs unknown", SEAS, 3, get_vm_unknown),
	NUMBER("responses.injected", "INJ", "answers injected", ANSWERS, 2, get_vm_injected),
	NUMBER("responses.resumed", "RES", "answers resumed", ANSWERS, 2, get_vm_resumed),
	NUMBER("responses.abandoned", "ABD", "forwarded SEAs whose VM ended first", ANSWERS, 2,
	       get_vm_abandoned),
	NUMBER("responses.pending", "PEND", "forwarded SEAs not answered by the end", SEAS, 1,
	       get_vm_pending),
	NUMBER("seas", "SEAS", "SEAs of all dispositions", SEAS, 1, get_vm_total),
	NUMBER("unrecorded.seas", "UNREC",
	       "SEAs that only the kernel's statistics have: they came outside of the recorded times",
	       SEAS, 2, get_vm_unrecorded),
	NUMBER("pages.hit", "PAGES", "pages that it hit", NONE, 2, get_vm_pages),
	NUMBER("pages.shared", "SHARED", "of them, pages that hit another VM, too", NONE, 3,
	       get_vm_shared),
	NUMBER("pages.unknown", NULL, "SEAs with detail whose page is not known", SEAS, 0,
	       get_vm_unknown_pages),
	TIME("first_sea", "FIRST", "its first SEA; without detail: not later than that", 5,
	     get_vm_first),
	TIME("last_sea", "LAST", "its last SEA", 4, get_vm_last),
	TEXT("last_disposition", NULL, "which way the last one went", 0, get_vm_way),
	TEXT("last_reason", NULL, "and why", 0, get_vm_reason),
	TEXT(NULL, "END", "how the VM ended; ?: after an SEA, by time alone", 1, get_vm_end),
	TEXT("fate", NULL, "runs, ended, ended_after_sea, ended_unanswered or killed_by_sigbus", 0,
	     get_vm_fate),
	TIME("ended", "ENDED", "when it ended", 6, get_vm_ended),
	NUMBER("ended_after_ns", NULL, "from its last SEA to its end", NS, 0, get_vm_after),
	NUMBER("exit.signal", NULL, "signal that killed its VMM", NONE, 0, get_vm_signal),
	NUMBER("exit.status", NULL, "exit status of its VMM", NONE, 0, get_vm_exit),
	NUMBER("reasons.no_ras", NULL, "SEAs of a CPU without FEAT_RAS", SEAS, 0, get_vm_no_ras),
	NUMBER("reasons.vncr", NULL, "SEAs on KVM's VNCR page", SEAS, 0, get_vm_vncr),
	NUMBER("reasons.s2_walk", NULL, "SEAs on the host's own tables", SEAS, 0, get_vm_s2_walk),
	NUMBER("reasons.ambiguous_walk", NULL, "SEAs on a walk of unknown tables", SEAS, 0,
	       get_vm_walk),
	NUMBER("slowest_ns", NULL, "latency of the slowest answer that is told", NS, 0,
	       get_vm_slowest),
	NUMBER("details", NULL, "SEAs that are told one by one", SEAS, 0, get_vm_details),
	NUMBER("unrecorded.claimed", NULL, "of the unrecorded ones, claimed", SEAS, 0,
	       get_vm_unrecorded_claimed),
	NUMBER("unrecorded.host_owned", NULL, "of them, host_owned", SEAS, 0,
	       get_vm_unrecorded_host_owned),
	NUMBER("unrecorded.not_opted_in", NULL, "of them, not_opted_in", SEAS, 0,
	       get_vm_unrecorded_not_opted_in),
	NUMBER("unrecorded.forwarded", NULL, "of them, forwarded", SEAS, 0,
	       get_vm_unrecorded_forwarded),
	NUMBER("sigbus.sent", NULL, "SIGBUS for bad memory sent to its VMM", NONE, 0,
	       get_vm_sigbus),
	TIME("sigbus.last", NULL, "when the last of them was sent", 0, get_vm_sigbus_at),
	TEXT("opt_in", "OPT", "whether the VMM opted in, as known last", 0, get_vm_opt_in),
	NUMBER("vcpus", "VCPUS", "its vCPUs", NONE, 0, get_vm_vcpus),
	NUMBER("pid", "PID", "the VMM's process", NONE, 0, get_vm_pid),
	TIME("seen", "SEEN", "when it was first seen", 0, get_vm_seen),
	TEXT("key", NULL, "TGID-START_NS-CREATOR-FD: tells VMs of a boot apart", 0, get_vm_key),
	TEXT("boot_id", NULL, "boot of its host", 0, get_vm_boot),
	TEXT("origin", NULL, "where its name comes from", 0, get_vm_origin),
	TEXT("uuid", NULL, "UUID that its VMM was told", 0, get_vm_uuid),
	TEXT("cgroup", NULL, "cgroup of its VMM", 0, get_vm_cgroup),
};

const struct sea_fields *sea_report_vm_fields(void)
{
	static const struct sea_fields all = {vm_fields, sizeof(vm_fields) / sizeof(vm_fields[0])};

	return &all;
}

/* "db01 (3), then web (1)" */
static void put_vms(struct sea_value *value, const struct sea_report *report,
		    const struct sea_report_page *page)
{
	size_t i, n = 0;

	for (i = 0; i < page->nr_vms && n < sizeof(value->buffer) - 1; i++)
		n += (size_t)snprintf(value->buffer + n, sizeof(value->buffer) - n,
				      "%s%.64s (%llu)", i ? ", then " : "",
				      report->vms[page->vms[i].vm].name,
				      (unsigned long long)page->vms[i].hits);
	/* A name that was cut may have been cut within a character. */
	value->text = value->buffer;
}

static void put_hold(struct sea_value *value, const struct sea_report_page *page)
{
	sea_report_put_text(value, page->poisoned > 0 ? "yes" : page->poisoned ? "" : "NO");
}

static void put_page(struct sea_value *value, const struct sea_report_item *item,
		     const struct sea_report_page *page)
{
	if (page->has_pfn)
		snprintf(value->buffer, sizeof(value->buffer), "pfn 0x%llx",
			 (unsigned long long)page->pfn);
	else if (item->report->options.addresses)
		snprintf(value->buffer, sizeof(value->buffer), "ipa 0x%llx",
			 (unsigned long long)page->ipa);
	else
		snprintf(value->buffer, sizeof(value->buffer), "guest page #%zu", item->i + 1);
	value->text = value->buffer;
}

PAGE(page, put_page(value, item, e))
PAGE(host, sea_report_put_text(value, report->hosts[e->host]))
PAGE(pfn, sea_report_put_hex(value, e->has_pfn, e->pfn))
PAGE(ipa, sea_report_put_hex(value, !e->has_pfn && report->options.addresses, e->ipa))
PAGE(hits, sea_report_put_number(value, true, e->hits))
PAGE(nr_vms, sea_report_put_number(value, true, e->nr_vms))
PAGE(vms, put_vms(value, report, e))
PAGE(first, sea_report_put_time(value, e->first_ns))
PAGE(last, sea_report_put_time(value, e->last_ns))
PAGE(hold, put_hold(value, e))
PAGE(held, sea_report_put_number(value, e->poisoned >= 0, e->poisoned > 0))
PAGE(size, sea_report_put_number(value, e->size, e->size))
PAGE(node, sea_report_put_number(value, e->node >= 0, (__u64)e->node))
PAGE(failures, sea_report_put_number(value, true, e->failures))
PAGE(taken_out, sea_report_put_number(value, e->has_result, !e->failure_result))

static const struct sea_field page_fields[] = {
	TEXT(NULL, "PAGE", "the host's page frame, or the VM's own page", 1, get_page_page),
	TEXT("host", "ON", "the host", 1, get_page_host),
	TEXT("pfn", NULL, "page frame of the host", 0, get_page_pfn),
	TEXT("ipa", NULL, "address in the VM, where the page frame is not known", 0, get_page_ipa),
	NUMBER("hits", "HITS", "SEAs on it that are told one by one", SEAS, 1, get_page_hits),
	NUMBER("vms", "VMS", "VMs that hit it", VMS, 1, get_page_nr_vms),
	TIME("first", "FIRST", "first hit", 3, get_page_first),
	TIME("last", "LAST", "last hit", 2, get_page_last),
	TEXT(NULL, "HELD", "the host holds the page for bad, as of its last hit", 1, get_page_hold),
	{.path = "held_for_bad",
	 .help = "the host holds the page for bad, as of its last hit",
	 .kind = SEA_FLAG,
	 .get = get_page_held},
	NUMBER("size", "SIZE", "bytes of its mapping", NONE, 0, get_page_size),
	NUMBER("node", "NODE", "its NUMA node", NONE, 0, get_page_node),
	NUMBER("memory_failure.calls", NULL, "times that the host dealt with it", NONE, 0,
	       get_page_failures),
	{.path = "memory_failure.taken_out",
	 .help = "the last of them took the page out",
	 .kind = SEA_FLAG,
	 .get = get_page_taken_out},
	TEXT("hit_vms", "BY", "VMs that hit it, in their order, with how often", 1, get_page_vms),
};

const struct sea_fields *sea_report_page_fields(void)
{
	static const struct sea_fields all = {page_fields,
					      sizeof(page_fields) / sizeof(page_fields[0])};

	return &all;
}

GROUP(label, sea_report_put_text(value, e->label))
GROUP(seas, sea_report_put_number(value, true, e->seas))
GROUP(vms, sea_report_put_number(value, e->vms, e->vms))
GROUP(claimed, sea_report_put_number(value, e->has_ways, e->counts.disposition[SEA_CLAIMED]))
GROUP(host_owned, sea_report_put_number(value, e->has_ways, e->counts.disposition[SEA_HOST_OWNED]))
GROUP(not_opted_in,
      sea_report_put_number(value, e->has_ways, e->counts.disposition[SEA_NOT_OPTED_IN]))
GROUP(forwarded, sea_report_put_number(value, e->has_ways, e->counts.disposition[SEA_FORWARDED]))
GROUP(unknown, sea_report_put_number(value, e->has_ways, e->counts.disposition[SEA_UNKNOWN]))
GROUP(injected, sea_report_put_number(value, e->has_answers, e->counts.response[SEA_INJECTED]))
GROUP(resumed, sea_report_put_number(value, e->has_answers, e->counts.response[SEA_RESUMED]))
GROUP(abandoned, sea_report_put_number(value, e->has_answers, e->counts.response[SEA_ABANDONED]))
GROUP(first, sea_report_put_time(value, e->first_ns))
GROUP(last, sea_report_put_time(value, e->last_ns))

static const struct sea_field group_fields[] = {
	TEXT("group", "GROUP", "what these have in common", 1, get_group_label),
	NUMBER("vms", "VMS", "VMs that took any of them", VMS, 2, get_group_vms),
	NUMBER("dispositions.claimed", "CLAIM", "SEAs claimed", SEAS, 1, get_group_claimed),
	NUMBER("dispositions.host_owned", "HOST", "SEAs host_owned", SEAS, 1, get_group_host_owned),
	NUMBER("dispositions.not_opted_in", "NOOPT", "SEAs not_opted_in", SEAS, 1,
	       get_group_not_opted_in),
	NUMBER("dispositions.forwarded", "FWD", "SEAs forwarded", SEAS, 1, get_group_forwarded),
	NUMBER("dispositions.unknown", "UNKN", "SEAs unknown", SEAS, 3, get_group_unknown),
	NUMBER("responses.injected", "INJ", "answers injected", ANSWERS, 3, get_group_injected),
	NUMBER("responses.resumed", "RES", "answers resumed", ANSWERS, 3, get_group_resumed),
	NUMBER("responses.abandoned", "ABD", "forwarded SEAs whose VM ended first", ANSWERS, 3,
	       get_group_abandoned),
	NUMBER("count", "COUNT", "SEAs; of responses: answers", SEAS, 1, get_group_seas),
	TIME("first", "FIRST", "the first of them", 5, get_group_first),
	TIME("last", "LAST", "the last of them", 4, get_group_last),
};

const struct sea_fields *sea_report_group_fields(void)
{
	static const struct sea_fields all = {group_fields,
					      sizeof(group_fields) / sizeof(group_fields[0])};

	return &all;
}
