// SPDX-License-Identifier: GPL-2.0-only
/* report-lists.c - what is shown of the rest of a report, and which lists it has. */
#include "report/report-fields.h"

#include "arm/esr.h"
#include "base/words.h"
#include "report/report-fields-internal.h"

#define SLOW(name, put) SEA_REPORT_GET(slow_##name, sea_report_slow, slow, put)
#define ESR(name, put) SEA_REPORT_GET(esr_##name, sea_report_esr, esrs, put)
#define EVENT(name, put) SEA_REPORT_GET(event_##name, sea_report_event, events, put)
#define DOUBT(name, put) SEA_REPORT_GET(doubt_##name, sea_report_doubt, doubts, put)
#define SESSION(name, put) SEA_REPORT_GET(session_##name, sea_report_session, sessions, put)
#define FILE_(name, put) SEA_REPORT_GET(file_##name, sea_report_file, files, put)

#define FIELD(json, what, kind_, unit_, getter)                                         \
	{                                                                               \
		.path = json, .help = what, .kind = kind_, .unit = unit_, .get = getter \
	}
#define NUMBER(json, what, of, getter) FIELD(json, what, SEA_COUNTER, SEA_UNIT_##of, getter)
#define TEXT(json, what, getter) FIELD(json, what, SEA_TEXT, SEA_UNIT_NONE, getter)
#define TIME(json, what, getter) FIELD(json, what, SEA_TIME, SEA_UNIT_NONE, getter)
#define FLAG(json, what, getter) FIELD(json, what, SEA_FLAG, SEA_UNIT_NONE, getter)

#define LIST_OF(name, fields)                                                                      \
	const struct sea_fields *name(void)                                                        \
	{                                                                                          \
		static const struct sea_fields all = {fields, sizeof(fields) / sizeof(fields[0])}; \
                                                                                                   \
		return &all;                                                                       \
	}

SLOW(vm, sea_report_put_text(value, report->vms[e->vm].name))
SLOW(host, sea_report_put_text(value, report->hosts[report->vms[e->vm].host]))
SLOW(at, sea_report_put_time(value, e->ns))
SLOW(latency, sea_report_put_number(value, true, e->latency_ns))
SLOW(response, sea_report_put_text(value, sea_response_name(e->response)))

static const struct sea_field slow_fields[] = {
	TEXT("vm", "name of the VM", get_slow_vm),
	TEXT("host", "host that it ran on", get_slow_host),
	TIME("answered", "when it was answered", get_slow_at),
	NUMBER("latency_ns", "from the exit to the answer", NS, get_slow_latency),
	TEXT("response", "injected, resumed or abandoned", get_slow_response),
};

LIST_OF(sea_report_slow_fields, slow_fields)

static void put_esr(struct sea_value *value, __u64 esr)
{
	sea_esr_format(esr, value->buffer, sizeof(value->buffer));
	value->text = value->buffer;
}

ESR(esr, sea_report_put_hex(value, true, e->esr))
ESR(text, put_esr(value, e->esr))
ESR(disposition, sea_report_put_text(value, sea_disposition_name(e->disposition)))
ESR(reason, sea_report_put_text(value, e->reason ? sea_reason_name(e->reason) : ""))
ESR(hits, sea_report_put_number(value, true, e->hits))
ESR(first, sea_report_put_time(value, e->first_ns))
ESR(last, sea_report_put_time(value, e->last_ns))

static const struct sea_field esr_fields[] = {
	TEXT("esr", "ESR_EL2 as the abort left it", get_esr_esr),
	TEXT("decoded", "the same in words", get_esr_text),
	TEXT("disposition", "which way these went", get_esr_disposition),
	TEXT("reason", "and why", get_esr_reason),
	NUMBER("seas", "how many are told one by one", SEAS, get_esr_hits),
	TIME("first", "the first of them", get_esr_first),
	TIME("last", "the last of them", get_esr_last),
};

LIST_OF(sea_report_syndrome_fields, esr_fields)

static void put_vm_of_event(struct sea_value *value, const struct sea_report *report,
			    const struct sea_report_event *e)
{
	sea_report_put_text(value, e->vm ? report->vms[e->vm - 1].name : "");
}

