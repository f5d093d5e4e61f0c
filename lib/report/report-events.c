// SPDX-License-Identifier: GPL-2.0-only
/* report-events.c - what the hosts' own RAS code did, and what that has to do with VMs. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/report-internal.h"

#define EVENTS                                                                                    \
	"SELECT seq, wall_ns, coalesce(vm, 0), session, kind, pfn, address, result, code, flags," \
	" lsb, tgid, tid, cpu, text FROM host_event WHERE wall_ns >= ?1 AND wall_ns < ?2"         \
	" AND " SEA_TOTALS_IS_CHOSEN " ORDER BY wall_ns, seq"

static void take_if(struct sea_sql *sql, struct sea_host_event *event, __u32 bit, __u64 *number)
{
	if (sea_sql_take_if(sql, number))
		event->known |= bit;
}

static void take_event(struct sea_sql *sql, struct sea_host_event *event)
{
	int kind = sea_host_kind_number(sea_sql_take_string(sql));
	__u64 result, code, flags;

	/* A newer program's: its text says what it is. */
	event->kind = kind < 0 ? SEA_HOST_KINDS : (enum sea_host_kind)kind;
	take_if(sql, event, SEA_HOST_PFN, &event->pfn);
	take_if(sql, event, SEA_HOST_ADDRESS, &event->address);
	take_if(sql, event, SEA_HOST_RESULT, &result);
	take_if(sql, event, SEA_HOST_CODE, &code);
	take_if(sql, event, SEA_HOST_FLAGS, &flags);
	event->result = (__s64)result;
	event->code = (__s32)code;
	event->flags = (__u32)flags;
	event->lsb = (__u32)sea_sql_take(sql);
	event->tgid = (__u32)sea_sql_take(sql);
	event->tid = (__u32)sea_sql_take(sql);
	event->cpu = (__u32)sea_sql_take(sql);
	sea_sql_take_text(sql, event->text, sizeof(event->text));
}

/* The host and the boot of a session, by its number in this file */
static const struct sea_report_session *session_of(const struct sea_report_maker *m, __s64 number)
{
	size_t i;

	for (i = 0; i < m->report->nr_sessions; i++)
		if (m->report->sessions[i].file == m->file &&
		    m->report->sessions[i].session.id == number)
			return &m->report->sessions[i];
	return NULL;
}

/*
 * A VM by its VMM's process, where the event does not name the VM: of the same boot, and
 * there at the time. *place NULL: none, or more than one.
 */
static struct sea_report_vm *vm_of_process(struct sea_report *report, const char *boot_id,
					   const struct sea_report_event *event)
{
	struct sea_report_vm *found = NULL;
	size_t i;

	for (i = 0; event->event.tgid && i < report->nr_vms; i++) {
		struct sea_report_vm *vm = &report->vms[i];

		if (vm->key.tgid != event->event.tgid || strcmp(vm->boot_id, boot_id) ||
		    vm->first_ns > event->ns || (vm->ended_ns && vm->ended_ns < event->ns))
			continue;
		if (found)
			return NULL;
		found = vm;
	}
	return found;
}

/* 1: it is about a VM that is not asked for. */
static int find_vm(struct sea_report_maker *m, __s64 number, const char *boot_id,
		   const struct sea_report_event *event, struct sea_report_vm **vm)
{
	size_t place;

	*vm = NULL;
	if (!number) {
		*vm = vm_of_process(m->report, boot_id, event);
		return 0;
	}
	if (sea_report_vm_of(m, number, &place))
		return -1;
	if (place == SEA_REPORT_NOT_WANTED)
		return 1;
	*vm = &m->report->vms[place];
	return 0;
}

static void see_signal(struct sea_report_vm *vm, const struct sea_report_event *event)
{
	vm->sigbus++;
	if (event->ns < vm->sigbus_ns)
		return;
	vm->sigbus_ns = event->ns;
	vm->sigbus_code = event->event.known & SEA_HOST_CODE ? event->event.code : 0;
}

/* What memory_failure() said of a page that a VM hit */
static void see_failure(struct sea_report_maker *m, const struct sea_report_event *event)
{
	const struct sea_report_index *found;
	struct sea_report_page *page;

	if (!(event->event.known & SEA_HOST_PFN))
		return;
	found = sea_report_lookup(m, SEA_INDEX_PFN, event->host, event->event.pfn, 0);
	if (!found)
		return;
	page = &m->report->pages[found->place];
	page->failures++;
	if (event->ns < page->failure_ns)
		return;
	page->failure_ns = event->ns;
	page->has_result = event->event.known & SEA_HOST_RESULT;
	page->failure_result = event->event.result;
}

