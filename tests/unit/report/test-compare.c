// SPDX-License-Identifier: GPL-2.0-only
/* Two fleets: what is called worse, what is not, and when nothing is said. */
#include "report/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fixtures.h"

#define HOUR 3600e9

static const struct sea_compare_options options = {.confidence = 0.95, .ratio = 2, .power = 0.8};
static struct sea_comparisons out;

/* 10,000 VM-hours of 1,000 VMs; 100 took an SEA, which was forwarded */
static struct sea_exposure fleet(void)
{
	struct sea_exposure e = {.hosts = 10, .vm_ns = 10000 * HOUR, .any = {5000, 100, 0, 0}};

	e.disposition[SEA_FORWARDED] = (struct sea_hits){5000, 100, 0, 0};
	e.opt_in[SEA_OPT_IN_YES] = 1000;
	return e;
}

static const struct sea_comparison *compare(const struct sea_exposure *base,
					    const struct sea_exposure *new, enum sea_compared what)
{
	sea_compare(base, new, &options, "", &out);
	return &out.list[what];
}

static void test_rate(void **state)
{
	struct sea_exposure base = fleet(), new = fleet();
	const struct sea_comparison *c;

	(void)state;
	base.disposition[SEA_HOST_OWNED] = (struct sea_hits){900, 5, 0, 0};
	/* Many SEAs of as many VMs are nothing new. */
	new.disposition[SEA_HOST_OWNED] = (struct sea_hits){90000, 5, 0, 0};
	c = compare(&base, &new, SEA_COMPARE_HOST_OWNED);
	assert_int_equal(c->is, SEA_CANNOT_TELL);
	assert_true(c->result.ratio == 1 && c->result.p == 1);
	assert_true(c->factor > 1 && isfinite(c->factor) && !c->at_least);
	/* 5 and 30 in the same time */
	new.disposition[SEA_HOST_OWNED].vms = 30;
	c = compare(&base, &new, SEA_COMPARE_HOST_OWNED);
	assert_int_equal(c->is, SEA_FAIL);
	assert_true(fabs(c->result.ratio - 6) < 1e-9);
	assert_true(c->p > c->result.p && c->p < 0.01);
	assert_int_equal(out.worst, SEA_FAIL);
	/* Six times the hours, and so the same rate */
	new.vm_ns *= 6;
	c = compare(&base, &new, SEA_COMPARE_HOST_OWNED);
	assert_true(fabs(c->result.ratio - 1) < 1e-9);
	assert_int_not_equal(c->is, SEA_FAIL);
	/* The other way around it is better. */
	new.vm_ns /= 6;
	c = compare(&new, &base, SEA_COMPARE_HOST_OWNED);
	assert_int_equal(c->is, SEA_PASS);
	assert_string_equal(c->why, "");
}

/* 100 and 100: the interval ends at 1.3, so that twice as many is out of the question. */
static void test_as_good(void **state)
{
	struct sea_exposure base = fleet(), new = fleet();
	const struct sea_comparison *c = compare(&base, &new, SEA_COMPARE_SEAS);

	(void)state;
	assert_int_equal(c->is, SEA_PASS);
	/* 136 are in the way of chance, and 1.36 times; the upper limit is 1.7. */
	new.any.vms = 120;
	assert_int_equal(compare(&base, &new, SEA_COMPARE_SEAS)->is, SEA_PASS);
	/* Nothing in either shows nothing. */
	c = compare(&base, &new, SEA_COMPARE_SIGBUS);
	assert_int_equal(c->is, SEA_CANNOT_TELL);
	assert_true(c->at_least && c->factor > 1);
	assert_non_null(strstr(c->why, "at least"));
	assert_int_equal(out.worst, SEA_CANNOT_TELL);
}