EVENT(time, sea_report_put_time(value, e->ns))
EVENT(host, sea_report_put_text(value, report->hosts[e->host]))
EVENT(kind, sea_report_put_text(value, sea_host_kind_name(e->event.kind)))
EVENT(vm, put_vm_of_event(value, report, e))
EVENT(linked, sea_report_put_text(value, e->linked_vm ? report->vms[e->linked_vm - 1].name : ""))
EVENT(link, sea_report_put_text(value, e->link))
EVENT(pfn, sea_report_put_hex(value, e->event.known &SEA_HOST_PFN, e->event.pfn))
EVENT(address, sea_report_put_hex(value, e->event.known &SEA_HOST_ADDRESS, e->event.address))
EVENT(result,
      sea_report_put_number(value, e->event.known &SEA_HOST_RESULT,
			    e->event.result < 0 ? (__u64)-e->event.result : (__u64)e->event.result))
EVENT(code, sea_report_put_number(value, e->event.known &SEA_HOST_CODE, (__u64)e->event.code))
EVENT(tgid, sea_report_put_number(value, e->event.tgid, e->event.tgid))
EVENT(cpu, sea_report_put_number(value, true, e->event.cpu))
EVENT(text, sea_report_put_text(value, e->event.text))

static const struct sea_field event_fields[] = {
	TIME("time", "when it happened", get_event_time),
	TEXT("host", "on which host", get_event_host),
	TEXT("kind", "memory_failure, sigbus, arm_event, ...", get_event_kind),
	TEXT("vm", "VM that it is about", get_event_vm),
	TEXT("linked_vm", "of one that names no VM: VM whose SEA is of the same error",
	     get_event_linked),
	TEXT("link", "by what it is linked to that one, and how sure that is", get_event_link),
	TEXT("pfn", "page frame", get_event_pfn),
	TEXT("address", "of a SIGBUS: in the VMM; else physical", get_event_address),
	NUMBER("error", "errno that memory_failure() returned, 0: none; of its event: its result",
	       NONE, get_event_result),
	NUMBER("code", "si_code of a SIGBUS", NONE, get_event_code),
	NUMBER("pid", "process that got the SIGBUS", NONE, get_event_tgid),
	NUMBER("cpu", "CPU that it happened on", NONE, get_event_cpu),
	TEXT("text", "what was said of it", get_event_text),
};

LIST_OF(sea_report_event_fields, event_fields)

DOUBT(level, sea_report_put_text(value, sea_report_level_name(e->level)))
DOUBT(kind, sea_report_put_text(value, e->kind))
DOUBT(host, sea_report_put_text(value, e->host < report->nr_hosts ? report->hosts[e->host] : ""))
DOUBT(since, sea_report_put_time(value, e->since_ns))
DOUBT(until, sea_report_put_time(value, e->until_ns))
DOUBT(text, sea_report_put_text(value, e->text))

static const struct sea_field doubt_fields[] = {
	TEXT("level", "what it is about: counts, answers, details, names, note", get_doubt_level),
	TEXT("kind", "gap, loss, unproven, blind, unchecked, pruned, redacted, ...",
	     get_doubt_kind),
	TEXT("host", "on which host; null: not of one", get_doubt_host),
	TIME("since", "from when on", get_doubt_since),
	TIME("until", "until when; null: to the end, or not known", get_doubt_until),
	TEXT("text", "in words", get_doubt_text),
};

LIST_OF(sea_report_doubt_fields, doubt_fields)

SESSION(run, sea_report_put_text(value, e->session.run))
SESSION(boot, sea_report_put_text(value, e->session.boot_id))
SESSION(host, sea_report_put_text(value, e->session.host))
SESSION(kernel, sea_report_put_text(value, e->session.kernel))
SESSION(machine, sea_report_put_text(value, e->session.machine))
SESSION(program, sea_report_put_text(value, e->session.program))
SESSION(version, sea_report_put_text(value, e->session.version))
SESSION(source, sea_report_put_text(value, e->session.source))
SESSION(started, sea_report_put_time(value, e->session.started_ns))
SESSION(ended, sea_report_put_time(value, e->session.ended_ns))
SESSION(last, sea_report_put_time(value, e->session.last_ns))
SESSION(end, sea_report_put_text(value, sea_session_end_name(e->session.end)))
SESSION(redacted, sea_report_put_number(value, true, e->session.redacted))
SESSION(file, sea_report_put_text(value, report->files[e->file].path))

