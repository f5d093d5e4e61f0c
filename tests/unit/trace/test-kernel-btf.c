// SPDX-License-Identifier: GPL-2.0-only
/* BTF that is made up, as pahole of today and of tomorrow may write it. */
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <linux/btf.h>

#include "made-up-root.h"
#include "trace/kernel-btf.h"

/* Kinds of today end at 19. */
#define NEW_KIND 20
#define LAST_KIND 31

struct blob {
	char bytes[4096];
	size_t size;
};

static struct btf_header *header_of(struct blob *blob)
{
	return (struct btf_header *)(void *)blob->bytes;
}

static void append(struct blob *blob, const void *bytes, size_t size)
{
	assert_true(blob->size + size <= sizeof(blob->bytes));
	memcpy(blob->bytes + blob->size, bytes, size);
	blob->size += size;
}

/* A type of this kind, with so many members and so many bytes behind it, all 0. */
static void add_type(struct blob *blob, unsigned int kind, unsigned int members, size_t behind)
{
	const struct btf_type type = {.info = kind << 24 | members, .size = 4};
	static const char zeros[256];

	append(blob, &type, sizeof(type));
	append(blob, zeros, behind);
}

static void start(struct blob *blob)
{
	const struct btf_header header = {
		.magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(header)};

	blob->size = 0;
	append(blob, &header, sizeof(header));
}

/* The strings, which begin with an empty one, and all lengths. */
static void finish(struct blob *blob)
{
	struct btf_header *header = header_of(blob);

	header->type_off = 0;
	header->type_len = (uint32_t)(blob->size - header->hdr_len);
	header->str_off = header->type_len;
	header->str_len = 1;
	append(blob, "", 1);
}

/* One type of every kind of today, each with two members if it has any. */
static void every_kind(struct blob *blob)
{
	static const size_t behind[] = {
		[BTF_KIND_INT] = 4,	    [BTF_KIND_ARRAY] = 12,
		[BTF_KIND_STRUCT] = 2 * 12, [BTF_KIND_UNION] = 2 * 12,
		[BTF_KIND_ENUM] = 2 * 8,    [BTF_KIND_FUNC_PROTO] = 2 * 8,
		[BTF_KIND_VAR] = 4,	    [BTF_KIND_DATASEC] = 2 * 12,
		[BTF_KIND_DECL_TAG] = 4,    [BTF_KIND_ENUM64] = 2 * 12,
	};
	unsigned int kind;

	for (kind = 1; kind < ARRAY_SIZE(behind); kind++)
		add_type(blob, kind, behind[kind] >= 16 ? 2 : 0, behind[kind]);
}

static int new_kind_of(const struct blob *blob)
{
	/* Memory of the exact size, so that ASan sees a byte too many. */
	void *copy = malloc(blob->size ? blob->size : 1);
	int kind;

	assert_non_null(copy);
	memcpy(copy, blob->bytes, blob->size);
	kind = sea_btf_new_kind(copy, blob->size);
	free(copy);
	return kind;
}

static void known_kinds(void **state)
{
	struct blob blob;

	(void)state;
	start(&blob);
	every_kind(&blob);
	finish(&blob);
	assert_int_equal(new_kind_of(&blob), 0);
}

static void new_kinds(void **state)
{
	unsigned int kind;
	struct blob blob;

	(void)state;
	for (kind = NEW_KIND; kind <= LAST_KIND; kind++) {
		start(&blob);
		every_kind(&blob);
		add_type(&blob, kind, 3, 40);
		every_kind(&blob);
		finish(&blob);
		assert_int_equal(new_kind_of(&blob), kind);
	}
}

