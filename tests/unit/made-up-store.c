// SPDX-License-Identifier: GPL-2.0-only
#include "made-up-store.h"

#include <string.h>

#include "store/writer.h"

/* CLOCK_BOOTTIME of the start of each session */
#define BOOT_NS 100000000000LL

/* Records of the session and its VMs come before all ticks. */
#define FIRST_SEQ (-1000000)

static void add_tick(const struct made_up_host *host, int seq, long long after_ns,
		     struct sea_text *sql)
{
	sea_text_add(sql,
		     "INSERT INTO tick VALUES (%d, 1, %lld, %lld, %lld, %lld, 1, 0, 0, 0, 0, 0, 0,"
		     " 0, 0);",
		     seq, BOOT_NS + after_ns, host->since_ns + after_ns, BOOT_NS + after_ns,
		     host->since_ns + after_ns);
}

static void add_vm_row(int tick, int vm, struct sea_text *sql)
{
	sea_text_add(sql,
		     "INSERT INTO tick_vm VALUES (%d, %d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
		     " 0, 0, 0, NULL, NULL, NULL, 0);",
		     tick, vm);
}

void made_up_host(const struct made_up_host *host, struct sea_text *sql)
{
	long long last = host->since_ns + host->length_ns;
	int i;

	sea_text_add(
		sql,
		"INSERT INTO session (id, run, boot_id, host, kernel, machine, program,"
		" version, source, tells_all, started_ns, started_wall_ns, ended_ns,"
		" ended_wall_ns, end, last_ns, last_wall_ns, redacted) VALUES (1, '%s', 'boot-%s', '%s', '6.12.0', 'aarch64',"
		" 'seastat record', '0', 'tracepoint', 1, %lld, %lld, %lld, %lld, 'stopped',"
		" %lld, %lld, 0);",
		host->run, host->host, host->host, BOOT_NS, host->since_ns,
		BOOT_NS + host->length_ns, last, BOOT_NS + host->length_ns, last);
	sea_text_add(sql,
		     "INSERT INTO session_record VALUES (%d, 1, %lld, %lld, 'tracepoint', 1, NULL,"
		     " NULL, 'runs');",
		     FIRST_SEQ, BOOT_NS, host->since_ns);
	add_tick(host, 1, 0, sql);
	sea_text_add(
		sql,
		"INSERT INTO tick_state (tick, at_least, tells_all, unproven, check_hook, unchecked,"
		" unlisted, blind_since_ns, blind_why, no_list) VALUES (1, '', 1, 0, 'kprobe', NULL, 0, NULL,"
		" NULL, NULL);");
	for (i = 1; i <= host->vms; i++) {
		sea_text_add(sql,
			     "INSERT INTO vm VALUES (%d, 'boot-%s', %d, 7, %d, 9, 'vm%d',"
			     " 'cmdline', NULL, NULL, 'qemu', %lld, %lld, NULL, NULL, NULL);"
			     "INSERT INTO vm_session VALUES (1, %d, %d);",
			     i, host->host, 1000 + i, 1000 + i, i, BOOT_NS, host->since_ns, i, i);
		sea_text_add(
			sql,
			"INSERT INTO vm_record VALUES (%d, 1, %lld, %lld, %d, %d, %d, 7, %d, 9,"
			" %lld, %lld, 'vm%d', 'cmdline', NULL, NULL, 0, NULL, NULL, 'qemu');",
			FIRST_SEQ + i, BOOT_NS, host->since_ns, i, i, 1000 + i, 1000 + i, BOOT_NS,
			host->since_ns, i);
		add_vm_row(1, i, sql);
		sea_text_add(sql,
			     "INSERT INTO tick_listed VALUES (1, %d, 1, 4, %d, NULL, NULL, NULL,"
			     " NULL);",
			     i, i <= host->opted_in ? 2 : 1);
	}
	add_tick(host, 2, host->length_ns, sql);
}

void made_up_seas(const struct made_up_host *host, int seq, long long after_ns, int vm,
		  const char *disposition, int seas, struct sea_text *sql)
{
	add_tick(host, seq, after_ns, sql);
	add_vm_row(seq, vm, sql);
	sea_text_add(sql, "UPDATE tick_vm SET %s = %d WHERE tick = %d;", disposition, seas, seq);
}

int made_up_store(const char *path, struct sea_text *sql, struct sea_error *err)
{
	struct sea_writer *writer;
	const struct sea_db *db;
	int rc;

	if (sea_writer_open(path, SEA_DB_WRITE, NULL, &writer, err)) {
		sea_text_free(sql);
		return -1;
	}
	db = sea_writer_db(writer);
	rc = sea_db_do(db, "PRAGMA synchronous = OFF; BEGIN", err);
	if (!rc)
		rc = sea_db_do(db, sql->text, err);
	if (!rc)
		rc = sea_db_do(db, "COMMIT", err);
	sea_writer_close(writer);
	sea_text_free(sql);
	return rc;
}
