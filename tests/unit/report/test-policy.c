// SPDX-License-Identifier: GPL-2.0-only
/* Policies: what is read of them, and what is said of those that are wrong. */
#include "report/policy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "report/policy-alerts.h"

static struct sea_policy *parse(const char *text)
{
	struct sea_policy *policy;
	struct sea_error err;

	if (sea_policy_parse(text, strlen(text), "p", &policy, &err))
		fail_msg("%s", err.text);
	return policy;
}

static void assert_wrong(const char *text, const char *what)
{
	struct sea_policy *policy;
	struct sea_error err;

	if (!sea_policy_parse(text, strlen(text), "p", &policy, &err))
		fail_msg("taken: %s", text);
	assert_null(policy);
	if (strncmp(err.text, what, strlen(what)))
		fail_msg("%s: %s", text, err.text);
}

static const struct sea_rule *rule_of(const struct sea_policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->nr; i++)
		if (!strcmp(policy->rules[i].name, name))
			return &policy->rules[i];
	fail_msg("no rule %s", name);
	return NULL;
}

static void test_bounds(void **state)
{
	struct sea_policy *policy = parse("# comment\n"
					  "[not_opted_in]\nat_most = 3\n"
					  "[host_owned]\n  at_most = 2 per 1000 vm_hours # why\n"
					  "[host_owned any]\nat_most=0.5 per vm_hour ; why\n"
					  "[abandoned]\nat_most = 0.5%\n"
					  "[opted_in]\nat_least = 100 %\n");
	const struct sea_rule *rule;

	(void)state;
	rule = rule_of(policy, "not_opted_in");
	assert_int_equal(rule->bound.form, SEA_BOUND_COUNT);
	assert_true(rule->bound.value == 3);
	assert_int_equal(rule->line, 2);
	rule = rule_of(policy, "host_owned");
	assert_int_equal(rule->bound.form, SEA_BOUND_RATE);
	assert_true(fabs(rule->bound.value - 0.002) < 1e-12);
	assert_string_equal(rule->bound.text, "2 per 1000 vm_hours");
	rule = rule_of(policy, "host_owned any");
	assert_int_equal(rule->kind, SEA_RULE_HOST_OWNED);
	assert_true(rule->bound.value == 0.5);
	rule = rule_of(policy, "abandoned");
	assert_int_equal(rule->bound.form, SEA_BOUND_SHARE);
	assert_true(fabs(rule->bound.value - 0.005) < 1e-12);
	assert_true(rule_of(policy, "opted_in")->bound.value == 1);
	assert_true(policy->confidence == 0.95);
	sea_policy_free(policy);
}

static void test_data_rules_are_always_there(void **state)
{
	struct sea_policy *policy = parse("[sigbus]\nat_most = 0\n[gaps]\nat_most = 5%\n");

	(void)state;
	assert_int_equal(policy->nr, 4);
	assert_int_equal(policy->rules[0].kind, SEA_RULE_GAPS);
	assert_true(fabs(policy->rules[0].bound.value - 0.05) < 1e-12);
	assert_int_equal(policy->rules[0].line, 3);
	assert_int_equal(policy->rules[1].kind, SEA_RULE_LOSSES);
	assert_true(policy->rules[1].bound.value == 0);
	assert_int_equal(policy->rules[1].line, 0);
	assert_int_equal(policy->rules[2].kind, SEA_RULE_UNPROVEN);
	assert_int_equal(policy->rules[3].kind, SEA_RULE_SIGBUS);
	sea_policy_free(policy);
}

static void test_least(void **state)
{
	struct sea_policy *policy = parse("[sigbus]\nat_most = 0\nleast_seas = 0\n"
					  "[policy]\nleast_seas = 7\nleast_vm_hours = 0.5\n"
					  "confidence = 99%\n"
					  "[exposure]\nleast_hosts = 4\n");
	const struct sea_rule *sigbus = rule_of(policy, "sigbus");
	const struct sea_rule *exposure = rule_of(policy, "exposure");

	(void)state;
	assert_true(policy->confidence == 0.99);
	assert_int_equal(sigbus->least_seas, 0);
	assert_true(sigbus->least_vm_hours == 0.5);
	assert_int_equal(exposure->least_seas, 7);
	assert_int_equal(exposure->least_hosts, 4);
	sea_policy_free(policy);
}

static void test_answers(void **state)
{
	struct sea_policy *policy =
		parse("[answers]\npercentile = 99.9\nwithin = 1.5 ms\n"
		      "[answers p50]\npercentile = 50\nwithin = 800us\n"
		      "[answers p10]\npercentile = 10\nwithin = 2s\n"
		      "[resumed_loops]\nat_most = 0\n[resumed_loops x]\nat_most=1\ntimes = 64\n");

	(void)state;
	assert_true(rule_of(policy, "answers")->percentile == 99.9);
	assert_int_equal(rule_of(policy, "answers")->within_ns, 1500000);
	assert_int_equal(rule_of(policy, "answers p50")->within_ns, 800000);
	assert_int_equal(rule_of(policy, "answers p10")->within_ns, 2000000000);
	assert_int_equal(rule_of(policy, "resumed_loops")->times, 3);
	assert_int_equal(rule_of(policy, "resumed_loops x")->times, 64);
	sea_policy_free(policy);
}

