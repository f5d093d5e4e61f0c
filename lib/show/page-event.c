// SPDX-License-Identifier: GPL-2.0-only
/*
 * page-event.c - one entry of the log with all that is known of it: the syndrome in
 * words, what was answered, and what else happened to the page.
 */
#include <stdio.h>
#include <string.h>

#include "arm/esr.h"
#include "base/words.h"
#include "model/clock.h"
#include "show/describe.h"
#include "show/events.h"
#include "show/lines.h"

#define NAME_WIDTH 14
#define LLU(number) ((unsigned long long)(number))

/* What the host did so near in time may be about the same memory. */
#define NEAR_NS (5 * SEA_NSEC_PER_SEC)
/* At most so many lines of evidence */
#define EVIDENCE_MAX 20

static void put(struct sea_page_text *text, const char *name, enum sea_look look, const char *value)
{
	sea_page_put(text, SEA_LOOK_QUIET, "%s", name);
	sea_page_wrap(text, NAME_WIDTH, look, value);
}

static void put_number(struct sea_page_text *text, const char *name, const char *format,
		       __u64 number)
{
	char value[64];

	snprintf(value, sizeof(value), format, LLU(number));
	put(text, name, SEA_LOOK_PLAIN, value);
}

static void put_bit(struct sea_page_text *text, const char *name, bool bit, const char *one,
		    const char *zero)
{
	char value[160];

	snprintf(value, sizeof(value), "%d: %s", bit, bit ? one : zero);
	put(text, name, SEA_LOOK_PLAIN, value);
}

static void put_set(struct sea_page_text *text, const struct sea_esr *esr)
{
	static const struct {
		const char *name, *means;
	} sets[] = {
		{"UER", "recoverable: the error was contained, and can be recovered from"},
		{"UC", "uncontainable: the error may have spread"},
		{"UEO", "restartable: nothing was lost, the access can be tried again"},
	};
	char value[128];
	size_t i;

	for (i = 0; esr->set_name && i < sizeof(sets) / sizeof(sets[0]); i++) {
		if (strcmp(sets[i].name, esr->set_name))
			continue;
		snprintf(value, sizeof(value), "%u: %s, %s", esr->set, sets[i].name, sets[i].means);
		put(text, "SET", SEA_LOOK_PLAIN, value);
	}
}

static void put_syndrome(struct sea_page_text *text, __u64 number)
{
	struct sea_esr esr;
	char value[256], level[32] = "";

	sea_esr_decode(number, &esr);
	sea_page_heading(text, "Syndrome: ESR_EL2 0x%llx", LLU(number));
	snprintf(value, sizeof(value), "0x%02x: %s", esr.ec, esr.ec_name);
	put(text, "EC (class)", SEA_LOOK_PLAIN, value);
	if (!esr.is_abort)
		return;
	if (esr.level != SEA_ESR_NO_LEVEL)
		snprintf(level, sizeof(level), ", level %d", esr.level);
	snprintf(value, sizeof(value), "0x%02x: %s%s", esr.fsc, esr.fsc_name ?: "reserved", level);
	put(text, "FSC (fault)", SEA_LOOK_PLAIN, value);
	put_bit(text, "S1PTW", esr.s1ptw, "on stage 2, for a walk of the guest's tables",
		"not for a walk of the guest's tables");
	put_bit(text, "FnV", esr.fnv, "the guest's address (FAR) is not valid",
		"the guest's address (FAR) is valid");
	put_set(text, &esr);
	put_bit(text, "EA", esr.ea, "set by the implementation, which says what it means",
		"not set by the implementation");
	if (esr.is_instruction)
		return;
	put_bit(text, "WnR", esr.wnr, "a write", "a read");
	if (esr.cm)
		put_bit(text, "CM", true, "cache maintenance", "");
	if (esr.vncr)
		put_bit(text, "VNCR", true, "an access through VNCR_EL2", "");
}

