// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-stores - the same SEAs as a store of ours and as one of rasdaemon's, for the
 * bench `report`.
 *
 * Usage: report-stores SEAS VMS OUR-STORE RASDAEMON-STORE
 *
 * Each second 13,000 SEAs come, round about all VMs, on as many pages as there are VMs.
 * All of them have a detail and a page in our store, which is more than a recorder keeps
 * of a storm; so our file has no advantage but its form. rasdaemon has a row of its table
 * memory_failure_event for each, with its columns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/clock.h"
#include "store/encode.h"
#include "store/writer.h"

#define PER_SECOND 13000
#define START_S 1795416544ULL
#define SEC 1000000000ULL

struct stores {
	struct sea_writer *writer;
	struct sea_encoder encoder;
	struct sea_session session;
	struct sea_snapshot snapshot;
	struct sea_vm_info **infos;
	size_t vms;
	__u64 ns;
	sqlite3 *ras;
	sqlite3_stmt *insert;
};

static void die(const char *why)
{
	fprintf(stderr, "report-stores: %s\n", why);
	exit(1);
}

static void tell(struct stores *s, struct sea_record record)
{
	struct sea_entry entry;
	struct sea_error err;

	record.session = &s->session;
	record.time_ns = s->ns;
	record.wall = sea_time_from_ns((__s64)(START_S * SEC + s->ns));
	if (sea_encode(&s->encoder, &record, &entry, &err) ||
	    sea_writer_add(s->writer, &entry, &err))
		die(err.text);
}

static void begin(struct stores *s, const char *path)
{
	struct sea_error err;
	size_t i;

	if (sea_writer_open(path, SEA_DB_WRITE, NULL, &s->writer, &err) ||
	    sea_writer_begin(s->writer, &err))
		die(err.text);
	snprintf(s->session.run, sizeof(s->session.run), "10000000-0000-4000-8000-000000000001");
	snprintf(s->session.boot_id, sizeof(s->session.boot_id), "boot");
	snprintf(s->session.host, sizeof(s->session.host), "rack7");
	s->session.started = sea_time_from_ns((__s64)(START_S * SEC));
	s->session.started_ns = s->ns;
	tell(s, (struct sea_record){.type = SEA_RECORD_SESSION});
	s->snapshot.vms = calloc(s->vms, sizeof(*s->snapshot.vms));
	s->infos = calloc(s->vms, sizeof(*s->infos));
	if (!s->snapshot.vms || !s->infos)
		die("out of memory");
	s->snapshot.nr_vms = s->snapshot.room = s->vms;
	for (i = 0; i < s->vms; i++) {
		struct sea_vm_info info = {.id = i + 1,
					   .key = {1, (__u32)(4000 + i), (__u32)(4000 + i), 9}};

		snprintf(info.name.text, sizeof(info.name.text), "vm%zu", i);
		s->infos[i] = sea_vm_info_new(&info);
		s->snapshot.vms[i] = (struct sea_vm_state){.vm = {.id = i + 1, .creator_fd = 9},
							   .info = s->infos[i]};
		tell(s, (struct sea_record){.type = SEA_RECORD_VM, .vm = s->infos[i]});
	}
}

static void begin_ras(struct stores *s, const char *path)
{
	if (sqlite3_open(path, &s->ras) ||
	    sqlite3_exec(s->ras,
			 "CREATE TABLE memory_failure_event (id INTEGER PRIMARY KEY,"
			 " timestamp TEXT, pfn TEXT, page_type TEXT, action_result TEXT);"
			 "BEGIN",
			 NULL, NULL, NULL) ||
	    sqlite3_prepare_v2(s->ras,
			       "INSERT INTO memory_failure_event (timestamp, pfn, page_type,"
			       " action_result) VALUES (?, ?, ?, ?)",
			       -1, &s->insert, NULL))
		die(sqlite3_errmsg(s->ras));
}

static void hit(struct stores *s, size_t vm)
{
	const struct sea_page page = {.known = SEA_PAGE_PFN, .pfn = 0x100000 + vm};
	const struct sea_event event = {.type = SEA_EVENT_SEA,
					.disposition = SEA_FORWARDED,
					.time_ns = s->ns,
					.vm_id = vm + 1,
					.esr = 0x92000010,
					.ipa = 0x40000000,
					.flags = SEA_IPA_VALID,
					.tgid = s->infos[vm]->key.tgid,
					.start_ns = 1};

	s->snapshot.vms[vm].vm.disposition[SEA_FORWARDED]++;
	s->snapshot.vms[vm].vm.reason[SEA_REASON_NONE]++;
	tell(s,
	     (struct sea_record){
		     .type = SEA_RECORD_SEA, .vm = s->infos[vm], .event = &event, .page = &page});
}

static void hit_ras(struct stores *s, size_t vm)
{
	time_t second = (time_t)(START_S + s->ns / SEC);
	char timestamp[40], pfn[24];
	struct tm tm;

	gmtime_r(&second, &tm);
	strftime(timestamp, sizeof(timestamp), "%Y-%m-%d %H:%M:%S +0000", &tm);
	snprintf(pfn, sizeof(pfn), "0x%zx", 0x100000 + vm);
	sqlite3_bind_text(s->insert, 1, timestamp, -1, SQLITE_STATIC);
	sqlite3_bind_text(s->insert, 2, pfn, -1, SQLITE_STATIC);
	sqlite3_bind_text(s->insert, 3, "dirty LRU page", -1, SQLITE_STATIC);
	sqlite3_bind_text(s->insert, 4, "Recovered", -1, SQLITE_STATIC);
	if (sqlite3_step(s->insert) != SQLITE_DONE)
		die(sqlite3_errmsg(s->ras));
	sqlite3_reset(s->insert);
}

static void tick(struct stores *s)
{
	s->ns += 1;
	s->snapshot.time_ns = s->ns;
	s->snapshot.wall = sea_time_from_ns((__s64)(START_S * SEC + s->ns));
	tell(s, (struct sea_record){.type = SEA_RECORD_TICK, .tick = &s->snapshot});
}

/* As a log that is never written back grows without end. */
static void commit(struct stores *s)
{
	struct sea_error err;

	if (sea_writer_commit(s->writer, &err) || sea_writer_begin(s->writer, &err))
		die(err.text);
}

int main(int argc, char **argv)
{
	struct stores s = {.ns = SEC};
	struct sea_error err;
	__u64 seas, i;

	if (argc != 5)
		die("usage: report-stores SEAS VMS OUR-STORE RASDAEMON-STORE");
	seas = strtoull(argv[1], NULL, 10);
	s.vms = strtoull(argv[2], NULL, 10);
	begin(&s, argv[3]);
	begin_ras(&s, argv[4]);
	for (i = 0; i < seas; i++) {
		hit(&s, i % s.vms);
		hit_ras(&s, i % s.vms);
		s.ns += SEC / PER_SECOND;
		if (i % PER_SECOND == PER_SECOND - 1)
			tick(&s);
		if (i % (16 * PER_SECOND) == 16 * PER_SECOND - 1)
			commit(&s);
	}
	tick(&s);
	s.session.ended_ns = s.ns;
	s.session.ended = s.snapshot.wall;
	s.session.end = SEA_SESSION_STOPPED;
	tell(&s, (struct sea_record){.type = SEA_RECORD_SESSION});
	if (sea_writer_commit(s.writer, &err))
		die(err.text);
	sea_writer_close(s.writer);
	sqlite3_finalize(s.insert);
	if (sqlite3_exec(s.ras, "COMMIT", NULL, NULL, NULL) || sqlite3_close(s.ras))
		die("rasdaemon's store");
	return 0;
}
