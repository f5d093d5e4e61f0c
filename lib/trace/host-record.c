// SPDX-License-Identifier: GPL-2.0-only
#include "trace/host-record.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

/* EHWPOISON of the kernel: 133 in asm-generic/errno.h */
#ifndef EHWPOISON
#define EHWPOISON 133
#endif

bool sea_host_record_valid(const void *data, size_t size)
{
	const struct sea_host_record *record = data;

	return size >= sizeof(*record) && record->version == SEA_ABI_VERSION &&
	       record->size == sizeof(*record) && record->type < SEA_HOST_TYPES;
}

static void say(struct sea_host_event *event, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Texts of firmware and drivers are in it: made safe to show, and cut. */
static void say(struct sea_host_event *event, const char *format, ...)
{
	char text[2 * SEA_HOST_TEXT_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sea_printable(text, strlen(text), event->text, sizeof(event->text));
}

static const char *name_of(const char *const *names, size_t nr, __u64 number)
{
	return number < nr && names[number] ? names[number] : "unknown";
}

#define NAME_OF(names, number) name_of(names, sizeof(names) / sizeof((names)[0]), number)

static void decode_failure(const struct sea_host_record *record, struct sea_host_event *event)
{
	event->known |= SEA_HOST_RESULT | SEA_HOST_FLAGS;
	switch (record->result) {
	case 0:
		say(event, "the page was taken out of use");
		break;
	case -EHWPOISON:
		say(event, "the page was known to be bad before");
		break;
	case -EOPNOTSUPP:
		say(event, "the page was left alone by a filter");
		break;
	default:
		say(event, "the page could not be taken out of use: %s",
		    strerror((int)-record->result));
	}
}

static void decode_sigbus(const struct sea_host_record *record, struct sea_host_event *event)
{
	event->known |= SEA_HOST_CODE;
	switch (record->code) {
	case BUS_MCEERR_AR:
		say(event, "MCEERR_AR: it needs the bad page now");
		break;
	case BUS_MCEERR_AO:
		say(event, "MCEERR_AO: it has the bad page, and did not need it yet");
		break;
	case SI_KERNEL:
		say(event, "SI_KERNEL: the host could not take the page out of use");
		break;
	default:
		say(event, "si_code %d", record->code);
	}
}

/* Which fields are there, by the validation bits of UEFI 2.10, table N.16 */
#define ARM_HAS_MPIDR 0x1
#define ARM_HAS_AFFINITY 0x2
#define ARM_HAS_RUNNING 0x4

static void decode_arm(const struct sea_host_record *record, struct sea_host_event *event)
{
	__u64 valid = record->value[SEA_HOST_ARM_VALID];
	char mpidr[40] = "", affinity[32] = "", state[48] = "";

	if (valid & ARM_HAS_MPIDR)
		snprintf(mpidr, sizeof(mpidr), ", mpidr 0x%llx",
			 (unsigned long long)record->value[SEA_HOST_ARM_MPIDR]);
	if (valid & ARM_HAS_AFFINITY)
		snprintf(affinity, sizeof(affinity), ", affinity %llu",
			 (unsigned long long)record->value[SEA_HOST_ARM_AFFINITY]);
	if (valid & ARM_HAS_RUNNING && record->value[SEA_HOST_ARM_RUNNING] & 1)
		snprintf(state, sizeof(state), ", running");
	else if (valid & ARM_HAS_RUNNING)
		snprintf(state, sizeof(state), ", not running, psci 0x%llx",
			 (unsigned long long)record->value[SEA_HOST_ARM_PSCI]);
	say(event, "processor error: midr 0x%llx%s%s%s",
	    (unsigned long long)record->value[SEA_HOST_ARM_MIDR], mpidr, affinity, state);
}

static const char *text_of(const struct sea_host_record *record, unsigned int i)
{
	/* One that is not there: the kernel has "" or NULL. */
	return record->text[i][0] ? record->text[i] : "";
}

static void decode_mc(const struct sea_host_record *record, struct sea_host_event *event)
{
	static const char *const severities[] = {"corrected", "uncorrected", "deferred", "fatal",
						 "informational"};
	const char *message = text_of(record, SEA_HOST_MC_MESSAGE);
	const char *label = text_of(record, SEA_HOST_MC_LABEL);
	const char *detail = text_of(record, SEA_HOST_MC_DETAIL);

	say(event, "%llu %s error%s%s%.*s on %.*s%s%.*s%s", (unsigned long long)record->value[0],
	    NAME_OF(severities, record->severity), record->value[0] == 1 ? "" : "s",
	    *message ? ": " : "", SEA_HOST_RAW_LEN - 1, message, SEA_HOST_RAW_LEN - 1,
	    *label ? label : "an unknown DIMM", *detail ? " (" : "", SEA_HOST_RAW_LEN - 1, detail,
	    *detail ? ")" : "");
}

/* As UEFI writes them: the first three fields are numbers, the rest are bytes. */
static void guid_text(const __u64 value[2], char *out, size_t size)
{
	__u8 b[16];

	memcpy(b, value, sizeof(b));
	snprintf(out, size, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12],
		 b[13], b[14], b[15]);
}

static void decode_non_standard(const struct sea_host_record *record, struct sea_host_event *event)
{
	static const char *const severities[] = {"recoverable", "fatal", "corrected",
						 "informational"};
	char type[40], fru[40];

	guid_text(&record->value[0], type, sizeof(type));
	guid_text(&record->value[2], fru, sizeof(fru));
	say(event, "%s error of the vendor's kind %s, %llu bytes, of %.*s (%s)",
	    NAME_OF(severities, record->severity), type, (unsigned long long)record->value[4],
	    SEA_HOST_RAW_LEN - 1, *text_of(record, 0) ? text_of(record, 0) : "an unknown part",
	    fru);
}

static void decode_failure_event(const struct sea_host_record *record, struct sea_host_event *event)
{
	static const char *const results[] = {"ignored", "failed", "delayed", "recovered"};

	event->known |= SEA_HOST_RESULT;
	say(event, "recovery of a page of type %u: %s", record->flags,
	    record->result < 0 ? "unknown" : NAME_OF(results, (__u64)record->result));
}

void sea_host_record_decode(const struct sea_host_record *record, struct sea_host_event *event)
{
	static const struct {
		enum sea_host_kind kind;
		void (*decode)(const struct sea_host_record *record, struct sea_host_event *event);
	} types[SEA_HOST_TYPES] = {
		[SEA_HOST_TYPE_MEMORY_FAILURE] = {SEA_HOST_MEMORY_FAILURE, decode_failure},
		[SEA_HOST_TYPE_SIGBUS] = {SEA_HOST_SIGBUS, decode_sigbus},
		[SEA_HOST_TYPE_ARM_EVENT] = {SEA_HOST_ARM_EVENT, decode_arm},
		[SEA_HOST_TYPE_MC_EVENT] = {SEA_HOST_MC_EVENT, decode_mc},
		[SEA_HOST_TYPE_NON_STANDARD] = {SEA_HOST_NON_STANDARD, decode_non_standard},
		[SEA_HOST_TYPE_MF_EVENT] = {SEA_HOST_MF_EVENT, decode_failure_event},
	};

	*event = (struct sea_host_event){
		.kind = types[record->type].kind,
		.pfn = record->pfn,
		.address = record->address,
		.result = record->result,
		.flags = record->flags,
		.code = record->code,
		.lsb = record->lsb,
		.tgid = record->tgid,
		.tid = record->tid,
		.cpu = record->cpu,
	};
	if (record->known & SEA_HOST_HAS_PFN)
		event->known |= SEA_HOST_PFN;
	if (record->known & SEA_HOST_HAS_ADDRESS)
		event->known |= SEA_HOST_ADDRESS;
	types[record->type].decode(record, event);
}