static void put_page(struct sea_page_text *text, const struct sea_logged *entry, bool addresses)
{
	const struct sea_page *page = &entry->page;

	if (!entry->has_page)
		return;
	if (page->known & SEA_PAGE_HVA && addresses)
		put_number(text, "VMM's address", "0x%llx", page->hva);
	if (page->known & SEA_PAGE_PFN)
		put_number(text, "Host's pfn", "0x%llx", page->pfn);
	if (page->known & SEA_PAGE_SIZE)
		put_number(text, "Mapping", "%llu bytes", page->size);
	if (page->known & SEA_PAGE_NODE)
		put_number(text, "NUMA node", "%llu", (__u64)page->node);
	if (page->known & SEA_PAGE_POISON)
		put(text, "Host says", page->poisoned ? SEA_LOOK_PLAIN : SEA_LOOK_DOUBT,
		    page->poisoned ? "the page is bad, and nobody gets it again" :
				     "the page is good: it may be given to the next one");
}

static void put_addresses(struct sea_page_text *text, const struct sea_logged *entry,
			  bool addresses)
{
	const struct sea_event *event = &entry->event;

	sea_page_heading(text, "Memory");
	if (!addresses) {
		put(text, "Guest's", SEA_LOOK_PLAIN,
		    "addresses are hidden, as they are the customer's data; a shows them");
	} else {
		if (event->flags & SEA_IPA_VALID)
			put_number(text, "Guest's page", "0x%llx (IPA)", event->ipa);
		if (event->flags & SEA_FAR_VALID)
			put_number(text, "Guest's FAR", "0x%llx", event->far);
		if (event->flags & SEA_PC_VALID)
			put_number(text, "Guest's PC", "0x%llx", event->pc);
		if (!(event->flags & (SEA_IPA_VALID | SEA_FAR_VALID | SEA_PC_VALID)))
			put(text, "Guest's", SEA_LOOK_PLAIN, "no address is known");
	}
	put_page(text, entry, addresses);
}

/* What became of it, and what the VMM did about it */
static void put_fate(struct sea_page_text *text, const struct sea_scene *scene,
		     const struct sea_logged *entry)
{
	const struct sea_event *event = &entry->event;
	const struct sea_logged *answer =
		entry->type == SEA_RECORD_ANSWER ?
			entry :
			sea_log_partner(sea_history_log(scene->history), entry);
	char value[256], latency[24];

	snprintf(value, sizeof(value), "%s: %s", sea_disposition_name(event->disposition),
		 sea_describe_disposition(event->disposition));
	put(text, "Disposition", SEA_LOOK_PLAIN, value);
	if (event->reason)
		put(text, "Reason", SEA_LOOK_PLAIN, sea_describe_reason(event->reason));
	if (event->disposition != SEA_FORWARDED && !answer)
		return;
	if (!answer) {
		put(text, "Answer", SEA_LOOK_DOUBT, "none is known");
		return;
	}
	sea_describe_latency(answer->event.latency_ns, latency, sizeof(latency));
	snprintf(value, sizeof(value), "after %s, %s", latency,
		 sea_describe_response(answer->event.response));
	put(text, "Answer", answer->event.response == SEA_INJECTED ? SEA_LOOK_GOOD : SEA_LOOK_DOUBT,
	    value);
}

static bool is_near(const struct sea_logged *a, const struct sea_logged *b)
{
	__u64 apart = a->time_ns > b->time_ns ? a->time_ns - b->time_ns : b->time_ns - a->time_ns;

	return apart <= NEAR_NS;
}

