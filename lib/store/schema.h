/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * schema.h - the tables of a store, and how an older store becomes one of today.
 *
 * What the tables are for, and what each column means, is in seatop-store(5). Only
 * these files and lib/report write SQL.
 */
#ifndef SEA_SCHEMA_H
#define SEA_SCHEMA_H

#include <sqlite3.h>

/* PRAGMA application_id: "SEAT". What has another one is no store of ours. */
#define SEA_SCHEMA_APPLICATION 0x53454154

/* PRAGMA user_version of a store of today. */
#define SEA_SCHEMA_VERSION 3

/* The rows of tick_vm that are no VM's. */
#define SEA_SCHEMA_OTHER 0 /* all VMs past the table's bound */
#define SEA_SCHEMA_GONE -1 /* all ended VMs whose rows made room for new ones */

/*
 * Brings a store of any version up to today's, an empty file included, in one
 * transaction. Returns SQLite's code.
 */
int sea_schema_migrate(sqlite3 *db, int from);

/*
 * Lets an older store, which may only be read, look like one of today to this connection
 * alone. Returns SQLite's code.
 */
int sea_schema_adapt(sqlite3 *db, int from);

#endif /* SEA_SCHEMA_H */
