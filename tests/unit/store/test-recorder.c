// SPDX-License-Identifier: GPL-2.0-only
/* The recorder on disks that fill up, fail, and lose what they had. */
#include "store/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixtures.h"
#include "model/clock.h"
#include "store/decode.h"
#include "store/fault-vfs.h"
#include "store/recording.h"

static char dir[64], path[128];
static const char *boot;
static char said[4096]; /* what the recorder told its operator, a line each */

static int make_dir(void **state)
{
	(void)state;
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	fault = (struct fault){0};
	fault_vfs_register();
	said[0] = '\0';
	boot = "boot";
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

static void hear(const char *line, void *context)
{
	(void)context;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

static struct sea_recorder *open_with(size_t max_waiting)
{
	const struct sea_recorder_options options = {
		.path = path, .vfs = FAULT_VFS, .say = hear, .max_waiting = max_waiting};
	struct sea_recorder *recorder;
	struct sea_error err;

	if (sea_recorder_open(&options, &recorder, &err))
		fail_msg("%s", err.text);
	return recorder;
}

/* Why it cannot be opened */
static void assert_refused(const char *why)
{
	const struct sea_recorder_options options = {.path = path};
	struct sea_recorder *recorder;
	struct sea_error err;

	assert_int_equal(sea_recorder_open(&options, &recorder, &err), -1);
	if (!strstr(err.text, why))
		fail_msg("%s", err.text);
}

/*
 * A host with VMs in a storm: each takes one SEA in each step, and each of these is
 * told; the tick at the end of the step has them all.
 */
struct storm {
	struct sea_recorder *recorder;
	struct sea_session session;
	struct sea_vm_state vms[4];
	struct sea_vm_info *infos[4];
	struct sea_snapshot snapshot;
	__u64 ns; /* both clocks, more or less */
};

static void take(struct storm *s, struct sea_record record)
{
	struct sea_error err;

	record.session = &s->session;
	record.time_ns = s->ns;
	record.wall = sea_time_from_ns((__s64)s->ns);
	if (sea_recorder_take(s->recorder, &record, &err))
		fail_msg("%s", err.text);
}

static void begin(struct storm *s, struct sea_recorder *recorder, const char *run, __u64 second)
{
	size_t i;

	*s = (struct storm){.recorder = recorder, .ns = second * SEC};
	memcpy(s->session.run, run, strlen(run));
	memcpy(s->session.boot_id, boot, strlen(boot));
	s->session.started_ns = s->ns;
	s->session.started = sea_time_from_ns((__s64)s->ns);
	s->snapshot = (struct sea_snapshot){
		.vms = s->vms, .nr_vms = ARRAY_SIZE(s->vms), .room = ARRAY_SIZE(s->vms)};
	take(s, (struct sea_record){.type = SEA_RECORD_SESSION});
	for (i = 0; i < ARRAY_SIZE(s->vms); i++) {
		struct sea_vm_info info = {.id = i + 1, .key = {1, (__u32)(100 + i), 200, 9}};

		snprintf(info.name.text, sizeof(info.name.text), "vm%zu", i);
		s->infos[i] = sea_vm_info_new(&info);
		assert_non_null(s->infos[i]);
		s->vms[i] = (struct sea_vm_state){.vm = {.id = i + 1, .creator_fd = -1},
						  .info = s->infos[i]};
		take(s, (struct sea_record){.type = SEA_RECORD_VM, .vm = s->infos[i]});
	}
}

static void tick(struct storm *s)
{
	s->ns += SEC;
	s->snapshot.time_ns = s->ns;
	s->snapshot.wall = sea_time_from_ns((__s64)s->ns);
	take(s, (struct sea_record){.type = SEA_RECORD_TICK, .tick = &s->snapshot});
}

static void step(struct storm *s)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(s->vms); i++) {
		const struct sea_event event = {.type = SEA_EVENT_SEA,
						.vm_id = i + 1,
						.time_ns = s->ns,
						.tgid = s->infos[i]->key.tgid,
						.start_ns = 1};

		s->vms[i].vm.disposition[SEA_CLAIMED]++;
		s->vms[i].vm.reason[SEA_REASON_NONE]++;
		take(s, (struct sea_record){
				.type = SEA_RECORD_SEA, .vm = s->infos[i], .event = &event});
	}
	tick(s);
}

