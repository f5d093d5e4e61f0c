// SPDX-License-Identifier: GPL-2.0-only
#include "procfs.h"

#include <string.h>

#include "names/look.h"

static void stat_start_time(void **state)
{
	static const struct {
		const char *text;
		bool found;
		uint64_t ticks;
	} cases[] = {
		{"1 (init) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 4711 99\n", true, 4711},
		{"7 (a) b (c) R) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 4711 9\n", true, 4711},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 18446744073709551615 9", true,
		 UINT64_MAX},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 18446744073709551616 9", false, 0},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 -5 9", false, 0},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0", false, 0},
		{"7 (x S 0 1", false, 0},
		{"", false, 0},
	};
	uint64_t ticks;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool found = sea_vm_start_from_stat(cases[i].text, strlen(cases[i].text), &ticks);

		assert_int_equal(found, cases[i].found);
		if (found)
			assert_true(ticks == cases[i].ticks);
	}
}

/* Both parts, one after the other, as a thread would do them. */
static struct sea_vm_look *look_at(const struct procfs *proc, uint32_t pid, uint64_t start_ns,
				   bool cmdline_known)
{
	struct sea_vm_look *look = sea_vm_look_new(proc->root, pid, start_ns);

	assert_non_null(look);
	look->cmdline_known = cmdline_known;
	if (look->errand.quick(&look->errand))
		look->errand.slow(&look->errand);
	return look;
}

static void a_process(void **state)
{
	static const char cmdline[] = "vmm\0--name\0x\0";
	struct sea_vm_look *look;

	procfs_put(*state, 50, 5, BYTES(cmdline), "0::/vms/x\n");
	look = look_at(*state, 50, ticks_ns(5) + 3, false);
	assert_true(look->there);
	assert_string_equal(look->cgroup, "/vms/x");
	assert_null(look->machine);
	assert_int_equal(look->len, sizeof(cmdline) - 1);
	assert_memory_equal(look->cmdline, cmdline, look->len);
	assert_false(look->cut);
	look->errand.free(&look->errand);

	look = look_at(*state, 50, ticks_ns(5), true);
	assert_true(look->there);
	assert_null(look->cmdline);
	look->errand.free(&look->errand);

	/* Another one with that pid, and none */
	look = look_at(*state, 50, ticks_ns(6), false);
	assert_false(look->there);
	assert_null(look->cgroup);
	assert_null(look->cmdline);
	look->errand.free(&look->errand);
	look = look_at(*state, 51, ticks_ns(5), false);
	assert_false(look->there);
	look->errand.free(&look->errand);
}

/* As much as there may be, and more. */
static void a_long_command_line(void **state)
{
	static char cmdline[SEA_VM_CMDLINE_MAX + 1];
	struct sea_vm_look *look;

	memset(cmdline, 'x', sizeof(cmdline));
	procfs_put(*state, 50, 5, cmdline, sizeof(cmdline), "0::/\n");
	look = look_at(*state, 50, ticks_ns(5), false);
	assert_int_equal(look->len, SEA_VM_CMDLINE_MAX);
	assert_true(look->cut);
	look->errand.free(&look->errand);
}

#define WITH_PROC(test) cmocka_unit_test_setup_teardown(test, procfs_setup, procfs_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_start_time),
		WITH_PROC(a_process),
		WITH_PROC(a_long_command_line),
	};

	return cmocka_run_group_tests_name("look", tests, NULL, NULL);
}
