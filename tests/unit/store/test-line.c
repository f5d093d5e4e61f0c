// SPDX-License-Identifier: GPL-2.0-only
/* The text form: what is written is read again, and wrong lines are told. */
#include "store/line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "scene.h"
#include "store/decode.h"
#include "store/recording.h"

struct reading {
	FILE *file;
	struct sea_line_reader *reader;
	struct sea_decoder decoder;
};

static void open_text(struct reading *r, const char *text, size_t len)
{
	struct sea_error err;

	*r = (struct reading){.file = fmemopen((void *)(uintptr_t)text, len, "r")};
	assert_non_null(r->file);
	assert_int_equal(sea_line_reader_open(r->file, "test", &r->reader, &err), 0);
}

static void close_text(struct reading *r)
{
	sea_decoder_free(&r->decoder);
	sea_line_reader_close(r->reader);
	fclose(r->file);
}

static void compare_with_next(const struct sea_record *expected, void *context)
{
	struct reading *r = context;
	struct sea_record record;
	struct sea_entry entry;
	struct sea_error err;

	if (sea_line_read(r->reader, &entry, &err) != 1)
		fail_msg("%s", err.text);
	assert_int_equal(sea_decode(&r->decoder, &entry, &record, &err), 0);
	assert_same_record(&record, expected);
}

static void test_all_comes_back(void **state)
{
	struct sea_text text = scene_text(false);
	struct sea_entry entry;
	struct sea_error err;
	struct reading r;

	(void)state;
	open_text(&r, text.text, text.len);
	scene_play(compare_with_next, &r);
	assert_int_equal(sea_line_read(r.reader, &entry, &err), 0);
	assert_false(sea_line_is_newer(r.reader));
	assert_false(sea_line_is_incomplete(r.reader));
	close_text(&r);
	sea_text_free(&text);
}

/* What a store gives again of text that was read into it */
static void export(struct sea_reader *reader, struct sea_text *out)
{
	struct sea_line_writer lines = {0};
	struct sea_entry entry;
	struct sea_error err;
	int rc;

	while ((rc = sea_reader_next(reader, &entry, &err)) == 1)
		assert_int_equal(sea_line_write(&lines, &entry, out, &err), 0);
	assert_int_equal(rc, 0);
	sea_line_writer_free(&lines);
}

static void test_same_bytes_through_a_store(void **state)
{
	struct sea_text text = scene_text(false), again = {0};
	char path[] = "/tmp/test-line-XXXXXX";
	struct sea_reader *reader;
	struct sea_error err;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, text.text, text.len), text.len);
	close(fd);
	if (sea_recording_open(path, &reader, &err))
		fail_msg("%s", err.text);
	unlink(path);
	export(reader, &again);
	assert_string_equal(again.text, text.text);
	assert_null(sea_recording_caveat(reader));
	sea_reader_close(reader);
	sea_text_free(&text);
	sea_text_free(&again);
}

static void test_redacted(void **state)
{
	struct sea_text text = scene_text(true);
	struct sea_entry entry;
	struct sea_error err;
	struct reading r;
	int seas = 0;

	(void)state;
	assert_null(strstr(text.text, "0xffff800012345678"));
	assert_null(strstr(text.text, "0x40003000"));
	assert_null(strstr(text.text, "0xffffffc000011112"));
	open_text(&r, text.text, text.len);
	assert_int_equal(sea_line_read(r.reader, &entry, &err), 1);
	assert_true(entry.redacted);
	while (sea_line_read(r.reader, &entry, &err) == 1) {
		if (entry.record.type != SEA_RECORD_SEA)
			continue;
		seas++;
		assert_int_equal(entry.record.event->flags, 0);
		assert_int_equal(entry.record.event->esr, 0x92000015);
	}
	assert_int_equal(seas, 3);
	close_text(&r);
	sea_text_free(&text);
}

#define HEAD "{\"type\":\"recording\",\"schema\":\"seatop.recording/1\"}\n"
#define SESSION "{\"type\":\"session\",\"session\":1,\"run\":\"r\",\"end\":\"runs\"}\n"
#define VM "{\"type\":\"vm\",\"session\":1,\"vm\":7,\"name\":\"v\",\"origin\":\"pid\"}\n"

