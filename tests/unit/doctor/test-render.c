// SPDX-License-Identifier: GPL-2.0-only
#include "healthy.h"

#include <json-c/json.h>

static struct sea_doctor_facts facts;
static struct sea_doctor_report report;

/* A host with a note of each form: with all three parts, with two, and with one. */
static void make_report(void)
{
	healthy_host(&facts);
	strcpy(facts.hidepid, "invisible");
	facts.kvm.has_ras = false;
	facts.view.rows[1].listed.opt_in = SEA_OPT_IN_NO;
	sea_doctor_judge(&facts, &report);
}

static void has_line(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("no line '%s' in:\n%s", line, text);
}

static void text(void **state)
{
	struct sea_text out = {0};

	(void)state;
	make_report();
	sea_doctor_text(&report, &out);
	assert_false(out.failed);
	assert_memory_equal(out.text, "ok         machine    aarch64, Linux 7.3.4\n", 43);
	has_line(
		out.text,
		"\nact        names      seatop cannot name VMs of other users before they take an SEA "
		"(hidepid=invisible): /proc is mounted with hidepid, and seatop has given up all "
		"capabilities when it reads names; mount it with gid= of a group that runs seatop, "
		"or without hidepid\n");
	has_line(out.text,
		 "\nnote       cpu        no FEAT_RAS: a guest's own SEAs stay in the guest, "
		 "where nobody on the host sees them\n");
	has_line(out.text, "\nnote       vm         vm1 (pid 101) did not opt in: ");
	has_line(out.text, "\nverdict: there is something to do\n");
	sea_text_free(&out);
	sea_doctor_free(&facts);
}

static json_object *parse(struct sea_text *out)
{
	json_object *object;
	struct sea_error err;

	assert_int_equal(sea_doctor_json(&facts, &report, out, &err), 0);
	object = json_tokener_parse(out->text);
	assert_non_null(object);
	sea_text_free(out);
	memset(out, 0, sizeof(*out));
	return object;
}

/* The value at a path of keys and indices: "sources.1.hooks.0.alive"; NULL is null. */
static json_object *at(json_object *object, const char *path)
{
	char copy[128], *key, *rest;

	snprintf(copy, sizeof(copy), "%s", path);
	for (key = strtok_r(copy, ".", &rest); key; key = strtok_r(NULL, ".", &rest)) {
		if (json_object_is_type(object, json_type_array)) {
			object = json_object_array_get_idx(object, strtoul(key, NULL, 10));
		} else if (!json_object_object_get_ex(object, key, &object)) {
			fail_msg("no %s in %s", key, path);
		}
	}
	return object;
}

static void is(json_object *object, const char *path, const char *value)
{
	const char *got = json_object_get_string(at(object, path));

	if (!got || strcmp(got, value))
		fail_msg("%s is %s, not %s", path, got ? got : "null", value);
}

static json_object *check_of(json_object *object, const char *id)
{
	json_object *checks = at(object, "checks");
	size_t i;

	for (i = 0; i < json_object_array_length(checks); i++) {
		json_object *check = json_object_array_get_idx(checks, i);

		if (!strcmp(json_object_get_string(at(check, "id")), id))
			return check;
	}
	fail_msg("no check %s", id);
	return NULL;
}

