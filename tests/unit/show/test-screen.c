// SPDX-License-Identifier: GPL-2.0-only
/*
 * The screen without a terminal: records and keys go in, and what is drawn is read.
 */
#include "fixtures.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/row-fields.h"
#include "show/screen.h"

static struct sea_error err;
static struct sea_screen *screen;
static struct sea_canvas canvas;
static struct sea_text drawn;
static __u64 asked_interval;

static void set_interval(struct sea_feed *feed, __u64 interval_ns)
{
	(void)feed;
	asked_interval = interval_ns;
}

static const struct sea_feed_ops ops = {.set_interval = set_interval};
static struct sea_feed feed = {&ops};

static int begin_with(const struct sea_screen_options *options)
{
	struct sea_session session;
	const struct sea_record record = {.type = SEA_RECORD_SESSION, .session = &session};

	setlocale(LC_ALL, "C");
	setenv("TZ", "UTC", 1);
	assert_int_equal(sea_screen_open(options, &feed, &screen, &err), 0);
	make_session(&session);
	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	return 0;
}

static int begin(void **state)
{
	(void)state;
	return begin_with(&(struct sea_screen_options){.interval_ns = SEC});
}

static int end(void **state)
{
	(void)state;
	sea_screen_close(screen);
	sea_canvas_free(&canvas);
	sea_text_free(&drawn);
	return 0;
}

static void take(struct sea_snapshot *tick)
{
	const struct sea_record record = {.type = SEA_RECORD_TICK, .tick = tick};

	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
}

/* The fixture i seconds later, in which web took i SEAs more. */
static void take_fixture(__u64 i)
{
	struct sea_snapshot tick;

	make_snapshot(&tick);
	tick.time_ns += i * SEC;
	tick.wall.tv_sec += (time_t)i;
	tick.vms[1].vm.disposition[SEA_HOST_OWNED] += i;
	if (i)
		tick.vms[1].vm.last = SEA_LAST(tick.time_ns, SEA_HOST_OWNED, SEA_S2_WALK);
	take(&tick);
	sea_snapshot_free(&tick);
}

/* So many VMs, of which the last `hit` took an SEA in the second tick. */
static void take_many(size_t nr, size_t hit, __u64 i)
{
	struct sea_snapshot tick;
	char name[32];
	size_t v;

	make_snapshot(&tick);
	sea_snapshot_clear(&tick);
	assert_int_equal(sea_snapshot_reserve(&tick, nr, &err), 0);
	tick.nr_vms = nr;
	tick.time_ns += i * SEC;
	for (v = 0; v < nr; v++) {
		bool is_hit = i && v + hit >= nr;

		tick.vms[v] = state_with(v + 1, "x", v < nr / 2 ? 1000 : is_hit, 0, 0, 0);
		if (v < nr / 2)
			tick.vms[v].vm.ended_ns = 50 * SEC;
		if (is_hit)
			tick.vms[v].vm.last = SEA_LAST(tick.time_ns, SEA_CLAIMED, 0);
		snprintf(name, sizeof(name), "vm-%zu", v + 1);
		call_vm(&tick.vms[v], name);
	}
	take(&tick);
	sea_snapshot_free(&tick);
}

static const char *draw(size_t lines, size_t columns)
{
	sea_text_free(&drawn);
	assert_int_equal(sea_screen_draw(screen, lines, columns, &canvas, &err), 0);
	sea_canvas_text(&canvas, &drawn);
	return drawn.text ?: "";
}

static enum sea_wish press(int key)
{
	enum sea_wish wish;

	assert_int_equal(sea_screen_key(screen, key, 0, 0, &wish, &err), 0);
	return wish;
}

static void press_all(const char *keys)
{
	for (; *keys; keys++)
		press((unsigned char)*keys);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		print_error("no '%s' in\n%s", part, text);
	assert_non_null(strstr(text, part));
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		print_error("'%s' in\n%s", part, text);
	assert_null(strstr(text, part));
}

