/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verdict.h - does a fleet keep to a policy?
 *
 * A rule passes if what was seen shows that it is kept, fails if what was seen shows
 * that it is not, and else cannot be told. What could not be seen (answers that were
 * lost, VMs without an exit status) counts against a pass and never for a fail.
 */
#ifndef SEA_VERDICT_H
#define SEA_VERDICT_H

#include <json-c/json.h>

#include "base/text.h"
#include "report/exposure.h"
#include "report/policy.h"

enum sea_verdict_is {
	SEA_PASS,
	SEA_FAIL,
	SEA_CANNOT_TELL,
};

/* "pass", "fail", "cannot tell"; static. */
const char *sea_verdict_name(enum sea_verdict_is is);

#define SEA_VERDICT_TEXT_LEN 256

struct sea_verdict {
	const struct sea_rule *rule;
	enum sea_verdict_is is;
	double events;	     /* that count against the rule (opted_in, answers: for it) */
	double events_most;  /* as many at most, with those that could not be seen */
	double of;	     /* how many could have been; VM-hours of a rate; NAN: no such */
	double lower, upper; /* limits of the rate in an hour, or the share; NAN: none needed */
	char found[SEA_VERDICT_TEXT_LEN]; /* the numbers, in words */
	char why[SEA_VERDICT_TEXT_LEN];	  /* why it does not pass, and what to do; "" */
};

struct sea_verdicts {
	struct sea_verdict list[SEA_POLICY_RULES_MAX];
	size_t nr;
	enum sea_verdict_is worst; /* fail, then cannot tell, then pass */
	double alpha;		   /* each rule that chance can fail does so this often at most */
	char incomplete[SEA_VERDICT_TEXT_LEN]; /* why no rule passes; "": the data is complete */
};

/* The policy has to stay. */
void sea_verdict_make(const struct sea_policy *policy, const struct sea_exposure *exposure,
		      struct sea_verdicts *verdicts);

/* 0 pass, 1 fail, 2 cannot tell. */
enum sea_status sea_verdict_status(enum sea_verdict_is worst);

/* A table, with a line below each rule that does not pass. */
void sea_verdict_text(const struct sea_verdicts *verdicts, const struct sea_exposure *exposure,
		      struct sea_text *out);
/* One line of JSON: docs/seatop-check-1.schema.json */
int sea_verdict_json(const struct sea_verdicts *verdicts, const struct sea_exposure *exposure,
		     struct sea_text *out, struct sea_error *err);

/* What both show of an exposure. */
void sea_exposure_text(const struct sea_exposure *exposure, struct sea_text *out);
void sea_exposure_json(const struct sea_exposure *exposure, json_object *object, bool *failed);

#endif /* SEA_VERDICT_H */