static void test_wrong(void **state)
{
	static const char *const cases[][2] = {
		{"", "p:1: there is no rule in it"},
		{"# nothing\n", "p:1: there is no rule in it"},
		{"[gaps]\nat_most = 1%\n", ""},
		{"[opted_inn]\nat_least = 1%\n", "p:1: no rule is called 'opted_inn'"},
		{"[opted_in]\nat_most = 1%\n", "p:2: a rule 'opted_in' has no 'at_most'"},
		{"[opted_in]\nat_least = 5\n", "p:2: '5' is no bound of 'opted_in': give a share"},
		{"[opted_in]\nat_least = 101%\n", "p:2: '101%' is no bound"},
		{"[opted_in]\nat_least = -1%\n", "p:2: '-1%' is no bound"},
		{"[opted_in]\nat_least = 1e999%\n", "p:2: '1e999%' is no bound"},
		{"[opted_in]\nat_least = 0x10%\n", "p:2: '0x10%' is no bound"},
		{"[opted_in]\nat_least = nan%\n", "p:2: 'nan%' is no bound"},
		{"[opted_in]\nat_least =\n", "p:2: '' is no bound"},
		{"[sigbus]\nat_most = 1.5\n", "p:2: '1.5' is no bound of 'sigbus': give a whole"},
		{"[sigbus]\nat_most = 0 per vm_hour\n", "p:2: '0 per vm_hour' is no bound"},
		{"[sigbus]\nat_most = 1 per 0 vm_hours\n", "p:2: '1 per 0 vm_hours' is no bound"},
		{"[sigbus]\nat_most = 1 per day\n", "p:2: '1 per day' is no bound"},
		{"[sigbus]\nat_most = 0\nat_most = 1\n", "p:3: 'at_most' is there twice"},
		{"[sigbus]\nat_most = 0\nfoo = 1\n", "p:3: a rule 'sigbus' has no 'foo'"},
		{"[sigbus]\nat_most = 0\n[sigbus]\nat_most = 1\n",
		 "p:3: rule 'sigbus' is there twice"},
		{"[sigbus]\nwithin = 1ms\n", "p:2: a rule 'sigbus' has no 'within'"},
		{"[sigbus]\n\n[gaps]\nat_most = 1%\n", "p:1: the section has no key"},
		{"[sigbus]\nat_most = 0\n[abandoned]\n", "p:3: the section has no key"},
		{"[sigbus]\nleast_seas = 1\n", "p:1: rule 'sigbus' has no bound: give it at_most"},
		{"[sigbus]\nat_most = 0\nleast_seas = 0.5\n", "p:3: '0.5' is no number"},
		{"[gaps old]\nat_most = 1%\n", "p:1: rule 'gaps old' has no name of its own"},
		{"[exposure]\nleast_seas = x\n", "p:2: 'x' is no number for 'least_seas'"},
		{"[answers]\npercentile = 99\n", "p:1: rule 'answers' has no bound"},
		{"[answers]\nwithin = 1ms\n", "p:1: rule 'answers' has no bound"},
		{"[answers]\npercentile = 100\n", "p:2: '100' is no percentile"},
		{"[answers]\npercentile = 0\n", "p:2: '0' is no percentile"},
		{"[answers]\nwithin = 1h\n", "p:2: '1h' is no time"},
		{"[answers]\nwithin = 0ms\n", "p:2: '0ms' is no time"},
		{"[answers]\nat_most = 0\n", "p:2: a rule 'answers' has no 'at_most'"},
		{"[resumed_loops]\ntimes = 65\n", "p:2: '65' is no number of times"},
		{"[resumed_loops]\ntimes = 0\n", "p:2: '0' is no number of times"},
		{"[policy]\nconfidence = 95\n", "p:2: '95' is no confidence"},
		{"[policy]\nconfidence = 49%\n", "p:2: '49%' is no confidence"},
		{"[policy]\nconfidence = 100%\n", "p:2: '100%' is no confidence"},
		{"[policy]\nspeed = 1\n", "p:2: [policy] has no 'speed'"},
		{"[policy]\nleast_time = 1\n", "p:2: [policy] has no 'least_time'"},
		{"at_most = 0\n", "p:1: 'at_most' is in no section"},
		{"[sigbus]\nat_most 0\n", "p:2: it is no section, and no 'KEY = VALUE'"},
		{"[sigbus\nat_most = 0\n", "p:1: it is no section, and no 'KEY = VALUE'"},
		{"[label]\na = b\n", "p:2: a label has a name"},
		{"[sigbus]\nat_most = \x1b[31m\n", "p:2: '?[31m' is no bound"},
	};
	char text[600];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (cases[i][1][0])
			assert_wrong(cases[i][0], cases[i][1]);
	/* A line of 197 bytes is the longest. */
	snprintf(text, sizeof(text), "# %0195d\n[sigbus]\nat_most = 0\n", 0);
	sea_policy_free(parse(text));
	snprintf(text, sizeof(text), "# %0196d\n[sigbus]\nat_most = 0\n", 0);
	assert_wrong(text, "p:1: the line has more than 197 bytes");
	snprintf(text, sizeof(text), "[sigbus %041d]\nat_most = 0\n", 0);
	assert_wrong(text, "p:1: the section's name has more than 47 bytes");
}

