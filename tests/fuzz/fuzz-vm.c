// SPDX-License-Identifier: GPL-2.0-only
/* The first byte says which parser, the rest is what procfs gave. */
#include "fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "vm.h"

/* What every name must be: not empty, and the same after another cleaning. */
static void check_name(const char *name, size_t size)
{
	char again[SEA_VM_NAME_LEN];
	size_t len = strlen(name);

	CHECK(len > 0 && len < size);
	CHECK(sea_vm_sanitize(name, len, again, sizeof(again)) == len);
	CHECK(!strcmp(name, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	char name[SEA_VM_NAME_LEN];
	size_t room = sizeof(name);
	uint64_t ticks;

	if (!size)
		return 0;
	/* Upper half: into a small buffer. */
	if (data[0] & 0x80)
		room = 8;
	switch (data[0] % 4) {
	case 0:
		if (sea_vm_name_from_cmdline(text, size - 1, name, room))
			check_name(name, room);
		break;
	case 1:
		if (sea_vm_name_from_cgroup(text, size - 1, name, room))
			check_name(name, room);
		break;
	case 2:
		sea_vm_start_from_stat(text, size - 1, &ticks);
		break;
	default:
		if (sea_vm_sanitize(text, size - 1, name, room))
			check_name(name, room);
	}
	return 0;
}
