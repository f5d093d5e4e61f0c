/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * policy-labels.h - labels of hosts, by the globs of their names.
 */
#ifndef SEA_POLICY_LABELS_H
#define SEA_POLICY_LABELS_H

#include <stdbool.h>
#include <stddef.h>

struct sea_label {
	char *name;  /* "ring" */
	char *value; /* "canary" */
	char *globs; /* of hosts, with blanks between */
};

/* Start from zeros; sea_labels_free() releases it. */
struct sea_labels {
	struct sea_label *list;
	size_t nr;
};

/* -1: out of memory. What a value has already, it keeps. */
int sea_labels_add(struct sea_labels *labels, const char *name, const char *value,
		   const char *globs);

/* Some label has this name and value. */
bool sea_labels_has(const struct sea_labels *labels, const char *name, const char *value);

/* The host has this label: of the values of a name, the first whose globs take the host. */
bool sea_labels_match(const struct sea_labels *labels, const char *name, const char *value,
		      const char *host);

void sea_labels_free(struct sea_labels *labels);

#endif /* SEA_POLICY_LABELS_H */
