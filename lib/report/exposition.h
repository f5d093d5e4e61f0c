/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exposition.h - metrics as text for Prometheus and for whatever reads its formats.
 */
#ifndef SEA_EXPOSITION_H
#define SEA_EXPOSITION_H

#include "base/text.h"
#include "report/metrics.h"

/*
 * The two formats differ in the name that the type of a counter is told for: the
 * sample's in Prometheus's (sea_taken_total), the same without _total in OpenMetrics.
 * Each refuses the other's. So a text for both does not tell the types of counters.
 */
enum sea_exposition {
	SEA_EXPOSITION_BOTH,	    /* valid in both; counters have no type */
	SEA_EXPOSITION_PROMETHEUS,  /* text format 0.0.4 */
	SEA_EXPOSITION_OPENMETRICS, /* OpenMetrics 1.0 */
	SEA_EXPOSITIONS,
};

/* "both", "prometheus", "openmetrics"; static. */
const char *sea_exposition_name(unsigned int exposition);
/* The number of such a name, or -1. */
int sea_exposition_number(const char *name);

/* Adds all metrics to the text. No sample has a timestamp; the last line ends. */
void sea_exposition_add(const struct sea_metrics_view *view, enum sea_exposition exposition,
			struct sea_text *text);

/* One metric of the lists of fields, for the manual. */
struct sea_exposition_family {
	char name[80];
	const char *type; /* "counter", "gauge", "histogram" */
	char labels[80];  /* their names, with a comma between; "": none */
	char help[200];
};

/* Calls visit for each metric, in the order of the text. */
void sea_exposition_each(void (*visit)(const struct sea_exposition_family *family, void *context),
			 void *context);

#endif /* SEA_EXPOSITION_H */
