// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <string.h>

#include "trace/ghes.h"

#define NOP 0xd503201fU
#define MOV_CANCELED 0x12800f93U /* mov w19, #-125 */
#define MOV_NOENT 0x12800020U	 /* mov w0, #-2 */

#define BASE 0xffff800080000000ULL

/* The kernel's text from BASE on; what is behind it cannot be read. */
struct text {
	uint32_t words[1024];
	size_t nr;
};

static int read_text(void *context, uint64_t address, void *out, size_t size)
{
	const struct text *text = context;
	uint64_t offset = address - BASE;

	if (offset > text->nr * 4 || text->nr * 4 - offset < size)
		return -1;
	memcpy(out, (const char *)text->words + offset, size);
	return 0;
}

static void make_text(struct text *text, size_t nr)
{
	size_t i;

	text->nr = nr;
	for (i = 0; i < nr; i++)
		text->words[i] = i % 3 ? NOP : MOV_NOENT;
}

static struct sea_symbols symbols_of(const char *kallsyms)
{
	struct sea_symbols symbols;
	FILE *file = fmemopen((void *)(uintptr_t)kallsyms, strlen(kallsyms), "r");

	assert_non_null(file);
	sea_symbols_read(&symbols, file, sea_ghes_functions);
	fclose(file);
	return symbols;
}

/* All three functions: 800, 100 and 100 instructions; then something else. */
static const char kallsyms[] = "ffff800080000000 t ghes_in_nmi_queue_one_entry.constprop.0\n"
			       "ffff800080000c80 t ghes_in_nmi_spool_from_list\n"
			       "ffff800080000e10 T ghes_notify_sea\n"
			       "ffff800080000fa0 T ghes_register_vendor_record_notifier\n";

static void by_text(void **state)
{
	static const size_t places[] = {0, 255, 256, 799, 800, 900, 999};
	struct sea_symbols symbols = symbols_of(kallsyms);
	struct text text;
	size_t i;

	(void)state;
	assert_int_equal(symbols.nr, 3);
	make_text(&text, 1020);
	assert_int_equal(sea_ghes_by_text(&symbols, read_text, &text), SEA_REPEATS_CLAIMED);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		make_text(&text, 1020);
		text.words[places[i]] = MOV_CANCELED;
		assert_int_equal(sea_ghes_by_text(&symbols, read_text, &text),
				 SEA_REPEATS_UNCLAIMED);
	}
	/* It is of the function behind. */
	make_text(&text, 1020);
	text.words[1000] = MOV_CANCELED;
	assert_int_equal(sea_ghes_by_text(&symbols, read_text, &text), SEA_REPEATS_CLAIMED);
}

static void what_cannot_be_read(void **state)
{
	struct sea_symbols symbols = symbols_of(kallsyms), none;
	struct text text;

	(void)state;
	/* The last function is short of one instruction. */
	make_text(&text, 999);
	assert_int_equal(sea_ghes_by_text(&symbols, read_text, &text), SEA_REPEATS_UNKNOWN);
	/* What is found is found all the same. */
	text.words[0] = MOV_CANCELED;
	assert_int_equal(sea_ghes_by_text(&symbols, read_text, &text), SEA_REPEATS_UNCLAIMED);
	none = symbols_of("ffff800080000000 T apei_claim_sea\n");
	assert_int_equal(sea_ghes_by_text(&none, read_text, &text), SEA_REPEATS_UNKNOWN);
	/* Addresses are hidden. */
	none = symbols_of("0000000000000000 T ghes_notify_sea\n");
	assert_int_equal(sea_ghes_by_text(&none, read_text, &text), SEA_REPEATS_UNKNOWN);
}

static void by_release(void **state)
{
	static const struct {
		const char *release;
		enum sea_repeats repeats;
	} cases[] = {
		{"6.12.1", SEA_REPEATS_CLAIMED},
		{"6.12.95+deb12-arm64", SEA_REPEATS_CLAIMED},
		{"6.12.116-rt", SEA_REPEATS_CLAIMED},
		{"6.12.117", SEA_REPEATS_UNCLAIMED},
		{"6.12.118+deb13-arm64-64k", SEA_REPEATS_UNCLAIMED},
		{"7.2.1", SEA_REPEATS_CLAIMED},
		{"7.2.13+deb14-arm64", SEA_REPEATS_CLAIMED},
		{"7.3.0", SEA_REPEATS_UNCLAIMED},
		{"7.3.4+deb14-arm64", SEA_REPEATS_UNCLAIMED},
		{"7.10.0-1-arm64", SEA_REPEATS_UNCLAIMED},
		{"8.0.0", SEA_REPEATS_UNCLAIMED},
		/* They do not say which update they are of. */
		{"6.12.0-124.8.1.el10.aarch64", SEA_REPEATS_UNKNOWN},
		{"7.2.0-1-arm64", SEA_REPEATS_UNKNOWN},
		{"6.12-rc1", SEA_REPEATS_UNKNOWN},
		/* Nobody looked. */
		{"6.1.0-37-arm64", SEA_REPEATS_UNKNOWN},
		{"6.1.176", SEA_REPEATS_UNKNOWN},
		{"6.11.117", SEA_REPEATS_UNKNOWN},
		{"6.17.9-1013-nvidia-64k", SEA_REPEATS_UNKNOWN},
		{"5.12.1", SEA_REPEATS_UNKNOWN},
		{"7.1.5", SEA_REPEATS_UNKNOWN},
		{"unknown", SEA_REPEATS_UNKNOWN},
		{"", SEA_REPEATS_UNKNOWN},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (sea_ghes_by_release(cases[i].release) != cases[i].repeats)
			fail_msg("%s: not %s", cases[i].release,
				 sea_repeats_name(cases[i].repeats));
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(sea_repeats_name(SEA_REPEATS_UNKNOWN), "unknown");
	assert_string_equal(sea_repeats_name(SEA_REPEATS_UNCLAIMED), "unclaimed");
	assert_string_equal(sea_repeats_name(SEA_REPEATS_CLAIMED), "claimed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_text),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(by_release),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("ghes", tests, NULL, NULL);
}
