/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trust.h - whether the numbers can be trusted, and why: for the line that is always on
 * the screen, and for the page that tells all.
 */
#ifndef SEA_TRUST_H
#define SEA_TRUST_H

#include <stddef.h>

#include "model/record.h"
#include "model/session.h"
#include "model/snapshot.h"

enum sea_trust_level {
	SEA_TRUST_WELL,	 /* shown to be right */
	SEA_TRUST_NOTE,	 /* counts are right; something else is missing */
	SEA_TRUST_DOUBT, /* counts may be wrong, or nothing shows that they are right */
	SEA_TRUST_BAD,	 /* counts are too low */
	SEA_TRUST_LEVELS,
};

/* "well", "note", "doubt", "bad"; static. */
const char *sea_trust_word(enum sea_trust_level level);

#define SEA_TRUST_TEXT_LEN 320
#define SEA_TRUST_MAX 48

struct sea_trust_line {
	enum sea_trust_level level;
	char text[SEA_TRUST_TEXT_LEN]; /* what is so, and what to do; printable */
};

struct sea_trust {
	enum sea_trust_level level; /* the worst of the lines */
	struct sea_trust_line lines[SEA_TRUST_MAX];
	size_t nr;
};

/* Gaps in the time that is looked at: how many, and the last of them. */
struct sea_trust_gaps {
	size_t nr;
	struct sea_gap last;
};

/*
 * Judges a snapshot of the session. gaps may be NULL. caveat: what the reader of the
 * recording has to know, or NULL. The lines are in the order: source, check, losses,
 * gaps, the list of VMs, the session.
 */
void sea_trust_judge(struct sea_trust *trust, const struct sea_snapshot *now,
		     const struct sea_session *session, const struct sea_trust_gaps *gaps,
		     const char *caveat);

/* The one line: "Trust: well", or what is worst. Returns its level. */
enum sea_trust_level sea_trust_short(const struct sea_trust *trust, char *out, size_t size);

#endif /* SEA_TRUST_H */
