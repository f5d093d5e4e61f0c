// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct reading {
	const struct config *config;
	const char *path;
	FILE *file;
	int line;     /* that is being read: 1, 2, ... */
	bool goes_on; /* it is longer than inih takes at once */
	bool has_failed;
	struct sea_error *err;
};

/* inih does not say where it is: so its lines are counted when it asks for them. */
static char *next_line(char *text, int size, void *stream)
{
	struct reading *r = stream;

	if (!r->goes_on)
		r->line++;
	if (!fgets(text, size, r->file))
		return NULL;
	r->goes_on = !strchr(text, '\n');
	return text;
}

static void warn(const struct reading *r, const char *what, const char *of)
{
	char line[SEA_ERROR_LEN];

	snprintf(line, sizeof(line), "%s:%d: %s '%.64s' is left out", r->path, r->line, what, of);
	r->config->warn(line, r->config->context);
}

static const struct argp_option *find(const struct reading *r, const char *name)
{
	const struct argp_option *option;

	for (option = r->config->options; option->name; option++)
		if (!strcmp(option->name, name))
			return option;
	return NULL;
}

static bool is_one_of(const char *value, const char *const *words)
{
	for (; *words; words++)
		if (!strcasecmp(value, *words))
			return true;
	return false;
}

static int set_flag(const struct reading *r, int key, const char *value, struct sea_error *err)
{
	static const char *const yes[] = {"yes", "true", "on", "1", NULL};
	static const char *const no[] = {"no", "false", "off", "0", NULL};

	if (is_one_of(value, yes))
		return r->config->set(key, NULL, r->config->context, err);
	if (is_one_of(value, no))
		return 0;
	return sea_error_set(err, "'%.32s' is neither yes nor no", value);
}

/* Returns 0 for a line that cannot be, as inih wants it. */
static int take(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	const struct argp_option *option;
	struct sea_error why;
	int rc;

	if (r->has_failed)
		return 1;
	if (*section && strcmp(section, r->config->section)) {
		warn(r, "in another section than this program's,", name);
		return 1;
	}
	option = find(r, name);
	if (!option) {
		warn(r, "no option is called so:", name);
		return 1;
	}
	rc = option->arg ? r->config->set(option->key, value, r->config->context, &why) :
			   set_flag(r, option->key, value, &why);
	if (rc) {
		r->has_failed = true;
		sea_error_set(r->err, "%s:%d: %s: %s", r->path, r->line, name, why.text);
	}
	return !rc;
}

int config_read(const struct config *config, const char *path, struct sea_error *err)
{
	struct reading r = {.config = config, .path = path, .err = err};
	int line;

	r.file = fopen(path, "re");
	if (!r.file)
		return sea_error_set(err, "cannot read the configuration %s: %s", path,
				     strerror(errno));
	line = ini_parse_stream(next_line, &r, take, &r);
	if (ferror(r.file) && !r.has_failed) {
		r.has_failed = true;
		sea_error_set(err, "cannot read the configuration %s: %s", path, strerror(errno));
	}
	fclose(r.file);
	if (r.has_failed)
		return -1;
	if (line)
		return sea_error_set(err, "%s: a line is not KEY = VALUE: the first is line %d",
				     path, line);
	return 0;
}
