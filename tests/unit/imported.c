// SPDX-License-Identifier: GPL-2.0-only
#include "imported.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"

static int take(void *context, const struct sea_record *record, struct sea_error *err)
{
	struct imported *imported = context;
	struct imported_record *to;

	(void)err;
	assert_true(imported->nr < IMPORTED_MAX);
	to = &imported->records[imported->nr++];
	*to = (struct imported_record){
		.type = record->type,
		.time_ns = record->time_ns,
		.wall = record->wall,
		.session = *record->session,
	};
	if (record->host)
		to->host = *record->host;
	if (record->event)
		to->event = *record->event;
	if (record->vm)
		snprintf(to->vm, sizeof(to->vm), "%s", record->vm->name.text);
	if (record->tick) {
		sea_snapshot_sum(&to->sum, record->tick);
		to->loss = record->tick->loss;
	}
	return 0;
}

void imported_begin(struct imported *imported)
{
	imported->options.name = "sample";
	imported->options.take = take;
	imported->options.context = imported;
	imported->nr = 0;
	memset(&imported->sum, 0, sizeof(imported->sum));
}

void imported_text(struct imported *imported, imported_read read, const char *text, size_t len)
{
	FILE *file = len ? fmemopen((void *)text, len, "r") : fopen("/dev/null", "re");

	assert_non_null(file);
	imported_begin(imported);
	imported->rc = read(file, &imported->options, &imported->sum, &imported->err);
	fclose(file);
}

char *imported_sample(const char *name, size_t *len)
{
	char path[512], *text;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/unit/import/%s", getenv("SEA_SOURCE_ROOT"), name);
	file = fopen(path, "re");
	assert_non_null(file);
	text = malloc(1 << 20);
	assert_non_null(text);
	*len = fread(text, 1, 1 << 20, file);
	assert_true(*len > 0 && *len < 1 << 20);
	fclose(file);
	return text;
}

const struct imported_record *imported_get(const struct imported *imported,
					   enum sea_record_type type, size_t number)
{
	size_t i;

	for (i = 0; i < imported->nr; i++)
		if (imported->records[i].type == type && !number--)
			return &imported->records[i];
	fail_msg("there is no such record");
	return NULL;
}

size_t imported_count(const struct imported *imported, enum sea_record_type type)
{
	size_t i, nr = 0;

	for (i = 0; i < imported->nr; i++)
		nr += imported->records[i].type == type;
	return nr;
}

static bool is_same(const struct imported_record *a, const struct imported_record *b)
{
	return a->time_ns == b->time_ns && !memcmp(&a->wall, &b->wall, sizeof(a->wall)) &&
	       !memcmp(&a->host, &b->host, sizeof(a->host)) &&
	       !memcmp(&a->event, &b->event, sizeof(a->event)) && !strcmp(a->vm, b->vm);
}

static void compare(const struct imported *whole, const struct imported *part,
		    enum sea_record_type type)
{
	size_t i, nr = imported_count(part, type);

	assert_true(nr <= imported_count(whole, type));
	for (i = 0; i + 1 < nr; i++)
		assert_true(is_same(imported_get(whole, type, i), imported_get(part, type, i)));
}

void imported_cut(imported_read read, const char *name)
{
	static struct imported whole, part;
	size_t len, cut;
	char *text = imported_sample(name, &len);

	imported_text(&whole, read, text, len);
	assert_int_equal(whole.rc, 0);
	for (cut = 0; cut < len; cut++) {
		imported_text(&part, read, text, cut);
		assert_int_equal(part.rc, 0);
		compare(&whole, &part, SEA_RECORD_HOST);
		compare(&whole, &part, SEA_RECORD_SEA);
		compare(&whole, &part, SEA_RECORD_ANSWER);
	}
	free(text);
}
