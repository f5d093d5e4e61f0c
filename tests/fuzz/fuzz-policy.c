// SPDX-License-Identifier: GPL-2.0-only
/* Any bytes are a policy that can be judged by and written as alerts, or are refused. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include "report/policy-alerts.h"
#include "report/verdict.h"

static void judge(const struct sea_policy *policy)
{
	static struct sea_verdicts verdicts;
	struct sea_exposure exposure = {.hosts = 3,
					.host_ns = 1e15,
					.vm_ns = 3e15,
					.any = {9, 3, 1, 1},
					.ended = 5,
					.ended_unknown = 1,
					.pages = 2};
	struct sea_text text = {0};
	struct sea_error err;

	exposure.disposition[SEA_FORWARDED] = exposure.any;
	exposure.latency[3] = 8;
	sea_verdict_make(policy, &exposure, &verdicts);
	sea_verdict_text(&verdicts, &exposure, &text);
	CHECK(!sea_verdict_json(&verdicts, &exposure, &text, &err));
	CHECK(!text.failed);
	sea_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_policy *policy;
	struct sea_text text = {0};
	struct sea_error err = {0};
	size_t i;

	if (sea_policy_parse((const char *)data, size, "policy", &policy, &err)) {
		CHECK(!strncmp(err.text, "policy:", 7));
		CHECK(!policy);
		return 0;
	}
	CHECK(policy->nr >= 4 && policy->nr <= SEA_POLICY_RULES_MAX);
	for (i = 0; i < policy->nr; i++) {
		const struct sea_rule *rule = &policy->rules[i];

		CHECK(isfinite(rule->bound.value) && rule->bound.value >= 0);
		CHECK(rule->bound.form != SEA_BOUND_SHARE || rule->bound.value <= 1);
		CHECK(rule->percentile >= 0 && rule->percentile < 100);
		CHECK(rule->name[0]);
	}
	judge(policy);
	sea_policy_alerts(policy, &text);
	CHECK(!text.failed);
	sea_text_free(&text);
	sea_labels_match(&policy->labels, "a", "b", "host");
	sea_policy_free(policy);
	return 0;
}
