// SPDX-License-Identifier: GPL-2.0-only
/* reader-rows.c - a row as an entry. */
#include "store/reader-internal.h"

#include <string.h>

#define HEAD "seq, session, time_ns, wall_ns"
#define DETAIL                                                                             \
	HEAD ", coalesce(vm, 0), disposition, reason, esr, far, ipa, pc, vcpu, tid, cpu, " \
	     "tgid, start_ns, comm"

/* All begin with HEAD, and a VM's number is the fifth. */
const struct sea_reader_table sea_reader_tables[SEA_RECORD_TYPES] = {
	[SEA_RECORD_SESSION] = {HEAD ", source, tells_all, ended_ns, ended_wall_ns, end",
				"session_record", false},
	[SEA_RECORD_VM] = {HEAD ", vm, id, tgid, start_ns, creator, creator_fd, first_ns, "
				"first_wall_ns, name, origin, other_name, other_origin, disputed, "
				"uuid, cgroup, comm",
			   "vm_record", true},
	[SEA_RECORD_SEA] = {DETAIL, "sea", true},
	[SEA_RECORD_ANSWER] = {DETAIL ", response, latency_ns", "answer", true},
	[SEA_RECORD_END] = {HEAD ", vm, ended_ns, wait_status", "vm_end", true},
	[SEA_RECORD_TICK] = {HEAD ", first_ns, first_wall_ns, ticks, checked, overseen, disarmed, "
				  "blind_ns, ended_unseen, gone_vms, seen_vms, answered_early",
			     "tick", false},
	[SEA_RECORD_GAP] = {HEAD ", cause, since_ns, since_wall_ns, until_ns, until_wall_ns, why",
			    "gap", false},
	[SEA_RECORD_HOST] = {HEAD ", coalesce(vm, 0), kind, pfn, address, result, code, flags, "
				  "lsb, tgid, tid, cpu, text",
			     "host_event", true},
};

/* The number of a name in the next column, or otherwise: a newer program knows more. */
static int take_name(struct sea_sql *sql, int (*number_of)(const char *name), int otherwise)
{
	const char *name = sea_sql_take_string(sql);
	int number = name ? number_of(name) : -1;

	return number < 0 ? otherwise : number;
}

static int read_session(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
			struct sea_error *err)
{
	struct sea_known_session *known = sea_reader_session_of(r, r->session, err);
	struct sea_session *s = &known->row.session;

	sea_sql_take_text(sql, s->source, sizeof(s->source));
	s->tells_all = sea_sql_take(sql);
	s->ended_ns = sea_sql_take_u64(sql);
	s->ended = sea_reader_time(sql);
	s->end = (enum sea_session_end)take_name(sql, sea_session_end_number, SEA_SESSION_LOST);
	entry->redacted = known->row.redacted;
	return 0;
}

static int read_vm(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		   struct sea_error *err)
{
	struct sea_known_vm *known;

	r->vm = sea_sql_take(sql);
	if (sea_reader_know(r, r->session, r->vm, sea_reader_info(sql), &known, err))
		return -1;
	entry->record.vm = known->info;
	return 0;
}

static int read_page(struct sea_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	struct sea_page *page = &r->page;
	struct sea_sql *sql = &r->ask_page;
	__u64 number;
	int rc;

	if (sea_sql_begin(&r->db, sql,
			  "SELECT hva, pfn, size, node, poisoned FROM page WHERE sea = ?"))
		return sea_reader_fail(r, err);
	sea_sql_put(sql, r->seq);
	rc = sea_sql_step(sql);
	*page = (struct sea_page){0};
	if (rc == SQLITE_ROW) {
		page->known |= sea_sql_take_if(sql, &page->hva) ? SEA_PAGE_HVA : 0;
		page->known |= sea_sql_take_if(sql, &page->pfn) ? SEA_PAGE_PFN : 0;
		page->known |= sea_sql_take_if(sql, &page->size) ? SEA_PAGE_SIZE : 0;
		page->known |= sea_sql_take_if(sql, &number) ? SEA_PAGE_NODE : 0;
		page->node = (__s32)number;
		page->known |= sea_sql_take_if(sql, &number) ? SEA_PAGE_POISON : 0;
		page->poisoned = number != 0;
		entry->record.page = page;
	} else if (rc != SQLITE_DONE) {
		return sea_reader_fail(r, err);
	}
	sea_sql_end(sql);
	return 0;
}

