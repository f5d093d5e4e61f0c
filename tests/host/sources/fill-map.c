// SPDX-License-Identifier: GPL-2.0-only
/* fill-map NAME: fills all BPF maps of this name to the last element. */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

/* No key of the programs' own: the number of no thread */
#define FIRST_KEY 0x80000000U

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static unsigned int fill(int fd, const struct bpf_map_info *info)
{
	unsigned char *key = malloc(info->key_size), *value = calloc(1, info->value_size);
	union bpf_attr attr = {.map_fd = fd, .key = (uintptr_t)key, .value = (uintptr_t)value};
	unsigned int n;

	if (!key || !value || info->key_size < sizeof(uint32_t))
		errx(EXIT_FAILURE, "a key of %u bytes", info->key_size);
	memset(key, 0xff, info->key_size);
	for (n = 0; n <= info->max_entries; n++) {
		uint32_t start = FIRST_KEY + n;

		memcpy(key, &start, sizeof(start));
		if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
			break;
	}
	if (errno != E2BIG)
		err(EXIT_FAILURE, "after %u elements", n);
	free(key);
	free(value);
	return n;
}

int main(int argc, char **argv)
{
	union bpf_attr next = {0};
	unsigned int filled = 0;

	if (argc != 2)
		errx(EXIT_FAILURE, "usage: fill-map NAME");
	while (!bpf(BPF_MAP_GET_NEXT_ID, &next)) {
		union bpf_attr by_id = {.map_id = next.next_id};
		struct bpf_map_info info = {0};
		union bpf_attr get = {.info = {.info = (uintptr_t)&info, .info_len = sizeof(info)}};
		int fd = bpf(BPF_MAP_GET_FD_BY_ID, &by_id);

		next.start_id = next.next_id;
		if (fd < 0)
			continue;
		get.info.bpf_fd = fd;
		if (!bpf(BPF_OBJ_GET_INFO_BY_FD, &get) && !strcmp(info.name, argv[1]))
			filled += fill(fd, &info);
		close(fd);
	}
	printf("%u elements\n", filled);
	return filled ? EXIT_SUCCESS : EXIT_FAILURE;
}
