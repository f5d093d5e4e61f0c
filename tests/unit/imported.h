/* SPDX-License-Identifier: GPL-2.0-only */
/* imported.h - what an importer yields, kept for a test. */
#ifndef IMPORTED_H
#define IMPORTED_H

#include <stdio.h>

#include "import/import.h"
#include "model/snapshot.h"

#define IMPORTED_MAX 512

struct imported_record {
	enum sea_record_type type;
	__u64 time_ns;
	struct timespec wall;
	struct sea_session session;
	struct sea_host_event host;
	struct sea_event event;
	char vm[SEA_VM_NAME_LEN];
	struct sea_vm sum;    /* TICK: over all VMs */
	struct sea_loss loss; /* TICK */
};

struct imported {
	struct sea_import_options options;
	struct sea_import_sum sum;
	struct sea_error err;
	int rc;
	size_t nr;
	struct imported_record records[IMPORTED_MAX];
};

typedef int (*imported_read)(FILE *file, const struct sea_import_options *options,
			     struct sea_import_sum *sum, struct sea_error *err);

/* Fills in who takes records, and a name. The rest of the options stays. */
void imported_begin(struct imported *imported);
/* Imports the text. */
void imported_text(struct imported *imported, imported_read read, const char *text, size_t len);
/* The sample beside the test, whole; the caller frees it. */
char *imported_sample(const char *name, size_t *len);
/* The record of this type and number, from 0; fails the test if there is none. */
const struct imported_record *imported_get(const struct imported *imported,
					   enum sea_record_type type, size_t number);
size_t imported_count(const struct imported *imported, enum sea_record_type type);
/*
 * Imports the sample cut at every length: host events, SEAs and answers are those of the
 * whole, but for the last one, whose line may be the one that was cut.
 */
void imported_cut(imported_read read, const char *name);

#endif /* IMPORTED_H */