static const struct sea_field session_fields[] = {
	TEXT("run", "UUID of the run", get_session_run),
	TEXT("boot_id", "boot of the host", get_session_boot),
	TEXT("host", "name of the host", get_session_host),
	TEXT("kernel", "its kernel", get_session_kernel),
	TEXT("machine", "its architecture", get_session_machine),
	TEXT("program", "what counted", get_session_program),
	TEXT("version", "of the program", get_session_version),
	TEXT("source", "of the counts: tracepoint, trampoline, kprobe, or an import",
	     get_session_source),
	TIME("started", "when counting began", get_session_started),
	TIME("ended", "when it ended; null: nobody said", get_session_ended),
	TIME("last_tick", "until then it is known to have counted", get_session_last),
	TEXT("end", "runs, stopped, failed or lost", get_session_end),
	FLAG("redacted", "addresses of guests were taken out", get_session_redacted),
	TEXT("file", "recording that it is taken from", get_session_file),
};

LIST_OF(sea_report_session_fields, session_fields)

FILE_(path, sea_report_put_text(value, e->path))
FILE_(sessions, sea_report_put_number(value, true, e->nr_sessions))
FILE_(skipped, sea_report_put_number(value, true, e->nr_skipped))
FILE_(caveat, sea_report_put_text(value, e->caveat))

static const struct sea_field file_fields[] = {
	TEXT("path", "the recording", get_file_path),
	NUMBER("sessions", "sessions in it", NONE, get_file_sessions),
	NUMBER("skipped", "of them, those of which another file has more", NONE, get_file_skipped),
	TEXT("caveat", "what whoever reads has to know", get_file_caveat),
};

LIST_OF(sea_report_file_fields, file_fields)

#define REPORT(name, put)                                                   \
	static void get_##name(const void *object, struct sea_value *value) \
	{                                                                   \
		const struct sea_report_item *item = object;                \
		const struct sea_report *e = item->report;                  \
                                                                            \
		put;                                                        \
	}

/* The two ends of the window are no moments if nobody gave them. */
static void put_edge(struct sea_value *value, __s64 ns)
{
	sea_report_put_time(value, ns == INT64_MIN || ns == INT64_MAX ? 0 : ns);
}

REPORT(made, sea_report_put_time(value, e->options.now_ns))
REPORT(since, put_edge(value, e->options.window.since_ns))
REPORT(until, put_edge(value, e->options.window.until_ns))
REPORT(first, sea_report_put_time(value, e->first_ns))
REPORT(last, sea_report_put_time(value, e->last_ns))
REPORT(filter, sea_report_put_text(value, e->options.filter.glob))
REPORT(filter_text, sea_report_put_text(value, e->options.filter.text))
REPORT(filter_pid, sea_report_put_number(value, e->options.filter.pid, e->options.filter.pid))
REPORT(left_out_vms, sea_report_put_number(value, true, e->left_out_vms))
REPORT(left_out_seas, sea_report_put_number(value, true, e->left_out_seas))
REPORT(active, sea_report_put_number(value, true, e->options.filter.active))
REPORT(running, sea_report_put_number(value, true, e->options.filter.not_ended))
REPORT(shown, sea_report_put_number(value, true, e->table.nr))
REPORT(more, sea_report_put_number(value, true, e->table.more))
REPORT(hidden, sea_report_put_number(value, true, e->table.hidden))
REPORT(hidden_seas, sea_report_put_number(value, true, e->table.hidden_seas))
REPORT(by, sea_report_put_text(value, sea_report_by_name(e->options.by)))
REPORT(status, sea_report_put_number(value, true, e->status))
REPORT(headline, sea_report_put_text(value, e->headline.nr ? e->headline.line[0] : ""))
REPORT(total, sea_report_put_number(value, true, e->total))
REPORT(pending, sea_report_put_number(value, true, e->pending))
REPORT(details, sea_report_put_number(value, true, e->details))
REPORT(answer_details, sea_report_put_number(value, true, e->answer_details))
REPORT(seen, sea_report_put_number(value, true, e->vms_seen))
REPORT(ended, sea_report_put_number(value, true, e->vms_ended))
REPORT(checked, sea_report_put_number(value, true, e->checked))
REPORT(unknown_pages, sea_report_put_number(value, true, e->unknown_pages))
REPORT(untold_pages, sea_report_put_number(value, true, e->untold_pages))
REPORT(untold_events, sea_report_put_number(value, true, e->untold_events))

