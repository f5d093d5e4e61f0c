// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <signal.h>

#include "model/record.h"

static void check(const char *(*name)(unsigned int), int (*number)(const char *), unsigned int nr,
		  const char *first)
{
	unsigned int i;

	assert_string_equal(name(0), first);
	for (i = 0; i < nr; i++)
		assert_int_equal(number(name(i)), i);
	assert_string_equal(name(nr), "invalid");
	assert_int_equal(number("invalid"), -1);
	assert_int_equal(number(NULL), -1);
}

static void names_and_numbers(void **state)
{
	(void)state;
	check(sea_record_type_name, sea_record_type_number, SEA_RECORD_TYPES, "session");
	check(sea_gap_cause_name, sea_gap_cause_number, SEA_GAP_CAUSES, "tick");
	check(sea_host_kind_name, sea_host_kind_number, SEA_HOST_KINDS, "memory_failure");
	check(sea_session_end_name, sea_session_end_number, SEA_SESSION_ENDS, "runs");
	assert_string_equal(sea_record_type_name(SEA_RECORD_HOST), "host");
	assert_string_equal(sea_gap_cause_name(SEA_GAP_STORE), "store");
}

static void check_end(int wait_status, __s32 sigbus, const char *expected)
{
	char text[SEA_END_TEXT_LEN] = "x";

	sea_end_text(wait_status, sigbus, text);
	assert_string_equal(text, expected);
}

static void how_it_ended(void **state)
{
	(void)state;
	check_end(-1, 0, "");
	check_end(-1, BUS_MCEERR_AR, "");
	check_end(0, 0, "exit 0");
	check_end(3 << 8, BUS_MCEERR_AR, "exit 3");
	check_end(SIGKILL, BUS_MCEERR_AR, "SIGKILL");
	/* With a core dump, which wait(2) has a bit for. */
	check_end(SIGBUS | 0x80, 0, "SIGBUS");
	check_end(SIGBUS | 0x80, BUS_MCEERR_AR, "SIGBUS (MCEERR_AR)");
	check_end(SIGBUS, BUS_MCEERR_AO, "SIGBUS (MCEERR_AO)");
	check_end(SIGBUS, SI_KERNEL, "SIGBUS (SI_KERNEL)");
	check_end(SIGBUS, BUS_OBJERR, "SIGBUS");
	check_end(50, 0, "signal 50");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers),
		cmocka_unit_test(how_it_ended),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
