/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host-text.h - the text of a host event, put together from parts of foreign text; and the
 * words that several tools use.
 */
#ifndef SEA_HOST_TEXT_H
#define SEA_HOST_TEXT_H

#include "base/span.h"
#include "model/record.h"

/* Starts an event of this kind: no CPU, nothing known. */
void sea_host_begin(struct sea_host_event *event, enum sea_host_kind kind);
/*
 * Adds a part, made safe to show, with the separator before it. Of a first part's
 * separator only what is behind a comma stays: ", FRU " becomes "FRU ".
 */
void sea_host_add(struct sea_host_event *event, const char *separator, struct sea_span part);
void sea_host_addf(struct sea_host_event *event, const char *separator, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The number of a result of memory_failure()'s handlers: "Ignored" is 0, "Failed" 1,
 * "Delayed" 2, "Recovered" 3 (enum mf_result); false: it is none of them.
 */
bool sea_host_result(struct sea_span word, __s64 *result);

#endif /* SEA_HOST_TEXT_H */
