// SPDX-License-Identifier: GPL-2.0-only
#include "show/describe.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "arm/esr.h"
#include "base/fields.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/words.h"

#define LLU(number) ((unsigned long long)(number))

void sea_describe_latency(__u64 ns, char *out, size_t size)
{
	static const struct sea_field field = {.kind = SEA_GAUGE, .cell = SEA_CELL_LATENCY};
	const struct sea_value value = {.known = true, .number = ns};

	sea_field_cell(&field, &value, out, size);
}

void sea_describe_age(__u64 ns, char *out, size_t size)
{
	static const struct sea_field field = {.kind = SEA_GAUGE, .cell = SEA_CELL_AGE};
	const struct sea_value value = {.known = true, .number = ns};

	sea_field_cell(&field, &value, out, size);
}

void sea_describe_rate(double rate, char *out, size_t size)
{
	static const struct sea_field field = {.kind = SEA_REAL};
	const struct sea_value value = {.known = true, .real = rate};

	sea_field_cell(&field, &value, out, size);
}

void sea_describe_end(int wait_status, char *out, size_t size)
{
	if (wait_status < 0)
		snprintf(out, size, "how its VMM's process ended is not known; it may live on");
	else if (WIFSIGNALED(wait_status))
		snprintf(out, size, "its VMM was killed by signal %d (%s)", WTERMSIG(wait_status),
			 strsignal(WTERMSIG(wait_status)));
	else
		snprintf(out, size, "its VMM exited with status %d", WEXITSTATUS(wait_status));
}

const char *sea_describe_origin(enum sea_vm_origin origin)
{
	static const char *const texts[SEA_VM_ORIGINS] = {
		[SEA_VM_FROM_MAP] = "named in the file of --names",
		[SEA_VM_FROM_CMDLINE] = "named by the VMM's command line",
		[SEA_VM_FROM_MACHINED] = "named by systemd-machined",
		[SEA_VM_FROM_CGROUP] = "named after the VMM's cgroup",
		[SEA_VM_FROM_COMM] =
			"named after the VMM's process: nothing says what it is called",
		[SEA_VM_FROM_PID] = "named after the VMM's pid: nothing else is known",
		[SEA_VM_FROM_NOTHING] = "its name is not known",
	};

	return texts[origin < SEA_VM_ORIGINS ? origin : SEA_VM_FROM_NOTHING];
}

const char *sea_describe_disposition(unsigned int disposition)
{
	static const char *const texts[SEA_DISPOSITIONS] = {
		[SEA_CLAIMED] = "firmware reported it, and the host's RAS code took care of it",
		[SEA_HOST_OWNED] = "the memory is the host's own; the guest got an SError",
		[SEA_NOT_OPTED_IN] =
			"the guest's own access, but its VMM did not ask for SEAs; the guest got an SError",
		[SEA_FORWARDED] = "the guest's own access; the VMM was asked what to do",
		[SEA_UNKNOWN] = "this kernel does not let us tell what became of it",
	};

	return disposition < SEA_DISPOSITIONS ? texts[disposition] : "no such disposition";
}

const char *sea_describe_reason(unsigned int reason)
{
	static const char *const texts[SEA_REASONS] = {
		[SEA_REASON_NONE] = "",
		[SEA_NO_RAS] = "no_ras: the CPU has no FEAT_RAS, so only the host's own accesses "
			       "abort here",
		[SEA_VNCR] = "vncr: KVM's own VNCR page",
		[SEA_S2_WALK] = "s2_walk: on a walk of the host's stage 2 tables",
		[SEA_AMBIGUOUS_WALK] = "ambiguous walk: on a walk of page tables, and nobody knows "
				       "whose; treat it as a problem of the host",
	};

	return reason < SEA_REASONS ? texts[reason] : "no such reason";
}

const char *sea_describe_response(unsigned int response)
{
	static const char *const texts[SEA_RESPONSES] = {
		[SEA_INJECTED] = "injected: the VMM told the guest of the bad memory",
		[SEA_RESUMED] =
			"resumed: the VMM did nothing about it; the guest will hit it again",
		[SEA_ABANDONED] = "abandoned: the VM went away before it was answered",
	};

	return response < SEA_RESPONSES ? texts[response] : "no such response";
}

/* What the guest did: "read", "write", "instruction fetch"; of a walk its level. */
static void put_access(__u64 esr, char *out, size_t size)
{
	struct sea_esr decoded;
	char level[24] = "";

	sea_esr_decode(esr, &decoded);
	if (!decoded.is_abort) {
		snprintf(out, size, "%s", decoded.ec_name);
		return;
	}
	if (decoded.is_walk && decoded.level != SEA_ESR_NO_LEVEL)
		snprintf(level, sizeof(level), " level %d", decoded.level);
	snprintf(out, size, "%s%s%s",
		 decoded.is_instruction ? "instruction fetch" :
		 decoded.cm		? "cache maintenance" :
		 decoded.wnr		? "write" :
					  "read",
		 decoded.is_walk ? ", table walk" : "", level);
}

static void put_address(const struct sea_event *event, bool addresses, char *out, size_t size)
{
	*out = '\0';
	if (addresses && event->flags & SEA_IPA_VALID)
		snprintf(out, size, ", guest page 0x%llx", LLU(event->ipa));
}

