// SPDX-License-Identifier: GPL-2.0-only
/* What the list needs of a kernel's types, which are made up here. */
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "trace/list.h"

static const struct {
	const char *type, *members[4];
} types[] = {
	{"file", {"f_inode", "f_path", "private_data"}},
	{"inode", {"i_sb"}},
	{"super_block", {"s_magic"}},
	{"path", {"dentry"}},
	{"dentry", {"d_name"}},
	{"qstr", {"name"}},
	{"xarray", {"xa_head"}},
	{"xa_node", {"shift", "slots"}},
	{"kvm", {"vcpu_array", "online_vcpus"}},
	{"bpf_iter__task_file", {"file"}},
	{"bpf_iter__bpf_map_elem", {"key"}},
};

/*
 * All of these types, but for one member, which has another name, or one type, if
 * member is NULL. nested: that member is there, in a union without a name.
 */
static struct btf *make_btf(const char *type, const char *member, bool nested)
{
	struct btf *btf = btf__new_empty();
	int number, inner = 0;
	size_t i, j;

	assert_non_null(btf);
	number = btf__add_int(btf, "unsigned long", 8, 0);
	assert_true(number > 0);
	if (nested) {
		inner = btf__add_union(btf, NULL, 8);
		assert_true(inner > 0);
		assert_int_equal(btf__add_field(btf, "other", number, 0, 0), 0);
		assert_int_equal(btf__add_field(btf, member, number, 0, 0), 0);
	}
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		bool renamed = type && !strcmp(types[i].type, type);

		if (renamed && !member)
			continue;
		assert_true(btf__add_struct(btf, types[i].type, 64) > 0);
		for (j = 0; types[i].members[j]; j++) {
			const char *name = types[i].members[j];
			int is = number;

			if (renamed && !strcmp(name, member)) {
				name = nested ? NULL : "renamed";
				is = nested ? inner : number;
			}
			assert_int_equal(btf__add_field(btf, name, is, (__u32)(64 * j), 0), 0);
		}
	}
	return btf;
}

static void all_is_there(void **state)
{
	struct btf *btf = make_btf(NULL, NULL, false);

	(void)state;
	assert_null(sea_list_lacks(btf));
	btf__free(btf);
}

static void each_is_missed(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct btf *btf = make_btf(types[i].type, NULL, false);

		if (!sea_list_lacks(btf))
			fail_msg("nobody misses struct %s", types[i].type);
		btf__free(btf);
		for (j = 0; types[i].members[j]; j++) {
			btf = make_btf(types[i].type, types[i].members[j], false);
			if (!sea_list_lacks(btf))
				fail_msg("nobody misses %s::%s", types[i].type,
					 types[i].members[j]);
			btf__free(btf);
		}
	}
}

static void says_which(void **state)
{
	struct btf *btf = make_btf("dentry", "d_name", false);

	(void)state;
	assert_string_equal(sea_list_lacks(btf), "this kernel's struct dentry has no d_name");
	btf__free(btf);
	btf = make_btf("bpf_iter__task_file", NULL, false);
	assert_string_equal(sea_list_lacks(btf),
			    "this kernel cannot go over the files of processes");
	btf__free(btf);
}

/* As newer kernels have the name of a dentry */
static void in_a_union(void **state)
{
	struct btf *btf = make_btf("dentry", "d_name", true);

	(void)state;
	assert_null(sea_list_lacks(btf));
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_there),
		cmocka_unit_test(each_is_missed),
		cmocka_unit_test(says_which),
		cmocka_unit_test(in_a_union),
	};

	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
