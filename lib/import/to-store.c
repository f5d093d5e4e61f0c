// SPDX-License-Identifier: GPL-2.0-only
#include "import/to-store.h"

#include <string.h>

int sea_import_begin(struct sea_import_store *store, struct sea_writer *writer,
		     struct sea_error *err)
{
	*store = (struct sea_import_store){.writer = writer};
	return sea_writer_begin(writer, err);
}

void sea_import_cancel(struct sea_import_store *store)
{
	sea_writer_cancel(store->writer);
	sea_encoder_free(&store->encoder);
}

int sea_import_commit(struct sea_import_store *store, struct sea_error *err)
{
	if (sea_writer_commit(store->writer, err)) {
		sea_import_cancel(store);
		return -1;
	}
	sea_encoder_free(&store->encoder);
	return 0;
}

int sea_import_store_take(void *context, const struct sea_record *record, struct sea_error *err)
{
	struct sea_import_store *store = context;
	struct sea_entry entry;

	if (sea_encode(&store->encoder, record, &entry, err))
		return -1;
	return sea_writer_add(store->writer, &entry, err);
}

static void take_missing(struct sea_sql *sql, char *text, size_t size)
{
	char found[SEA_HOST_LEN];

	sea_sql_take_text(sql, found, sizeof(found));
	if (!text[0])
		memcpy(text, found, size);
}

bool sea_import_boot_of_store(const struct sea_db *db, struct sea_import_boot *boot)
{
	struct sea_sql sql = {0};
	bool is_found = false;

	if (!sea_sql_begin(db, &sql,
			   "SELECT host, kernel, machine,"
			   " CASE WHEN started_ns > 0 THEN started_ns ELSE ended_ns END AS ns,"
			   " CASE WHEN started_ns > 0 THEN started_wall_ns ELSE ended_wall_ns END"
			   "  AS wall_ns FROM session"
			   " WHERE boot_id = ? AND ns > 0 AND wall_ns > 0 ORDER BY id LIMIT 1")) {
		sea_sql_put_string(&sql, boot->boot_id);
		is_found = sea_sql_step(&sql) == SQLITE_ROW;
	}
	if (is_found) {
		take_missing(&sql, boot->host, sizeof(boot->host));
		take_missing(&sql, boot->kernel, sizeof(boot->kernel));
		take_missing(&sql, boot->machine, sizeof(boot->machine));
	}
	if (is_found && !boot->has_clock) {
		boot->has_clock = true;
		boot->clock.boot_ns = sea_sql_take_u64(&sql);
		boot->clock.wall = sea_time_from_ns(sea_sql_take(&sql));
	}
	sea_sql_free(&sql);
	return is_found;
}

static enum sea_vm_origin origin_of(const char *name)
{
	int origin;

	for (origin = 0; name && origin < SEA_VM_ORIGINS; origin++)
		if (!strcmp(name, sea_vm_origin_name((enum sea_vm_origin)origin)))
			return (enum sea_vm_origin)origin;
	return SEA_VM_FROM_NOTHING;
}

bool sea_import_vm_of_store(const struct sea_db *db, const char *boot_id, __u32 tgid,
			    struct sea_vm_info *info)
{
	struct sea_vm_info found = *info;
	struct sea_sql sql = {0};
	int rows = 0;

	if (!sea_sql_begin(db, &sql,
			   "SELECT start_ns, creator, creator_fd, name, origin, uuid, cgroup, comm"
			   " FROM vm WHERE boot_id = ? AND tgid = ? LIMIT 2")) {
		sea_sql_put_string(&sql, boot_id);
		sea_sql_put(&sql, tgid);
		while (sea_sql_step(&sql) == SQLITE_ROW && !rows++) {
			found.key.start_ns = sea_sql_take_u64(&sql);
			found.key.creator = (__u32)sea_sql_take(&sql);
			found.key.creator_fd = (__s32)sea_sql_take(&sql);
			sea_sql_take_text(&sql, found.name.text, sizeof(found.name.text));
			found.name.origin = origin_of(sea_sql_take_string(&sql));
			sea_sql_take_text(&sql, found.uuid, sizeof(found.uuid));
			sea_sql_take_text(&sql, found.cgroup, sizeof(found.cgroup));
			sea_sql_take_text(&sql, found.comm, sizeof(found.comm));
		}
	}
	sea_sql_free(&sql);
	if (rows == 1)
		*info = found;
	return rows == 1;
}
