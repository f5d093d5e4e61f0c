// SPDX-License-Identifier: GPL-2.0-only
/* html-timeline.c - all VMs and the hosts over time, as a picture and as a table. */
#include "report/html-internal.h"

#include <stdio.h>
#include <string.h>

#include "base/words.h"

/* Of the picture, in its own units */
#define WIDTH 1000
#define NAMES 190 /* where the names end, and the time begins */
#define SPAN (WIDTH - NAMES - 14)
#define TOP 26
#define LANE 9	/* one kind of SEA in the row of a VM */
#define TICKS 6 /* times at the foot */

/* Names are cut so that they fit. */
#define NAME_WIDTH 26

struct picture {
	struct sea_text *out;
	const struct sea_report *report;
	__s64 since_ns, until_ns;
	int lane[SEA_DISPOSITIONS]; /* where each kind is in a row; -1: there is none of it */
	int row_height;
	int y;	    /* of the next row */
	int bottom; /* of the rows */
};

static double x_of(const struct picture *p, __s64 ns)
{
	if (ns < p->since_ns)
		ns = p->since_ns;
	if (ns > p->until_ns)
		ns = p->until_ns;
	return NAMES + SPAN * ((double)(ns - p->since_ns) / (double)(p->until_ns - p->since_ns));
}

/* Each kind has a shape of its own, around a point. */
static void add_shape(struct sea_text *out, unsigned int disposition, double x, double y)
{
	const char *class = sea_disposition_name(disposition);

	switch (disposition) {
	case SEA_CLAIMED:
		sea_text_add(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.6\"/>", class,
			     x, y);
		break;
	case SEA_HOST_OWNED:
		sea_text_add(out,
			     "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"7\"/>",
			     class, x - 3.5, y - 3.5);
		break;
	case SEA_NOT_OPTED_IN:
		sea_text_add(out, "<path class=\"%s\" d=\"M%.1f %.1fl4.2 7.4h-8.4z\"/>", class, x,
			     y - 4);
		break;
	case SEA_FORWARDED:
		sea_text_add(out, "<path class=\"%s\" d=\"M%.1f %.1fl4.3 4.3-4.3 4.3-4.3-4.3z\"/>",
			     class, x, y - 4.3);
		break;
	default:
		sea_text_add(out,
			     "<path class=\"%s\" d=\"M%.1f %.1fh2v3h3v2h-3v3h-2v-3h-3v-2h3z\"/>",
			     class, x - 1, y - 4);
	}
}

/* Only kinds of which there is one have a lane. */
static void make_lanes(struct picture *p)
{
	int i, nr = 0;

	for (i = 0; i < SEA_DISPOSITIONS; i++)
		p->lane[i] = p->report->counts.disposition[i] ? nr++ : -1;
	p->row_height = nr > 2 ? nr * LANE + 4 : 22;
}

static void add_gaps(const struct picture *p)
{
	size_t i;

	for (i = 0; i < p->report->nr_doubts; i++) {
		const struct sea_report_doubt *doubt = &p->report->doubts[i];
		__s64 until = doubt->until_ns ? doubt->until_ns : p->until_ns;
		double x;

		/* Losses have the times at which they were noticed, and are no time themselves. */
		if (doubt->level != SEA_LEVEL_COUNTS || !doubt->since_ns ||
		    !strcmp(doubt->kind, "loss") || until <= p->since_ns ||
		    doubt->since_ns >= p->until_ns)
			continue;
		x = x_of(p, doubt->since_ns);
		sea_text_add(p->out,
			     "<rect class=\"gap\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
			     "height=\"%d\"><title>",
			     x, TOP - 6, x_of(p, until) - x + 1, p->bottom - TOP + 6);
		sea_html_text(p->out, doubt->text);
		sea_text_add(p->out, "</title></rect>\n");
	}
}