static void end(struct storm *s)
{
	s->session.ended_ns = s->ns;
	s->session.ended = sea_time_from_ns((__s64)s->ns);
	s->session.end = SEA_SESSION_STOPPED;
	take(s, (struct sea_record){.type = SEA_RECORD_SESSION});
}

static void forget(struct storm *s)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(s->vms); i++)
		sea_vm_info_put(s->infos[i]);
}

static void finish(struct storm *s)
{
	struct sea_error err;

	if (sea_recorder_finish(s->recorder, &err))
		fail_msg("%s", err.text);
	sea_recorder_close(s->recorder);
	forget(s);
}

/* A number out of a store, by a reader of its own */
static __s64 number_of(const char *store, const char *sql)
{
	struct sea_reader *reader;
	struct sea_error err;
	__s64 number;

	if (sea_recording_open(store, &reader, &err))
		fail_msg("%s", err.text);
	number = sea_db_number(sea_reader_db(reader), sql, -1);
	sea_reader_close(reader);
	return number;
}

static __s64 number(const char *sql)
{
	return number_of(path, sql);
}

#define ALL_SEAS "SELECT sum(claimed) FROM tick_vm"

static void test_within_a_second(void **state)
{
	struct storm s;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	/* First seen to wait at 10 s, so it is due at 11 s, and not before. */
	assert_int_equal(sea_recorder_tend(s.recorder, 10 * SEC), 11 * SEC);
	assert_int_equal(sea_recorder_tend(s.recorder, 11 * SEC - 1), 11 * SEC);
	assert_int_equal(number("SELECT count(*) FROM vm"), 0);
	assert_int_equal(sea_recorder_tend(s.recorder, 11 * SEC), 0);
	assert_int_equal(number("SELECT count(*) FROM vm"), 4);
	step(&s);
	sea_recorder_tend(s.recorder, 12 * SEC);
	assert_int_equal(number("SELECT count(*) FROM sea"), 0);
	sea_recorder_tend(s.recorder, 13 * SEC);
	assert_int_equal(number("SELECT count(*) FROM sea"), 4);
	assert_int_equal(number(ALL_SEAS), 4);
	finish(&s);
}

/* A storm does not wait for its second to be over. */
static void test_many_at_once(void **state)
{
	struct storm s;
	int i;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	sea_recorder_tend(s.recorder, 10 * SEC);
	for (i = 0; i < 1100; i++)
		step(&s);
	assert_int_equal(sea_recorder_tend(s.recorder, 10 * SEC + 1), 0);
	assert_int_equal(number("SELECT count(*) FROM sea"), 4400);
	finish(&s);
}

/* Idle ticks wait for a minute, and are one row. */
static void test_idle(void **state)
{
	struct storm s;
	int i;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	tick(&s);
	sea_recorder_tend(s.recorder, 1 * SEC);
	sea_recorder_tend(s.recorder, 2 * SEC);
	assert_int_equal(number("SELECT count(*) FROM tick"), 1);
	for (i = 0; i < 30; i++)
		tick(&s);
	/* The first idle one is news: that nothing happens. */
	sea_recorder_tend(s.recorder, 3 * SEC);
	sea_recorder_tend(s.recorder, 4 * SEC);
	assert_int_equal(number("SELECT count(*) FROM tick"), 2);
	assert_int_equal(number("SELECT max(time_ns) FROM tick"), 131 * SEC);
	for (i = 0; i < 10; i++)
		tick(&s);
	assert_int_equal(sea_recorder_tend(s.recorder, 5 * SEC), 65 * SEC);
	assert_int_equal(sea_recorder_tend(s.recorder, 65 * SEC - 1), 65 * SEC);
	assert_int_equal(number("SELECT max(time_ns) FROM tick"), 131 * SEC);
	assert_int_equal(sea_recorder_tend(s.recorder, 65 * SEC), 0);
	assert_int_equal(number("SELECT count(*) FROM tick"), 2);
	assert_int_equal(number("SELECT max(ticks) FROM tick"), 40);
	assert_int_equal(number("SELECT max(time_ns) FROM tick"), 141 * SEC);
	finish(&s);
}

/* What seastat-record(8) says of a host on which nothing happens for a day */
static void test_idle_day(void **state)
{
	__s64 size = 0, grown;
	struct storm s;
	__u64 i;

	(void)state;
	fault.lazy = 1;
	begin(&s, open_with(0), "one", 100);
	for (i = 0; i < 2 * 86400; i++) {
		tick(&s);
		sea_recorder_tend(s.recorder, i * SEC);
		if (i == 86400) {
			size = number("PRAGMA page_count") * 4096;
			fault.written = 0;
		}
	}
	grown = number("PRAGMA page_count") * 4096 - size;
	print_message("an idle day: %lld bytes more, %lld written\n", (long long)grown,
		      fault.written);
	assert_int_equal(grown, 0);
	assert_in_range(fault.written, 1 << 20, 30 << 20);
	finish(&s);
	assert_int_equal(number("SELECT max(ticks) FROM tick"), 2 * 86400 - 1);
}

