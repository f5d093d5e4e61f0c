// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat report - what recordings say about a time.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/replace.h"
#include "base/when.h"
#include "model/clock.h"
#include "program.h"
#include "report/html.h"
#include "report/report-csv.h"
#include "report/report-fields.h"
#include "report/report-json.h"
#include "report/report-text.h"
#include "report/report.h"
#include "store/mark.h"
#include "store/recording.h"
#include "verb.h"

#define DEFAULT_STORE "/var/lib/seatop/sea.db"
#define DEFAULT_ROWS 20

enum {
	OPTION_SINCE = 0x100,
	OPTION_UNTIL,
	OPTION_BY,
	OPTION_CSV,
	OPTION_HTML,
	OPTION_ADDRESSES,
	OPTION_LIMIT,
	OPTION_ACK,
	OPTION_NEW,
};

static const struct argp_option argp_options[] = {
	{"since", OPTION_SINCE, "TIME", 0, "Not what was counted before: " SEA_WHEN_HELP, 0},
	{"until", OPTION_UNTIL, "TIME", 0, "Nor then or later", 0},
	{"by", OPTION_BY, "FIELD", 0,
	 "Table by vm (default), page, vcpu, cpu, host, disposition, reason, response, esr, "
	 "opt-in, hour or day",
	 0},
	{"new", OPTION_NEW, NULL, 0, "Only what came after the last --ack", 0},
	{"ack", OPTION_ACK, NULL, 0,
	 "Mark in the store that all up to --until, or to now, was seen; nothing is deleted", 0},
	{"limit", OPTION_LIMIT, "COUNT", 0, "The same as --rows (default 20)", 0},
	{"addresses", OPTION_ADDRESSES, NULL, 0, "With the addresses of guests, which are theirs",
	 0},
	{"json", 'J', NULL, 0, "One line of JSON, with all there is", 0},
	{"csv", OPTION_CSV, NULL, 0, "The table as CSV, with all fields", 0},
	{"html", OPTION_HTML, "OUT", 0, "A page in this file, which needs nothing else", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

enum form { AS_TEXT, AS_JSON, AS_CSV, AS_HTML };

struct report_run {
	const char **files;
	struct sea_report_options options;
	struct timespec now;
	enum form form;
	const char *html; /* the file; "-": standard output */
	struct rows_options rows;
	bool ack, only_new;
};

static __s64 parse_time(const struct report_run *run, const char *text)
{
	struct timespec time;
	struct sea_error err;

	if (sea_when_parse(text, &run->now, &time, &err))
		program_usage_error("%s", err.text);
	return sea_time_to_ns(&time);
}

static enum sea_report_by parse_by(const char *text)
{
	int by = sea_report_by_number(text);

	if (by < 0)
		program_usage_error("there is no --by '%.32s'; see seastat report --help", text);
	return (enum sea_report_by)by;
}

static void set_form(struct report_run *run, enum form form)
{
	if (run->form != AS_TEXT && run->form != form)
		program_usage_error("one of --json, --csv and --html is enough");
	run->form = form;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct report_run *run = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &run->rows;
		program_parse(key, state);
		break;
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case OPTION_SINCE:
		run->options.window.since_ns = parse_time(run, arg);
		break;
	case OPTION_UNTIL:
		run->options.window.until_ns = parse_time(run, arg);
		break;
	case OPTION_BY:
		run->options.by = parse_by(arg);
		break;
	case OPTION_LIMIT:
		rows_set_max(&run->rows, arg);
		break;
		break;
	case OPTION_ACK:
		run->ack = true;
		break;
	case OPTION_NEW:
		run->only_new = true;
		break;
	case OPTION_ADDRESSES:
		run->options.addresses = true;
		break;
	case 'J':
		set_form(run, AS_JSON);
		break;
	case OPTION_CSV:
		set_form(run, AS_CSV);
		break;
	case OPTION_HTML:
		set_form(run, AS_HTML);
		run->html = arg;
		run->options.timeline = true;
		break;
	case ARGP_KEY_ARG:
		run->files[run->options.nr_files++] = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Columns of the terminal; 0: there is none, and lines may be as long as they are. */
static size_t width_of_output(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}

static int render(const struct report_run *run, const struct sea_report *report,
		  struct sea_text *out, struct sea_error *err)
{
	switch (run->form) {
	case AS_JSON:
		return sea_report_json(report, out, err);
	case AS_CSV:
		return sea_report_csv(report, out, err);
	case AS_HTML:
		return sea_html_page(report, out, err);
	default:
		return sea_report_text(report, width_of_output(), out, err);
	}
}

/* To standard output, or the page into its file, whole or not at all. */
static int write_report(const struct report_run *run, const struct sea_report *report,
			struct sea_error *err)
{
	struct sea_text text = {0};
	int rc = render(run, report, &text, err);

	if (rc || run->form != AS_HTML || !strcmp(run->html, "-"))
		return verb_write(&text, rc, err);
	rc = sea_replace_file(run->html, text.text, text.len, 0666, err);
	sea_text_free(&text);
	return rc;
}

static void check_usage(const struct report_run *run)
{
	const struct sea_window *window = &run->options.window;

	if ((run->ack || run->only_new) && run->options.nr_files != 1)
		program_usage_error("--ack and --new are for one store");
	if (run->ack && sea_filter_asks_who(&run->rows.filter))
		program_usage_error("--ack is for all VMs, and not for --vm, --pid or --filter");
	if (run->only_new && window->since_ns != SEA_WINDOW_ALL.since_ns)
		program_usage_error("--new says since when: --since is one too many");
	if (window->since_ns >= window->until_ns)
		program_usage_error("--since has to be before --until");
}

/*
 * Which rows the table has. Who is asked for by name, pid or text, the whole report is of;
 * what became of the VMs, order and columns are of the table alone.
 */
static void settle_rows(struct report_run *run)
{
	struct rows_options *rows = &run->rows;
	bool is_table = rows->sort || rows->order.reverse || rows->list || rows->max_is_chosen ||
			sea_filter_asks_what(&rows->filter);

	rows_settle(rows, sea_report_table_of(run->options.by)->fields());
	if (run->form == AS_JSON)
		rows_refuse_columns(rows, "--json");
	if (run->form == AS_HTML && is_table)
		program_usage_error("--html has all rows in its own order: --active, --running, "
				    "--sort, --reverse, --rows and --columns are for the table");
	if (run->options.by != SEA_BY_VM && sea_filter_asks_what(&rows->filter))
		program_usage_error("--active and --running are for the table by vm, and not by %s",
				    sea_report_by_name(run->options.by));
	/* Whoever reads it as text has so many lines at a time. */
	if (run->form == AS_TEXT && !rows->max_is_chosen)
		rows->max_rows = DEFAULT_ROWS;
	run->options.filter = rows->filter;
	run->options.order = rows->order;
	run->options.columns = rows->columns;
	run->options.max_rows = rows->max_rows;
}

/*
 * Where --new begins, and where --ack will end: what comes while the report is made is not
 * in it, and is not marked.
 */
static int look_at_marks(struct report_run *run, struct sea_mark *seen, struct sea_error *err)
{
	struct sea_window *window = &run->options.window;
	__s64 now_ns = sea_time_to_ns(&run->now);
	struct sea_mark last = {0};
	struct sea_reader *reader;
	struct timespec until;
	int rc;

	if (!run->ack && !run->only_new)
		return 0;
	if (sea_recording_open(run->files[0], &reader, err))
		return -1;
	if (window->until_ns > now_ns)
		window->until_ns = now_ns;
	until = sea_time_from_ns(window->until_ns - 1);
	rc = sea_mark_at(sea_reader_db(reader), &until, seen, err);
	if (!rc && run->only_new)
		rc = sea_mark_get(sea_reader_db(reader), SEA_MARK_ACKED, &last, err);
	sea_reader_close(reader);
	/* The mark's own moment was seen. */
	if (rc > 0)
		window->since_ns = sea_time_to_ns(&last.wall) + 1;
	return rc < 0 ? -1 : 0;
}

int verb_report(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&rows_argp, 0, NULL, 1},
		{NULL, 0, NULL, 0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.children = children,
		.args_doc = "[FILE...]",
		.doc = "Say who was hit, which way each SEA went, whether the VMM answered, which "
		       "page it was, and whether the data can be trusted.\vFILE is a store, or text "
		       "of seastat export; - is standard input. Default: " DEFAULT_STORE
		       ". Exit status: 0 nothing to act on, 1 something to act on, 2 the data is "
		       "incomplete, 3 any error.",
	};
	struct report_run run = {.options.window = SEA_WINDOW_ALL};
	struct sea_report report = {0};
	struct sea_mark seen = {0};
	struct sea_error err;
	int rc;

	clock_gettime(CLOCK_REALTIME, &run.now);
	run.options.now_ns = sea_time_to_ns(&run.now);
	run.files = calloc((size_t)argc + 1, sizeof(*run.files));
	if (!run.files) {
		sea_error_set(&err, "cannot make the report: out of memory");
		return program_fail(&err);
	}
	argp_parse(&argp, argc, argv, 0, NULL, &run);
	if (!run.options.nr_files)
		run.files[run.options.nr_files++] = DEFAULT_STORE;
	run.options.files = run.files;
	check_usage(&run);
	settle_rows(&run);
	rc = look_at_marks(&run, &seen, &err);
	if (!rc)
		rc = sea_report_make(&report, &run.options, &err);
	if (!rc)
		rc = write_report(&run, &report, &err);
	if (!rc && run.ack && seen.seq)
		rc = sea_mark_set(run.files[0], SEA_MARK_ACKED, &seen, &err);
	if (!rc)
		rc = report.status;
	sea_report_free(&report);
	free(run.files);
	return rc < 0 ? program_fail(&err) : rc;
}
