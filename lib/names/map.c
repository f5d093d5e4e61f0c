// SPDX-License-Identifier: GPL-2.0-only
#include "names/map.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/glob.h"
#include "base/printable.h"
#include "base/span.h"
#include "names/cmdline.h"
#include "names/name.h"

/* More than a file of names can be; what is longer was given by mistake. */
#define FILE_MAX_BYTES (16 * 1024 * 1024)

/* A key longer than any cgroup's path, which bounds the time for its match. */
#define KEY_MAX 4096

enum key_kind {
	KEY_PID,
	KEY_UUID,
	KEY_CGROUP, /* pattern of the path */
	KEY_NAME,   /* pattern of the name */
};

struct line {
	enum key_kind kind;
	size_t number;
	uint32_t pid;
	char *key;  /* a uuid in lower case */
	char *name; /* in the memory of key */
};

struct sea_vm_map {
	struct line *lines;
	size_t nr_lines, room;
	uint64_t read_ns; /* CLOCK_BOOTTIME */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct sea_span trim(struct sea_span s)
{
	/* The last one may have come from an editor of another system. */
	sea_span_drop(&s, "\r");
	while (s.len && is_blank(s.text[0]))
		s = sea_span_from(s, 1);
	while (s.len && is_blank(s.text[s.len - 1]))
		s.len--;
	return s;
}

/* UTF-8 that can be shown as it is. s.len is KEY_MAX at most. */
static bool is_clean(struct sea_span s)
{
	char copy[KEY_MAX + 1];

	return sea_printable(s.text, s.len, copy, sizeof(copy)) == s.len &&
	       !memcmp(s.text, copy, s.len);
}

/* 1 it is a pid, 0 it is no number, -1 it is a number that no pid can be. */
static int parse_pid(struct sea_span key, uint32_t *pid)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < key.len; i++)
		if (!isdigit((unsigned char)key.text[i]))
			return 0;
	for (i = 0; i < key.len; i++) {
		n = n * 10 + (uint64_t)(key.text[i] - '0');
		if (n > INT32_MAX)
			return -1;
	}
	*pid = (uint32_t)n;
	return n ? 1 : -1;
}

/* What is wrong with the line, or NULL; *line owns its memory then. */
static const char *parse_line(struct sea_span text, struct line *line)
{
	char uuid[SEA_VM_UUID_LEN];
	struct sea_span key = text, name;
	size_t i = 0;

	while (i < text.len && !is_blank(text.text[i]))
		i++;
	key.len = i;
	name = trim(sea_span_from(text, i));
	if (!name.len)
		return "a key without a name; lines are KEY NAME";
	if (key.len > KEY_MAX)
		return "the key is too long";
	if (name.len >= SEA_VM_NAME_LEN)
		return "the name is too long: 255 bytes at most";
	if (!is_clean(key) || !is_clean(name))
		return "not UTF-8, or a character that cannot be shown";

	line->kind = key.text[0] == '/' ? KEY_CGROUP : KEY_NAME;
	switch (parse_pid(key, &line->pid)) {
	case 1:
		line->kind = KEY_PID;
		break;
	case -1:
		return "the key is a number, but no pid: 1 to 2147483647";
	}
	if (sea_vm_uuid_parse(key.text, key.len, uuid)) {
		line->kind = KEY_UUID;
		key.text = uuid;
	}

	line->key = malloc(key.len + name.len + 2);
	if (!line->key)
		return "out of memory";
	memcpy(line->key, key.text, key.len);
	line->key[key.len] = '\0';
	line->name = line->key + key.len + 1;
	memcpy(line->name, name.text, name.len);
	line->name[name.len] = '\0';
	return NULL;
}

static struct line *new_line(struct sea_vm_map *map)
{
	if (map->nr_lines == map->room) {
		size_t room = map->room ? 2 * map->room : 64;
		struct line *lines = realloc(map->lines, room * sizeof(*lines));

		if (!lines)
			return NULL;
		map->lines = lines;
		map->room = room;
	}
	memset(&map->lines[map->nr_lines], 0, sizeof(struct line));
	return &map->lines[map->nr_lines];
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *const *x = a, *const *y = b;
	int order = strcmp((*x)->key, (*y)->key);

	if (order)
		return order;
	return (*x)->number < (*y)->number ? -1 : 1;
}

