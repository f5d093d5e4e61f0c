// SPDX-License-Identifier: GPL-2.0-only
#include "seatop-names.h"

#include "stop.h"

static volatile sig_atomic_t hangup;
static struct sea_vm_names *watched;
static const char *watched_file;

void seatop_names_watch(struct sea_vm_names *names, const char *file)
{
	if (!file)
		return;
	watched = names;
	watched_file = file;
	stop_take(SIGHUP, &hangup);
}

bool seatop_names_is_due(void)
{
	return hangup;
}

int seatop_names_reload(struct sea_error *err)
{
	if (!hangup)
		return 0;
	hangup = 0;
	return sea_vm_names_load(watched, watched_file, err) ? -1 : 1;
}