static void test_too_many(void **state)
{
	struct sea_text text = {0};
	int i;

	(void)state;
	/* Three are there always, and one place is taken while the file is read. */
	for (i = 0; i < SEA_POLICY_RULES_MAX - 4; i++)
		sea_text_add(&text, "[sigbus %d]\nat_most = 0\n", i);
	sea_policy_free(parse(text.text));
	sea_text_add(&text, "[abandoned]\nat_most = 0\n");
	assert_wrong(text.text, "p:121: more than 63 rules");
	sea_text_free(&text);
}

static void test_a_nul(void **state)
{
	static const char text[] = "[sigbus]\nat_most = 0\0 per vm_hour\n";
	struct sea_policy *policy;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_policy_parse(text, sizeof(text) - 1, "p", &policy, &err), -1);
	assert_string_equal(err.text, "p:2: the line has a NUL in it");
}

static void test_labels(void **state)
{
	struct sea_policy *policy = parse("[sigbus]\nat_most = 0\n"
					  "[label ring]\ncanary = hv1* hv20\nrest = *\n"
					  "[label site]\nnorth = *.n\n");
	const struct sea_labels *labels = &policy->labels;

	(void)state;
	assert_true(sea_labels_match(labels, "ring", "canary", "hv17"));
	assert_true(sea_labels_match(labels, "ring", "canary", "hv20"));
	assert_false(sea_labels_match(labels, "ring", "canary", "hv2"));
	assert_true(sea_labels_match(labels, "ring", "rest", "hv2"));
	/* The first that takes it is the host's only one. */
	assert_false(sea_labels_match(labels, "ring", "rest", "hv17"));
	assert_false(sea_labels_match(labels, "site", "north", "hv17"));
	assert_true(sea_labels_has(labels, "site", "north"));
	assert_false(sea_labels_has(labels, "site", "south"));
	sea_policy_free(policy);
}

static void test_files(void **state)
{
	char path[] = "/tmp/test-policy-XXXXXX", labels[] = "/tmp/test-labels-XXXXXX";
	struct sea_policy *policy;
	struct sea_error err;
	int fd = mkstemp(path), other = mkstemp(labels);
	const char *text = "[sigbus]\nat_most = 0\n", *more = "[label a]\nb = c*\n";
	char *large = calloc(1, SEA_POLICY_SIZE_MAX + 1);

	(void)state;
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(write(other, more, strlen(more)), strlen(more));
	assert_int_equal(sea_policy_load(path, &policy, &err), 0);
	assert_int_equal(sea_policy_load_labels(labels, policy, &err), 0);
	assert_true(sea_labels_match(&policy->labels, "a", "b", "cd"));
	assert_int_equal(sea_policy_load_labels(path, policy, &err), -1);
	assert_non_null(strstr(err.text, ":2: a file of labels has sections [label NAME] only"));
	sea_policy_free(policy);
	memset(large, '\n', SEA_POLICY_SIZE_MAX + 1);
	assert_int_equal(write(fd, large, SEA_POLICY_SIZE_MAX + 1), SEA_POLICY_SIZE_MAX + 1);
	assert_int_equal(sea_policy_load(path, &policy, &err), -1);
	assert_non_null(strstr(err.text, "so it is no policy"));
	assert_int_equal(sea_policy_load("/nonexistent", &policy, &err), -1);
	assert_string_equal(err.text, "cannot read /nonexistent: No such file or directory");
	free(large);
	close(fd);
	close(other);
	unlink(path);
	unlink(labels);
}

/* The example is a policy, and has each kind of rule. */
static void test_example(void **state)
{
	struct sea_policy *policy;
	struct sea_text text = {0};
	struct sea_error err;
	char path[1024];
	bool is_there[SEA_RULE_KINDS] = {0};
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/contrib/policy.conf", getenv("SEA_SOURCE_ROOT"));
	if (sea_policy_load(path, &policy, &err))
		fail_msg("%s", err.text);
	for (i = 0; i < policy->nr; i++) {
		assert_int_not_equal(policy->rules[i].line, 0);
		is_there[policy->rules[i].kind] = true;
	}
	for (i = 0; i < SEA_RULE_KINDS; i++)
		assert_true(is_there[i]);
	sea_policy_alerts(policy, &text);
	assert_non_null(strstr(text.text, "- alert: SeaAnswersHalf\n"));
	assert_non_null(strstr(text.text, "sea_pages{held=\"no\"}"));
	sea_text_free(&text);
	sea_policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds), cmocka_unit_test(test_data_rules_are_always_there),
		cmocka_unit_test(test_least),  cmocka_unit_test(test_answers),
		cmocka_unit_test(test_wrong),  cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_a_nul),  cmocka_unit_test(test_labels),
		cmocka_unit_test(test_files),  cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
