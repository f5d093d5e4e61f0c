// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "made-up-root.h"

static void exists(void **state)
{
	assert_false(sea_file_exists(*state, "/sys/firmware/acpi"));
	root_put(*state, "/sys/firmware/acpi/x", "");
	assert_true(sea_file_exists(*state, "/sys/firmware/acpi"));
	assert_true(sea_file_exists(*state, "/sys/firmware/acpi/x"));
}

static void first_line(void **state)
{
	char line[8];

	assert_false(sea_file_line(*state, "/f", line, sizeof(line)));
	root_put(*state, "/f", "");
	assert_false(sea_file_line(*state, "/f", line, sizeof(line)));
	root_put(*state, "/f", "one\ntwo\n");
	assert_true(sea_file_line(*state, "/f", line, sizeof(line)));
	assert_string_equal(line, "one");
	root_put(*state, "/f", "no end");
	assert_true(sea_file_line(*state, "/f", line, sizeof(line)));
	assert_string_equal(line, "no end");
	root_put(*state, "/f", "\n");
	assert_true(sea_file_line(*state, "/f", line, sizeof(line)));
	assert_string_equal(line, "");
	root_put(*state, "/f", "longer than that\n");
	assert_true(sea_file_line(*state, "/f", line, sizeof(line)));
	assert_string_equal(line, "longer ");
}

/* Around the sizes at which its memory grows, and far beyond. */
static void all_of_it(void **state)
{
	static const size_t sizes[] = {0, 1, 16383, 16384, 16385, 65536, 1000003};
	size_t i, n, size;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint8_t *bytes = malloc(sizes[i] + 1), *read;

		assert_non_null(bytes);
		for (n = 0; n < sizes[i]; n++)
			bytes[n] = (uint8_t)(n * 7 + n / 256);
		root_put_bytes(*state, "/f", bytes, sizes[i]);
		read = sea_file_read(*state, "/f", &size);
		assert_non_null(read);
		assert_int_equal(size, sizes[i]);
		assert_memory_equal(read, bytes, size);
		free(read);
		free(bytes);
	}
}

static void why_not(void **state)
{
	static char path[8192];
	size_t size;

	assert_null(sea_file_read(*state, "/none", &size));
	assert_int_equal(errno, ENOENT);
	root_mkdir(*state, "/directory");
	assert_null(sea_file_read(*state, "/directory", &size));
	assert_int_equal(errno, EISDIR);
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	assert_null(sea_file_read(*state, path, &size));
	assert_int_equal(errno, ENAMETOOLONG);
	assert_false(sea_file_exists(*state, path));
	assert_false(sea_file_line(*state, path, path, sizeof(path)));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, root_make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exists),
		TEST(first_line),
		TEST(all_of_it),
		TEST(why_not),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
