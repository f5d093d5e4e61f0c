// SPDX-License-Identifier: GPL-2.0-only
/* report-trust.c - what makes the data of a report doubtful, and when that was. */
#include "report/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "model/clock.h"
#include "report/report-internal.h"
#include "report/report-say.h"
#include "store/recording.h"

/* A hole between two sessions that is shorter than that is none. */
#define HOLE_NS 2000000000LL

const char *sea_report_level_name(unsigned int level)
{
	static const char *const names[SEA_LEVELS] = {
		[SEA_LEVEL_COUNTS] = "counts",	 [SEA_LEVEL_ANSWERS] = "answers",
		[SEA_LEVEL_DETAILS] = "details", [SEA_LEVEL_NAMES] = "names",
		[SEA_LEVEL_NOTE] = "note",
	};

	return level < SEA_LEVELS ? names[level] : "invalid";
}

static struct sea_report_doubt *add(struct sea_report_maker *m, enum sea_report_level level,
				    const char *kind, __u32 host)
{
	struct sea_report *report = m->report;
	struct sea_report_doubt *doubt =
		sea_report_grow(&report->doubts, &report->nr_doubts, sizeof(*doubt), m->err);

	if (!doubt)
		return NULL;
	doubt->level = level;
	doubt->kind = kind;
	doubt->host = host;
	return doubt;
}

static int __attribute__((format(printf, 7, 8)))
tell(struct sea_report_maker *m, enum sea_report_level level, const char *kind, __u32 host,
     __s64 since_ns, __s64 until_ns, const char *format, ...)
{
	struct sea_report_doubt *doubt = add(m, level, kind, host);
	va_list args;

	if (!doubt)
		return -1;
	doubt->since_ns = since_ns;
	doubt->until_ns = until_ns;
	va_start(args, format);
	vsnprintf(doubt->text, sizeof(doubt->text), format, args);
	va_end(args);
	return 0;
}

static __u32 host_of(const struct sea_report_maker *m, __s64 session)
{
	const struct sea_report *report = m->report;
	size_t i;

	for (i = 0; i < report->nr_sessions; i++)
		if (report->sessions[i].file == m->file &&
		    report->sessions[i].session.id == session)
			return report->sessions[i].host;
	return 0;
}

static int tell_gap(struct sea_report_maker *m, const struct sea_totals_gap *gap)
{
	static const struct {
		enum sea_report_level level;
		const char *what;
	} causes[SEA_GAP_CAUSES] = {
		[SEA_GAP_TICK] = {SEA_LEVEL_NOTE,
				  "the counters could not be read; the next tick has their counts"},
		[SEA_GAP_RECORDER] = {SEA_LEVEL_COUNTS, "nobody counted"},
		[SEA_GAP_STORE] = {SEA_LEVEL_DETAILS,
				   "the recorder could not write: single SEAs are not told, counts "
				   "are exact"},
	};

	return tell(m, causes[gap->cause].level, "gap", host_of(m, gap->session), gap->since_ns,
		    gap->until_ns, "%s%s%s", causes[gap->cause].what, gap->why[0] ? ": " : "",
		    gap->why);
}

static int tell_doubt(struct sea_report_maker *m, const struct sea_totals_doubt *doubt)
{
	static const struct {
		enum sea_report_level level;
		const char *kind, *what;
	} kinds[SEA_DOUBT_KINDS] = {
		[SEA_DOUBT_UNPROVEN] = {SEA_LEVEL_COUNTS, "unproven",
					"nothing showed that the kernel calls what counts SEAs"},
		[SEA_DOUBT_BLIND] = {SEA_LEVEL_COUNTS, "blind",
				     "what counts SEAs was switched off"},
		[SEA_DOUBT_UNCHECKED] = {SEA_LEVEL_NOTE, "unchecked", "nothing checked the counts"},
		[SEA_DOUBT_AT_LEAST] = {SEA_LEVEL_NOTE, "at_least",
					"of these more may be lost than is counted"},
		[SEA_DOUBT_NO_LIST] = {SEA_LEVEL_NAMES, "no_list",
				       "VMs that took no SEA were not known"},
		[SEA_DOUBT_UNLISTED] = {SEA_LEVEL_NAMES, "unlisted",
					"more VMs ran than have a row: some of those that took no "
					"SEA were not known"},
		[SEA_DOUBT_HIDDEN] = {SEA_LEVEL_NAMES, "pid_namespace",
				      "the recorder ran in a pid namespace of its own: VMs outside "
				      "of it that took no SEA were not known"},
	};

	return tell(m, kinds[doubt->kind].level, kinds[doubt->kind].kind,
		    host_of(m, doubt->session), doubt->since_ns, doubt->until_ns, "%s%s%s",
		    kinds[doubt->kind].what, doubt->why[0] ? ": " : "", doubt->why);
}

