// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "show/json.h"
#include "base/words.h"

/* The view as one parsed object; the text must be exactly one line. */
static json_object *parse(const struct sea_view *view, const char *host)
{
	struct json_tokener *tokener = json_tokener_new();
	struct sea_text text = {0};
	struct sea_error err;
	json_object *object;

	assert_int_equal(sea_json_render(view, host, "6.12", &text, &err), 0);
	assert_non_null(text.text);
	assert_ptr_equal(strchr(text.text, '\n'), text.text + text.len - 1);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text.text, (int)text.len - 1);
	assert_non_null(object);
	json_tokener_free(tokener);
	sea_text_free(&text);
	return object;
}

/* The member at a path as "totals.lost.ratelimit". */
static json_object *at(json_object *object, const char *path)
{
	while (*path) {
		size_t len = strcspn(path, ".");
		char *key = strndup(path, len);

		if (!json_object_object_get_ex(object, key, &object))
			fail_msg("no field '%s'", key);
		free(key);
		path += len + (path[len] == '.');
	}
	return object;
}

static void check_number(json_object *object, const char *path, __u64 expected)
{
	json_object *number = at(object, path);

	assert_true(json_object_is_type(number, json_type_int));
	if (json_object_get_uint64(number) != expected)
		fail_msg("%s is %s", path, json_object_get_string(number));
}

static void check_string(json_object *object, const char *path, const char *expected)
{
	assert_true(json_object_is_type(at(object, path), json_type_string));
	assert_string_equal(json_object_get_string(at(object, path)), expected);
}

static void check_keys(json_object *object, const char *keys)
{
	char got[1024] = "";

	json_object_object_foreach(object, key, value)
	{
		(void)value;
		strcat(got, key);
		strcat(got, " ");
	}
	assert_string_equal(got, keys);
}

#define COUNTERS "total dispositions reasons responses latency last lost "

/* Field by field what seatop(8) documents, no more and no less. */
static void schema(void **state)
{
	struct sea_snapshot now, before;
	struct sea_view view;
	json_object *object, *vm;

	(void)state;
	make_snapshot(&now);
	make_snapshot(&before);
	before.time_ns -= 2 * SEC;
	before.vms[0].disposition[SEA_FORWARDED] = 5;
	make_view(&view, &now, &before);
	view.tick = 3;
	object = parse(&view, "hv01");

	check_keys(object, "schema tick time boottime_ns started_ns interval_ns host kernel source "
			   "tells_all proven check vms other gone totals lost ");
	check_string(object, "schema", "seatop/1");
	check_number(object, "tick", 3);
	check_string(object, "time", "2026-11-23T06:50:44.000000000Z");
	check_number(object, "boottime_ns", 100 * SEC);
	check_number(object, "started_ns", 10 * SEC);
	check_number(object, "interval_ns", 2 * SEC);
	check_string(object, "host", "hv01");
	check_string(object, "kernel", "6.12");
	check_string(object, "source", "tracepoint");
	assert_true(json_object_get_boolean(at(object, "tells_all")));

	assert_true(json_object_get_boolean(at(object, "proven")));
	check_keys(at(object, "check"), "hook checked unseen ");
	check_string(object, "check.hook", "kprobe");
	check_number(object, "check.checked", 13014);

	assert_int_equal(json_object_array_length(at(object, "vms")), 3);
	vm = json_object_array_get_idx(at(object, "vms"), 0);
	check_keys(vm, "id name name_origin pid comm start_ns first_ns ended ended_ns vcpus "
		       "opt_in before new rate " COUNTERS);
	check_number(vm, "id", 1);
	check_string(vm, "name", "db01-1001");
	check_string(vm, "name_origin", "comm");
	check_number(vm, "pid", 1001);
	check_string(vm, "comm", "db01");
	check_number(vm, "start_ns", 5 * SEC);
	check_number(vm, "first_ns", 90 * SEC);
	assert_false(json_object_get_boolean(at(vm, "ended")));
	assert_null(at(vm, "ended_ns"));
	check_number(vm, "vcpus", 4);
	check_string(vm, "opt_in", "yes");
	assert_null(at(vm, "before"));
	check_number(vm, "new", 3);
	assert_true(json_object_get_double(at(vm, "rate")) == 1.5);
	check_number(vm, "total", 10);
	check_keys(at(vm, "dispositions"), "claimed host_owned not_opted_in forwarded unknown ");
	check_number(vm, "dispositions.claimed", 2);
	check_number(vm, "dispositions.forwarded", 8);
	check_keys(at(vm, "reasons"), "no_ras vncr s2_walk ambiguous_walk ");
	check_number(vm, "reasons.ambiguous_walk", 3);
	check_keys(at(vm, "responses"), "injected resumed abandoned pending ");
	check_number(vm, "responses.injected", 5);
	check_number(vm, "responses.pending", 2);
	check_keys(at(vm, "latency"), "count sum_ns p50_us p99_us max_us log2_us ");
	check_number(vm, "latency.count", 6);
	check_number(vm, "latency.sum_ns", 18000000);
	check_number(vm, "latency.p50_us", 4096);
	check_number(vm, "latency.max_us", 4096);
	assert_int_equal(json_object_array_length(at(vm, "latency.log2_us")), SEA_LATENCY_SLOTS);
	check_keys(at(vm, "last"), "time boottime_ns disposition reason ");
	check_string(vm, "last.disposition", "forwarded");
	check_string(vm, "last.reason", "ambiguous_walk");
	/* The lowest 8 bits of the time are not the time's. */
	check_number(vm, "last.boottime_ns", 97 * SEC & ~0xffULL);
	assert_memory_equal(json_object_get_string(at(vm, "last.time")), "2026-11-23T06:50:4", 18);
	check_keys(at(vm, "lost"), "ratelimit ring_full ");

	vm = json_object_array_get_idx(at(object, "vms"), 2);
	assert_true(json_object_get_boolean(at(vm, "ended")));
	check_number(vm, "ended_ns", 99 * SEC);
	assert_null(at(vm, "vcpus"));
	check_string(vm, "opt_in", "unknown");
	assert_null(at(vm, "last.reason"));
	assert_null(at(vm, "latency.p99_us"));

	check_keys(at(object, "other"), "new rate " COUNTERS);
	assert_null(at(object, "other.last"));
	check_keys(at(object, "gone"), "vms before " COUNTERS);
	check_keys(at(object, "totals"),
		   "vms vms_ended vms_seen vms_unlisted answered_early before new rate " COUNTERS);
	check_number(object, "totals.total", 13014);
	check_number(object, "totals.vms_ended", 1);
	check_number(object, "totals.dispositions.host_owned", 13000);
	check_keys(at(object, "lost"), "total ratelimit ring_full table_full no_vcpu answers "
				       "missed unseen ");
	check_number(object, "lost.total", 12900);
	check_number(object, "lost.ratelimit", 12900);
	check_number(object, "lost.missed", 0);

	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
	sea_snapshot_free(&before);
}