static void eighty_columns(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	take_fixture(2);
	text = draw(24, 80);
	assert_string_equal(
		text,
		"06:50:46 hv01: 3 VMs (1 ended), source tracepoint, every 1s, Linux 6.12.107-sea\n"
		"Trust: counts exact, but: 12900 ratelimit, last at 06:50:44: single SEAs of a s~\n"
		"VM            PID OPT   CLAIM  HOST NOOPT FWD INJ RES ABD PEND TOTAL  /s\n"
		"web-1002     1002 no        0 13002     0   0   0   0   0    0 13002 1.0\n"
		"db01-1001    1001 yes       2     0     0   8   5   1   0    2    10   0\n"
		"batch-7-1003 1003 ended     0     0     4   0   0   0   0    0     4   0\n"
		"\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
		"All: 13016 SEAs, 1.0/s: 2 claimed, 13002 host_owned, 4 not_opted_in, 8 forwarded\n"
		"Answers: 5 injected, 1 resumed, 0 abandoned, 2 pending\n"
		"Reasons: 0 no_ras, 0 vncr, 13000 s2_walk, 3 ambiguous walk\n"
		"Enter Open  F1 Help  / Filter  l Log  t Trust  s Sort  c Counts  q Quit\n");
}

/* Whatever the size, and whatever page: it draws, and nothing is written past the edge. */
static void any_size(void **state)
{
	static const char keys[] = "htls";
	size_t lines, columns, i;

	(void)state;
	for (i = 0; i <= strlen(keys); i++) {
		for (lines = 0; lines < 30; lines++)
			for (columns = 0; columns < 90; columns += 7)
				draw(lines, columns);
		take_fixture(i);
		if (keys[i])
			press(keys[i]);
	}
}

/* 20 of 100 are being hit, and 50 have ended with more SEAs: the first page has the 20. */
static void who_is_hit_is_on_the_first_page(void **state)
{
	const char *text;
	char name[16];
	int i;

	(void)state;
	take_many(100, 17, 0);
	take_many(100, 17, 1);
	text = draw(24, 80);
	for (i = 84; i <= 100; i++) {
		snprintf(name, sizeof(name), "vm-%d ", i);
		has(text, name);
	}
	has(text, "Lines 1 to 17 of 100, 17 hit now");
	/* By a column alone, as one chose it; and back. */
	press('<');
	press('>');
	text = draw(24, 80);
	has_not(text, "vm-100 ");
	press('u');
	has(draw(24, 80), "vm-100 ");
}

static void filter(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	draw(24, 100);
	press_all("/WE");
	text = draw(24, 100);
	has(text, "web-1002");
	has_not(text, "db01-1001");
	has(text, "1 of 3 VMs: \"WE\"");
	has(text, "Shown: 13000 SEAs");
	has(text, "Filter (Enter keeps it, Esc drops it): WE_");
	press_all("|db");
	press(SEA_KEY_ENTER);
	text = draw(24, 100);
	has(text, "2 of 3 VMs: \"WE|db\"");
	has(text, "Shown: 13010 SEAs");
	press(SEA_KEY_ESC);
	has(draw(24, 100), "All: 13014 SEAs");
	press_all("/nobody");
	has(draw(24, 100), "No VM is one of those asked for");
	press(SEA_KEY_ESC);
	press('e');
	text = draw(24, 100);
	has(text, "VMs that have ended are hidden");
	has_not(text, "batch-7");
	press(SEA_KEY_DOWN);
	has(draw(24, 100), "2 of 3 VMs: not ended");
}

/* What the command line asks for is there from the start, and keys change it. */
static void from_the_command_line(void **state)
{
	const struct sea_screen_options options = {
		.interval_ns = SEC,
		.filter = {.text = "web|db|batch", .not_ended = true},
		.sort = sea_row_field("TOTAL"),
		.reverse = true,
	};
	const char *text;

	end(state);
	begin_with(&options);
	take_fixture(0);
	text = draw(24, 100);
	has(text, "2 of 3 VMs: \"web|db|batch\" not ended");
	assert_true(strstr(text, "db01-1001") < strstr(text, "web-1002"));
	press('R');
	text = draw(24, 100);
	assert_true(strstr(text, "db01-1001") > strstr(text, "web-1002"));
	press('e');
	has(draw(24, 100), "batch-7-1003");
	/* A VM that the filter would leave out can be looked at. */
	press(SEA_KEY_ESC);
	has(draw(24, 100), "the filter is gone");
	press(SEA_KEY_ENTER);
	has(draw(24, 100), "web-1002  runs");
}

