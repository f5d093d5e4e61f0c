// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/output.h"

static const char *name;
static FILE *nowhere;

/* --help and --version end in exit(): this is where a full disk shows. */
static void close_output(void)
{
	if (fclose(stdout) && errno != EBADF) {
		fprintf(stderr, "%s: cannot write the output: %s\n", name, strerror(errno));
		_exit(SEA_STATUS_ERROR);
	}
}

int program_begin(const char *program, struct sea_error *err)
{
	name = program;
	setlocale(LC_ALL, "");
	/* JSON and the arguments have decimal points, whatever people write here. */
	setlocale(LC_NUMERIC, "C");
	if (sea_output_prepare(err))
		return -1;
	atexit(close_output);
	argp_err_exit_status = SEA_STATUS_ERROR;
	return 0;
}

/* What systemd connected is what we have still: nobody put something else there. */
static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == device && st.st_ino == inode;
}

void program_say(enum program_level level, const char *text)
{
	if (is_journal())
		fprintf(stderr, "<%d>", level);
	fprintf(stderr, "%s: %s\n", name, text);
}

int program_fail(const struct sea_error *err)
{
	program_say(PROGRAM_ERROR, err->text);
	return err->status;
}

void program_usage_error(const char *format, ...)
{
	struct sea_error err;
	char text[SEA_ERROR_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sea_error_set(&err, "%s", text);
	exit(program_fail(&err));
}

static void print_note(const char *note)
{
	fprintf(stderr, "%s\n", note);
}

void program_be_verbose(void)
{
	sea_log_to(print_note);
}

void program_parse(int key, struct argp_state *state)
{
	if (key == ARGP_KEY_INIT) {
		/* getopt's line says it all; argp's "Try ..." would be a second one. */
		nowhere = fopen("/dev/null", "we");
		if (nowhere)
			state->err_stream = nowhere;
	} else if (nowhere) {
		fclose(nowhere);
		nowhere = NULL;
	}
}

int program_open_names(const char *file, struct sea_vm_names **names, struct sea_vm_map **map,
		       struct sea_error *err)
{
	*names = NULL;
	*map = NULL;
	if ((file && sea_vm_map_load(file, map, err)) || sea_vm_names_open("/proc", names, err))
		return -1;
	if (*map)
		sea_vm_names_set_map(*names, *map);
	return 0;
}
