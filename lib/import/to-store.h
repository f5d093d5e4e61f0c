/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * to-store.h - what an importer yields, into a store: all of it or nothing.
 */
#ifndef SEA_TO_STORE_H
#define SEA_TO_STORE_H

#include "import/import.h"
#include "store/encode.h"
#include "store/writer.h"

/* Start with sea_import_begin(). */
struct sea_import_store {
	struct sea_writer *writer; /* the caller's */
	struct sea_encoder encoder;
};

/*
 * Begins a transaction. After success, either commit or cancel has to follow. A commit
 * that fails has cancelled.
 */
int sea_import_begin(struct sea_import_store *store, struct sea_writer *writer,
		     struct sea_error *err);
int sea_import_commit(struct sea_import_store *store, struct sea_error *err);
void sea_import_cancel(struct sea_import_store *store);

/* A sea_import_take whose context is a struct sea_import_store. */
int sea_import_store_take(void *store, const struct sea_record *record, struct sea_error *err);

/*
 * Fills in host, kernel, machine and clock of the boot by what a session of the store knew
 * of it; what the caller has filled in stays. False: the store has no session of that boot.
 */
bool sea_import_boot_of_store(const struct sea_db *db, struct sea_import_boot *boot);

/*
 * Fills in key, name, uuid, cgroup and comm of the VM whose VMM was the process tgid in that
 * boot. False: the store knows none, or several, of which it could be any.
 */
bool sea_import_vm_of_store(const struct sea_db *db, const char *boot_id, __u32 tgid,
			    struct sea_vm_info *info);

#endif /* SEA_TO_STORE_H */
