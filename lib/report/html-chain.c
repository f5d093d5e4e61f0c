// SPDX-License-Identifier: GPL-2.0-only
/*
 * html-chain.c - what led to the end of a VM: host events, SEAs, answers and the end, in
 * their order, and by what each is linked to the VM.
 */
#include "report/html-internal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "arm/esr.h"
#include "base/words.h"

/* What happened on the host so shortly before or after is told, linked by time only. */
#define NEAR_NS (10LL * 1000000000LL)

struct link {
	__s64 ns;
	const struct sea_report_detail *detail; /* one of these, or neither for the end */
	const struct sea_report_event *event;
	const char *how; /* the link to the VM was made by this */
};

struct chain {
	struct sea_text *out;
	const struct sea_report *report;
	const struct sea_report_vm *vm;
	struct link links[SEA_HTML_LINKS];
	size_t nr;
};

static void put(struct chain *c, struct link link)
{
	if (c->nr < SEA_HTML_LINKS)
		c->links[c->nr++] = link;
}

/* The VM is known to have hit that page frame. */
static bool has_hit(const struct chain *c, const struct sea_report_event *event)
{
	const struct sea_report *report = c->report;
	size_t i;

	for (i = 0; i < c->vm->nr_recent; i++) {
		__u32 page = c->vm->recent[i].page;

		if (page && report->pages[page - 1].has_pfn &&
		    report->pages[page - 1].host == event->host &&
		    report->pages[page - 1].pfn == event->event.pfn)
			return true;
	}
	return false;
}

/* Why the event belongs to the chain; NULL: it does not. */
static const char *link_of(const struct chain *c, const struct sea_report_event *event)
{
	const struct sea_report_vm *vm = c->vm;

	if (event->vm && &c->report->vms[event->vm - 1] == vm)
		return "the VMM's process: sure";
	if (event->linked_vm)
		return &c->report->vms[event->linked_vm - 1] == vm ? event->link : NULL;
	if (event->event.known & SEA_HOST_PFN && has_hit(c, event))
		return "the page frame: sure";
	if (event->vm || event->host != vm->host || !vm->last_sea_ns)
		return NULL;
	if (event->ns > vm->last_sea_ns - NEAR_NS &&
	    event->ns < (vm->ended_ns ? vm->ended_ns : vm->last_sea_ns) + NEAR_NS)
		return "time alone: may be something else";
	return NULL;
}

static int compare_links(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	/* The end has neither, and comes last. */
	return (x->detail ? 0 : x->event ? 1 : 2) - (y->detail ? 0 : y->event ? 1 : 2);
}

/* The end, the last events of the host, and the last SEAs and answers: as many as fit */
static void collect(struct chain *c)
{
	size_t room, i;

	if (c->vm->ended_ns)
		put(c, (struct link){.ns = c->vm->ended_ns});
	for (i = c->report->nr_events; i-- && c->nr < SEA_HTML_LINKS / 2;) {
		const struct sea_report_event *event = &c->report->events[i];
		const char *how = link_of(c, event);

		if (how)
			put(c, (struct link){.ns = event->ns, .event = event, .how = how});
	}
	room = SEA_HTML_LINKS - c->nr;
	for (i = c->vm->nr_recent > room ? c->vm->nr_recent - room : 0; i < c->vm->nr_recent; i++)
		put(c, (struct link){.ns = c->vm->recent[i].ns, .detail = &c->vm->recent[i]});
	qsort(c->links, c->nr, sizeof(c->links[0]), compare_links);
}

static void add_sea(const struct chain *c, const struct sea_report_detail *d)
{
	struct sea_text *out = c->out;
	char esr[SEA_ESR_TEXT_LEN];

	sea_text_add(out, "SEA on vCPU %u: <strong>%s</strong>", d->vcpu,
		     sea_disposition_name(d->disposition));
	if (d->reason)
		sea_text_add(out, " (%s)", sea_reason_text(d->reason));
	if (d->page && c->report->pages[d->page - 1].has_pfn)
		sea_text_add(out, ", page frame 0x%llx",
			     (unsigned long long)c->report->pages[d->page - 1].pfn);
	if (d->flags & SEA_IPA_VALID)
		sea_text_add(out, ", IPA 0x%llx", (unsigned long long)d->ipa);
	if (d->flags & SEA_FAR_VALID)
		sea_text_add(out, ", FAR 0x%llx", (unsigned long long)d->far);
	if (d->flags & SEA_PC_VALID)
		sea_text_add(out, ", PC 0x%llx", (unsigned long long)d->pc);
	sea_esr_format(d->esr, esr, sizeof(esr));
	sea_text_add(out, ". ESR 0x%llx: ", (unsigned long long)d->esr);
	sea_html_text(out, esr);
}

static void add_answer(const struct chain *c, const struct sea_report_detail *d)
{
	char span[SEA_WHEN_LEN];

	sea_when_span(d->latency_ns, span);
	sea_text_add(c->out, "Answer of the VMM: <strong>%s</strong>, after %s",
		     sea_response_name(d->response), span);
}

