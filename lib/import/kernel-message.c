// SPDX-License-Identifier: GPL-2.0-only
#include "import/kernel-message.h"

#include <stdint.h>

#include "base/printable.h"
#include "import/host-text.h"
#include "import/scan.h"

/* An error record is complete after so many messages without a line of it. */
#define BLOCK_AGE 32

#define HARDWARE_ERROR "[Hardware Error]: "

/* A message that is about bad memory, and its parts. */
struct message {
	const struct sea_import_time *time;
	__u32 cpu;
	struct sea_span whole, rest;
	struct sea_host_event event;
};

static int unclear(struct sea_kernel_messages *m, const struct message *message)
{
	sea_import_unclear(m->run->sum, message->whole);
	return 0;
}

/* Error records of firmware */

static int end_section(struct sea_kernel_messages *m, struct sea_ghes_block *b,
		       struct sea_error *err)
{
	struct sea_host_event event;
	const char *severity = b->section_severity[0] ? b->section_severity : b->severity;

	if (!b->has_section)
		return 0;
	b->has_section = false;
	sea_host_begin(&event, SEA_HOST_GHES);
	event.known = b->section.known;
	event.address = b->section.address;
	event.cpu = b->section.cpu;
	if (b->has_source)
		sea_host_addf(&event, "", "source %llu", (unsigned long long)b->error_source);
	if (severity[0])
		sea_host_addf(&event, ", ", "%s", severity);
	sea_host_addf(&event, ": ", "%s", b->section.text);
	return sea_import_run_host(m->run, &b->time, &event, err);
}

static void begin_section(struct sea_ghes_block *b, __u32 cpu)
{
	b->has_section = b->had_section = true;
	b->section_severity[0] = '\0';
	sea_host_begin(&b->section, SEA_HOST_GHES);
	b->section.cpu = cpu;
}

/* A record without any section is told, too: firmware reported an error of some kind. */
static int end_block(struct sea_kernel_messages *m, struct sea_ghes_block *b, struct sea_error *err)
{
	if (!b->is_open)
		return 0;
	b->is_open = false;
	if (!b->had_section && (b->has_source || b->severity[0]))
		begin_section(b, SEA_CPU_UNKNOWN);
	return end_section(m, b, err);
}

static int age_blocks(struct sea_kernel_messages *m, struct sea_error *err)
{
	int i;

	for (i = 0; i < SEA_GHES_BLOCKS; i++)
		if (m->blocks[i].is_open && ++m->blocks[i].age > BLOCK_AGE &&
		    end_block(m, &m->blocks[i], err))
			return -1;
	return 0;
}

/* The record of this number: one that is open, or else the place of the oldest. */
static int find_block(struct sea_kernel_messages *m, __u64 number, struct message *message,
		      struct sea_ghes_block **found, struct sea_error *err)
{
	struct sea_ghes_block *b, *oldest = &m->blocks[0];
	int i;

	for (i = 0; i < SEA_GHES_BLOCKS; i++) {
		b = &m->blocks[i];
		if (b->is_open && b->number == number) {
			b->age = 0;
			*found = b;
			return 0;
		}
		if (oldest->is_open && (!b->is_open || b->age > oldest->age))
			oldest = b;
	}
	if (end_block(m, oldest, err))
		return -1;
	*oldest =
		(struct sea_ghes_block){.is_open = true, .number = number, .time = *message->time};
	*found = oldest;
	return 0;
}

static void take_word(struct sea_span text, char *out, size_t size)
{
	sea_printable(text.text, text.len, out, size);
}

/* "error_type: 3, multi-bit ECC", "error_type: 0x02: cache error": what stands last */
static void add_error_type(struct sea_host_event *event, struct sea_span value)
{
	if (!sea_scan_past(&value, ", ", NULL))
		sea_scan_past(&value, ": ", NULL);
	sea_host_add(event, ", ", sea_scan_trim(value));
}

static void take_address(struct sea_host_event *event, struct sea_span value)
{
	if (event->known & SEA_HOST_ADDRESS || !sea_scan_0x(&value, &event->address))
		return;
	event->known |= SEA_HOST_ADDRESS;
}

/* A line of a section: "NAME: VALUE", most of which we pass over. */
static void take_section_line(struct sea_ghes_block *b, struct sea_span line)
{
	struct sea_host_event *event = &b->section;

	if (sea_span_skip(&line, "physical_address: ") ||
	    sea_span_skip(&line, "physical fault address: "))
		take_address(event, line);
	else if (sea_span_skip(&line, "error_type: "))
		add_error_type(event, line);
	else if (sea_span_skip(&line, "DIMM location: "))
		sea_host_add(event, ", DIMM ", line);
	else if (sea_span_skip(&line, "fru_text: "))
		sea_host_add(event, ", FRU ", line);
	else if (sea_span_begins(line, "node:") || sea_span_begins(line, "card:"))
		sea_host_add(event, ", ", line);
	else if (sea_span_skip(&line, "Multiprocessor Affinity Register (MPIDR): "))
		sea_host_add(event, ", MPIDR ", line);
	else if (sea_span_begins(line, "error_status: "))
		sea_host_add(event, ", ", sea_span_from(line, strlen("error_status: ")));
}

