/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fault-vfs.h - SQLite's files, of which some fail when a test wants them to.
 */
#ifndef SEA_TEST_FAULT_VFS_H
#define SEA_TEST_FAULT_VFS_H

#define FAULT_VFS "fault"

struct fault {
	int code;  /* what the failing calls return: SQLITE_FULL, SQLITE_IOERR_WRITE; 0: none */
	int after; /* so many writes and syncs work before */
	int calls; /* writes and syncs so far */
	int read;  /* what reads return; 0: they work */
	int lazy;  /* syncs do nothing: for many of them in little time */
	_Atomic int is_held; /* reads wait until it is 0: a disk that does not answer */
	_Atomic int waiting; /* reads that do */
	long long written;   /* bytes so far, whatever became of them */
};

extern struct fault fault;

/* Makes the VFS known to SQLite; the files themselves are the default one's. */
void fault_vfs_register(void);
/* The same, and it is the one that is taken where none is named. */
void fault_vfs_be_default(void);

#endif /* SEA_TEST_FAULT_VFS_H */
