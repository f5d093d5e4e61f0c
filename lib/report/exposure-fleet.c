// SPDX-License-Identifier: GPL-2.0-only
#include "report/exposure-fleet.h"

#include <stdlib.h>
#include <string.h>

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

/* 1: somebody has written meanwhile, so what was read is not to be used. */
static int read_store(const struct sea_fleet *fleet, const char *path,
		      int (*open)(const char *path, struct sea_reader **reader,
				  struct sea_error *err),
		      struct sea_store_sum *store, bool *is_partial, struct sea_error *err)
{
	const struct sea_db *db;
	struct sea_reader *reader;
	int rc;

	if (open(path, &reader, err))
		return -1;
	db = sea_reader_db(reader);
	rc = sea_store_sum(db, fleet->window, fleet->cohort, &fleet->hosts, store, err);
	*is_partial = db->newer || db->incomplete;
	if (!sea_db_is_still(db)) {
		if (!rc)
			free(store->sessions);
		rc = 1;
	}
	sea_reader_close(reader);
	return rc;
}

/* Recordings that were collected stay as they are; of a host's own, a recorder writes. */
static int read_any(const struct sea_fleet *fleet, const char *path, struct sea_store_sum *store,
		    bool *is_partial, struct sea_error *err)
{
	int rc = read_store(fleet, path, sea_recording_open_still, store, is_partial, err);

	/* It may have failed because of that, too. Standard input cannot be read twice. */
	if (rc && strcmp(path, "-"))
		rc = read_store(fleet, path, sea_recording_open, store, is_partial, err);
	return rc;
}

static int add_hosts(struct sea_fleet *fleet, const char *path, const struct sea_store_sum *store,
		     struct sea_error *err)
{
	size_t i;

	for (i = 0; i < store->nr; i++) {
		const struct sea_store_session *s = &store->sessions[i];

		if (sea_hosts_add_run(&fleet->hosts, s->run) ||
		    sea_hosts_watch(&fleet->hosts, s->host, s->from_ns, s->to_ns, &s->running))
			return sea_error_set(err, "cannot sum up %s: out of memory", path);
	}
	return 0;
}

int sea_fleet_add(struct sea_fleet *fleet, const char *path, struct sea_error *err)
{
	struct sea_store_sum store;
	bool is_partial;
	int rc = read_any(fleet, path, &store, &is_partial, err);

	if (!rc) {
		rc = add_hosts(fleet, path, &store, err);
		free(store.sessions);
	}
	if (rc) {
		fleet->sum.unread++;
		return rc;
	}
	sea_exposure_add(&fleet->sum, &store.sum);
	fleet->sum.stores++;
	fleet->sum.partial += is_partial;
	return 0;
}

const struct sea_exposure *sea_fleet_sum(struct sea_fleet *fleet)
{
	fleet->complete = fleet->sum;
	sea_hosts_sum(&fleet->hosts, fleet->window, fleet->window->until_ns ?: fleet->sum.last_ns,
		      &fleet->complete);
	return &fleet->complete;
}
