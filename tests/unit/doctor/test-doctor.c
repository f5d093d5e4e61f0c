// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "doctor/doctor.h"

static struct sea_hook_report hook(const char *program, const char *function, enum sea_alive alive)
{
	struct sea_hook_report h = {.alive = alive};

	snprintf(h.program, sizeof(h.program), "%s", program);
	snprintf(h.function, sizeof(h.function), "%s", function);
	snprintf(h.why, sizeof(h.why), "because");
	return h;
}

/* A host on which all is well: Linux 7.3 with two VMs that opted in. */
static void make_host(struct sea_doctor_facts *f)
{
	struct sea_vm_info info = {0};
	struct sea_source_report *s;
	int i;

	memset(f, 0, sizeof(*f));
	strcpy(f->machine, "aarch64");
	strcpy(f->host, "hv01");
	strcpy(f->kernel, "7.3.4");
	strcpy(f->lockdown, "none");
	f->can_trace = f->listed = true;
	for (i = 0; i < SEA_STEPS; i++)
		f->may[i] = true;
	f->hest = (struct sea_hest){.sources = 2, .ghes = 2, .sea = 1, .sea_enabled = 1};
	f->kvm = (struct sea_kvm_facts){true, true, true, true, true};
	f->nr_sources = 2;
	f->sources[0].name = "tracepoint";
	strcpy(f->sources[0].why, "no tracepoints");
	s = &f->sources[1];
	s->name = "trampoline";
	s->attached = s->tells_all = true;
	s->check = "kprobe";
	s->hooks[0] = hook("sea_tr_claim", "apei_claim_sea", SEA_ALIVE);
	s->hooks[1] = hook("sea_vm_ended", "kvm_arch_destroy_vm", SEA_ALIVE);
	s->hooks[2] = hook("sea_check_kprobe", "apei_claim_sea", SEA_ALIVE);
	s->nr_hooks = 3;
	f->view.rows = calloc(2, sizeof(*f->view.rows));
	assert_non_null(f->view.rows);
	f->view.nr_rows = 2;
	for (i = 0; i < 2; i++) {
		struct sea_row *row = &f->view.rows[i];

		snprintf(info.name.text, sizeof(info.name.text), "vm%d", i);
		row->kind = SEA_ROW_VM;
		row->info = sea_vm_info_new(&info);
		row->vm.tgid = 100 + (__u32)i;
		row->listed.id = 1 + (__u64)i;
		row->listed.vcpus = 2;
		row->listed.opt_in = SEA_OPT_IN_YES;
	}
}

static const struct sea_doctor_check *find(const struct sea_doctor_report *r, const char *topic,
					   const char *text)
{
	size_t i;

	for (i = 0; i < r->nr_checks; i++)
		if (!strcmp(r->checks[i].topic, topic) && strstr(r->checks[i].text, text))
			return &r->checks[i];
	print_error("no check '%s' has '%s'\n", topic, text);
	fail();
	return NULL;
}

static void expect(const struct sea_doctor_facts *f, enum sea_status status,
		   enum sea_doctor_level level, const char *topic, const char *text)
{
	static struct sea_doctor_report r;

	sea_doctor_judge(f, &r);
	assert_int_equal(find(&r, topic, text)->level, level);
	assert_int_equal(r.status, status);
}

static void all_is_well(void **state)
{
	struct sea_doctor_report r;
	struct sea_doctor_facts f;

	(void)state;
	make_host(&f);
	sea_doctor_judge(&f, &r);
	assert_int_equal(r.status, SEA_STATUS_OK);
	assert_ptr_equal(r.taken, &f.sources[1]);
	/* A source that another makes up for is nothing to act on. */
	assert_int_equal(find(&r, "source", "no tracepoints")->level, SEA_DOCTOR_NOTE);
	assert_int_equal(find(&r, "vms", "2 run: 2 opted in, 0 did not, 0 unknown")->level,
			 SEA_DOCTOR_OK);
	sea_doctor_free(&f);
}

