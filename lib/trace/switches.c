// SPDX-License-Identifier: GPL-2.0-only
#include "trace/switches.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct {
	const char *path, *off;
} files[SEA_MECHANISMS] = {
	[SEA_BY_TRAMPOLINE] = {"/proc/sys/kernel/ftrace_enabled", "kernel.ftrace_enabled is 0"},
	[SEA_BY_KPROBE] = {"/sys/kernel/debug/kprobes/enabled", "kprobes/enabled in debugfs is 0"},
};

void sea_switches_open(struct sea_switches *switches, const char *root)
{
	char path[512];
	int i;

	for (i = 0; i < SEA_MECHANISMS; i++) {
		switches->fd[i] = -1;
		if (!files[i].path)
			continue;
		snprintf(path, sizeof(path), "%s%s", root, files[i].path);
		switches->fd[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
}

void sea_switches_close(struct sea_switches *switches)
{
	int i;

	for (i = 0; i < SEA_MECHANISMS; i++) {
		if (switches->fd[i] >= 0)
			close(switches->fd[i]);
		switches->fd[i] = -1;
	}
}

const char *sea_switches_off(const struct sea_switches *switches, enum sea_mechanism mechanism)
{
	char value = '1';

	if (switches->fd[mechanism] < 0 || pread(switches->fd[mechanism], &value, 1, 0) != 1)
		return NULL;
	return value == '0' ? files[mechanism].off : NULL;
}
