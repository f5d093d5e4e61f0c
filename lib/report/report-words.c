// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-words.c - the questions of a report, and in sentences: whether the data can be
 * trusted, what to do, and all of it in one line.
 */
#include "report/report-say.h"

#include <string.h>

const char *sea_report_question(unsigned int question)
{
	static const char *const questions[SEA_QUESTIONS] = {
		[SEA_ASK_WHO] = "Who was hit?",
		[SEA_ASK_WAY] = "Which way did it go?",
		[SEA_ASK_ANSWER] = "Did the VMM answer?",
		[SEA_ASK_PAGE] = "Which page was it?",
		[SEA_ASK_TRUST] = "Can the data be trusted?",
	};

	return question < SEA_QUESTIONS ? questions[question] : "?";
}

const char *sea_report_question_name(unsigned int question)
{
	static const char *const names[SEA_QUESTIONS] = {
		[SEA_ASK_WHO] = "who",	 [SEA_ASK_WAY] = "way",	    [SEA_ASK_ANSWER] = "answer",
		[SEA_ASK_PAGE] = "page", [SEA_ASK_TRUST] = "trust",
	};

	return question < SEA_QUESTIONS ? names[question] : "invalid";
}

static int say_doubt(struct sea_report_maker *m, const struct sea_report_doubt *doubt)
{
	struct sea_text text = {0};

	sea_text_add(&text, "%s", doubt->text);
	if (doubt->since_ns && doubt->until_ns && doubt->since_ns == doubt->until_ns)
		sea_text_add(&text, " (%s)", sea_report_when(doubt->since_ns).text);
	else if (doubt->since_ns && doubt->until_ns)
		sea_text_add(&text, " (%s to %s, %s)", sea_report_when(doubt->since_ns).text,
			     sea_report_when(doubt->until_ns).text,
			     sea_report_span((__u64)(doubt->until_ns - doubt->since_ns)).text);
	else if (doubt->since_ns)
		sea_text_add(&text, " (from %s on)", sea_report_when(doubt->since_ns).text);
	else if (doubt->until_ns)
		sea_text_add(&text, " (until %s)", sea_report_when(doubt->until_ns).text);
	if (doubt->since_ns || doubt->until_ns)
		sea_report_add_host(m->report, doubt->host, &text);
	sea_text_add(&text, ".");
	if (text.text && text.text[0] >= 'a' && text.text[0] <= 'z' &&
	    strcmp(doubt->kind, "loss") && strcmp(doubt->kind, "newer"))
		text.text[0] = (char)(text.text[0] - 'a' + 'A');
	return sea_report_say_text(m, &m->report->answers[SEA_ASK_TRUST], &text);
}

static int answer_trust(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_TRUST];
	__u64 at[SEA_LEVELS] = {0};
	size_t i;
	int rc;

	for (i = 0; i < report->nr_doubts; i++)
		at[report->doubts[i].level]++;
	if (at[SEA_LEVEL_COUNTS])
		rc = sea_report_say(m, lines,
				    "Not all of it: SEAs may be missing from the counts.");
	else if (at[SEA_LEVEL_ANSWERS])
		rc = sea_report_say(m, lines,
				    "Counts of SEAs are exact; responses may be missing.");
	else if (at[SEA_LEVEL_DETAILS])
		rc = sea_report_say(m, lines,
				    "Counts are exact; not every SEA is told one by one.");
	else
		rc = sea_report_say(m, lines, "Yes: nothing that counts is known to be missing.");
	if (!rc && report->checked)
		rc = sea_report_say(m, lines, "A second hook saw %llu SEAs; %llu were counted.",
				    ull(report->checked), ull(report->total));
	for (i = 0; !rc && i < report->nr_doubts && i < 2 * SEA_REPORT_NAMED; i++)
		rc = say_doubt(m, &report->doubts[i]);
	if (!rc && report->nr_doubts > 2 * SEA_REPORT_NAMED)
		rc = sea_report_say(m, lines, "%zu more remarks: see --json or --html.",
				    report->nr_doubts - 2 * SEA_REPORT_NAMED);
	return rc;
}

static int list_acts(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	__u64 died = 0, waiting = 0;
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		died += sea_report_is_act(&report->vms[i]);
		/* What waits for a VMM that has ended waits no more. */
		waiting += report->vms[i].ended_ns ? 0 : report->vms[i].pending;
	}
	if (died &&
	    sea_report_say(
		    m, &report->acts,
		    "%llu VM%s ended soon after an SEA: tell %s owner%s, and look at the memory.",
		    ull(died), sea_plural(died), died == 1 ? "its" : "their", sea_plural(died)))
		return -1;
	if (waiting &&
	    sea_report_say(
		    m, &report->acts,
		    "%llu SEA%s wait%s for an answer: is the VMM stuck? The vCPU does not run "
		    "meanwhile.",
		    ull(waiting), sea_plural(waiting), waiting == 1 ? "s" : ""))
		return -1;
	if (report->counts.disposition[SEA_HOST_OWNED] &&
	    sea_report_say(
		    m, &report->acts,
		    "%llu SEA%s hit memory of the host's own (tables of KVM): the VM does not get well "
		    "by itself, and its pages go to others when it ends; move the VMs away, and have "
		    "the memory looked at.",
		    ull(report->counts.disposition[SEA_HOST_OWNED]),
		    sea_plural(report->counts.disposition[SEA_HOST_OWNED])))
		return -1;
	return sea_report_act_on_pages(m);
}

static int headline(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	__u64 hit = sea_report_count_hit(report), died = 0;
	struct sea_text text = {0};
	size_t i;

	for (i = 0; i < report->nr_vms; i++)
		died += sea_report_is_act(&report->vms[i]);
	if (!report->total)
		sea_text_add(&text, "no SEA was counted");
	else
		sea_text_add(&text, "%llu SEA%s hit %llu VM%s", ull(report->total),
			     sea_plural(report->total), ull(hit), sea_plural(hit));
	if (died)
		sea_text_add(&text, "; %llu of them ended soon after", ull(died));
	if (report->pending)
		sea_text_add(&text, "; %llu unanswered", ull(report->pending));
	if (report->unrecorded)
		sea_text_add(&text, "; %llu %soutside of the recorded times",
			     ull(report->unrecorded), report->total ? "more " : "");
	if (report->nr_doubts && report->doubts[0].level == SEA_LEVEL_COUNTS)
		sea_text_add(&text, "; DATA INCOMPLETE");
	return sea_report_say_text(m, &report->headline, &text);
}

int sea_report_add_words(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;

	if (sea_report_answer_who(m) || sea_report_answer_way(m) || sea_report_answer_answer(m) ||
	    sea_report_answer_page(m) || answer_trust(m) || list_acts(m) || headline(m))
		return -1;
	/* What was found is certain, whatever else may be missing. */
	if (report->acts.nr)
		report->status = SEA_STATUS_FOUND;
	else if (report->nr_doubts && report->doubts[0].level == SEA_LEVEL_COUNTS)
		report->status = SEA_STATUS_INCOMPLETE;
	return 0;
}
