// SPDX-License-Identifier: GPL-2.0-only
/* report-words.c - the five answers of a report, in sentences. */
#include "report/report.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/text.h"
#include "base/when.h"
#include "base/words.h"
#include "model/clock.h"
#include "model/vm-counters.h"
#include "report/report-internal.h"

/* So many VMs, pages and doubts are named in sentences; the tables have all. */
#define NAMED 5

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

/* A sentence at the end. */
static int __attribute__((format(printf, 3, 4)))
say(struct sea_report_maker *m, struct sea_report_lines *lines, const char *format, ...)
{
	char *line = NULL, **at;
	va_list args;

	va_start(args, format);
	if (vasprintf(&line, format, args) < 0)
		line = NULL;
	va_end(args);
	at = line ? sea_report_grow(&lines->line, &lines->nr, sizeof(*at), m->err) : NULL;
	if (!at) {
		free(line);
		return sea_report_out_of_memory(m->err);
	}
	*at = line;
	return 0;
}

/* Takes the text as a sentence, and frees it; an empty one is none. */
static int say_text(struct sea_report_maker *m, struct sea_report_lines *lines,
		    struct sea_text *text)
{
	int rc = 0;

	if (text->failed)
		rc = sea_report_out_of_memory(m->err);
	else if (text->len)
		rc = say(m, lines, "%s", text->text);
	sea_text_free(text);
	return rc;
}

static const char *plural(__u64 number)
{
	return number == 1 ? "" : "s";
}

static unsigned long long ull(__u64 number)
{
	return number;
}

struct when {
	char text[SEA_WHEN_LEN];
};

static struct when when(__s64 ns)
{
	struct timespec time = sea_time_from_ns(ns);
	struct when when;

	sea_when_text(&time, when.text);
	return when;
}

static struct when span(__u64 ns)
{
	struct when when;

	sea_when_span(ns, when.text);
	return when;
}

/* " on rack7", if the report is of several hosts */
static void add_host(const struct sea_report *report, __u32 host, struct sea_text *text)
{
	if (report->nr_hosts > 1)
		sea_text_add(text, " on %s", report->hosts[host]);
}

/* What the VMM's exit status says: "killed by SIGBUS", "exit status 1" */
static void add_status(const struct sea_report_vm *vm, struct sea_text *text)
{
	if (vm->wait_status < 0)
		return;
	if (WIFSIGNALED(vm->wait_status)) {
		const char *name = sigabbrev_np(WTERMSIG(vm->wait_status));

		if (name)
			sea_text_add(text, ", killed by SIG%s", name);
		else
			sea_text_add(text, ", killed by signal %d", WTERMSIG(vm->wait_status));
	} else if (WIFEXITED(vm->wait_status)) {
		sea_text_add(text, ", with exit status %d", WEXITSTATUS(vm->wait_status));
	}
}

/* How an end has to do with SEAs, and how sure that is */
static void add_fate(const struct sea_report_vm *vm, struct sea_text *text)
{
	switch (vm->fate) {
	case SEA_FATE_KILLED:
		sea_text_add(text, "it died of bad memory%s",
			     vm->sigbus ? ", of which the host sent its VMM a SIGBUS" : "");
		break;
	case SEA_FATE_ASKED:
		sea_text_add(text, "it ended while an SEA waited for its VMM's answer");
		break;
	case SEA_FATE_AFTER:
		sea_text_add(
			text, "that may be the cause; %s",
			vm->wait_status < 0 ?
				"it cannot be known, as its VMM's exit status is not recorded" :
				"its VMM's exit status does not say so");
		break;
	default:
		sea_text_add(text, "nothing says that an SEA had to do with it");
	}
}

static bool is_act(const struct sea_report_vm *vm)
{
	return vm->fate == SEA_FATE_AFTER || vm->fate == SEA_FATE_ASKED ||
	       vm->fate == SEA_FATE_KILLED;
}

static int say_end(struct sea_report_maker *m, const struct sea_report_vm *vm)
{
	struct sea_text text = {0};

	sea_text_add(&text, "%s", vm->name);
	add_host(m->report, vm->host, &text);
	sea_text_add(&text, " ended at %s", when(vm->ended_ns).text);
	add_status(vm, &text);
	if (vm->last_sea_ns) {
		const char *reason = vm->last_reason ? sea_reason_text(vm->last_reason) : NULL;

		sea_text_add(&text, ", %s after its last SEA (%s%s%s)", span(vm->after_ns).text,
			     sea_disposition_name(vm->last_disposition), reason ? ", " : "",
			     reason ? reason : "");
	}
	sea_text_add(&text, ": ");
	add_fate(vm, &text);
	sea_text_add(&text, ".");
	return say_text(m, &m->report->answers[SEA_ASK_WHO], &text);
}

