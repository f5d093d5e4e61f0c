// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <locale.h>
#include <string.h>

#include "base/text.h"
#include "model/row-fields.h"
#include "show/layout.h"

static struct sea_snapshot now;
static struct sea_view view;
static const struct sea_row *rows[3];
static const struct sea_lines lines = {rows, 3};
static struct sea_layout layout;

static int begin(void **state)
{
	size_t i;

	(void)state;
	setlocale(LC_ALL, "C");
	memset(&layout, 0, sizeof(layout));
	make_snapshot(&now);
	make_view(&view, &now, NULL);
	for (i = 0; i < 3; i++)
		rows[i] = &view.rows[i];
	return 0;
}

static int end(void **state)
{
	(void)state;
	sea_view_free(&view);
	sea_snapshot_free(&now);
	return 0;
}

static void make(const struct sea_columns *columns, size_t width)
{
	sea_layout_make(&layout, columns, width, &view, &lines);
}

/* The place of a column, or -1 */
static int place(const char *column)
{
	size_t i;

	for (i = 0; i < layout.nr; i++)
		if (layout.columns[i] == sea_row_field(column))
			return (int)i;
	return -1;
}

static size_t width_of(const char *column)
{
	assert_true(place(column) >= 0);
	return layout.widths[place(column)];
}

static size_t whole(void)
{
	size_t i, width = layout.nr ? layout.nr - 1 : 0;

	for (i = 0; i < layout.nr; i++)
		width += layout.widths[i];
	return width;
}

/* Whatever the width: it is kept to, the VM stays, and answers go after LAST. */
static void fits(void **state)
{
	const struct sea_columns columns = {0};
	size_t width, nr = 0;

	(void)state;
	for (width = 34; width <= 200; width++) {
		make(&columns, width);
		assert_true(whole() <= width);
		assert_true(place("VM") >= 0 && width_of("VM") >= 8);
		assert_true(layout.nr >= nr || place("LAST") >= 0);
		nr = layout.nr;
		if (place("LAST") >= 0)
			assert_true(place("INJ") >= 0);
	}
	make(&columns, 80);
	assert_true(place("INJ") >= 0 && place("PEND") >= 0 && place("TOTAL") >= 0);
	make(&columns, 0);
	assert_int_equal(layout.form, SEA_LAST_FULL);
	assert_int_equal(width_of("LAST"), strlen("forwarded (ambiguous walk) 3s ago"));
}

/* Columns get wider, and never narrower, until the width of the whole is another. */
static void columns_keep_their_places(void **state)
{
	const struct sea_columns columns = {0};
	size_t before;

	(void)state;
	make(&columns, 100);
	before = width_of("TOTAL");
	view.rows[0].total = 123456789;
	make(&columns, 100);
	assert_int_equal(width_of("TOTAL"), 9);
	view.rows[0].total = 1;
	make(&columns, 100);
	assert_int_equal(width_of("TOTAL"), 9);
	make(&columns, 101);
	assert_int_equal(width_of("TOTAL"), before);
}

/* Chosen ones are there though they have no room, in their order. */
static void chosen_ones(void **state)
{
	struct sea_columns columns = {0};
	struct sea_error err;

	(void)state;
	assert_int_equal(
		sea_columns_parse(&columns, sea_row_fields(), "FWD,VM,CGROUP,UUID,LAST", &err), 0);
	make(&columns, 20);
	assert_int_equal(layout.nr, 5);
	assert_int_equal(place("FWD"), 0);
	assert_int_equal(place("VM"), 1);
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "+UUID", &err), 0);
	make(&columns, 120);
	assert_int_equal(place("UUID"), layout.nr - 1);
	assert_true(place("FWD") >= 0);
	/* One that is chosen is not there twice. */
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "+FWD", &err), 0);
	make(&columns, 120);
	assert_int_equal(place("FWD"), layout.nr - 1);
}

/* Columns that would say nothing are not there by themselves. */
static void wanted_ones(void **state)
{
	const struct sea_columns columns = {0};

	(void)state;
	make(&columns, 0);
	assert_int_equal(place("UNKN"), -1);
	assert_int_equal(place("BEFORE"), -1);
	view.tells_all = false;
	view.all.before = 2;
	make(&columns, 0);
	assert_true(place("UNKN") >= 0);
	assert_true(place("BEFORE") >= 0);
}

static void cells(void **state)
{
	const struct sea_columns columns = {0};
	char cell[SEA_CELL_LEN];

	(void)state;
	make(&columns, 0);
	sea_layout_cell(&layout, (size_t)place("LAST"), rows[0], cell, sizeof(cell));
	assert_string_equal(cell, "forwarded (ambiguous walk) 3s ago");
	sea_layout_cell(&layout, (size_t)place("FWD"), rows[0], cell, sizeof(cell));
	assert_string_equal(cell, "8");
	/* A name loses its middle, and what is not sure is marked. */
	layout.widths[place("VM")] = 8;
	sea_layout_cell(&layout, (size_t)place("VM"), rows[2], cell, sizeof(cell));
	assert_int_equal(sea_text_width(cell), 8);
	assert_memory_equal(cell, "bat", 3);
	assert_string_equal(cell + strlen(cell) - 3, "003");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(fits, begin, end),
		cmocka_unit_test_setup_teardown(columns_keep_their_places, begin, end),
		cmocka_unit_test_setup_teardown(chosen_ones, begin, end),
		cmocka_unit_test_setup_teardown(wanted_ones, begin, end),
		cmocka_unit_test_setup_teardown(cells, begin, end),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