/* The cursor stays on its VM when the order changes. */
static void cursor_follows(void **state)
{
	size_t line;

	(void)state;
	take_fixture(0);
	draw(24, 80);
	press('j');
	draw(24, 80);
	press('R');
	press('u');
	draw(24, 80);
	for (line = 0; line < canvas.lines; line++)
		if (canvas.cells[line * canvas.columns].look == SEA_LOOK_CURSOR)
			break;
	sea_text_free(&drawn);
	sea_canvas_text(&canvas, &drawn);
	/* Upside down by TOTAL alone: batch-7 4, db01 10, web 13000. */
	assert_int_equal(line, 4);
	assert_int_equal(canvas.cells[line * canvas.columns].text[0], 'd');
}

static void counts_since(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	take_fixture(1);
	draw(24, 80);
	press('c');
	text = draw(24, 80);
	has(text, "All: 1 SEAs");
	press('m');
	take_fixture(3);
	press('j');
	text = draw(24, 80);
	has(text, "All: 2 SEAs");
	press('c');
	press('c');
	has(draw(24, 80), "All: 13017 SEAs");
}

static void time_travel(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	take_fixture(1);
	take_fixture(2);
	draw(24, 120);
	press(' ');
	take_fixture(3);
	text = draw(24, 120);
	has(text, "PAUSED 06:50:46");
	has(text, "All: 13016 SEAs");
	press('[');
	has(draw(24, 120), "All: 13015 SEAs");
	press('[');
	press('[');
	text = draw(24, 120);
	has(text, "All: 13014 SEAs");
	has(text, "this is as far back as memory goes");
	press('}');
	has(draw(24, 120), "All: 13015 SEAs");
	press('{');
	has(draw(24, 120), "no SEA before this one is known");
	press('n');
	text = draw(24, 120);
	has(text, "All: 13017 SEAs");
	has_not(text, "PAUSED");
	press_all("T06:50:45");
	press(SEA_KEY_ENTER);
	press_all("b");
	text = draw(24, 120);
	has(text, "PAUSED 06:50:44");
	has(text, "memory goes back to 2026-11-23 06:50:44");
	press_all("Tnonsense");
	press(SEA_KEY_ENTER);
	has(draw(24, 120), "nonsense");
}

static void intervals(void **state)
{
	int i;

	(void)state;
	press('+');
	assert_true(asked_interval == SEC / 2);
	press('-');
	press('-');
	assert_true(asked_interval == 2 * SEC);
	for (i = 0; i < 100; i++)
		press('+');
	assert_true(asked_interval == SEC / 10);
	for (i = 0; i < 100; i++)
		press('-');
	assert_true(asked_interval == 3600 * SEC);
}

static void wishes(void **state)
{
	(void)state;
	assert_int_equal(press('q'), SEA_WISH_QUIT);
	assert_int_equal(press(3), SEA_WISH_QUIT);
	assert_int_equal(press(12), SEA_WISH_REPAINT);
	assert_int_equal(press(26), SEA_WISH_SUSPEND);
	assert_int_equal(press('x'), SEA_WISH_NOTHING);
	/* While one types it is a letter. */
	press('/');
	assert_int_equal(press('q'), SEA_WISH_NOTHING);
}

static void choose_a_column(void **state)
{
	(void)state;
	take_fixture(0);
	draw(24, 80);
	press('s');
	has(draw(24, 80), "TOTAL    all SEAs");
	press(SEA_KEY_HOME);
	press('j');
	press(SEA_KEY_ENTER);
	/* By name. */
	has(draw(24, 120), "\nbatch-7");
	press('?');
	has(draw(80, 80),
	    "The column that the table is sorted by\nVM               name of the VM");
}

/* What is wrong is seen, also where there is one line for it. */
static void distrust(void **state)
{
	struct sea_snapshot tick;

	(void)state;
	make_snapshot(&tick);
	tick.loss.count[SEA_LOSS_NO_VCPU] = 2;
	take(&tick);
	sea_snapshot_free(&tick);
	has(draw(24, 80), "DO NOT TRUST THIS: 2 no_vcpu");
	has(draw(4, 40), "DO NOT TRUST THIS: 2 no_vcpu");
	press('t');
	has(draw(40, 80), "No: counts are too low");
}

