// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <locale.h>
#include <string.h>

#include "show/canvas.h"
#include "show/colours.h"

static void shows(const struct sea_canvas *canvas, const char *expected)
{
	struct sea_text text = {0};

	sea_canvas_text(canvas, &text);
	assert_string_equal(text.text ?: "", expected);
	sea_text_free(&text);
}

static void cuts_at_the_edges(void **state)
{
	struct sea_canvas canvas = {0};

	(void)state;
	setlocale(LC_ALL, "C");
	sea_canvas_clear(&canvas, 2, 8);
	assert_int_equal(sea_canvas_put(&canvas, 0, 2, SEA_LOOK_BAD, "abc"), 5);
	assert_int_equal(sea_canvas_put(&canvas, 1, 5, SEA_LOOK_PLAIN, "abcdef"), 11);
	sea_canvas_put(&canvas, 2, 0, SEA_LOOK_PLAIN, "below");
	sea_canvas_put(&canvas, 0, 9, SEA_LOOK_PLAIN, "beside");
	shows(&canvas, "  abc\n     abc\n");
	assert_int_equal(canvas.cells[2].look, SEA_LOOK_BAD);
	assert_int_equal(canvas.cells[5].look, SEA_LOOK_PLAIN);
	sea_canvas_look(&canvas, 0, 6, 100, SEA_LOOK_CURSOR);
	assert_int_equal(canvas.cells[7].look, SEA_LOOK_CURSOR);
	assert_int_equal(canvas.cells[8].look, SEA_LOOK_PLAIN);
	sea_canvas_cut(&canvas, 0, 0, 4, SEA_LOOK_PLAIN, "12345");
	shows(&canvas, "123~c\n     abc\n");
	/* No line, no column: nothing to draw on, and nothing happens. */
	sea_canvas_clear(&canvas, 0, 0);
	sea_canvas_put(&canvas, 0, 0, SEA_LOOK_PLAIN, "x");
	shows(&canvas, "");
	sea_canvas_free(&canvas);
}

static void wide_and_combining(void **state)
{
	struct sea_canvas canvas = {0};

	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		skip();
	sea_canvas_clear(&canvas, 1, 5);
	assert_int_equal(sea_canvas_put(&canvas, 0, 0, SEA_LOOK_PLAIN, "\xe6\x97\xa5\xe6\x9c\xac"),
			 4);
	shows(&canvas, "\xe6\x97\xa5\xe6\x9c\xac\n");
	/* What loses one half loses the other. */
	sea_canvas_put(&canvas, 0, 1, SEA_LOOK_PLAIN, "x");
	shows(&canvas, " x\xe6\x9c\xac\n");
	sea_canvas_put(&canvas, 0, 2, SEA_LOOK_PLAIN, "y");
	shows(&canvas, " xy\n");
	/* Half of it has room at the edge: none of it is there. */
	sea_canvas_put(&canvas, 0, 4, SEA_LOOK_PLAIN, "\xe6\x97\xa5");
	shows(&canvas, " xy\n");
	/* u and two points above it are one place. */
	sea_canvas_clear(&canvas, 1, 5);
	assert_int_equal(sea_canvas_put(&canvas, 0, 0, SEA_LOOK_PLAIN, "u\xcc\x88x"), 2);
	shows(&canvas, "u\xcc\x88x\n");
	sea_canvas_free(&canvas);
}

/* Without colours what matters is told apart all the same. */
static void looks_without_colours(void **state)
{
	struct sea_colours colours;
	const struct sea_style *styles = colours.styles;
	size_t i;

	(void)state;
	sea_colours_default(&colours);
	assert_int_equal(styles[SEA_LOOK_BAD].colour, SEA_COLOUR_RED);
	sea_colours_none(&colours);
	for (i = 0; i < SEA_LOOKS; i++)
		assert_int_equal(styles[i].colour, SEA_COLOUR_DEFAULT);
	assert_true(styles[SEA_LOOK_CURSOR].reverse && styles[SEA_LOOK_ALARM].reverse);
	assert_true(styles[SEA_LOOK_SORTED].underline && styles[SEA_LOOK_BAD].bold);
	assert_true(sea_colours_set(&colours, "bad", "cyan underline"));
	assert_true(styles[SEA_LOOK_BAD].underline && !styles[SEA_LOOK_BAD].bold);
	assert_int_equal(styles[SEA_LOOK_BAD].colour, SEA_COLOUR_CYAN);
	assert_false(sea_colours_set(&colours, "bad", "mauve"));
	assert_false(sea_colours_set(&colours, "nothing", "red"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_at_the_edges),
		cmocka_unit_test(wide_and_combining),
		cmocka_unit_test(looks_without_colours),
	};

	return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
