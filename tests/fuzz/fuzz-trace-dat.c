// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace.dat, from its bytes to the records, in two processes as seastat import has them.
 * libtracecmd 3.1 dies of the twentieth damaged file, and that is no finding: it has to cost
 * this file, in one line, and whatever it wrote before must be good for the importer.
 */
#include "import-check.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "apart.h"
#include "import/ftrace.h"
#include "import/trace-dat.h"

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

/* What a damaged length asks for is refused, as apart.c has it refused without ASan. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1:max_allocation_size_mb=64";
}

/* libFuzzer would take the library's death for its own. */
static int work(const char *path, FILE *out, struct sea_error *err)
{
	static const int fatal[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGALRM};
	size_t i;

	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], SIG_DFL);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(NULL);
	/* A loop without end is one of the ways to die: before libFuzzer's patience ends. */
	alarm(3);
	return sea_trace_dat_write(path, out, err);
}

/* libFuzzer's own clock is not to cut the text short. */
static void restart_reads(void)
{
	struct sigaction action;

	CHECK(!sigaction(SIGALRM, NULL, &action));
	action.sa_flags |= SA_RESTART;
	CHECK(!sigaction(SIGALRM, &action, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	static int fd = -1;
	struct sea_import_options options;
	struct import_check check;
	struct apart apart;
	struct sea_error err = {0};
	int rc;

	if (fd < 0) {
		fd = memfd_create("trace.dat", 0);
		CHECK(fd >= 0);
		restart_reads();
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	CHECK(!ftruncate(fd, 0) && pwrite(fd, data, size, 0) == (ssize_t)size);
	check_begin(&check, &options);
	options.trace_clock = "boot";
	CHECK(!apart_begin(&apart, path, work, &err));
	CHECK(!sea_import_ftrace(apart.text, &options, &check.sum, &err));
	check_end(&check);
	rc = apart_end(&apart, &err);
	/* An error is one line. */
	CHECK(!rc || (err.text[0] && !strchr(err.text, '\n')));
	return 0;
}
