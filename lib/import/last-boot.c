// SPDX-License-Identifier: GPL-2.0-only
#include "import/last-boot.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "import/boot-mark.h"
#include "import/ftrace.h"
#include "import/lines.h"
#include "import/scan.h"
#include "import/to-store.h"
#include "trace/instance.h"

/* What is in the buffer: its mark, which the events of a storm may have pushed out. */
struct content {
	bool has_events, has_mark;
	struct sea_boot_mark mark;
};

static int look(const char *root, struct content *content, struct sea_error *err)
{
	struct sea_lines lines = {.file = sea_instance_read(root, err), .name = "trace"};
	struct sea_span line;
	int rc;

	memset(content, 0, sizeof(*content));
	if (!lines.file)
		return -1;
	while ((rc = sea_lines_next(&lines, &line, err)) > 0) {
		line = sea_scan_trim(line);
		if (!line.len || line.text[0] == '#')
			continue;
		content->has_events = true;
		content->has_mark = sea_boot_mark_find(line, &content->mark);
		if (content->has_mark)
			break;
	}
	sea_lines_free(&lines);
	fclose(lines.file);
	return rc < 0 ? -1 : 0;
}

struct import {
	struct sea_import_store store;
	const struct sea_db *db;
	const char *boot_id;
};

/*
 * The moment up to which the store has that boot: that of its last tick, or of the last SEA
 * behind it. A report counts those, too, as no tick was written that has them.
 */
#define KNOWN_UNTIL                                                                       \
	"SELECT max(ns) FROM (SELECT last_ns AS ns, id AS session FROM session UNION ALL" \
	" SELECT time_ns, session FROM sea UNION ALL"                                     \
	" SELECT time_ns, session FROM answer UNION ALL"                                  \
	" SELECT time_ns, session FROM host_event)"                                       \
	" JOIN session ON session.id = session WHERE boot_id = ?1"

static __u64 known_until(const struct sea_db *db, const char *boot_id)
{
	struct sea_sql statement = {0};
	__u64 found = 0;

	if (!sea_sql_begin(db, &statement, KNOWN_UNTIL)) {
		sea_sql_put_string(&statement, boot_id);
		if (sea_sql_step(&statement) == SQLITE_ROW)
			found = sea_sql_take_u64(&statement);
	}
	sea_sql_free(&statement);
	return found;
}

/* Without a mark: the boot of the last session in the store, unless that is this one. */
static void guess_boot(const struct sea_db *db, const struct sea_session *now,
		       struct sea_import_boot *boot)
{
	struct sea_sql sql = {0};

	if (!sea_sql_begin(db, &sql,
			   "SELECT boot_id FROM session WHERE host = ? ORDER BY id DESC LIMIT 1")) {
		sea_sql_put_string(&sql, now->host);
		if (sea_sql_step(&sql) == SQLITE_ROW)
			sea_sql_take_text(&sql, boot->boot_id, sizeof(boot->boot_id));
	}
	sea_sql_free(&sql);
	if (!strcmp(boot->boot_id, now->boot_id))
		boot->boot_id[0] = '\0';
}

static int take(void *context, const struct sea_record *record, struct sea_error *err)
{
	struct import *import = context;

	return sea_import_store_take(&import->store, record, err);
}

static bool know(void *context, __u32 tgid, struct sea_vm_info *info)
{
	struct import *import = context;

	return sea_import_vm_of_store(import->db, import->boot_id, tgid, info);
}

static int read_trace(const char *root, const struct sea_import_options *options,
		      struct sea_import_sum *sum, struct sea_error *err)
{
	FILE *file = sea_instance_read(root, err);
	int rc;

	if (!file)
		return -1;
	rc = sea_import_ftrace(file, options, sum, err);
	fclose(file);
	return rc;
}

static int import(const char *root, const struct sea_session *now, const struct content *content,
		  struct sea_writer *writer, struct sea_import_sum *sum, struct sea_error *err)
{
	struct import state = {.db = sea_writer_db(writer)};
	struct sea_import_options options = {
		.name = "last-boot",
		.trace_clock = "boot",
		.know = know,
		.take = take,
		.context = &state,
	};
	int rc;

	memcpy(options.boot.host, now->host, sizeof(options.boot.host));
	memcpy(options.boot.kernel, now->kernel, sizeof(options.boot.kernel));
	memcpy(options.boot.machine, now->machine, sizeof(options.boot.machine));
	if (content->has_mark) {
		memcpy(options.boot.boot_id, content->mark.boot_id, sizeof(options.boot.boot_id));
		options.boot.clock = content->mark.clock;
		options.boot.has_clock = true;
	} else {
		guess_boot(state.db, now, &options.boot);
	}
	state.boot_id = options.boot.boot_id;
	if (options.boot.boot_id[0]) {
		sea_import_boot_of_store(state.db, &options.boot);
		options.after_ns = known_until(state.db, state.boot_id);
	}
	if (sea_import_begin(&state.store, writer, err))
		return -1;
	rc = read_trace(root, &options, sum, err);
	if (rc)
		sea_import_cancel(&state.store);
	else
		rc = sea_import_commit(&state.store, err);
	return rc;
}

static int import_into(const char *root, const struct sea_session *now,
		       const struct content *content, const char *store, struct sea_import_sum *sum,
		       struct sea_error *err)
{
	struct sea_writer *writer;
	int rc;

	if (sea_writer_open(store, SEA_DB_WRITE, NULL, &writer, err))
		return -1;
	rc = import(root, now, content, writer, sum, err);
	sea_writer_close(writer);
	return rc;
}

static enum sea_last_boot_result judge(const char *root, const struct sea_session *now,
				       const struct content *content)
{
	bool is_armed = sea_instance_is_armed(root);

	if (content->has_mark ? !strcmp(content->mark.boot_id, now->boot_id) : is_armed)
		return is_armed ? SEA_LAST_BOOT_OURS : SEA_LAST_BOOT_EMPTY;
	if (!content->has_events)
		return SEA_LAST_BOOT_EMPTY;
	if (content->has_mark && strcmp(content->mark.kernel, now->kernel))
		return SEA_LAST_BOOT_OTHER;
	return SEA_LAST_BOOT_IMPORTED;
}

int sea_last_boot_import(const char *root, const struct sea_session *now, const char *store,
			 struct sea_last_boot *last, struct sea_error *err)
{
	struct sea_boot_mark mark = {0};
	char text[SEA_BOOT_MARK_LEN];
	struct content content;
	enum sea_instance_state state = sea_instance_look(root);

	memset(last, 0, sizeof(*last));
	if (state == SEA_INSTANCE_UNREADABLE)
		last->result = SEA_LAST_BOOT_UNREADABLE;
	if (state != SEA_INSTANCE_THERE)
		return 0;
	if (look(root, &content, err))
		return -1;
	last->result = judge(root, now, &content);
	memcpy(last->kernel, content.mark.kernel, sizeof(last->kernel));
	if (last->result == SEA_LAST_BOOT_OURS)
		return 0;
	if (last->result == SEA_LAST_BOOT_IMPORTED &&
	    import_into(root, now, &content, store, &last->sum, err))
		return -1;
	memcpy(mark.boot_id, now->boot_id, sizeof(mark.boot_id));
	memcpy(mark.kernel, now->kernel, sizeof(mark.kernel));
	sea_clock_read(&mark.clock);
	sea_boot_mark_write(&mark, text);
	return sea_instance_arm(root, text, &last->nr_events, err);
}
