// SPDX-License-Identifier: GPL-2.0-only
#include "procfs.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int procfs_setup(void **state)
{
	static struct procfs proc;

	strcpy(proc.root, "/tmp/test-procfs-XXXXXX");
	*state = &proc;
	return mkdtemp(proc.root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int procfs_teardown(void **state)
{
	const struct procfs *proc = *state;

	return nftw(proc->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void path_of(const struct procfs *proc, uint32_t pid, const char *file, char path[128])
{
	snprintf(path, 128, "%s/%u%s%s", proc->root, pid, *file ? "/" : "", file);
}

static void write_file(const struct procfs *proc, uint32_t pid, const char *file, const char *bytes,
		       size_t len)
{
	char path[128];
	int fd;

	path_of(proc, pid, file, path);
	remove(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

void procfs_put(const struct procfs *proc, uint32_t pid, uint64_t ticks, const char *cmdline,
		size_t len, const char *cgroup)
{
	char path[128], stat[128];

	path_of(proc, pid, "", path);
	mkdir(path, 0700);
	snprintf(stat, sizeof(stat), "%u (vmm) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 %llu 9\n",
		 pid, (unsigned long long)ticks);
	write_file(proc, pid, "stat", stat, strlen(stat));
	write_file(proc, pid, "cmdline", cmdline, len);
	write_file(proc, pid, "cgroup", cgroup, strlen(cgroup));
}

void procfs_drop(const struct procfs *proc, uint32_t pid)
{
	char path[128];

	path_of(proc, pid, "", path);
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void procfs_hang(const struct procfs *proc, uint32_t pid, const char *file)
{
	char path[128];

	path_of(proc, pid, file, path);
	remove(path);
	assert_int_equal(mkfifo(path, 0600), 0);
}

void procfs_release(const struct procfs *proc, uint32_t pid, const char *file, const char *bytes,
		    size_t len)
{
	char path[128];
	int fd;

	path_of(proc, pid, file, path);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	/* Who comes later finds a file. */
	write_file(proc, pid, file, bytes, len);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

struct sea_vm_names *procfs_names(const struct procfs *proc)
{
	struct sea_vm_names *names;
	struct sea_error err;

	assert_int_equal(sea_vm_names_open(proc->root, &names, &err), 0);
	return names;
}

uint64_t ticks_ns(uint64_t ticks)
{
	return ticks * (SEC / (uint64_t)sysconf(_SC_CLK_TCK));
}

struct sea_vm_identity vm(uint64_t id, uint32_t tgid, uint64_t start_ns)
{
	return (struct sea_vm_identity){
		.id = id,
		.start_ns = start_ns,
		.tgid = tgid,
		.comm = "vmm",
		.comm_len = 3,
	};
}

const struct sea_vm_who *who_is(struct sea_vm_names *names, struct sea_vm_identity identity)
{
	const struct sea_vm_who *who = sea_vm_names_get(names, &identity);

	/* Under load the answer may be late. Who tests one that hangs does not ask here. */
	assert_true(sea_vm_names_wait(names, 60000));
	sea_vm_names_settle(names);
	return who;
}

void expect_name(struct sea_vm_names *names, struct sea_vm_identity identity, const char *text,
		 enum sea_vm_origin origin)
{
	const struct sea_vm_name *name = &who_is(names, identity)->name;

	assert_string_equal(name->text, text);
	assert_string_equal(sea_vm_origin_name(name->origin), sea_vm_origin_name(origin));
}
