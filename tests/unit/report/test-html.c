// SPDX-License-Identifier: GPL-2.0-only
/* The page: what is in it, what never is, and how large it may become. */
#include "report/html.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/incident.h"
#include "report/report.h"
#include "stage.h"

static char dir[64], path[128];

static int make_dir(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

/* The page about the store; the caller frees it. */
static void make_page(struct sea_text *page)
{
	const char *files[] = {path};
	const struct sea_report_options options = {.files = files,
						   .nr_files = 1,
						   .window = SEA_WINDOW_ALL,
						   .timeline = true,
						   .now_ns = stage_wall_ns(300)};
	struct sea_report report = {0};
	struct sea_error err;

	*page = (struct sea_text){0};
	if (sea_report_make(&report, &options, &err) || sea_html_page(&report, page, &err))
		fail_msg("%s", err.text);
	sea_report_free(&report);
}

static int count(const char *text, const char *what)
{
	int nr = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		nr++;
	return nr;
}

static void assert_has(const struct sea_text *page, const char *what)
{
	if (!strstr(page->text, what))
		fail_msg("the page does not have: %s", what);
}

/* The links of db01's chain stand in their order, each with how it was made. */
static void test_chain(void **state)
{
	static const char *const links[] = {
		"<h3><bdi>db01</bdi></h3>",
		"SEA on vCPU 2: <strong>forwarded</strong>, page frame 0x1234",
		"Answer of the VMM: <strong>injected</strong>, after 2 ms",
		"Host: <strong>memory_failure</strong>, page frame 0x1234, it failed: ",
		"Device or resource busy: recovery action for dirty LRU page",
		"(linked by same page, ",
		"Answer of the VMM: <strong>resumed</strong>, after 1.5 s",
		"SEA on vCPU 2: <strong>claimed</strong>",
		"Host: <strong>sigbus</strong>, code 4 (BUS_MCEERR_AR: the VMM has to act)",
		"(linked by the VMM's process: sure)",
		"<strong>The VM ended</strong>: its VMM was killed by SIGBUS",
		"<h3><bdi>web</bdi></h3>",
		"<strong>The VM ended</strong>; what its VMM's exit status was is not recorded",
	};
	struct sea_text page;
	const char *at;
	size_t i;

	(void)state;
	incident_play(path);
	make_page(&page);
	at = page.text;
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		at = strstr(at, links[i]);
		if (!at)
			fail_msg("not there, or not in its place: %s", links[i]);
	}
	/* Those who live on, and those whose end had nothing to do with SEAs, have none. */
	assert_int_equal(count(page.text, "<ol class=\"chain\">"), 2);
	sea_text_free(&page);
}

static void test_content(void **state)
{
	struct sea_text page;

	(void)state;
	incident_play(path);
	make_page(&page);
	assert_has(&page, "<h1>1008 SEAs hit 4 VMs; 2 of them ended soon after; 2 unanswered; DATA "
			  "INCOMPLETE</h1>");
	assert_has(&page, "<h2>Which page was it?</h2>");
	assert_has(&page, "0.4 s after its last SEA (claimed)");
	assert_has(&page, "<title>1000 host_owned</title>");
	/* A kind is told by its shape, too: a circle, squares, a triangle, diamonds. */
	assert_int_equal(count(page.text, "<circle class=\"claimed\""), 1 + 1);
	assert_int_equal(count(page.text, "<rect class=\"host_owned\""), 2 + 1);
	assert_int_equal(count(page.text, "<path class=\"not_opted_in\""), 1 + 1);
	assert_int_equal(count(page.text, "<path class=\"forwarded\""), 2 + 1);
	/* Both times in which SEAs may be missing are hatched. */
	assert_int_equal(count(page.text, "<rect class=\"gap\""), 2);
	assert_int_equal(count(page.text, "<path class=\"end\""), 2);
	assert_has(&page, "Synchronous External abort on translation table walk");
	assert_has(&page, "<time datetime=\"2026-11-23T06:49:34.400Z\">2026-11-23 07:49:34+01:00<");
	sea_text_free(&page);
}

