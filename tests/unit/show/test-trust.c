// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "show/trust.h"

static struct sea_snapshot now;

static int begin(void **state)
{
	(void)state;
	make_snapshot(&now);
	memset(&now.loss, 0, sizeof(now.loss));
	return 0;
}

static int end(void **state)
{
	(void)state;
	sea_snapshot_free(&now);
	return 0;
}

static struct sea_session *session;

/* Asserts the level, and what the line says. */
static void judged(enum sea_trust_level level, const char *says, const struct sea_trust_gaps *gaps,
		   const char *caveat)
{
	struct sea_trust trust;
	char line[512];

	sea_trust_judge(&trust, &now, session, gaps, caveat);
	assert_int_equal(sea_trust_short(&trust, line, sizeof(line)), level);
	if (!strstr(line, says))
		print_error("'%s' is not in '%s'\n", says, line);
	assert_non_null(strstr(line, says));
}

static void well(void **state)
{
	(void)state;
	judged(SEA_TRUST_WELL, "Trust: well", NULL, NULL);
}

static void source(void **state)
{
	(void)state;
	now.hooks.nr = 1;
	now.hooks.hooks[0] = (struct sea_hook_state){.part = SEA_PART_SOURCE, .proof = SEA_PROVEN};
	judged(SEA_TRUST_WELL, "Trust: well", NULL, NULL);
	now.hooks.hooks[0].proof = SEA_PROOF_NONE;
	judged(SEA_TRUST_DOUBT, "nothing proves", NULL, NULL);
	now.hooks.hooks[0].proof = SEA_DISPROVEN;
	judged(SEA_TRUST_BAD, "cannot fire", NULL, NULL);
	now.hooks.hooks[0].proof = SEA_PROVEN;
	now.blind_since_ns = 60 * SEC;
	now.blind_why = "kernel.ftrace_enabled is 0";
	judged(SEA_TRUST_BAD, "nothing is being counted for 40 s: kernel.ftrace_enabled is 0", NULL,
	       NULL);
}

static void check(void **state)
{
	(void)state;
	now.check = NULL;
	now.unchecked = "no second hook";
	judged(SEA_TRUST_NOTE, "counts exact, but: nothing checks the counts: no second hook", NULL,
	       NULL);
	now.check = "kprobe";
	now.loss.count[SEA_LOSS_UNSEEN] = 3;
	judged(SEA_TRUST_BAD, "of which 3 not counted", NULL, NULL);
}

/* Every cause of loss is told, and none of them is well. */
static void losses(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		enum sea_trust_level level = SEA_TRUST_NOTE;
		struct sea_trust trust;
		size_t line, found = 0;

		if (sea_loss_word(i)->of == SEA_LOSS_OF_COUNTS)
			level = SEA_TRUST_DOUBT;
		now.loss.count[i] = 7;
		sea_trust_judge(&trust, &now, NULL, NULL, NULL);
		assert_true(trust.level >= level);
		for (line = 0; line < trust.nr; line++)
			found += strstr(trust.lines[line].text, sea_loss_word(i)->hint) != NULL;
		assert_int_equal(found, 1);
		now.loss.count[i] = 0;
	}
	now.loss.count[SEA_LOSS_RATELIMIT] = 5;
	judged(SEA_TRUST_NOTE, "counts exact, but: 5 ratelimit", NULL, NULL);
	/* What is worst is what the line says. */
	now.loss.count[SEA_LOSS_NO_VCPU] = 1;
	judged(SEA_TRUST_BAD, "DO NOT TRUST THIS: 1 no_vcpu", NULL, NULL);
}

/* Nobody counted, and then counting began anew: its counts are exact. */
static void a_gap_before(void **state)
{
	struct sea_session counts = {.started = {.tv_sec = FIXTURE_TIME - 30}};
	struct sea_trust_gaps gaps = {
		.nr = 1,
		.last = {.cause = SEA_GAP_RECORDER,
			 .why = "the recorder was killed",
			 .since = {.tv_sec = FIXTURE_TIME - 60},
			 .until = {.tv_sec = FIXTURE_TIME - 30}},
	};

	(void)state;
	session = &counts;
	judged(SEA_TRUST_NOTE, "before them: the recorder was killed; 1 gap in all", &gaps, NULL);
	gaps.last.until.tv_nsec = 1;
	judged(SEA_TRUST_BAD, "nobody counted", &gaps, NULL);
	gaps.last.until = (struct timespec){0};
	judged(SEA_TRUST_BAD, "gap since", &gaps, NULL);
	session = NULL;
}

static void gaps_and_caveats(void **state)
{
	struct sea_trust_gaps gaps = {
		.nr = 2,
		.last = {.cause = SEA_GAP_RECORDER,
			 .since = {.tv_sec = FIXTURE_TIME - 60},
			 .until = {.tv_sec = FIXTURE_TIME - 30}},
	};

	(void)state;
	judged(SEA_TRUST_BAD, "nobody counted; 2 in all", &gaps, NULL);
	gaps.last.cause = SEA_GAP_TICK;
	judged(SEA_TRUST_NOTE, "could not be read", &gaps, NULL);
	gaps.last.until.tv_sec = 0;
	judged(SEA_TRUST_DOUBT, "gap since", &gaps, NULL);
	judged(SEA_TRUST_DOUBT, "written by a newer", NULL, "written by a newer seastat");
	now.pid_namespace = true;
	judged(SEA_TRUST_NOTE, "pid namespace", NULL, NULL);
	now.pid_namespace = false;
	now.no_list = "the kernel has no vm_list";
	judged(SEA_TRUST_NOTE, "not listed: the kernel has no vm_list", NULL, NULL);
	now.no_list = NULL;
	now.unlisted = 3;
	judged(SEA_TRUST_NOTE, "3 VMs have no row", NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(well, begin, end),
		cmocka_unit_test_setup_teardown(source, begin, end),
		cmocka_unit_test_setup_teardown(check, begin, end),
		cmocka_unit_test_setup_teardown(losses, begin, end),
		cmocka_unit_test_setup_teardown(a_gap_before, begin, end),
		cmocka_unit_test_setup_teardown(gaps_and_caveats, begin, end),
	};

	return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
