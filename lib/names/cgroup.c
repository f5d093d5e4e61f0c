// SPDX-License-Identifier: GPL-2.0-only
#include "names/cgroup.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "names/path.h"
#include "names/rules.h"

/*
 * A host has some hundred cgroups, a few levels deep. Opening one by its id
 * would need CAP_DAC_READ_SEARCH, which we have given up by then.
 */
#define WALK_DIRECTORIES 50000
#define WALK_DEPTH 24

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool sea_vm_cgroup_path(const char *cgroup, size_t len, struct sea_span *path)
{
	struct sea_span file = {cgroup, len}, line, id, controllers;
	bool found = false;

	/* Lines are "ID:CONTROLLERS:PATH". */
	while (sea_span_next(&file, '\n', &line)) {
		if (!sea_span_next(&line, ':', &id) || !sea_span_next(&line, ':', &controllers))
			continue;
		sea_span_drop(&line, " (deleted)");
		if (!line.len || (controllers.len && !sea_span_is(controllers, "name=systemd")))
			continue;
		if (found && sea_span_is(line, "/"))
			continue;
		*path = line;
		found = true;
		if (controllers.len && !sea_span_is(line, "/"))
			break;
	}
	return found;
}

/* Where cgroup v2 is mounted, alone or beside v1; the descriptor, or -1. */
static int open_cgroup2(void)
{
	static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		int fd = open(mounts[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct statfs fs;

		if (fd < 0)
			continue;
		if (!fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
			return fd;
		close(fd);
	}
	return -1;
}

/* The way through the tree: a tenant may have made it as deep and wide as he liked. */
struct walk {
	uint64_t id;
	char *path; /* of the directory that we are in */
	size_t size;
	unsigned int left; /* directories that may still be looked at */
	unsigned int depth;
};

/* Looks for the id below the directory, whose path has so many bytes; closes it. */
static bool walk_down(struct walk *walk, int fd, size_t len)
{
	DIR *dir = fdopendir(fd);
	struct dirent *e;
	bool found = false;

	if (!dir) {
		close(fd);
		return false;
	}
	walk->depth++;
	while (!found && walk->left && (e = readdir(dir))) {
		size_t n = strlen(e->d_name);
		int child;

		if (e->d_type != DT_DIR || !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		    len + n + 2 > walk->size)
			continue;
		walk->left--;
		walk->path[len] = '/';
		memcpy(walk->path + len + 1, e->d_name, n + 1);
		found = e->d_ino == walk->id;
		if (found || walk->depth == WALK_DEPTH)
			continue;
		child = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		found = child >= 0 && walk_down(walk, child, len + n + 1);
	}
	walk->depth--;
	closedir(dir);
	return found;
}

bool sea_vm_cgroup_by_id(uint64_t id, char *path, size_t size)
{
	struct walk walk = {.id = id, .path = path, .size = size, .left = WALK_DIRECTORIES};
	int root = open_cgroup2();
	struct stat st;

	if (root < 0)
		return false;
	if (!fstat(root, &st) && st.st_ino == id && size > 1) {
		close(root);
		memcpy(path, "/", 2);
		return true;
	}
	return walk_down(&walk, root, 0);
}

/* The cgroup itself, one below it or one beside it has the id. */
bool sea_vm_cgroup_is_near(struct sea_span path, uint64_t id)
{
	static const char *const near[] = {"", "/.."};
	int root = open_cgroup2(), fd;
	bool known = false, found = false;
	char text[4096];
	size_t i;

	for (i = 0; root >= 0 && !found && i < sizeof(near) / sizeof(near[0]); i++) {
		struct dirent *e;
		struct stat st;
		DIR *dir;

		snprintf(text, sizeof(text), ".%.*s%s", (int)path.len, path.text, near[i]);
		fd = openat(root, text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		dir = fd < 0 ? NULL : fdopendir(fd);
		if (!dir) {
			if (fd >= 0)
				close(fd);
			continue;
		}
		known = true;
		found = !fstat(fd, &st) && st.st_ino == id;
		while (!found && (e = readdir(dir)))
			found = e->d_ino == id;
		closedir(dir);
	}
	if (root >= 0)
		close(root);
	return found || !known;
}

/* Undoes systemd's "\x2d". text has room for s.len bytes. */
static size_t unescape(struct sea_span s, char *text)
{
	size_t i, len = 0;

	for (i = 0; i < s.len; i++) {
		if (s.len - i >= 4 && s.text[i] == '\\' && s.text[i + 1] == 'x' &&
		    hex(s.text[i + 2]) >= 0 && hex(s.text[i + 3]) >= 0) {
			text[len++] = (char)(hex(s.text[i + 2]) << 4 | hex(s.text[i + 3]));
			i += 3;
		} else {
			text[len++] = s.text[i];
		}
	}
	return len;
}

bool sea_vm_name_from_machine(const char *machine, size_t len, char *out, size_t size)
{
	struct sea_span name = {machine, len}, rest = name;
	size_t digits = 0;

	if (sea_span_skip(&rest, "qemu-") || sea_span_skip(&rest, "ch-")) {
		while (digits < rest.len && is_digit(rest.text[digits]))
			digits++;
		rest = sea_span_from(rest, digits);
		if (digits && sea_span_skip(&rest, "-") && rest.len)
			name = rest;
	}
	return name.len && sea_vm_shorten(name, out, size);
}

/* The last component that says something, without what is put around it. */
struct unit {
	struct sea_span name;
	bool machine; /* of systemd-machined's or libvirt's */
};

/* "X.slice:PREFIX:ID" is what a runtime makes of a systemd name without systemd. */
static void skip_slice(struct sea_span *name)
{
	static const char mark[] = ".slice:";
	const char *slice = name->len ? memmem(name->text, name->len, mark, strlen(mark)) : NULL;

	if (slice)
		*name = sea_span_from(*name, (size_t)(slice - name->text) + strlen(mark));
}

static void skip_instance(struct sea_span *name)
{
	const char *const *prefix;

	for (prefix = sea_rules_instances; *prefix; prefix++) {
		struct sea_span instance = *name;

		if (sea_span_skip(&instance, *prefix) && instance.len)
			*name = instance;
	}
}

static struct unit find_unit(struct sea_span path)
{
	struct unit unit = {{NULL, 0}, false};
	struct sea_span part;
	bool scope, service;

	while (sea_span_next(&path, '/', &part))
		if (!sea_rules_cgroup_common(part))
			unit.name = part;
	scope = sea_span_drop(&unit.name, ".scope");
	service = !scope && sea_span_drop(&unit.name, ".service");
	/* systemd puts a "_" ahead of what would be a file of the kernel's. */
	if (scope || service)
		sea_span_skip(&unit.name, "_");
	if (scope)
		unit.machine = sea_span_skip(&unit.name, "machine-");
	if (service)
		skip_instance(&unit.name);
	/* libvirt without systemd: qemu-1-NAME.libvirt-qemu */
	if (sea_span_drop(&unit.name, ".libvirt-qemu") || sea_span_drop(&unit.name, ".libvirt-ch"))
		unit.machine = true;
	skip_slice(&unit.name);
	return unit;
}

bool sea_vm_name_from_cgroup(struct sea_span path, char *out, size_t size)
{
	struct unit unit = find_unit(path);
	bool found;
	char *text;
	size_t len;

	if (!unit.name.len)
		return false;
	text = malloc(unit.name.len);
	if (!text)
		return false;
	len = unescape(unit.name, text);
	if (unit.machine)
		found = sea_vm_name_from_machine(text, len, out, size);
	else
		found = sea_vm_shorten((struct sea_span){text, len}, out, size);
	free(text);
	return found;
}

bool sea_vm_cgroup_is_machine(struct sea_span path)
{
	return find_unit(path).machine;
}

/* "kubepods" between what is no part of a word: "kubelet-kubepods.slice". */
static bool has_label(struct sea_span part, const char *label)
{
	const char *found = part.len ? memmem(part.text, part.len, label, strlen(label)) : NULL;
	size_t at = found ? (size_t)(found - part.text) : 0, end = at + strlen(label);

	return found && (!at || part.text[at - 1] == '-') &&
	       (end == part.len || part.text[end] == '-' || part.text[end] == '.');
}

bool sea_vm_cgroup_is_pod(struct sea_span path)
{
	struct sea_span part;

	while (sea_span_next(&path, '/', &part))
		if (has_label(part, "kubepods"))
			return true;
	return false;
}
