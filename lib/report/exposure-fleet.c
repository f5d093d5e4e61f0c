// SPDX-License-Identifier: GPL-2.0-only
#include "report/exposure-fleet.h"

#include <stdlib.h>

#include "report/exposure-read.h"
#include "store/recording.h"

struct sea_fleet {
	const struct sea_fleet_window *window;
	const struct sea_cohort *cohort;
	struct sea_hosts hosts;
	struct sea_exposure sum;      /* of what was added, without what is by host */
	struct sea_exposure complete; /* with it */
};

int sea_fleet_new(const struct sea_fleet_window *window, const struct sea_cohort *cohort,
		  struct sea_fleet **fleet, struct sea_error *err)
{
	*fleet = calloc(1, sizeof(**fleet));
	if (!*fleet)
		return sea_error_set(err, "cannot sum up recordings: out of memory");
	(*fleet)->window = window;
	(*fleet)->cohort = cohort;
	return 0;
}

void sea_fleet_free(struct sea_fleet *fleet)
{
	if (!fleet)
		return;
	sea_hosts_free(&fleet->hosts);
	free(fleet);
}

static int add_store(struct sea_fleet *fleet, struct sea_reader *reader, const char *path,
		     struct sea_error *err)
{
	const struct sea_db *db = sea_reader_db(reader);
	struct sea_store_sum store;
	size_t i;

	if (sea_store_sum(db, fleet->window, fleet->cohort, &fleet->hosts, &store, err))
		return -1;
	for (i = 0; i < store.nr; i++) {
		const struct sea_store_session *s = &store.sessions[i];

		if (sea_hosts_add_run(&fleet->hosts, s->run) ||
		    sea_hosts_watch(&fleet->hosts, s->host, s->from_ns, s->to_ns, &s->running)) {
			free(store.sessions);
			return sea_error_set(err, "cannot sum up %s: out of memory", path);
		}
	}
	free(store.sessions);
	sea_exposure_add(&fleet->sum, &store.sum);
	fleet->sum.stores++;
	fleet->sum.partial += db->newer || db->incomplete;
	return 0;
}

int sea_fleet_add(struct sea_fleet *fleet, const char *path, struct sea_error *err)
{
	struct sea_reader *reader;
	int rc;

	if (sea_recording_open(path, &reader, err)) {
		fleet->sum.unread++;
		return -1;
	}
	rc = add_store(fleet, reader, path, err);
	if (rc)
		fleet->sum.unread++;
	sea_reader_close(reader);
	return rc;
}

const struct sea_exposure *sea_fleet_sum(struct sea_fleet *fleet)
{
	fleet->complete = fleet->sum;
	sea_hosts_sum(&fleet->hosts, fleet->window, fleet->window->until_ns ?: fleet->sum.last_ns,
		      &fleet->complete);
	return &fleet->complete;
}
