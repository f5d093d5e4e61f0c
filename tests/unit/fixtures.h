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

#include "model/view.h"

#define SEC 1000000000ULL
/* A new directory below /tmp, for one test; 0: it is there. */
int fixture_make_dir(char dir[64]);
/* Removes it with all that is in it, and what is mounted there. */
int fixture_remove_dir(const char *dir);
/* The same as cmocka's setup and teardown: of one directory, and a store's path in it. */
extern char fixture_dir[64], fixture_store[128];
int fixture_make_store(void **state);
int fixture_remove_store(void **state);

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* 2026-11-23 06:50:44 UTC: when the fixtures were looked at, 100 s after boot */
#define FIXTURE_TIME 1795416644

/* A VM with so many SEAs of each disposition, and nothing else. */
struct sea_vm vm_with(__u64 id, const char *comm, __u64 claimed, __u64 host_owned,
		      __u64 not_opted_in, __u64 forwarded);

/* The same in a snapshot, called COMM-PID. */
struct sea_vm_state state_with(__u64 id, const char *comm, __u64 claimed, __u64 host_owned,
			       __u64 not_opted_in, __u64 forwarded);
/* Who such a VM is. */
const struct sea_vm_info *info_of(const struct sea_vm *vm);
/* Gives the VM another name. */
void call_vm(struct sea_vm_state *state, const char *name);

/* The session of the fixtures: host hv01, since 10 s after boot. */
void make_session(struct sea_session *session);

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
