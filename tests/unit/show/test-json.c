// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "model/vm-counters.h"
#include "show/json.h"

/* The view as one parsed object; the text must be exactly one line. */
static json_object *parse(const struct sea_view *view)
{
	struct json_tokener *tokener = json_tokener_new();
	struct sea_text text = {0};
	struct sea_error err;
	json_object *object;

	assert_int_equal(sea_json_render(view, &text, &err), 0);
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

static void number(size_t offset, void *context)
{
	struct {
		struct sea_vm *vm;
		__u64 next;
	} *numbered = context;

	*(__u64 *)(void *)((char *)numbered->vm + offset) = numbered->next++;
}

/* Each counter of the VM is another number: first, first + 1, ... */
static void number_all(struct sea_vm *vm, __u64 first)
{
	struct {
		struct sea_vm *vm;
		__u64 next;
	} numbered = {vm, first};

	sea_vm_each_counter(number, &numbered);
}

/*
 * A view in which no two numbers are the same where they could be taken for each
 * other: tests/unit/show/view.json is what it looks like.
 */
static void make_numbered_view(struct sea_view *view, struct sea_session *session)
{
	struct sea_snapshot now, before;
	struct sea_vm_info info;
	struct sea_error err;
	int i;

	make_session(session);
	make_snapshot(&now);
	make_snapshot(&before);
	before.time_ns -= 2 * SEC;
	number_all(&now.vms[0].vm, 101);
	/* Responses are at most as many as forwarded ones. */
	now.vms[0].vm.disposition[SEA_FORWARDED] = 1000;
	before.vms[0].vm.disposition[SEA_FORWARDED] = 5;
	now.vms[0].listed.has_before = true;
	for (i = 0; i < SEA_STATISTICS; i++)
		now.vms[0].listed.before[i] = (__u64)(11 + i);
	info = *now.vms[0].info;
	info.key = (struct sea_vm_key){5 * SEC, 1001, 1004, 17};
	strcpy(info.name.other, "db-one");
	info.name.other_origin = SEA_VM_FROM_CGROUP;
	info.name.disputed = true;
	strcpy(info.uuid, "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0");
	strcpy(info.cgroup, "/machine.slice/db01.scope");
	sea_vm_info_put(now.vms[0].info);
	now.vms[0].info = sea_vm_info_new(&info);
	number_all(&now.other, 301);
	number_all(&now.gone, 501);
	now.gone.last = SEA_LAST(20 * SEC, SEA_CLAIMED, SEA_REASON_NONE);
	now.gone_listed = (struct sea_listed){.has_before = true, .before = {21, 22, 23, 24}};
	now.nr_gone = 7;
	now.unlisted = 8;
	now.checked = 9;
	now.unchecked = "never with a check";
	now.blind_ns = 33;
	now.blind_since_ns = 34;
	now.blind_why = "kernel.ftrace_enabled is 0";
	now.no_list = "never with a list";
	now.ended_unseen = 35;
	now.hooks = (struct sea_hooks){{{.program = "sea_kp_claim",
					 .function = "apei_claim_sea",
					 .part = SEA_PART_CHECK,
					 .mechanism = SEA_BY_KPROBE,
					 .proof = SEA_PROVEN,
					 .by = "its trial fired",
					 .missed = 36}},
				       1};
	now.totals.vms = 31;
	now.totals.answered_early = 32;
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		now.loss.count[i] = (__u64)(41 + i);
		now.loss.last[i] = (struct timespec){.tv_sec = FIXTURE_TIME - 20 - i};
	}
	memset(view, 0, sizeof(*view));
	view->tick = 3;
	assert_int_equal(sea_view_make(view, session, &now, &before, NULL, NULL, &err), 0);
	sea_snapshot_free(&now);
	sea_snapshot_free(&before);
}