static void test_killed_and_started_again(void **state)
{
	struct storm s;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	step(&s);
	sea_recorder_tend(s.recorder, 1 * SEC);
	sea_recorder_tend(s.recorder, 2 * SEC);
	/* What is not written by then is lost with it. */
	step(&s);
	sea_recorder_close(s.recorder);
	forget(&s);
	begin(&s, open_with(0), "two", 150);
	step(&s);
	end(&s);
	finish(&s);
	assert_int_equal(number("SELECT count(*) FROM session WHERE end = 'lost'"), 1);
	assert_int_equal(number("SELECT ended_ns FROM session WHERE end = 'lost'"), 101 * SEC);
	assert_int_equal(number("SELECT count(*) FROM gaps"), 1);
	assert_int_equal(number("SELECT since_ns FROM gaps WHERE cause = 'recorder' AND"
				" why = 'the recorder was killed'"),
			 101 * SEC);
	assert_int_equal(number("SELECT until_ns FROM gaps"), 150 * SEC);
	/* They lived on, and are the same VMs. */
	assert_int_equal(number("SELECT count(*) FROM vm"), 4);
	begin(&s, open_with(0), "three", 200);
	finish(&s);
	assert_int_equal(number("SELECT since_ns FROM gaps WHERE why = 'the recorder was stopped'"),
			 151 * SEC);
	assert_string_equal(said, "");
}

static void test_other_boot(void **state)
{
	struct storm s;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	end(&s);
	finish(&s);
	boot = "next";
	begin(&s, open_with(0), "two", 1);
	finish(&s);
	assert_int_equal(number("SELECT count(*) FROM gaps WHERE since_ns IS NULL AND"
				" since_wall_ns = 100000000000 AND until_ns = 1000000000 AND"
				" why = 'the host was started anew'"),
			 1);
	/* The same numbers are other VMs. */
	assert_int_equal(number("SELECT count(*) FROM vm"), 8);
}

/* The disk fills up for a while, and memory is enough for what comes. */
static void test_full_disk(void **state)
{
	struct storm s;
	__u64 next;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	sea_recorder_tend(s.recorder, 1 * SEC);
	sea_recorder_tend(s.recorder, 2 * SEC);
	fault = (struct fault){.code = SQLITE_FULL};
	step(&s);
	sea_recorder_tend(s.recorder, 3 * SEC);
	next = sea_recorder_tend(s.recorder, 4 * SEC);
	assert_int_equal(next, 5 * SEC);
	assert_false(sea_recorder_is_writing(s.recorder));
	step(&s);
	/* A second later, then two more, then four more */
	assert_int_equal(sea_recorder_tend(s.recorder, 5 * SEC), 7 * SEC);
	assert_int_equal(sea_recorder_tend(s.recorder, 7 * SEC), 11 * SEC);
	fault.code = 0;
	assert_int_equal(sea_recorder_tend(s.recorder, 10 * SEC), 11 * SEC);
	assert_int_equal(sea_recorder_tend(s.recorder, 11 * SEC), 0);
	assert_true(sea_recorder_is_writing(s.recorder));
	assert_int_equal(sea_recorder_lost(s.recorder), 0);
	finish(&s);
	assert_int_equal(number("SELECT count(*) FROM sea"), 8);
	assert_int_equal(number(ALL_SEAS), 8);
	assert_int_equal(number("SELECT count(*) FROM gap"), 0);
	/* Once each: that it cannot, and why, and that it can. */
	assert_non_null(strstr(said, "sea.db: the disk is full; make room on it; "
				     "what comes is kept in memory\nthe store is written again; 0 "
				     "details were not stored\n"));
	assert_ptr_equal(strstr(said, "cannot"), said);
}