static void test_share(void **state)
{
	struct sea_exposure base = fleet(), new = fleet();
	const struct sea_comparison *c;

	(void)state;
	base.opt_in[SEA_OPT_IN_NO] = 10;
	new.opt_in[SEA_OPT_IN_NO] = 60;
	c = compare(&base, &new, SEA_COMPARE_WITHOUT);
	assert_int_equal(c->is, SEA_FAIL);
	assert_true(c->of[0] == 1010 && c->of[1] == 1060);
	assert_true(fabs(c->result.ratio - 6) < 1e-9);
	c = compare(&new, &base, SEA_COMPARE_WITHOUT);
	assert_int_equal(c->is, SEA_PASS);
	/* Those of which it is not known may be what makes the difference. */
	base.opt_in[SEA_OPT_IN_UNKNOWN] = 60;
	c = compare(&base, &new, SEA_COMPARE_WITHOUT);
	assert_int_equal(c->is, SEA_CANNOT_TELL);
	base.response[SEA_ABANDONED] = (struct sea_hits){2, 2, 0, 0};
	new.response[SEA_ABANDONED] = (struct sea_hits){40, 40, 0, 0};
	assert_int_equal(compare(&base, &new, SEA_COMPARE_ABANDONED)->is, SEA_FAIL);
	base.loss[SEA_LOSS_ANSWERS] = 35;
	assert_int_equal(compare(&base, &new, SEA_COMPARE_ABANDONED)->is, SEA_CANNOT_TELL);
}

static void test_unknown(void **state)
{
	struct sea_exposure base = fleet(), new = fleet();
	const struct sea_comparison *c;

	(void)state;
	base.ended_by_sigbus = 2;
	new.ended_by_sigbus = 30;
	assert_int_equal(compare(&base, &new, SEA_COMPARE_SIGBUS)->is, SEA_FAIL);
	/* On the new side they could make it worse only. */
	new.ended_unknown = 100;
	assert_int_equal(compare(&base, &new, SEA_COMPARE_SIGBUS)->is, SEA_FAIL);
	base.ended_unknown = 25;
	c = compare(&base, &new, SEA_COMPARE_SIGBUS);
	assert_int_equal(c->is, SEA_CANNOT_TELL);
	assert_int_equal(c->events_most[0], 27);
}

static void test_incomplete(void **state)
{
	struct sea_exposure base = fleet(), new = fleet();
	size_t i;

	(void)state;
	new.ended_by_sigbus = 100;
	sea_compare(&base, &new, &options, "new: see rule gaps", &out);
	for (i = 0; i < SEA_COMPARED; i++) {
		assert_int_equal(out.list[i].is, SEA_CANNOT_TELL);
		assert_non_null(strstr(out.list[i].why, "new: see rule gaps"));
	}
	assert_int_equal(out.worst, SEA_CANNOT_TELL);
}

static void test_nothing(void **state)
{
	struct sea_exposure base = fleet(), new = {0};
	struct sea_text text = {0};
	struct sea_error err;
	size_t i;

	(void)state;
	sea_compare(&base, &new, &options, "", &out);
	for (i = 0; i < SEA_COMPARED; i++) {
		assert_int_equal(out.list[i].is, SEA_CANNOT_TELL);
		assert_true(isnan(out.list[i].p));
		assert_non_null(strstr(out.list[i].why, "there is nothing to compare"));
	}
	sea_compare_text(&out, &base, &new, &options, &text);
	assert_non_null(strstr(text.text, "\ncannot tell (confidence 95%, ratio 2, power 80%)\n"));
	sea_text_free(&text);
	assert_int_equal(sea_compare_json(&out, &base, &new, &options, &text, &err), 0);
	assert_non_null(strstr(text.text, "\"p_adjusted\":null"));
	sea_text_free(&text);
}

/* Seven differences of which none is one by itself */
static void test_many(void **state)
{
	struct sea_exposure base = fleet(), new = fleet();
	const struct sea_comparison *c;

	(void)state;
	/* 4 and 14: p is 0.031, of seven tests 0.22 */
	base.ended_by_sigbus = 4;
	new.ended_by_sigbus = 14;
	c = compare(&base, &new, SEA_COMPARE_SIGBUS);
	assert_true(c->result.p < 0.05);
	assert_true(fabs(c->p - 7 * c->result.p) < 1e-9);
	assert_int_equal(c->is, SEA_CANNOT_TELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate),	   cmocka_unit_test(test_as_good),
		cmocka_unit_test(test_share),	   cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_incomplete), cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