/* Field by field, no more and no less. */
static void schema(void **state)
{
	const char *path = getenv("VIEW_JSON");
	struct sea_session session;
	json_object *got, *wanted;
	struct sea_view view;

	(void)state;
	make_numbered_view(&view, &session);
	got = parse(&view);
	assert_non_null(path);
	wanted = json_object_from_file(path);
	if (!wanted || !json_object_equal(got, wanted)) {
		json_object_to_file_ext("view.json.got", got,
					JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
		fail_msg("this is not what is in %s: see view.json.got", path);
	}
	json_object_put(wanted);
	json_object_put(got);
	sea_view_free(&view);
}

/* The lines have the same, in parts, and each knows its run and its tick. */
static void a_line_for_each_vm(void **state)
{
	struct sea_text text = {0};
	struct sea_session session;
	struct sea_view view;
	struct sea_error err;
	json_object *whole, *line;
	char *next, *start;
	size_t i;

	(void)state;
	make_numbered_view(&view, &session);
	whole = parse(&view);
	assert_int_equal(sea_json_render_lines(&view, &text, &err), 0);
	start = text.text;
	for (i = 0; i < 4; i++) {
		next = strchr(start, '\n');
		assert_non_null(next);
		assert_true(next - start < SEA_JSON_LINE_MAX);
		*next = '\0';
		line = json_tokener_parse(start);
		check_string(line, "schema", "seatop/2");
		check_string(line, "type", i ? "vm" : "tick");
		check_string(line, "run", session.run);
		check_number(line, "tick", 3);
		if (i) {
			json_object *vm = json_object_array_get_idx(at(whole, "vms"), i - 1);

			json_object_object_del(line, "schema");
			json_object_object_del(line, "type");
			json_object_object_del(line, "run");
			json_object_object_del(line, "tick");
			assert_true(json_object_equal(line, vm));
		} else {
			assert_false(json_object_object_get_ex(line, "vms", NULL));
			assert_true(json_object_equal(at(line, "totals"), at(whole, "totals")));
			assert_true(json_object_equal(at(line, "lost"), at(whole, "lost")));
		}
		json_object_put(line);
		start = next + 1;
	}
	assert_int_equal(*start, '\0');
	json_object_put(whole);
	sea_text_free(&text);
	sea_view_free(&view);
}

/* json-c has signed 64 bits too: the unsigned ones must come through. */
static void large_numbers(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	json_object *object;

	(void)state;
	make_snapshot(&now);
	now.vms[0].vm.disposition[SEA_CLAIMED] = UINT64_MAX - 8;
	make_view(&view, &now, NULL);
	object = parse(&view);
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
	memcpy(now.vms[0].vm.comm, "\"}\n\xff\\/\x01\xc3\xbc______\xe2", SEA_COMM_LEN);
	make_view(&view, &now, NULL);
	object = parse(&view);
	vm = json_object_array_get_idx(at(object, "vms"), 0);
	check_string(vm, "comm", "\"}??\\/?\xc3\xbc______?");
	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* What is not known is null, and so is a group of which nothing is known. */
static void unknown_is_null(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	json_object *object, *vm;

	(void)state;
	make_snapshot(&now);
	now.check = NULL;
	now.unproven = true;
	now.loss.at_least = 1U << SEA_LOSS_MISSED;
	memset(&now.vms[2].vm.last, 0, sizeof(now.vms[2].vm.last));
	now.vms[2].vm.tgid = 0;
	make_view(&view, &now, NULL);
	object = parse(&view);
	assert_null(at(object, "lost.missed"));
	check_number(object, "lost.unseen", 0);
	assert_null(at(object, "lost_at.unseen"));
	assert_false(json_object_get_boolean(at(object, "proven")));
	assert_null(at(object, "check"));
	assert_null(at(object, "totals.before"));
	assert_null(at(object, "other.last"));
	vm = json_object_array_get_idx(at(object, "vms"), 2);
	assert_null(at(vm, "last"));
	assert_null(at(vm, "pid"));
	assert_null(at(vm, "uuid"));
	assert_null(at(vm, "vcpus"));
	assert_true(json_object_get_boolean(at(vm, "ended")));
	check_number(vm, "ended_ns", 99 * SEC);
	check_string(vm, "opt_in", "unknown");
	json_object_put(object);
	sea_view_free(&view);

	now.loss.count[SEA_LOSS_MISSED] = 2;
	make_view(&view, &now, NULL);
	object = parse(&view);
	check_number(object, "lost.missed", 2);
	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* KVM forwards SEAs to those only that opted in. */
static void who_got_one_opted_in(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;
	json_object *object;

	(void)state;
	make_snapshot(&now);
	now.vms[0].listed = (struct sea_listed){0};
	make_view(&view, &now, NULL);
	object = parse(&view);
	check_string(json_object_array_get_idx(at(object, "vms"), 0), "opt_in", "yes");
	json_object_put(object);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schema),	   cmocka_unit_test(a_line_for_each_vm),
		cmocka_unit_test(large_numbers),   cmocka_unit_test(hostile_strings),
		cmocka_unit_test(unknown_is_null), cmocka_unit_test(who_got_one_opted_in),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