/* Of wrong text: what is said, and after how many entries */
static const struct {
	const char *text, *says;
	int entries;
} wrong[] = {
	{"\n", "it is empty", 0},
	{"{}\n", "it is no recording", 0},
	{"{\"type\":\"recording\",\"schema\":\"other/1\"}\n", "it is no recording", 0},
	{"[]\n", "line 1: it is no JSON object", 0},
	{HEAD "{\"type\":\"session\"", "line 2: it is no JSON object, or was cut off", 0},
	{HEAD SESSION "{} {}\n", "line 3: it is no JSON object", 1},
	{HEAD "{\"type\":\"session\",\"session\":1}\n", "without its run", 0},
	{HEAD "{\"type\":\"gap\",\"session\":1}\n", "of a session that no line", 0},
	{HEAD SESSION "{\"type\":\"vm\",\"session\":1}\n", "line 3: a VM without its number", 1},
	{HEAD SESSION "{\"type\":\"sea\",\"session\":1,\"vm\":7}\n", "of a VM that no line", 1},
	{HEAD SESSION "{\"type\":\"end\",\"session\":1}\n", "an end without its VM", 1},
	{HEAD SESSION VM "{\"type\":\"sea\",\"session\":1,\"vm\":\"7\"}\n", "vm is no whole number",
	 2},
	{HEAD SESSION VM "{\"type\":\"sea\",\"session\":1,\"vm\":7,\"esr\":1}\n",
	 "esr is no number as", 2},
	{HEAD SESSION VM "{\"type\":\"sea\",\"session\":1,\"esr\":\"0x10000000000000000\"}\n",
	 "esr is no number as", 2},
	{HEAD SESSION "{\"type\":\"sea\",\"session\":1,\"cpu\":4294967296}\n", "cpu is too large",
	 1},
	{HEAD SESSION "{\"type\":\"sea\",\"session\":1,\"cpu\":-1}\n", "cpu is below 0", 1},
	{HEAD SESSION "{\"type\":\"gap\",\"session\":1,\"time\":\"noon\"}\n", "time is no time as",
	 1},
	{HEAD SESSION "{\"type\":\"gap\",\"session\":1,\"why\":1}\n", "why is no text", 1},
	{HEAD SESSION "{\"type\":\"gap\",\"session\":1,\"cause\":1}\n", "cause is no name", 1},
	{HEAD SESSION "{\"type\":\"tick\",\"session\":1}\n", "a tick that stands for none", 1},
	{HEAD SESSION "{\"type\":\"tick\",\"session\":1,\"ticks\":1,\"rows\":{}}\n",
	 "hooks and rows have to be arrays", 1},
	{HEAD SESSION "{\"type\":\"tick\",\"session\":1,\"ticks\":1,\"rows\":[1]}\n",
	 "hooks and rows have to be objects", 1},
	{HEAD SESSION "{\"type\":\"tick\",\"session\":1,\"ticks\":1,\"rows\":[{}]}\n",
	 "a row without its VM", 1},
	{HEAD SESSION "{\"type\":\"tick\",\"session\":1,\"ticks\":1,\"rows\":[{\"vm\":1,"
		      "\"latency\":{\"24\":1}}]}\n",
	 "a latency has no such slot", 1},
	{HEAD SESSION "{\"type\":\"tick\",\"session\":1,\"ticks\":1,\"lost\":{\"name\":-1}}\n",
	 "a count is no whole number", 1},
	{HEAD SESSION "{\"type\":\"session\",\"session\":1,\"run\":\"r\",\"tells_all\":1}\n",
	 "tells_all is neither true nor false", 1},
};

static void test_wrong_lines(void **state)
{
	struct sea_entry entry;
	struct sea_error err;
	struct reading r;
	size_t i;
	int nr, rc;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		open_text(&r, wrong[i].text, strlen(wrong[i].text));
		for (nr = 0; (rc = sea_line_read(r.reader, &entry, &err)) == 1; nr++)
			;
		if (rc != -1 || nr != wrong[i].entries || !strstr(err.text, wrong[i].says))
			fail_msg("%zu: %d after %d entries: %s", i, rc, nr, rc ? err.text : "");
		close_text(&r);
	}
}

/* What only a newer program writes is left out, and that is said. */
static void test_newer(void **state)
{
	static const char text[] =
		"{\"type\":\"recording\",\"schema\":\"seatop.recording/2\",\"more\":[]}\n" SESSION
		"{\"type\":\"weather\",\"session\":1}\n"
		"{\"type\":\"tick\",\"session\":1,\"ticks\":1,\"lost\":{\"mice\":3}}\n"
		"{\"type\":\"gap\",\"session\":1,\"cause\":\"mice\",\"colour\":7}\n";
	struct sea_entry entry;
	struct sea_error err;
	struct reading r;

	(void)state;
	open_text(&r, text, sizeof(text) - 1);
	assert_int_equal(sea_line_read(r.reader, &entry, &err), 1);
	assert_true(sea_line_is_newer(r.reader));
	assert_false(sea_line_is_incomplete(r.reader));
	assert_int_equal(sea_line_read(r.reader, &entry, &err), 1);
	assert_int_equal(entry.record.type, SEA_RECORD_TICK);
	assert_true(sea_line_is_incomplete(r.reader));
	assert_int_equal(sea_line_read(r.reader, &entry, &err), 1);
	assert_int_equal(entry.record.gap->cause, SEA_GAP_RECORDER);
	assert_int_equal(sea_line_read(r.reader, &entry, &err), 0);
	close_text(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_comes_back),
		cmocka_unit_test(test_same_bytes_through_a_store),
		cmocka_unit_test(test_redacted),
		cmocka_unit_test(test_wrong_lines),
		cmocka_unit_test(test_newer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
