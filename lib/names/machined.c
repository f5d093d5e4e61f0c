// SPDX-License-Identifier: GPL-2.0-only
#include "names/machined.h"

#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-login.h>

bool sea_vm_machined(uint32_t pid, char *out, size_t size)
{
	char *machine = NULL;

	if (sd_pid_get_machine_name((pid_t)pid, &machine) < 0)
		return false;
	snprintf(out, size, "%s", machine);
	free(machine);
	return *out;
}