static void add_axis(const struct picture *p)
{
	bool days = p->until_ns - p->since_ns > 86400LL * 1000000000LL;
	int i;

	for (i = 0; i < TICKS; i++) {
		__s64 ns = p->since_ns + (p->until_ns - p->since_ns) / (TICKS - 1) * i;
		double x = x_of(p, ns);
		char when[SEA_WHEN_LEN];

		sea_html_when(ns, when);
		sea_text_add(p->out,
			     "<line class=\"rule\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>"
			     "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%.*s</text>\n",
			     x, TOP - 6, x, p->bottom + 4, x, p->bottom + 18,
			     !i		    ? "start" :
			     i == TICKS - 1 ? "end" :
					      "middle",
			     days ? 11 : 8, days ? when + 5 : when + 11);
	}
	/* The day, once */
	if (!days) {
		char when[SEA_WHEN_LEN];

		sea_html_when(p->since_ns, when);
		sea_text_add(
			p->out,
			"<text class=\"dim\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%.10s %s</text>\n",
			NAMES - 8, p->bottom + 18, when, when + 19);
	}
}

static void add_name(const struct picture *p, const char *name, double y)
{
	char cut[256];

	sea_text_cut(name, NAME_WIDTH, cut, sizeof(cut));
	sea_text_add(p->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" direction=\"ltr\">",
		     NAMES - 8, y);
	sea_html_text(p->out, cut);
	if (strcmp(cut, name)) {
		sea_text_add(p->out, "<title>");
		sea_html_text(p->out, name);
		sea_text_add(p->out, "</title>");
	}
	sea_text_add(p->out, "</text>\n");
}

/* One letter each, which the legend explains */
static const char *letter_of(const struct sea_report_event *event)
{
	switch (event->event.kind) {
	case SEA_HOST_MEMORY_FAILURE:
	case SEA_HOST_MF_EVENT:
		return "M";
	case SEA_HOST_SIGBUS:
		return "S";
	default:
		return "R";
	}
}

static void add_host_row(struct picture *p, __u32 host)
{
	double last[3] = {-100, -100, -100};
	char name[SEA_HOST_LEN + 8];
	size_t i;
	bool any = false;

	for (i = 0; i < p->report->nr_events; i++) {
		const struct sea_report_event *event = &p->report->events[i];
		const char *letter = letter_of(event);
		int kind = *letter == 'M' ? 0 : *letter == 'S' ? 1 : 2;
		double x = x_of(p, event->ns);

		if (event->host != host)
			continue;
		any = true;
		/* Those in one place are one letter. */
		if (x - last[kind] < 7)
			continue;
		last[kind] = x;
		sea_text_add(p->out,
			     "<text class=\"event\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s"
			     "<title>",
			     x, p->y + 9 + 5 * kind, letter);
		sea_html_text(p->out, sea_host_kind_name(event->event.kind));
		sea_text_add(p->out, "</title></text>\n");
	}
	if (!any)
		return;
	snprintf(name, sizeof(name), "host %s", p->report->hosts[host]);
	add_name(p, name, p->y + 14);
	p->y += 24;
}

static void add_parts(const struct picture *p, const struct sea_report_vm *vm)
{
	int i, d;

	for (i = 0; vm->parts && i < SEA_REPORT_PARTS; i++)
		for (d = 0; d < SEA_DISPOSITIONS; d++) {
			__u64 number = vm->parts[i].disposition[d];
			__s64 middle = p->report->parts_since_ns + p->report->part_ns * i +
				       p->report->part_ns / 2;
			double y = p->y + p->row_height / 2.0;

			if (!number)
				continue;
			/* No mark stands behind the end of its VM. */
			if (vm->ended_ns && middle > vm->ended_ns)
				middle = vm->ended_ns;
			if (p->row_height > 22)
				y = p->y + 2 + LANE * p->lane[d] + LANE / 2.0;
			sea_text_add(p->out, "<g><title>%llu %s</title>",
				     (unsigned long long)number,
				     sea_disposition_name((unsigned int)d));
			add_shape(p->out, (unsigned int)d, x_of(p, middle), y);
			sea_text_add(p->out, "</g>\n");
		}
}

