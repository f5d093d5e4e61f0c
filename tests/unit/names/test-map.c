// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names/map.h"

#define BYTES(s) s, sizeof(s) - 1
#define UUID "5ee4fa21-6f8b-4a8c-9df0-0123456789ab"
#define FIFTY "01234567890123456789012345678901234567890123456789"

/* When the maps were read. */
#define READ_NS (100 * SEC)

static struct sea_vm_map *parse(const char *text)
{
	/* A copy of the exact size, so that reading past the end is seen. */
	size_t len = strlen(text);
	char *copy = malloc(len ? len : 1);
	struct sea_vm_map *map;
	struct sea_error err;

	assert_non_null(copy);
	memcpy(copy, text, len);
	assert_int_equal(sea_vm_map_parse(copy, len, "file", READ_NS, &map, &err), 0);
	free(copy);
	return map;
}

static void expect(const struct sea_vm_map *map, uint32_t tgid, uint64_t start_ns, const char *uuid,
		   const char *cgroup, const char *auto_name, const char *name)
{
	struct sea_vm_facts facts = {tgid, start_ns, uuid, cgroup, auto_name};
	const char *found = sea_vm_map_find(map, &facts);

	assert_string_equal(found ? found : "(none)", name ? name : "(none)");
}

static void keys(void **state)
{
	struct sea_vm_map *map = parse("# of rack 7\n"
				       "\n"
				       "  \t \n"
				       "  # indented\n"
				       "42 the database\r\n"
				       "5EE4FA21-6f8b-4a8c-9df0-0123456789ab\tby uuid \t \n"
				       "/machine.slice/machine-qemu\\x2d1\\x2dweb.scope* by path\n"
				       "/a*/c by glob\n"
				       "db0[1-3] third of  its kind # yes\n"
				       "db0? another\n"
				       "prod/web shop\n"
				       "d\xc3\xbc* \xe4\xb8\xad\xe6\x96\x87\n"
				       "* all others");

	(void)state;
	expect(map, 42, SEC, "", "/", "x", "the database");
	expect(map, 42, READ_NS, "", "", "x", "the database");
	expect(map, 42, READ_NS + 1, "", "", "x", "all others");
	expect(map, 42, 0, "", "", "x", "all others");
	expect(map, 43, SEC, UUID, "", "db01", "by uuid");
	expect(map, 43, SEC, "", "/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt", "x",
	       "by path");
	/* A "*" takes any part of the path. */
	expect(map, 43, SEC, "", "/a/b/c", "x", "by glob");
	expect(map, 43, SEC, "", "/a/b/c/d", "x", "all others");
	expect(map, 43, SEC, "", "", "db02", "third of  its kind # yes");
	expect(map, 43, SEC, "", "", "db09", "another");
	expect(map, 43, SEC, "", "/prod/web", "prod/web", "shop");
	expect(map, 43, SEC, "", "", "d\xc3\xbcsseldorf", "\xe4\xb8\xad\xe6\x96\x87");
	sea_vm_map_free(map);
}

static void nothing_fits(void **state)
{
	static const char *const files[] = {"", "\n", "#", "42 x\n/a y\nb z\n" UUID " w\n"};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		struct sea_vm_map *map = parse(files[i]);

		expect(map, 43, SEC, "", "", "c", NULL);
		sea_vm_map_free(map);
	}
}

/* As an editor of another system writes it; and "?" is a character, also under LC_ALL=C. */
static void utf8(void **state)
{
	struct sea_vm_map *map = parse("\xef\xbb\xbf"
				       "a? one\n"
				       "d?sseldorf d\xc3\xbcsseldorf 2\n");

	(void)state;
	expect(map, 43, SEC, "", "", "a1", "one");
	expect(map, 43, SEC, "", "", "d\xc3\xbcsseldorf", "d\xc3\xbcsseldorf 2");
	expect(map, 43, SEC, "", "", "dsseldorf", NULL);
	sea_vm_map_free(map);
}

