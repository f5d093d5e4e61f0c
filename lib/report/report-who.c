// SPDX-License-Identifier: GPL-2.0-only
/* report-who.c - who was hit, and how those VMs ended, in sentences. */
#include "report/report-say.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/words.h"

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

bool sea_report_is_act(const struct sea_report_vm *vm)
{
	return vm->fate >= SEA_FATE_AFTER;
}

static int say_end(struct sea_report_maker *m, const struct sea_report_vm *vm)
{
	struct sea_text text = {0};

	sea_text_add(&text, "%s", vm->name);
	sea_report_add_host(m->report, vm->host, &text);
	sea_text_add(&text, " ended at %s", sea_report_when(vm->ended_ns).text);
	add_status(vm, &text);
	if (vm->last_sea_ns) {
		const char *reason = vm->last_reason ? sea_reason_text(vm->last_reason) : NULL;

		sea_text_add(&text, ", %s after its last SEA (%s%s%s)",
			     sea_report_span(vm->after_ns).text,
			     sea_disposition_name(vm->last_disposition), reason ? ", " : "",
			     reason ? reason : "");
	}
	sea_text_add(&text, ": ");
	add_fate(vm, &text);
	sea_text_add(&text, ".");
	return sea_report_say_text(m, &m->report->answers[SEA_ASK_WHO], &text);
}

/* The surest cause first; of those alike the VM that took most SEAs */
static int say_ends(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	size_t i, named = 0, more = 0;
	unsigned int fate;

	for (fate = SEA_FATES; fate--;) {
		for (i = 0; i < report->nr_vms; i++) {
			if (report->vms[i].fate != fate || !sea_report_is_act(&report->vms[i]))
				continue;
			if (named++ >= SEA_REPORT_NAMED)
				more++;
			else if (say_end(m, &report->vms[i]))
				return -1;
		}
	}
	if (!more)
		return 0;
	return sea_report_say(m, &report->answers[SEA_ASK_WHO],
			      "%zu more VM%s ended soon after an SEA: see the table.", more,
			      sea_plural(more));
}

__u64 sea_report_count_hit(const struct sea_report *report)
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

	for (i = 0; i < report->nr_vms && named < SEA_REPORT_NAMED; i++) {
		const struct sea_report_vm *vm = &report->vms[i];

		if (!vm->total || vm->is_other)
			continue;
		sea_text_add(text, "%s%s", named++ ? ", " : ": ", vm->name);
		sea_report_add_host(report, vm->host, text);
		sea_text_add(text, " (%llu)", ull(vm->total));
	}
	if (hit > named)
		sea_text_add(text, " and %llu more", ull(hit - named));
}

/* The VM that comes next after `last` by its unrecorded SEAs; NULL: there is none. */
static const struct sea_report_vm *next_unrecorded(const struct sea_report *report,
						   const struct sea_report_vm *last)
{
	const struct sea_report_vm *next = NULL;
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		const struct sea_report_vm *vm = &report->vms[i];
		__u64 sum = vm->unrecorded_total;

		if (!sum || (last && (sum > last->unrecorded_total ||
				      (sum == last->unrecorded_total && vm <= last))))
			continue;
		if (!next || sum > next->unrecorded_total)
			next = vm;
	}
	return next;
}

/* "web (4 claimed, 1 forwarded)" */
static void add_unrecorded(const struct sea_report *report, const struct sea_report_vm *vm,
			   struct sea_text *text)
{
	const char *ahead = " (";
	int i;

	sea_text_add(text, "%s", vm->name);
	sea_report_add_host(report, vm->host, text);
	for (i = 0; i < SEA_STATISTICS; i++) {
		if (!vm->unrecorded[i])
			continue;
		sea_text_add(text, "%s%llu %s", ahead, ull(vm->unrecorded[i]),
			     sea_disposition_name((unsigned int)i));
		ahead = ", ";
	}
	sea_text_add(text, ")");
}

static int say_unrecorded(struct sea_report_maker *m)
{
	const struct sea_report *report = m->report;
	const struct sea_report_vm *vm = NULL;
	struct sea_text text = {0};
	size_t named = 0;

	if (!report->unrecorded)
		return 0;
	sea_text_add(
		&text,
		"%llu %sSEA%s came outside of the recorded times, as the kernel's statistics say",
		ull(report->unrecorded), report->total ? "more " : "",
		sea_plural(report->unrecorded));
	while (named < SEA_REPORT_NAMED && (vm = next_unrecorded(report, vm))) {
		sea_text_add(&text, "%s", named++ ? ", " : ": ");
		add_unrecorded(report, vm, &text);
	}
	sea_text_add(&text, "%s.", vm && next_unrecorded(report, vm) ? " and others" : "");
	return sea_report_say_text(m, &m->report->answers[SEA_ASK_WHO], &text);
}

int sea_report_answer_who(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_lines *lines = &report->answers[SEA_ASK_WHO];
	__u64 hit = sea_report_count_hit(report);
	struct sea_text text = {0};
	size_t i;

	if (!report->total) {
		if (sea_report_say(m, lines, "%s SEA was counted, and %llu VM%s there.",
				   report->unrecorded ? "No" : "Nobody: no", ull(report->vms_seen),
				   report->vms_seen == 1 ? " was" : "s were"))
			return -1;
		return say_unrecorded(m);
	}
	sea_text_add(&text, "%llu VM%s of %llu took %llu SEA%s", ull(hit), sea_plural(hit),
		     ull(report->vms_seen > hit ? report->vms_seen : hit), ull(report->total),
		     sea_plural(report->total));
	name_vms(report, hit, &text);
	sea_text_add(&text, ".");
	if (sea_report_say_text(m, lines, &text))
		return -1;
	for (i = 0; i < report->nr_vms; i++)
		if (report->vms[i].is_other && report->vms[i].total &&
		    sea_report_say(
			    m, lines,
			    "Whose %llu of them are cannot be known because more VMs were hit than "
			    "the recorder had rows for (--max-vms).",
			    ull(report->vms[i].total)))
			return -1;
	return say_unrecorded(m) ? -1 : say_ends(m);
}
