/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scene.h - two sessions of one boot, record by record, with every field of every kind
 * of record set in one of them. For the tests of whatever keeps records.
 */
#ifndef SEA_TEST_SCENE_H
#define SEA_TEST_SCENE_H

#include "base/text.h"
#include "model/record.h"

/*
 * 2026-11-23 06:50:44 UTC is 100 s after boot. Session 1 counts from 10 s on:
 *   id 1, "db01", two SEAs with details at 97 s (the second one with a page) and an answer;
 *   id 2, of which at first only the process is known;
 *   id 3, "batch", which ends at 99 s and leaves the table in the tick at 103 s.
 * Ticks at 100, 101, 102 and so on; those of 104 to 106 are idle, and so is 107, which
 * an event of the host tells apart. It is stopped at 108 s.
 * Session 2 counts from 120 s on; its id 1 is "db02", its id 2 is db01 again.
 */
#define SCENE_RECORDS 28

/* The records of the scene, one after the other; good until the next call. */
typedef void (*scene_visit)(const struct sea_record *record, void *context);
void scene_play(scene_visit visit, void *context);

/* The scene as a recorder writes it, in the text form; the caller frees it. */
struct sea_text scene_text(bool redact);
/* The same in a new file; template as for mkstemp(3). */
void scene_to_file(char *template);

/* Asserts that both say the same, all but the ids of struct sea_session::replayed. */
void assert_same_record(const struct sea_record *a, const struct sea_record *b);

#endif /* SEA_TEST_SCENE_H */