static int say_ends(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	size_t i, named = 0, more = 0;

	for (i = 0; i < report->nr_vms; i++) {
		if (!is_act(&report->vms[i]))
			continue;
		if (named++ < NAMED) {
			if (say_end(m, &report->vms[i]))
				return -1;
		} else {
			more++;
		}
	}
	if (!more)
		return 0;
	return say(m, &report->answers[SEA_ASK_WHO],
		   "%zu more VM%s ended soon after an SEA: see the table.", more, plural(more));
}

static __u64 count_hit(const struct sea_report *report)
{
	__u64 hit = 0;
	size_t i;

	for (i = 0; i < report->nr_vms; i++)
		hit += report->vms[i].total && !report->vms[i].is_other;
	return hit;
}

/* "db01 (10), web (2) and 3 more" */
static void name_vms(const struct sea_report *report, __u64 hit, struct sea_text *text)
{
	size_t i, named = 0;

	for (i = 0; i < report->nr_vms && named < NAMED; i++) {
		const struct sea_report_vm *vm = &report->vms[i];

		if (!vm->total || vm->is_other)
			continue;
		sea_text_add(text, "%s%s", named++ ? ", " : ": ", vm->name);
		add_host(report, vm->host, text);
		sea_text_add(text, " (%llu)", ull(vm->total));
	}
	if (hit > named)
		sea_text_add(text, " and %llu more", ull(hit - named));
}

static int answer_who(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_WHO];
	__u64 hit = count_hit(report);
	struct sea_text text = {0};
	size_t i;

	if (!report->total)
		return say(m, lines, "Nobody: no SEA was counted, and %llu VM%s there.",
			   ull(report->vms_seen), report->vms_seen == 1 ? " was" : "s were");
	sea_text_add(&text, "%llu VM%s of %llu took %llu SEA%s", ull(hit), plural(hit),
		     ull(report->vms_seen > hit ? report->vms_seen : hit), ull(report->total),
		     plural(report->total));
	name_vms(report, hit, &text);
	sea_text_add(&text, ".");
	if (say_text(m, lines, &text))
		return -1;
	for (i = 0; i < report->nr_vms; i++)
		if (report->vms[i].is_other && report->vms[i].total &&
		    say(m, lines,
			"Whose %llu of them are cannot be known because more VMs were hit than "
			"the recorder had rows for (--max-vms).",
			ull(report->vms[i].total)))
			return -1;
	return say_ends(m);
}

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

static int answer_way(struct sea_report_maker *m)
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
		return say(m, lines, "Nothing went any way.");
	for (i = 0; i < SEA_DISPOSITIONS; i++) {
		__u64 number = report->counts.disposition[i];
		struct sea_text text = {0};

		if (!number)
			continue;
		sea_text_add(&text, "%llu %s", ull(number), sea_disposition_name((unsigned int)i));
		if (i == SEA_HOST_OWNED)
			add_reasons(report, &text);
		sea_text_add(&text, ": %s.", means[i]);
		if (say_text(m, lines, &text))
			return -1;
	}
	if (walks &&
	    say(m, lines,
		"%llu ambiguous walk%s: whether a table of the guest's or of the host's was "
		"bad cannot be known because the CPU does not say.",
		ull(walks), plural(walks)))
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
	for (i = 0; i < report->nr_vms && named < NAMED; i++) {
		if (!report->vms[i].pending)
			continue;
		sea_text_add(&text, "%s%s (%llu%s)", named++ ? ", " : ": ", report->vms[i].name,
			     ull(report->vms[i].pending),
			     report->vms[i].ended_ns ? ", and the VM has ended" : "");
	}
	sea_text_add(&text, ".");
	return say_text(m, lines, &text);
}

