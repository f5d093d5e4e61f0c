// SPDX-License-Identifier: GPL-2.0-only
/* report-ways.c - which way SEAs went, and what VMMs answered, in sentences. */
#include "report/report-say.h"

#include "base/words.h"
#include "model/vm-counters.h"

/* The reasons of host_owned SEAs, or "" */
static void add_reasons(const struct sea_report *report, struct sea_text *text)
{
	static const enum sea_reason reasons[] = {SEA_NO_RAS, SEA_VNCR, SEA_S2_WALK};
	const char *ahead = " (";
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		__u64 number = report->counts.reason[reasons[i]];

		if (!number)
			continue;
		sea_text_add(text, "%s%s %llu", ahead, sea_reason_name(reasons[i]), ull(number));
		ahead = ", ";
	}
	if (*ahead == ',')
		sea_text_add(text, ")");
}

int sea_report_answer_way(struct sea_report_maker *m)
{
	static const char *const means[SEA_DISPOSITIONS] = {
		[SEA_CLAIMED] =
			"firmware had reported the error, and the host's RAS code took care",
		[SEA_HOST_OWNED] = "the memory is the host's own, and the guest got an SError",
		[SEA_NOT_OPTED_IN] = "the VMM never opted in, and the guest got an SError",
		[SEA_FORWARDED] = "the VMM was asked",
		[SEA_UNKNOWN] = "cannot be known because this kernel does not let us tell",
	};
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_WAY];
	__u64 walks = report->counts.reason[SEA_AMBIGUOUS_WALK];
	int i;

	if (!report->total)
		return sea_report_say(m, lines, "Nothing went any way.");
	for (i = 0; i < SEA_DISPOSITIONS; i++) {
		__u64 number = report->counts.disposition[i];
		struct sea_text text = {0};

		if (!number)
			continue;
		sea_text_add(&text, "%llu %s", ull(number), sea_disposition_name((unsigned int)i));
		if (i == SEA_HOST_OWNED)
			add_reasons(report, &text);
		sea_text_add(&text, ": %s.", means[i]);
		if (sea_report_say_text(m, lines, &text))
			return -1;
	}
	if (walks &&
	    sea_report_say(
		    m, lines,
		    "%llu ambiguous walk%s: whether a table of the guest's or of the host's was "
		    "bad cannot be known because the CPU does not say.",
		    ull(walks), sea_plural(walks)))
		return -1;
	return 0;
}

/* Who waits: "db01 (1), web (3)" */
static int say_pending(struct sea_report_maker *m, struct sea_report_lines *lines)
{
	struct sea_report *report = m->report;
	struct sea_text text = {0};
	size_t i, named = 0;

	if (!report->pending)
		return 0;
	sea_text_add(&text, "%llu pending: not answered by the end of what was recorded",
		     ull(report->pending));
	for (i = 0; i < report->nr_vms && named < SEA_REPORT_NAMED; i++) {
		if (!report->vms[i].pending)
			continue;
		sea_text_add(&text, "%s%s (%llu%s)", named++ ? ", " : ": ", report->vms[i].name,
			     ull(report->vms[i].pending),
			     report->vms[i].ended_ns ? ", and the VM has ended" : "");
	}
	sea_text_add(&text, ".");
	return sea_report_say_text(m, lines, &text);
}

static int say_slow(struct sea_report_maker *m, struct sea_report_lines *lines)
{
	struct sea_report *report = m->report;
	__u64 p99 = sea_vm_latency_us(&report->counts, 99);
	const struct sea_report_slow *slow = report->slow;
	bool all_told = report->answer_details >= sea_vm_responses(&report->counts);

	/* A bound: if all answers are told, the slowest of them says more. */
	if (p99 && !all_told &&
	    sea_report_say(m, lines, "99%% of the answers took at most %s%s.",
			   sea_report_span(p99 * 1000).text,
			   report->latency_over ? "" : "; none took longer than a second"))
		return -1;
	if (!report->nr_slow)
		return 0;
	return sea_report_say(m, lines, "The slowest that is told took %s: %s, at %s (%s).",
			      sea_report_span(slow->latency_ns).text, report->vms[slow->vm].name,
			      sea_report_when(slow->ns).text, sea_response_name(slow->response));
}

int sea_report_answer_answer(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_ANSWER];
	__u64 forwarded = report->counts.disposition[SEA_FORWARDED];
	const __u64 *response = report->counts.response;
	__u64 answered = response[SEA_INJECTED] + response[SEA_RESUMED];

	if (!forwarded && !answered && !report->pending)
		return sea_report_say(m, lines, "No VMM was asked: no SEA was forwarded.");
	if (sea_report_say(
		    m, lines, "%llu answer%s to %llu forwarded SEA%s: %llu injected, %llu resumed.",
		    ull(answered), sea_plural(answered), ull(forwarded), sea_plural(forwarded),
		    ull(response[SEA_INJECTED]), ull(response[SEA_RESUMED])))
		return -1;
	if (response[SEA_ABANDONED] &&
	    sea_report_say(m, lines, "%llu abandoned: the VM ended first.",
			   ull(response[SEA_ABANDONED])))
		return -1;
	if (say_pending(m, lines) || say_slow(m, lines))
		return -1;
	if (answered + response[SEA_ABANDONED] > forwarded &&
	    sea_report_say(m, lines, "Some of the answers are to SEAs of before that time."))
		return -1;
	if (report->losses[SEA_LOSS_ANSWERS].count &&
	    sea_report_say(
		    m, lines,
		    "What became of %llu more cannot be known because too many waited at once.",
		    ull(report->losses[SEA_LOSS_ANSWERS].count)))
		return -1;
	return 0;
}
