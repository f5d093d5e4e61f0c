/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * glob.h - shell patterns over UTF-8, whatever the locale.
 */
#ifndef SEA_GLOB_H
#define SEA_GLOB_H

#include <stdbool.h>

/*
 * The text matches the pattern, as fnmatch(3) with these flags; "?" is one character
 * of UTF-8, also under LC_ALL=C, where fnmatch() alone would take it for a byte. (What
 * does not match so, glibc tries byte by byte as well: "??" may be one character.) On
 * a system without the locale C.UTF-8 it is the program's own locale that counts.
 */
bool sea_glob_match(const char *pattern, const char *text, int flags);

#endif /* SEA_GLOB_H */