static int tell_session(struct sea_report_maker *m, const struct sea_totals_session *session)
{
	__u32 host = host_of(m, session->id);

	if (session->end == SEA_SESSION_LOST &&
	    session->last_ns < m->report->options.window.until_ns &&
	    tell(m, SEA_LEVEL_NOTE, "killed", host, session->last_ns, 0,
		 "the recorder was killed, or the host went down"))
		return -1;
	if (!session->tells_all && session->source[0] &&
	    tell(m, SEA_LEVEL_NOTE, "unknown", host, session->started_ns, session->ended_ns,
		 "this kernel (%s) does not let %s tell which way every SEA went", session->kernel,
		 session->source))
		return -1;
	return 0;
}

static int tell_pruned(struct sea_report_maker *m, const struct sea_totals_pruned *pruned)
{
	bool sessions = !strcmp(pruned->what, "sessions");
	bool details = !strcmp(pruned->what, "details");

	return tell(m,
		    sessions ? SEA_LEVEL_COUNTS :
		    details  ? SEA_LEVEL_DETAILS :
			       SEA_LEVEL_NOTE,
		    "pruned", SEA_REPORT_NO_HOST, 0, pruned->until_ns,
		    sessions ? "sessions were deleted as they were old: what they counted is gone" :
		    details  ? "single SEAs were deleted as they were old: counts are exact" :
			       "ticks became fewer as they were old: times are less exact");
}

static const char *what_is_wrong(const struct sea_report_file *file, const struct sea_db *db)
{
	(void)file;
	if (db->newer && (db->incomplete))
		return "a newer seatop wrote it, and some of it is unknown to this one";
	if (db->newer)
		return "a newer seatop wrote it: what only that one knows is not shown";
	return db->incomplete ? "some of it is unknown to this seatop" : NULL;
}

int sea_report_add_doubts(struct sea_report_maker *m)
{
	const struct sea_window_totals *t = &m->totals;
	const struct sea_report_file *file = &m->report->files[m->file];
	const char *wrong = what_is_wrong(file, m->db);
	bool redacted = false;
	size_t i;

	for (i = 0; i < t->nr_gaps; i++)
		if (tell_gap(m, &t->gaps[i]))
			return -1;
	for (i = 0; i < t->nr_doubts; i++)
		if (tell_doubt(m, &t->doubts[i]))
			return -1;
	for (i = 0; i < t->nr_sessions; i++) {
		redacted |= t->sessions[i].redacted;
		if (tell_session(m, &t->sessions[i]))
			return -1;
	}
	for (i = 0; i < t->nr_pruned; i++)
		if (tell_pruned(m, &t->pruned[i]))
			return -1;
	if (redacted && tell(m, SEA_LEVEL_NOTE, "redacted", SEA_REPORT_NO_HOST, 0, 0,
			     "the addresses of guests were taken out of %.200s", file->path))
		return -1;
	if (wrong && tell(m, m->db->incomplete || t->incomplete ? SEA_LEVEL_COUNTS : SEA_LEVEL_NOTE,
			  "newer", SEA_REPORT_NO_HOST, 0, 0, "%.200s: %s", file->path, wrong))
		return -1;
	if (t->ended_unseen &&
	    tell(m, SEA_LEVEL_NOTE, "ended_unseen", SEA_REPORT_NO_HOST, 0, 0,
		 "%llu end%s of VMs %s noticed late: no hook saw it",
		 (unsigned long long)t->ended_unseen, sea_plural(t->ended_unseen),
		 t->ended_unseen == 1 ? "was" : "were"))
		return -1;
	return 0;
}

static enum sea_report_level level_of_loss(enum sea_loss_of of)
{
	switch (of) {
	case SEA_LOSS_OF_DETAILS:
		return SEA_LEVEL_DETAILS;
	case SEA_LOSS_OF_NAMES:
	case SEA_LOSS_OF_OWNERS:
		return SEA_LEVEL_NAMES;
	case SEA_LOSS_OF_ANSWERS:
		return SEA_LEVEL_ANSWERS;
	case SEA_LOSS_OF_COUNTS:
		return SEA_LEVEL_COUNTS;
	default:
		return SEA_LEVEL_NOTE;
	}
}