/* json-c has signed 64 bits too: the unsigned ones must come through. */
static void large_numbers(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	json_object *object;

	(void)state;
	make_snapshot(&now);
	now.vms[0].disposition[SEA_CLAIMED] = UINT64_MAX - 8;
	make_view(&view, &now, NULL);
	object = parse(&view, "hv01");
	check_number(json_object_array_get_idx(at(object, "vms"), 0), "dispositions.claimed",
		     UINT64_MAX - 8);
	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* comm is whatever a process calls itself, quotes and bytes that are no UTF-8. */
static void hostile_strings(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	json_object *object, *vm;

	(void)state;
	make_snapshot(&now);
	memcpy(now.vms[0].comm, "\"}\n\xff\\/\x01\xc3\xbc''''''\xe2", SEA_COMM_LEN);
	make_view(&view, &now, NULL);
	object = parse(&view, "h\xff\"v");
	check_string(object, "host", "h?\"v");
	vm = json_object_array_get_idx(at(object, "vms"), 0);
	check_string(vm, "comm", "\"}??\\/?\xc3\xbc''''''?");
	check_string(vm, "name", "\"}??\\/?\xc3\xbc''''''?-1001");
	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* An SEA a moment before the wall clock's second began. */
static void last_time_borrows_seconds(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	json_object *object, *vm;

	(void)state;
	make_snapshot(&now);
	now.time_ns = 0x10000;
	now.vms[0].last = SEA_LAST(0xff00ULL, SEA_CLAIMED, 0);
	/* Two clocks are never read at the very same time: later than now. */
	now.vms[1].last = SEA_LAST(0x10100ULL, SEA_CLAIMED, 0);
	make_view(&view, &now, NULL);
	object = parse(&view, "hv01");
	vm = json_object_array_get_idx(at(object, "vms"), 0);
	check_string(vm, "last.time", "2026-11-23T06:50:43.999999744Z");
	vm = json_object_array_get_idx(at(object, "vms"), 1);
	check_string(vm, "last.time", "2026-11-23T06:50:44.000000256Z");
	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void what_was_before_and_what_passed_by(void **state)
{
	struct sea_listed listed[1] = {{.id = 1, .has_before = true, .before = {1, 2, 3, 4}}};
	const struct sea_listing listing = {.vms = listed, .nr = 1};
	struct sea_snapshot now;
	struct sea_view view;
	json_object *object, *vm;

	(void)state;
	make_snapshot(&now);
	now.listing = &listing;
	now.check = NULL;
	now.unseen = 6;
	now.unproven = true;
	now.missed_unknown = true;
	make_view(&view, &now, NULL);
	object = parse(&view, "hv01");
	assert_null(at(object, "lost.missed"));
	assert_false(json_object_get_boolean(at(object, "proven")));
	assert_null(at(object, "check"));
	check_number(object, "lost.unseen", 6);
	vm = json_object_array_get_idx(at(object, "vms"), 0);
	check_keys(at(vm, "before"), "claimed host_owned not_opted_in forwarded ");
	check_number(vm, "before.claimed", 1);
	check_number(vm, "before.forwarded", 4);
	check_number(object, "totals.before.host_owned", 2);
	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema),
		cmocka_unit_test(large_numbers),
		cmocka_unit_test(hostile_strings),
		cmocka_unit_test(last_time_borrows_seconds),
		cmocka_unit_test(what_was_before_and_what_passed_by),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
