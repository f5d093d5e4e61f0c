/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stop.h - how the programs are stopped: SIGINT and its like, also while a terminal
 * takes nothing of what is painted.
 */
#ifndef SEA_STOP_H
#define SEA_STOP_H

#include <signal.h>

#include "base/output.h"

/*
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT stop the program from now on, but for those
 * that who started it wanted to be ignored. They are blocked but while we wait and
 * paint, so that none of them can come between the look at the flag and the wait.
 */
void stop_catch(void);

/* This signal sets *flag from now on, and stops nothing; it is blocked as those are. */
void stop_take(int signal, volatile sig_atomic_t *flag);

/*
 * This signal is blocked as those are, whoever has a handler for it: none can come between
 * the look at what it changes and the wait. Threads that are started later block it, too.
 */
void stop_hold_back(int signal);

/* Not 0: stop. Also what sea_output_write() looks at; static. */
extern volatile sig_atomic_t stop_flag;
const struct sea_output_stop *stop_output(void);

/* Lets signals in that came meanwhile: for a loop that may never have to wait. */
void stop_let_in(void);

/* The signals that are blocked while we wait, for ppoll(); static. */
const sigset_t *stop_while_waiting(void);

/*
 * ncurses waits for a terminal that does not take what it writes (Ctrl-S, or a
 * connection that is stuck), whatever signals come. Between these two, signals are let
 * in, and a second after one the program ends by abandon() and status 3.
 */
void stop_begin_painting(void (*abandon)(void));
void stop_end_painting(void);

#endif /* SEA_STOP_H */
