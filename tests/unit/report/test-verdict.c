// SPDX-License-Identifier: GPL-2.0-only
/* Each rule: when it passes, when it fails, and when it cannot be told. */
#include "report/verdict.h"

#include <stdio.h>
#include <string.h>

#include "fixtures.h"

#define HOUR 3600e9

/* A fleet that keeps to anything: 100 VMs on ten hosts for 100 hours, 1,000 SEAs */
static struct sea_exposure healthy(void)
{
	struct sea_exposure e = {
		.stores = 10,
		.hosts = 10,
		.first_ns = 1795392000000000000,
		.last_ns = 1795392000000000000 + 100 * 3600000000000,
		.host_ns = 1000 * HOUR,
		.vm_ns = 10000 * HOUR,
		.any = {1000, 100, 0, 0},
		.ended = 50,
		.pages = 100,
	};

	e.disposition[SEA_FORWARDED] = (struct sea_hits){1000, 100, 0, 0};
	e.response[SEA_INJECTED] = (struct sea_hits){1000, 100, 0, 0};
	e.latency[5] = 1000; /* 32 to 64 us */
	e.loops[0] = 100;
	e.opt_in[SEA_OPT_IN_YES] = 100;
	return e;
}

static struct sea_policy *policy;
static struct sea_verdicts verdicts;

static void judge(const char *text, const struct sea_exposure *e)
{
	struct sea_error err;

	sea_policy_free(policy);
	if (sea_policy_parse(text, strlen(text), "p", &policy, &err))
		fail_msg("%s", err.text);
	sea_verdict_make(policy, e, &verdicts);
}

static const struct sea_verdict *verdict_of(const char *rule)
{
	size_t i;

	for (i = 0; i < verdicts.nr; i++)
		if (!strcmp(verdicts.list[i].rule->name, rule))
			return &verdicts.list[i];
	fail_msg("no rule %s", rule);
	return NULL;
}

/* The rule that the text begins with */
static void expect(const char *text, const struct sea_exposure *e, enum sea_verdict_is is,
		   const char *why)
{
	char rule[64];
	const struct sea_verdict *v;

	snprintf(rule, sizeof(rule), "%.*s", (int)strcspn(text + 1, "]"), text + 1);
	judge(text, e);
	v = verdict_of(rule);
	if (v->is != is || (why && !strstr(v->why, why)) || (is == SEA_PASS) != !v->why[0])
		fail_msg("%s: %s, found %s, why %s", text, sea_verdict_name(v->is), v->found,
			 v->why);
}

static int forget_policy(void **state)
{
	(void)state;
	sea_policy_free(policy);
	policy = NULL;
	return 0;
}

static void test_gaps(void **state)
{
	static const char text[] = "[gaps]\nat_most = 1%\n[sigbus]\nat_most = 0\n";
	struct sea_exposure e = healthy();

	(void)state;
	/* 10 of 1000 hours are at the bound. */
	e.host_ns = 990 * HOUR;
	e.gap_ns = 10 * HOUR;
	expect(text, &e, SEA_PASS, NULL);
	assert_int_equal(verdicts.worst, SEA_PASS);
	e.gap_ns = 10.1 * HOUR;
	strcpy(e.gap_host, "hv7");
	e.gap_host_ns = 10 * HOUR;
	expect(text, &e, SEA_CANNOT_TELL, "recorder did not run");
	assert_non_null(strstr(verdict_of("gaps")->found, "10 h of it on hv7"));
	/* No rule passes then. */
	assert_int_equal(verdict_of("sigbus")->is, SEA_CANNOT_TELL);
	assert_non_null(strstr(verdict_of("sigbus")->why, "incomplete: see rule gaps"));
	assert_int_equal(verdicts.worst, SEA_CANNOT_TELL);
	/* But what is seen to be wrong, is wrong. */
	e.ended_by_sigbus = 1;
	judge(text, &e);
	assert_int_equal(verdict_of("sigbus")->is, SEA_FAIL);
	assert_int_equal(verdicts.worst, SEA_FAIL);
	/* Time in which the source was switched off is a gap as well. */
	e = healthy();
	e.blind_ns = 10 * HOUR;
	expect(text, &e, SEA_PASS, NULL);
	e.blind_ns = 10.1 * HOUR;
	expect(text, &e, SEA_CANNOT_TELL, NULL);
	e = (struct sea_exposure){0};
	expect(text, &e, SEA_CANNOT_TELL, "no host was watched");
}

