/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fixtures.h - what the unit tests share: cmocka and made-up VMs.
 */
#ifndef SEA_TEST_FIXTURES_H
#define SEA_TEST_FIXTURES_H

/* cmocka.h needs these ahead of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/counters.h"

#define SEC 1000000000ULL
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A procfs without processes: names come from comm. */
struct sea_vm_names *names_without_proc(void);

/* A VM with so many SEAs of each disposition, and nothing else. */
struct sea_vm vm_with(__u64 id, const char *comm, __u64 claimed, __u64 host_owned,
		      __u64 not_opted_in, __u64 forwarded);

/*
 * A snapshot of three VMs at 100 s after boot, 2026-11-23 06:50:44 UTC: db01
 * was forwarded an ambiguous walk 3 s ago, web has an s2_walk storm, the third
 * has ended. The first two are listed, with 4 and 2 vCPUs; db01 opted in.
 */
void make_snapshot(struct sea_snapshot *snapshot);

/* The view of `now` after `before` (or NULL), in the order of the ids. */
void make_view(struct sea_view *view, const struct sea_snapshot *now,
	       const struct sea_snapshot *before);

#endif /* SEA_TEST_FIXTURES_H */
