/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuse.h - a file system of one file that can be read and is never written back: what
 * a file server that has gone is to those who map its files.
 */
#ifndef FUSE_H
#define FUSE_H

#define FUSE_FILE "file"
#define FUSE_FILE_BYTES 4096

/*
 * The file goes through the page cache for who opens it first, and past it for who does
 * later: that one's mmap() waits, with its memory map locked for writing, until what the
 * first one wrote has been written back.
 *
 * Mounts it at the directory and serves it until it is unmounted or the process dies,
 * which ends whatever waits for a write. Calls ready(context) when it is mounted.
 * Returns less than 0 with errno set if it cannot.
 */
int fuse_serve(const char *directory, void (*ready)(void *context), void *context);

#endif /* FUSE_H */
