// SPDX-License-Identifier: GPL-2.0-only
#include "stop.h"

#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include "base/error.h"

/* A terminal that takes nothing for so long after a stop will take nothing at all. */
#define STOP_SECONDS (SEA_OUTPUT_STOP_MS / 1000)

volatile sig_atomic_t stop_flag;

static volatile sig_atomic_t painting;
static void (*abandon_terminal)(void);
static sigset_t while_waiting, while_working;

static void on_stop(int signal)
{
	stop_flag = signal;
	if (painting)
		alarm(STOP_SECONDS);
}

static void on_alarm(int signal)
{
	(void)signal;
	if (!painting)
		return;
	abandon_terminal();
	_exit(SEA_STATUS_ERROR);
}

void stop_catch(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction stopped = {.sa_handler = on_stop}, alarmed = {.sa_handler = on_alarm};
	sigset_t blocked;
	size_t i;

	sigemptyset(&blocked);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction old;

		/* nohup(1) and "&" in a script asked for these to be ignored. */
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &stopped, NULL);
		sigaddset(&blocked, signals[i]);
	}
	sigaction(SIGALRM, &alarmed, NULL);
	sigprocmask(SIG_BLOCK, &blocked, &while_waiting);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigismember(&blocked, signals[i]))
			sigdelset(&while_waiting, signals[i]);
	sigdelset(&while_waiting, SIGALRM);
	sigprocmask(SIG_SETMASK, NULL, &while_working);
}

void stop_hold_back(int signal)
{
	sigaddset(&while_working, signal);
	sigprocmask(SIG_SETMASK, &while_working, NULL);
	sigdelset(&while_waiting, signal);
}

static volatile sig_atomic_t *taken[NSIG];

static void on_taken(int signal)
{
	*taken[signal] = 1;
}

void stop_take(int signal, volatile sig_atomic_t *flag)
{
	const struct sigaction action = {.sa_handler = on_taken};

	taken[signal] = flag;
	stop_hold_back(signal);
	sigaction(signal, &action, NULL);
}

void stop_let_in(void)
{
	const struct timespec at_once = {0};

	ppoll(NULL, 0, &at_once, &while_waiting);
}

const sigset_t *stop_while_waiting(void)
{
	return &while_waiting;
}

const struct sea_output_stop *stop_output(void)
{
	static const struct sea_output_stop stop = {&stop_flag, &while_waiting};

	return &stop;
}

void stop_begin_painting(void (*abandon)(void))
{
	abandon_terminal = abandon;
	painting = 1;
	if (stop_flag)
		alarm(STOP_SECONDS);
	sigprocmask(SIG_SETMASK, &while_waiting, NULL);
}

void stop_end_painting(void)
{
	sigprocmask(SIG_SETMASK, &while_working, NULL);
	painting = 0;
	alarm(0);
}