/* More comes than memory may hold: details go, and are told; counts do not. */
static void test_longer_than_memory(void **state)
{
	struct storm s;
	__u64 lost;
	int i;

	(void)state;
	begin(&s, open_with(100), "one", 100);
	step(&s);
	sea_recorder_tend(s.recorder, 1 * SEC);
	sea_recorder_tend(s.recorder, 2 * SEC);
	fault = (struct fault){.code = SQLITE_IOERR_WRITE};
	for (i = 0; i < 1000; i++) {
		step(&s);
		sea_recorder_tend(s.recorder, (__u64)(3 + i) * SEC);
	}
	lost = sea_recorder_lost(s.recorder);
	assert_in_range(lost, 3800, 4000);
	fault.code = 0;
	step(&s);
	sea_recorder_tend(s.recorder, 2000 * SEC);
	assert_true(sea_recorder_is_writing(s.recorder));
	step(&s);
	end(&s);
	finish(&s);
	assert_int_equal(number("SELECT count(*) FROM sea") + (__s64)lost, 4 * 1003);
	assert_int_equal(number(ALL_SEAS), 4 * 1003);
	assert_int_equal(number("SELECT sum(lost) FROM tick_loss WHERE cause = 'store'"), lost);
	assert_int_equal(number("SELECT count(*) FROM gaps"), 1);
	assert_int_equal(number("SELECT count(*) FROM gaps WHERE cause = 'store' AND"
				" since_ns > 101000000000 AND until_ns = 1102000000000"
				" AND why LIKE '%kernel''s log%'"),
			 1);
}

/* Each of the writes that a transaction makes may be the one that fails. */
static void test_every_write_may_fail(void **state)
{
	struct storm s;
	int after;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	for (after = 0; after < 30; after++) {
		step(&s);
		fault = (struct fault){.code = SQLITE_IOERR_FSYNC, .after = after};
		sea_recorder_tend(s.recorder, (__u64)(100 * after + 50) * SEC);
		sea_recorder_tend(s.recorder, (__u64)(100 * after + 60) * SEC);
		fault = (struct fault){0};
		sea_recorder_tend(s.recorder, (__u64)(100 * after + 99) * SEC);
		assert_true(sea_recorder_is_writing(s.recorder));
	}
	finish(&s);
	assert_int_equal(number("SELECT count(*) FROM sea"), 4 * 30);
	assert_int_equal(number(ALL_SEAS), 4 * 30);
	assert_int_equal(number("SELECT count(*) FROM pragma_integrity_check"
				" WHERE integrity_check <> 'ok'"),
			 0);
}

static void test_last_words_fail(void **state)
{
	struct sea_error err;
	struct storm s;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	fault = (struct fault){.code = SQLITE_READONLY};
	assert_int_equal(sea_recorder_finish(s.recorder, &err), -1);
	assert_non_null(strstr(err.text, "it may only be read; see who may write"));
	fault = (struct fault){0};
	sea_recorder_close(s.recorder);
	forget(&s);
}

/* The name of the one file in the directory that was moved away */
static void find_moved(char *moved, size_t size)
{
	char command[128];
	FILE *ls;

	snprintf(command, sizeof(command), "ls %s/*.damaged-*Z", dir);
	ls = popen(command, "r");
	assert_non_null(fgets(moved, (int)size, ls));
	moved[strcspn(moved, "\n")] = '\0';
	assert_int_equal(pclose(ls), 0);
}

static void scribble(void)
{
	char dirt[65536];
	int fd = open(path, O_WRONLY);

	memset(dirt, 'x', sizeof(dirt));
	assert_int_equal(pwrite(fd, dirt, sizeof(dirt), 4096), sizeof(dirt));
	close(fd);
}

/* Somebody overwrites the file while it is recorded into. */
static void test_damaged_meanwhile(void **state)
{
	char moved[256];
	struct storm s;
	int i;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	for (i = 0; i < 200; i++)
		step(&s);
	sea_recorder_tend(s.recorder, 1 * SEC);
	sea_recorder_tend(s.recorder, 2 * SEC);
	sqlite3_wal_checkpoint_v2(sea_recorder_db(s.recorder)->sqlite, NULL,
				  SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	scribble();
	sqlite3_db_release_memory(sea_recorder_db(s.recorder)->sqlite);
	step(&s);
	sea_recorder_tend(s.recorder, 3 * SEC);
	sea_recorder_tend(s.recorder, 4 * SEC);
	step(&s);
	end(&s);
	finish(&s);
	assert_non_null(strstr(said, "is damaged: it is kept as"));
	find_moved(moved, sizeof(moved));
	/* All that the session counted is in the new one, and whose it was. */
	assert_int_equal(number(ALL_SEAS), 4 * 202);
	assert_int_equal(number("SELECT count(*) FROM vm WHERE name LIKE 'vm_'"), 4);
	assert_int_equal(number("SELECT count(*) FROM session WHERE end = 'stopped'"), 1);
}

static void copy_head(const char *from, off_t len)
{
	static char head[1 << 20];
	int fd = open(from, O_RDONLY);

	assert_in_range(len, 1, sizeof(head));
	assert_int_equal(pread(fd, head, (size_t)len, 0), len);
	close(fd);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, head, (size_t)len), len);
	close(fd);
}

