// SPDX-License-Identifier: GPL-2.0-only
#include "show/trust.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/clock.h"

#define LLU(number) ((unsigned long long)(number))

const char *sea_trust_word(enum sea_trust_level level)
{
	static const char *const words[SEA_TRUST_LEVELS] = {
		[SEA_TRUST_WELL] = "well",
		[SEA_TRUST_NOTE] = "note",
		[SEA_TRUST_DOUBT] = "doubt",
		[SEA_TRUST_BAD] = "bad",
	};

	return level < SEA_TRUST_LEVELS ? words[level] : "invalid";
}

static void add(struct sea_trust *trust, enum sea_trust_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add(struct sea_trust *trust, enum sea_trust_level level, const char *format, ...)
{
	struct sea_trust_line *line;
	va_list args;

	if (trust->nr == SEA_TRUST_MAX)
		return;
	line = &trust->lines[trust->nr++];
	line->level = level;
	va_start(args, format);
	vsnprintf(line->text, sizeof(line->text), format, args);
	va_end(args);
	if (level > trust->level)
		trust->level = level;
}

static void time_of(const struct timespec *time, char *out, size_t size)
{
	struct tm tm;

	if ((!time->tv_sec && !time->tv_nsec) || !localtime_r(&time->tv_sec, &tm) ||
	    !strftime(out, size, "%H:%M:%S", &tm))
		snprintf(out, size, "an unknown time");
}

static void judge_source(struct sea_trust *trust, const struct sea_snapshot *now)
{
	enum sea_proof proof = sea_hooks_proof(&now->hooks, SEA_PART_SOURCE);
	const char *source = now->source ?: "unknown";

	if (now->blind_since_ns) {
		__u64 ns =
			now->time_ns > now->blind_since_ns ? now->time_ns - now->blind_since_ns : 0;

		add(trust, SEA_TRUST_BAD, "nothing is being counted for %llu s: %s",
		    LLU(ns / SEA_NSEC_PER_SEC), now->blind_why ?: "the source is switched off");
	}
	if (proof == SEA_DISPROVEN)
		add(trust, SEA_TRUST_BAD, "source %s: a hook of it cannot fire; run seastat doctor",
		    source);
	else if (now->unproven || (now->hooks.nr && proof == SEA_PROOF_NONE))
		add(trust, SEA_TRUST_DOUBT,
		    "source %s: nothing proves that its hooks can fire; run seastat doctor",
		    source);
	else if (proof == SEA_PROVEN)
		add(trust, SEA_TRUST_WELL, "source %s: every hook was shown to fire", source);
	else
		add(trust, SEA_TRUST_WELL, "source %s", source);
	if (!now->tells_all)
		add(trust, SEA_TRUST_NOTE,
		    "the source cannot tell every disposition on this kernel: see UNKN");
}

static void judge_check(struct sea_trust *trust, const struct sea_snapshot *now)
{
	if (now->check && !now->loss.count[SEA_LOSS_UNSEEN])
		add(trust, SEA_TRUST_WELL,
		    "check by %s: it saw %llu SEAs, and none that was not counted", now->check,
		    LLU(now->checked));
	else if (now->check)
		add(trust, SEA_TRUST_BAD,
		    "check by %s: it saw %llu SEAs, of which %llu not counted", now->check,
		    LLU(now->checked), LLU(now->loss.count[SEA_LOSS_UNSEEN]));
	else
		add(trust, SEA_TRUST_NOTE, "nothing checks the counts%s%s",
		    now->unchecked ? ": " : "", now->unchecked ?: "");
}

static enum sea_trust_level level_of(enum sea_loss_cause cause)
{
	switch (sea_loss_word(cause)->of) {
	case SEA_LOSS_OF_COUNTS:
		return cause == SEA_LOSS_UNSEEN || cause == SEA_LOSS_NO_VCPU ? SEA_TRUST_BAD :
									       SEA_TRUST_DOUBT;
	case SEA_LOSS_OF_ANSWERS:
	case SEA_LOSS_OF_CHECK:
		return SEA_TRUST_DOUBT;
	default:
		return SEA_TRUST_NOTE;
	}
}

static void judge_losses(struct sea_trust *trust, const struct sea_snapshot *now)
{
	const struct sea_loss *loss = &now->loss;
	char at[32];
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		const struct sea_loss_word *word = sea_loss_word(i);

		if (loss->count[i]) {
			time_of(&loss->last[i], at, sizeof(at));
			add(trust, level_of(i), "%s%llu %s, last at %s: %s",
			    loss->at_least & 1U << i ? "at least " : "", LLU(loss->count[i]),
			    word->name, at, word->hint);
		} else if (loss->at_least & 1U << i) {
			add(trust, SEA_TRUST_NOTE, "%s: this kernel does not tell how many",
			    word->name);
		}
	}
	if (!sea_loss_total(loss))
		add(trust, SEA_TRUST_WELL, "nothing was lost");
}

