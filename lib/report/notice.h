/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * notice.h - what an operator's journal is told of a recording: few entries, each with
 * all that is needed to act on it. The catalog contrib/seatop.catalog explains each kind.
 *
 * SEAs are told by VM: the first at once, and those that follow within a minute together.
 * Numbers are those of the counters, so that also what was not told one by one is in them.
 * Addresses of guests are in none.
 */
#ifndef SEA_NOTICE_H
#define SEA_NOTICE_H

#include "base/error.h"
#include "base/text.h"
#include "model/record.h"

/* X(CONSTANT, id of the message, priority of syslog(3)) */
#define SEA_NOTICES(X)                                       \
	X(STARTED, "ab6ba3a3ae6a4fbaa2a93fe1fd773a4e", 6)    \
	X(STOPPED, "02077784db494f33881f9b220860ac35", 6)    \
	X(SEA, "91d013378e924c76bf11a39c0b9e6dd7", 4)        \
	X(VM_ENDED, "66ec5743bb294d668b6216f903fc9600", 4)   \
	X(GAP, "93cdc29444cb489fa5c9193daf8a9bd9", 5)        \
	X(LOSS, "6eedfe361711468fb51b6bf981adc8dd", 5)       \
	X(INCOMPLETE, "9294f1a48ce3474b8a34f4e9c95889dc", 4) \
	X(COMPLETE, "9cb47dd36d0f492cbf0243b095e257be", 5)

#define SEA_NOTICE_CONSTANT(constant, id, priority) SEA_NOTICE_##constant,
enum sea_notice_kind { SEA_NOTICES(SEA_NOTICE_CONSTANT) SEA_NOTICE_KINDS };
#undef SEA_NOTICE_CONSTANT

struct sea_notice {
	enum sea_notice_kind kind;
	struct timespec wall;		   /* when it happened */
	__u64 time_ns;			   /* CLOCK_BOOTTIME; 0: of another boot */
	const struct sea_session *session; /* whose it is */
	/* Lines of NAME=VALUE: MESSAGE, MESSAGE_ID, PRIORITY and what else there is. */
	struct sea_text fields;
};

struct sea_noticed_vm;

/* Start from zeros; sea_noticer_free() releases it. */
struct sea_noticer {
	void (*tell)(const struct sea_notice *notice, void *context);
	void *context;
	char run[SEA_UUID_LEN]; /* the session that is told of */
	struct sea_session session;
	struct sea_noticed_vm *vms;
	__u64 told_loss[SEA_LOSS_CAUSES];    /* counts that were told */
	__u64 told_loss_ns[SEA_LOSS_CAUSES]; /* and when; 0: never */
	__u64 seas;			     /* of the session, as of the last tick */
	bool is_incomplete;
};

/* Tells of the record, if there is something to be told. The notice is good for the call. */
int sea_noticer_take(struct sea_noticer *noticer, const struct sea_record *record,
		     struct sea_error *err);
void sea_noticer_free(struct sea_noticer *noticer);

/* Appends the notice as an entry of the journal export format. */
void sea_notice_export(const struct sea_notice *notice, struct sea_text *out);

#endif /* SEA_NOTICE_H */
