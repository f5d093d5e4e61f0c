// SPDX-License-Identifier: GPL-2.0-only
#include "metrics-file.h"

#include <stdio.h>

#include "model/clock.h"
#include "report/textfile.h"
#include "store/recording.h"

/* No more often: Prometheus rarely asks more often, and each time is an fsync(). */
#define EVERY_NS (10 * SEA_NSEC_PER_SEC)

int metrics_file_write(const char *path, const struct sea_metrics_view *view,
		       enum sea_exposition exposition, struct sea_error *err)
{
	struct sea_text text = {0};
	int rc;

	sea_exposition_add(view, exposition, &text);
	if (text.failed)
		rc = sea_error_set(err, "cannot write %s: out of memory", path);
	else
		rc = sea_textfile_write(path, text.text, text.len, err);
	sea_text_free(&text);
	return rc;
}

static int write_now(struct metrics_file *file, struct sea_error *err)
{
	struct sea_metrics_view view = {0};
	int rc = sea_metrics_view_make(file->metrics, METRICS_FILE_TOP, &view, err);

	if (!rc)
		rc = metrics_file_write(file->path, &view, SEA_EXPOSITION_BOTH, err);
	sea_metrics_view_free(&view);
	return rc;
}

int metrics_file_open(struct metrics_file *file, const char *store, struct sea_error *err)
{
	struct sea_reader *reader;
	int rc;

	if (!file->path)
		return 0;
	if (sea_recording_open(store, &reader, err))
		return -1;
	rc = sea_metrics_open(&file->metrics, err) || sea_metrics_load(file->metrics, reader, err);
	sea_reader_close(reader);
	if (!rc)
		rc = write_now(file, err);
	if (!rc)
		return 0;
	sea_metrics_close(file->metrics);
	file->metrics = NULL;
	return -1;
}

static void fail(struct metrics_file *file, const struct sea_error *err)
{
	char line[SEA_ERROR_LEN + 64];

	if (file->is_failing)
		return;
	file->is_failing = true;
	snprintf(line, sizeof(line), "%s; the recording goes on", err->text);
	file->say(line, file->context);
}

void metrics_file_take(struct metrics_file *file, const struct sea_record *record)
{
	struct sea_error err;

	if (file->metrics && sea_metrics_take(file->metrics, record, &err))
		fail(file, &err);
}

static void try(struct metrics_file *file)
{
	struct sea_error err;

	if (write_now(file, &err)) {
		fail(file, &err);
	} else if (file->is_failing) {
		file->is_failing = false;
		file->say("the metrics are written again", file->context);
	}
}

void metrics_file_tend(struct metrics_file *file, const struct sea_recorder *recorder, __u64 now_ns)
{
	if (!file->metrics || (file->written_ns && now_ns < file->written_ns + EVERY_NS))
		return;
	sea_metrics_set_writable(file->metrics, sea_recorder_is_writing(recorder));
	try(file);
	file->written_ns = now_ns;
}

void metrics_file_close(struct metrics_file *file)
{
	if (!file->metrics)
		return;
	try(file);
	sea_metrics_close(file->metrics);
	file->metrics = NULL;
}
