// SPDX-License-Identifier: GPL-2.0-only
/* report-vms.c - who was hit: the VMs of a recording, with their counts. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"
#include "names/name.h"
#include "report/report-internal.h"
#include "store/schema.h"

/* The next column as a string of our own; NULL: out of memory. */
static char *take_string(struct sea_sql *sql)
{
	char text[SEA_VM_CGROUP_LEN + SEA_VM_NAME_LEN];

	sea_sql_take_text(sql, text, sizeof(text));
	return strdup(text);
}

/* The host of a boot of this recording; the first one if nothing says. */
static __u32 host_of_boot(const struct sea_report_maker *m, const char *boot_id)
{
	const struct sea_report *report = m->report;
	size_t i;

	for (i = 0; i < report->nr_sessions; i++)
		if (report->sessions[i].file == m->file &&
		    !strcmp(report->sessions[i].session.boot_id, boot_id))
			return report->sessions[i].host;
	for (i = 0; i < report->nr_sessions; i++)
		if (report->sessions[i].file == m->file)
			return report->sessions[i].host;
	return 0;
}

static bool is_wanted(const struct sea_report_maker *m, const struct sea_report_vm *vm)
{
	const struct sea_filter_who who = {vm->name, vm->uuid, vm->key.tgid};

	return sea_filter_is_of(&m->report->options.filter, &who);
}

static bool is_complete(const struct sea_report_vm *vm)
{
	return vm->name && vm->origin && vm->uuid && vm->cgroup && vm->comm;
}

static void free_strings(struct sea_report_vm *vm)
{
	free(vm->name);
	free(vm->origin);
	free(vm->uuid);
	free(vm->cgroup);
	free(vm->comm);
}

/* The row of a VM as it was known last; false: there is none. */
static int take_vm(struct sea_report_maker *m, __s64 number, struct sea_report_vm *vm)
{
	struct sea_sql sql;
	int rc = sea_report_ask(m, &sql,
				"SELECT boot_id, tgid, start_ns, creator, creator_fd, name, origin,"
				" uuid, cgroup, comm, first_wall_ns, coalesce(ended_wall_ns, 0),"
				" coalesce(wait_status, -1) FROM vm WHERE id = ?");

	*vm = (struct sea_report_vm){.wait_status = -1};
	if (rc < 0)
		return -1;
	if (!rc) {
		sea_sql_put(&sql, number);
		rc = sea_sql_step(&sql);
	}
	if (rc == SQLITE_ROW) {
		sea_sql_take_text(&sql, vm->boot_id, sizeof(vm->boot_id));
		vm->key.tgid = (__u32)sea_sql_take(&sql);
		vm->key.start_ns = sea_sql_take_u64(&sql);
		vm->key.creator = (__u32)sea_sql_take(&sql);
		vm->key.creator_fd = (__s32)sea_sql_take(&sql);
		vm->name = take_string(&sql);
		vm->origin = take_string(&sql);
		vm->uuid = take_string(&sql);
		vm->cgroup = take_string(&sql);
		vm->comm = take_string(&sql);
		vm->first_ns = sea_sql_take(&sql);
		vm->ended_ns = sea_sql_take(&sql);
		vm->wait_status = (int)sea_sql_take(&sql);
	} else {
		vm->name = strdup("(not known)");
		vm->origin = strdup("");
		vm->uuid = strdup("");
		vm->cgroup = strdup("");
		vm->comm = strdup("");
	}
	sea_sql_free(&sql);
	if (is_complete(vm))
		return 0;
	free_strings(vm);
	return sea_report_out_of_memory(m->err);
}

static void name_other(struct sea_report_vm *vm)
{
	vm->is_other = true;
	free(vm->name);
	vm->name = strdup("other");
}

/* An end behind the window is none yet. */
static void cut_end(const struct sea_report_maker *m, struct sea_report_vm *vm)
{
	if (vm->ended_ns < m->report->options.window.until_ns)
		return;
	vm->ended_ns = 0;
	vm->wait_status = -1;
}

/*
 * The same VM, from another file: without its creator the key does not tell the VMs of
 * one process apart. *known NULL: it cannot be looked for, or out of memory.
 */
static bool find_same(struct sea_report_maker *m, const struct sea_report_vm *vm,
		      struct sea_report_index **known)
{
	__u64 creator = (__u64)vm->key.creator << 32 | (__u32)vm->key.creator_fd;
	__u64 process = vm->key.start_ns * 31 + vm->key.tgid;

	*known = NULL;
	if (!vm->key.creator || !vm->boot_id[0])
		return false;
	return sea_report_find(m, SEA_INDEX_VM, vm->host, process, creator, known);
}

static bool is_same(const struct sea_report_vm *a, const struct sea_report_vm *b)
{
	return !strcmp(a->boot_id, b->boot_id) && sea_vm_key_equal(&a->key, &b->key);
}

