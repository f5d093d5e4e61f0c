// SPDX-License-Identifier: GPL-2.0-only
/* What firmware offers and what Linux took of it, on systems that are made up. */
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "hest-table.h"
#include "made-up-root.h"

static struct sea_firmware firmware;

static void look(const char *root)
{
	memset(&firmware, 0, sizeof(firmware));
	sea_firmware_look(&firmware, root);
}

static void put_table(const char *root, struct hest_table *table)
{
	root_put_bytes(root, SEA_HEST_PATH, table->bytes, table->size);
	hest_free(table);
}

/* Linux serves the device: a link of its driver's. */
static void take(const char *root, unsigned int id)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/GHES/GHES.%u", id);
	root_link(root, path, "../../../../devices/platform/GHES");
}

/* A server: two sources for SEAs, one for something else, one that is off. */
static int make_server(void **state)
{
	struct hest_table table;

	if (root_make(state))
		return -1;
	hest_start(&table);
	hest_add_generic(&table, HEST_GHES_V2, 0, HEST_NOTIFY_SEA, 1);
	hest_add_generic(&table, HEST_GHES_V2, 300, HEST_NOTIFY_SEA, 1);
	hest_add_generic(&table, HEST_GHES, 5, HEST_NOTIFY_SCI, 1);
	hest_add_generic(&table, HEST_GHES, 6, HEST_NOTIFY_SEA, 0);
	put_table(*state, &table);
	root_put(*state, "/sys/bus/platform/drivers/GHES/bind", "");
	root_put(*state, "/sys/bus/platform/drivers/GHES/uevent", "");
	root_put(*state, "/proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet\n");
	take(*state, 0);
	take(*state, 300);
	take(*state, 5);
	return 0;
}

static void all_taken(void **state)
{
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_READ);
	assert_int_equal(firmware.hest.sources, 4);
	assert_int_equal(firmware.hest.sea_enabled, 2);
	assert_int_equal(firmware.taken, 3);
	assert_int_equal(firmware.sea_taken, 2);
	assert_false(firmware.hest_disable);
	assert_false(firmware.ghes_disable);
}

static void one_not_taken(void **state)
{
	root_delete(*state, "/sys/bus/platform/drivers/GHES/GHES.300");
	look(*state);
	assert_int_equal(firmware.taken, 2);
	assert_int_equal(firmware.sea_taken, 1);
	assert_int_equal(firmware.not_taken, 300);
	/* Names that only begin like a device's */
	root_put(*state, "/sys/bus/platform/drivers/GHES/GHES.300x", "");
	root_put(*state, "/sys/bus/platform/drivers/GHES/GHES.", "");
	root_put(*state, "/sys/bus/platform/drivers/GHES/XGHES.300", "");
	look(*state);
	assert_int_equal(firmware.taken, 2);
	assert_int_equal(firmware.sea_taken, 1);
}

static void no_driver(void **state)
{
	root_delete(*state, "/sys/bus/platform/drivers/GHES");
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_READ);
	assert_int_equal(firmware.taken, 0);
	assert_int_equal(firmware.sea_taken, 0);
	assert_int_equal(firmware.not_taken, 0);
	/* Not the ones that notify otherwise. */
	take(*state, 0);
	take(*state, 5);
	take(*state, 6);
	take(*state, 70000);
	look(*state);
	assert_int_equal(firmware.taken, 3);
	assert_int_equal(firmware.sea_taken, 1);
	assert_int_equal(firmware.not_taken, 300);
}

static void command_lines(void **state)
{
	static const struct {
		const char *line;
		bool hest, ghes;
	} cases[] = {
		{"ro hest_disable quiet\n", true, false},
		{"hest_disable\n", true, false},
		{"hest_disable=1", true, false},
		{"nohest_disable xhest_disable\n", false, false},
		{"acpi=force ghes.disable=1\n", false, true},
		{"ghes.disable\n", false, true},
		{"ghes.disable=Y\n", false, true},
		{"ghes.disable=on\n", false, true},
		{"ghes.disable=0\n", false, false},
		{"ghes.disable=N\n", false, false},
		{"ghes.disable=off\n", false, false},
		/* The last one counts. */
		{"ghes.disable=1 ghes.disable=0\n", false, false},
		{"ghes.disabled=1 my.ghes.disable=1\n", false, false},
		{"hest_disable ghes.disable=1\n", true, true},
		{"\n", false, false},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		root_put(*state, "/proc/cmdline", cases[i].line);
		look(*state);
		if (firmware.hest_disable != cases[i].hest ||
		    firmware.ghes_disable != cases[i].ghes)
			fail_msg("%s: hest %d, ghes %d", cases[i].line, firmware.hest_disable,
				 firmware.ghes_disable);
	}
	root_delete(*state, "/proc/cmdline");
	look(*state);
	assert_false(firmware.hest_disable);
}

