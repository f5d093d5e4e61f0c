/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel-btf.h - the kernel's description of its own types (BTF), and why it cannot be
 * read. libbpf has one errno for several causes, each of which asks for something else.
 */
#ifndef SEA_KERNEL_BTF_H
#define SEA_KERNEL_BTF_H

#include <stddef.h>

#include "base/error.h"

struct btf;

/* Where Linux shows it to everybody */
#define SEA_KERNEL_BTF_PATH "/sys/kernel/btf/vmlinux"

enum sea_btf_state {
	SEA_BTF_READ,
	SEA_BTF_ABSENT,	    /* the kernel was built without, or there is no sysfs */
	SEA_BTF_UNREADABLE, /* the file is there, but cannot be read */
	SEA_BTF_NEWER,	    /* it has what the libbpf at hand does not know */
	SEA_BTF_DAMAGED,    /* it is no BTF, or not a whole one */
};

/*
 * Reads BTF from the file. SEA_BTF_READ: *btf is the caller's, who frees it by
 * btf__free(). Anything else: what it is, why, and what to do are in err.
 */
enum sea_btf_state sea_btf_read(const char *path, struct btf **btf, struct sea_error *err);

/*
 * What libbpf may have failed on in BTF data: the first kind of type that was not known
 * when this was written; 0 if there is none and the data are whole; -1 if they are not.
 */
int sea_btf_new_kind(const void *data, size_t size);

#endif /* SEA_KERNEL_BTF_H */
