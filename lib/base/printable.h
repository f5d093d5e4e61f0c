/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * printable.h - what makes somebody else's bytes safe to show.
 */
#ifndef SEA_PRINTABLE_H
#define SEA_PRINTABLE_H

#include <stddef.h>

/*
 * Copies text so that it can go to a terminal and into JSON: control and
 * direction-changing characters, those that do not show (blanks but the space, soft
 * hyphens, fillers), code points that Unicode has not given to a character, and
 * bytes that are no UTF-8 become '?'. Writes at most size bytes, NUL included, and cuts between
 * characters. Returns the length of the result.
 */
size_t sea_printable(const char *text, size_t len, char *out, size_t size);

#endif /* SEA_PRINTABLE_H */