static int say_slow(struct sea_report_maker *m, struct sea_report_lines *lines)
{
	struct sea_report *report = m->report;
	__u64 p99 = sea_vm_latency_us(&report->counts, 99);
	const struct sea_report_slow *slow = report->slow;
	bool all_told = report->answer_details >= sea_vm_responses(&report->counts);

	/* A bound: if all answers are told, the slowest of them says more. */
	if (p99 && !all_told &&
	    say(m, lines, "99%% of the answers took at most %s%s.", span(p99 * 1000).text,
		report->latency_over ? "" : "; none took longer than a second"))
		return -1;
	if (!report->nr_slow)
		return 0;
	return say(m, lines, "The slowest that is told took %s: %s, at %s (%s).",
		   span(slow->latency_ns).text, report->vms[slow->vm].name, when(slow->ns).text,
		   sea_response_name(slow->response));
}

static int answer_answer(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_ANSWER];
	__u64 forwarded = report->counts.disposition[SEA_FORWARDED];
	const __u64 *response = report->counts.response;
	__u64 answered = response[SEA_INJECTED] + response[SEA_RESUMED];

	if (!forwarded && !answered && !report->pending)
		return say(m, lines, "No VMM was asked: no SEA was forwarded.");
	if (say(m, lines, "%llu answer%s to %llu forwarded SEA%s: %llu injected, %llu resumed.",
		ull(answered), plural(answered), ull(forwarded), plural(forwarded),
		ull(response[SEA_INJECTED]), ull(response[SEA_RESUMED])))
		return -1;
	if (response[SEA_ABANDONED] &&
	    say(m, lines, "%llu abandoned: the VM ended first.", ull(response[SEA_ABANDONED])))
		return -1;
	if (say_pending(m, lines) || say_slow(m, lines))
		return -1;
	if (answered + response[SEA_ABANDONED] > forwarded &&
	    say(m, lines, "Some of the answers are to SEAs of before that time."))
		return -1;
	if (report->losses[SEA_LOSS_ANSWERS].count &&
	    say(m, lines,
		"What became of %llu more cannot be known because too many waited at once.",
		ull(report->losses[SEA_LOSS_ANSWERS].count)))
		return -1;
	return 0;
}

/* "page frame 0x1234567 of rack7" */
static void add_page(const struct sea_report *report, const struct sea_report_page *page,
		     struct sea_text *text)
{
	if (page->has_pfn) {
		sea_text_add(text, "page frame 0x%llx", ull(page->pfn));
		add_host(report, page->host, text);
	} else if (report->options.addresses) {
		sea_text_add(text, "the page at 0x%llx of %s", ull(page->ipa),
			     report->vms[page->vm].name);
	} else {
		sea_text_add(text, "a page of %s", report->vms[page->vm].name);
	}
}

static void add_hold(const struct sea_report_page *page, struct sea_text *text)
{
	if (page->poisoned > 0)
		sea_text_add(text, "; the host holds it for bad");
	else if (page->poisoned == 0)
		sea_text_add(text, "; THE HOST DOES NOT HOLD IT FOR BAD");
	else if (page->has_pfn)
		sea_text_add(text, "; whether the host holds it for bad is not recorded");
	if (page->has_result)
		sea_text_add(text,
			     page->failure_result ? " (memory_failure() failed: %s)" :
						    " (memory_failure() took it out%s)",
			     page->failure_result ? strerror((int)-page->failure_result) : "");
}

static int say_page(struct sea_report_maker *m, const struct sea_report_page *page)
{
	const struct sea_report *report = m->report;
	struct sea_text text = {0};
	size_t i, nr = page->nr_vms < NAMED ? page->nr_vms : NAMED;

	add_page(report, page, &text);
	/* A sentence begins with a large letter. */
	if (text.text && text.text[0] >= 'a' && text.text[0] <= 'z')
		text.text[0] = (char)(text.text[0] - 'a' + 'A');
	sea_text_add(&text, ": %llu SEA%s, ", ull(page->hits), plural(page->hits));
	for (i = 0; i < nr; i++)
		sea_text_add(&text, "%s%s (%llu%s%s)",
			     i		      ? ", then " :
			     page->nr_vms > 1 ? "first " :
						"",
			     report->vms[page->vms[i].vm].name, ull(page->vms[i].hits),
			     i ? ", from " : "", i ? when(page->vms[i].first_ns).text : "");
	if (page->nr_vms > nr)
		sea_text_add(&text, " and %zu more VMs", page->nr_vms - nr);
	if (page->nr_vms == 1)
		sea_text_add(&text,
			     page->has_pfn ?
				     " alone: no other VM is known to have hit it" :
				     "; whether another VM had the same page of the host "
				     "cannot be known because the recording has no page frame");
	add_hold(page, &text);
	sea_text_add(&text, ".");
	return say_text(m, &m->report->answers[SEA_ASK_PAGE], &text);
}

