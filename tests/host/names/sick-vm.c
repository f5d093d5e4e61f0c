// SPDX-License-Identifier: GPL-2.0-only
/*
 * SICK_VM=SICKNESS sick-vm [ANYTHING...]: a VMM with a VM that never runs, in a state in
 * which others may not get an answer from it; its arguments are there to be read. Says
 * "ready" when it is in it, or a moment before.
 *
 *   locked DIRECTORY  holds its memory map for writing and waits for a file system at
 *                     that directory, for as long as the process lives that it says:
 *                     "ready PID". Reading /proc/PID/cmdline waits as well.
 *   leaderless        its first thread has ended, another one has the VM
 *   dumped            dumps its memory to who does not read it (core_pattern)
 *   well              nothing, for comparison
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/kvm.h>

#include "fuse.h"

static void fail(const char *what)
{
	fprintf(stderr, "sick-vm: %s: %s\n", what, strerror(errno));
	exit(3);
}

static void say_ready(pid_t pid)
{
	if (pid)
		printf("ready %d\n", (int)pid);
	else
		printf("ready\n");
	if (fflush(stdout))
		fail("standard output");
}

static void make_vm(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), vm;

	if (kvm < 0)
		fail("/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0UL);
	if (vm < 0)
		fail("KVM_CREATE_VM");
	if (ioctl(vm, KVM_CREATE_VCPU, 0UL) < 0)
		fail("KVM_CREATE_VCPU");
}

static void tell(void *context)
{
	const int *fd = context;

	if (write(*fd, "", 1) != 1)
		fail("the pipe");
}

/* The file system's process, which has no VM and lives on without us. */
static pid_t start_server(const char *directory)
{
	int pipe_fds[2];
	char byte;
	pid_t pid;

	if (pipe(pipe_fds))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		close(pipe_fds[0]);
		if (fuse_serve(directory, tell, &pipe_fds[1]) < 0)
			fail("the file system");
		_exit(0);
	}
	close(pipe_fds[1]);
	if (read(pipe_fds[0], &byte, 1) != 1)
		exit(3);
	close(pipe_fds[0]);
	return pid;
}

static int open_file(const char *directory)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/" FUSE_FILE, directory);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	return fd;
}

/* See fuse.h: what is written through the first descriptor holds up the second one. */
static void be_locked(const char *directory)
{
	pid_t server = start_server(directory);
	int cached, direct;
	char *page;

	make_vm();
	cached = open_file(directory);
	direct = open_file(directory);
	page = mmap(NULL, FUSE_FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, cached, 0);
	if (page == MAP_FAILED)
		fail("mmap");
	page[0] = 'x';
	/* In a moment: who is told looks until it is so. */
	say_ready(server);
	mmap(NULL, FUSE_FILE_BYTES, PROT_READ, MAP_PRIVATE, direct, 0);
}

static void *wait_for_a_signal(void *arg)
{
	(void)arg;
	for (;;)
		pause();
	return NULL;
}

static void be_leaderless(void)
{
	pthread_t thread;

	make_vm();
	if (pthread_create(&thread, NULL, wait_for_a_signal, NULL))
		fail("pthread_create");
	say_ready(0);
	pthread_exit(NULL);
}

static void be_dumped(void)
{
	struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};

	make_vm();
	if (setrlimit(RLIMIT_CORE, &unlimited) || prctl(PR_SET_DUMPABLE, 1))
		fail("the core's limit");
	say_ready(0);
	abort();
}

int main(int argc, char **argv)
{
	const char *sickness = getenv("SICK_VM") ?: "";

	(void)argc;
	(void)argv;
	if (!strncmp(sickness, "locked ", 7))
		be_locked(sickness + 7);
	else if (!strcmp(sickness, "leaderless"))
		be_leaderless();
	else if (!strcmp(sickness, "dumped"))
		be_dumped();
	else if (!strcmp(sickness, "well"))
		make_vm();
	else
		return 2;
	say_ready(0);
	for (;;)
		pause();
}
