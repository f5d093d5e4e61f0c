/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * registry.h - who the VMs of a session are, found out when each is first seen.
 *
 * It is the one place where a feed asks for names. What it finds becomes a struct
 * sea_vm_info, which goes with every record and row of the VM.
 */
#ifndef SEA_REGISTRY_H
#define SEA_REGISTRY_H

#include "model/clock.h"
#include "model/snapshot.h"
#include "model/vm.h"
#include "names/names.h"

struct sea_registry;

/* What a VM's first record or row says of it. */
struct sea_sight {
	struct sea_vm_identity identity;
	struct sea_vm_key key;
	__u64 first_ns; /* CLOCK_BOOTTIME */
};

/*
 * names is asked for every VM, and stays the caller's. The caller gives *registry back
 * with sea_registry_close(), which takes NULL too.
 */
int sea_registry_open(struct sea_vm_names *names, struct sea_registry **registry,
		      struct sea_error *err);
void sea_registry_close(struct sea_registry *registry);

/*
 * The VM that was seen. *news: it was not known before, or is known better now. The
 * answer is the registry's; NULL: out of memory.
 */
const struct sea_vm_info *sea_registry_meet(struct sea_registry *registry,
					    const struct sea_sight *sight,
					    const struct sea_clock *clock, bool *news);

/* The VM of this id if it was met, or NULL. */
const struct sea_vm_info *sea_registry_find(const struct sea_registry *registry, __u64 id);

/* That thread of its VMM took the VM's last SEA. */
void sea_registry_note_thread(struct sea_registry *registry, __u64 id, __u32 tid);

/*
 * The VM that the process of that start time runs, or else ran; NULL: none that was met, or
 * several, of which any may be meant. Of several it is the one whose last SEA that thread
 * took; tid 0: no thread is known.
 */
const struct sea_vm_info *sea_registry_find_process(const struct sea_registry *registry, __u32 tgid,
						    __u64 start_ns, __u32 tid);

/* The VMM of the process's VMs got a SIGBUS for bad memory with this si_code. */
void sea_registry_note_sigbus(struct sea_registry *registry, __u32 tgid, __u64 start_ns,
			      __s32 code);

/*
 * The wall time of the VM's SEA at boot_ns: that of the clock when it is first asked
 * for, and the same ever after for as long as it is the VM's last one.
 */
struct timespec sea_registry_date(struct sea_registry *registry, __u64 id, __u64 boot_ns,
				  const struct sea_clock *clock);

/* Tells of a VM that is new, or known better than before. */
typedef void (*sea_registry_news)(const struct sea_vm_info *info, void *context);

/*
 * Gives each VM in the snapshot its info and the wall time of its last SEA, marks those
 * that have just ended, and says what SIGBUS their VMMs got. VMs that are not in it are forgotten.
 */
int sea_registry_fill(struct sea_registry *registry, struct sea_snapshot *snapshot,
		      sea_registry_news tell, void *context, struct sea_error *err);

/*
 * For poll(): readable when a name may have become better; then sea_registry_rename() tells
 * of the VMs whose name has, ahead of the next filling.
 */
int sea_registry_fd(const struct sea_registry *registry);
void sea_registry_rename(struct sea_registry *registry, const struct sea_clock *clock,
			 sea_registry_news tell, void *context);

/*
 * Every filling waits for names from now on, so many milliseconds at most: for who reads
 * once and ends.
 */
void sea_registry_wait_for_names(struct sea_registry *registry, unsigned int milliseconds);

/* The number of VMs known. */
size_t sea_registry_count(const struct sea_registry *registry);

#endif /* SEA_REGISTRY_H */