static void damage(void **state)
{
	struct blob blob, whole;
	size_t cut;

	(void)state;
	start(&whole);
	every_kind(&whole);
	finish(&whole);
	/* Wherever it is cut; the strings have one byte, which does not matter here. */
	for (cut = 0; cut < whole.size - 1; cut++) {
		blob = whole;
		blob.size = cut;
		assert_int_equal(new_kind_of(&blob), -1);
	}
	/* The same, but the header knows: the last type is not whole. */
	blob = whole;
	header_of(&blob)->type_len--;
	assert_int_equal(new_kind_of(&blob), -1);
	blob = whole;
	header_of(&blob)->magic ^= 1;
	assert_int_equal(new_kind_of(&blob), -1);
	blob = whole;
	header_of(&blob)->hdr_len--;
	assert_int_equal(new_kind_of(&blob), -1);
	blob = whole;
	header_of(&blob)->type_len = 0xffffffff;
	assert_int_equal(new_kind_of(&blob), -1);
	blob = whole;
	header_of(&blob)->type_off = 0xffffffff;
	assert_int_equal(new_kind_of(&blob), -1);
	/* A kind of 0 is none. */
	start(&blob);
	add_type(&blob, 0, 0, 0);
	finish(&blob);
	assert_int_equal(new_kind_of(&blob), -1);
}

static void expect(const char *root, enum sea_btf_state state, const char *why)
{
	struct btf *btf = NULL;
	struct sea_error err = {0};
	char path[512];

	snprintf(path, sizeof(path), "%s" SEA_KERNEL_BTF_PATH, root);
	assert_int_equal(sea_btf_read(path, &btf, &err), state);
	if (state == SEA_BTF_READ) {
		assert_non_null(btf);
		btf__free(btf);
		return;
	}
	if (!strstr(err.text, why))
		fail_msg("'%s' does not say '%s'", err.text, why);
	assert_memory_equal(err.text, "cannot read the kernel's BTF: ", 30);
	assert_non_null(strstr(err.text, "; "));
}

/* Each cause has its words, though libbpf has one errno for several. */
static void causes(void **state)
{
	struct blob blob;

	expect(*state, SEA_BTF_ABSENT, "CONFIG_DEBUG_INFO_BTF=y");

	start(&blob);
	every_kind(&blob);
	finish(&blob);
	root_put_bytes(*state, SEA_KERNEL_BTF_PATH, blob.bytes, blob.size);
	expect(*state, SEA_BTF_READ, "");

	start(&blob);
	add_type(&blob, BTF_KIND_INT, 0, 4);
	add_type(&blob, NEW_KIND, 1, 8);
	finish(&blob);
	root_put_bytes(*state, SEA_KERNEL_BTF_PATH, blob.bytes, blob.size);
	expect(*state, SEA_BTF_NEWER, "types of kind 20, and libbpf v");

	/* A header that says so, and types that make no sense any more */
	start(&blob);
	finish(&blob);
	header_of(&blob)->version = 2;
	header_of(&blob)->str_len = 0;
	root_put_bytes(*state, SEA_KERNEL_BTF_PATH, blob.bytes, blob.size);
	expect(*state, SEA_BTF_NEWER, "its format is newer than libbpf v");

	start(&blob);
	add_type(&blob, BTF_KIND_INT, 0, 4);
	finish(&blob);
	root_put_bytes(*state, SEA_KERNEL_BTF_PATH, blob.bytes, blob.size - 6);
	expect(*state, SEA_BTF_DAMAGED, "it is damaged");
	root_put(*state, SEA_KERNEL_BTF_PATH, "");
	expect(*state, SEA_BTF_DAMAGED, "it is damaged");

	root_delete(*state, SEA_KERNEL_BTF_PATH);
	root_mkdir(*state, SEA_KERNEL_BTF_PATH);
	expect(*state, SEA_BTF_UNREADABLE, "Is a directory; run as root");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_kinds),
		cmocka_unit_test(new_kinds),
		cmocka_unit_test(damage),
		cmocka_unit_test_setup_teardown(causes, root_make, root_remove),
	};

	return cmocka_run_group_tests_name("kernel-btf", tests, NULL, NULL);
}
