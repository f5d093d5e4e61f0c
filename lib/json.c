// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "words.h"

#define NSEC_PER_SEC 1000000000LL

/* Adds value under key, or notes that one of them could not be had. */
static void add(json_object *object, const char *key, json_object *value, bool *failed)
{
	if (!value || json_object_object_add(object, key, value)) {
		json_object_put(value);
		*failed = true;
	}
}

static void add_number(json_object *object, const char *key, __u64 number, bool *failed)
{
	add(object, key, json_object_new_uint64(number), failed);
}

static void add_string(json_object *object, const char *key, const char *string, bool *failed)
{
	char clean[SEA_VM_NAME_LEN];

	/* JSON is UTF-8, whatever the host calls itself. */
	sea_vm_sanitize(string, strlen(string), clean, sizeof(clean));
	add(object, key, json_object_new_string(clean), failed);
}

/* null is a value that json-c writes for a NULL pointer. */
static void add_null(json_object *object, const char *key, bool *failed)
{
	if (json_object_object_add(object, key, NULL))
		*failed = true;
}

static void add_number_or_null(json_object *object, const char *key, __u64 number, bool *failed)
{
	if (number)
		add_number(object, key, number, failed);
	else
		add_null(object, key, failed);
}

/* An empty object under key, to be filled; never NULL unless *failed is set. */
static json_object *add_object(json_object *object, const char *key, bool *failed)
{
	json_object *child = json_object_new_object();

	if (!child || json_object_object_add(object, key, child)) {
		json_object_put(child);
		*failed = true;
		return NULL;
	}
	return child;
}

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
	json_object *latency = add_object(object, "latency", failed);
	json_object *slots;
	int i;

	if (!latency)
		return;
	add_number(latency, "count", sea_vm_responses(vm), failed);
	add_number(latency, "sum_ns", vm->latency_ns, failed);
	add_number_or_null(latency, "p50_us", sea_vm_latency_us(vm, 50), failed);
	add_number_or_null(latency, "p99_us", sea_vm_latency_us(vm, 99), failed);
	add_number_or_null(latency, "max_us", sea_vm_latency_us(vm, 100), failed);
	slots = json_object_new_array_ext(SEA_LATENCY_SLOTS);
	add(latency, "log2_us", slots, failed);
	for (i = 0; !*failed && i < SEA_LATENCY_SLOTS; i++)
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
		add_null(object, "last", failed);
		return;
	}
	last = add_object(object, "last", failed);
	if (!last)
		return;
	wall_time(view, SEA_LAST_NS(vm->last), time, sizeof(time));
	add_string(last, "time", time, failed);
	add_number(last, "boottime_ns", SEA_LAST_NS(vm->last), failed);
	add_string(last, "disposition", sea_disposition_name(SEA_LAST_DISPOSITION(vm->last)),
		   failed);
	if (reason)
		add_string(last, "reason", sea_reason_name(reason), failed);
	else
		add_null(last, "reason", failed);
}

/* What all rows have: VMs, `other`, `gone` and the totals. */
static void add_counters(json_object *object, const struct sea_row *row,
			 const struct sea_view *view, bool *failed)
{
	const struct sea_vm *vm = &row->vm;
	json_object *child;
	unsigned int i;

	add_number(object, "total", row->total, failed);
	child = add_object(object, "dispositions", failed);
	for (i = 0; child && i < SEA_DISPOSITIONS; i++)
		add_number(child, sea_disposition_name(i), vm->disposition[i], failed);
	child = add_object(object, "reasons", failed);
	for (i = SEA_REASON_NONE + 1; child && i < SEA_REASONS; i++)
		add_number(child, sea_reason_name(i), vm->reason[i], failed);
	child = add_object(object, "responses", failed);
	for (i = 0; child && i < SEA_RESPONSES; i++)
		add_number(child, sea_response_name(i), vm->response[i], failed);
	if (child)
		add_number(child, "pending", row->pending, failed);
	add_latency(object, vm, failed);
	add_last(object, vm, view, failed);
	child = add_object(object, "lost", failed);
	if (child) {
		add_number(child, "ratelimit", vm->lost_ratelimit, failed);
		add_number(child, "ring_full", vm->lost_ring_full, failed);
	}
}

/* SEAs from before counting began, or null if the kernel does not tell. */
static void add_before(json_object *object, const struct sea_listed *listed, bool *failed)
{
	json_object *before;
	unsigned int i;

	if (!listed->has_before) {
		add_null(object, "before", failed);
		return;
	}
	before = add_object(object, "before", failed);
	for (i = 0; before && i < SEA_STATISTICS; i++)
		add_number(before, sea_disposition_name(i), listed->before[i], failed);
}

static void add_check(json_object *object, const struct sea_view *view, bool *failed)
{
	json_object *check;

	if (!view->check) {
		add_null(object, "check", failed);
		return;
	}
	check = add_object(object, "check", failed);
	if (!check)
		return;
	add_string(check, "hook", view->check, failed);
	add_number(check, "checked", view->checked, failed);
	add_number(check, "unseen", view->loss.unseen, failed);
}