static int say_unknown_pages(struct sea_report_maker *m, struct sea_report_lines *lines)
{
	const struct sea_report *report = m->report;
	__u64 untold = report->total > report->details ? report->total - report->details : 0;
	__u64 invalid = report->unknown_pages - report->redacted_pages;

	if (untold &&
	    say(m, lines, "The page%s of %llu SEA%s cannot be known because %s no detail (%s).",
		plural(untold), ull(untold), plural(untold), untold == 1 ? "it has" : "they have",
		report->losses[SEA_LOSS_RATELIMIT].count ? "a storm: over the rate of their VM" :
							   "lost, or deleted as they were old"))
		return -1;
	if (report->redacted_pages &&
	    say(m, lines,
		"The page%s of %llu cannot be known because addresses were taken out of the "
		"recording, and it has no page frames.",
		plural(report->redacted_pages), ull(report->redacted_pages)))
		return -1;
	if (invalid &&
	    say(m, lines,
		"The page%s of %llu cannot be known because the CPU gave no valid address "
		"(FnV, or a walk).",
		plural(invalid), ull(invalid)))
		return -1;
	if (report->untold_pages &&
	    say(m, lines, "%llu SEAs hit still more pages than a report can list.",
		ull(report->untold_pages)))
		return -1;
	return 0;
}

/* Of pages that have no name, all sentences would be the same. */
static bool has_name(const struct sea_report *report, const struct sea_report_page *page)
{
	return page->has_pfn || report->options.addresses;
}

static int answer_page(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_PAGE];
	size_t i, shared = 0, nameless = 0, said = 0;

	if (!report->total)
		return say(m, lines, "None.");
	for (i = 0; i < report->nr_pages; i++) {
		shared += report->pages[i].nr_vms > 1;
		nameless += !has_name(report, &report->pages[i]);
	}
	if (report->nr_pages > 1 && say(m, lines, "%zu pages, of which %zu hit more than one VM.",
					report->nr_pages, shared))
		return -1;
	for (i = 0; i < report->nr_pages && said < NAMED; i++) {
		if (nameless > 1 && !has_name(report, &report->pages[i]))
			continue;
		said++;
		if (say_page(m, &report->pages[i]))
			return -1;
	}
	if (nameless > 1 &&
	    say(m, lines,
		"%zu pages are told apart by the guest's address alone: whether another VM had the "
		"same page of the host cannot be known because the recording has no page frame.",
		nameless))
		return -1;
	return say_unknown_pages(m, lines);
}

static int say_doubt(struct sea_report_maker *m, const struct sea_report_doubt *doubt)
{
	struct sea_text text = {0};

	sea_text_add(&text, "%s", doubt->text);
	if (doubt->since_ns && doubt->until_ns && doubt->since_ns == doubt->until_ns)
		sea_text_add(&text, " (%s)", when(doubt->since_ns).text);
	else if (doubt->since_ns && doubt->until_ns)
		sea_text_add(&text, " (%s to %s, %s)", when(doubt->since_ns).text,
			     when(doubt->until_ns).text,
			     span((__u64)(doubt->until_ns - doubt->since_ns)).text);
	else if (doubt->since_ns)
		sea_text_add(&text, " (from %s on)", when(doubt->since_ns).text);
	else if (doubt->until_ns)
		sea_text_add(&text, " (until %s)", when(doubt->until_ns).text);
	if (doubt->since_ns || doubt->until_ns)
		add_host(m->report, doubt->host, &text);
	sea_text_add(&text, ".");
	if (text.text && text.text[0] >= 'a' && text.text[0] <= 'z' &&
	    strcmp(doubt->kind, "loss") && strcmp(doubt->kind, "newer"))
		text.text[0] = (char)(text.text[0] - 'a' + 'A');
	return say_text(m, &m->report->answers[SEA_ASK_TRUST], &text);
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
		rc = say(m, lines, "Not all of it: SEAs may be missing from the counts.");
	else if (at[SEA_LEVEL_ANSWERS])
		rc = say(m, lines, "Counts of SEAs are exact; responses may be missing.");
	else if (at[SEA_LEVEL_DETAILS])
		rc = say(m, lines, "Counts are exact; not every SEA is told one by one.");
	else
		rc = say(m, lines, "Yes: nothing that counts is known to be missing.");
	if (!rc && report->checked)
		rc = say(m, lines, "A second hook saw %llu SEAs; %llu were counted.",
			 ull(report->checked), ull(report->total));
	for (i = 0; !rc && i < report->nr_doubts && i < 2 * NAMED; i++)
		rc = say_doubt(m, &report->doubts[i]);
	if (!rc && report->nr_doubts > 2 * NAMED)
		rc = say(m, lines, "%zu more remarks: see --json or --html.",
			 report->nr_doubts - 2 * NAMED);
	return rc;
}

