// SPDX-License-Identifier: GPL-2.0-only
/*
 * made-up-fleet DIRECTORY HOSTS [EVENTS]: stores of so many hosts, each of a day with 20
 * VMs: DIRECTORY/hv00001.db and so on. In each, EVENTS ticks have news (default 20), as
 * the idle ones between them are one row. For tests, and for ./check's step by hand:
 *
 *     made-up-fleet /tmp/fleet 10000 && time seastat check --policy P /tmp/fleet
 */
#include <stdio.h>
#include <stdlib.h>

#include "made-up-store.h"

#define VMS 20
#define DAY_NS (24 * 3600000000000LL)
#define DAY_0 1795392000000000000LL /* 2026-11-23 00:00 UTC */

static int make(const char *directory, int number, int events)
{
	char path[4096], name[32], run[48];
	const struct made_up_host host = {.host = name,
					  .run = run,
					  .since_ns = DAY_0,
					  .length_ns = DAY_NS,
					  .vms = VMS,
					  .opted_in = VMS};
	struct sea_text sql = {0};
	struct sea_error err;
	int i;

	snprintf(name, sizeof(name), "hv%05d", number);
	snprintf(run, sizeof(run), "00000000-0000-4000-8000-%012d", number);
	snprintf(path, sizeof(path), "%s/%s.db", directory, name);
	made_up_host(&host, &sql);
	for (i = 0; i < events; i++)
		made_up_seas(&host, 10 + i, DAY_NS / (events + 1) * (i + 1), 1 + i % VMS,
			     number % 100 || i ? "forwarded = 0, claimed" :
						 "injected = 1, forwarded",
			     number % 100 || i ? 0 : 1, &sql);
	if (number % 100 == 0 && events)
		sea_text_add(&sql, "INSERT INTO tick_latency VALUES (10, 1, 6, 1);");
	if (!made_up_store(path, &sql, &err))
		return 0;
	fprintf(stderr, "made-up-fleet: %s\n", err.text);
	return -1;
}

int main(int argc, char **argv)
{
	int i, hosts = argc > 2 ? atoi(argv[2]) : 0, events = argc > 3 ? atoi(argv[3]) : 20;

	if (argc < 3 || argc > 4 || hosts < 1 || events < 0) {
		fprintf(stderr, "Usage: made-up-fleet DIRECTORY HOSTS [EVENTS]\n");
		return 3;
	}
	for (i = 1; i <= hosts; i++)
		if (make(argv[1], i, events))
			return 3;
	return 0;
}
