// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea-details SOURCE: prints a line of JSON for each detail record of an SEA and of
 * an answer. What a source sees only when it is told to look, it sees when
 * this is told to end by SIGTERM. The first line, {"source":NAME}, says that nothing
 * is missed from now on.
 */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "trace/trace.h"
#include "base/words.h"

static volatile sig_atomic_t stop;

static void on_stop(int signal)
{
	stop = signal;
}

/* All 64 bits of a number survive any JSON parser as a string only. */
static void print_address(const char *name, __u64 address, bool valid)
{
	if (valid)
		printf(",\"%s\":\"%#" PRIx64 "\"", name, (uint64_t)address);
	else
		printf(",\"%s\":null", name);
}

static void on_event(const struct sea_event *event, void *context)
{
	(void)context;
	if (event->type == SEA_EVENT_SEA)
		printf("{\"sea\":\"%s\"", sea_disposition_name(event->disposition));
	else if (event->type == SEA_EVENT_ANSWERED)
		printf("{\"answer\":\"%s\"", sea_response_name(event->response));
	else
		return;
	printf(",\"pid\":%u,\"vcpu\":%u,\"tid\":%u", event->tgid, event->vcpu, event->tid);
	print_address("esr", event->esr, true);
	print_address("far", event->far, event->flags & SEA_FAR_VALID);
	print_address("ipa", event->ipa, event->flags & SEA_IPA_VALID);
	print_address("pc", event->pc, event->flags & SEA_PC_VALID);
	printf("}\n");
	fflush(stdout);
}

static int trace(struct sea_trace *trace, struct sea_error *err)
{
	struct pollfd fd = {.fd = sea_trace_fd(trace), .events = POLLIN};
	struct sea_snapshot last = {0};

	printf("{\"source\":\"%s\"}\n", sea_trace_source(trace));
	fflush(stdout);
	while (!stop) {
		/* A signal may come just before: it is seen in time all the same. */
		poll(&fd, 1, 100);
		if (sea_trace_poll(trace, err))
			return -1;
	}
	if (sea_trace_read(trace, &last, err) || sea_trace_poll(trace, err))
		return -1;
	sea_snapshot_free(&last);
	return 0;
}

int main(int argc, char **argv)
{
	struct sea_trace_options options = {.event = on_event};
	struct sigaction action = {.sa_handler = on_stop};
	struct sea_trace *t = NULL;
	struct sea_error err;
	int rc;

	if (argc != 2)
		return SEA_STATUS_ERROR;
	options.source = argv[1];
	sigaction(SIGTERM, &action, NULL);
	rc = sea_trace_open(&options, &t, &err) ? -1 : trace(t, &err);
	sea_trace_close(t);
	return rc ? sea_output_error(&err, "sea-details", NULL) : 0;
}