static void describe_sea(const struct sea_logged *entry, bool addresses, char *out, size_t size)
{
	const struct sea_event *event = &entry->event;
	char access[128], address[48];

	put_access(event->esr, access, sizeof(access));
	put_address(event, addresses, address, sizeof(address));
	/* On a line of 80 columns the vCPU is what is cut first. */
	snprintf(out, size, "SEA %s%s%s%s: %s%s, vCPU %u", sea_disposition_name(event->disposition),
		 event->reason ? " (" : "", event->reason ? sea_reason_text(event->reason) : "",
		 event->reason ? ")" : "", access, address, event->vcpu);
}

static void describe_answer(const struct sea_logged *entry, char *out, size_t size)
{
	char latency[24];

	sea_describe_latency(entry->event.latency_ns, latency, sizeof(latency));
	snprintf(out, size, "%s after %s, vCPU %u",
		 entry->event.response == SEA_ABANDONED ? "abandoned" :
		 entry->event.response == SEA_INJECTED	? "VMM injected" :
							  "VMM resumed without an answer",
		 latency, entry->event.vcpu);
}

static void describe_gap(const struct sea_gap *gap, char *out, size_t size)
{
	static const char *const causes[SEA_GAP_CAUSES] = {
		[SEA_GAP_TICK] = "the counters cannot be read",
		[SEA_GAP_RECORDER] = "nobody counted",
		[SEA_GAP_STORE] = "nothing could be stored",
	};

	snprintf(out, size, "%s: %s%s%s", gap->until.tv_sec ? "gap ended" : "gap",
		 gap->cause < SEA_GAP_CAUSES ? causes[gap->cause] : "?", gap->why[0] ? ": " : "",
		 gap->why);
}

static void describe_host(const struct sea_host_event *host, bool addresses, char *out, size_t size)
{
	char address[48] = "", result[48] = "";

	/* Page frames of the host are no customer's data; addresses in the VMM are. */
	if (host->known & SEA_HOST_PFN)
		snprintf(address, sizeof(address), ", pfn 0x%llx", LLU(host->pfn));
	else if (host->known & SEA_HOST_ADDRESS && addresses)
		snprintf(address, sizeof(address), ", address 0x%llx", LLU(host->address));
	if (host->known & SEA_HOST_RESULT)
		snprintf(result, sizeof(result), ", result %lld", (long long)host->result);
	if (host->kind == SEA_HOST_SIGBUS)
		snprintf(out, size, "host: SIGBUS to process %u%s%s", host->tgid, address,
			 host->known & SEA_HOST_CODE && host->code == 4 ? ", BUS_MCEERR_AR" :
			 host->known & SEA_HOST_CODE && host->code == 5 ? ", BUS_MCEERR_AO" :
									  "");
	else
		snprintf(out, size, "host: %s%s%s%s%s", sea_host_kind_name(host->kind), address,
			 result, host->text[0] ? ": " : "", host->text);
}

void sea_describe(const struct sea_logged *entry, bool addresses, char *out, size_t size)
{
	char end[128];

	switch (entry->type) {
	case SEA_RECORD_SEA:
		describe_sea(entry, addresses, out, size);
		break;
	case SEA_RECORD_ANSWER:
		describe_answer(entry, out, size);
		break;
	case SEA_RECORD_END:
		sea_describe_end(entry->end.wait_status, end, sizeof(end));
		if (entry->end.wait_status < 0)
			snprintf(out, size, "VM ended; what its VMM did is not known");
		else
			snprintf(out, size, "VM ended: %s", end);
		break;
	case SEA_RECORD_GAP:
		describe_gap(entry->gap, out, size);
		break;
	case SEA_RECORD_HOST:
		describe_host(entry->host, addresses, out, size);
		break;
	default:
		snprintf(out, size, "%s", sea_record_type_name(entry->type));
	}
}

void sea_describe_spark(const __u64 *numbers, size_t nr, char *out, size_t size)
{
	static const char *const ascii[] = {"_", ".", ":", "-", "=", "+", "*", "#", "@"};
	static const char *const utf8[] = {"_",
					   "\xe2\x96\x81",
					   "\xe2\x96\x82",
					   "\xe2\x96\x83",
					   "\xe2\x96\x84",
					   "\xe2\x96\x85",
					   "\xe2\x96\x86",
					   "\xe2\x96\x87",
					   "\xe2\x96\x88"};
	const char *const *levels = sea_text_is_utf8() ? utf8 : ascii;
	__u64 max = 0;
	size_t i, at = 0;

	for (i = 0; i < nr; i++)
		max = numbers[i] > max ? numbers[i] : max;
	*out = '\0';
	for (i = 0; i < nr; i++) {
		/* Anything at all is more than nothing. */
		size_t level =
			numbers[i] ? 1 + (size_t)((double)(numbers[i] - 1) * 8 / (double)(max)) : 0;
		const char *text = levels[level > 8 ? 8 : level];

		if (at + strlen(text) + 1 > size)
			return;
		at += (size_t)snprintf(out + at, size - at, "%s", text);
	}
}