/* Is the other entry about the same memory, or may it be? */
static bool is_evidence(const struct sea_logged *entry, const struct sea_logged *other)
{
	const struct sea_host_event *host = other->host;

	if (other == entry)
		return false;
	if (other->type == SEA_RECORD_SEA && entry->type == SEA_RECORD_SEA) {
		if (entry->has_page && other->has_page && entry->page.known & SEA_PAGE_PFN &&
		    other->page.known & SEA_PAGE_PFN)
			return entry->page.pfn == other->page.pfn;
		return other->vm == entry->vm && entry->event.flags & SEA_IPA_VALID &&
		       other->event.flags & SEA_IPA_VALID && entry->event.ipa == other->event.ipa;
	}
	if (!host)
		return other->type == SEA_RECORD_END && other->vm && other->vm == entry->vm;
	if (entry->has_page && entry->page.known & SEA_PAGE_PFN && host->known & SEA_HOST_PFN)
		return entry->page.pfn == host->pfn;
	return is_near(entry, other) &&
	       (!host->tgid || (entry->vm && host->tgid == entry->vm->key.tgid));
}

static void put_evidence(struct sea_page_text *text, const struct sea_scene *scene,
			 const struct sea_logged *entry)
{
	const struct sea_log *log = sea_history_log(scene->history);
	char line[SEA_DESCRIBE_LEN], time[64];
	const struct sea_logged *other;
	size_t nr = 0, more = 0;

	sea_page_heading(text, "What else happened to this memory and this VM");
	for (other = sea_log_newest(log); other; other = sea_log_before(log, other)) {
		if (!is_evidence(entry, other))
			continue;
		if (nr++ >= EVIDENCE_MAX) {
			more++;
			continue;
		}
		sea_events_time(&other->wall, false, time, sizeof(time));
		sea_page_put(text, SEA_LOOK_PLAIN, "%s", time);
		sea_describe(other, scene->state->show_addresses, line, sizeof(line));
		sea_page_wrap(text, NAME_WIDTH, SEA_LOOK_PLAIN, line);
	}
	if (more)
		put_number(text, "and", "%llu more", more);
	if (!nr)
		put(text, "", SEA_LOOK_QUIET, "nothing that is known");
}

static void put_who(struct sea_page_text *text, const struct sea_logged *entry)
{
	char value[SEA_VM_NAME_LEN + 64];

	if (!entry->vm)
		return;
	snprintf(value, sizeof(value), "%s, %s", entry->vm->name.text,
		 sea_describe_origin(entry->vm->name.origin));
	put(text, "VM", SEA_LOOK_STRONG, value);
	if (entry->type != SEA_RECORD_SEA && entry->type != SEA_RECORD_ANSWER)
		return;
	snprintf(value, sizeof(value), "%u, run by thread %u on CPU %u", entry->event.vcpu,
		 entry->event.tid, entry->event.cpu);
	put(text, "vCPU", SEA_LOOK_PLAIN, value);
}

void sea_page_event(const struct sea_scene *scene, struct sea_frame frame,
		    struct sea_canvas *canvas)
{
	const struct sea_logged *entry =
		sea_log_entry(sea_history_log(scene->history), scene->state->opened_event);
	bool addresses = scene->state->show_addresses;
	char line[SEA_DESCRIBE_LEN], time[64];
	struct sea_page_text text;

	sea_page_begin(&text, scene, frame, canvas);
	if (!entry) {
		sea_page_wrap(&text, 0, SEA_LOOK_DOUBT,
			      "This event is not kept any more: newer ones took its place.");
		sea_page_end(&text, scene);
		return;
	}
	sea_events_time(&entry->wall, true, time, sizeof(time));
	sea_describe(entry, addresses, line, sizeof(line));
	sea_page_put(&text, SEA_LOOK_TITLE, "%s", time);
	sea_page_line(&text);
	sea_page_wrap(&text, 0, SEA_LOOK_TITLE, line);
	put_who(&text, entry);
	if (entry->type == SEA_RECORD_SEA || entry->type == SEA_RECORD_ANSWER) {
		put_fate(&text, scene, entry);
		put_syndrome(&text, entry->event.esr);
		put_addresses(&text, entry, addresses);
	}
	put_evidence(&text, scene, entry);
	sea_page_end(&text, scene);
}