static void what_a_host_cannot_do_is_a_note(void **state)
{
	struct sea_doctor_facts f;

	(void)state;
	make_host(&f);
	f.hest_state = SEA_HEST_ABSENT;
	expect(&f, SEA_STATUS_OK, SEA_DOCTOR_NOTE, "firmware", "no HEST");
	f.hest_state = SEA_HEST_READ;
	f.hest.sea_enabled = 0;
	expect(&f, SEA_STATUS_OK, SEA_DOCTOR_NOTE, "firmware", "none that is enabled");
	f.kvm.has_ras = false;
	expect(&f, SEA_STATUS_OK, SEA_DOCTOR_NOTE, "cpu", "no FEAT_RAS");
	f.kvm.has_statistics = false;
	expect(&f, SEA_STATUS_OK, SEA_DOCTOR_NOTE, "statistics", "does not count");
	f.sources[1].check = NULL;
	expect(&f, SEA_STATUS_OK, SEA_DOCTOR_NOTE, "check", "not checked");
	/* Without the exit nobody can opt in, so that nobody is told to. */
	f.kvm.has_exit = false;
	f.view.rows[0].listed.opt_in = SEA_OPT_IN_NO;
	expect(&f, SEA_STATUS_OK, SEA_DOCTOR_NOTE, "exit", "no VM can opt in");
	sea_doctor_free(&f);
}

static void something_to_do(void **state)
{
	struct sea_doctor_facts f;

	(void)state;
	make_host(&f);
	f.view.rows[1].listed.opt_in = SEA_OPT_IN_NO;
	expect(&f, SEA_STATUS_FOUND, SEA_DOCTOR_ACT, "vm", "vm1 (pid 101) did not opt in");
	f.view.rows[1].ended = true;
	expect(&f, SEA_STATUS_OK, SEA_DOCTOR_OK, "vms", "1 run: 1 opted in");
	f.sources[1].hooks[0].alive = SEA_MAYBE_ALIVE;
	expect(&f, SEA_STATUS_FOUND, SEA_DOCTOR_ACT, "hook", "not proven to fire: because");
	f.sources[1].hooks[0].alive = SEA_ALIVE;
	/* The counts are whole without these two. */
	f.sources[1].hooks[1].alive = f.sources[1].hooks[2].alive = SEA_DEAD;
	expect(&f, SEA_STATUS_FOUND, SEA_DOCTOR_ACT, "hook", "sea_vm_ended");
	f.sources[1].hooks[1].alive = f.sources[1].hooks[2].alive = SEA_ALIVE;
	f.sources[1].tells_all = false;
	expect(&f, SEA_STATUS_FOUND, SEA_DOCTOR_ACT, "source", "`unknown`");
	f.sources[1].tells_all = true;
	f.kvm.tried = false;
	expect(&f, SEA_STATUS_FOUND, SEA_DOCTOR_ACT, "kvm", "/dev/kvm");
	f.kvm.tried = true;
	f.kvm.opt_in_known = false;
	expect(&f, SEA_STATUS_FOUND, SEA_DOCTOR_ACT, "exit", "cannot be read");
	f.kvm.opt_in_known = true;
	f.hest_state = SEA_HEST_DAMAGED;
	strcpy(f.hest_error.text, "HEST is damaged");
	expect(&f, SEA_STATUS_FOUND, SEA_DOCTOR_ACT, "firmware", "HEST is damaged");
	sea_doctor_free(&f);
}

static void counts_would_be_incomplete(void **state)
{
	struct sea_doctor_facts f;

	(void)state;
	make_host(&f);
	f.sources[1].hooks[0].alive = SEA_DEAD;
	expect(&f, SEA_STATUS_INCOMPLETE, SEA_DOCTOR_INCOMPLETE, "hook", "CANNOT FIRE: because");
	f.sources[1].attached = false;
	strcpy(f.sources[1].why, "inlined");
	expect(&f, SEA_STATUS_INCOMPLETE, SEA_DOCTOR_INCOMPLETE, "source", "no source works");
	/* Worse than something to do */
	f.view.rows[1].listed.opt_in = SEA_OPT_IN_NO;
	expect(&f, SEA_STATUS_INCOMPLETE, SEA_DOCTOR_ACT, "vm", "vm1");
	sea_doctor_free(&f);
}

