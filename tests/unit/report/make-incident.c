// SPDX-License-Identifier: GPL-2.0-only
/*
 * make-incident - the recordings of incident.h, for tests in shell.
 *
 * Usage: make-incident STORE OTHER-STORE
 */
#include "fixtures.h"
#include "report/incident.h"

static char **stores;

static void play(void **state)
{
	(void)state;
	incident_play(stores[1]);
	incident_play_other(stores[2]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(play)};

	stores = argv;
	return argc == 3 ? cmocka_run_group_tests(tests, NULL, NULL) : 3;
}
