// SPDX-License-Identifier: GPL-2.0-only
#include "held.h"

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ras.h"
#include "run.h"

/* What the link in /proc/PID/fd says of a VM */
#define KVM_VM "anon_inode:kvm-vm"

/* The number that the process has for its VM; -1: it has none yet. */
static int find_vm(const char *directory)
{
	struct dirent *entry;
	DIR *dir = opendir(directory);
	int found = -1;

	if (!dir)
		err(EXIT_ENVIRONMENT, "%s", directory);
	while (found < 0 && (entry = readdir(dir))) {
		char path[320], text[64];
		ssize_t len;

		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		len = readlink(path, text, sizeof(text));
		if (len == sizeof(KVM_VM) - 1 && !memcmp(text, KVM_VM, (size_t)len))
			found = atoi(entry->d_name);
	}
	closedir(dir);
	return found;
}

int held_vm(pid_t pid)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0), number, vm;
	char directory[32];

	if (process < 0)
		err(EXIT_ENVIRONMENT, "pidfd_open");
	snprintf(directory, sizeof(directory), "/proc/%d/fd", pid);
	while ((number = find_vm(directory)) < 0)
		usleep(1000);
	vm = (int)syscall(SYS_pidfd_getfd, process, number, 0);
	if (vm < 0)
		err(EXIT_ENVIRONMENT, "pidfd_getfd");
	close(process);
	return vm;
}
