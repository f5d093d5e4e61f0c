// SPDX-License-Identifier: GPL-2.0-only
#include "import/ras-table.h"

#include <inttypes.h>
#include <stdio.h>

#include "import/host-text.h"
#include "import/scan.h"

/* Longer texts and blobs are cut: an event's text has no room for more. */
#define TEXT_MAX 512

/* The column's place in the statement; -1: the file has no such column, or NULL in it. */
static int place(const struct sea_ras_row *row, const char *name)
{
	int i;

	for (i = 0; i < SEA_RAS_COLUMNS && row->table->columns[i]; i++) {
		if (strcmp(row->table->columns[i], name))
			continue;
		if (row->at[i] < 0 ||
		    sqlite3_column_type(row->statement, row->at[i]) == SQLITE_NULL)
			return -1;
		return row->at[i];
	}
	return -1;
}

/* Some versions have written numbers as text: "0x12345". */
static bool number(const struct sea_ras_row *row, const char *name, __s64 *value)
{
	int at = place(row, name);
	struct sea_span text;
	__u64 hex;

	if (at < 0)
		return false;
	switch (sqlite3_column_type(row->statement, at)) {
	case SQLITE_INTEGER:
		*value = sqlite3_column_int64(row->statement, at);
		return true;
	case SQLITE_TEXT:
		text.text = (const char *)sqlite3_column_text(row->statement, at);
		text.len = (size_t)sqlite3_column_bytes(row->statement, at);
		if (!text.text || !sea_scan_0x(&text, &hex))
			return sea_scan_signed(&text, value) && !text.len;
		*value = (__s64)hex;
		return !text.len;
	default:
		return false;
	}
}

/* Empty: it is not there. Good until the next row. */
static struct sea_span text(const struct sea_ras_row *row, const char *name)
{
	struct sea_span value = {0};
	int at = place(row, name);

	if (at < 0 || sqlite3_column_type(row->statement, at) != SQLITE_TEXT)
		return value;
	value.text = (const char *)sqlite3_column_text(row->statement, at);
	value.len = value.text ? (size_t)sqlite3_column_bytes(row->statement, at) : 0;
	if (value.len > TEXT_MAX)
		value.len = TEXT_MAX;
	return sea_scan_trim(value);
}

static void add_number(const struct sea_ras_row *row, const char *column, const char *word,
		       struct sea_host_event *event)
{
	__s64 value;

	if (number(row, column, &value))
		sea_host_addf(event, ", ", "%s %" PRId64, word, (int64_t)value);
}

static void add_hex(const struct sea_ras_row *row, const char *column, const char *word,
		    struct sea_host_event *event)
{
	__s64 value;

	if (number(row, column, &value))
		sea_host_addf(event, ", ", "%s 0x%" PRIx64, word, (uint64_t)value);
}

static void take_address(const struct sea_ras_row *row, const char *column,
			 struct sea_host_event *event)
{
	__s64 value;

	if (event->known & SEA_HOST_ADDRESS || !number(row, column, &value))
		return;
	event->known |= SEA_HOST_ADDRESS;
	event->address = (__u64)value;
}

/* "2 Corrected: memory read error on DIMM_A1, mc 0, location 0:1:-1" */
static bool read_mc(const struct sea_ras_row *row, struct sea_host_event *event)
{
	__s64 count;

	if (number(row, "err_count", &count))
		sea_host_addf(event, "", "%" PRId64, (int64_t)count);
	sea_host_add(event, " ", text(row, "err_type"));
	sea_host_add(event, ": ", text(row, "err_msg"));
	sea_host_add(event, " on ", text(row, "label"));
	add_number(row, "mc", "mc", event);
	add_number(row, "top_layer", "location", event);
	if (number(row, "middle_layer", &count))
		sea_host_addf(event, ":", "%" PRId64, (int64_t)count);
	if (number(row, "lower_layer", &count))
		sea_host_addf(event, ":", "%" PRId64, (int64_t)count);
	sea_host_add(event, ", ", text(row, "driver_detail"));
	take_address(row, "address", event);
	/* EDAC's drivers say 0 where they do not know. */
	if (event->known & SEA_HOST_ADDRESS && !event->address)
		event->known &= ~(__u32)SEA_HOST_ADDRESS;
	return true;
}

