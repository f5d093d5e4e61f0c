// SPDX-License-Identifier: GPL-2.0-only
#include "show/hits.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/words.h"
#include "show/events.h"

#define NAME_WIDTH 14
#define PAGES_MAX 5
/* vCPUs from here on share a line. */
#define VCPUS_MAX 64
#define LLU(number) ((unsigned long long)(number))

/* A page that was hit, and how often. The newest of its SEAs tells the most. */
struct hit {
	const struct sea_logged *newest;
	size_t nr;
};

static bool has_pfn(const struct sea_logged *entry)
{
	return entry->has_page && entry->page.known & SEA_PAGE_PFN;
}

/* The host's page frame tells pages apart, or, where it is not known, the guest's page. */
static bool is_same_page(const struct sea_logged *a, const struct sea_logged *b)
{
	if (has_pfn(a) && has_pfn(b))
		return a->page.pfn == b->page.pfn;
	return a->event.flags & b->event.flags & SEA_IPA_VALID && a->event.ipa == b->event.ipa;
}

static int compare_hits(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->nr != y->nr)
		return x->nr > y->nr ? -1 : 1;
	return x->newest->number > y->newest->number ? -1 : 1;
}

static size_t collect(const struct sea_logged *const *entries, size_t nr_entries, struct hit *hits)
{
	size_t nr = 0, i, j;

	for (i = 0; i < nr_entries; i++) {
		const struct sea_logged *entry = entries[i];

		if (entry->type != SEA_RECORD_SEA ||
		    (!has_pfn(entry) && !(entry->event.flags & SEA_IPA_VALID)))
			continue;
		for (j = 0; j < nr && !is_same_page(hits[j].newest, entry); j++)
			;
		if (j == nr)
			hits[nr++] = (struct hit){.newest = entry};
		hits[j].nr++;
	}
	qsort(hits, nr, sizeof(*hits), compare_hits);
	return nr;
}

/* "host page 0x40021 (bad), guest page 0x80602000" */
static void page_text(const struct sea_logged *entry, bool addresses, size_t number, char *out,
		      size_t size)
{
	const struct sea_page *page = &entry->page;
	size_t at = 0;

	*out = '\0';
	if (has_pfn(entry))
		at = (size_t)snprintf(out, size, "host page 0x%llx (%s)", LLU(page->pfn),
				      !(page->known & SEA_PAGE_POISON) ? "not known if bad" :
				      page->poisoned		       ? "bad" :
									 "still in use");
	if (addresses && entry->event.flags & SEA_IPA_VALID)
		snprintf(out + at, size - at, "%sguest page 0x%llx", at ? ", " : "",
			 LLU(entry->event.ipa));
	else if (!at)
		snprintf(out, size, "page %zu, a shows its address", number);
}

void sea_hits_put_pages(struct sea_page_text *text, const struct sea_scene *scene,
			const struct sea_logged *const *entries, size_t nr_entries)
{
	struct hit *hits = calloc(nr_entries ?: 1, sizeof(*hits));
	size_t nr, i, again = 0;
	char page[128];

	if (!hits)
		return;
	nr = collect(entries, nr_entries, hits);
	for (i = 0; i < nr; i++)
		again += hits[i].nr > 1;
	if (again)
		snprintf(page, sizeof(page), ", of which %zu again and again", again);
	else
		*page = '\0';
	if (nr)
		sea_page_heading(text, "Pages that were hit: %zu%s", nr, page);
	else
		sea_page_heading(text, "Pages that were hit: none is known");
	for (i = 0; i < nr && i < PAGES_MAX; i++) {
		enum sea_look look = hits[i].nr > 1 ? SEA_LOOK_DOUBT : SEA_LOOK_PLAIN;

		page_text(hits[i].newest, scene->state->show_addresses, i + 1, page, sizeof(page));
		sea_page_put(text, look, "%zu time%s", hits[i].nr, hits[i].nr == 1 ? "" : "s");
		sea_page_wrap(text, NAME_WIDTH, look, page);
	}
	if (nr > PAGES_MAX) {
		sea_page_put(text, SEA_LOOK_QUIET, "and %zu more", nr - PAGES_MAX);
		sea_page_line(text);
	}
	free(hits);
}

struct hit_vcpu {
	size_t seas;
	const struct sea_logged *newest;
};

void sea_hits_put_vcpus(struct sea_page_text *text, const struct sea_row *row,
			const struct sea_logged *const *entries, size_t nr)
{
	struct hit_vcpu vcpus[VCPUS_MAX + 1] = {0};
	char time[64], count[24] = "";
	size_t i, hit = 0;

	for (i = 0; i < nr; i++) {
		struct hit_vcpu *vcpu;

		if (entries[i]->type != SEA_RECORD_SEA)
			continue;
		vcpu = &vcpus[entries[i]->event.vcpu < VCPUS_MAX ? entries[i]->event.vcpu :
								   VCPUS_MAX];
		hit += !vcpu->seas++;
		vcpu->newest = vcpu->newest ?: entries[i];
	}
	if (row->listed.id)
		snprintf(count, sizeof(count), " of %u", row->listed.vcpus);
	sea_page_heading(text, "vCPUs that were hit: %zu%s, in the events that are kept", hit,
			 count);
	for (i = 0; i <= VCPUS_MAX; i++) {
		const struct sea_logged *newest = vcpus[i].newest;

		if (!newest)
			continue;
		sea_events_time(&newest->wall, false, time, sizeof(time));
		sea_page_put(text, SEA_LOOK_PLAIN, "%s%zu", i == VCPUS_MAX ? "from " : "", i);
		sea_page_tab(text, NAME_WIDTH);
		sea_page_put(text, SEA_LOOK_PLAIN,
			     "%zu SEA%s, the last at %s: %s, thread %u, CPU %u", vcpus[i].seas,
			     vcpus[i].seas == 1 ? "" : "s", time,
			     sea_disposition_name(newest->event.disposition), newest->event.tid,
			     newest->event.cpu);
		sea_page_line(text);
	}
}
