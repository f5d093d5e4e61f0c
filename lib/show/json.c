// SPDX-License-Identifier: GPL-2.0-only
#include "show/json.h"

#include <stdio.h>
#include <string.h>

#include "base/json-object.h"
#include "base/words.h"

#define NSEC_PER_SEC 1000000000LL

static void wall_time(const struct sea_view *view, __u64 boottime_ns, char *out, size_t size)
{
	__s64 ago = (__s64)(view->time_ns - boottime_ns);
	struct timespec t = view->wall;

	t.tv_sec -= ago / NSEC_PER_SEC;
	t.tv_nsec -= ago % NSEC_PER_SEC;
	if (t.tv_nsec < 0) {
		t.tv_nsec += NSEC_PER_SEC;
		t.tv_sec--;
	} else if (t.tv_nsec >= NSEC_PER_SEC) {
		t.tv_nsec -= NSEC_PER_SEC;
		t.tv_sec++;
	}
	sea_text_utc(&t, out, size);
}

static void add_latency(json_object *object, const struct sea_vm *vm, bool *failed)
{
	json_object *latency = sea_json_add_object(object, "latency", failed);
	json_object *slots;
	int i;

	if (!latency)
		return;
	sea_json_add_number(latency, "count", sea_vm_responses(vm), failed);
	sea_json_add_number(latency, "sum_ns", vm->latency_ns, failed);
	sea_json_add_number_or_null(latency, "p50_us", sea_vm_latency_us(vm, 50), failed);
	sea_json_add_number_or_null(latency, "p99_us", sea_vm_latency_us(vm, 99), failed);
	sea_json_add_number_or_null(latency, "max_us", sea_vm_latency_us(vm, 100), failed);
	slots = sea_json_add_array(latency, "log2_us", failed);
	for (i = 0; slots && i < SEA_LATENCY_SLOTS; i++)
		if (json_object_array_add(slots, json_object_new_uint64(vm->latency[i])))
			*failed = true;
}

static void add_last(json_object *object, const struct sea_vm *vm, const struct sea_view *view,
		     bool *failed)
{
	unsigned int reason = SEA_LAST_REASON(vm->last);
	char time[SEA_TIME_LEN];
	json_object *last;

	if (!vm->last) {
		sea_json_add_null(object, "last", failed);
		return;
	}
	last = sea_json_add_object(object, "last", failed);
	if (!last)
		return;
	wall_time(view, SEA_LAST_NS(vm->last), time, sizeof(time));
	sea_json_add_string(last, "time", time, failed);
	sea_json_add_number(last, "boottime_ns", SEA_LAST_NS(vm->last), failed);
	sea_json_add_string(last, "disposition",
			    sea_disposition_name(SEA_LAST_DISPOSITION(vm->last)), failed);
	if (reason)
		sea_json_add_string(last, "reason", sea_reason_name(reason), failed);
	else
		sea_json_add_null(last, "reason", failed);
}

/* What all rows have: VMs, `other`, `gone` and the totals. */
static void add_counters(json_object *object, const struct sea_row *row,
			 const struct sea_view *view, bool *failed)
{
	const struct sea_vm *vm = &row->vm;
	json_object *child;
	unsigned int i;

	sea_json_add_number(object, "total", row->total, failed);
	child = sea_json_add_object(object, "dispositions", failed);
	for (i = 0; child && i < SEA_DISPOSITIONS; i++)
		sea_json_add_number(child, sea_disposition_name(i), vm->disposition[i], failed);
	child = sea_json_add_object(object, "reasons", failed);
	for (i = SEA_REASON_NONE + 1; child && i < SEA_REASONS; i++)
		sea_json_add_number(child, sea_reason_name(i), vm->reason[i], failed);
	child = sea_json_add_object(object, "responses", failed);
	for (i = 0; child && i < SEA_RESPONSES; i++)
		sea_json_add_number(child, sea_response_name(i), vm->response[i], failed);
	if (child)
		sea_json_add_number(child, "pending", row->pending, failed);
	add_latency(object, vm, failed);
	add_last(object, vm, view, failed);
	child = sea_json_add_object(object, "lost", failed);
	if (child) {
		sea_json_add_number(child, "ratelimit", vm->lost_ratelimit, failed);
		sea_json_add_number(child, "ring_full", vm->lost_ring_full, failed);
	}
}

/* SEAs from before counting began, or null if the kernel does not tell. */
static void add_before(json_object *object, const struct sea_listed *listed, bool *failed)
{
	json_object *before;
	unsigned int i;

	if (!listed->has_before) {
		sea_json_add_null(object, "before", failed);
		return;
	}
	before = sea_json_add_object(object, "before", failed);
	for (i = 0; before && i < SEA_STATISTICS; i++)
		sea_json_add_number(before, sea_disposition_name(i), listed->before[i], failed);
}

static void add_check(json_object *object, const struct sea_view *view, bool *failed)
{
	json_object *check;

	if (!view->check) {
		sea_json_add_null(object, "check", failed);
		return;
	}
	check = sea_json_add_object(object, "check", failed);
	if (!check)
		return;
	sea_json_add_string(check, "hook", view->check, failed);
	sea_json_add_number(check, "checked", view->checked, failed);
	sea_json_add_number(check, "unseen", view->loss.unseen, failed);
}

