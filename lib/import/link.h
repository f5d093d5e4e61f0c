/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link.h - which records of a store tell of the same error: SEAs, and the host's events,
 * live or imported.
 *
 * A link says by what it was made, and how sure it is. Two records are never linked if
 * something that both know contradicts: host, boot, page, or process. Without a time that
 * can be compared there is no link.
 */
#ifndef SEA_LINK_H
#define SEA_LINK_H

#include "model/record.h"
#include "store/db.h"

/* By what a link was made */
#define SEA_LINK_TIME 0x1    /* the two were at about the same time: always */
#define SEA_LINK_PAGE 0x2    /* the same page of the host */
#define SEA_LINK_THREAD 0x4  /* the same thread */
#define SEA_LINK_PROCESS 0x8 /* the same process */
#define SEA_LINK_CPU 0x10    /* the same CPU */

enum sea_link_sure {
	SEA_LINK_POSSIBLE, /* the time alone speaks for it: no other VM had an SEA then */
	SEA_LINK_LIKELY,
	SEA_LINK_SURE,
	SEA_LINK_SURES,
};

/* "possible", "likely", "sure"; static. */
const char *sea_link_sure_name(unsigned int sure);

struct sea_link {
	__s64 seq;		   /* of the other record */
	enum sea_record_type type; /* SEA_RECORD_SEA or SEA_RECORD_HOST */
	__s64 session;		   /* its session's id in the store */
	__u32 by;		   /* SEA_LINK_* */
	enum sea_link_sure sure;
	__s64 distance_ns; /* its time less the asked one's */
	bool is_wall;	   /* that is by the wall clock, not by CLOCK_BOOTTIME of one boot */
};

/*
 * The links of the SEA or host event with this seq, the surest first, then the nearest in
 * time; at most max of them. *nr: how many; none for a seq that is of neither. Goes over
 * all host events and SEAs of the store.
 */
int sea_links_of(const struct sea_db *db, __s64 seq, struct sea_link *links, size_t max, size_t *nr,
		 struct sea_error *err);

/* The same, but only SEAs on the page that it is about, which an index finds in any store. */
int sea_links_by_page(const struct sea_db *db, __s64 seq, struct sea_link *links, size_t max,
		      size_t *nr, struct sea_error *err);

#define SEA_LINK_TEXT_LEN 128

/* "same page, same thread, 0.31 ms later: sure" */
void sea_link_text(const struct sea_link *link, char text[SEA_LINK_TEXT_LEN]);

#endif /* SEA_LINK_H */
