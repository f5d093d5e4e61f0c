/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * metrics-file.h - the textfile of seastat metrics, and the one that the recorder keeps.
 */
#ifndef SEASTAT_METRICS_FILE_H
#define SEASTAT_METRICS_FILE_H

#include "report/exposition.h"
#include "store/recorder.h"

/* So many VMs have metrics of their own, if nobody says otherwise. */
#define METRICS_FILE_TOP 20

int metrics_file_write(const char *path, const struct sea_metrics_view *view,
		       enum sea_exposition exposition, struct sea_error *err);

/* What a recorder keeps up to date. */
struct metrics_file {
	const char *path; /* NULL: there is none, and all that follows does nothing */
	/* A line for the operator: it cannot be written, or again. */
	void (*say)(const char *line, void *context);
	void *context;
	struct sea_metrics *metrics;
	__u64 written_ns; /* CLOCK_MONOTONIC; 0: not yet */
	bool is_failing;
};

/* Takes over what the store has, and writes the file: -1 if it cannot be. */
int metrics_file_open(struct metrics_file *file, const char *store, struct sea_error *err);
/* For sea_recorder_options::tell */
void metrics_file_take(struct metrics_file *file, const struct sea_record *record);
/*
 * Writes the file if the last time is 10 seconds ago, or more. Never fails: what could
 * not be written is said once, and tried again. recorder says whether it can write.
 */
void metrics_file_tend(struct metrics_file *file, const struct sea_recorder *recorder,
		       __u64 now_ns);
/* Writes it for the last time. */
void metrics_file_close(struct metrics_file *file);

#endif /* SEASTAT_METRICS_FILE_H */