static void json(void **state)
{
	struct sea_text out = {0};
	json_object *object, *check;

	(void)state;
	make_report();
	facts.evidence.hooks[1].attached = false;
	strcpy(facts.evidence.hooks[1].why, "this kernel has no mc_event");
	facts.firmware.hest.sources = 5;
	facts.firmware.hest.ghes = 4;
	facts.firmware.hest.sea = 3;
	facts.firmware.hest.sea_enabled = 2;
	object = parse(&out);
	is(object, "schema", "seastat-doctor/2");
	is(object, "host", "hv01");
	is(object, "machine", "aarch64");
	is(object, "kernel", "7.3.4");
	is(object, "status", "1");
	is(object, "level", "act");
	is(object, "verdict", "there is something to do");
	is(object, "namespaces.pid", "initial");
	is(object, "namespaces.user", "initial");
	is(object, "lockdown", "none");
	is(object, "repeats", "unclaimed");
	is(object, "kvm.has_exit", "true");
	is(object, "kvm.opt_in_known", "true");
	is(object, "kvm.feat_ras", "false");
	is(object, "kvm.statistics", "true");
	is(object, "hest.sources", "5");
	is(object, "hest.ghes", "4");
	is(object, "hest.sea", "3");
	is(object, "hest.sea_enabled", "2");
	is(object, "hest.sea_taken", "1");

	check = check_of(object, "hidepid");
	is(check, "topic", "names");
	is(check, "level", "act");
	is(check, "what",
	   "seatop cannot name VMs of other users before they take an SEA "
	   "(hidepid=invisible)");
	is(check, "why", sea_doctor_line(SEA_LINE_HIDEPID)->cause);
	is(check, "remedy", sea_doctor_line(SEA_LINE_HIDEPID)->remedy);
	assert_null(at(check_of(object, "no-ras"), "remedy"));
	assert_null(at(check_of(object, "machine"), "why"));
	assert_int_equal(json_object_array_length(at(object, "checks")), report.nr_checks);

	is(object, "sources.0.name", "tracepoint");
	is(object, "sources.0.attached", "false");
	is(object, "sources.0.taken", "false");
	is(object, "sources.0.why", facts.sources[0].why);
	assert_null(at(object, "sources.0.tells_all"));
	assert_null(at(object, "sources.0.check"));
	is(object, "sources.1.attached", "true");
	is(object, "sources.1.taken", "true");
	assert_null(at(object, "sources.1.why"));
	is(object, "sources.1.tells_all", "true");
	is(object, "sources.1.check", "kprobe");
	is(object, "evidence.0.function", "memory_failure");
	is(object, "evidence.0.tells", "pages");
	is(object, "evidence.0.attached", "true");
	assert_null(at(object, "evidence.0.why"));
	is(object, "evidence.1.attached", "false");
	is(object, "evidence.1.why", "this kernel has no mc_event");
	is(object, "sources.1.hooks.0.program", "sea_tr_claim");
	is(object, "sources.1.hooks.0.function", "apei_claim_sea");
	is(object, "sources.1.hooks.0.alive", "yes");
	is(object, "sources.1.hooks.0.why", "called by kvm_handle_guest_abort");
	is(object, "sources.2.taken", "false");
	is(object, "vms.0.opt_in", "yes");
	is(object, "vms.1.name", "vm1");
	is(object, "vms.1.pid", "101");
	is(object, "vms.1.vcpus", "2");
	is(object, "vms.1.opt_in", "no");
	json_object_put(object);
	sea_doctor_free(&facts);
}

/* What is not known is null, or says so: never a number, nor false. */
static void json_of_what_is_not_known(void **state)
{
	struct sea_text out = {0};
	json_object *object;

	(void)state;
	make_report();
	facts.kvm.tried = false;
	facts.firmware.state = SEA_HEST_UNREADABLE;
	facts.lockdown[0] = '\0';
	facts.pid_namespace = SEA_NAMESPACE_OTHER;
	facts.user_namespace = SEA_NAMESPACE_UNKNOWN;
	facts.repeats = facts.release_repeats = SEA_REPEATS_UNKNOWN;
	facts.sources[1].hooks[0].alive = SEA_MAYBE_ALIVE;
	facts.sources[1].hooks[1].alive = SEA_DEAD;
	facts.view.rows[1].listed.opt_in = SEA_OPT_IN_PROTECTED;
	object = parse(&out);
	assert_null(at(object, "kvm"));
	assert_null(at(object, "hest"));
	assert_null(at(object, "lockdown"));
	is(object, "namespaces.pid", "other");
	is(object, "namespaces.user", "unknown");
	is(object, "repeats", "unknown");
	is(object, "sources.1.hooks.0.alive", "unknown");
	is(object, "sources.1.hooks.1.alive", "no");
	is(object, "vms.1.opt_in", "protected");
	json_object_put(object);

	facts.release_repeats = SEA_REPEATS_CLAIMED;
	object = parse(&out);
	is(object, "repeats", "claimed");
	json_object_put(object);
	sea_doctor_free(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(json),
		cmocka_unit_test(json_of_what_is_not_known),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
