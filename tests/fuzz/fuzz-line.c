// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text form of a recording. Whatever is read of it is decoded, written, read again,
 * and then written in the same bytes.
 */
#include "fuzz.h"

#include <string.h>

#include "store/decode.h"
#include "store/line.h"

/* What of the text can be read, written anew; true: all of it could. */
static int rewrite(const char *text, size_t size, struct sea_text *out)
{
	struct sea_line_writer writer = {0};
	struct sea_decoder decoder = {0};
	struct sea_line_reader *reader;
	struct sea_record record;
	struct sea_entry entry;
	struct sea_error err;
	FILE *file = fmemopen((void *)(uintptr_t)text, size, "r");
	int rc;

	CHECK(file);
	CHECK(!sea_line_reader_open(file, "fuzz", &reader, &err));
	while ((rc = sea_line_read(reader, &entry, &err)) > 0) {
		/* Records that do not fit together are refused here, at the latest. */
		rc = sea_decode(&decoder, &entry, &record, &err);
		if (rc < 0)
			break;
		CHECK(!sea_line_write(&writer, &entry, out, &err));
	}
	CHECK(rc >= 0 || strlen(err.text) > 0);
	sea_decoder_free(&decoder);
	sea_line_reader_close(reader);
	sea_line_writer_free(&writer);
	fclose(file);
	return rc == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_text first = {0}, second = {0};

	if (!size)
		return 0;
	rewrite((const char *)data, size, &first);
	if (first.len) {
		CHECK(rewrite(first.text, first.len, &second));
		CHECK(first.len == second.len && !memcmp(first.text, second.text, first.len));
	}
	free(first.text);
	free(second.text);
	return 0;
}