#define COUNT(json, member, what, of)                                                   \
	{                                                                               \
		.path = json, .help = what, .kind = SEA_COUNTER, .unit = SEA_UNIT_##of, \
		.get = get_count_##member                                               \
	}

REPORT(count_claimed, sea_report_put_number(value, true, e->counts.disposition[SEA_CLAIMED]))
REPORT(count_host_owned, sea_report_put_number(value, true, e->counts.disposition[SEA_HOST_OWNED]))
REPORT(count_not_opted_in,
       sea_report_put_number(value, true, e->counts.disposition[SEA_NOT_OPTED_IN]))
REPORT(count_forwarded, sea_report_put_number(value, true, e->counts.disposition[SEA_FORWARDED]))
REPORT(count_unknown, sea_report_put_number(value, true, e->counts.disposition[SEA_UNKNOWN]))
REPORT(count_no_ras, sea_report_put_number(value, true, e->counts.reason[SEA_NO_RAS]))
REPORT(count_vncr, sea_report_put_number(value, true, e->counts.reason[SEA_VNCR]))
REPORT(count_s2_walk, sea_report_put_number(value, true, e->counts.reason[SEA_S2_WALK]))
REPORT(count_walk, sea_report_put_number(value, true, e->counts.reason[SEA_AMBIGUOUS_WALK]))
REPORT(count_injected, sea_report_put_number(value, true, e->counts.response[SEA_INJECTED]))
REPORT(count_resumed, sea_report_put_number(value, true, e->counts.response[SEA_RESUMED]))
REPORT(count_abandoned, sea_report_put_number(value, true, e->counts.response[SEA_ABANDONED]))

