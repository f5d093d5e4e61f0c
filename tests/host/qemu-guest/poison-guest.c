// SPDX-License-Identifier: GPL-2.0-only
/*
 * poison-guest [--firmware-first | --no-far] NAME PID: makes the page go bad that the guest
 * of the VMM with this pid has tagged (guest.S), says "poisoned", and waits for
 * SIGTERM. Then it heals the page and prints a line of truth as sea-vm's, of what
 * the device has counted: a VM of that name, whose VMM did not opt in.
 * --no-far: until then no abort comes with an address (FnV).
 *
 * The VMM must outlive it, unless memory_failure() took the page away: poison
 * stays when a page is freed, and would hit whoever gets the page next.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "kvm.h"
#include "ras.h"

static bool is_tagged(int mem, uint64_t address)
{
	uint64_t words[2];

	return pread(mem, words, sizeof(words), (off_t)address) == sizeof(words) &&
	       words[0] == GUEST_TAG_0 && words[1] == GUEST_TAG_1;
}

/* A file of the process's in procfs */
static int open_file(const char *pid, const char *name)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(EXIT_ENVIRONMENT, "%s", path);
	return fd;
}

/* The physical address of the one tagged page among the process's own memory */
static uint64_t find_page(const char *pid)
{
	int mem = open_file(pid, "mem"), pagemap = open_file(pid, "pagemap");
	FILE *maps = fdopen(open_file(pid, "maps"), "r");
	uint64_t start, end, inode, found = 0;
	char line[512], mode[5];

	if (!maps)
		err(EXIT_ENVIRONMENT, "fdopen");
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*x %*s %" SCNu64, &start, &end, mode,
			   &inode) != 4 ||
		    strncmp(mode, "rw", 2) || inode)
			continue;
		for (; start < end; start += RAS_PAGE_SIZE) {
			uint64_t pa = ras_pa_in(pagemap, start);

			/* To read what is not there would make it be there. */
			if (!pa || !is_tagged(mem, start))
				continue;
			if (found)
				errx(EXIT_ENVIRONMENT, "process %s: two pages are tagged", pid);
			found = pa;
		}
	}
	fclose(maps);
	close(mem);
	close(pagemap);
	if (!found)
		errx(EXIT_ENVIRONMENT, "process %s: no page is tagged", pid);
	return found;
}

static void print_truth(const char *name, const char *pid, uint64_t hits, uint64_t records)
{
	printf("{\"name\":\"%s\",\"pid\":%s,\"scenario\":\"%s\",\"vms\":[{\"vm\":0,"
	       "\"hits\":%" PRIu64 ",\"sea\":{\"claimed\":%" PRIu64 ",\"host_owned\":0,"
	       "\"not_opted_in\":%" PRIu64 ",\"forwarded\":0},\"guest_own\":0,\"reason\":"
	       "{\"s2_walk\":0,\"no_ras\":0,\"ambiguous_walk\":0},\"exits\":0,\"response\":"
	       "{\"injected\":0,\"resumed\":0,\"abandoned\":0},\"records\":%" PRIu64 "}]}\n",
	       name, pid, records ? "claimed" : "not-opted-in", hits, records, hits - records,
	       records);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"firmware-first", no_argument, NULL, 'f'},
		{"no-far", no_argument, NULL, 'n'},
		{NULL, 0, NULL, 0},
	};
	struct ras_counts before, after;
	bool firmware_first = false, no_far = false;
	const char *name, *pid;
	sigset_t signals;
	uint64_t region;
	int option, sig;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'f')
			firmware_first = true;
		else if (option == 'n')
			no_far = true;
		else
			return EXIT_ENVIRONMENT;
	}
	name = argv[optind];
	pid = name ? argv[optind + 1] : NULL;
	if (!pid || argv[optind + 2] || strspn(pid, "0123456789") != strlen(pid) || !*pid ||
	    strpbrk(name, "\"\\"))
		errx(EXIT_ENVIRONMENT,
		     "usage: poison-guest [--firmware-first | --no-far] NAME PID");

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	ras_open();
	region = ras_region(find_page(pid), false);
	/* The page may have been another VM's before: its count goes on. */
	before = ras_counts(region);
	if (no_far)
		ras_set_fnv(RAS_STALE_FAR);
	ras_poison(region, false, firmware_first);
	puts("poisoned");
	fflush(stdout);
	sigwait(&signals, &sig);
	after = ras_counts(region);
	ras_heal(region);
	print_truth(name, pid, after.hits - before.hits, after.records - before.records);
	return 0;
}