static void add_vm_row(struct picture *p, const struct sea_report_vm *vm)
{
	double y = p->y + p->row_height / 2.0;
	double from = x_of(p, vm->first_ns ? vm->first_ns : p->since_ns);
	double to = x_of(p, vm->ended_ns ? vm->ended_ns : p->until_ns);

	add_name(p, vm->name, y + 4);
	sea_text_add(p->out,
		     "<line class=\"life\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
		     from, y, to, y);
	add_parts(p, vm);
	if (vm->ended_ns) {
		sea_text_add(p->out, "<path class=\"end\" d=\"M%.1f %.1fl9 9m0-9l-9 9\"><title>",
			     to - 4.5, y - 4.5);
		sea_html_text(p->out, sea_report_fate_name(vm->fate));
		sea_text_add(p->out, "</title></path>\n");
	}
	p->y += p->row_height;
}

/* How high all rows are together */
static int height_of_rows(const struct picture *p, size_t vms)
{
	bool has_events[16] = {false};
	int hosts = 0;
	size_t i;

	for (i = 0; i < p->report->nr_events; i++)
		if (p->report->events[i].host < 16)
			has_events[p->report->events[i].host] = true;
	for (i = 0; i < 16; i++)
		hosts += has_events[i];
	return hosts * 24 + (int)vms * p->row_height;
}

static void add_legend(const struct picture *p)
{
	static const char *const events[] = {"M memory_failure() on the host", "S SIGBUS to a VMM",
					     "R other RAS event"};
	struct sea_text *out = p->out;
	int i;

	sea_text_add(out, "<figcaption><ul class=\"legend\">\n");
	for (i = 0; i < SEA_DISPOSITIONS; i++) {
		if (p->lane[i] < 0)
			continue;
		sea_text_add(out,
			     "<li><svg viewBox=\"0 0 12 12\" class=\"key\" aria-hidden=\"true\">");
		add_shape(out, (unsigned int)i, 6, 6);
		sea_text_add(out, "</svg> %s</li>\n", sea_disposition_name((unsigned int)i));
	}
	sea_text_add(out, "<li>✕ the VM ended</li>\n<li>hatched: SEAs may be missing</li>\n");
	for (i = 0; p->report->nr_events && i < 3; i++)
		sea_text_add(out, "<li>%s</li>\n", events[i]);
	sea_text_add(out, "</ul></figcaption>\n");
}

static void add_description(const struct picture *p, size_t vms)
{
	char since[SEA_WHEN_LEN], until[SEA_WHEN_LEN];

	sea_html_when(p->since_ns, since);
	sea_html_when(p->until_ns, until);
	sea_text_add(p->out,
		     "<title>SEAs of %zu VMs over time</title>"
		     "<desc>From %s to %s. A row for each VM, with a mark for "
		     "each part of the time in which it took SEAs. The same is in the table "
		     "below.</desc>\n",
		     vms, since, until);
}

static void add_picture(struct picture *p, size_t vms)
{
	struct sea_text *out = p->out;
	size_t i;

	p->bottom = TOP + height_of_rows(p, vms);
	sea_text_add(out,
		     "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline\">"
		     "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"SEAs "
		     "over time\">\n",
		     WIDTH, p->bottom + 28);
	add_description(p, vms);
	sea_text_add(out, "<defs><pattern id=\"gap\" width=\"7\" height=\"7\" "
			  "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
			  "<rect class=\"gapfill\" width=\"7\" height=\"7\"/>"
			  "<line class=\"gapline\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\"/>"
			  "</pattern></defs>\n");
	add_gaps(p);
	add_axis(p);
	p->y = TOP;
	for (i = 0; i < p->report->nr_hosts && i < 16; i++)
		add_host_row(p, (__u32)i);
	for (i = 0; i < vms; i++)
		add_vm_row(p, &p->report->vms[i]);
	sea_text_add(out, "</svg></div>\n");
}

