// SPDX-License-Identifier: GPL-2.0-only
#include "names/cgroup.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/printable.h"

/* Container engines show so many digits of the 64 that an id has. */
#define ID_DIGITS 64
#define ID_SHOWN 12

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

/* "vcpu0", "iothread1": what libvirt has below the VM's own cgroup. */
static bool is_numbered(struct sea_span s, const char *word)
{
	size_t i;

	if (!sea_span_skip(&s, word) || !s.len)
		return false;
	for (i = 0; i < s.len; i++)
		if (!is_digit(s.text[i]))
			return false;
	return true;
}

static bool says_nothing(struct sea_span s)
{
	static const char *const common[] = {
		"",
		".",
		"..",
		"init",
		"init.scope",
		"user",
		"libvirt",
		"emulator",
		"supervisor",
		"payload",
		"container",
		"machine",
		"firecracker",
		/* What starts VMs without a cgroup for each */
		"libvirtd.service",
		"virtqemud.service",
		"containerd.service",
		"docker.service",
		"crio.service",
		"kubelet.service",
		"ssh.service",
		"sshd.service",
		"cron.service",
		NULL,
	};

	if (sea_span_in(s, common) || is_numbered(s, "vcpu") || is_numbered(s, "iothread"))
		return true;
	if (sea_span_ends(s, ".slice") || sea_span_ends(s, ".partition"))
		return true;
	if (sea_span_ends(s, ".scope"))
		return sea_span_begins(s, "session-") || sea_span_begins(s, "run-") ||
		       sea_span_begins(s, "vte-spawn-") || sea_span_begins(s, "tmux-spawn-");
	return sea_span_begins(s, "user@") && sea_span_ends(s, ".service");
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

static struct sea_span shorten_id(struct sea_span s)
{
	size_t i;

	if (s.len < ID_DIGITS || (s.len > ID_DIGITS && s.text[s.len - ID_DIGITS - 1] != '-'))
		return s;
	for (i = s.len - ID_DIGITS; i < s.len; i++)
		if (hex(s.text[i]) < 0)
			return s;
	s.len -= ID_DIGITS - ID_SHOWN;
	return s;
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
	return name.len && sea_printable(name.text, name.len, out, size);
}

bool sea_vm_name_from_cgroup(struct sea_span path, char *out, size_t size)
{
	struct sea_span part, unit = {NULL, 0};
	bool found, scope, machine = false;
	char *text;
	size_t len;

	while (sea_span_next(&path, '/', &part))
		if (!says_nothing(part))
			unit = part;
	scope = sea_span_drop(&unit, ".scope");
	/* systemd puts a "_" ahead of what would be a file of the kernel's. */
	if (scope || sea_span_drop(&unit, ".service"))
		sea_span_skip(&unit, "_");
	if (scope)
		machine = sea_span_skip(&unit, "machine-");
	/* libvirt without systemd: qemu-1-NAME.libvirt-qemu */
	if (sea_span_drop(&unit, ".libvirt-qemu") || sea_span_drop(&unit, ".libvirt-ch"))
		machine = true;
	if (!unit.len)
		return false;
	unit = shorten_id(unit);

	text = malloc(unit.len);
	if (!text)
		return false;
	len = unescape(unit, text);
	if (machine)
		found = sea_vm_name_from_machine(text, len, out, size);
	else
		found = sea_printable(text, len, out, size);
	free(text);
	return found;
}

bool sea_vm_cgroup_is_pod(struct sea_span path)
{
	struct sea_span part;

	while (sea_span_next(&path, '/', &part))
		if (sea_span_begins(part, "kubepods"))
			return true;
	return false;
}