static void bad_lines(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *error;
	} cases[] = {
		{BYTES("42\n"), "line 1: a key without a name"},
		{BYTES("# x\n\n42   \t\r\n"), "line 3: a key without a name"},
		{BYTES("a b\nc"), "line 2: a key without a name"},
		{BYTES("0 x\n"), "line 1: the key is a number, but no pid"},
		{BYTES("2147483648 x\n"), "line 1: the key is a number, but no pid"},
		{BYTES("99999999999999999999999999 x\n"), "line 1: the key is a number"},
		{BYTES("a b\nb \033[2J\n"), "line 2: not UTF-8, or a character"},
		{BYTES("a b\tc\n"), "line 1: not UTF-8, or a character"},
		{BYTES("a \xff\n"), "line 1: not UTF-8"},
		{BYTES("a\xc3 b\n"), "line 1: not UTF-8"},
		{BYTES("a b\0c\n"), "line 1: not UTF-8"},
		{BYTES("a b\n\xef\xbb\xbf# not where a file begins\n"), "line 2: not UTF-8"},
		{BYTES("a \xe2\x80\xaetxt\n"), "line 1: not UTF-8, or a character"},
		{BYTES("a " FIFTY FIFTY FIFTY FIFTY FIFTY "012345\n"),
		 "line 1: the name is too long: 255 bytes at most"},
		{BYTES("a b\nc d\na e\nc f\n"), "line 3: the key a is on line 1 already"},
		{BYTES("a b\na c\na d\n"), "line 2: the key a is on line 1 already"},
		{BYTES(UUID " a\n5EE4FA21-6F8B-4A8C-9DF0-0123456789AB b\n"),
		 "line 2: the key " UUID " is on line 1"},
	};
	struct sea_vm_map *map = NULL;
	struct sea_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(sea_vm_map_parse(cases[i].bytes, cases[i].len, "the/file", READ_NS,
						  &map, &err),
				 -1);
		assert_int_equal(err.status, SEA_STATUS_ERROR);
		assert_non_null(strstr(err.text, "the/file"));
		if (!strstr(err.text, cases[i].error))
			assert_string_equal(err.text, cases[i].error);
	}
	assert_null(map);
}

static void long_keys(void **state)
{
	char text[5000];
	struct sea_vm_map *map;
	struct sea_error err;

	(void)state;
	memset(text, 'k', sizeof(text));
	memcpy(text + 4096, " n", 2);
	assert_int_equal(sea_vm_map_parse(text, 4098, "f", READ_NS, &map, &err), 0);
	sea_vm_map_free(map);
	text[4096] = 'k';
	memcpy(text + 4097, " n", 2);
	assert_int_equal(sea_vm_map_parse(text, 4099, "f", READ_NS, &map, &err), -1);
	assert_non_null(strstr(err.text, "line 1: the key is too long"));
}

/* A pattern that a naive matcher never gets done with. */
static void hostile_pattern(void **state)
{
	struct sea_vm_map *map = parse("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b x\n");
	char name[256];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	expect(map, 1, SEC, "", name, name, NULL);
	sea_vm_map_free(map);
}

static void files(void **state)
{
	char path[] = "/tmp/test-vm-map-XXXXXX";
	int fd = mkstemp(path), i;
	struct sea_vm_map *map;
	struct sea_error err;

	(void)state;
	assert_true(fd >= 0);
	/* More than one read, and long enough for the table to grow. */
	for (i = 0; i < 10000; i++)
		assert_true(dprintf(fd, "vm-%d name-%d\n", i, i) > 0);
	close(fd);
	assert_int_equal(sea_vm_map_load(path, &map, &err), 0);
	expect(map, 1, SEC, "", "", "vm-9999", "name-9999");
	expect(map, 1, SEC, "", "", "vm-10000", NULL);
	sea_vm_map_free(map);
	assert_int_equal(truncate(path, 17L * 1024 * 1024), 0);
	assert_int_equal(sea_vm_map_load(path, &map, &err), -1);
	assert_non_null(strstr(err.text, "File too large"));
	unlink(path);
	assert_int_equal(sea_vm_map_load(path, &map, &err), -1);
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(sea_vm_map_load("/tmp", &map, &err), -1);
	assert_non_null(strstr(err.text, "directory"));
	assert_int_equal(sea_vm_map_load("/dev/null", &map, &err), 0);
	sea_vm_map_free(map);
	sea_vm_map_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(nothing_fits),
		cmocka_unit_test(utf8),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(long_keys),
		cmocka_unit_test(files),
		cmocka_unit_test(hostile_pattern),
	};

	return cmocka_run_group_tests_name("vm-map", tests, NULL, NULL);
}