static bool begins_section(struct sea_span line)
{
	return sea_span_begins(line, "section_type: ") || sea_span_begins(line, "section type: ");
}

/* " Error 0, type: recoverable" */
static bool is_error_head(struct sea_span line, struct sea_span *severity)
{
	__u64 number;

	if (!sea_span_skip(&line, "Error ") || !sea_scan_number(&line, &number) ||
	    !sea_span_skip(&line, ", type: "))
		return false;
	*severity = line;
	return true;
}

static int take_block_line(struct sea_kernel_messages *m, struct sea_ghes_block *b,
			   const struct message *message, struct sea_error *err)
{
	struct sea_span line = sea_scan_trim(message->rest), severity;

	if (sea_span_skip(&line, "Hardware error from APEI Generic Hardware Error Source: ")) {
		b->has_source = sea_scan_number(&line, &b->error_source);
		return b->has_source ? 0 : unclear(m, message);
	}
	if (sea_span_skip(&line, "event severity: ")) {
		take_word(line, b->severity, sizeof(b->severity));
		return 0;
	}
	if (is_error_head(line, &severity)) {
		if (end_section(m, b, err))
			return -1;
		begin_section(b, message->cpu);
		take_word(severity, b->section_severity, sizeof(b->section_severity));
		return 0;
	}
	if (begins_section(line)) {
		if (!b->has_section)
			begin_section(b, message->cpu);
		sea_host_add(&b->section, ", ", sea_span_from(line, strlen("section_type: ")));
		return 0;
	}
	if (b->has_section)
		take_section_line(b, line);
	return 0;
}

/* "{7}[Hardware Error]: ..." */
static int take_hardware_error(struct sea_kernel_messages *m, struct message *message,
			       struct sea_error *err)
{
	struct sea_ghes_block *b;
	__u64 number;

	if (!sea_scan_number(&message->rest, &number) ||
	    !sea_span_skip(&message->rest, "}" HARDWARE_ERROR))
		return 0;
	if (find_block(m, number, message, &b, err))
		return -1;
	return take_block_line(m, b, message, err);
}

/* Error records that began before this message come before it. */
static int tell(struct sea_kernel_messages *m, struct message *message, struct sea_error *err)
{
	if (sea_kernel_messages_end(m, err))
		return -1;
	message->event.cpu = message->cpu;
	return sea_import_run_host(m->run, message->time, &message->event, err);
}

/* memory_failure() and the SIGBUS that it sends */

/* "qemu-system-aar:1234 due to ...": a name may have colons of its own. */
static bool take_task(struct sea_span *rest, const char *end, struct sea_host_event *event)
{
	struct sea_span task, name, pid;
	__u64 number;

	if (!sea_scan_past(rest, end, &task))
		return false;
	name = task;
	if (!sea_span_last(&name, ':', &pid) || !sea_scan_number(&pid, &number) || pid.len ||
	    number > UINT32_MAX)
		return false;
	event->tid = (__u32)number;
	return true;
}

static int take_recovery(struct sea_kernel_messages *m, struct message *message,
			 struct sea_error *err)
{
	struct sea_span result, type = message->rest;

	if (!sea_span_last(&type, ':', &result))
		return unclear(m, message);
	message->event.kind = SEA_HOST_MF_EVENT;
	if (sea_host_result(sea_scan_trim(result), &message->event.result))
		message->event.known |= SEA_HOST_RESULT;
	sea_host_add(&message->event, "", message->rest);
	return tell(m, message, err);
}

/* "Memory failure: 0x12345: ..." */
static int take_memory_failure(struct sea_kernel_messages *m, struct message *message,
			       struct sea_error *err)
{
	struct sea_host_event *event = &message->event;
	struct sea_span rest;

	sea_host_begin(event, SEA_HOST_MEMORY_FAILURE);
	if (!sea_scan_0x(&message->rest, &event->pfn) || !sea_span_skip(&message->rest, ": "))
		return unclear(m, message);
	event->known |= SEA_HOST_PFN;
	rest = message->rest;
	if (sea_span_skip(&message->rest, "recovery action for "))
		return take_recovery(m, message, err);
	sea_host_add(event, "", rest);
	if (sea_span_skip(&rest, "Sending SIGBUS to ")) {
		event->kind = SEA_HOST_SIGBUS;
		if (!take_task(&rest, " due to ", event))
			return unclear(m, message);
	} else if (sea_span_skip(&rest, "forcibly killing ") || sea_span_skip(&rest, "Killing ")) {
		if (!take_task(&rest, " ", event))
			return unclear(m, message);
	}
	return tell(m, message, err);
}

