// SPDX-License-Identifier: GPL-2.0-only
/*
 * While a guest's guest runs, KVM has the page that the guest gave it for VNCR_EL2 in
 * the host's own address space: in the fixmap, at an address for each CPU. The table
 * is bm_pte, a part of the kernel's image. KVM writes the descriptor whenever it
 * loads or puts the vCPU, so its line may be bad only while the vCPU runs.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kvm.h"
#include "ras.h"
#include "vncr-walk.h"

#define DESC_VALID 1UL
#define DESC_ADDRESS 0x0000fffffffff000UL

/* The fixmap is of a few MiB: as many tables, and what follows them is none. */
#define NR_TABLES 4
#define DESCS (NR_TABLES * RAS_PAGE_SIZE / sizeof(uint64_t))

static uint64_t symbol(const char *name)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	uint64_t address, found = 0;
	char line[256], text[128];

	if (!file)
		err(EXIT_ENVIRONMENT, "/proc/kallsyms");
	while (!found && fgets(line, sizeof(line), file))
		if (sscanf(line, "%" SCNx64 " %*c %127s", &address, text) == 2 &&
		    !strcmp(text, name))
			found = address;
	fclose(file);
	if (!found)
		errx(EXIT_ENVIRONMENT, "/proc/kallsyms does not say where %s is", name);
	return found;
}

/* Where the kernel's data is in physical memory */
static uint64_t kernel_data(void)
{
	FILE *file = fopen("/proc/iomem", "re");
	uint64_t start, found = 0;
	char line[256];

	if (!file)
		err(EXIT_ENVIRONMENT, "/proc/iomem");
	while (!found && fgets(line, sizeof(line), file))
		if (strstr(line, ": Kernel data") && sscanf(line, "%" SCNx64, &start) == 1)
			found = start;
	fclose(file);
	if (!found)
		errx(EXIT_ENVIRONMENT, "/proc/iomem does not say where the kernel's data is");
	return found;
}

uint64_t vncr_table(void)
{
	return kernel_data() + symbol("bm_pte") - symbol("_sdata");
}

uint64_t vncr_mapped(uint64_t desc)
{
	uint64_t value = ras_peek(desc);

	return value & DESC_VALID ? value & DESC_ADDRESS : 0;
}

uint64_t vncr_find(uint64_t table, const uint64_t *pages, unsigned int nr_pages)
{
	for (unsigned int i = 0; i < DESCS; i++) {
		uint64_t desc = table + i * sizeof(uint64_t), mapped = vncr_mapped(desc);

		for (unsigned int page = 0; mapped && page < nr_pages; page++)
			if (mapped == pages[page])
				return desc;
	}
	return 0;
}
