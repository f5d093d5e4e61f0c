// SPDX-License-Identifier: GPL-2.0-only
#include "store/load.h"

/* In one transaction: more is not faster. */
#define TRANSACTION 20000

static int load_some(struct sea_line_reader *from, struct sea_writer *to, __u64 *nr,
		     struct sea_error *err)
{
	struct sea_entry entry;
	int rc = 1;

	if (sea_writer_begin(to, err))
		return -1;
	for (*nr = 0; *nr < TRANSACTION && (rc = sea_line_read(from, &entry, err)) > 0; ++*nr)
		if (sea_writer_add(to, &entry, err))
			break;
	if (rc > 0 && *nr < TRANSACTION)
		rc = -1;
	if (rc < 0 || sea_writer_commit(to, err)) {
		sea_writer_cancel(to);
		return -1;
	}
	return rc;
}

static int load_pruned(struct sea_line_reader *from, struct sea_writer *to, struct sea_error *err)
{
	const struct sea_pruned *pruned = sea_line_what_pruned(from);
	int i, rc = sea_writer_begin(to, err);

	for (i = 0; !rc && i < SEA_PRUNED_KINDS; i++)
		rc = sea_pruned_add(sea_writer_db(to), (enum sea_pruned_what)i, &pruned[i], err);
	if (!rc)
		rc = sea_writer_commit(to, err);
	if (rc)
		sea_writer_cancel(to);
	return rc;
}

int sea_load(struct sea_line_reader *from, struct sea_writer *to, __u64 *entries,
	     struct sea_error *err)
{
	__u64 nr;
	int rc;

	*entries = 0;
	do {
		rc = load_some(from, to, &nr, err);
		if (rc >= 0)
			*entries += nr;
	} while (rc > 0);
	return rc ?: load_pruned(from, to, err);
}
