/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stays.h - SEAs that no session recorded, and that the kernel counted.
 *
 * A kernel with statistics has counted all SEAs of a VM since it was made. Each session
 * records by how much they are ahead of its own counts. An example: session 1 counted
 * 10 SEAs of a VM and found 0 from before it. Session 2 finds 14 from before it. So 4
 * came between the two. What came before session 1 may have been recorded by sessions that
 * are not here: deleted ones, or those that a cut left out.
 */
#ifndef SEA_STAYS_H
#define SEA_STAYS_H

#include <stdbool.h>

#include "sea_list.h"
#include "store/db.h"

/* A VM in a session; times are ns since 1970, of CLOCK_REALTIME. */
struct sea_stay {
	__s64 vm, session;	  /* in the file */
	__s64 since_ns, until_ns; /* when the session began, and the last that it told */
	__s64 host_since_ns;	  /* when the first session of its host began */
	bool is_whole;		  /* its counts are known from its begin on */
	__u64 before[SEA_STATISTICS], counted[SEA_STATISTICS];
};

#define SEA_STAYS_OF_THOSE                                                         \
	" IN (SELECT vm FROM tick_listed WHERE before_claimed + before_host_owned" \
	" + before_not_opted_in + before_forwarded > 0)"

/*
 * SQL for the stays of all VMs that have SEAs from before any session, by VM and session.
 * `which`: "" or " AND CONDITION" on tick t. The last tick of a session has the best value,
 * see struct sea_listed. sea_stay_take() takes a row.
 */
#define SEA_STAYS(which)                                                                       \
	"SELECT l.vm, t.session, x.started_wall_ns, x.last_wall_ns,"                           \
	" (SELECT min(started_wall_ns) FROM session h WHERE h.host IS x.host),"                \
	" coalesce((SELECT min(first_wall_ns) FROM tick f WHERE f.session = x.id), 0),"        \
	" before_claimed, before_host_owned, before_not_opted_in, before_forwarded,"           \
	" max(l.tick)"                                                                         \
	" FROM tick_listed l JOIN tick t ON t.seq = l.tick JOIN session x ON x.id = t.session" \
	" WHERE l.vm > 0 AND is_listed AND before_claimed IS NOT NULL"                         \
	" AND l.vm" SEA_STAYS_OF_THOSE which " GROUP BY l.vm, t.session"                       \
	" ORDER BY l.vm, t.session"

/*
 * And for what was counted in them: VM, session, and the four counts. By ticks; and of a
 * session that was killed, by what it told one by one after its last tick.
 */
#define SEA_STAYS_COUNTED                                                                        \
	"SELECT vm, session, sum(c), sum(h), sum(n), sum(f) FROM ("                              \
	" SELECT v.vm AS vm, t.session AS session, claimed AS c, host_owned AS h,"               \
	" not_opted_in AS n, forwarded AS f FROM tick_vm v JOIN tick t ON t.seq = v.tick"        \
	" WHERE v.vm" SEA_STAYS_OF_THOSE                                                         \
	" UNION ALL SELECT s.vm, s.session, disposition = 0, disposition = 1,"                   \
	" disposition = 2, disposition = 3 FROM"                                                 \
	" (SELECT x.id AS id, max(t.seq) AS last FROM session x JOIN tick t ON t.session = x.id" \
	" WHERE x.end IN ('runs', 'lost') GROUP BY x.id) y"                                      \
	" CROSS JOIN sea s ON s.seq > y.last AND s.session = y.id WHERE s.vm" SEA_STAYS_OF_THOSE \
	") GROUP BY vm, session"

/* A row of SEA_STAYS. */
void sea_stay_take(struct sea_sql *sql, struct sea_stay *stay);
/* A row of SEA_STAYS_COUNTED, into one of the nr stays, which are as SEA_STAYS gave them. */
void sea_stay_take_counted(struct sea_sql *sql, struct sea_stay *stays, size_t nr);

/*
 * What came before this session and in none, also added to by_disposition: `last` is the
 * one ahead of it, NULL: there is none. Nothing is known if of that one not all is there.
 */
__u64 sea_stay_unrecorded(const struct sea_stay *stay, const struct sea_stay *last,
			  __u64 by_disposition[SEA_STATISTICS]);

#endif /* SEA_STAYS_H */