static bool read_arm(const struct sea_ras_row *row, struct sea_host_event *event)
{
	__s64 count;

	if (number(row, "error_count", &count))
		sea_host_addf(event, "", "%" PRId64 " errors", (int64_t)count);
	sea_host_add(event, ", ", text(row, "error_types"));
	sea_host_add(event, ", ", text(row, "error_type"));
	sea_host_add(event, ", ", text(row, "error_flags"));
	add_number(row, "affinity", "affinity", event);
	add_hex(row, "mpidr", "MPIDR", event);
	add_number(row, "running_state", "running state", event);
	add_number(row, "psci_state", "PSCI state", event);
	add_hex(row, "virt_fault_addr", "virtual address", event);
	take_address(row, "phy_fault_addr", event);
	take_address(row, "phys_fault_addr", event);
	return true;
}

/* A GUID of 16 bytes, as its hexadecimal digits */
static void add_guid(const struct sea_ras_row *row, const char *column,
		     struct sea_host_event *event)
{
	int at = place(row, column), i, len;
	const unsigned char *bytes;
	char digits[33];

	if (at < 0 || sqlite3_column_type(row->statement, at) != SQLITE_BLOB)
		return;
	bytes = sqlite3_column_blob(row->statement, at);
	len = sqlite3_column_bytes(row->statement, at);
	if (!bytes || len < 16)
		return;
	for (i = 0; i < 16; i++)
		snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
	sea_host_addf(event, ", ", "section %s", digits);
}

static bool read_non_standard(const struct sea_ras_row *row, struct sea_host_event *event)
{
	sea_host_add(event, "", text(row, "severity"));
	sea_host_add(event, ", FRU ", text(row, "fru_text"));
	add_guid(row, "sec_type", event);
	return true;
}

static bool read_memory_failure(const struct sea_ras_row *row, struct sea_host_event *event)
{
	struct sea_span result = text(row, "action_result"), type = text(row, "page_type");
	__s64 pfn;

	if (number(row, "pfn", &pfn)) {
		event->known |= SEA_HOST_PFN;
		event->pfn = (__u64)pfn;
	}
	if (sea_host_result(result, &event->result))
		event->known |= SEA_HOST_RESULT;
	sea_host_add(event, "", type);
	sea_host_add(event, ": ", result);
	return event->known || event->text[0];
}

static bool read_extlog(const struct sea_ras_row *row, struct sea_host_event *event)
{
	__s64 count;

	if (number(row, "error_count", &count))
		sea_host_addf(event, "", "%" PRId64 " errors", (int64_t)count);
	add_number(row, "etype", "type", event);
	add_number(row, "severity", "severity", event);
	sea_host_add(event, ", FRU ", text(row, "fru_text"));
	take_address(row, "address", event);
	return true;
}

static bool read_mce(const struct sea_ras_row *row, struct sea_host_event *event)
{
	__s64 status, cpu;

	sea_host_add(event, "", text(row, "bank_name"));
	sea_host_add(event, ", ", text(row, "error_msg"));
	sea_host_add(event, ", ", text(row, "mcistatus_msg"));
	sea_host_add(event, ", ", text(row, "mc_location"));
	if (number(row, "cpu", &cpu) && cpu >= 0 && cpu < SEA_CPU_UNKNOWN)
		event->cpu = (__u32)cpu;
	/* MCi_STATUS.ADDRV (bit 58): only then is the address one. */
	if (number(row, "status", &status) && (__u64)status >> 58 & 1)
		take_address(row, "addr", event);
	return true;
}

const struct sea_ras_table sea_ras_tables[] = {
	{"mc_event",
	 {"err_count", "err_type", "err_msg", "label", "mc", "top_layer", "middle_layer",
	  "lower_layer", "address", "driver_detail"},
	 read_mc,
	 SEA_HOST_MC_EVENT},
	{"arm_event",
	 {"error_count", "error_types", "error_type", "error_flags", "affinity", "mpidr",
	  "running_state", "psci_state", "virt_fault_addr", "phy_fault_addr", "phys_fault_addr"},
	 read_arm,
	 SEA_HOST_ARM_EVENT},
	{"non_standard_event",
	 {"severity", "fru_text", "sec_type"},
	 read_non_standard,
	 SEA_HOST_NON_STANDARD},
	{"memory_failure_event",
	 {"pfn", "page_type", "action_result"},
	 read_memory_failure,
	 SEA_HOST_MF_EVENT},
	{"extlog_event",
	 {"error_count", "etype", "severity", "fru_text", "address"},
	 read_extlog,
	 SEA_HOST_GHES},
	{"mce_record",
	 {"bank_name", "error_msg", "mcistatus_msg", "mc_location", "cpu", "status", "addr"},
	 read_mce,
	 SEA_HOST_MCE},
	{.name = NULL},
};
