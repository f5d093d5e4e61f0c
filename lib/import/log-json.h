/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log-json.h - a kernel log as JSON: that of journalctl -o json, one object a line, and
 * that of dmesg --json, one member a line.
 */
#ifndef SEA_LOG_JSON_H
#define SEA_LOG_JSON_H

#include <json-c/json.h>

#include "import/log-line.h"

/* What a line or an object says. Its texts are good until the next line. */
struct sea_log_entry {
	struct sea_log_line line;
	char boot_id[SEA_UUID_LEN]; /* "": not said */
};

/* Start from zeros; sea_log_json_free() releases it. */
struct sea_log_json {
	struct json_tokener *tokener;
	json_object *object; /* the last entry's texts are in it */
	char *bytes;	     /* a message that is no UTF-8 */
	bool in_dmesg;	     /* between "{" and "}" of dmesg --json */
	bool has_time;
	__u64 time_ns;
};

enum sea_log_json_result {
	SEA_LOG_JSON_NONE,  /* the line is no JSON */
	SEA_LOG_JSON_WRONG, /* it ought to be, and is not understood */
	SEA_LOG_JSON_MORE,  /* it is a part of an entry, or none of the kernel's */
	SEA_LOG_JSON_ENTRY, /* *entry is filled in, which the caller set to zeros */
};

enum sea_log_json_result sea_log_json_line(struct sea_log_json *json, struct sea_span text,
					   struct sea_log_entry *entry);
void sea_log_json_free(struct sea_log_json *json);

/* 32 hexadecimal digits as "5ee4fa21-6f8b-4a8c-9df0-0123456789ab"; false: they are none. */
bool sea_log_boot_id(struct sea_span text, char boot_id[SEA_UUID_LEN]);

#endif /* SEA_LOG_JSON_H */