static void impossible(void **state)
{
	struct sea_doctor_report r;
	struct sea_doctor_facts f;

	(void)state;
	make_host(&f);
	f.can_trace = false;
	strcpy(f.no_trace.text, "the wrong machine");
	sea_doctor_judge(&f, &r);
	assert_int_equal(r.status, SEA_STATUS_ERROR);
	find(&r, "tracing", "the wrong machine");
	assert_null(r.taken);
	sea_doctor_free(&f);
}

/* Hundreds of VMs to act on are not hundreds of lines. */
static void very_many_vms(void **state)
{
	struct sea_doctor_report r;
	struct sea_doctor_facts f;
	size_t i;

	(void)state;
	make_host(&f);
	sea_view_free(&f.view);
	f.view.rows = calloc(500, sizeof(*f.view.rows));
	assert_non_null(f.view.rows);
	f.view.nr_rows = 500;
	for (i = 0; i < 500; i++)
		f.view.rows[i].listed.opt_in = SEA_OPT_IN_NO;
	f.view.unlisted = 7;
	sea_doctor_judge(&f, &r);
	assert_true(r.nr_checks < SEA_DOCTOR_CHECKS);
	find(&r, "vm", "492 more did not opt in");
	find(&r, "vms", "7 more run than fit the list");
	sea_doctor_free(&f);
}

static void text_and_json(void **state)
{
	struct sea_doctor_report r;
	struct sea_doctor_facts f;
	struct sea_text text = {0};
	json_object *object, *o;
	struct sea_error err;
	const char *verdict;

	(void)state;
	make_host(&f);
	f.view.rows[1].listed.opt_in = SEA_OPT_IN_NO;
	sea_doctor_judge(&f, &r);
	sea_doctor_text(&f, &r, &text);
	assert_false(text.failed);
	assert_memory_equal(text.text, "ok         machine    aarch64, Linux 7.3.4\n", 43);
	assert_non_null(strstr(text.text, "\nact        vm         vm1 (pid 101) did not opt in"));
	verdict = strstr(text.text, "\nverdict: there is something to do\n");
	assert_non_null(verdict);
	sea_text_free(&text);

	assert_int_equal(sea_doctor_json(&f, &r, &text, &err), 0);
	object = json_tokener_parse(text.text);
	assert_non_null(object);
	assert_int_equal(json_object_get_int(json_object_object_get(object, "status")), 1);
	assert_string_equal(json_object_get_string(json_object_object_get(object, "level")), "act");
	assert_string_equal(json_object_get_string(json_object_object_get(object, "schema")),
			    "seastat-doctor/1");
	o = json_object_object_get(object, "kvm");
	assert_true(json_object_get_boolean(json_object_object_get(o, "feat_ras")));
	o = json_object_object_get(object, "hest");
	assert_int_equal(json_object_get_int(json_object_object_get(o, "sea_enabled")), 1);
	o = json_object_array_get_idx(json_object_object_get(object, "sources"), 1);
	assert_true(json_object_get_boolean(json_object_object_get(o, "taken")));
	assert_null(json_object_object_get(o, "why"));
	o = json_object_array_get_idx(json_object_object_get(o, "hooks"), 0);
	assert_string_equal(json_object_get_string(json_object_object_get(o, "alive")), "yes");
	o = json_object_array_get_idx(json_object_object_get(object, "vms"), 1);
	assert_string_equal(json_object_get_string(json_object_object_get(o, "opt_in")), "no");
	assert_int_equal(json_object_get_int(json_object_object_get(o, "vcpus")), 2);
	json_object_put(object);
	sea_text_free(&text);
	sea_doctor_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_well),
		cmocka_unit_test(what_a_host_cannot_do_is_a_note),
		cmocka_unit_test(something_to_do),
		cmocka_unit_test(counts_would_be_incomplete),
		cmocka_unit_test(impossible),
		cmocka_unit_test(very_many_vms),
		cmocka_unit_test(text_and_json),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