/* A key that is there twice would do nothing the second time. */
static int check_keys(const struct sea_vm_map *map, const char *path, struct sea_error *err)
{
	const struct line **sorted = calloc(map->nr_lines + 1, sizeof(*sorted));
	const struct line *again = NULL, *first = NULL;
	size_t i;

	if (!sorted)
		return sea_error_set(err, "cannot use the names in %s: out of memory", path);
	for (i = 0; i < map->nr_lines; i++)
		sorted[i] = &map->lines[i];
	qsort(sorted, map->nr_lines, sizeof(*sorted), compare_lines);
	for (i = 1; i < map->nr_lines; i++) {
		if (strcmp(sorted[i - 1]->key, sorted[i]->key))
			continue;
		if (again && again->number < sorted[i]->number)
			continue;
		again = sorted[i];
		first = sorted[i - 1];
	}
	free(sorted);
	if (!again)
		return 0;
	return sea_error_set(err,
			     "cannot use the names in %s: line %zu: the key %.64s is on line %zu "
			     "already",
			     path, again->number, again->key, first->number);
}

static int parse(struct sea_vm_map *map, struct sea_span text, const char *path,
		 struct sea_error *err)
{
	struct sea_span rest;
	size_t number = 0;

	/* Editors of other systems begin with a byte order mark. */
	sea_span_skip(&text, "\xef\xbb\xbf");
	while (sea_span_next(&text, '\n', &rest)) {
		const char *wrong;
		struct line *line;

		number++;
		rest = trim(rest);
		if (!rest.len || rest.text[0] == '#')
			continue;
		line = new_line(map);
		wrong = line ? parse_line(rest, line) : "out of memory";
		if (wrong)
			return sea_error_set(err, "cannot use the names in %s: line %zu: %s", path,
					     number, wrong);
		line->number = number;
		map->nr_lines++;
	}
	return check_keys(map, path, err);
}

int sea_vm_map_parse(const char *text, size_t len, const char *path, uint64_t now_ns,
		     struct sea_vm_map **map, struct sea_error *err)
{
	struct sea_vm_map *m = calloc(1, sizeof(*m));

	if (!m)
		return sea_error_set(err, "cannot use the names in %s: out of memory", path);
	m->read_ns = now_ns;
	if (parse(m, (struct sea_span){text, len}, path, err)) {
		sea_vm_map_free(m);
		return -1;
	}
	*map = m;
	return 0;
}

/* All of the file, which may be a pipe; NULL with errno set if it cannot be read. */
static char *read_all(int fd, size_t *len)
{
	size_t room = 0;
	char *text = NULL;
	ssize_t n;

	*len = 0;
	do {
		if (*len == room) {
			char *more;

			room = room ? 2 * room : 65536;
			more = room <= FILE_MAX_BYTES ? realloc(text, room) : NULL;
			if (!more) {
				errno = room <= FILE_MAX_BYTES ? ENOMEM : EFBIG;
				goto failed;
			}
			text = more;
		}
		n = read(fd, text + *len, room - *len);
		if (n > 0)
			*len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (!n)
		return text;
failed:
	free(text);
	return NULL;
}

int sea_vm_map_load(const char *path, struct sea_vm_map **map, struct sea_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	char *text = NULL;
	struct timespec now;
	size_t len;

	if (fd >= 0) {
		text = read_all(fd, &len);
		rc = errno;
		close(fd);
		errno = rc;
	}
	if (!text)
		return sea_error_set(err, "cannot read the names in %s: %s", path, strerror(errno));
	clock_gettime(CLOCK_BOOTTIME, &now);
	rc = sea_vm_map_parse(text, len, path,
			      (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec, map, err);
	free(text);
	return rc;
}

void sea_vm_map_free(struct sea_vm_map *map)
{
	size_t i;

	if (!map)
		return;
	for (i = 0; i < map->nr_lines; i++)
		free(map->lines[i].key);
	free(map->lines);
	free(map);
}

/* "\" stands for itself, so that a path with systemd's "\x2d" can be pasted. */
static bool fits(const struct line *line, const char *text)
{
	return *text && sea_glob_match(line->key, text, FNM_NOESCAPE);
}

const char *sea_vm_map_find(const struct sea_vm_map *map, const struct sea_vm_facts *facts)
{
	size_t i;

	for (i = 0; i < map->nr_lines; i++) {
		const struct line *line = &map->lines[i];
		bool found = false;

		switch (line->kind) {
		case KEY_PID:
			found = line->pid == facts->tgid && facts->start_ns &&
				facts->start_ns <= map->read_ns;
			break;
		case KEY_UUID:
			found = !strcmp(line->key, facts->uuid);
			break;
		case KEY_CGROUP:
			found = fits(line, facts->cgroup);
			break;
		case KEY_NAME:
			found = fits(line, facts->name);
			break;
		}
		if (found)
			return line->name;
	}
	return NULL;
}
