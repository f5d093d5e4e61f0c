// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay.c - runs a fuzz target over a corpus that is text.
 *
 * replay CORPUS: each line is one input, in which \xNN stands for a byte and
 * "\\" for a backslash. Empty lines and lines that start with # are comments.
 * replay CORPUS DIRECTORY: writes the inputs there as files, for libFuzzer.
 */
#include <string.h>

#include "fuzz.h"

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Decodes in place; returns the length, or -1 for a wrong escape. */
static long decode(char *line)
{
	char *in = line, *out = line;

	while (*in) {
		if (*in != '\\') {
			*out++ = *in++;
		} else if (in[1] == '\\') {
			*out++ = '\\';
			in += 2;
		} else if (in[1] == 'x' && hex(in[2]) >= 0 && hex(in[3]) >= 0) {
			*out++ = (char)(hex(in[2]) << 4 | hex(in[3]));
			in += 4;
		} else {
			return -1;
		}
	}
	return out - line;
}

static int run(const char *line, size_t len)
{
	/* Of the exact size, so that reading past the end is seen. */
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		return -1;
	memcpy(copy, line, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	return 0;
}

static int save(const char *directory, unsigned int number, const char *line, size_t len)
{
	char path[4096];
	FILE *file;
	int rc;

	snprintf(path, sizeof(path), "%s/%04u", directory, number);
	file = fopen(path, "w");
	if (!file)
		return -1;
	rc = fwrite(line, 1, len, file) == len ? 0 : -1;
	return fclose(file) ? -1 : rc;
}

int main(int argc, char **argv)
{
	unsigned int number = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	FILE *file;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: %s CORPUS [DIRECTORY]\n", argv[0]);
		return 3;
	}
	file = fopen(argv[1], "r");
	if (!file) {
		perror(argv[1]);
		return 3;
	}
	while ((n = getline(&line, &room, file)) > 0) {
		long len;

		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (!*line || *line == '#')
			continue;
		len = decode(line);
		if (len < 0 || (argc == 3 ? save(argv[2], number, line, (size_t)len) :
					    run(line, (size_t)len))) {
			fprintf(stderr, "%s: input %u cannot be used\n", argv[1], number);
			return 1;
		}
		number++;
	}
	free(line);
	fclose(file);
	printf("%u inputs\n", number);
	return number ? 0 : 1;
}
