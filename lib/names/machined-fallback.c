// SPDX-License-Identifier: GPL-2.0-only
#include "names/machined.h"

bool sea_vm_machined(uint32_t pid, char *out, size_t size)
{
	(void)pid;
	(void)out;
	(void)size;
	return false;
}