static int tell_losses(struct sea_report_maker *m)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		const struct sea_totals_loss *loss = &m->report->losses[i];
		const struct sea_loss_word *word = sea_loss_word((enum sea_loss_cause)i);

		/* The sum is over all hosts. */
		if (loss->count &&
		    tell(m, level_of_loss(word->of), "loss",
			 m->report->nr_hosts > 1 ? SEA_REPORT_NO_HOST : 0, loss->first_ns,
			 loss->last_ns, "%s: %llu %s; %s", word->name,
			 (unsigned long long)loss->count, word->help, word->hint))
			return -1;
	}
	return 0;
}

/* Somebody told of that time already. */
static bool is_told(const struct sea_report *report, __u32 host, __s64 since, __s64 until)
{
	size_t i;

	for (i = 0; i < report->nr_doubts; i++) {
		const struct sea_report_doubt *doubt = &report->doubts[i];

		if (!strcmp(doubt->kind, "gap") && doubt->host == host && doubt->since_ns < until &&
		    (!doubt->until_ns || doubt->until_ns > since))
			return true;
	}
	return false;
}

/* Time between the sessions of a host, and at the ends of the window */
static int tell_holes(struct sea_report_maker *m, __u32 host)
{
	struct sea_report *report = m->report;
	const struct sea_window *window = &report->options.window;
	__s64 covered = 0, now = report->options.now_ns, until;
	bool any = false;
	size_t i;

	for (i = 0; i < report->nr_sessions; i++) {
		const struct sea_totals_session *session = &report->sessions[i].session;
		__s64 begin = session->started_ns, end = session->last_ns;

		if (session->ended_ns > end)
			end = session->ended_ns;
		if (report->sessions[i].host != host)
			continue;
		if (!any && window->since_ns > INT64_MIN && begin > window->since_ns + HOLE_NS &&
		    begin < window->until_ns &&
		    tell(m, SEA_LEVEL_COUNTS, "outside", host, window->since_ns, begin,
			 "nothing was recorded yet"))
			return -1;
		if (any && begin > covered + HOLE_NS && covered < window->until_ns &&
		    begin > window->since_ns && !is_told(report, host, covered, begin) &&
		    tell(m, SEA_LEVEL_COUNTS, "hole", host, covered, begin,
			 "nobody recorded, and nothing says why"))
			return -1;
		any = true;
		if (end > covered)
			covered = end;
	}
	until = window->until_ns < now ? window->until_ns : now;
	if (any && window->until_ns < INT64_MAX && until > covered + HOLE_NS &&
	    !is_told(report, host, covered, until) &&
	    tell(m, SEA_LEVEL_COUNTS, "outside", host,
		 covered > window->since_ns ? covered : window->since_ns, until,
		 "nothing was recorded any more"))
		return -1;
	return 0;
}

static int compare_doubts(const void *a, const void *b)
{
	const struct sea_report_doubt *x = a, *y = b;

	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	if (x->since_ns != y->since_ns)
		return x->since_ns < y->since_ns ? -1 : 1;
	return strcmp(x->text, y->text);
}

int sea_report_add_last_doubts(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	__u64 untold = report->total > report->details ? report->total - report->details : 0;
	size_t i;

	if (tell_losses(m))
		return -1;
	for (i = 0; i < report->nr_hosts; i++)
		if (tell_holes(m, (__u32)i))
			return -1;
	if (!report->first_ns && !report->details &&
	    tell(m, SEA_LEVEL_COUNTS, "nothing", SEA_REPORT_NO_HOST, 0, 0,
		 "nothing was recorded in that time: whether there were SEAs cannot be known"))
		return -1;
	if (report->uncounted &&
	    tell(m, SEA_LEVEL_NOTE, "uncounted", SEA_REPORT_NO_HOST, 0, 0,
		 "%llu SEAs are told one by one but by no tick, as the recorder was killed; they "
		 "are counted here, and there may be more",
		 (unsigned long long)report->uncounted))
		return -1;
	if (report->late &&
	    tell(m, SEA_LEVEL_NOTE, "late", SEA_REPORT_NO_HOST, 0, 0,
		 "%llu SEAs came before --until and are counted by a tick behind it; those that "
		 "are told one by one are counted here, and there may be more",
		 (unsigned long long)report->late))
		return -1;
	if (untold && tell(m, SEA_LEVEL_DETAILS, "details", SEA_REPORT_NO_HOST, 0, 0,
			   "%llu of %llu SEAs have no detail: their pages, vCPUs and syndromes "
			   "cannot be known",
			   (unsigned long long)untold, (unsigned long long)report->total))
		return -1;
	if (report->nr_doubts)
		qsort(report->doubts, report->nr_doubts, sizeof(*report->doubts), compare_doubts);
	return 0;
}