static void add_rate(json_object *object, const struct sea_row *row, bool *failed)
{
	char text[48];

	sea_json_add_number(object, "new", row->new_total, failed);
	/* json-c's own 17 digits are more than the clock is worth. */
	snprintf(text, sizeof(text), "%.3f", row->rate);
	sea_json_add(object, "rate", json_object_new_double_s(row->rate, text), failed);
}

static void fill_vm(json_object *object, const struct sea_row *row, const struct sea_view *view,
		    bool *failed)
{
	const struct sea_vm *vm = &row->vm;
	char comm[SEA_COMM_LEN + 1];

	sea_json_add_number(object, "id", vm->id, failed);
	sea_json_add_string(object, "name", row->name.text, failed);
	sea_json_add_string(object, "name_origin", sea_vm_origin_name(row->name.origin), failed);
	sea_json_add_number_or_null(object, "pid", vm->tgid, failed);
	snprintf(comm, sizeof(comm), "%.*s", SEA_COMM_LEN, vm->comm);
	sea_json_add_string(object, "comm", comm, failed);
	sea_json_add_number_or_null(object, "start_ns", vm->start_ns, failed);
	sea_json_add_number(object, "first_ns", vm->first_ns, failed);
	sea_json_add_bool(object, "ended", row->ended, failed);
	sea_json_add_number_or_null(object, "ended_ns", vm->ended_ns, failed);
	if (row->listed.id)
		sea_json_add_number(object, "vcpus", row->listed.vcpus, failed);
	else
		sea_json_add_null(object, "vcpus", failed);
	sea_json_add_string(object, "opt_in", sea_opt_in_name(row->listed.opt_in), failed);
	add_before(object, &row->listed, failed);
	add_rate(object, row, failed);
	add_counters(object, row, view, failed);
}

static void fill(json_object *object, const struct sea_view *view, const char *host,
		 const char *kernel, bool *failed)
{
	char time[SEA_TIME_LEN];
	json_object *child, *vm;
	size_t i;

	sea_json_add_string(object, "schema", SEA_JSON_SCHEMA, failed);
	sea_json_add_number(object, "tick", view->tick, failed);
	sea_text_utc(&view->wall, time, sizeof(time));
	sea_json_add_string(object, "time", time, failed);
	sea_json_add_number(object, "boottime_ns", view->time_ns, failed);
	sea_json_add_number(object, "started_ns", view->started_ns, failed);
	sea_json_add_number(object, "interval_ns", view->interval_ns, failed);
	sea_json_add_string(object, "host", host, failed);
	sea_json_add_string(object, "kernel", kernel, failed);
	sea_json_add_string(object, "source", view->source, failed);
	sea_json_add_bool(object, "tells_all", view->tells_all, failed);
	sea_json_add_bool(object, "proven", !view->unproven, failed);
	add_check(object, view, failed);

	child = sea_json_add_array(object, "vms", failed);
	for (i = 0; child && i < view->nr_rows; i++) {
		vm = sea_json_append_object(child, failed);
		if (!vm)
			break;
		fill_vm(vm, &view->rows[i], view, failed);
	}
	child = sea_json_add_object(object, "other", failed);
	if (child) {
		add_rate(child, &view->other, failed);
		add_counters(child, &view->other, view, failed);
	}
	child = sea_json_add_object(object, "gone", failed);
	if (child) {
		sea_json_add_number(child, "vms", view->nr_gone, failed);
		add_before(child, &view->gone.listed, failed);
		add_counters(child, &view->gone, view, failed);
	}
	child = sea_json_add_object(object, "totals", failed);
	if (child) {
		sea_json_add_number(child, "vms", view->nr_vms, failed);
		sea_json_add_number(child, "vms_ended", view->nr_ended, failed);
		sea_json_add_number(child, "vms_seen", view->totals.vms, failed);
		sea_json_add_number(child, "vms_unlisted", view->unlisted, failed);
		sea_json_add_number(child, "answered_early", view->totals.answered_early, failed);
		add_before(child, &view->all.listed, failed);
		add_rate(child, &view->all, failed);
		add_counters(child, &view->all, view, failed);
	}
	child = sea_json_add_object(object, "lost", failed);
	if (child) {
		sea_json_add_number(child, "total", sea_loss_total(&view->loss), failed);
		sea_json_add_number(child, "ratelimit", view->loss.ratelimit, failed);
		sea_json_add_number(child, "ring_full", view->loss.ring_full, failed);
		sea_json_add_number(child, "table_full", view->loss.table_full, failed);
		sea_json_add_number(child, "no_vcpu", view->loss.no_vcpu, failed);
		sea_json_add_number(child, "answers", view->loss.answers, failed);
		if (view->missed_unknown && !view->loss.missed)
			sea_json_add_null(child, "missed", failed);
		else
			sea_json_add_number(child, "missed", view->loss.missed, failed);
		sea_json_add_number(child, "unseen", view->loss.unseen, failed);
	}
}

int sea_json_render(const struct sea_view *view, const char *host, const char *kernel,
		    struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object();
	bool failed = !object;

	if (object)
		fill(object, view, host, kernel, &failed);
	return sea_json_write(object, failed, out, err);
}