static void add_event(const struct chain *c, const struct link *link)
{
	const struct sea_host_event *e = &link->event->event;
	struct sea_text *out = c->out;

	sea_text_add(out, "Host: <strong>");
	sea_html_text(out, sea_host_kind_name(e->kind));
	sea_text_add(out, "</strong>");
	if (e->known & SEA_HOST_PFN)
		sea_text_add(out, ", page frame 0x%llx", (unsigned long long)e->pfn);
	if (e->known & SEA_HOST_CODE)
		sea_text_add(out, ", code %d%s", e->code,
			     e->code == BUS_MCEERR_AR ? " (BUS_MCEERR_AR: the VMM has to act)" :
			     e->code == BUS_MCEERR_AO ? " (BUS_MCEERR_AO: it may act)" :
			     e->code == SI_KERNEL     ? " (SI_KERNEL: without an address)" :
							"");
	if (e->known & SEA_HOST_RESULT && e->kind == SEA_HOST_MEMORY_FAILURE)
		sea_text_add(out, e->result ? ", it failed: %s" : ", the page was taken out%s",
			     e->result ? strerror((int)-e->result) : "");
	if (e->text[0]) {
		sea_text_add(out, ": ");
		sea_html_text(out, e->text);
	}
	sea_text_add(out, " <span class=\"how\">(linked by %s)</span>", link->how);
}

static void add_end(const struct chain *c)
{
	const struct sea_report_vm *vm = c->vm;
	struct sea_text *out = c->out;

	sea_text_add(out, "<strong>The VM ended</strong>");
	if (vm->wait_status < 0) {
		sea_text_add(out, "; what its VMM's exit status was is not recorded");
	} else if (WIFSIGNALED(vm->wait_status)) {
		const char *name = sigabbrev_np(WTERMSIG(vm->wait_status));

		sea_text_add(out, ": its VMM was killed by %s%s", name ? "SIG" : "a signal",
			     name ? name : "");
	} else {
		sea_text_add(out, ": its VMM exited with status %d", WEXITSTATUS(vm->wait_status));
	}
}

static void add_link(const struct chain *c, const struct link *link)
{
	sea_text_add(c->out, "<li>");
	sea_html_time(c->out, link->ns);
	if (c->vm->ended_ns && link->ns < c->vm->ended_ns) {
		char span[SEA_WHEN_LEN];

		sea_when_span((unsigned long long)(c->vm->ended_ns - link->ns), span);
		sea_text_add(c->out, " <span class=\"how\">%s before the end</span>", span);
	}
	sea_text_add(c->out, "<br>");
	if (link->detail && link->detail->is_answer)
		add_answer(c, link->detail);
	else if (link->detail)
		add_sea(c, link->detail);
	else if (link->event)
		add_event(c, link);
	else
		add_end(c);
	sea_text_add(c->out, "</li>\n");
}

/* What a chain lacks is said, so that nobody takes its absence for a fact. */
static void add_missing(const struct chain *c)
{
	const struct sea_report_vm *vm = c->vm;
	size_t kept = vm->nr_told[0] < SEA_REPORT_RECENT ? vm->nr_told[0] : SEA_REPORT_RECENT;

	if (vm->total > kept)
		sea_text_add(
			c->out,
			"<p class=\"how\">It took %llu SEAs in all; the last %zu that are told "
			"one by one are here.</p>\n",
			(unsigned long long)vm->total, kept);
	if (!c->report->nr_events)
		sea_text_add(
			c->out,
			"<p class=\"how\">No host event is recorded: whether the host's RAS code "
			"did anything cannot be known from this.</p>\n");
}

static void add_chain(struct sea_text *out, const struct sea_report *report,
		      const struct sea_report_vm *vm)
{
	struct chain c = {.out = out, .report = report, .vm = vm};
	size_t i;

	collect(&c);
	sea_text_add(out, "<h3>");
	sea_html_name(out, vm->name);
	if (report->nr_hosts > 1) {
		sea_text_add(out, " on ");
		sea_html_text(out, report->hosts[vm->host]);
	}
	sea_text_add(out, "</h3>\n<ol class=\"chain\">\n");
	for (i = 0; i < c.nr; i++)
		add_link(&c, &c.links[i]);
	sea_text_add(out, "</ol>\n");
	add_missing(&c);
}

/* Its end has to do with SEAs, or may have. */
static bool is_told(const struct sea_report_vm *vm)
{
	return vm->ended_ns && vm->fate != SEA_FATE_ENDED && !vm->is_other;
}

void sea_html_chains(struct sea_text *out, const struct sea_report *report)
{
	size_t i, nr = 0;

	for (i = 0; i < report->nr_vms; i++) {
		if (!is_told(&report->vms[i]))
			continue;
		if (nr++ < SEA_HTML_CHAINS)
			add_chain(out, report, &report->vms[i]);
	}
	if (!nr)
		sea_text_add(out, "<p>No VM ended soon after an SEA.</p>\n");
	if (nr > SEA_HTML_CHAINS)
		sea_text_add(out, "<p>%zu more ended so.</p>\n", nr - SEA_HTML_CHAINS);
}
