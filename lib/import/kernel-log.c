// SPDX-License-Identifier: GPL-2.0-only
#include "import/kernel-log.h"

#include <string.h>

#include "base/printable.h"
#include "import/kernel-message.h"
#include "import/lines.h"
#include "import/log-json.h"
#include "import/log-line.h"
#include "import/scan.h"

struct kernel_log {
	const struct sea_import_options *options;
	struct sea_import_sum *sum;
	struct sea_import_run run;
	struct sea_kernel_messages messages;
	struct sea_log_json json;
	bool has_first; /* the time of a boot's first message, before its session begins */
	struct sea_import_time first;
};

static int end_boot(struct kernel_log *log, struct sea_error *err)
{
	if (sea_kernel_messages_end(&log->messages, err))
		return -1;
	log->has_first = false;
	return sea_import_run_end(&log->run, err);
}

/* "Linux version 6.12.95-sea (...": the release */
static void take_version(struct kernel_log *log, struct sea_span text)
{
	struct sea_span release;

	if (sea_span_skip(&text, "Linux version ") && sea_scan_word(&text, &release))
		sea_printable(release.text, release.len, log->run.boot.kernel,
			      sizeof(log->run.boot.kernel));
}

/* Another boot than the one that the session is of */
static bool is_new_boot(const struct kernel_log *log, const struct sea_log_entry *entry)
{
	const struct sea_import_boot *boot = &log->run.boot;

	if (!log->run.is_open)
		return false;
	if (entry->boot_id[0] && boot->boot_id[0])
		return strcmp(entry->boot_id, boot->boot_id) != 0;
	return sea_span_begins(entry->line.message, "Booting Linux on ") ||
	       sea_span_begins(entry->line.message, "Linux version ");
}

static void know_boot(struct kernel_log *log, const struct sea_log_entry *entry)
{
	struct sea_import_boot *boot = &log->run.boot;
	const struct sea_log_line *line = &entry->line;

	if (entry->boot_id[0])
		memcpy(boot->boot_id, entry->boot_id, sizeof(boot->boot_id));
	if (line->host.len && !boot->host[0])
		sea_printable(line->host.text, line->host.len, boot->host, sizeof(boot->host));
	if (line->time.has_boot && line->time.has_wall && !boot->has_clock) {
		boot->has_clock = true;
		boot->clock = (struct sea_clock){line->time.boot_ns, line->time.wall};
	}
}

static int take_entry(struct kernel_log *log, const struct sea_log_entry *entry,
		      struct sea_error *err)
{
	const struct sea_log_line *line = &entry->line;

	if (line->is_other)
		return 0;
	if (is_new_boot(log, entry) && end_boot(log, err))
		return -1;
	if (!log->run.is_open)
		know_boot(log, entry);
	/* The message behind this one says which kernel: the session begins with that. */
	if (sea_span_begins(line->message, "Booting Linux on ")) {
		log->has_first = true;
		log->first = line->time;
		return 0;
	}
	if (!log->run.is_open)
		take_version(log, line->message);
	if (sea_import_run_see(&log->run, log->has_first ? &log->first : &line->time, err))
		return -1;
	log->has_first = false;
	if (sea_import_run_see(&log->run, &line->time, err))
		return -1;
	return sea_kernel_message(&log->messages, &line->time, line->cpu, line->message, err);
}

/* "-- Boot 5ee4fa216f8b4a8c9df00123456789ab --" of journalctl, or "-- Reboot --" */
static bool is_boot_mark(struct sea_span text, char boot_id[SEA_UUID_LEN])
{
	boot_id[0] = '\0';
	if (sea_span_skip(&text, "-- Boot "))
		return sea_log_boot_id(text, boot_id);
	return sea_span_is(text, "-- Reboot --");
}

static int take_line(struct kernel_log *log, struct sea_span text, struct sea_error *err)
{
	struct sea_log_entry entry = {0};
	char boot_id[SEA_UUID_LEN];

	if (!text.len)
		return 0;
	switch (sea_log_json_line(&log->json, text, &entry)) {
	case SEA_LOG_JSON_WRONG:
		sea_import_unclear(log->sum, text);
		return 0;
	case SEA_LOG_JSON_MORE:
		return 0;
	case SEA_LOG_JSON_ENTRY:
		return take_entry(log, &entry, err);
	case SEA_LOG_JSON_NONE:
		break;
	}
	if (is_boot_mark(text, boot_id)) {
		if (end_boot(log, err))
			return -1;
		memcpy(log->run.boot.boot_id, boot_id, sizeof(boot_id));
		return 0;
	}
	sea_log_line_parse(text, &log->options->now, &entry.line);
	return take_entry(log, &entry, err);
}

int sea_import_kernel_log(FILE *file, const struct sea_import_options *options,
			  struct sea_import_sum *sum, struct sea_error *err)
{
	struct sea_lines lines = {.file = file, .name = options->name};
	struct kernel_log log = {.options = options, .sum = sum};
	struct sea_span text;
	int rc;

	sea_import_run_init(&log.run, options, sum, "kernel-log");
	log.messages.run = &log.run;
	while ((rc = sea_lines_next(&lines, &text, err)) > 0) {
		sum->lines++;
		if (take_line(&log, text, err)) {
			rc = -1;
			break;
		}
	}
	if (!rc)
		rc = end_boot(&log, err);
	sea_log_json_free(&log.json);
	sea_import_run_free(&log.run);
	sea_lines_free(&lines);
	return rc;
}