/* "MCE: Killing qemu-system-aar:1234 due to hardware memory corruption fault at ffff8000" */
static int take_killing(struct sea_kernel_messages *m, struct message *message,
			struct sea_error *err)
{
	struct sea_host_event *event = &message->event;

	sea_host_begin(event, SEA_HOST_SIGBUS);
	sea_host_add(event, "", message->rest);
	if (!sea_span_skip(&message->rest, "Killing ") ||
	    !take_task(&message->rest, " due to hardware memory corruption", event))
		return unclear(m, message);
	if (sea_span_skip(&message->rest, " fault at ")) {
		if (!sea_scan_hex(&message->rest, &event->address))
			return unclear(m, message);
		event->known |= SEA_HOST_ADDRESS;
	}
	return tell(m, message, err);
}

/* EDAC and x86 */

/* "EDAC MC0: 1 UE multi-bit ECC on DIMM_A1 (... page:0x12345 offset:0x678 grain:1 ...)" */
static int take_edac(struct sea_kernel_messages *m, struct message *message, struct sea_error *err)
{
	struct sea_host_event *event = &message->event;
	struct sea_span rest = message->rest;
	__u64 controller;

	/* Others of EDAC's lines are no errors. */
	if (!sea_scan_number(&rest, &controller) || !sea_span_skip(&rest, ": ") ||
	    (sea_scan_find(rest, " UE ") < 0 && sea_scan_find(rest, " CE ") < 0))
		return 0;
	sea_host_begin(event, SEA_HOST_MC_EVENT);
	sea_host_addf(event, "", "mc:%llu", (unsigned long long)controller);
	sea_host_add(event, " ", rest);
	if (sea_scan_past(&rest, " page:", NULL) || sea_scan_past(&rest, "(page:", NULL)) {
		if (!sea_scan_0x(&rest, &event->pfn))
			return unclear(m, message);
		event->known |= SEA_HOST_PFN;
	}
	return tell(m, message, err);
}

/* "mce: [Hardware Error]: CPU 3: Machine Check: 0 Bank 7: bd80000000100134" */
static int take_machine_check(struct sea_kernel_messages *m, struct message *message,
			      struct sea_error *err)
{
	struct sea_span rest = message->rest;
	__u64 cpu;

	if (!sea_span_skip(&rest, "CPU ") || !sea_scan_number(&rest, &cpu) ||
	    !sea_span_skip(&rest, ": Machine Check"))
		return 0;
	if (cpu >= SEA_CPU_UNKNOWN)
		return unclear(m, message);
	sea_host_begin(&message->event, SEA_HOST_MCE);
	sea_host_add(&message->event, "", message->rest);
	message->cpu = (__u32)cpu;
	return tell(m, message, err);
}

/* What the kernel says last, or of an SEA that hit itself or a process of its own */
static bool is_last_word(struct sea_span text)
{
	return sea_span_begins(text, "Kernel panic - not syncing: ") ||
	       sea_span_begins(text, "Internal error: synchronous ") ||
	       sea_span_begins(text, "SError Interrupt on CPU") ||
	       sea_scan_find(text, "ynchronous external abort") >= 0 ||
	       sea_scan_find(text, "ynchronous External Abort") >= 0;
}

static int take_last_word(struct sea_kernel_messages *m, struct message *message,
			  struct sea_error *err)
{
	sea_host_begin(&message->event, SEA_HOST_PANIC);
	sea_host_add(&message->event, "", message->rest);
	return tell(m, message, err);
}

int sea_kernel_message(struct sea_kernel_messages *m, const struct sea_import_time *time, __u32 cpu,
		       struct sea_span text, struct sea_error *err)
{
	struct message message = {.time = time, .cpu = cpu, .whole = text, .rest = text};
	struct sea_span *rest = &message.rest;

	if (age_blocks(m, err))
		return -1;
	if (sea_span_skip(rest, "{"))
		return take_hardware_error(m, &message, err);
	if (sea_span_skip(rest, "Memory failure: "))
		return take_memory_failure(m, &message, err);
	if (sea_span_skip(rest, "MCE: "))
		return take_killing(m, &message, err);
	if (sea_span_skip(rest, "EDAC MC"))
		return take_edac(m, &message, err);
	if (sea_span_skip(rest, "mce: " HARDWARE_ERROR))
		return take_machine_check(m, &message, err);
	if (is_last_word(text))
		return take_last_word(m, &message, err);
	return 0;
}

int sea_kernel_messages_end(struct sea_kernel_messages *m, struct sea_error *err)
{
	int i;

	for (i = 0; i < SEA_GHES_BLOCKS; i++)
		if (end_block(m, &m->blocks[i], err))
			return -1;
	return 0;
}