/* Cut off anywhere, it is read as far as it can be or moved away, and recording goes on. */
static void test_torn(void **state)
{
	char whole[160], command[400];
	struct sea_reader *reader;
	struct sea_entry entry;
	struct sea_error err;
	struct storm s;
	struct stat st;
	unsigned int random = 4711;
	off_t len;
	int i;

	(void)state;
	fault.lazy = 1;
	begin(&s, open_with(0), "one", 100);
	for (i = 0; i < 100; i++)
		step(&s);
	end(&s);
	finish(&s);
	snprintf(whole, sizeof(whole), "%s/whole", dir);
	assert_int_equal(rename(path, whole), 0);
	assert_int_equal(stat(whole, &st), 0);
	for (i = 0; i < 100; i++) {
		/* A tenth of them within SQLite's header */
		random = random * 1103515245 + 12345;
		len = 1 + (off_t)(random >> 8) % (i % 10 ? st.st_size - 1 : 127);
		copy_head(whole, len);
		if (!sea_recording_open(path, &reader, &err)) {
			while (sea_reader_next(reader, &entry, &err) == 1)
				;
			sea_reader_close(reader);
		} else {
			assert_non_null(strstr(err.text, path));
		}
		begin(&s, open_with(0), "two", 300);
		step(&s);
		end(&s);
		finish(&s);
		assert_int_equal(number("SELECT sum(claimed) FROM tick_vm v JOIN tick t ON t.seq ="
					" v.tick JOIN session s ON s.id = t.session WHERE"
					" run = 'two'"),
				 4);
		assert_int_equal(number("SELECT count(*) FROM pragma_integrity_check"
					" WHERE integrity_check <> 'ok'"),
				 0);
		snprintf(command, sizeof(command), "rm -f '%s'*", path);
		assert_int_equal(system(command), 0);
	}
}

static void test_two_recorders(void **state)
{
	struct storm s;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	assert_refused("another recorder does; stop that one, or use another --store");
	finish(&s);
	begin(&s, open_with(0), "two", 200);
	finish(&s);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
}

static void test_foreign_files(void **state)
{
	char text[32] = "";
	sqlite3 *db;
	FILE *file;

	(void)state;
	write_file("precious letters\n");
	assert_refused("it is no recording");
	file = fopen(path, "r");
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_string_equal(text, "precious letters\n");
	unlink(path);
	assert_int_equal(sqlite3_open(path, &db), 0);
	sqlite3_exec(db, "CREATE TABLE cake (recipe)", NULL, NULL, NULL);
	sqlite3_close(db);
	assert_refused("another program's database");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused(path);
}

static void test_newer_store(void **state)
{
	struct sea_reader *reader;
	struct sea_entry entry;
	struct sea_error err;
	struct storm s;
	sqlite3 *db;
	int nr = 0;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	step(&s);
	finish(&s);
	assert_int_equal(sqlite3_open(path, &db), 0);
	/* A column more, a table less, and a table more */
	assert_int_equal(sqlite3_exec(db,
				      "ALTER TABLE sea ADD COLUMN colour TEXT;"
				      "ALTER TABLE gap RENAME TO hole; DROP VIEW gaps;"
				      "CREATE TABLE weather (seq); PRAGMA user_version = 99",
				      NULL, NULL, NULL),
			 0);
	sqlite3_close(db);
	assert_refused("a newer seatop wrote it (schema 99, this one knows");
	assert_int_equal(sea_recording_open(path, &reader, &err), 0);
	while (sea_reader_next(reader, &entry, &err) == 1)
		nr++;
	/* The session, four VMs, four SEAs, a tick */
	assert_int_equal(nr, 10);
	assert_non_null(
		strstr(sea_recording_caveat(reader), "a newer seatop wrote this, and some"));
	sea_reader_close(reader);
}

