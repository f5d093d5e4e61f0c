/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * feed.h - where records come from: the live trace, a recording, an import, or a
 * made-up one in the tests. Who reads a feed cannot tell which it is.
 *
 * Each kind of feed has an open function of its own, which makes a struct that
 * begins with a struct sea_feed.
 */
#ifndef SEA_FEED_H
#define SEA_FEED_H

#include "base/error.h"
#include "model/record.h"

struct sea_feed;

enum sea_feed_next {
	SEA_FEED_FAILED = -1, /* it cannot go on; the error says why */
	SEA_FEED_WAIT = 0,    /* there is none now: wait for the descriptor */
	SEA_FEED_RECORD = 1,  /* there is one */
	SEA_FEED_END = 2,     /* there will be none any more */
};

struct sea_feed_ops {
	/* Becomes readable when next may have a record; -1: it always has. */
	int (*fd)(const struct sea_feed *feed);
	/* Never waits. What the record points to is good until the next call. */
	enum sea_feed_next (*next)(struct sea_feed *feed, struct sea_record *record,
				   struct sea_error *err);
	/*
	 * Asks for the last tick and the session's end, which next() then yields before
	 * SEA_FEED_END. patience_ns: how long SEAs that are on their way to the counters may
	 * be waited for; 0: not at all.
	 */
	void (*finish)(struct sea_feed *feed, __u64 patience_ns);
	/* Ticks come so often from now on; NULL where the feed has its own times. */
	void (*set_interval)(struct sea_feed *feed, __u64 interval_ns);
	void (*close)(struct sea_feed *feed);
};

struct sea_feed {
	const struct sea_feed_ops *ops;
};

static inline int sea_feed_fd(const struct sea_feed *feed)
{
	return feed->ops->fd(feed);
}

static inline enum sea_feed_next sea_feed_next(struct sea_feed *feed, struct sea_record *record,
					       struct sea_error *err)
{
	return feed->ops->next(feed, record, err);
}

static inline void sea_feed_finish(struct sea_feed *feed, __u64 patience_ns)
{
	feed->ops->finish(feed, patience_ns);
}

static inline void sea_feed_set_interval(struct sea_feed *feed, __u64 interval_ns)
{
	if (feed->ops->set_interval)
		feed->ops->set_interval(feed, interval_ns);
}

/* Takes NULL too. */
static inline void sea_feed_close(struct sea_feed *feed)
{
	if (feed)
		feed->ops->close(feed);
}

#endif /* SEA_FEED_H */
