// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "model/loss.h"

/* A count for each cause that no sum of others makes up for: 1, 2, 4, ... */
static struct sea_loss numbered(void)
{
	struct sea_loss loss = {0};
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		loss.count[i] = 1ULL << i;
	return loss;
}

static void every_cause_counts_once(void **state)
{
	const struct sea_loss loss = numbered();
	__u64 sum = 0;
	int of;

	(void)state;
	assert_true(sea_loss_total(&loss) == (1ULL << SEA_LOSS_CAUSES) - 1);
	for (of = SEA_LOSS_OF_DETAILS; of <= SEA_LOSS_OF_HOST; of++)
		sum += sea_loss_total_of(&loss, of);
	assert_true(sum == sea_loss_total(&loss));
	assert_true(
		sea_loss_total_of(&loss, SEA_LOSS_OF_DETAILS) ==
		(1ULL << SEA_LOSS_RATELIMIT | 1ULL << SEA_LOSS_RING_FULL | 1ULL << SEA_LOSS_STORE));
	assert_true(sea_loss_total_of(&loss, SEA_LOSS_OF_OWNERS) == 1ULL << SEA_LOSS_TABLE_FULL);
	assert_true(sea_loss_total_of(&loss, SEA_LOSS_OF_TIME) == 1ULL << SEA_LOSS_TICK);
	assert_true(sea_loss_total_of(&loss, SEA_LOSS_OF_HOST) == 1ULL << SEA_LOSS_HOST_EVENTS);
}

static void words(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		const struct sea_loss_word *word = sea_loss_word(i);

		assert_int_equal(sea_loss_number(word->name), i);
		assert_true(strlen(word->help) > 10 && strlen(word->hint) > 10);
		/* A name is a word in JSON and metrics. */
		assert_int_equal(strspn(word->name, "abcdefghijklmnopqrstuvwxyz_"),
				 strlen(word->name));
	}
	assert_string_equal(sea_loss_word(SEA_LOSS_RING_FULL)->name, "ring_full");
	assert_int_equal(sea_loss_number("ratelimi"), -1);
	assert_int_equal(sea_loss_number(""), -1);
	assert_int_equal(sea_loss_number(NULL), -1);
}

static void dated_when_they_grow(void **state)
{
	const struct timespec first = {10, 0}, second = {20, 0};
	struct sea_loss none = {0}, loss = {0}, later;

	(void)state;
	loss.count[SEA_LOSS_MISSED] = 3;
	sea_loss_date(&loss, &none, &first);
	assert_int_equal(loss.last[SEA_LOSS_MISSED].tv_sec, 10);
	assert_int_equal(loss.last[SEA_LOSS_UNSEEN].tv_sec, 0);
	later = loss;
	later.count[SEA_LOSS_UNSEEN] = 1;
	memset(later.last, 0, sizeof(later.last));
	sea_loss_date(&later, &loss, &second);
	assert_int_equal(later.last[SEA_LOSS_MISSED].tv_sec, 10);
	assert_int_equal(later.last[SEA_LOSS_UNSEEN].tv_sec, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cause_counts_once),
		cmocka_unit_test(words),
		cmocka_unit_test(dated_when_they_grow),
	};

	return cmocka_run_group_tests_name("loss", tests, NULL, NULL);
}
