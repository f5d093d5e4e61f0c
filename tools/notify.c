// SPDX-License-Identifier: GPL-2.0-only
#include "notify.h"

#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

#include <systemd/sd-daemon.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

void notify(const char *state)
{
	sd_notify(0, state);
}

void notify_reloading(void)
{
	struct timespec now;

	/* Type=notify-reload, of systemd 253, wants the time. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
		   (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

#define FIELDS_MAX 64

void notify_journal(const char *fields)
{
	struct iovec parts[FIELDS_MAX];
	int nr = 0;

	while (*fields && nr < FIELDS_MAX) {
		size_t len = strcspn(fields, "\n");

		parts[nr].iov_base = (void *)(uintptr_t)fields;
		parts[nr++].iov_len = len;
		fields += len + (fields[len] == '\n');
	}
	sd_journal_sendv(parts, nr);
}

int notify_journal_open(struct sea_error *err)
{
	(void)err;
	return 0;
}

__u64 notify_watchdog_ns(void)
{
	uint64_t us = 0;

	/* Twice as often as it has to be, so that one late look does no harm. */
	return sd_watchdog_enabled(0, &us) > 0 ? us * 1000 / 2 : 0;
}
