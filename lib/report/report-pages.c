// SPDX-License-Identifier: GPL-2.0-only
/* report-pages.c - which pages it were, and what to do about them, in sentences. */
#include "report/report-say.h"

#include <string.h>

/* "page frame 0x1234567 of rack7" */
static void add_page(const struct sea_report *report, const struct sea_report_page *page,
		     struct sea_text *text)
{
	if (page->has_pfn) {
		sea_text_add(text, "page frame 0x%llx", ull(page->pfn));
		sea_report_add_host(report, page->host, text);
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
	size_t i, nr = page->nr_vms < SEA_REPORT_NAMED ? page->nr_vms : SEA_REPORT_NAMED;

	add_page(report, page, &text);
	/* A sentence begins with a large letter. */
	if (text.text && text.text[0] >= 'a' && text.text[0] <= 'z')
		text.text[0] = (char)(text.text[0] - 'a' + 'A');
	sea_text_add(&text, ": %llu SEA%s, ", ull(page->hits), sea_plural(page->hits));
	for (i = 0; i < nr; i++)
		sea_text_add(&text, "%s%s (%llu%s%s)",
			     i		      ? ", then " :
			     page->nr_vms > 1 ? "first " :
						"",
			     report->vms[page->vms[i].vm].name, ull(page->vms[i].hits),
			     i ? ", from " : "",
			     i ? sea_report_when(page->vms[i].first_ns).text : "");
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
	return sea_report_say_text(m, &m->report->answers[SEA_ASK_PAGE], &text);
}

static int say_unknown_pages(struct sea_report_maker *m, struct sea_report_lines *lines)
{
	const struct sea_report *report = m->report;
	__u64 untold = report->total > report->details ? report->total - report->details : 0;
	__u64 invalid = report->unknown_pages - report->redacted_pages;

	if (untold &&
	    sea_report_say(m, lines,
			   "The page%s of %llu SEA%s cannot be known because %s no detail (%s).",
			   sea_plural(untold), ull(untold), sea_plural(untold),
			   untold == 1 ? "it has" : "they have",
			   report->losses[SEA_LOSS_RATELIMIT].count ?
				   "a storm: over the rate of their VM" :
				   "lost, or deleted as they were old"))
		return -1;
	if (report->redacted_pages &&
	    sea_report_say(
		    m, lines,
		    "The page%s of %llu cannot be known because addresses were taken out of the "
		    "recording, and it has no page frames.",
		    sea_plural(report->redacted_pages), ull(report->redacted_pages)))
		return -1;
	if (invalid &&
	    sea_report_say(
		    m, lines,
		    "The page%s of %llu cannot be known because the CPU gave no valid address "
		    "(FnV, or a walk).",
		    sea_plural(invalid), ull(invalid)))
		return -1;
	if (report->untold_pages &&
	    sea_report_say(m, lines, "%llu SEAs hit still more pages than a report can list.",
			   ull(report->untold_pages)))
		return -1;
	return 0;
}

/* Of pages that have no name, all sentences would be the same. */
static bool has_name(const struct sea_report *report, const struct sea_report_page *page)
{
	return page->has_pfn || report->options.addresses;
}

int sea_report_answer_page(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_PAGE];
	size_t i, shared = 0, nameless = 0, said = 0;

	if (!report->total)
		return sea_report_say(m, lines, "None.");
	for (i = 0; i < report->nr_pages; i++) {
		shared += report->pages[i].nr_vms > 1;
		nameless += !has_name(report, &report->pages[i]);
	}
	if (report->nr_pages > 1 &&
	    sea_report_say(m, lines, "%zu pages, of which %zu hit more than one VM.",
			   report->nr_pages, shared))
		return -1;
	for (i = 0; i < report->nr_pages && said < SEA_REPORT_NAMED; i++) {
		if (nameless > 1 && !has_name(report, &report->pages[i]))
			continue;
		said++;
		if (say_page(m, &report->pages[i]))
			return -1;
	}
	if (nameless > 1 &&
	    sea_report_say(
		    m, lines,
		    "%zu pages are told apart by the guest's address alone: whether another VM had "
		    "the same page of the host cannot be known because the recording has no page "
		    "frame.",
		    nameless))
		return -1;
	return say_unknown_pages(m, lines);
}

/* Pages that the next VM will get */
int sea_report_act_on_pages(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	size_t i, shared = 0, named = 0;

	for (i = 0; i < report->nr_pages; i++) {
		const struct sea_report_page *page = &report->pages[i];

		shared += page->nr_vms > 1;
		if (page->poisoned || !page->has_pfn || named++ >= SEA_REPORT_NAMED)
			continue;
		if (sea_report_say(
			    m, &report->acts,
			    "Page frame 0x%llx%s%s is bad, and the host does not hold it for bad: the "
			    "next VM may get it. To take it out: echo $((0x%llx * $(getconf PAGESIZE))) > "
			    "/sys/devices/system/memory/hard_offline_page (whoever uses the page gets a "
			    "SIGBUS, and it is not used again until the host is restarted).",
			    ull(page->pfn), report->nr_hosts > 1 ? " of " : "",
			    report->nr_hosts > 1 ? report->hosts[page->host] : "", ull(page->pfn)))
			return -1;
	}
	if (shared &&
	    sea_report_say(m, &report->acts,
			   "%zu page%s hit more than one VM: the host gave bad memory away again.",
			   shared, sea_plural(shared)))
		return -1;
	return 0;
}