/* An SEA of db01 that was forwarded, and the VMM's answer to it */
static void take_events(void)
{
	struct sea_vm vm = vm_with(1, "db01", 0, 0, 0, 0);
	const struct sea_vm_info *info = info_of(&vm);
	struct sea_event event = {
		.disposition = SEA_FORWARDED,
		.reason = SEA_AMBIGUOUS_WALK,
		.time_ns = 97 * SEC,
		.esr = 0x92000217,
		.ipa = 0x80001000,
		.flags = SEA_IPA_VALID,
		.vcpu = 3,
	};
	struct sea_record record = {
		.type = SEA_RECORD_SEA,
		.time_ns = 97 * SEC,
		.wall = {FIXTURE_TIME - 3, 5000000},
		.vm = info,
		.event = &event,
	};

	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	event.response = SEA_RESUMED;
	event.latency_ns = 7000000;
	record.type = SEA_RECORD_ANSWER;
	record.wall.tv_nsec = 12000000;
	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	sea_vm_info_put(info);
}

static void one_vm(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	take_events();
	take_fixture(1);
	draw(24, 80);
	press('j');
	draw(24, 80);
	press(SEA_KEY_ENTER);
	text = draw(50, 80);
	has(text, "db01-1001  runs");
	has(text, "Opt-in        yes");
	has(text, "Opt-in        yes, since before 06:50:44: the VMM is asked");
	has(text, "1 time        page 1, a shows its address");
	has(text, "vCPUs that were hit: 1 of 4, in the events that are kept");
	has(text, "3             1 SEA, the last at 06:50:41.005: forwarded, thread 0, CPU 0");
	has(text, "forwarded              8");
	has(text, "none          host_owned, not_opted_in");
	has(text, "resumed                1");
	has(text, "from 2.0ms             6  ####");
	has(text, "06:50:41.005  SEA forwarded (ambiguous walk): read, table walk level 3,");
	has(text, "06:50:41.012  VMM resumed without an answer after 7.0ms");
	has_not(text, "0x80001000");
	press('a');
	has(draw(50, 80), "1 time        guest page 0x80001000");
	/* It stays on the page when the table would hide it. */
	press(SEA_KEY_ESC);
	press_all("/web");
	press(SEA_KEY_ENTER);
	draw(24, 80);
	press(SEA_KEY_ENTER);
	has(draw(50, 80), "web-1002  runs");
}

static void take_sea(__u64 pfn, bool poisoned, __u64 ipa, __u32 vcpu)
{
	struct sea_vm vm = vm_with(1, "db01", 0, 0, 0, 0);
	const struct sea_vm_info *info = info_of(&vm);
	const struct sea_event event = {
		.disposition = SEA_CLAIMED,
		.time_ns = 97 * SEC,
		.esr = 0x92000050,
		.ipa = ipa,
		.flags = SEA_IPA_VALID,
		.vcpu = vcpu,
		.tid = 4242,
		.cpu = 7,
	};
	const struct sea_page page = {SEA_PAGE_PFN | SEA_PAGE_POISON, poisoned, .pfn = pfn};
	const struct sea_record record = {
		.type = SEA_RECORD_SEA,
		.time_ns = 97 * SEC,
		.wall = {FIXTURE_TIME - 3, 5000000},
		.vm = info,
		.event = &event,
		.page = pfn ? &page : NULL,
	};

	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	sea_vm_info_put(info);
}

/* Pages are told apart by the host's page frame, and where it is not known by the guest's. */
static void pages_and_vcpus(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	take_sea(0x40, true, 0x1000, 0);
	take_sea(0x41, false, 0x2000, 0);
	take_sea(0x40, true, 0x3000, 70);
	take_sea(0, false, 0x9000, 2);
	draw(24, 80);
	press_all("j");
	press(SEA_KEY_ENTER);
	text = draw(50, 80);
	has(text, "Pages that were hit: 3, of which 1 again and again");
	has(text, "2 times       host page 0x40 (bad)");
	has(text, "1 time        host page 0x41 (still in use)");
	has(text, "1 time        page 2, a shows its address");
	has(text, "vCPUs that were hit: 3 of 4");
	has(text, "0             2 SEAs, the last at 06:50:41.005: claimed, thread 4242, CPU 7");
	has(text, "from 64       1 SEA,");
	has(text, "SEA claimed: write");
	/* What else happened to the page of the first one is the third. */
	press(SEA_KEY_ENTER);
	press('G');
	press(SEA_KEY_ENTER);
	press('a');
	text = draw(50, 80);
	has(text, "What else happened to this memory and this VM\n06:50:41.005");
	has(text, "guest page 0x3000");
	has_not(text, "guest page 0x2000");
}