/* No buffer of ours is the limit: 712 entries are 65,544 bytes. */
static void large(void **state)
{
	struct hest_table table;
	unsigned int id;

	hest_start(&table);
	for (id = 0; id < 712; id++)
		hest_add_generic(&table, HEST_GHES_V2, (uint16_t)id, HEST_NOTIFY_SEA, 1);
	put_table(*state, &table);
	for (id = 0; id < 712; id++)
		take(*state, id);
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_READ);
	assert_int_equal(firmware.hest.sea_enabled, 712);
	assert_int_equal(firmware.sea_taken, 712);
	root_delete(*state, "/sys/bus/platform/drivers/GHES/GHES.711");
	look(*state);
	assert_int_equal(firmware.sea_taken, 711);
	assert_int_equal(firmware.not_taken, 711);
}

static void damaged(void **state)
{
	struct hest_table table;

	hest_start(&table);
	hest_add_generic(&table, HEST_GHES, 1, HEST_NOTIFY_SEA, 1);
	hest_add(&table, 12, 2, 64);
	put_table(*state, &table);
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_DAMAGED);
	assert_non_null(strstr(firmware.error.text, "error source 2 of 2, at byte 104"));
	root_put(*state, SEA_HEST_PATH, "");
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_DAMAGED);
}

static void hosts_without(void **state)
{
	root_delete(*state, SEA_HEST_PATH);
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_ABSENT);
	/* ACPI was there: that there is a Device Tree as well does not matter. */
	root_mkdir(*state, "/sys/firmware/devicetree");
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_ABSENT);
	root_delete(*state, "/sys/firmware/acpi");
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_DEVICE_TREE);
	/* Neither: something hides them. */
	root_delete(*state, "/sys/firmware/devicetree");
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_UNREADABLE);
	assert_non_null(strstr(firmware.error.text, "outside of a container"));
}

static void not_readable(void **state)
{
	/* A directory cannot be read by anybody, root included. */
	root_delete(*state, SEA_HEST_PATH);
	root_mkdir(*state, SEA_HEST_PATH);
	look(*state);
	assert_int_equal(firmware.state, SEA_HEST_UNREADABLE);
	assert_string_equal(firmware.error.text, "cannot read HEST: Is a directory");
	/* Which of the devices are for SEAs is not known then. */
	assert_int_equal(firmware.taken, 3);
	assert_int_equal(firmware.sea_taken, 0);
}

/* As somebody who may not read ACPI tables: nobody, where the test runs as root. */
static void not_root(void **state)
{
	static const char *const readable[] = {"", "/sys", "/sys/firmware", "/sys/firmware/acpi",
					       "/sys/firmware/acpi/tables"};
	char path[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(readable); i++) {
		snprintf(path, sizeof(path), "%s%s", (const char *)*state, readable[i]);
		assert_int_equal(chmod(path, 0755), 0);
	}
	snprintf(path, sizeof(path), "%s" SEA_HEST_PATH, (const char *)*state);
	assert_int_equal(chmod(path, 0), 0);
	if (!getuid())
		assert_int_equal(seteuid(65534), 0);
	look(*state);
	if (!getuid())
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(firmware.state, SEA_HEST_UNREADABLE);
	assert_string_equal(firmware.error.text,
			    "cannot read HEST: Permission denied; run as root, "
			    "or with CAP_DAC_READ_SEARCH");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_server, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_taken),     TEST(one_not_taken), TEST(no_driver),
		TEST(command_lines), TEST(large),	  TEST(damaged),
		TEST(hosts_without), TEST(not_readable),  TEST(not_root),
	};

	return cmocka_run_group_tests_name("firmware", tests, NULL, NULL);
}
