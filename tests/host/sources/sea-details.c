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

#include "base/output.h"
#include "base/words.h"
#include "model/clock.h"
#include "trace/live.h"

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

static void print_detail(const struct sea_record *record)
{
	const struct sea_event *event = record->event;

	if (record->type == SEA_RECORD_SEA)
		printf("{\"sea\":\"%s\"", sea_disposition_name(event->disposition));
	else
		printf("{\"answer\":\"%s\"", sea_response_name(event->response));
	printf(",\"pid\":%u,\"vcpu\":%u,\"tid\":%u", event->tgid, event->vcpu, event->tid);
	print_address("esr", event->esr, true);
	print_address("far", event->far, event->flags & SEA_FAR_VALID);
	print_address("ipa", event->ipa, event->flags & SEA_IPA_VALID);
	print_address("pc", event->pc, event->flags & SEA_PC_VALID);
	printf("}\n");
}

static void take(const struct sea_record *record)
{
	switch (record->type) {
	case SEA_RECORD_SESSION:
		if (!record->session->ended_ns)
			printf("{\"source\":\"%s\"}\n", record->session->source);
		break;
	case SEA_RECORD_SEA:
	case SEA_RECORD_ANSWER:
		print_detail(record);
		break;
	default:
		break;
	}
	fflush(stdout);
}

static int read_all(struct sea_feed *feed, struct sea_error *err)
{
	struct pollfd fd = {.fd = sea_feed_fd(feed), .events = POLLIN};
	struct sea_record record;

	for (;;) {
		if (stop)
			sea_feed_finish(feed, SEA_NSEC_PER_SEC);
		switch (sea_feed_next(feed, &record, err)) {
		case SEA_FEED_RECORD:
			take(&record);
			break;
		case SEA_FEED_WAIT:
			/* A signal may come just before: it is seen in time all the same. */
			poll(&fd, 1, 100);
			break;
		case SEA_FEED_END:
			return 0;
		default:
			return -1;
		}
	}
}

int main(int argc, char **argv)
{
	/* What is seen at a tick only is to be seen at the end. */
	struct sea_live_options options = {
		.program = "sea-details",
		.details = true,
		.interval_ns = 3600 * SEA_NSEC_PER_SEC,
	};
	struct sigaction action = {.sa_handler = on_stop};
	struct sea_feed *feed = NULL;
	struct sea_vm_names *names;
	struct sea_error err;
	int rc;

	if (argc != 2)
		return SEA_STATUS_ERROR;
	options.source = argv[1];
	sigaction(SIGTERM, &action, NULL);
	rc = sea_vm_names_open("/proc", &names, &err);
	options.names = names;
	if (!rc)
		rc = sea_live_open(&options, &feed, &err) ? -1 : read_all(feed, &err);
	sea_feed_close(feed);
	sea_vm_names_close(names);
	return rc ? sea_output_error(&err, "sea-details", NULL) : 0;
}
