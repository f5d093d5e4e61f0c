// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kprobe event can read what a pointer leads to, where a function has the
 * pointer at hand. BTF says where the fields are. (Linux 6.6 and later could
 * look them up themselves, if configured to.) The function is one that runs in
 * this process when this process asks for it: KVM_GET_ONE_REG.
 *
 * The event is recorded in a tracing instance of its own: several of us, and
 * whoever else traces, do not get in each other's way.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe.h"

#define TRACEFS "/sys/kernel/tracing"
#define PROBED "kvm_arm_get_reg"

static bool append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return ok;
}

/* The last "value=" that this process has recorded; 0: none */
static uint64_t read_value(const char *trace)
{
	FILE *file = fopen(trace, "re");
	char line[512], pid[32];
	uint64_t value = 0;

	if (!file)
		err(EXIT_ENVIRONMENT, "%s", trace);
	snprintf(pid, sizeof(pid), "-%d ", gettid());
	while (fgets(line, sizeof(line), file)) {
		char *text = strstr(line, "value=");

		if (line[0] != '#' && text && strstr(line, pid))
			value = strtoull(text + strlen("value="), NULL, 0);
	}
	fclose(file);
	return value;
}

uint64_t probe_vcpu(const struct vcpu *vcpu, const char *argument)
{
	char instance[128], event[64], define[192], undo[80], path[256];
	uint64_t value = 0;
	const char *failed = NULL;

	if (access(TRACEFS "/kprobe_events", W_OK) &&
	    mount("tracefs", TRACEFS, "tracefs", 0, NULL) && errno != EBUSY)
		err(EXIT_ENVIRONMENT, "tracefs on " TRACEFS);

	snprintf(event, sizeof(event), "sea_vm_%d/vcpu", getpid());
	snprintf(define, sizeof(define), "p:%s " PROBED " value=%s:x64", event, argument);
	snprintf(undo, sizeof(undo), "-:%s", event);
	snprintf(instance, sizeof(instance), TRACEFS "/instances/sea_vm_%d", getpid());

	if (!append(TRACEFS "/kprobe_events", define))
		err(EXIT_ENVIRONMENT, "kprobe event on " PROBED);
	if (mkdir(instance, 0700)) {
		failed = "tracing instance";
	} else {
		snprintf(path, sizeof(path), "%s/events/%s/enable", instance, event);
		if (append(path, "1")) {
			vcpu_get_reg(vcpu, REG_PC);
			append(path, "0");
			snprintf(path, sizeof(path), "%s/trace", instance);
			value = read_value(path);
		} else {
			failed = "enabling the kprobe event";
		}
		rmdir(instance);
	}
	append(TRACEFS "/kprobe_events", undo);
	if (failed)
		errx(EXIT_ENVIRONMENT, "%s failed", failed);
	return value;
}