/* Records without end, and says after each step how much is in the store for certain. */
static void record_until_killed(int to)
{
	struct sea_recorder *recorder = open_with(0);
	__u64 now = SEC;
	struct storm s;
	__s64 steps;
	char run[40];

	snprintf(run, sizeof(run), "run-%d", (int)getpid());
	begin(&s, recorder, run, 100);
	for (steps = 0;; steps++) {
		step(&s);
		sea_recorder_tend(recorder, now += SEC / 3);
		if (write(to, &steps, sizeof(steps)) != sizeof(steps))
			_exit(1);
	}
}

static void kill_one(unsigned int us)
{
	__s64 steps, last = -1;
	char query[256];
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		close(fds[0]);
		record_until_killed(fds[1]);
	}
	close(fds[1]);
	usleep(us);
	kill(pid, SIGKILL);
	while (read(fds[0], &steps, sizeof(steps)) == sizeof(steps))
		last = steps;
	close(fds[0]);
	waitpid(pid, NULL, 0);
	if (last < 0)
		return;
	assert_int_equal(number("SELECT count(*) FROM pragma_integrity_check"
				" WHERE integrity_check <> 'ok'"),
			 0);
	/*
	 * What was seen to wait a second ago by the recorder's clock is there: four steps.
	 * Killed before its first commit, it has no session, and the last one is another's.
	 */
	snprintf(query, sizeof(query),
		 "SELECT coalesce(sum(claimed), 0) / 4 FROM tick_vm v JOIN tick t ON"
		 " t.seq = v.tick JOIN session s ON s.id = t.session WHERE run = 'run-%d'",
		 (int)pid);
	steps = number(query);
	assert_in_range(steps, last > 8 ? last - 8 : 0, last + 2);
	/* Each tick with its details, or without both */
	snprintf(query, sizeof(query),
		 "SELECT count(*) FROM sea JOIN session s ON s.id = session WHERE run = 'run-%d'",
		 (int)pid);
	assert_int_equal(number(query), 4 * steps);
}

static void test_sigkill(void **state)
{
	unsigned int i, random = 4711;

	(void)state;
	for (i = 0; i < 12; i++) {
		random = random * 1103515245 + 12345;
		kill_one(20000 + random % 150000);
	}
}

/* Whoever reads meanwhile sees whole transactions, and holds nobody up. */
static void test_reader_meanwhile(void **state)
{
	struct sea_reader *reader;
	struct sea_entry entry;
	struct sea_error err;
	struct storm s;
	int nr = 1;

	(void)state;
	begin(&s, open_with(0), "one", 100);
	step(&s);
	sea_recorder_tend(s.recorder, 1 * SEC);
	sea_recorder_tend(s.recorder, 2 * SEC);
	assert_int_equal(sea_recording_open(path, &reader, &err), 0);
	assert_int_equal(sea_reader_next(reader, &entry, &err), 1);
	step(&s);
	sea_recorder_tend(s.recorder, 3 * SEC);
	assert_int_equal(sea_recorder_tend(s.recorder, 4 * SEC), 0);
	while (sea_reader_next(reader, &entry, &err) == 1)
		nr++;
	assert_int_equal(nr, 10);
	sea_reader_close(reader);
	finish(&s);
	assert_string_equal(said, "");
}

/* A file system that may only be read, with a store on it */
static void test_read_only(void **state)
{
	struct storm s;

	(void)state;
	if (mount("none", dir, "tmpfs", 0, "size=16m")) {
		print_message("no mount: %s\n", strerror(errno));
		skip();
	}
	begin(&s, open_with(0), "one", 100);
	step(&s);
	step(&s);
	end(&s);
	finish(&s);
	assert_int_equal(mount("none", dir, "tmpfs", MS_REMOUNT | MS_RDONLY, ""), 0);
	/* It is read as it is there, and nobody begins to record into it. */
	assert_int_equal(number(ALL_SEAS), 8);
	assert_refused("see who may write to it, and how it is mounted");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(test_within_a_second),
		TEST(test_many_at_once),
		TEST(test_idle),
		TEST(test_idle_day),
		TEST(test_killed_and_started_again),
		TEST(test_other_boot),
		TEST(test_full_disk),
		TEST(test_longer_than_memory),
		TEST(test_every_write_may_fail),
		TEST(test_last_words_fail),
		TEST(test_damaged_meanwhile),
		TEST(test_torn),
		TEST(test_two_recorders),
		TEST(test_foreign_files),
		TEST(test_newer_store),
		TEST(test_sigkill),
		TEST(test_reader_meanwhile),
		TEST(test_read_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
