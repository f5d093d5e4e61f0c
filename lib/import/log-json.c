// SPDX-License-Identifier: GPL-2.0-only
#include "import/log-json.h"

#include <stdint.h>
#include <stdlib.h>

#include "import/scan.h"

/* An entry of the journal has lists in an object, and nothing deeper. */
#define DEPTH 4

/* A message that is no UTF-8 is a list of numbers: longer ones are cut. */
#define BYTES_MAX 8192

bool sea_log_boot_id(struct sea_span text, char boot_id[SEA_UUID_LEN])
{
	size_t i, at = 0;

	if (text.len < 32)
		return false;
	for (i = 0; i < 32; i++) {
		char c = text.text[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
			boot_id[0] = '\0';
			return false;
		}
		if (i == 8 || i == 12 || i == 16 || i == 20)
			boot_id[at++] = '-';
		boot_id[at++] = c;
	}
	boot_id[at] = '\0';
	return true;
}

static struct sea_span string_of(json_object *value)
{
	if (!json_object_is_type(value, json_type_string))
		return (struct sea_span){0};
	return (struct sea_span){json_object_get_string(value),
				 (size_t)json_object_get_string_len(value)};
}

static struct sea_span member(json_object *object, const char *name)
{
	return string_of(json_object_object_get(object, name));
}

/* Microseconds, which the journal writes as text */
static bool microseconds(json_object *object, const char *name, __u64 *ns)
{
	struct sea_span text = member(object, name);

	if (!sea_scan_number(&text, ns) || text.len || *ns > INT64_MAX / 1000)
		return false;
	*ns *= 1000;
	return true;
}

/* A message, as text or as a list of the numbers of its bytes */
static bool message_of(struct sea_log_json *json, json_object *value, struct sea_span *message)
{
	size_t i, nr;

	*message = string_of(value);
	if (message->text)
		return true;
	if (!json_object_is_type(value, json_type_array))
		return false;
	if (!json->bytes)
		json->bytes = malloc(BYTES_MAX);
	if (!json->bytes)
		return false;
	nr = json_object_array_length(value);
	for (i = 0; i < nr && i < BYTES_MAX; i++)
		json->bytes[i] = (char)json_object_get_int(json_object_array_get_idx(value, i));
	*message = (struct sea_span){json->bytes, i};
	return true;
}

/*
 * When the kernel wrote the message: the source's time since boot. The journal got it a
 * little later, and says that time in both clocks.
 */
static void take_times(json_object *object, struct sea_import_time *time)
{
	__u64 wall, received, written;
	bool has_wall = microseconds(object, "__REALTIME_TIMESTAMP", &wall);
	bool has_received = microseconds(object, "__MONOTONIC_TIMESTAMP", &received);

	time->has_boot = microseconds(object, "_SOURCE_BOOTTIME_TIMESTAMP", &written) ||
			 microseconds(object, "_SOURCE_MONOTONIC_TIMESTAMP", &written);
	if (!time->has_boot && has_received) {
		time->has_boot = true;
		written = received;
	}
	time->boot_ns = time->has_boot ? written : 0;
	time->has_wall = has_wall;
	if (has_wall && has_received && written <= received && received - written <= wall)
		wall -= received - written;
	if (has_wall)
		time->wall = sea_time_from_ns((__s64)wall);
}

static bool is_kernels(json_object *object)
{
	struct sea_span transport = member(object, "_TRANSPORT");

	if (transport.text)
		return sea_span_is(transport, "kernel");
	return sea_span_is(member(object, "SYSLOG_IDENTIFIER"), "kernel");
}

static enum sea_log_json_result take_journal(struct sea_log_json *json, struct sea_log_entry *entry)
{
	json_object *message;

	if (!is_kernels(json->object))
		return SEA_LOG_JSON_MORE;
	/* journalctl leaves out what is too long: null. */
	if (!json_object_object_get_ex(json->object, "MESSAGE", &message) ||
	    !message_of(json, message, &entry->line.message))
		return SEA_LOG_JSON_WRONG;
	entry->line.cpu = SEA_CPU_UNKNOWN;
	entry->line.host = member(json->object, "_HOSTNAME");
	take_times(json->object, &entry->line.time);
	sea_log_boot_id(member(json->object, "_BOOT_ID"), entry->boot_id);
	return SEA_LOG_JSON_ENTRY;
}

static bool parse(struct sea_log_json *json, const char *text, size_t len, json_object **object)
{
	if (!json->tokener)
		json->tokener = json_tokener_new_ex(DEPTH);
	if (!json->tokener || len > INT32_MAX)
		return false;
	json_tokener_reset(json->tokener);
	*object = json_tokener_parse_ex(json->tokener, text, (int)len);
	return *object && json_tokener_get_parse_end(json->tokener) == len;
}

/* "time":    12.345678, */
static bool take_dmesg_time(struct sea_log_json *json, struct sea_span value)
{
	sea_scan_blanks(&value);
	json->has_time = sea_scan_seconds(&value, &json->time_ns);
	return json->has_time;
}

/* "msg": "text" */
static enum sea_log_json_result take_dmesg_text(struct sea_log_json *json, struct sea_span value,
						struct sea_log_entry *entry)
{
	struct sea_span text = sea_scan_trim(value);

	sea_span_drop(&text, ",");
	/* A value alone is complete for the tokener only with something behind it. */
	if (!sea_span_begins(text, "\"") || !sea_span_ends(text, "\"") ||
	    !parse(json, text.text, text.len, &json->object) ||
	    !json_object_is_type(json->object, json_type_string))
		return SEA_LOG_JSON_WRONG;
	entry->line.cpu = SEA_CPU_UNKNOWN;
	entry->line.message = string_of(json->object);
	entry->line.time.has_boot = json->has_time;
	entry->line.time.boot_ns = json->has_time ? json->time_ns : 0;
	json->has_time = false;
	return SEA_LOG_JSON_ENTRY;
}

static enum sea_log_json_result take_dmesg(struct sea_log_json *json, struct sea_span text,
					   struct sea_log_entry *entry)
{
	struct sea_span line = sea_scan_trim(text);

	if (sea_span_skip(&line, "\"time\":"))
		return take_dmesg_time(json, line) ? SEA_LOG_JSON_MORE : SEA_LOG_JSON_WRONG;
	if (sea_span_skip(&line, "\"msg\":"))
		return take_dmesg_text(json, line, entry);
	/* The end is the one at the start of a line. */
	if (sea_span_is(text, "}"))
		json->in_dmesg = false;
	return SEA_LOG_JSON_MORE;
}

enum sea_log_json_result sea_log_json_line(struct sea_log_json *json, struct sea_span text,
					   struct sea_log_entry *entry)
{
	json_object_put(json->object);
	json->object = NULL;
	if (json->in_dmesg)
		return take_dmesg(json, text, entry);
	if (sea_span_is(text, "{")) {
		json->in_dmesg = true;
		return SEA_LOG_JSON_MORE;
	}
	if (!sea_span_begins(text, "{\""))
		return SEA_LOG_JSON_NONE;
	if (!parse(json, text.text, text.len, &json->object) ||
	    !json_object_is_type(json->object, json_type_object))
		return SEA_LOG_JSON_WRONG;
	return take_journal(json, entry);
}

void sea_log_json_free(struct sea_log_json *json)
{
	json_object_put(json->object);
	if (json->tokener)
		json_tokener_free(json->tokener);
	free(json->bytes);
}
