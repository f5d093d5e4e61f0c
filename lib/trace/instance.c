// SPDX-License-Identifier: GPL-2.0-only
#include "trace/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#define TRACEFS "/sys/kernel/tracing"
#define INSTANCE TRACEFS "/instances/sea"

/* Each of them is rare: none is called for anything but bad memory. */
static const char *const events[] = {
	"kvm/kvm_sea_claimed",	 "kvm/kvm_sea_host_owned", "kvm/kvm_sea_not_opted_in",
	"kvm/kvm_sea_forwarded", "kvm/kvm_sea_answered",   "ras/arm_event",
	"ras/mc_event",		 "ras/non_standard_event", "ras/memory_failure_event",
};

#define NR_EVENTS (sizeof(events) / sizeof(events[0]))

static bool is_asked_for(const char *root)
{
	char line[4096];

	return sea_file_line(root, "/proc/cmdline", line, sizeof(line)) &&
	       strstr(line, "trace_instance=sea@");
}

static bool is_too_old(const char *root)
{
	unsigned long major, minor = 0;
	char release[64], *end;

	if (!sea_file_line(root, "/proc/sys/kernel/osrelease", release, sizeof(release)))
		return false;
	major = strtoul(release, &end, 10);
	if (*end == '.')
		minor = strtoul(end + 1, NULL, 10);
	return major < 6 || (major == 6 && minor < 12);
}

enum sea_instance_state sea_instance_look(const char *root)
{
	/* Only a buffer that was there before the kernel has this file. */
	if (sea_file_exists(root, INSTANCE "/last_boot_info"))
		return SEA_INSTANCE_THERE;
	if (is_too_old(root))
		return SEA_INSTANCE_TOO_OLD;
	if (!is_asked_for(root))
		return SEA_INSTANCE_NOT_SET_UP;
	return sea_file_exists(root, TRACEFS "/instances") ? SEA_INSTANCE_NOT_MADE :
							     SEA_INSTANCE_UNREADABLE;
}

static void path_of_event(size_t i, char path[128])
{
	snprintf(path, 128, INSTANCE "/events/%s/enable", events[i]);
}

bool sea_instance_is_armed(const char *root)
{
	char path[128], value[8];
	size_t i;

	for (i = 0; i < NR_EVENTS; i++) {
		path_of_event(i, path);
		if (sea_file_line(root, path, value, sizeof(value)) && value[0] == '1')
			return true;
	}
	return false;
}

static int fail(const char *path, struct sea_error *err)
{
	return sea_error_set(err, "cannot use the trace buffer that outlives the host: %s: %s",
			     path, strerror(errno));
}

FILE *sea_instance_read(const char *root, struct sea_error *err)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s" INSTANCE "/trace", root);
	file = fopen(path, "re");
	if (!file)
		fail(INSTANCE "/trace", err);
	return file;
}

/* Opening with O_TRUNC is what empties a buffer. */
static int write_file(const char *root, const char *name, const char *text)
{
	size_t len = strlen(text);
	char path[PATH_MAX];
	ssize_t written;
	int fd, error;

	snprintf(path, sizeof(path), "%s%s", root, name);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -1;
	written = len ? write(fd, text, len) : 0;
	error = errno;
	close(fd);
	errno = error;
	return written == (ssize_t)len ? 0 : -1;
}

static unsigned int enable_events(const char *root)
{
	unsigned int enabled = 0;
	char path[128];
	size_t i;

	for (i = 0; i < NR_EVENTS; i++) {
		path_of_event(i, path);
		/* Not each kernel has each. */
		if (!write_file(root, path, "1"))
			enabled++;
	}
	return enabled;
}

int sea_instance_arm(const char *root, const char *mark, unsigned int *nr_events,
		     struct sea_error *err)
{
	static const struct {
		const char *name, *text;
	} settings[] = {
		{INSTANCE "/tracing_on", "0"},
		{INSTANCE "/trace_clock", "boot"},
		{INSTANCE "/trace", ""},
		{INSTANCE "/tracing_on", "1"},
	};
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (write_file(root, settings[i].name, settings[i].text))
			return fail(settings[i].name, err);
	if (write_file(root, INSTANCE "/trace_marker", mark))
		return fail(INSTANCE "/trace_marker", err);
	*nr_events = enable_events(root);
	if (!*nr_events)
		return sea_error_set(err,
				     "cannot use the trace buffer that outlives the host: none "
				     "of its events can be enabled");
	return 0;
}