static void take_end(__u64 id, int wait_status)
{
	struct sea_vm vm = vm_with(id, "x", 0, 0, 0, 0);
	const struct sea_vm_info *info = info_of(&vm);
	const struct sea_end ended = {99 * SEC, wait_status};
	const struct sea_record record = {.type = SEA_RECORD_END, .vm = info, .end = &ended};

	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	sea_vm_info_put(info);
}

/* How this VM ended, and not the one that ended last */
static void how_it_ended(void **state)
{
	(void)state;
	take_fixture(0);
	take_end(3, 1 << 8);
	take_end(9, 7);
	draw(24, 80);
	press_all("jj");
	press(SEA_KEY_ENTER);
	has(draw(24, 80), "its VMM exited with status 1");
}

static enum sea_look look_of(const char *text)
{
	size_t i, at;

	for (i = 0; i < canvas.lines * canvas.columns; i++) {
		for (at = 0; text[at] && i + at < canvas.lines * canvas.columns; at++)
			if (canvas.cells[i + at].text[0] != text[at])
				break;
		if (!text[at])
			return canvas.cells[i].look;
	}
	fail_msg("'%s' is not there", text);
	return SEA_LOOKS;
}

/* What a colour says is what somebody has to see to. */
static void looks(void **state)
{
	(void)state;
	take_fixture(0);
	take_fixture(1);
	draw(24, 80);
	press('j');
	press('j');
	draw(24, 80);
	assert_int_equal(look_of("web-1002"), SEA_LOOK_STRONG);
	assert_int_equal(look_of("13001 "), SEA_LOOK_BAD);
	assert_int_equal(look_of("db01-1001"), SEA_LOOK_PLAIN);
	assert_int_equal(look_of("batch-7-1003"), SEA_LOOK_CURSOR);
	assert_int_equal(look_of("Trust: counts exact"), SEA_LOOK_DOUBT);
	assert_int_equal(look_of("CLAIM"), SEA_LOOK_HEAD);
	assert_int_equal(look_of("TOTAL"), SEA_LOOK_SORTED);
	press('k');
	draw(24, 80);
	assert_int_equal(look_of("batch-7-1003"), SEA_LOOK_QUIET);
}

/* A name that comes between two ticks; and one that its sources disagree on. */
static void another_name(void **state)
{
	struct sea_vm vm = vm_with(1, "db01", 0, 0, 0, 0);
	const struct sea_vm_info *info = info_of(&vm);
	struct sea_vm_info *better = sea_vm_info_new(info);
	const struct sea_record record = {.type = SEA_RECORD_VM, .vm = better};

	(void)state;
	take_fixture(0);
	has_not(draw(24, 80), "payroll");
	strcpy(better->name.text, "payroll");
	strcpy(better->name.other, "backup");
	better->name.disputed = true;
	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	assert_true(sea_screen_is_stale(screen));
	has(draw(24, 80), "payroll? ");
	press('j');
	press(SEA_KEY_ENTER);
	has(draw(24, 80), "Also called   backup, which cannot be right as well");
	sea_vm_info_put(info);
	sea_vm_info_put(better);
}

/* Keys that come faster than they are painted: Enter is for the line that they lead to. */
static void keys_ahead_of_the_paint(void **state)
{
	(void)state;
	take_fixture(0);
	take_events();
	draw(24, 80);
	press_all("jj");
	press(SEA_KEY_ENTER);
	has(draw(24, 80), "batch-7-1003  has ended");
	press(SEA_KEY_ESC);
	press_all("lj");
	press(SEA_KEY_ENTER);
	has(draw(24, 80), "SEA forwarded (ambiguous walk)");
}