static const struct sea_field report_fields[] = {
	TIME("made", "when the report was made", get_made),
	TIME("since", "from when on was asked for; null: from the beginning", get_since),
	TIME("until", "and until when, without it; null: to the end", get_until),
	TIME("covered.since", "the first moment that the counts cover", get_first),
	TIME("covered.until", "and the last", get_last),
	TEXT("vm_filter", "only VMs of such a name; null: all", get_filter),
	TEXT("filter.text", "only VMs that this finds; null: all", get_filter_text),
	NUMBER("filter.pid", "only VMs of this process; null: all", NONE, get_filter_pid),
	NUMBER("filter.left_out.vms", "VMs with SEAs that are not asked for", VMS,
	       get_left_out_vms),
	NUMBER("filter.left_out.seas", "their SEAs, which are in no number here", SEAS,
	       get_left_out_seas),
	TEXT("by", "what the groups are of", get_by),
	FLAG("table.active", "the table is of VMs with SEAs", get_active),
	FLAG("table.running", "the table is of VMs that run", get_running),
	NUMBER("table.rows", "elements of the list that the table is of, in its order", NONE,
	       get_shown),
	NUMBER("table.more", "and those that --rows leaves out", NONE, get_more),
	NUMBER("table.hidden.vms", "VMs that --active and --running leave out", VMS, get_hidden),
	NUMBER("table.hidden.seas", "their SEAs, which are in all other numbers", SEAS,
	       get_hidden_seas),
	NUMBER("status", "exit status: 0, 1 something to act on, 2 data incomplete", NONE,
	       get_status),
	TEXT("headline", "the report in a sentence", get_headline),
	NUMBER("totals.seas", "SEAs", SEAS, get_total),
	COUNT("totals.dispositions.claimed", claimed, "SEAs claimed", SEAS),
	COUNT("totals.dispositions.host_owned", host_owned, "SEAs host_owned", SEAS),
	COUNT("totals.dispositions.not_opted_in", not_opted_in, "SEAs not_opted_in", SEAS),
	COUNT("totals.dispositions.forwarded", forwarded, "SEAs forwarded", SEAS),
	COUNT("totals.dispositions.unknown", unknown, "SEAs unknown", SEAS),
	COUNT("totals.reasons.no_ras", no_ras, "SEAs of CPUs without FEAT_RAS", SEAS),
	COUNT("totals.reasons.vncr", vncr, "SEAs on KVM's VNCR page", SEAS),
	COUNT("totals.reasons.s2_walk", s2_walk, "SEAs on the host's own tables", SEAS),
	COUNT("totals.reasons.ambiguous_walk", walk, "SEAs on a walk of unknown tables", SEAS),
	COUNT("totals.responses.injected", injected, "answers injected", ANSWERS),
	COUNT("totals.responses.resumed", resumed, "answers resumed", ANSWERS),
	COUNT("totals.responses.abandoned", abandoned, "forwarded SEAs whose VM ended first",
	      ANSWERS),
	NUMBER("totals.responses.pending", "forwarded SEAs not answered by the end", SEAS,
	       get_pending),
	NUMBER("totals.details", "SEAs that are told one by one", SEAS, get_details),
	NUMBER("totals.answer_details", "answers that are told one by one", ANSWERS,
	       get_answer_details),
	NUMBER("totals.checked", "SEAs that a second hook saw", SEAS, get_checked),
	NUMBER("totals.vms_seen", "VMs that were there", VMS, get_seen),
	NUMBER("totals.vms_ended", "of them, those that ended", VMS, get_ended),
	NUMBER("totals.pages_unknown", "SEAs with detail whose page is not known", SEAS,
	       get_unknown_pages),
	NUMBER("totals.pages_untold", "SEAs on pages past the bound of the list", SEAS,
	       get_untold_pages),
	NUMBER("totals.events_untold", "host events past the bound of their list", NONE,
	       get_untold_events),
};

LIST_OF(sea_report_fields, report_fields)

#define LIST(name, member, what, fields)                                     \
	{                                                                    \
		name, what, fields, offsetof(struct sea_report, nr_##member) \
	}

static const struct sea_report_list lists[] = {
	LIST("vms", vms, "VMs that were hit, most SEAs first", sea_report_vm_fields),
	LIST("pages", pages, "pages that were hit, most VMs first", sea_report_page_fields),
	LIST("groups", groups, "counts by what --by names", sea_report_group_fields),
	LIST("slow_answers", slow, "the slowest answers that are told", sea_report_slow_fields),
	LIST("syndromes", esrs, "what the CPU said, in words", sea_report_syndrome_fields),
	LIST("host_events", events, "what the hosts' own RAS code did", sea_report_event_fields),
	LIST("doubts", doubts, "what makes the data doubtful, worst first",
	     sea_report_doubt_fields),
	LIST("sessions", sessions, "runs of the recorder", sea_report_session_fields),
	LIST("files", files, "recordings", sea_report_file_fields),
};

const struct sea_report_list *sea_report_list(size_t i)
{
	return i < sizeof(lists) / sizeof(lists[0]) ? &lists[i] : NULL;
}

size_t sea_report_list_length(const struct sea_report_list *list, const struct sea_report *report)
{
	return *(const size_t *)(const void *)((const char *)report + list->nr_offset);
}

const struct sea_report_list *sea_report_table_of(enum sea_report_by by)
{
	switch (by) {
	case SEA_BY_VM:
		return &lists[0];
	case SEA_BY_PAGE:
		return &lists[1];
	default:
		return &lists[2];
	}
}

const struct sea_report_list *sea_report_table(const struct sea_report *report)
{
	return sea_report_table_of(report->options.by);
}