static bool is_empty(const struct sea_report_part *part)
{
	int d;

	for (d = 0; d < SEA_DISPOSITIONS; d++)
		if (part->disposition[d])
			return false;
	return true;
}

static void add_counts(struct sea_text *out, const struct sea_report_part *part)
{
	const char *ahead = "";
	int d;

	for (d = 0; d < SEA_DISPOSITIONS; d++) {
		if (!part->disposition[d])
			continue;
		sea_text_add(out, "%s%llu %s", ahead, (unsigned long long)part->disposition[d],
			     sea_disposition_name((unsigned int)d));
		ahead = ", ";
	}
}

/* One VM: a row for each part of the time in which it took SEAs. Returns how many. */
static size_t add_vm_rows(const struct picture *p, const struct sea_report_vm *vm, size_t max)
{
	size_t nr = 0, rows = 0;
	int i;

	for (i = 0; vm->parts && i < SEA_REPORT_PARTS; i++)
		nr += !is_empty(&vm->parts[i]);
	nr = nr < max ? nr : max;
	for (i = 0; i < SEA_REPORT_PARTS && rows < nr; i++) {
		if (is_empty(&vm->parts[i]))
			continue;
		sea_text_add(p->out, "<tr>");
		if (!rows++) {
			sea_text_add(p->out, "<th scope=\"rowgroup\" rowspan=\"%zu\">", nr);
			sea_html_name(p->out, vm->name);
			sea_text_add(p->out, "</th>");
		}
		sea_text_add(p->out, "<td>");
		sea_html_time(p->out, p->report->parts_since_ns + p->report->part_ns * i);
		sea_text_add(p->out, "</td><td>");
		add_counts(p->out, &vm->parts[i]);
		sea_text_add(p->out, "</td></tr>\n");
	}
	return nr;
}

/* The same for who cannot see it */
static void add_as_table(const struct picture *p, size_t vms)
{
	struct sea_text *out = p->out;
	size_t i, left = SEA_HTML_ROWS;

	sea_text_add(out, "<details><summary>The timeline as a table</summary>\n"
			  "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
			  "aria-label=\"The timeline as a table\"><table><thead><tr>"
			  "<th scope=\"col\">VM</th><th scope=\"col\">From</th>"
			  "<th scope=\"col\">SEAs</th></tr></thead>\n<tbody>\n");
	for (i = 0; i < vms && left; i++)
		left -= add_vm_rows(p, &p->report->vms[i], left);
	if (left == SEA_HTML_ROWS)
		sea_text_add(out, "<tr><td colspan=\"3\">no SEA</td></tr>\n");
	sea_text_add(out, "</tbody></table></div>\n");
	if (!left)
		sea_text_add(out, "<p>The first %d rows.</p>\n", SEA_HTML_ROWS);
	sea_text_add(out, "</details>\n");
}

void sea_html_timeline(struct sea_text *out, const struct sea_report *report)
{
	struct picture p = {.out = out, .report = report};
	size_t vms = report->nr_vms < SEA_HTML_LANES ? report->nr_vms : SEA_HTML_LANES;

	if (!report->first_ns) {
		sea_text_add(out, "<p>Nothing was recorded in that time.</p>\n");
		return;
	}
	p.since_ns = report->parts_since_ns;
	p.until_ns = report->parts_since_ns + report->part_ns * SEA_REPORT_PARTS;
	make_lanes(&p);
	sea_text_add(out, "<figure>\n");
	add_picture(&p, vms);
	add_legend(&p);
	sea_text_add(out, "</figure>\n");
	if (report->nr_vms > vms)
		sea_text_add(out, "<p>%zu more VMs, with fewer SEAs, are not in the picture.</p>\n",
			     report->nr_vms - vms);
	add_as_table(&p, vms);
}
