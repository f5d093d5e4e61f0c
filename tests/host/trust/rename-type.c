// SPDX-License-Identifier: GPL-2.0-only
/*
 * rename-type FROM TO - copies BTF from standard input to standard output with each
 * name FROM in it, whole, as TO, which is as long: the types of a kernel that calls a
 * field something else.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST (64UL << 20)

int main(int argc, char **argv)
{
	static char data[MOST];
	size_t size = fread(data, 1, sizeof(data), stdin), length, i, renamed = 0;

	if (argc != 3 || strlen(argv[1]) != strlen(argv[2]))
		errx(3, "usage: rename-type FROM TO, of the same length");
	length = strlen(argv[1]);
	for (i = 0; i + length + 2 <= size; i++) {
		if (data[i] || data[i + 1 + length] || memcmp(&data[i + 1], argv[1], length))
			continue;
		memcpy(&data[i + 1], argv[2], length);
		renamed++;
	}
	if (!renamed)
		errx(1, "there is no name %s", argv[1]);
	return fwrite(data, 1, size, stdout) != size;
}
