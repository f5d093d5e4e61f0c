/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stage.h - recordings made up step by step, for the tests of whoever reads them. What
 * is put on the stage goes through the recorder into a store, as a live feed's would.
 */
#ifndef SEA_TEST_STAGE_H
#define SEA_TEST_STAGE_H

#include "model/record.h"
#include "store/recorder.h"

#define STAGE_VMS 16

/* 2026-11-23 06:49:04 UTC: when the hosts of the stage were started; then it is second 0 */
#define STAGE_BOOT_TIME (1795416644 - 100)

struct stage {
	struct sea_recorder *recorder;
	struct sea_session session;
	struct sea_snapshot snapshot;
	struct sea_vm_state vms[STAGE_VMS];
	struct sea_vm_info *infos[STAGE_VMS];
	struct sea_loss loss;
	__u64 ns; /* CLOCK_BOOTTIME now */
	/* Of the details that come: what they have besides the numbers. */
	__u64 esr, far, ipa, pc;
	__u32 vcpu;
	__u64 key_offset; /* of the VMs that come: their process is 4000, their number, and that */
	bool without_detail; /* SEAs and answers are counted, and not told one by one */
	char path[128];
};

/* Begins a session of a host in a store, at a second since its boot. run: one character. */
void stage_begin(struct stage *stage, const char *path, const char *host, char run, __u64 second);
/* A VM of this name, numbered from 1 on. */
__u64 stage_vm(struct stage *stage, const char *name);
/* What the kernel had counted of the VM when the session began */
void stage_had_before(struct stage *stage, __u64 vm, enum sea_disposition disposition, __u64 seas);
/* One SEA of the VM, now; page may be NULL. */
void stage_sea(struct stage *stage, __u64 vm, enum sea_disposition disposition,
	       enum sea_reason reason, const struct sea_page *page);
void stage_answer(struct stage *stage, __u64 vm, enum sea_response response, __u64 latency_ns);
/* All counters are read at this second since boot, and so is the clock. */
void stage_tick(struct stage *stage, __u64 second);
/* The clock goes on without a tick. */
void stage_wait(struct stage *stage, __u64 ns);
/* The VM ends now; wait_status as of wait(2), -1: not known. */
void stage_end_vm(struct stage *stage, __u64 vm, int wait_status);
/* vm 0: nobody's */
void stage_host(struct stage *stage, __u64 vm, const struct sea_host_event *event);
void stage_gap(struct stage *stage, enum sea_gap_cause cause, __u64 since, __u64 until,
	       const char *why);
/* The session is stopped and all of it is in the store; lost: the program is killed. */
void stage_finish(struct stage *stage, bool lost);

/* The wall time of a second since boot, as nanoseconds since 1970 */
__s64 stage_wall_ns(__u64 second);

#endif /* SEA_TEST_STAGE_H */