/* Nothing of it comes from elsewhere, and nothing runs. */
static void test_outside(void **state)
{
	static const char *const never[] = {
		"http:",   "https:", "//",   "<script", "<link",  "<img",      "@import",
		"<iframe", "href=",  "src=", " style=", "onload", "javascript"};
	struct sea_text page;
	size_t i;

	(void)state;
	incident_play(path);
	make_page(&page);
	for (i = 0; i < ARRAY_SIZE(never); i++)
		if (strstr(page.text, never[i]))
			fail_msg("the page has %s", never[i]);
	assert_has(&page, "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
			  "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"");
	assert_int_equal(count(page.text, "url("), 1);
	assert_has(&page, "url(#gap)");
	sea_text_free(&page);
}

/* U+202E: what follows is shown from right to left */
#define RIGHT_TO_LEFT  \
	"\xe2\x80\xae" \
	"drawkcab"

/* Names that would break out of whatever they stand in */
static void test_hostile(void **state)
{
	static const char *const names[] = {
		"</script><script>alert(1)</script>",
		"]]><!--</style></title><h1>",
		"\" onmouseover=\"x\" '",
		RIGHT_TO_LEFT,
		"&lt;b&gt; `x`",
	};
	char name[SEA_VM_NAME_LEN];
	struct sea_text page;
	struct stage s;
	size_t i;

	(void)state;
	memset(name, '<', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	stage_begin(&s, path, "<b>rack7", '1', 10);
	for (i = 0; i < ARRAY_SIZE(names) + 1; i++) {
		__u64 vm = stage_vm(&s, i < ARRAY_SIZE(names) ? names[i] : name);
		const struct sea_host_event event = {.kind = SEA_HOST_ARM_EVENT,
						     .text = "<script>x</script>"};

		stage_sea(&s, vm, SEA_FORWARDED, SEA_REASON_NONE, NULL);
		stage_host(&s, vm, &event);
	}
	stage_tick(&s, 12);
	for (i = 0; i < ARRAY_SIZE(names) + 1; i++)
		stage_end_vm(&s, i + 1, SIGBUS);
	stage_tick(&s, 13);
	stage_gap(&s, SEA_GAP_RECORDER, 12, 13, "<script>gap</script>");
	stage_finish(&s, false);
	make_page(&page);
	assert_null(strstr(page.text, "<script"));
	assert_null(strstr(page.text, "</script"));
	assert_null(strstr(page.text, "<b>"));
	assert_null(strstr(page.text, "<!--"));
	assert_null(strstr(page.text, "]]>"));
	assert_null(strstr(page.text, "\xe2\x80\xae"));
	assert_null(strstr(page.text, "onmouseover=\"x\""));
	assert_has(&page, "&lt;/script&gt;&lt;script&gt;alert(1)");
	assert_has(&page, "&quot; onmouseover=&quot;x&quot; &#39;");
	assert_has(&page, "?drawkcab");
	assert_has(&page, "&amp;lt;b&amp;gt; &#96;x&#96;");
	/* As many tags as a page of names without markup would have */
	assert_int_equal(count(page.text, "<h1>"), 1);
	assert_int_equal(count(page.text, "<title>SEA report"), 1);
	assert_int_equal(count(page.text, "<style"), 1);
	sea_text_free(&page);
}

/* 10,000 SEAs on as many pages, of VMs with the longest names. */
static void test_size(void **state)
{
	char name[SEA_VM_NAME_LEN];
	struct sea_text page;
	struct stage s;
	int i;

	(void)state;
	stage_begin(&s, path, "rack7", '1', 10);
	for (i = 0; i < STAGE_VMS; i++) {
		memset(name, '&', sizeof(name) - 1);
		snprintf(name, sizeof(name), "%d", i);
		name[strlen(name)] = '&';
		name[sizeof(name) - 1] = '\0';
		stage_vm(&s, name);
	}
	for (i = 0; i < 10000; i++) {
		const struct sea_page where = {.known = SEA_PAGE_PFN, .pfn = 0x10000 + (__u64)i};
		const struct sea_host_event event = {.kind = SEA_HOST_MEMORY_FAILURE,
						     .known = SEA_HOST_PFN,
						     .pfn = where.pfn,
						     .text = "a page"};

		s.esr = 0x92000000 + (__u64)i;
		stage_sea(&s, (__u64)(i % STAGE_VMS) + 1, SEA_FORWARDED, SEA_REASON_NONE, &where);
		stage_answer(&s, (__u64)(i % STAGE_VMS) + 1, SEA_INJECTED, 1000);
		stage_host(&s, 0, &event);
		if (i % 100 == 99)
			stage_tick(&s, 10 + (__u64)i / 100);
	}
	for (i = 0; i < STAGE_VMS; i++)
		stage_end_vm(&s, (__u64)i + 1, SIGBUS);
	stage_tick(&s, 120);
	stage_finish(&s, false);
	make_page(&page);
	if (page.len > 1000000)
		fail_msg("the page has %zu bytes", page.len);
	assert_has(&page, "<h1>10000 SEAs hit 16 VMs; 16 of them ended soon after</h1>");
	assert_has(&page, "more are in <code>seastat report --json</code>");
	sea_text_free(&page);
}

static void test_empty(void **state)
{
	struct sea_text page;
	struct stage s;

	(void)state;
	stage_begin(&s, path, "rack7", '1', 10);
	stage_tick(&s, 11);
	stage_finish(&s, false);
	make_page(&page);
	assert_has(&page, "<h1>no SEA was counted</h1>");
	assert_has(&page, "No VM ended soon after an SEA.");
	assert_null(strstr(page.text, "What to do"));
	sea_text_free(&page);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(test_chain),   TEST(test_content), TEST(test_outside),
		TEST(test_hostile), TEST(test_size),	TEST(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