static void add_rate(json_object *object, const struct sea_row *row, bool *failed)
{
	char text[48];

	add_number(object, "new", row->new_total, failed);
	/* json-c's own 17 digits are more than the clock is worth. */
	snprintf(text, sizeof(text), "%.3f", row->rate);
	add(object, "rate", json_object_new_double_s(row->rate, text), failed);
}

static json_object *vm_object(const struct sea_row *row, const struct sea_view *view, bool *failed)
{
	json_object *object = json_object_new_object();
	const struct sea_vm *vm = &row->vm;
	char comm[SEA_COMM_LEN + 1];

	if (!object) {
		*failed = true;
		return NULL;
	}
	add_number(object, "id", vm->id, failed);
	add_string(object, "name", row->name.text, failed);
	add_string(object, "name_origin", sea_vm_origin_name(row->name.origin), failed);
	add_number_or_null(object, "pid", vm->tgid, failed);
	snprintf(comm, sizeof(comm), "%.*s", SEA_COMM_LEN, vm->comm);
	add_string(object, "comm", comm, failed);
	add_number_or_null(object, "start_ns", vm->start_ns, failed);
	add_number(object, "first_ns", vm->first_ns, failed);
	add(object, "ended", json_object_new_boolean(row->ended), failed);
	add_number_or_null(object, "ended_ns", vm->ended_ns, failed);
	add_number_or_null(object, "vcpus", row->listed.vcpus, failed);
	add_string(object, "opt_in", sea_opt_in_name(row->listed.opt_in), failed);
	add_before(object, &row->listed, failed);
	add_rate(object, row, failed);
	add_counters(object, row, view, failed);
	return object;
}

static void fill(json_object *object, const struct sea_view *view, const char *host,
		 const char *kernel, bool *failed)
{
	char time[SEA_TIME_LEN];
	json_object *child;
	size_t i;

	add_string(object, "schema", SEA_JSON_SCHEMA, failed);
	add_number(object, "tick", view->tick, failed);
	sea_text_utc(&view->wall, time, sizeof(time));
	add_string(object, "time", time, failed);
	add_number(object, "boottime_ns", view->time_ns, failed);
	add_number(object, "started_ns", view->started_ns, failed);
	add_number(object, "interval_ns", view->interval_ns, failed);
	add_string(object, "host", host, failed);
	add_string(object, "kernel", kernel, failed);
	add_string(object, "source", view->source, failed);
	add(object, "tells_all", json_object_new_boolean(view->tells_all), failed);
	add(object, "proven", json_object_new_boolean(!view->unproven), failed);
	add_check(object, view, failed);

	child = json_object_new_array();
	add(object, "vms", child, failed);
	for (i = 0; !*failed && i < view->nr_rows; i++) {
		json_object *vm = vm_object(&view->rows[i], view, failed);

		if (vm && json_object_array_add(child, vm)) {
			json_object_put(vm);
			*failed = true;
		}
	}
	child = add_object(object, "other", failed);
	if (child) {
		add_rate(child, &view->other, failed);
		add_counters(child, &view->other, view, failed);
	}
	child = add_object(object, "gone", failed);
	if (child) {
		add_number(child, "vms", view->nr_gone, failed);
		add_counters(child, &view->gone, view, failed);
	}
	child = add_object(object, "totals", failed);
	if (child) {
		add_number(child, "vms", view->nr_vms, failed);
		add_number(child, "vms_ended", view->nr_ended, failed);
		add_number(child, "vms_seen", view->totals.vms, failed);
		add_number(child, "vms_unlisted", view->unlisted, failed);
		add_number(child, "answered_early", view->totals.answered_early, failed);
		add_before(child, &view->all.listed, failed);
		add_rate(child, &view->all, failed);
		add_counters(child, &view->all, view, failed);
	}
	child = add_object(object, "lost", failed);
	if (child) {
		add_number(child, "total", sea_loss_total(&view->loss), failed);
		add_number(child, "ratelimit", view->loss.ratelimit, failed);
		add_number(child, "ring_full", view->loss.ring_full, failed);
		add_number(child, "table_full", view->loss.table_full, failed);
		add_number(child, "no_vcpu", view->loss.no_vcpu, failed);
		add_number(child, "answers", view->loss.answers, failed);
		add_number(child, "missed", view->loss.missed, failed);
		add_number(child, "unseen", view->loss.unseen, failed);
	}
}

int sea_json_render(const struct sea_view *view, const char *host, const char *kernel,
		    struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object();
	bool failed = !object;
	const char *text = NULL;

	if (object)
		fill(object, view, host, kernel, &failed);
	if (!failed)
		text = json_object_to_json_string_ext(
			object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		sea_text_add(out, "%s\n", text);
	json_object_put(object);
	if (!text || out->failed)
		return sea_error_set(err, "cannot write JSON: out of memory");
	return 0;
}