static void test_losses(void **state)
{
	static const char text[] = "[losses]\nat_most = 2\n[sigbus]\nat_most = 0\n";
	struct sea_exposure e = healthy();

	(void)state;
	e.loss[SEA_LOSS_MISSED] = 1;
	e.loss[SEA_LOSS_UNSEEN] = 1;
	/* These are no losses of counts. */
	e.loss[SEA_LOSS_RING_FULL] = 100;
	e.loss[SEA_LOSS_TABLE_FULL] = 100;
	expect(text, &e, SEA_PASS, NULL);
	e.loss[SEA_LOSS_MISSED] = 2;
	expect(text, &e, SEA_CANNOT_TELL, "seastat doctor");
	assert_string_equal(verdict_of("losses")->found, "missed 2, unseen 1");
	assert_int_equal(verdict_of("sigbus")->is, SEA_CANNOT_TELL);
}

static void test_unproven(void **state)
{
	static const char text[] = "[unproven]\nat_most = 10%\n[sigbus]\nat_most = 0\n";
	struct sea_exposure e = healthy();

	(void)state;
	e.unproven_ns = 100 * HOUR;
	expect(text, &e, SEA_PASS, NULL);
	e.unproven_ns = 100.1 * HOUR;
	expect(text, &e, SEA_CANNOT_TELL, "seastat doctor");
	assert_int_equal(verdict_of("sigbus")->is, SEA_CANNOT_TELL);
}

static void test_exposure(void **state)
{
	static const char text[] =
		"[exposure]\nleast_hosts = 10\nleast_vm_hours = 10000\nleast_seas = 1000\n";
	struct sea_exposure e = healthy();

	(void)state;
	expect(text, &e, SEA_PASS, NULL);
	e.hosts = 9;
	expect(text, &e, SEA_CANNOT_TELL, "9 hosts of the 10");
	e.hosts = 10;
	e.vm_ns -= HOUR;
	expect(text, &e, SEA_CANNOT_TELL, "9999 VM-hours of the 1e+04");
	e.vm_ns += HOUR;
	e.any.seas = 999;
	expect(text, &e, SEA_CANNOT_TELL, "999 SEAs of the 1000");
}

