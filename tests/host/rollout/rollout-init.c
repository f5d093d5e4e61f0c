// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first process of a Linux guest whose memory goes bad. It says "ready", and then
 * does what it is told by lines on the console:
 *
 *   page	a process of its own tags a page (guest.h) and says "tagged"
 *   read	that process reads the page and ends; what became of it is said
 *   touch	takes all free memory, writes to it, gives it back, says "touched"
 *   reset	resets the machine
 *
 * What it says are lines that start with "guest: ", so that the kernel's are not
 * taken for them.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "guest.h"

#define PAGE_SIZE 4096UL

static volatile uint64_t *page;

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	char line[128] = "guest: ";
	size_t prefix = strlen(line), length;
	va_list args;

	va_start(args, format);
	vsnprintf(line + prefix, sizeof(line) - prefix - 1, format, args);
	va_end(args);
	length = strlen(line);
	line[length++] = '\n';
	/* In one piece: the kernel writes to the same console. */
	if (write(STDOUT_FILENO, line, length) != (ssize_t)length)
		abort();
}

/* As the console's lines are: no echo, so that what is said is not mixed with it */
static void set_up_console(void)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &t))
		return;
	t.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_addr == page)
		say("SIGBUS at the page");
	else
		say("SIGBUS at %p", info->si_addr);
	signal(sig, SIG_DFL);
	raise(sig);
}

static bool read_line(char *line, int size)
{
	if (!fgets(line, size, stdin))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* In a process of its own */
static void have_page(void)
{
	struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};
	char line[32];

	page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		_exit(1);
	page[0] = GUEST_TAG_0;
	page[1] = GUEST_TAG_1;
	sigaction(SIGBUS, &action, NULL);
	say("tagged");
	while (read_line(line, sizeof(line)) && strcmp(line, "read"))
		;
	say("value %" PRIx64, page[0]);
	/* Memory outlives a reset: there must be one page with the tag. */
	page[0] = 0;
	_exit(0);
}

static void run_process(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		have_page();
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		say("no process: %s", strerror(errno));
	else if (WIFSIGNALED(status))
		say("the process died of %s", strsignal(WTERMSIG(status)));
	else
		say("the process ended with status %d", WEXITSTATUS(status));
}

/* Until no more can be had: the bad page would be among it, were it still in use. */
static void touch_memory(void)
{
	size_t want = (size_t)sysconf(_SC_AVPHYS_PAGES) * PAGE_SIZE / 10 * 8;
	char *memory = mmap(NULL, want, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED) {
		say("cannot have %zu bytes: %s", want, strerror(errno));
		return;
	}
	munmap(memory, want);
	say("touched");
}

int main(void)
{
	char line[32];

	set_up_console();
	setvbuf(stdin, NULL, _IONBF, 0);
	say("ready");
	while (read_line(line, sizeof(line))) {
		if (!strcmp(line, "page"))
			run_process();
		else if (!strcmp(line, "touch"))
			touch_memory();
		else if (!strcmp(line, "reset"))
			reboot(RB_AUTOBOOT);
	}
	return 1;
}