static int read_detail(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		       struct sea_error *err)
{
	struct sea_record *record = &entry->record;
	struct sea_event *e = &r->event;
	char comm[SEA_COMM_LEN + 1] = "";
	__u64 number;

	r->vm = sea_sql_take(sql);
	if (sea_reader_who(r, r->session, r->vm, &record->vm, err))
		return -1;
	*e = (struct sea_event){.version = SEA_ABI_VERSION, .size = sizeof(*e)};
	e->type = record->type == SEA_RECORD_SEA ? SEA_EVENT_SEA : SEA_EVENT_ANSWERED;
	e->time_ns = record->time_ns;
	record->time_ns = SEA_LAST_NS(e->time_ns);
	e->disposition = (__u8)sea_sql_take(sql);
	e->reason = (__u8)sea_sql_take(sql);
	e->esr = sea_sql_take_u64(sql);
	e->flags |= sea_sql_take_if(sql, &e->far) ? SEA_FAR_VALID : 0;
	e->flags |= sea_sql_take_if(sql, &e->ipa) ? SEA_IPA_VALID : 0;
	e->flags |= sea_sql_take_if(sql, &e->pc) ? SEA_PC_VALID : 0;
	e->vcpu = (__u32)sea_sql_take(sql);
	e->tid = (__u32)sea_sql_take(sql);
	e->cpu = (__u32)sea_sql_take(sql);
	if (record->vm) {
		e->vm_id = record->vm->id;
		e->tgid = record->vm->key.tgid;
		e->start_ns = record->vm->key.start_ns;
	}
	if (sea_sql_take_if(sql, &number))
		e->tgid = (__u32)number;
	if (sea_sql_take_if(sql, &number))
		e->start_ns = number;
	sea_sql_take_text(sql, comm, sizeof(comm));
	if (!comm[0] && record->vm)
		memcpy(comm, record->vm->comm, sizeof(comm));
	memcpy(e->comm, comm, sizeof(e->comm));
	record->event = e;
	if (record->type == SEA_RECORD_SEA)
		return read_page(r, entry, err);
	e->response = (__u8)sea_sql_take(sql);
	e->latency_ns = sea_sql_take_u64(sql);
	return 0;
}

static int read_end(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		    struct sea_error *err)
{
	__u64 status;

	r->vm = sea_sql_take(sql);
	if (sea_reader_who(r, r->session, r->vm, &entry->record.vm, err))
		return -1;
	r->end = (struct sea_end){.time_ns = sea_sql_take_u64(sql), .wait_status = -1};
	if (sea_sql_take_if(sql, &status))
		r->end.wait_status = (int)status;
	entry->record.end = &r->end;
	return 0;
}

static int read_gap(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		    struct sea_error *err)
{
	struct sea_gap *gap = &r->gap;

	(void)err;
	*gap = (struct sea_gap){0};
	gap->cause = (enum sea_gap_cause)take_name(sql, sea_gap_cause_number, SEA_GAP_RECORDER);
	gap->since_ns = sea_sql_take_u64(sql);
	gap->since = sea_reader_time(sql);
	gap->until_ns = sea_sql_take_u64(sql);
	gap->until = sea_reader_time(sql);
	sea_sql_take_text(sql, gap->why, sizeof(gap->why));
	entry->record.gap = gap;
	return 0;
}

static int read_host(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		     struct sea_error *err)
{
	struct sea_host_event *host = &r->host;
	__u64 number;

	r->vm = sea_sql_take(sql);
	if (sea_reader_who(r, r->session, r->vm, &entry->record.vm, err))
		return -1;
	*host = (struct sea_host_event){0};
	host->kind = (enum sea_host_kind)take_name(sql, sea_host_kind_number, SEA_HOST_KINDS);
	host->known |= sea_sql_take_if(sql, &host->pfn) ? SEA_HOST_PFN : 0;
	host->known |= sea_sql_take_if(sql, &host->address) ? SEA_HOST_ADDRESS : 0;
	host->known |= sea_sql_take_if(sql, &number) ? SEA_HOST_RESULT : 0;
	host->result = (__s64)number;
	host->known |= sea_sql_take_if(sql, &number) ? SEA_HOST_CODE : 0;
	host->code = (__s32)number;
	host->known |= sea_sql_take_if(sql, &number) ? SEA_HOST_FLAGS : 0;
	host->flags = (__u32)number;
	host->lsb = (__u32)sea_sql_take(sql);
	host->tgid = (__u32)sea_sql_take(sql);
	host->tid = (__u32)sea_sql_take(sql);
	host->cpu = (__u32)sea_sql_take(sql);
	sea_sql_take_text(sql, host->text, sizeof(host->text));
	if (entry->record.vm)
		host->vm_id = entry->record.vm->id;
	entry->record.host = host;
	return 0;
}

static int read_rest(struct sea_reader *r, struct sea_sql *sql, struct sea_entry *entry,
		     struct sea_error *err)
{
	switch (entry->record.type) {
	case SEA_RECORD_SESSION:
		return read_session(r, sql, entry, err);
	case SEA_RECORD_VM:
		return read_vm(r, sql, entry, err);
	case SEA_RECORD_SEA:
	case SEA_RECORD_ANSWER:
		return read_detail(r, sql, entry, err);
	case SEA_RECORD_END:
		return read_end(r, sql, entry, err);
	case SEA_RECORD_TICK:
		entry->change = &r->change;
		return sea_reader_tick(r, sql, err);
	case SEA_RECORD_GAP:
		return read_gap(r, sql, entry, err);
	default:
		return read_host(r, sql, entry, err);
	}
}

int sea_reader_entry(struct sea_reader *r, int type, struct sea_entry *entry, struct sea_error *err)
{
	struct sea_sql *sql = &r->sources[type].sql;
	struct sea_known_session *known;

	memset(entry, 0, sizeof(*entry));
	entry->record.type = (enum sea_record_type)type;
	sql->at = 0;
	r->seq = sea_sql_take(sql);
	r->session = sea_sql_take(sql);
	r->vm = 0;
	entry->record.time_ns = sea_sql_take_u64(sql);
	entry->record.wall = sea_reader_time(sql);
	known = sea_reader_session_of(r, r->session, err);
	if (!known)
		return -1;
	entry->record.session = &known->row.session;
	return read_rest(r, sql, entry, err);
}
