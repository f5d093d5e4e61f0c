// SPDX-License-Identifier: GPL-2.0-only
#include "report/exposure-hosts.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct stretch {
	__s64 from, to; /* ns since 1970 */
};

struct sea_host {
	char *name;
	struct stretch *stretches; /* of sessions, in the order in which they were read */
	size_t nr, room;
	struct sea_running_vms running; /* as of the newest session */
	__s64 running_ns;
	UT_hash_handle hh;
};

struct sea_run {
	char run[SEA_UUID_LEN];
	UT_hash_handle hh;
};

bool sea_hosts_has_run(const struct sea_hosts *hosts, const char *run)
{
	struct sea_run *known;

	HASH_FIND_STR(hosts->runs, run, known);
	return known;
}

int sea_hosts_add_run(struct sea_hosts *hosts, const char *run)
{
	struct sea_run *known = calloc(1, sizeof(*known));

	if (!known)
		return -1;
	strncpy(known->run, run, sizeof(known->run) - 1);
	HASH_ADD_STR(hosts->runs, run, known);
	return 0;
}

static struct sea_host *find_host(struct sea_hosts *hosts, const char *name)
{
	struct sea_host *host;

	HASH_FIND_STR(hosts->hosts, name, host);
	if (host)
		return host;
	host = calloc(1, sizeof(*host));
	if (!host)
		return NULL;
	host->name = strdup(name);
	if (!host->name) {
		free(host);
		return NULL;
	}
	HASH_ADD_KEYPTR(hh, hosts->hosts, host->name, strlen(host->name), host);
	return host;
}

int sea_hosts_watch(struct sea_hosts *hosts, const char *name, __s64 from_ns, __s64 to_ns,
		    const struct sea_running_vms *running)
{
	struct sea_host *host = find_host(hosts, name);

	if (!host)
		return -1;
	if (host->nr == host->room) {
		size_t room = host->room ? 2 * host->room : 2;
		struct stretch *more = realloc(host->stretches, room * sizeof(*more));

		if (!more)
			return -1;
		host->stretches = more;
		host->room = room;
	}
	host->stretches[host->nr++] = (struct stretch){from_ns, to_ns};
	if (to_ns >= host->running_ns) {
		host->running = *running;
		host->running_ns = to_ns;
	}
	return 0;
}

static int compare_stretches(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* The time up to `end` in which none of the host's stretches is */
static double gaps_of(struct sea_host *host, __s64 since_ns, __s64 end_ns)
{
	__s64 at;
	double gap = 0;
	size_t i;

	qsort(host->stretches, host->nr, sizeof(*host->stretches), compare_stretches);
	at = since_ns ?: host->stretches[0].from;
	for (i = 0; i < host->nr; i++) {
		const struct stretch *s = &host->stretches[i];

		if (s->from > at)
			gap += (double)(s->from - at);
		if (s->to > at)
			at = s->to;
	}
	return at < end_ns ? gap + (double)(end_ns - at) : gap;
}

void sea_hosts_sum(struct sea_hosts *hosts, const struct sea_fleet_window *window, __s64 end_ns,
		   struct sea_exposure *sum)
{
	struct sea_host *host, *next;
	int i;

	HASH_ITER(hh, hosts->hosts, host, next) {
		double gap = gaps_of(host, window->since_ns, end_ns);

		sum->hosts++;
		sum->gap_ns += gap;
		if (gap > sum->gap_host_ns) {
			sum->gap_host_ns = gap;
			memset(sum->gap_host, 0, sizeof(sum->gap_host));
			strncpy(sum->gap_host, host->name, sizeof(sum->gap_host) - 1);
		}
		for (i = 0; i < SEA_OPT_IN_STATES; i++)
			sum->opt_in[i] += host->running.opt_in[i];
		sum->unlisted += host->running.unlisted;
		sum->no_list += host->running.no_list;
	}
}

void sea_hosts_free(struct sea_hosts *hosts)
{
	struct sea_host *host, *next;
	struct sea_run *run, *next_run;

	HASH_ITER(hh, hosts->hosts, host, next) {
		HASH_DEL(hosts->hosts, host);
		free(host->stretches);
		free(host->name);
		free(host);
	}
	HASH_ITER(hh, hosts->runs, run, next_run) {
		HASH_DEL(hosts->runs, run);
		free(run);
	}
}
