// SPDX-License-Identifier: GPL-2.0-only
/* Without libsystemd there is nobody to tell. */
#include "notify.h"

void notify(const char *state)
{
	(void)state;
}

void notify_reloading(void)
{
}

void notify_journal(const char *fields)
{
	(void)fields;
}

int notify_journal_open(struct sea_error *err)
{
	return sea_error_set(err, "cannot write to the journal: built without libsystemd; leave "
				  "--journal out");
}

__u64 notify_watchdog_ns(void)
{
	return 0;
}