/* The gap was over when the session began: its counts are none the less exact. */
static bool is_before(const struct sea_gap *gap, const struct sea_session *session)
{
	return session && gap->until.tv_sec &&
	       sea_time_to_ns(&gap->until) <= sea_time_to_ns(&session->started);
}

static void judge_gaps(struct sea_trust *trust, const struct sea_session *session,
		       const struct sea_trust_gaps *gaps)
{
	static const enum sea_trust_level levels[SEA_GAP_CAUSES] = {
		[SEA_GAP_TICK] = SEA_TRUST_NOTE,
		[SEA_GAP_RECORDER] = SEA_TRUST_BAD,
		[SEA_GAP_STORE] = SEA_TRUST_NOTE,
	};
	static const char *const what[SEA_GAP_CAUSES] = {
		[SEA_GAP_TICK] = "the counters could not be read",
		[SEA_GAP_RECORDER] = "nobody counted",
		[SEA_GAP_STORE] = "nothing could be stored",
	};
	const struct sea_gap *gap;
	char since[32], until[32];

	if (!gaps || !gaps->nr)
		return;
	gap = &gaps->last;
	time_of(&gap->since, since, sizeof(since));
	time_of(&gap->until, until, sizeof(until));
	if (is_before(gap, session))
		add(trust, SEA_TRUST_NOTE, "%s from %s to %s, before them%s%s; %zu gap%s in all",
		    what[gap->cause], since, until, gap->why[0] ? ": " : "", gap->why, gaps->nr,
		    gaps->nr == 1 ? "" : "s");
	else if (gap->until.tv_sec)
		add(trust, levels[gap->cause], "gap from %s to %s: %s%s%s; %zu in all", since,
		    until, what[gap->cause], gap->why[0] ? ": " : "", gap->why, gaps->nr);
	else
		add(trust,
		    levels[gap->cause] < SEA_TRUST_DOUBT ? SEA_TRUST_DOUBT : levels[gap->cause],
		    "gap since %s: %s%s%s", since, what[gap->cause], gap->why[0] ? ": " : "",
		    gap->why);
}

static void judge_list(struct sea_trust *trust, const struct sea_snapshot *now)
{
	if (now->no_list)
		add(trust, SEA_TRUST_NOTE, "VMs without an SEA are not listed: %s", now->no_list);
	if (now->pid_namespace)
		add(trust, SEA_TRUST_NOTE,
		    "VMs outside of this pid namespace are seen only when they take an SEA");
	if (now->unlisted)
		add(trust, SEA_TRUST_NOTE, "%llu VMs have no row: raise --max-vms",
		    LLU(now->unlisted));
}

static void judge_session(struct sea_trust *trust, const struct sea_session *session,
			  const char *caveat)
{
	if (caveat)
		add(trust, SEA_TRUST_DOUBT, "%s", caveat);
	if (!session || !session->replayed)
		return;
	if (session->end == SEA_SESSION_FAILED || session->end == SEA_SESSION_LOST)
		add(trust, SEA_TRUST_DOUBT, "the session ended badly: %s",
		    session->end == SEA_SESSION_FAILED ?
			    "its program gave up" :
			    "its program was killed, or the host went down");
}

void sea_trust_judge(struct sea_trust *trust, const struct sea_snapshot *now,
		     const struct sea_session *session, const struct sea_trust_gaps *gaps,
		     const char *caveat)
{
	trust->nr = 0;
	trust->level = SEA_TRUST_WELL;
	judge_source(trust, now);
	judge_check(trust, now);
	judge_losses(trust, now);
	judge_gaps(trust, session, gaps);
	judge_list(trust, now);
	judge_session(trust, session, caveat);
}

enum sea_trust_level sea_trust_short(const struct sea_trust *trust, char *out, size_t size)
{
	static const char *const heads[SEA_TRUST_LEVELS] = {
		[SEA_TRUST_WELL] = "Trust: well",
		[SEA_TRUST_NOTE] = "Trust: counts exact, but: ",
		[SEA_TRUST_DOUBT] = "TRUST IN DOUBT: ",
		[SEA_TRUST_BAD] = "DO NOT TRUST THIS: ",
	};
	size_t i;

	for (i = 0; i < trust->nr; i++)
		if (trust->level && trust->lines[i].level == trust->level)
			break;
	snprintf(out, size, "%s%s", heads[trust->level], i < trust->nr ? trust->lines[i].text : "");
	return trust->level;
}
