/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * incident.h - a night on two hosts, for the tests of reports.
 */
#ifndef SEA_TEST_INCIDENT_H
#define SEA_TEST_INCIDENT_H

/*
 * On rack7, seconds since its boot (2026-11-23 06:49:04 UTC):
 *   20  db01 takes 3 forwarded SEAs on frame 0x1234, which the host holds for bad: 2 are
 *       injected (2 ms, 4 ms), one is resumed after 1.5 s; memory_failure() says EBUSY
 *   30  db01 takes one that is claimed, gets a SIGBUS, and dies of it at 30.4
 *   40  web takes 2 forwarded SEAs on frame 0x5678, which the host does not hold for bad,
 *       and ends 3 s after them, unanswered
 *   50  batch takes one on frame 0x5678, too: not_opted_in
 *   60  storm takes 1000 host_owned SEAs (s2_walk), of which 10 have details; 990 are lost
 *       to the rate limit; from 60 to 61 nothing shows that hooks are called
 *   70  idle is there, and takes none; quiet ends without any
 * The recorder is killed at 70 and runs again from 100 to 110: storm takes 1 more.
 */
#define INCIDENT_SEAS (3 + 1 + 2 + 1 + 1000 + 1)
void incident_play(const char *path);

/* The same time on rack8: one VM, whose name is hostile, takes one unknown SEA at 25. */
#define INCIDENT_HOSTILE "</script>]]><b>\"'&=1+1"
void incident_play_other(const char *path);

#endif /* SEA_TEST_INCIDENT_H */
