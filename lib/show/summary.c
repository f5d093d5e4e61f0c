// SPDX-License-Identifier: GPL-2.0-only
#include "show/summary.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/words.h"
#include "model/clock.h"
#include "model/record.h"
#include "show/layout.h"

#define HOST_WIDTH 24
#define LINE_LEN 1024

#define LLU(number) ((unsigned long long)(number))

void sea_summary_line(struct sea_text *out, size_t width, const char *format, ...)
{
	char line[LINE_LEN], cut[LINE_LEN + 4];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	sea_text_cut(line, width ? width : sizeof(line), cut, sizeof(cut));
	sea_text_add(out, "%s\n", cut);
}

void sea_summary_header(const struct sea_view *view, bool full_time, size_t width,
			struct sea_text *out)
{
	const struct sea_session *session = view->session;
	char time[40] = "", host[SEA_CELL_LEN], ended[40] = "", every[32] = "";
	struct tm tm;

	if (localtime_r(&view->wall.tv_sec, &tm))
		strftime(time, sizeof(time), full_time ? "%Y-%m-%dT%H:%M:%S%z" : "%H:%M:%S", &tm);
	sea_text_cut(session ? session->host : "?", HOST_WIDTH, host, sizeof(host));
	if (view->nr_ended)
		snprintf(ended, sizeof(ended), " (%llu ended)", LLU(view->nr_ended));
	if (view->interval_ns)
		snprintf(every, sizeof(every), "last %.1fs, ",
			 (double)view->interval_ns / (double)SEA_NSEC_PER_SEC);
	sea_summary_line(out, width, "%s%s %s: source %s, %llu VM%s%s, %sLinux %s",
			 session && session->replayed ? "recording of " : "", time, host,
			 view->source ? view->source : "unknown", LLU(view->nr_vms),
			 view->nr_vms == 1 ? "" : "s", ended, every,
			 session ? session->kernel : "?");
}

/* So many VMs that bad memory ended are named. */
#define ENDS_MAX 3

/* A VMM that died of SIGBUS and that the host had sent one for bad memory */
static bool died_of_memory(const struct sea_row *row)
{
	return row->ended && row->vm.exit_known && WIFSIGNALED(row->vm.wait_status) &&
	       WTERMSIG(row->vm.wait_status) == SIGBUS && row->sigbus;
}

static void add_ends(const struct sea_view *view, size_t width, struct sea_text *out)
{
	char how[SEA_END_TEXT_LEN];
	size_t i, nr = 0;

	for (i = 0; i < view->nr_rows; i++) {
		const struct sea_row *row = &view->rows[i];

		if (!died_of_memory(row) || nr++ >= ENDS_MAX)
			continue;
		sea_end_text(row->vm.wait_status, row->sigbus, how);
		sea_summary_line(out, width, "note: bad memory ended %s: %s", sea_row_name(row),
				 how);
	}
	if (nr > ENDS_MAX)
		sea_summary_line(out, width, "note: bad memory ended %llu VMs more",
				 LLU(nr - ENDS_MAX));
}

void sea_summary_hints(const struct sea_view *view, size_t width, struct sea_text *out)
{
	const struct sea_loss *loss = &view->loss;
	int i;

	add_ends(view, width, out);
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		if (loss->count[i] && sea_loss_word(i)->of != SEA_LOSS_OF_DETAILS)
			sea_summary_line(out, width, "hint: %s", sea_loss_word(i)->hint);
	if (view->blind_since_ns)
		sea_summary_line(out, width,
				 "hint: THE SOURCE IS SWITCHED OFF NOW (%s): no SEA is counted",
				 view->blind_why ? view->blind_why : "it is not known by what");
	if (view->no_list)
		sea_summary_line(out, width,
				 "hint: no list of VMs, only those with an SEA are here: %s",
				 view->no_list);
	if (view->unlisted)
		sea_summary_line(out, width,
				 "hint: more VMs run than there are rows; raise --max-vms");
	if (view->pid_namespace)
		sea_summary_line(out, width,
				 "hint: VMs outside of this pid namespace are seen only when they "
				 "take an SEA");
	if (sea_loss_total_of(loss, SEA_LOSS_OF_DETAILS) &&
	    sea_loss_total_of(loss, SEA_LOSS_OF_DETAILS) == sea_loss_total(loss))
		sea_summary_line(out, width,
				 "hint: only detail records were lost, these counts are exact");
	if (view->unproven)
		sea_summary_line(out, width,
				 "hint: nothing proves that the hooks can fire; run "
				 "seastat doctor");
}

