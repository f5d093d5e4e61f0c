// SPDX-License-Identifier: GPL-2.0-only
/* writer-event.c - SEAs, answers, gaps and what the host did: a row each. */
#include "store/writer-internal.h"

#include <string.h>

#include "model/clock.h"

#define DETAIL_COLUMNS                                                                            \
	"seq, session, time_ns, wall_ns, vm, disposition, reason, esr, far, ipa, pc, vcpu, tid, " \
	"cpu, tgid, start_ns, comm"

static const char add_sea_sql[] = "INSERT INTO sea (" DETAIL_COLUMNS
				  ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
static const char add_answer_sql[] =
	"INSERT INTO answer (" DETAIL_COLUMNS ", response, latency_ns)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static int write_detail(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_event *e = r->event;
	bool is_answer = r->type == SEA_RECORD_ANSWER;
	struct sea_sql *sql =
		sea_writer_sql_record(w, is_answer ? SEA_SQL_ADD_ANSWER : SEA_SQL_ADD_SEA,
				      is_answer ? add_answer_sql : add_sea_sql, r, e->time_ns);
	char comm[SEA_COMM_LEN + 1];
	__s64 vm;

	if (!sql || sea_writer_vm_of(w, r, &vm))
		return -1;
	sea_entry_comm(e, comm);
	sea_sql_put_if(sql, vm, (__u64)vm);
	sea_sql_put(sql, e->disposition);
	sea_sql_put(sql, e->reason);
	sea_sql_put_u64(sql, e->esr);
	sea_sql_put_if(sql, e->flags & SEA_FAR_VALID, e->far);
	sea_sql_put_if(sql, e->flags & SEA_IPA_VALID, e->ipa);
	sea_sql_put_if(sql, e->flags & SEA_PC_VALID, e->pc);
	sea_sql_put(sql, e->vcpu);
	sea_sql_put(sql, e->tid);
	sea_sql_put(sql, e->cpu);
	sea_sql_put_if(sql, !vm || e->tgid != r->vm->key.tgid, e->tgid);
	sea_sql_put_if(sql, !vm || e->start_ns != r->vm->key.start_ns, e->start_ns);
	sea_sql_put_text(sql, !vm || strcmp(comm, r->vm->comm) ? comm : NULL);
	if (is_answer) {
		sea_sql_put(sql, e->response);
		sea_sql_put_u64(sql, e->latency_ns);
	}
	if (sea_sql_do(sql))
		return -1;
	sea_sums_add(w->sums, w->next_seq, vm, r);
	return 0;
}

static const char add_page_sql[] = "INSERT INTO page (sea, hva, pfn, size, node, poisoned)"
				   " VALUES (?, ?, ?, ?, ?, ?)";

static int write_page(struct sea_writer *w, const struct sea_page *page)
{
	struct sea_sql *sql;

	if (!page || !page->known)
		return 0;
	sql = sea_writer_sql(w, SEA_SQL_ADD_PAGE, add_page_sql);
	if (!sql)
		return -1;
	sea_sql_put(sql, w->next_seq);
	sea_sql_put_if(sql, page->known & SEA_PAGE_HVA, page->hva);
	sea_sql_put_if(sql, page->known & SEA_PAGE_PFN, page->pfn);
	sea_sql_put_if(sql, page->known & SEA_PAGE_SIZE, page->size);
	sea_sql_put_if(sql, page->known & SEA_PAGE_NODE, (__u64)(__s64)page->node);
	sea_sql_put_if(sql, page->known & SEA_PAGE_POISON, page->poisoned);
	return sea_sql_do(sql);
}

int sea_writer_sea(struct sea_writer *w, const struct sea_record *r)
{
	return write_detail(w, r) || write_page(w, r->page) ? -1 : 0;
}

int sea_writer_answer(struct sea_writer *w, const struct sea_record *r)
{
	return write_detail(w, r);
}

static const char add_gap_sql[] =
	"INSERT INTO gap (seq, session, time_ns, wall_ns, cause, since_ns,"
	" since_wall_ns, until_ns, until_wall_ns, why)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

int sea_writer_gap(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_gap *gap = r->gap;
	struct sea_sql *sql = sea_writer_sql_record(w, SEA_SQL_ADD_GAP, add_gap_sql, r, r->time_ns);
	bool is_over = gap->until.tv_sec || gap->until.tv_nsec;

	if (!sql)
		return -1;
	sea_sql_put_string(sql, sea_gap_cause_name(gap->cause));
	sea_sql_put_if(sql, gap->since_ns, gap->since_ns);
	sea_sql_put(sql, sea_time_to_ns(&gap->since));
	sea_sql_put_if(sql, gap->until_ns, gap->until_ns);
	sea_sql_put_if(sql, is_over, (__u64)sea_time_to_ns(&gap->until));
	sea_sql_put_string(sql, gap->why);
	return sea_sql_do(sql);
}

static const char add_host_sql[] =
	"INSERT INTO host_event (seq, session, time_ns, wall_ns, vm, kind, pfn, address,"
	" result, code, flags, lsb, tgid, tid, cpu, text)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

int sea_writer_host(struct sea_writer *w, const struct sea_record *r)
{
	const struct sea_host_event *host = r->host;
	struct sea_sql *sql =
		sea_writer_sql_record(w, SEA_SQL_ADD_HOST, add_host_sql, r, r->time_ns);
	__s64 vm;

	if (!sql || sea_writer_vm_of(w, r, &vm))
		return -1;
	sea_sql_put_if(sql, vm, (__u64)vm);
	sea_sql_put_string(sql, sea_host_kind_name(host->kind));
	sea_sql_put_if(sql, host->known & SEA_HOST_PFN, host->pfn);
	sea_sql_put_if(sql, host->known & SEA_HOST_ADDRESS, host->address);
	sea_sql_put_if(sql, host->known & SEA_HOST_RESULT, (__u64)host->result);
	sea_sql_put_if(sql, host->known & SEA_HOST_CODE, (__u64)(__s64)host->code);
	sea_sql_put_if(sql, host->known & SEA_HOST_FLAGS, host->flags);
	sea_sql_put(sql, host->lsb);
	sea_sql_put(sql, host->tgid);
	sea_sql_put(sql, host->tid);
	sea_sql_put(sql, host->cpu);
	sea_sql_put_string(sql, host->text);
	return sea_sql_do(sql);
}
