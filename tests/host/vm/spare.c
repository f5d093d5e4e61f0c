// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "spare.h"

/* What QEMU says of the RAM, whatever the kernel was told: start and size, big-endian */
#define DT_MEMORY "/proc/device-tree/memory@40000000/reg"

static uint64_t end_of_memory(void)
{
	int fd = open(DT_MEMORY, O_RDONLY | O_CLOEXEC);
	uint64_t reg[2];

	if (fd < 0 || read(fd, reg, sizeof(reg)) != sizeof(reg))
		err(EXIT_ENVIRONMENT, DT_MEMORY);
	close(fd);
	return be64toh(reg[0]) + be64toh(reg[1]);
}

/* Where the memory ends that the kernel has */
static uint64_t end_of_kernel_memory(void)
{
	FILE *file = fopen("/proc/iomem", "re");
	uint64_t last = 0, start, end;
	char line[256];

	if (!file)
		err(EXIT_ENVIRONMENT, "/proc/iomem");
	while (fgets(line, sizeof(line), file))
		if (strstr(line, " : System RAM") &&
		    sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) == 2 && end > last)
			last = end;
	fclose(file);
	return last + 1;
}

uint64_t spare_memory(size_t size)
{
	uint64_t pa = (end_of_memory() - size) & ~(GUEST_WINDOW - 1UL);

	if (pa < end_of_kernel_memory())
		errx(EXIT_ENVIRONMENT, "the kernel has all memory: boot it with mem=");
	return pa;
}
