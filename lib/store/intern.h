/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * intern.h - texts that a reader keeps: one copy of each, for as long as it lives.
 * Snapshots point to texts that never go; those of a recording are kept here.
 */
#ifndef SEA_INTERN_H
#define SEA_INTERN_H

struct sea_intern;

/* The copy of text, which *intern (NULL at the start) has; NULL: text is, or no memory. */
const char *sea_intern(struct sea_intern **intern, const char *text);
void sea_intern_free(struct sea_intern **intern);

#endif /* SEA_INTERN_H */
