// SPDX-License-Identifier: GPL-2.0-only
#include "report/policy-labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"

/* Of a host's glob, which is no longer than a host's name may be, and some more */
#define GLOB_LEN 256

int sea_labels_add(struct sea_labels *labels, const char *name, const char *value,
		   const char *globs)
{
	struct sea_label label = {strdup(name), strdup(value), strdup(globs)}, *more;

	more = realloc(labels->list, (labels->nr + 1) * sizeof(*more));
	if (more)
		labels->list = more;
	if (!more || !label.name || !label.value || !label.globs) {
		free(label.name);
		free(label.value);
		free(label.globs);
		return -1;
	}
	more[labels->nr++] = label;
	return 0;
}

bool sea_labels_has(const struct sea_labels *labels, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < labels->nr; i++)
		if (!strcmp(labels->list[i].name, name) && !strcmp(labels->list[i].value, value))
			return true;
	return false;
}

static bool takes(const char *globs, const char *host)
{
	char glob[GLOB_LEN];

	while (*globs) {
		size_t len = strcspn(globs, " \t");

		if (len && len < sizeof(glob)) {
			memcpy(glob, globs, len);
			glob[len] = '\0';
			if (sea_glob_match(glob, host, 0))
				return true;
		}
		globs += len;
		globs += strspn(globs, " \t");
	}
	return false;
}

bool sea_labels_match(const struct sea_labels *labels, const char *name, const char *value,
		      const char *host)
{
	size_t i;

	for (i = 0; i < labels->nr; i++)
		if (!strcmp(labels->list[i].name, name) && takes(labels->list[i].globs, host))
			return !strcmp(labels->list[i].value, value);
	return false;
}

void sea_labels_free(struct sea_labels *labels)
{
	size_t i;

	for (i = 0; i < labels->nr; i++) {
		free(labels->list[i].name);
		free(labels->list[i].value);
		free(labels->list[i].globs);
	}
	free(labels->list);
	*labels = (struct sea_labels){0};
}