static void add_before(const struct sea_view *view, size_t width, struct sea_text *out)
{
	const __u64 *before = view->all.listed.before;

	if (view->all.listed.has_before)
		sea_summary_line(
			out, width,
			"before: %llu claimed, %llu host_owned, %llu not_opted_in, %llu forwarded",
			LLU(before[SEA_CLAIMED]), LLU(before[SEA_HOST_OWNED]),
			LLU(before[SEA_NOT_OPTED_IN]), LLU(before[SEA_FORWARDED]));
	else if (view->nr_vms)
		sea_summary_line(out, width,
				 "before: not known, this kernel keeps no statistics of "
				 "SEAs");
}

static void add_losses(const struct sea_view *view, size_t width, struct sea_text *out)
{
	struct sea_text line = {0};
	const char *sep = "lost: ";
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		bool unknown = !view->loss.count[i] && view->loss.at_least & 1U << i;

		/* What is never lost here need not be read. */
		if (!view->loss.count[i] && !unknown)
			continue;
		if (unknown)
			sea_text_add(&line, "%s%s not known", sep, sea_loss_word(i)->name);
		else
			sea_text_add(&line, "%s%llu %s", sep, LLU(view->loss.count[i]),
				     sea_loss_word(i)->name);
		sep = ", ";
	}
	sea_summary_line(out, width, "%s", line.text ? line.text : "lost: nothing");
	out->failed |= line.failed;
	sea_text_free(&line);
}

void sea_summary_more(const struct sea_view *view, size_t shown, size_t width, struct sea_text *out)
{
	if (shown < view->nr_rows)
		sea_summary_line(out, width, "(%zu VM%s more)", view->nr_rows - shown,
				 view->nr_rows - shown == 1 ? "" : "s");
}

void sea_summary_shown(const struct sea_view *view, size_t width, struct sea_text *out)
{
	if (view->filtered)
		sea_summary_line(out, width, "shown: %llu of %llu VMs, %llu of %llu SEAs",
				 LLU(view->shown.nr_vms), LLU(view->nr_vms), LLU(view->shown.total),
				 LLU(view->all.total));
}

void sea_summary_footer(const struct sea_view *view, size_t width, struct sea_text *out)
{
	const struct sea_vm *all = &view->all.vm;
	char early[64] = "", unknown[48] = "";

	if (all->disposition[SEA_UNKNOWN] || !view->tells_all)
		snprintf(unknown, sizeof(unknown), ", %llu unknown",
			 LLU(all->disposition[SEA_UNKNOWN]));
	if (view->totals.answered_early)
		snprintf(early, sizeof(early), " (and %llu to SEAs from before)",
			 LLU(view->totals.answered_early));
	sea_summary_shown(view, width, out);
	sea_summary_line(out, width,
			 "SEAs %llu: %llu claimed, %llu host_owned, %llu not_opted_in, "
			 "%llu forwarded%s",
			 LLU(view->all.total), LLU(all->disposition[SEA_CLAIMED]),
			 LLU(all->disposition[SEA_HOST_OWNED]),
			 LLU(all->disposition[SEA_NOT_OPTED_IN]),
			 LLU(all->disposition[SEA_FORWARDED]), unknown);
	sea_summary_line(out, width,
			 "reasons: %llu no_ras, %llu vncr, %llu s2_walk, %llu ambiguous walk",
			 LLU(all->reason[SEA_NO_RAS]), LLU(all->reason[SEA_VNCR]),
			 LLU(all->reason[SEA_S2_WALK]), LLU(all->reason[SEA_AMBIGUOUS_WALK]));
	sea_summary_line(out, width,
			 "responses: %llu injected, %llu resumed, %llu abandoned, "
			 "%llu pending%s",
			 LLU(all->response[SEA_INJECTED]), LLU(all->response[SEA_RESUMED]),
			 LLU(all->response[SEA_ABANDONED]), LLU(view->all.pending), early);
	add_before(view, width, out);
	add_losses(view, width, out);
	if (view->check)
		sea_summary_line(out, width, "check by %s: %llu SEAs, %llu unseen", view->check,
				 LLU(view->checked), LLU(view->loss.count[SEA_LOSS_UNSEEN]));
	else
		sea_summary_line(out, width, "check: none%s%s", view->unchecked ? ", " : "",
				 view->unchecked ? view->unchecked : "");
}
