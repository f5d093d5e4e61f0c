// SPDX-License-Identifier: GPL-2.0-only
#include "names/look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/span.h"
#include "names/cgroup.h"

#define NSEC_PER_SEC 1000000000ULL

/* More than stat and cgroup are, and than a cgroup's path can be. */
#define SMALL_FILE_MAX (16 * 1024)

#define MACHINE_LEN 256

uint64_t sea_vm_look_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

bool sea_vm_start_from_stat(const char *stat, size_t len, uint64_t *ticks)
{
	struct sea_span rest = {stat, len}, field;
	int i;

	/* Field 2 is the name in parentheses, which may hold any of them itself. */
	while (rest.len && rest.text[rest.len - 1] != ')')
		rest.len--;
	if (!rest.len)
		return false;
	rest = (struct sea_span){stat + rest.len, len - rest.len};

	/* What is left starts with a space: the empty field ahead of field 3. */
	for (i = 2; i <= 22; i++)
		if (!sea_span_next(&rest, ' ', &field))
			return false;
	if (!field.len || field.len > 20)
		return false;
	for (*ticks = 0; field.len; field.text++, field.len--) {
		unsigned int digit = (unsigned int)(*field.text - '0');

		if (digit > 9)
			return false;
		if (__builtin_mul_overflow(*ticks, 10, ticks) ||
		    __builtin_add_overflow(*ticks, digit, ticks))
			return false;
	}
	return true;
}

/* Reads a file below the process's directory, size bytes at most; 0: it is not there. */
static size_t read_file(int dir, const char *file, char *buffer, size_t size)
{
	int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	if (fd < 0)
		return 0;
	while (len < size) {
		n = read(fd, buffer + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	return n < 0 ? 0 : len;
}

static bool started_at(int dir, uint64_t start_ns, char *buffer)
{
	uint64_t hz = (uint64_t)sysconf(_SC_CLK_TCK), ticks;
	size_t len = read_file(dir, "stat", buffer, SMALL_FILE_MAX);

	return len && sea_vm_start_from_stat(buffer, len, &ticks) &&
	       ticks == start_ns / (NSEC_PER_SEC / hz);
}

static void read_cgroup(struct sea_vm_look *look, char *buffer)
{
	size_t len = read_file(look->fd, "cgroup", buffer, SMALL_FILE_MAX);
	struct sea_span path;

	if (!len || !sea_vm_cgroup_path(buffer, len, &path))
		return;
	/* Only so can it be told that a pid was used again within one tick. */
	if (look->cgroup_id && !sea_vm_cgroup_is_near(path, look->cgroup_id))
		return;
	look->cgroup = strndup(path.text, path.len);
}

static void ask_machined(struct sea_vm_look *look, char *buffer)
{
	char machine[MACHINE_LEN];

	if (!look->machined || !look->machined(look->tgid, machine, sizeof(machine)))
		return;
	/* It was asked by pid: only if the process is still there was it about it. */
	if (read_file(look->fd, "stat", buffer, SMALL_FILE_MAX))
		look->machine = strdup(machine);
}

/* Neither of these takes the lock of the process's memory map. */
static bool quick(struct sea_errand *errand)
{
	struct sea_vm_look *look = (struct sea_vm_look *)errand;
	char *buffer = malloc(SMALL_FILE_MAX);

	look->read_ns = sea_vm_look_now();
	look->fd = open(look->directory, O_DIRECTORY | O_PATH | O_CLOEXEC);
	/* The descriptor stays with that process: checking once is enough. */
	look->there = buffer && look->fd >= 0 && started_at(look->fd, look->start_ns, buffer);
	if (look->there) {
		read_cgroup(look, buffer);
		ask_machined(look, buffer);
	}
	free(buffer);
	return (look->there && !look->cmdline_known) || (look->cgroup_id && !look->cgroup);
}

static void read_cmdline(struct sea_vm_look *look)
{
	char *buffer = malloc(SEA_VM_CMDLINE_MAX), *fitting;

	if (!buffer)
		return;
	look->len = read_file(look->fd, "cmdline", buffer, SEA_VM_CMDLINE_MAX);
	look->cut = look->len == SEA_VM_CMDLINE_MAX;
	fitting = look->len ? realloc(buffer, look->len) : NULL;
	if (fitting)
		look->cmdline = fitting;
	else
		free(buffer);
}

static void slow(struct sea_errand *errand)
{
	struct sea_vm_look *look = (struct sea_vm_look *)errand;
	char path[4096];

	if (look->cgroup_id && !look->cgroup &&
	    sea_vm_cgroup_by_id(look->cgroup_id, path, sizeof(path)))
		look->cgroup_by_id = strdup(path);
	if (look->there && !look->cmdline_known)
		read_cmdline(look);
}

static void free_look(struct sea_errand *errand)
{
	struct sea_vm_look *look = (struct sea_vm_look *)errand;

	if (look->fd >= 0)
		close(look->fd);
	free(look->directory);
	free(look->cgroup);
	free(look->cgroup_by_id);
	free(look->machine);
	free(look->cmdline);
	free(look);
}

struct sea_vm_look *sea_vm_look_new(const char *root, uint32_t tgid, uint64_t start_ns)
{
	struct sea_vm_look *look = calloc(1, sizeof(*look));

	if (!look)
		return NULL;
	if (asprintf(&look->directory, "%s/%u", root, tgid) < 0) {
		free(look);
		return NULL;
	}
	look->errand = (struct sea_errand){.quick = quick, .slow = slow, .free = free_look};
	look->tgid = tgid;
	look->start_ns = start_ns;
	look->fd = -1;
	return look;
}
