// SPDX-License-Identifier: GPL-2.0-only
#include "store/sums.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "model/clock.h"

/* A stretch is worth it if there are at least so many details to a row. */
#define DETAILS_A_ROW 4

enum statement {
	ADD_STRETCH,
	ADD_SEAS,
	ADD_ANSWERS,
	ADD_SLOW,
	STATEMENTS,
};

static const char *const texts[STATEMENTS] = {
	[ADD_STRETCH] = "INSERT INTO detail_sum (seq, session, first_seq, first_wall_ns,"
			" last_wall_ns, seas, answers) VALUES (?, ?, ?, ?, ?, ?, ?)",
	[ADD_SEAS] =
		"INSERT INTO sea_sum (sum, nr, vm, disposition, reason, esr, pfn, ipa, poisoned,"
		" size, node, seas, first_wall_ns, last_wall_ns)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[ADD_ANSWERS] = "INSERT INTO answer_sum (sum, nr, vm, response, answers, slowest_ns,"
			" slowest_wall_ns) VALUES (?, ?, ?, ?, ?, ?, ?)",
	[ADD_SLOW] = "INSERT INTO slow_answer (sum, nr, vm, response, latency_ns, wall_ns)"
		     " VALUES (?, ?, ?, ?, ?, ?)",
};

/* SEAs that differ in nothing but their time and vCPU; or answers of one VM. */
struct row {
	struct key {
		__s64 vm;
		__u64 esr;
		__u64 address; /* pfn; else ipa, */
		__u64 size;
		__u32 known; /* SEA_PAGE_*; of an SEA without pfn: and HAS_IPA */
		__u32 poisoned;
		__s32 node;
		__u8 disposition, reason; /* of an answer: the response, and 0 */
		__u8 is_answer, reserved;
	} key;
	__u64 number;
	__s64 first_ns, last_ns;
	__u64 slowest_ns;
	__s64 slowest_at_ns;
	__s64 last_seq;
	UT_hash_handle hh;
};

#define HAS_IPA 0x80000000U

struct slow {
	__s64 vm, ns;
	__u64 latency_ns;
	__u8 response;
};

struct sea_sums {
	struct sea_sql sql[STATEMENTS];
	struct row *rows;
	struct slow slow[SEA_SUMS_SLOW]; /* slowest first */
	size_t nr_slow;
	__u64 seas, answers;
	__s64 first_seq;	 /* 0: nothing is counted */
	__s64 first_ns, last_ns; /* of all */
	bool is_hopeless;	 /* too many rows, or no memory: there will be no stretch */
};

struct sea_sums *sea_sums_new(void)
{
	return calloc(1, sizeof(struct sea_sums));
}

static void free_rows(struct sea_sums *sums)
{
	struct row *row, *next;

	HASH_ITER(hh, sums->rows, row, next) {
		HASH_DEL(sums->rows, row);
		free(row);
	}
}

void sea_sums_forget(struct sea_sums *sums)
{
	free_rows(sums);
	sums->nr_slow = 0;
	sums->seas = sums->answers = 0;
	sums->first_seq = 0;
	sums->is_hopeless = false;
}

void sea_sums_release(struct sea_sums *sums)
{
	int i;

	for (i = 0; i < STATEMENTS; i++)
		sea_sql_free(&sums->sql[i]);
}

void sea_sums_free(struct sea_sums *sums)
{
	if (!sums)
		return;
	free_rows(sums);
	sea_sums_release(sums);
	free(sums);
}

static void set_key(struct key *key, __s64 vm, const struct sea_record *r)
{
	const struct sea_event *e = r->event;
	const struct sea_page *page = r->page;
	__u32 known = page ? page->known : 0;

	*key = (struct key){.vm = vm};
	if (r->type == SEA_RECORD_ANSWER) {
		key->is_answer = 1;
		key->disposition = (__u8)e->response;
		return;
	}
	key->disposition = (__u8)e->disposition;
	key->reason = (__u8)e->reason;
	key->esr = e->esr;
	key->known = known & (SEA_PAGE_PFN | SEA_PAGE_SIZE | SEA_PAGE_NODE | SEA_PAGE_POISON);
	if (known & SEA_PAGE_PFN) {
		key->address = page->pfn;
	} else if (e->flags & SEA_IPA_VALID) {
		key->known |= HAS_IPA;
		key->address = e->ipa;
	}
	key->size = known & SEA_PAGE_SIZE ? page->size : 0;
	key->node = known & SEA_PAGE_NODE ? page->node : 0;
	key->poisoned = known & SEA_PAGE_POISON ? page->poisoned : 0;
}

/* The row of the key; NULL: there is no room for it. */
static struct row *find_row(struct sea_sums *sums, const struct key *key)
{
	struct row *row;

	HASH_FIND(hh, sums->rows, key, sizeof(*key), row);
	if (row)
		return row;
	row = HASH_COUNT(sums->rows) < SEA_SUMS_ROWS_MAX ? calloc(1, sizeof(*row)) : NULL;
	if (!row)
		return NULL;
	row->key = *key;
	row->first_ns = INT64_MAX;
	row->last_ns = INT64_MIN;
	HASH_ADD(hh, sums->rows, key, sizeof(row->key), row);
	return row;
}

/* Of answers that are as slow, the first stays before the others. */
static void rank(struct sea_sums *sums, __s64 vm, __s64 ns, const struct sea_event *e)
{
	size_t i = sums->nr_slow;

	if (i == SEA_SUMS_SLOW && sums->slow[i - 1].latency_ns >= e->latency_ns)
		return;
	if (i < SEA_SUMS_SLOW)
		sums->nr_slow++;
	else
		i--;
	for (; i && sums->slow[i - 1].latency_ns < e->latency_ns; i--)
		sums->slow[i] = sums->slow[i - 1];
	sums->slow[i] = (struct slow){vm, ns, e->latency_ns, (__u8)e->response};
}

static void count(struct row *row, __s64 seq, __s64 ns, __u64 latency_ns)
{
	row->number++;
	row->last_seq = seq;
	if (ns < row->first_ns)
		row->first_ns = ns;
	if (ns > row->last_ns)
		row->last_ns = ns;
	if (row->number > 1 && latency_ns <= row->slowest_ns)
		return;
	row->slowest_ns = latency_ns;
	row->slowest_at_ns = ns;
}

void sea_sums_add(struct sea_sums *sums, __s64 seq, __s64 vm, const struct sea_record *r)
{
	bool is_answer = r->type == SEA_RECORD_ANSWER;
	__s64 ns = sea_time_to_ns(&r->wall);
	struct row *row;
	struct key key;

	if (r->type != SEA_RECORD_SEA && !is_answer)
		return;
	if (!sums->first_seq) {
		sums->first_seq = seq;
		sums->first_ns = sums->last_ns = ns;
	}
	sums->first_ns = ns < sums->first_ns ? ns : sums->first_ns;
	sums->last_ns = ns > sums->last_ns ? ns : sums->last_ns;
	sums->seas += !is_answer;
	sums->answers += is_answer;
	if (sums->is_hopeless)
		return;
	set_key(&key, vm, r);
	row = find_row(sums, &key);
	if (!row) {
		sums->is_hopeless = true;
		free_rows(sums);
		return;
	}
	count(row, seq, ns, is_answer ? r->event->latency_ns : 0);
	if (is_answer)
		rank(sums, vm, ns, r->event);
}

bool sea_sums_are_due(const struct sea_sums *sums, bool is_end)
{
	return sums->seas + sums->answers >= (is_end ? SEA_SUMS_DETAILS_AT_END : SEA_SUMS_DETAILS);
}

static struct sea_sql *begin(struct sea_sums *sums, const struct sea_db *db, enum statement which,
			     __s64 seq)
{
	struct sea_sql *sql = &sums->sql[which];

	if (sea_sql_begin(db, sql, texts[which]))
		return NULL;
	sea_sql_put(sql, seq);
	return sql;
}

static int write_stretch(struct sea_sums *sums, const struct sea_db *db, __s64 session, __s64 seq)
{
	struct sea_sql *sql = begin(sums, db, ADD_STRETCH, seq);

	if (!sql)
		return -1;
	sea_sql_put(sql, session);
	sea_sql_put(sql, sums->first_seq);
	sea_sql_put(sql, sums->first_ns);
	sea_sql_put(sql, sums->last_ns);
	sea_sql_put_u64(sql, sums->seas);
	sea_sql_put_u64(sql, sums->answers);
	return sea_sql_do(sql);
}

static int write_seas(struct sea_sums *sums, const struct sea_db *db, __s64 seq, __s64 nr,
		      const struct row *row)
{
	struct sea_sql *sql = begin(sums, db, ADD_SEAS, seq);
	const struct key *key = &row->key;

	if (!sql)
		return -1;
	sea_sql_put(sql, nr);
	sea_sql_put(sql, key->vm);
	sea_sql_put(sql, key->disposition);
	sea_sql_put(sql, key->reason);
	sea_sql_put_u64(sql, key->esr);
	sea_sql_put_if(sql, key->known & SEA_PAGE_PFN, key->address);
	sea_sql_put_if(sql, key->known & HAS_IPA, key->address);
	sea_sql_put_if(sql, key->known & SEA_PAGE_POISON, key->poisoned);
	sea_sql_put_if(sql, key->known & SEA_PAGE_SIZE, key->size);
	sea_sql_put_if(sql, key->known & SEA_PAGE_NODE, (__u64)(__s64)key->node);
	sea_sql_put_u64(sql, row->number);
	sea_sql_put(sql, row->first_ns);
	sea_sql_put(sql, row->last_ns);
	return sea_sql_do(sql);
}

static int write_answers(struct sea_sums *sums, const struct sea_db *db, __s64 seq, __s64 nr,
			 const struct row *row)
{
	struct sea_sql *sql = begin(sums, db, ADD_ANSWERS, seq);

	if (!sql)
		return -1;
	sea_sql_put(sql, nr);
	sea_sql_put(sql, row->key.vm);
	sea_sql_put(sql, row->key.disposition);
	sea_sql_put_u64(sql, row->number);
	sea_sql_put_u64(sql, row->slowest_ns);
	sea_sql_put(sql, row->slowest_at_ns);
	return sea_sql_do(sql);
}

static int write_slow(struct sea_sums *sums, const struct sea_db *db, __s64 seq)
{
	size_t i;

	for (i = 0; i < sums->nr_slow; i++) {
		const struct slow *slow = &sums->slow[i];
		struct sea_sql *sql = begin(sums, db, ADD_SLOW, seq);

		if (!sql)
			return -1;
		sea_sql_put(sql, (__s64)i);
		sea_sql_put(sql, slow->vm);
		sea_sql_put(sql, slow->response);
		sea_sql_put_u64(sql, slow->latency_ns);
		sea_sql_put(sql, slow->ns);
		if (sea_sql_do(sql))
			return -1;
	}
	return 0;
}

static int by_last(const struct row *a, const struct row *b)
{
	return a->last_seq < b->last_seq ? -1 : a->last_seq > b->last_seq;
}

static int write_rows(struct sea_sums *sums, const struct sea_db *db, __s64 session, __s64 seq)
{
	struct row *row, *next;
	__s64 nr = 0;

	if (write_stretch(sums, db, session, seq) || write_slow(sums, db, seq))
		return -1;
	/* Of two that came at the same moment, the one that was written last is read last. */
	HASH_SRT(hh, sums->rows, by_last);
	HASH_ITER(hh, sums->rows, row, next) {
		if (row->key.is_answer ? write_answers(sums, db, seq, nr, row) :
					 write_seas(sums, db, seq, nr, row))
			return -1;
		nr++;
	}
	return 0;
}

int sea_sums_write(struct sea_sums *sums, const struct sea_db *db, __s64 session, __s64 seq)
{
	__u64 details = sums->seas + sums->answers;
	int rc = 0;

	if (!sums->is_hopeless && HASH_COUNT(sums->rows) * DETAILS_A_ROW <= details)
		rc = write_rows(sums, db, session, seq);
	sea_sums_forget(sums);
	return rc;
}