static void log_and_event(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	take_events();
	draw(24, 100);
	press('l');
	text = draw(24, 100);
	has(text, "2 events, newest first");
	press('j');
	draw(24, 100);
	press(SEA_KEY_ENTER);
	text = draw(50, 100);
	has(text, "2026-11-23 06:50:41.005");
	has(text, "Answer        after 7.0ms, resumed");
	has(text,
	    "FSC (fault)   0x17: Synchronous External abort on translation table walk, level 3");
	has(text, "S1PTW         0: not for a walk of the guest's tables");
	has(text, "WnR           0: a read");
	has(text, "addresses are hidden");
	has_not(text, "0x80001000");
	press('a');
	has(draw(50, 100), "Guest's page  0x80001000 (IPA)");
	/* The log is filtered as the table is. */
	press(SEA_KEY_ESC);
	press_all("/web");
	press(SEA_KEY_ENTER);
	has(draw(24, 100), "0 events of VMs with web");
}

static void click(size_t y, size_t x)
{
	enum sea_wish wish;

	assert_int_equal(sea_screen_key(screen, SEA_KEY_CLICK, y, x, &wish, &err), 0);
}

static void mouse(void **state)
{
	const char *text;

	(void)state;
	take_fixture(0);
	draw(24, 80);
	/* web, db01, batch-7 are in lines 3 to 5; a second click opens. */
	click(5, 10);
	draw(24, 80);
	click(5, 10);
	has(draw(24, 80), "batch-7-1003  has ended");
	press(SEA_KEY_ESC);
	draw(24, 80);
	click(2, 0);
	text = draw(24, 160);
	has(text, "by VM");
	has(text, "\nbatch-7-1003");
	click(2, 0);
	has(draw(24, 160), "by VM upside down");
	/* On nothing */
	click(15, 3);
	click(100, 300);
	/* "F1 Help" of the bottom line */
	draw(24, 80);
	click(23, 13);
	has(draw(24, 80), "One line up");
}

static void write_to_a_file(void **state)
{
	char directory[] = "/tmp/test-screen-XXXXXX", text[8192] = "", name[] = "screen.txt";
	FILE *file;
	int i;

	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	take_fixture(0);
	draw(10, 80);
	press('w');
	has(draw(10, 80), "seatop-20261123-065044.txt_");
	for (i = 0; i < 2; i++) {
		press('U' - 'A' + 1);
		press_all(name);
		press(SEA_KEY_ENTER);
		/* Nothing is overwritten. */
		has(draw(10, 80), i ? "choose another name" : "written to screen.txt");
		press('w');
	}
	file = fopen(name, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	has(text, "batch-7-1003");
	has(text, "Reasons:");
	unlink(name);
	assert_int_equal(chdir("/"), 0);
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(eighty_columns, begin, end),
		cmocka_unit_test_setup_teardown(any_size, begin, end),
		cmocka_unit_test_setup_teardown(who_is_hit_is_on_the_first_page, begin, end),
		cmocka_unit_test_setup_teardown(filter, begin, end),
		cmocka_unit_test_setup_teardown(from_the_command_line, begin, end),
		cmocka_unit_test_setup_teardown(cursor_follows, begin, end),
		cmocka_unit_test_setup_teardown(counts_since, begin, end),
		cmocka_unit_test_setup_teardown(time_travel, begin, end),
		cmocka_unit_test_setup_teardown(intervals, begin, end),
		cmocka_unit_test_setup_teardown(wishes, begin, end),
		cmocka_unit_test_setup_teardown(choose_a_column, begin, end),
		cmocka_unit_test_setup_teardown(distrust, begin, end),
		cmocka_unit_test_setup_teardown(one_vm, begin, end),
		cmocka_unit_test_setup_teardown(pages_and_vcpus, begin, end),
		cmocka_unit_test_setup_teardown(looks, begin, end),
		cmocka_unit_test_setup_teardown(how_it_ended, begin, end),
		cmocka_unit_test_setup_teardown(another_name, begin, end),
		cmocka_unit_test_setup_teardown(keys_ahead_of_the_paint, begin, end),
		cmocka_unit_test_setup_teardown(log_and_event, begin, end),
		cmocka_unit_test_setup_teardown(mouse, begin, end),
		cmocka_unit_test_setup_teardown(write_to_a_file, begin, end),
	};

	return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