/*
 * What names no page is looked up among all SEAs and events: only the first so many, and only
 * in a store of so many records.
 */
#define LINKED_MAX 64
#define LINKED_RECORDS 20000

/* The surest ones, of which the first that names a VM is taken */
#define LINKS 4

/* The number of the VM that a linked record names; 0: none. */
static __s64 vm_of_link(struct sea_report_maker *m, const struct sea_link *link)
{
	struct sea_sql sql;
	__s64 number = 0;

	if (sea_report_ask(m, &sql,
			   link->type == SEA_RECORD_SEA ?
				   "SELECT coalesce(vm, 0) FROM sea WHERE seq = ?1" :
				   "SELECT coalesce(vm, 0) FROM host_event WHERE seq = ?1"))
		return 0;
	sea_sql_put(&sql, link->seq);
	if (sea_sql_step(&sql) == SQLITE_ROW)
		number = sea_sql_take(&sql);
	sea_sql_free(&sql);
	return number;
}

static int ask_links(struct sea_report_maker *m, __s64 seq, struct sea_link links[LINKS],
		     size_t *nr)
{
	int rc = sea_links_by_page(m->db, seq, links, LINKS, nr, m->err);

	if (!rc && !*nr && m->report->nr_events < LINKED_MAX &&
	    sea_db_number(m->db, "SELECT max(seq) FROM sea", 0) <= LINKED_RECORDS)
		rc = sea_links_of(m->db, seq, links, LINKS, nr, m->err);
	/* A newer program's tables may be others. */
	if (rc && (m->db->newer || m->db->incomplete)) {
		*nr = 0;
		rc = 0;
	}
	return rc;
}

/* The surest link to a record that names a VM */
static int find_link(struct sea_report_maker *m, __s64 seq, struct sea_report_event *event)
{
	struct sea_link links[LINKS];
	size_t nr, i, place;

	if (ask_links(m, seq, links, &nr))
		return -1;
	for (i = 0; i < nr && !event->linked_vm; i++) {
		__s64 number = vm_of_link(m, &links[i]);

		if (number <= 0)
			continue;
		if (sea_report_vm_of(m, number, &place))
			return -1;
		if (place == SEA_REPORT_NOT_WANTED)
			continue;
		event->linked_vm = (__u32)place + 1;
		sea_link_text(&links[i], event->link);
	}
	return 0;
}

static int put_event(struct sea_report_maker *m, const struct sea_report_event *event)
{
	struct sea_report *report = m->report;
	struct sea_report_event *new;

	if (report->nr_events >= SEA_REPORT_EVENTS_MAX) {
		report->untold_events++;
		return 0;
	}
	new = sea_report_grow(&report->events, &report->nr_events, sizeof(*new), m->err);
	if (!new)
		return -1;
	*new = *event;
	return 0;
}

static int add_event(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	__s64 seq = sea_sql_take(sql);
	struct sea_report_event event = {.ns = sea_sql_take(sql)};
	__s64 number = sea_sql_take(sql);
	const struct sea_report_session *session = session_of(m, sea_sql_take(sql));
	struct sea_report_vm *vm;
	int rc;

	(void)context;
	take_event(sql, &event.event);
	event.host = session ? session->host : 0;
	rc = find_vm(m, number, session ? session->session.boot_id : "", &event, &vm);
	if (rc)
		return rc < 0 ? -1 : 0;
	event.vm = vm ? (__u32)(vm - m->report->vms) + 1 : 0;
	if (!vm && find_link(m, seq, &event))
		return -1;
	if (vm && event.event.kind == SEA_HOST_SIGBUS)
		see_signal(vm, &event);
	if (event.event.kind == SEA_HOST_MEMORY_FAILURE || event.event.kind == SEA_HOST_MF_EVENT)
		see_failure(m, &event);
	return put_event(m, &event);
}

int sea_report_add_events(struct sea_report_maker *m)
{
	const struct sea_window *window = &m->report->options.window;
	const __s64 values[] = {window->since_ns, window->until_ns};

	return sea_report_each(m, EVENTS, values, 2, add_event, NULL);
}