static void test_unread(void **state)
{
	struct sea_exposure e = healthy();

	(void)state;
	e.unread = 1;
	expect("[sigbus]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "1 recordings could not be read");
	e.unread = 0;
	e.partial = 1;
	expect("[sigbus]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "only a newer seatop knows");
	/* Also if the rules are of the data only */
	judge("[exposure]\nleast_hosts = 1\n", &e);
	assert_int_equal(verdict_of("exposure")->is, SEA_PASS);
	assert_int_equal(verdicts.worst, SEA_CANNOT_TELL);
}

static void test_opted_in(void **state)
{
	static const char text[] = "[opted_in]\nat_least = 99%\n";
	struct sea_exposure e = healthy();

	(void)state;
	e.opt_in[SEA_OPT_IN_YES] = 99;
	e.opt_in[SEA_OPT_IN_NO] = 1;
	/* No VM of this kind can opt in. */
	e.opt_in[SEA_OPT_IN_PROTECTED] = 100;
	expect(text, &e, SEA_PASS, NULL);
	e.opt_in[SEA_OPT_IN_YES] = 98;
	e.opt_in[SEA_OPT_IN_NO] = 2;
	expect(text, &e, SEA_FAIL, "seastat names");
	/* 98 to 99 of 100 */
	e.opt_in[SEA_OPT_IN_NO] = 1;
	e.opt_in[SEA_OPT_IN_UNKNOWN] = 1;
	expect(text, &e, SEA_CANNOT_TELL, "of 1 VMs it is not known");
	/* 99 or 100 of 100: it does not matter. */
	e.opt_in[SEA_OPT_IN_YES] = 99;
	e.opt_in[SEA_OPT_IN_NO] = 0;
	expect(text, &e, SEA_PASS, NULL);
	/* 97 to 98 of 100: too few either way */
	e.opt_in[SEA_OPT_IN_YES] = 97;
	e.opt_in[SEA_OPT_IN_NO] = 2;
	expect(text, &e, SEA_FAIL, NULL);
	/* VMs that nobody listed are unknown. */
	e = healthy();
	e.unlisted = 2;
	expect(text, &e, SEA_CANNOT_TELL, "of 2 VMs");
	e.unlisted = 0;
	e.no_list = 1;
	expect(text, &e, SEA_CANNOT_TELL, "1 hosts cannot list");
	e.no_list = 0;
	e.opt_in[SEA_OPT_IN_YES] = 0;
	expect(text, &e, SEA_CANNOT_TELL, "no VM ran");
	e = healthy();
	expect("[opted_in]\nat_least = 100%\nleast_hosts = 11\n", &e, SEA_CANNOT_TELL,
	       "10 hosts of the 11");
}

/* A rule over SEAs of a disposition: as many as the bound, one more, and unknown ones */
static void count_rule(const char *text, struct sea_hits *hits, struct sea_exposure *e)
{
	*hits = (struct sea_hits){2, 1, 0, 0};
	expect(text, e, SEA_PASS, NULL);
	hits->seas = 3;
	expect(text, e, SEA_FAIL, NULL);
	*hits = (struct sea_hits){2, 1, 1, 0};
	expect(text, e, SEA_CANNOT_TELL, "there are 1");
	*hits = (struct sea_hits){1, 1, 1, 0};
	expect(text, e, SEA_PASS, NULL);
	*hits = (struct sea_hits){0};
	expect(text, e, SEA_PASS, NULL);
}

static void test_counts(void **state)
{
	struct sea_exposure e = healthy();

	(void)state;
	count_rule("[not_opted_in]\nat_most = 2\n", &e.disposition[SEA_NOT_OPTED_IN], &e);
	count_rule("[host_owned]\nat_most = 2\n", &e.disposition[SEA_HOST_OWNED], &e);
	count_rule("[abandoned]\nat_most = 2\n", &e.response[SEA_ABANDONED], &e);
	/* SEAs whose disposition the source could not tell may be of any. */
	e.disposition[SEA_UNKNOWN] = (struct sea_hits){1, 1, 0, 0};
	expect("[not_opted_in]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "SEAs of unknown kind");
	expect("[not_opted_in]\nat_most = 1\n", &e, SEA_PASS, NULL);
	expect("[abandoned]\nat_most = 0\n", &e, SEA_PASS, NULL);
	e.loss[SEA_LOSS_ANSWERS] = 1;
	expect("[abandoned]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "answers that were lost");
}

/* SEAs that nobody recorded count as others do, where their time is known. */
static void test_unrecorded(void **state)
{
	struct sea_hits *hits, *any;
	struct sea_exposure e = healthy();

	(void)state;
	hits = &e.unrecorded[SEA_NOT_OPTED_IN];
	any = &e.any_unrecorded;
	count_rule("[not_opted_in]\nat_most = 2\n", hits, &e);
	count_rule("[host_owned]\nat_most = 2\n", &e.unrecorded[SEA_HOST_OWNED], &e);
	e.disposition[SEA_NOT_OPTED_IN] = (struct sea_hits){2, 1, 0, 0};
	*hits = *any = (struct sea_hits){48, 0, 0, 0};
	expect("[not_opted_in]\nat_most = 2\n", &e, SEA_FAIL, NULL);
	assert_string_equal(verdict_of("not_opted_in")->found,
			    "50 SEAs, 48 of them while nobody recorded");
	*hits = *any = (struct sea_hits){0, 0, 1, 0};
	expect("[not_opted_in]\nat_most = 2\n", &e, SEA_CANNOT_TELL,
	       "SEAs of unknown kind, VM or time");
	expect("[host_owned]\nat_most = 0\n", &e, SEA_PASS, NULL);

	/* Shares are of VMs, and these are some; rates are of hours, in which they were not. */
	*hits = *any = (struct sea_hits){300, 300, 0, 0};
	expect("[not_opted_in]\nat_most = 10%\n", &e, SEA_FAIL, NULL);
	expect("[not_opted_in]\nat_most = 1 per 100 vm_hours\n", &e, SEA_CANNOT_TELL,
	       "may be chance");
	*hits = *any = (struct sea_hits){0};

	/* How they were answered nobody saw, nor their page. */
	expect("[abandoned]\nat_most = 0\n[answers]\npercentile = 50\nwithin = 10s\n", &e, SEA_PASS,
	       NULL);
	e.unrecorded[SEA_FORWARDED] = *any = (struct sea_hits){1, 1, 0, 0};
	expect("[abandoned]\nat_most = 0\n", &e, SEA_CANNOT_TELL, NULL);
	expect("[resumed_loops]\nat_most = 0\ntimes = 3\n", &e, SEA_CANNOT_TELL, NULL);
	expect("[pages_not_held]\nat_most = 0\n", &e, SEA_CANNOT_TELL, NULL);
}

/* What was not observed never passes. */
static void test_no_seas(void **state)
{
	static const char *const rules[] = {
		"[not_opted_in]\nat_most = 0\n",
		"[not_opted_in]\nat_most = 100%\n",
		"[host_owned]\nat_most = 0\n",
		"[host_owned]\nat_most = 1000 per vm_hour\n",
		"[answers]\npercentile = 1\nwithin = 10s\n",
		"[resumed_loops]\nat_most = 0\n",
		"[resumed_loops]\nat_most = 1 per vm_hour\n",
		"[abandoned]\nat_most = 0\n",
		"[pages_not_held]\nat_most = 0\n",
	};
	struct sea_exposure e = healthy();
	size_t i;

	(void)state;
	memset(&e.any, 0, sizeof(e.any));
	memset(e.disposition, 0, sizeof(e.disposition));
	memset(e.response, 0, sizeof(e.response));
	memset(e.latency, 0, sizeof(e.latency));
	e.pages = 0;
	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		expect(rules[i], &e, SEA_CANNOT_TELL, "nothing shows");
		assert_int_equal(verdicts.worst, SEA_CANNOT_TELL);
	}
	/* That one needs VMs, and no SEA. */
	expect("[sigbus]\nat_most = 0\n", &e, SEA_PASS, NULL);
	e.vm_ns = 0;
	expect("[sigbus]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "no VM was watched");
	expect("[sigbus]\nat_most = 1 per vm_hour\n", &e, SEA_CANNOT_TELL, "no VM-hours");
	/* SEAs, but none forwarded: these rules still have nothing to go by. */
	e = healthy();
	memset(&e.disposition[SEA_FORWARDED], 0, sizeof(e.disposition[SEA_FORWARDED]));
	e.disposition[SEA_CLAIMED] = (struct sea_hits){1000, 100, 0, 0};
	memset(e.latency, 0, sizeof(e.latency));
	expect("[abandoned]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "no forwarded SEA was seen");
	expect("[resumed_loops]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "no forwarded SEA was seen");
	expect("[not_opted_in]\nat_most = 0\n", &e, SEA_PASS, NULL);
}

/*
 * 10,000 VM-hours, and 1 per 1,000 VM-hours are allowed: 10 on average. 4 show (95 %)
 * that the rate is below: the limit is 9.15; 5, whose limit is 10.51, do not. 16 fail,
 * which chance does in 4.87 %; 15 do not: 8.3 %.
 */
static void test_rate(void **state)
{
	static const char text[] = "[host_owned]\nat_most = 1 per 1000 vm_hours\n";
	struct sea_exposure e = healthy();
	struct sea_hits *hits = &e.disposition[SEA_HOST_OWNED];

	(void)state;
	/* SEAs of the same VM are one event: a storm of one VM is no epidemic. */
	*hits = (struct sea_hits){50000, 4, 0, 0};
	expect(text, &e, SEA_PASS, NULL);
	assert_string_equal(verdict_of("host_owned")->found, "4 VMs in 1e+04 VM-hours");
	hits->vms = 5;
	expect(text, &e, SEA_CANNOT_TELL, "without another one it takes 1.051e+04");
	hits->vms = 15;
	expect(text, &e, SEA_CANNOT_TELL, "may be chance");
	hits->vms = 16;
	expect(text, &e, SEA_FAIL, NULL);
	/* VMs that are not known count against a pass. */
	*hits = (struct sea_hits){4, 4, 0, 1};
	expect(text, &e, SEA_CANNOT_TELL, NULL);
	/* Nothing, but too few hours: it takes 2.996 * 1,000 */
	*hits = (struct sea_hits){0};
	e.vm_ns = 2900 * HOUR;
	expect(text, &e, SEA_CANNOT_TELL, "takes 2996");
	e.vm_ns = 2996 * HOUR;
	expect(text, &e, SEA_PASS, NULL);
}

/*
 * 100 VMs with an SEA, and 10 % are allowed. 4 of 100 show that it is less: 8.92 %; 5,
 * with 10.2 %, do not. 16 fail: chance, 3.99 %; 15 do not: 7.3 %.
 */
static void test_share(void **state)
{
	static const char text[] = "[not_opted_in]\nat_most = 10%\n";
	struct sea_exposure e = healthy();
	struct sea_hits *hits = &e.disposition[SEA_NOT_OPTED_IN];

	(void)state;
	*hits = (struct sea_hits){4, 4, 0, 0};
	expect(text, &e, SEA_PASS, NULL);
	hits->vms = 5;
	expect(text, &e, SEA_CANNOT_TELL, "without another one it takes 103 to tell");
	hits->vms = 15;
	expect(text, &e, SEA_CANNOT_TELL, NULL);
	hits->vms = 16;
	expect(text, &e, SEA_FAIL, NULL);
}

/* With more rules that chance can fail, each needs more to fail. */
static void test_many_rules(void **state)
{
	struct sea_exposure e = healthy();

	(void)state;
	e.disposition[SEA_HOST_OWNED] = (struct sea_hits){16, 16, 0, 0};
	expect("[host_owned]\nat_most = 1 per 1000 vm_hours\n"
	       "[sigbus]\nat_most = 1 per 1000 vm_hours\n",
	       &e, SEA_CANNOT_TELL, "may be chance");
	assert_true(verdicts.alpha > 0.0249 && verdicts.alpha < 0.0251);
	/* A bound of a count is no matter of chance. */
	expect("[host_owned]\nat_most = 1 per 1000 vm_hours\n[sigbus]\nat_most = 1\n", &e, SEA_FAIL,
	       NULL);
}

static void test_answers(void **state)
{
	static const char text[] = "[answers]\npercentile = 99\nwithin = 64us\n";
	struct sea_exposure e = healthy();

	(void)state;
	/* 990 of 1,000 are at the bound. */
	e.latency[5] = 990;
	e.latency[6] = 10;
	expect(text, &e, SEA_PASS, NULL);
	e.latency[5] = 989;
	e.latency[6] = 11;
	expect(text, &e, SEA_FAIL, "VMMs are slow");
	/* Those without an answer may be in time. */
	e.latency[5] = 985;
	e.latency[6] = 10;
	e.response[SEA_INJECTED].seas = 995;
	expect(text, &e, SEA_CANNOT_TELL, "the answers of 5 forwarded SEAs were not seen");
	e.latency[5] = 990;
	e.latency[6] = 5;
	expect(text, &e, SEA_PASS, NULL);
	/* A bound within a slot: 60 us, and all are of 32 to 64 us. */
	e = healthy();
	expect("[answers]\npercentile = 99\nwithin = 60us\n", &e, SEA_CANNOT_TELL,
	       "use a bound of 32 us or 64 us");
	expect("[answers]\npercentile = 99\nwithin = 31us\n", &e, SEA_FAIL, NULL);
	/* The last slot has no end. */
	memset(e.latency, 0, sizeof(e.latency));
	e.latency[SEA_LATENCY_SLOTS - 1] = 1000;
	expect("[answers]\npercentile = 99\nwithin = 1000s\n", &e, SEA_CANNOT_TELL, NULL);
	/* 99 answers have no percentile of 99. */
	e = healthy();
	e.latency[5] = 99;
	e.disposition[SEA_FORWARDED].seas = e.response[SEA_INJECTED].seas = 99;
	expect(text, &e, SEA_CANNOT_TELL, "99 answers are too few");
	e.latency[5] = 100;
	e.disposition[SEA_FORWARDED].seas = e.response[SEA_INJECTED].seas = 100;
	expect(text, &e, SEA_PASS, NULL);
}

static void test_loops(void **state)
{
	static const char text[] = "[resumed_loops]\nat_most = 1\ntimes = 3\n";
	struct sea_exposure e = healthy();

	(void)state;
	e.loops[2] = 50;
	e.loops[3] = 1;
	expect(text, &e, SEA_PASS, NULL);
	e.loops[64] = 1;
	expect(text, &e, SEA_FAIL, "have to tell the guest");
	e.loops[64] = 0;
	e.loss[SEA_LOSS_ANSWERS] = 1;
	expect(text, &e, SEA_CANNOT_TELL, "answers that were lost");
}

static void test_sigbus(void **state)
{
	struct sea_exposure e = healthy();

	(void)state;
	e.ended_by_sigbus = 1;
	expect("[sigbus]\nat_most = 1\n", &e, SEA_PASS, NULL);
	expect("[sigbus]\nat_most = 0\n", &e, SEA_FAIL, "handle SIGBUS");
	e.ended_by_sigbus = 0;
	e.ended_unknown = 3;
	expect("[sigbus]\nat_most = 0\n", &e, SEA_CANNOT_TELL,
	       "3 VMs whose exit status is not known");
	expect("[sigbus]\nat_most = 3\n", &e, SEA_PASS, NULL);
}

static void test_pages(void **state)
{
	struct sea_exposure e = healthy();

	(void)state;
	e.pages_not_held = 1;
	expect("[pages_not_held]\nat_most = 1\n", &e, SEA_PASS, NULL);
	expect("[pages_not_held]\nat_most = 0\n", &e, SEA_FAIL, "offline these pages");
	e.pages_not_held = 0;
	e.seas_without_page = 1;
	expect("[pages_not_held]\nat_most = 0\n", &e, SEA_CANNOT_TELL, "1 SEAs whose page");
}

static void test_status(void **state)
{
	struct sea_exposure e = healthy();
	struct sea_text text = {0};
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_verdict_status(SEA_PASS), 0);
	assert_int_equal(sea_verdict_status(SEA_FAIL), 1);
	assert_int_equal(sea_verdict_status(SEA_CANNOT_TELL), 2);
	e.ended_by_sigbus = 1;
	e.no_list = 1;
	judge("[sigbus]\nat_most = 0\n[opted_in]\nat_least = 1%\n", &e);
	assert_int_equal(verdicts.worst, SEA_FAIL);
	sea_verdict_text(&verdicts, &e, &text);
	assert_non_null(strstr(text.text, "\nfail        sigbus   at most 0   1 VMs\n"));
	assert_non_null(strstr(text.text, "\ncannot tell opted_in at least 1% 100 of 100"));
	assert_non_null(strstr(text.text, "\nfail\n"));
	sea_text_free(&text);
	assert_int_equal(sea_verdict_json(&verdicts, &e, &text, &err), 0);
	assert_non_null(strstr(text.text, "\"verdict\":\"fail\",\"incomplete\":null"));
	sea_text_free(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(test_##name, forget_policy)
	const struct CMUnitTest tests[] = {
		TEST(gaps),	TEST(losses),	  TEST(unproven),   TEST(exposure), TEST(unread),
		TEST(opted_in), TEST(counts),	  TEST(unrecorded), TEST(no_seas),  TEST(rate),
		TEST(share),	TEST(many_rules), TEST(answers),    TEST(loops),    TEST(sigbus),
		TEST(pages),	TEST(status),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
