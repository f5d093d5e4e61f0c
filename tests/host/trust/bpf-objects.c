// SPDX-License-Identifier: GPL-2.0-only
/*
 * bpf-objects - how many BPF programs, maps and links there are on this machine.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

/* Goes from id to id until the kernel has no more. */
static long count(enum bpf_cmd next)
{
	union bpf_attr attr;
	__u32 id = 0;
	long n = 0;

	for (;;) {
		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (syscall(SYS_bpf, next, &attr, sizeof(attr)))
			return errno == ENOENT ? n : -1;
		id = attr.next_id;
		n++;
	}
}

int main(void)
{
	printf("{\"programs\":%ld,\"maps\":%ld,\"links\":%ld}\n", count(BPF_PROG_GET_NEXT_ID),
	       count(BPF_MAP_GET_NEXT_ID), count(BPF_LINK_GET_NEXT_ID));
	return 0;
}
