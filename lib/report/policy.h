/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * policy.h - what a fleet has to be like: a file of rules, as seatop-policy(5) has it.
 */
#ifndef SEA_POLICY_H
#define SEA_POLICY_H

#include <stdbool.h>
#include <stdio.h>

#include <linux/types.h>

#include "base/error.h"
#include "report/policy-labels.h"
#include "report/policy-values.h"

enum sea_rule_kind {
	/* Is the data complete? They are there in every policy; where one does not
	 * pass, no other rule does. */
	SEA_RULE_GAPS,
	SEA_RULE_LOSSES,
	SEA_RULE_UNPROVEN,
	/* Was there enough to look at? */
	SEA_RULE_EXPOSURE,
	/* The fleet */
	SEA_RULE_OPTED_IN,
	SEA_RULE_NOT_OPTED_IN,
	SEA_RULE_HOST_OWNED,
	SEA_RULE_ANSWERS,
	SEA_RULE_RESUMED_LOOPS,
	SEA_RULE_ABANDONED,
	SEA_RULE_SIGBUS,
	SEA_RULE_PAGES_NOT_HELD,
	SEA_RULE_KINDS,
};

#define SEA_RULE_NAME_LEN 48

struct sea_rule {
	enum sea_rule_kind kind;
	char name[SEA_RULE_NAME_LEN]; /* the section: "answers p50" */
	unsigned int line;	      /* of the file; 0: a rule that is always there */
	struct sea_bound bound;
	double percentile; /* ANSWERS: 0 to 100, neither included */
	__u64 within_ns;   /* ANSWERS: faster than this */
	__u64 times;	   /* RESUMED_LOOPS: a loop is so many answers `resumed` of one VM */
	double least_vm_hours;
	__u64 least_seas, least_hosts;
	bool has_least[3]; /* of these three, what the rule itself says */
};

/* What the parser and the manual know of a kind. */
struct sea_rule_word {
	const char *name;   /* "not_opted_in" */
	const char *at;	    /* the bound's key: "at_most"; NULL: it has none */
	const char *bounds; /* what passes, for people: "SEAs of VMs that ..." */
	const char *advice; /* what to do where it fails */
	unsigned int forms; /* that the bound may have: bits 1 << enum sea_bound_form */
	bool is_data;	    /* of the data: it does not fail, it cannot be told */
	bool needs_seas;    /* without any SEA it cannot pass */
};

const struct sea_rule_word *sea_rule_word(enum sea_rule_kind kind);

#define SEA_POLICY_RULES_MAX 64
/* Of the file, in bytes. */
#define SEA_POLICY_SIZE_MAX (64 * 1024)

struct sea_policy {
	struct sea_rule rules[SEA_POLICY_RULES_MAX]; /* those of the data first */
	size_t nr;
	double confidence; /* 0.5 to below 1: see seatop-policy(5) */
	struct sea_labels labels;
};

/*
 * Reads a policy. The error is "FILE:LINE: WHAT; WHAT TO DO". *policy is given back
 * with sea_policy_free().
 */
int sea_policy_load(const char *path, struct sea_policy **policy, struct sea_error *err);
/* The same of text, which name is called in errors. */
int sea_policy_parse(const char *text, size_t len, const char *name, struct sea_policy **policy,
		     struct sea_error *err);
/* One with the rules that are always there, and no other. */
int sea_policy_new(struct sea_policy **policy, struct sea_error *err);
/* Adds the labels of such a file, which may have nothing but labels. */
int sea_policy_load_labels(const char *path, struct sea_policy *policy, struct sea_error *err);
void sea_policy_free(struct sea_policy *policy);

#endif /* SEA_POLICY_H */
