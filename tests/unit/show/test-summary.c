// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "show/summary.h"

static struct sea_snapshot now;
static struct sea_view view;
static struct sea_text text;

static int begin(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C");
	setenv("TZ", "UTC", 1);
	make_snapshot(&now);
	make_view(&view, &now, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	sea_text_free(&text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
	return 0;
}

static const char *header(bool full, size_t width)
{
	sea_text_free(&text);
	sea_summary_header(&view, full, width, &text);
	return text.text;
}

static const char *footer(void)
{
	sea_text_free(&text);
	sea_summary_footer(&view, 0, &text);
	return text.text;
}

static const char *hints(void)
{
	sea_text_free(&text);
	sea_summary_hints(&view, 0, &text);
	return text.text ?: "";
}

static void has(const char *there, const char *part)
{
	if (!strstr(there, part))
		print_error("no '%s' in\n%s", part, there);
	assert_non_null(strstr(there, part));
}

static void first_line(void **state)
{
	struct sea_session session;

	(void)state;
	assert_string_equal(header(false, 0), "06:50:44 hv01: source tracepoint, 3 VMs (1 ended), "
					      "Linux 6.12.107-sea\n");
	has(header(true, 0), "2026-11-23T06:50:44+0000 hv01:");
	assert_string_equal(header(false, 20), "06:50:44 hv01: sour~\n");
	session = *view.session;
	session.replayed = true;
	view.session = &session;
	view.interval_ns = 3 * SEC / 2;
	view.nr_vms = 1;
	view.nr_ended = 0;
	view.source = NULL;
	assert_string_equal(header(false, 0), "recording of 06:50:44 hv01: source unknown, 1 VM, "
					      "last 1.5s, Linux 6.12.107-sea\n");
	view.session = NULL;
	has(header(false, 0), "06:50:44 ?: source unknown");
}

static void sums(void **state)
{
	(void)state;
	assert_string_equal(footer(),
			    "SEAs 13014: 2 claimed, 13000 host_owned, 4 not_opted_in, 8 forwarded\n"
			    "reasons: 0 no_ras, 0 vncr, 13000 s2_walk, 3 ambiguous walk\n"
			    "responses: 5 injected, 1 resumed, 0 abandoned, 2 pending\n"
			    "before: not known, this kernel keeps no statistics of SEAs\n"
			    "lost: 12900 ratelimit\n"
			    "check by kprobe: 13014 SEAs, 0 unseen\n");
	view.tells_all = false;
	view.all.listed.has_before = true;
	view.all.listed.before[SEA_FORWARDED] = 7;
	view.totals.answered_early = 3;
	memset(&view.loss, 0, sizeof(view.loss));
	view.check = NULL;
	view.unchecked = "it is 6.1";
	has(footer(), "8 forwarded, 0 unknown\n");
	has(text.text, "2 pending (and 3 to SEAs from before)\n");
	has(text.text, "before: 0 claimed, 0 host_owned, 0 not_opted_in, 7 forwarded\n");
	has(text.text, "lost: nothing\n");
	has(text.text, "check: none, it is 6.1\n");
	view.loss.count[SEA_LOSS_ANSWERS] = 2;
	view.loss.at_least = 1U << SEA_LOSS_MISSED;
	has(footer(), "lost: 2 answers, missed not known\n");
}

static void what_to_know(void **state)
{
	(void)state;
	has(hints(), "hint: only detail records were lost, these counts are exact\n");
	/* And of each other loss what it means */
	view.loss.count[SEA_LOSS_ANSWERS] = 1;
	has(hints(), sea_loss_word(SEA_LOSS_ANSWERS)->hint);
	assert_null(strstr(hints(), "only detail records"));
	memset(&view.loss, 0, sizeof(view.loss));
	assert_string_equal(hints(), "");
	view.blind_since_ns = 1;
	has(hints(), "THE SOURCE IS SWITCHED OFF NOW (it is not known by what)");
	view.blind_since_ns = 0;
	view.no_list = "it hides";
	has(hints(), "no list of VMs, only those with an SEA are here: it hides");
	view.no_list = NULL;
	view.unlisted = 1;
	has(hints(), "raise --max-vms");
	view.unlisted = 0;
	view.pid_namespace = true;
	has(hints(), "outside of this pid namespace");
	view.pid_namespace = false;
	view.unproven = true;
	has(hints(), "nothing proves that the hooks can fire");
	view.unproven = false;
	assert_string_equal(hints(), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(first_line, begin, end),
		cmocka_unit_test_setup_teardown(sums, begin, end),
		cmocka_unit_test_setup_teardown(what_to_know, begin, end),
	};

	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
