/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * policy-internal.h - what the files that read a policy share: where the reading is, and
 * what is wrong with what was read.
 */
#ifndef SEA_POLICY_INTERNAL_H
#define SEA_POLICY_INTERNAL_H

#include "report/policy.h"

/* libinih gives longer lines in two, as its buffer is that long. */
#define SEA_POLICY_LINE_MAX 197

struct sea_policy_parser {
	struct sea_policy *policy;
	const char *name;		 /* of the file */
	const char *at, *end;		 /* what is still to be read */
	unsigned int line;		 /* that was read last */
	unsigned int section_line;	 /* of a section that has no key yet; 0: it has */
	bool is_empty;			 /* that section: nothing but comments came so far */
	char section[SEA_RULE_NAME_LEN]; /* that the last key was of */
	char keys[256];			 /* of that section so far: "at_most," */
	struct sea_rule *rule;		 /* of that section; NULL: it is no rule's */
	bool labels_only;
	unsigned int error_line; /* of the first error; 0: none so far */
	struct sea_error *err;
};

/* The first error is the one that is told. Returns 0, as handlers of libinih do then. */
int sea_policy_complain(struct sea_policy_parser *p, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Foreign text as a message may have it */
struct sea_policy_shown {
	char text[40];
};

const char *sea_policy_show(const char *text, struct sea_policy_shown *shown);

/* The defaults of all rules have a rule of their own while the file is read: the first. */
static inline struct sea_rule *sea_policy_defaults(struct sea_policy *policy)
{
	return &policy->rules[0];
}

/* A key of a rule, of [policy], and of a section of labels. 1: well; 0: it was told. */
int sea_policy_set_key(struct sea_policy_parser *p, const char *key, const char *value);
int sea_policy_set_all(struct sea_policy_parser *p, const char *key, const char *value);
int sea_policy_set_label(struct sea_policy_parser *p, const char *section, const char *key,
			 const char *value);

#endif /* SEA_POLICY_INTERNAL_H */
