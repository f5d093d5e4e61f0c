// SPDX-License-Identifier: GPL-2.0-only
#include "model/session.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/printable.h"

static const char *const ends[SEA_SESSION_ENDS] = {
	[SEA_SESSION_RUNS] = "runs",
	[SEA_SESSION_STOPPED] = "stopped",
	[SEA_SESSION_FAILED] = "failed",
	[SEA_SESSION_LOST] = "lost",
};

const char *sea_session_end_name(unsigned int end)
{
	return end < SEA_SESSION_ENDS ? ends[end] : "invalid";
}

int sea_session_end_number(const char *name)
{
	int i;

	for (i = 0; name && i < SEA_SESSION_ENDS; i++)
		if (!strcmp(ends[i], name))
			return i;
	return -1;
}

void sea_uuid_make(char uuid[SEA_UUID_LEN])
{
	unsigned char b[16];

	/* Never short, and never fails, for so few bytes (random(7)). */
	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		memset(b, 0, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(uuid, SEA_UUID_LEN,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		 b[15]);
}

static void read_boot_id(const char *proc, char boot_id[SEA_UUID_LEN])
{
	char path[512], text[SEA_UUID_LEN] = "";
	ssize_t n;
	int fd;

	boot_id[0] = '\0';
	snprintf(path, sizeof(path), "%s/sys/kernel/random/boot_id", proc);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, text, SEA_UUID_LEN - 1);
	close(fd);
	if (n == SEA_UUID_LEN - 1)
		sea_printable(text, (size_t)n, boot_id, SEA_UUID_LEN);
}

void sea_session_begin(struct sea_session *session, const char *proc, const char *program)
{
	struct utsname system;

	memset(session, 0, sizeof(*session));
	sea_uuid_make(session->run);
	read_boot_id(proc, session->boot_id);
	if (!uname(&system)) {
		sea_printable(system.nodename, strlen(system.nodename), session->host,
			      sizeof(session->host));
		sea_printable(system.release, strlen(system.release), session->kernel,
			      sizeof(session->kernel));
		sea_printable(system.machine, strlen(system.machine), session->machine,
			      sizeof(session->machine));
	}
	snprintf(session->program, sizeof(session->program), "%s", program);
	snprintf(session->version, sizeof(session->version), "%s", SEATOP_VERSION);
}