/* What another file says of the end is as good as what this one does. */
static void join(struct sea_report_vm *vm, struct sea_report_vm *more)
{
	if (!vm->ended_ns && more->ended_ns) {
		vm->ended_ns = more->ended_ns;
		vm->wait_status = more->wait_status;
	}
	if (more->first_ns < vm->first_ns)
		vm->first_ns = more->first_ns;
	free_strings(more);
}

static int add_vm(struct sea_report_maker *m, struct sea_report_vm *vm, size_t *place)
{
	struct sea_report *report = m->report;
	struct sea_report_index *known;
	struct sea_report_vm *new;

	if (find_same(m, vm, &known) && known->place != SEA_REPORT_NOT_WANTED &&
	    is_same(&report->vms[known->place], vm)) {
		*place = known->place;
		join(&report->vms[*place], vm);
		return 0;
	}
	*place = report->nr_vms;
	if (known)
		known->place = *place;
	new = sea_report_grow(&report->vms, &report->nr_vms, sizeof(*new), m->err);
	if (!new) {
		free_strings(vm);
		return -1;
	}
	*new = *vm;
	return 0;
}

/* Counts a VM that is not asked for once, whichever files it is in. */
static void leave_out(struct sea_report_maker *m, const struct sea_report_vm *vm)
{
	struct sea_report_index *known;

	if (find_same(m, vm, &known))
		return;
	if (known)
		known->place = SEA_REPORT_NOT_WANTED;
	m->report->left_out_vms++;
}

int sea_report_vm_of(struct sea_report_maker *m, __s64 number, size_t *place)
{
	struct sea_report_index *known;
	struct sea_report_vm vm;

	if (sea_report_find(m, SEA_INDEX_VM_OF_FILE, 0, m->file, (__u64)number, &known)) {
		*place = known->place;
		return 0;
	}
	if (!known || take_vm(m, number, &vm))
		return -1;
	if (number == SEA_SCHEMA_OTHER)
		name_other(&vm);
	if (!vm.name)
		return sea_report_out_of_memory(m->err);
	known->place = *place = SEA_REPORT_NOT_WANTED;
	vm.host = host_of_boot(m, vm.boot_id);
	if (!is_wanted(m, &vm)) {
		leave_out(m, &vm);
		free_strings(&vm);
		return 0;
	}
	cut_end(m, &vm);
	if (add_vm(m, &vm, place))
		return -1;
	known->place = *place;
	return 0;
}

static void add_counts(struct sea_report_vm *vm, const struct sea_totals_vm *totals)
{
	__u64 last = totals->counts.last;

	sea_vm_add(&vm->counts, &totals->counts);
	vm->total += sea_vm_total(&totals->counts);
	vm->pending += totals->pending;
	if (totals->first_tick_ns &&
	    (!vm->first_sea_ns || totals->first_tick_ns < vm->first_sea_ns)) {
		vm->first_sea_ns = totals->first_tick_ns;
		vm->first_is_by = true;
	}
	if (last && totals->last_ns >= vm->last_sea_ns) {
		vm->last_sea_ns = totals->last_ns;
		vm->last_disposition = SEA_LAST_DISPOSITION(last);
		vm->last_reason = SEA_LAST_REASON(last);
	}
	if (totals->listed.id) {
		vm->vcpus = totals->listed.vcpus;
		vm->opt_in = totals->listed.opt_in;
	}
}

/* VMs that were there, whether or not anything happened to them */
#define VMS_THERE                                                                                    \
	"SELECT name, uuid, tgid, coalesce(ended_wall_ns, ?2) < ?2 FROM vm WHERE first_wall_ns < ?2" \
	" AND coalesce(ended_wall_ns, ?2) >= ?1 AND id IN"                                           \
	" (SELECT vm FROM vm_session WHERE " SEA_TOTALS_IS_CHOSEN ")"

static int count_vm(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	const char *name = sea_sql_take_string(sql), *uuid = sea_sql_take_string(sql);
	const struct sea_filter_who who = {name ? name : "", uuid ? uuid : "",
					   (__u32)sea_sql_take(sql)};

	(void)context;
	if (!sea_filter_is_of(&m->report->options.filter, &who))
		return 0;
	m->report->vms_seen++;
	m->report->vms_ended += sea_sql_take_u64(sql);
	return 0;
}

int sea_report_add_vms(struct sea_report_maker *m)
{
	const struct sea_window *window = &m->report->options.window;
	const __s64 values[] = {window->since_ns, window->until_ns};
	size_t i, place;

	for (i = 0; i < m->totals.nr_vms; i++) {
		const struct sea_totals_vm *vm = &m->totals.vms[i];

		if (!sea_vm_total(&vm->counts) && !sea_vm_responses(&vm->counts) && !vm->pending)
			continue;
		if (sea_report_vm_of(m, vm->vm, &place))
			return -1;
		if (place != SEA_REPORT_NOT_WANTED)
			add_counts(&m->report->vms[place], vm);
		else
			m->report->left_out_seas += sea_vm_total(&vm->counts);
	}
	return sea_report_each(m, VMS_THERE, values, 2, count_vm, NULL);
}
