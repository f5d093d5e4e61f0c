// SPDX-License-Identifier: GPL-2.0-only
/*
 * In a build with libsystemd: what is made of its answers. The function below
 * takes the place of libsystemd's own.
 */
#include "fixtures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "names/machined.h"

int sd_pid_get_machine_name(pid_t pid, char **machine);

int sd_pid_get_machine_name(pid_t pid, char **machine)
{
	if (pid == 1)
		return -ENODATA;
	*machine = strdup(pid == 2 ? "" : "qemu-1-db01");
	return *machine ? 0 : -ENOMEM;
}

static void answers(void **state)
{
	char name[64] = "untouched";

	(void)state;
	assert_false(sea_vm_machined(1, name, sizeof(name)));
	assert_false(sea_vm_machined(2, name, sizeof(name)));
	assert_true(sea_vm_machined(3, name, sizeof(name)));
	assert_string_equal(name, "qemu-1-db01");
	assert_true(sea_vm_machined(3, name, 5));
	assert_string_equal(name, "qemu");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
	};

	return cmocka_run_group_tests_name("vm-machined", tests, NULL, NULL);
}
