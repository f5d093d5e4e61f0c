// SPDX-License-Identifier: GPL-2.0-only
#include "show/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/row-fields.h"

void sea_settings_default(struct sea_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	sea_colours_default(&settings->colours);
	sea_keymap_default(&settings->keys);
}

/* Blanks off both ends */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len && strchr(" \t\r", text[len - 1]))
		text[--len] = '\0';
	return text;
}

static int set_columns(struct sea_settings *settings, const char *value, struct sea_error *err)
{
	struct sea_columns columns = {0};

	if (sea_columns_parse(&columns, sea_row_fields(), value, err))
		return -1;
	settings->columns = columns;
	settings->has_columns = true;
	return 0;
}

static int set_key(struct sea_settings *settings, const char *key, const char *value,
		   struct sea_error *err)
{
	enum sea_action action = sea_action_by_name(value);

	if (!action && strcmp(value, "nothing"))
		return sea_error_set(err, "no action is called '%.32s'", value);
	if (!sea_keymap_set(&settings->keys, key, action))
		return sea_error_set(err, "no key is called '%.32s', or there are too many", key);
	return 0;
}

static int set(struct sea_settings *settings, char *name, const char *value, struct sea_error *err)
{
	if (!strcmp(name, "columns"))
		return set_columns(settings, value, err);
	if (!strncmp(name, "colour ", 7)) {
		if (sea_colours_set(&settings->colours, trim(name + 7), value))
			return 0;
		return sea_error_set(err, "'%.32s = %.32s' is no colour", name, value);
	}
	if (!strncmp(name, "key ", 4))
		return set_key(settings, trim(name + 4), value, err);
	return sea_error_set(err, "nothing is called '%.32s'", name);
}

static int parse_line(struct sea_settings *settings, char *line, struct sea_error *err)
{
	char *name = trim(line), *sign;

	if (!*name || *name == '#')
		return 0;
	/* The last one: the key "=" has a meaning of its own. */
	sign = strrchr(name, '=');
	if (!sign)
		return sea_error_set(err, "no '=' in '%.32s'", name);
	*sign = '\0';
	return set(settings, trim(name), trim(sign + 1), err);
}

void sea_settings_parse(struct sea_settings *settings, const char *text, size_t len)
{
	size_t at = 0, number = 0;

	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t length = end ? (size_t)(end - (text + at)) : len - at;
		char line[SEA_SETTINGS_LINE];
		struct sea_error err;
		int rc = -1;

		number++;
		if (length >= sizeof(line) || memchr(text + at, '\0', length)) {
			sea_error_set(&err, "the line is too long, or no text");
		} else {
			memcpy(line, text + at, length);
			line[length] = '\0';
			rc = parse_line(settings, line, &err);
		}
		if (rc && !settings->wrong++) {
			settings->first_wrong = number;
			settings->first = err;
		}
		at += length + 1;
	}
}

/* False: nobody says where it would be. */
static bool settings_path(char *path, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int n;

	if (config && *config == '/')
		n = snprintf(path, size, "%s/seatop/seatoprc", config);
	else if (home && *home == '/')
		n = snprintf(path, size, "%s/.config/seatop/seatoprc", home);
	else
		return false;
	return n > 0 && (size_t)n < size;
}

static int read_all(int fd, struct sea_settings *settings, const char *path, struct sea_error *err)
{
	struct stat status;
	size_t len = 0;
	char *text;
	ssize_t n;

	if (fstat(fd, &status) || !S_ISREG(status.st_mode) || status.st_size > SEA_SETTINGS_MAX)
		return sea_error_set(err, "cannot read %s: no file, or longer than %d bytes", path,
				     SEA_SETTINGS_MAX);
	text = malloc(SEA_SETTINGS_MAX);
	if (!text)
		return sea_error_set(err, "cannot read %s: out of memory", path);
	while (len < SEA_SETTINGS_MAX && (n = read(fd, text + len, SEA_SETTINGS_MAX - len)) > 0)
		len += (size_t)n;
	sea_settings_parse(settings, text, len);
	free(text);
	return 0;
}

int sea_settings_read(struct sea_settings *settings, struct sea_error *err)
{
	char path[PATH_MAX];
	int fd, rc;

	sea_settings_default(settings);
	if (!settings_path(path, sizeof(path)))
		return 0;
	/* A pipe of that name would be waited for. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ?
			       0 :
			       sea_error_set(err, "cannot read %s: %s", path, strerror(errno));
	rc = read_all(fd, settings, path, err);
	close(fd);
	if (!rc && settings->wrong)
		return sea_error_set(err, "%s: line %zu: %s", path, settings->first_wrong,
				     settings->first.text);
	return rc;
}
