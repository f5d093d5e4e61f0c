/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log.h - notes of what was tried, for those who ask for them by -v.
 *
 * Nothing in lib/ writes to standard error: a program says where notes go.
 */
#ifndef SEA_LOG_H
#define SEA_LOG_H

#include <stdarg.h>

/* Gets one note, without a newline at its end. */
typedef void (*sea_log_sink)(const char *note);

/* Where notes go from now on; NULL, as at the start: nowhere. */
void sea_log_to(sea_log_sink sink);

/* One note. Newlines at its end are taken off; one that is too long is cut. */
void sea_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
void sea_log_list(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

#endif /* SEA_LOG_H */
