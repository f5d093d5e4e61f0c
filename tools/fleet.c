// SPDX-License-Identifier: GPL-2.0-only
#include "fleet.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/when.h"
#include "model/clock.h"
#include "program.h"

/* Of the recordings that cannot be read, so many are told one by one. */
#define TOLD_MAX 10

/* Progress is shown so often. */
#define PROGRESS_NS 200000000

static void add_path(struct fleet_paths *paths, const char *dir, const char *name)
{
	char **more = realloc(paths->paths, (paths->nr + 1) * sizeof(*more));
	char *path;

	if (more)
		paths->paths = more;
	if (!more || asprintf(&path, "%s%s%s", dir ?: "", dir ? "/" : "", name) < 0)
		program_usage_error("cannot list the recordings: out of memory");
	paths->paths[paths->nr++] = path;
}

static int is_recording(const struct dirent *entry)
{
	static const char *const ends[] = {".db", ".ndjson", ".jsonl"};
	size_t len = strlen(entry->d_name), i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (len > strlen(ends[i]) &&
		    !strcmp(entry->d_name + len - strlen(ends[i]), ends[i]))
			return 1;
	return 0;
}

void fleet_paths_add(struct fleet_paths *paths, const char *path)
{
	struct dirent **entries;
	struct stat st;
	int nr, i;

	if (stat(path, &st) || !S_ISDIR(st.st_mode)) {
		add_path(paths, NULL, path);
		return;
	}
	nr = scandir(path, &entries, is_recording, alphasort);
	if (nr < 0)
		program_usage_error("cannot read the directory %s: %s", path, strerror(errno));
	if (!nr)
		program_usage_error("no recording is in %s: *.db and *.ndjson are looked for",
				    path);
	for (i = 0; i < nr; i++) {
		add_path(paths, path, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

void fleet_paths_free(struct fleet_paths *paths)
{
	size_t i;

	for (i = 0; i < paths->nr; i++)
		free(paths->paths[i]);
	free(paths->paths);
	*paths = (struct fleet_paths){0};
}

static __s64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return sea_time_to_ns(&now);
}

void fleet_read(struct sea_fleet *fleet, const struct fleet_paths *paths, const char *verb)
{
	bool is_terminal = isatty(STDERR_FILENO);
	__s64 shown = now_ns();
	struct sea_error err;
	size_t i, unread = 0;

	for (i = 0; i < paths->nr; i++) {
		if (is_terminal && now_ns() - shown >= PROGRESS_NS) {
			fprintf(stderr, "\r%zu of %zu recordings", i, paths->nr);
			shown = now_ns();
		}
		if (!sea_fleet_add(fleet, paths->paths[i], &err))
			continue;
		if (++unread <= TOLD_MAX)
			fprintf(stderr, "%sseastat %s: %s\n", is_terminal ? "\r\033[K" : "", verb,
				err.text);
	}
	if (is_terminal)
		fprintf(stderr, "\r\033[K");
	if (unread > TOLD_MAX)
		fprintf(stderr, "seastat %s: %zu more recordings cannot be read\n", verb,
			unread - TOLD_MAX);
}

__s64 fleet_time(const char *text)
{
	struct timespec now, time;
	struct sea_error err;

	clock_gettime(CLOCK_REALTIME, &now);
	if (sea_when_parse(text, &now, &time, &err))
		program_usage_error("%s", err.text);
	return sea_time_to_ns(&time);
}
