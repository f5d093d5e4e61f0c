// SPDX-License-Identifier: GPL-2.0-only
#include "made-up-root.h"

#include "fixtures.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LEN 512

static void join(const char *root, const char *path, char full[PATH_LEN])
{
	assert_true(snprintf(full, PATH_LEN, "%s%s", root, path) < PATH_LEN);
}

static void make_directories(char *path, const char *root)
{
	char *slash = path + strlen(root);

	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		if (mkdir(path, 0700))
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
}

int root_make(void **state)
{
	char *root = strdup("/tmp/test-root-XXXXXX");

	*state = root;
	return root && mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
	(void)stat;
	(void)kind;
	(void)ftw;
	return remove(path);
}

int root_remove(void **state)
{
	int rc = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return rc;
}

void root_put_bytes(const char *root, const char *path, const void *bytes, size_t size)
{
	char full[PATH_LEN];
	FILE *file;

	join(root, path, full);
	make_directories(full, root);
	file = fopen(full, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void root_put(const char *root, const char *path, const char *text)
{
	root_put_bytes(root, path, text, strlen(text));
}

void root_link(const char *root, const char *path, const char *text)
{
	char full[PATH_LEN];

	join(root, path, full);
	make_directories(full, root);
	if (unlink(full))
		assert_int_equal(errno, ENOENT);
	assert_int_equal(symlink(text, full), 0);
}

void root_mkdir(const char *root, const char *path)
{
	char full[PATH_LEN];

	join(root, path, full);
	make_directories(full, root);
	assert_int_equal(mkdir(full, 0700), 0);
}

void root_delete(const char *root, const char *path)
{
	char full[PATH_LEN];

	join(root, path, full);
	assert_int_equal(nftw(full, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}