/* Pages that the next VM will get */
static int act_on_pages(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	size_t i, shared = 0, named = 0;

	for (i = 0; i < report->nr_pages; i++) {
		const struct sea_report_page *page = &report->pages[i];

		shared += page->nr_vms > 1;
		if (page->poisoned || !page->has_pfn || named++ >= NAMED)
			continue;
		if (say(m, &report->acts,
			"Page frame 0x%llx%s%s is bad, and the host does not hold it for bad: the "
			"next VM may get it. To take it out: echo $((0x%llx * $(getconf PAGESIZE))) > "
			"/sys/devices/system/memory/hard_offline_page (whoever uses the page gets a "
			"SIGBUS, and it is not used again until the host is restarted).",
			ull(page->pfn), report->nr_hosts > 1 ? " of " : "",
			report->nr_hosts > 1 ? report->hosts[page->host] : "", ull(page->pfn)))
			return -1;
	}
	if (shared && say(m, &report->acts,
			  "%zu page%s hit more than one VM: the host gave bad memory away again.",
			  shared, plural(shared)))
		return -1;
	return 0;
}

static int list_acts(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	__u64 died = 0, waiting = 0;
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		died += is_act(&report->vms[i]);
		/* What waits for a VMM that has ended waits no more. */
		waiting += report->vms[i].ended_ns ? 0 : report->vms[i].pending;
	}
	if (died &&
	    say(m, &report->acts,
		"%llu VM%s ended soon after an SEA: tell %s owner%s, and look at the memory.",
		ull(died), plural(died), died == 1 ? "its" : "their", plural(died)))
		return -1;
	if (waiting &&
	    say(m, &report->acts,
		"%llu SEA%s wait%s for an answer: is the VMM stuck? The vCPU does not run "
		"meanwhile.",
		ull(waiting), plural(waiting), waiting == 1 ? "s" : ""))
		return -1;
	if (report->counts.disposition[SEA_HOST_OWNED] &&
	    say(m, &report->acts,
		"%llu SEA%s hit memory of the host's own (tables of KVM): the VM does not get well "
		"by itself, and its pages go to others when it ends; move the VMs away, and have "
		"the memory looked at.",
		ull(report->counts.disposition[SEA_HOST_OWNED]),
		plural(report->counts.disposition[SEA_HOST_OWNED])))
		return -1;
	return act_on_pages(m);
}

static int headline(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	__u64 hit = count_hit(report), died = 0;
	struct sea_text text = {0};
	size_t i;

	for (i = 0; i < report->nr_vms; i++)
		died += is_act(&report->vms[i]);
	if (!report->total)
		sea_text_add(&text, "no SEA was counted");
	else
		sea_text_add(&text, "%llu SEA%s hit %llu VM%s", ull(report->total),
			     plural(report->total), ull(hit), plural(hit));
	if (died)
		sea_text_add(&text, "; %llu of them ended soon after", ull(died));
	if (report->pending)
		sea_text_add(&text, "; %llu unanswered", ull(report->pending));
	if (report->nr_doubts && report->doubts[0].level == SEA_LEVEL_COUNTS)
		sea_text_add(&text, "; DATA INCOMPLETE");
	return say_text(m, &report->headline, &text);
}

int sea_report_add_words(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;

	if (answer_who(m) || answer_way(m) || answer_answer(m) || answer_page(m) ||
	    answer_trust(m) || list_acts(m) || headline(m))
		return -1;
	/* What was found is certain, whatever else may be missing. */
	if (report->acts.nr)
		report->status = SEA_STATUS_FOUND;
	else if (report->nr_doubts && report->doubts[0].level == SEA_LEVEL_COUNTS)
		report->status = SEA_STATUS_INCOMPLETE;
	return 0;
}
