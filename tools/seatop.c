// SPDX-License-Identifier: GPL-2.0-only
/*
 * seatop - which VMs took synchronous external aborts, which way each went, and
 * whether the VMM answered. The work is in lib/; this is options and the loop.
 */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "model/counters.h"
#include "base/error.h"
#include "show/json.h"
#include "base/output.h"
#include "trace/privilege.h"
#include "program.h"
#include "show/screen.h"
#include "show/table.h"
#include "trace/trace.h"
#include "names/names.h"

#define NSEC_PER_SEC 1000000000LL
#define PROGRAM "seatop"

const char *argp_program_version = PROGRAM " " SEATOP_VERSION;

enum mode {
	MODE_SCREEN,
	MODE_BATCH,
	MODE_JSON,
};

struct config {
	enum mode mode;
	bool once;
	double delay;	 /* seconds */
	__u64 intervals; /* 0: until stopped */
	const struct sea_column *sort;
	const char *names; /* the file, or NULL */
	struct sea_filter filter;
	struct sea_table_options table;
	struct sea_trace_options trace;
	int positional;
};

enum {
	OPTION_MAX_VMS = 0x100,
	OPTION_SOURCE,
	OPTION_NAMES,
};

static const struct argp_option options[] = {
	{"delay", 'd', "SECS", 0, "Interval: 0.1 to 3600 seconds (default 1)", 0},
	{"iterations", 'n', "COUNT", 0, "Stop after COUNT intervals", 0},
	{"batch", 'b', NULL, 0, "Plain tables (default if output is no terminal)", 0},
	{"once", '1', NULL, 0, "One table after one interval; implies --batch", 0},
	{"json", 'J', NULL, 0, "One line of JSON each interval", 0},
	{"pid", 'p', "PID", 0, "Only the VMs of this process", 1},
	{"vm", 'm', "GLOB", 0, "Only VMs whose name matches the pattern", 1},
	{"names", OPTION_NAMES, "FILE", 0, "Names for VMs: lines of KEY NAME", 1},
	{"sort", 's', "COLUMN", 0, "Sort by this column (default TOTAL)", 1},
	{"rows", 'r', "COUNT", 0, "Show at most COUNT VMs", 1},
	{"columns", 'o', "LIST", 0, "Columns, as VM,PID,FWD; +LIST adds to the default", 1},
	{"timestamp", 'T', NULL, 0, "Date and time zone in the header line", 1},
	{"max-vms", OPTION_MAX_VMS, "COUNT", 0, "VMs counted one by one (default 1024)", 2},
	{"source", OPTION_SOURCE, "NAME", 0, "Only this: tracepoint, trampoline or kprobe", 2},
	{"verbose", 'v', NULL, 0, "Messages of libbpf, on standard error", 2},
	{NULL, 0, NULL, 0, NULL, 0},
};

static bool parse_seconds(const char *text, double *seconds)
{
	char *end;

	errno = 0;
	*seconds = strtod(text, &end);
	return end != text && !*end && !errno && isfinite(*seconds) && *seconds >= 0.1 &&
	       *seconds <= 3600;
}

static bool parse_number(const char *text, __u64 min, __u64 max, __u64 *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno && *number >= min && *number <= max;
}

static void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* One line and exit status 3, where argp would say it in three lines. */
static void usage_error(const char *format, ...)
{
	struct sea_error err;
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sea_error_set(&err, "%s; see seatop --help", text);
	exit(program_fail(&err));
}

static void set_columns(struct config *config, const char *list)
{
	struct sea_error err;

	if (sea_table_columns(&config->table, list, &err))
		exit(program_fail(&err));
}

static void set_delay(struct config *config, const char *text)
{
	if (!parse_seconds(text, &config->delay))
		usage_error("'%.32s' is no interval: 0.1 to 3600 seconds", text);
}

static __u64 get_number(const char *what, const char *text, __u64 min, __u64 max)
{
	__u64 number;

	if (!parse_number(text, min, max, &number))
		usage_error("'%.32s' is no %s: %llu to %llu", text, what, (unsigned long long)min,
			    (unsigned long long)max);
	return number;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct config *config = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case 'd':
		set_delay(config, arg);
		break;
	case 'n':
		config->intervals = get_number("number of intervals", arg, 1, UINT32_MAX);
		break;
	case 'b':
		if (config->mode == MODE_SCREEN)
			config->mode = MODE_BATCH;
		break;
	case '1':
		config->once = true;
		break;
	case 'J':
		config->mode = MODE_JSON;
		break;
	case 'p':
		config->filter.pid = (__u32)get_number("pid", arg, 1, INT32_MAX);
		break;
	case 'm':
		config->filter.glob = arg;
		break;
	case OPTION_NAMES:
		config->names = arg;
		break;
	case 's':
		config->sort = sea_column_find(arg);
		if (!config->sort)
			usage_error("no column is called '%.32s'", arg);
		break;
	case 'r':
		config->table.max_rows = get_number("number of rows", arg, 1, UINT32_MAX);
		break;
	case 'o':
		set_columns(config, arg);
		break;
	case 'T':
		config->table.full_time = true;
		break;
	case OPTION_MAX_VMS:
		config->trace.max_vms = (__u32)get_number("number of VMs", arg, SEA_TRACE_MIN_VMS,
							  SEA_TRACE_MAX_VMS);
		break;
	case OPTION_SOURCE:
		config->trace.source = arg;
		break;
	case 'v':
		program_be_verbose();
		break;
	case ARGP_KEY_ARG:
		if (config->positional == 0)
			set_delay(config, arg);
		else if (config->positional == 1)
			config->intervals = get_number("number of intervals", arg, 1, UINT32_MAX);
		else
			usage_error("'%.32s' is one argument too many", arg);
		config->positional++;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The list of columns goes into --help, from the one place that has it. */
static char *help_filter(int key, const char *text, void *input)
{
	struct sea_text list = {0};
	size_t i;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	sea_text_add(&list, "Columns:\n");
	for (i = 0; sea_column_name(i); i++)
		sea_text_add(&list, "  %-7s %s\n", sea_column_name(i), sea_column_help(i));
	sea_text_add(&list, "\nExit status: 0 if all is well, 2 if anything was lost, 3 on wrong "
			    "usage or if this machine cannot do it.");
	return list.text;
}

static const struct argp argp = {
	.options = options,
	.parser = parse_option,
	.args_doc = "[INTERVAL [COUNT]]",
	.doc = "Show per VM what becomes of the synchronous external aborts (SEAs) that guests "
	       "take on this arm64 KVM host.\vcolumns",
	.help_filter = help_filter,
};

static volatile sig_atomic_t stop;
static volatile sig_atomic_t painting;

/* A terminal that takes nothing for so long after a stop will take nothing at all. */
#define STOP_SECONDS (SEA_OUTPUT_STOP_MS / 1000)

static void on_stop(int signal)
{
	stop = signal;
	if (painting)
		alarm(STOP_SECONDS);
}

static void on_alarm(int signal)
{
	(void)signal;
	if (!painting)
		return;
	sea_screen_abandon();
	_exit(SEA_STATUS_ERROR);
}

static void on_resize(int signal)
{
	/* Only so that ppoll() comes back; ncurses asks for the size. */
	(void)signal;
}

/*
 * SIGINT and its like are blocked but while we wait and paint, so that none of them
 * can come between the look at `stop` and the wait.
 */
static void catch_signals(sigset_t *while_waiting, sigset_t *while_working)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction action = {.sa_handler = on_stop};
	sigset_t blocked;
	size_t i;

	sigemptyset(&blocked);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction old;

		/* nohup(1) and "&" in a script asked for these to be ignored. */
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &action, NULL);
		sigaddset(&blocked, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &blocked, while_waiting);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigismember(&blocked, signals[i]))
			sigdelset(while_waiting, signals[i]);
	sigprocmask(SIG_SETMASK, NULL, while_working);
}

static __s64 monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

struct run {
	const struct config *config;
	struct sea_trace *trace;
	struct sea_vm_map *map;
	struct sea_vm_names *names;
	struct sea_screen *screen;
	struct sea_snapshot now, before;
	struct sea_view view;
	struct utsname system;
	sigset_t while_waiting, while_working;
	struct sea_output_stop stop;
};

/*
 * The VMM may be gone in a moment: its name is looked up at once, and what the
 * kernel saw of it is all there is if it is gone already.
 */
static void on_vm_seen(const struct sea_vm_event *event, void *context)
{
	struct run *run = context;
	struct sea_vm_identity identity = {
		.id = event->vm_id,
		.start_ns = event->start_ns,
		.tgid = event->tgid,
		.comm = event->comm,
		.comm_len = sizeof(event->comm),
		.cmdline = {event->cmdline_len ? event->cmdline : NULL, event->cmdline_len,
			    event->cut},
		.cgroup_id = event->cgroup_id,
	};

	sea_vm_names_get(run->names, &identity);
}

/*
 * ncurses waits for a terminal that does not take what it writes (Ctrl-S, or a
 * connection that is stuck), whatever signals come. So they are let in, and an alarm
 * ends it.
 */
static void start_painting(const struct run *run)
{
	painting = 1;
	if (stop)
		alarm(STOP_SECONDS);
	sigprocmask(SIG_SETMASK, &run->while_waiting, NULL);
}

static void end_painting(const struct run *run)
{
	sigprocmask(SIG_SETMASK, &run->while_working, NULL);
	painting = 0;
	alarm(0);
}

static int render(const struct run *run, struct sea_text *text, struct sea_error *err)
{
	struct sea_table_options table = run->config->table;
	struct sea_view view = run->view;

	if (run->config->mode == MODE_JSON) {
		if (table.max_rows && view.nr_rows > table.max_rows)
			view.nr_rows = table.max_rows;
		return sea_json_render(&view, run->system.nodename, run->system.release, text, err);
	}
	table.host = run->system.nodename;
	table.kernel = run->system.release;
	if (run->screen)
		sea_screen_size(run->screen, &table.max_lines, &table.width);
	return sea_table_render(&run->view, &table, text, err);
}

static int show(const struct run *run, struct sea_error *err)
{
	struct sea_text text = {0};
	int rc;

	/* An empty line between tables, as there is no other mark. */
	if (run->config->mode == MODE_BATCH && run->view.tick && !run->config->once)
		sea_text_add(&text, "\n");
	rc = render(run, &text, err);
	if (!rc && run->screen) {
		start_painting(run);
		sea_screen_paint(run->screen, text.text);
		end_painting(run);
	} else if (!rc) {
		rc = sea_output_write(STDOUT_FILENO, text.text, text.len, &run->stop, err);
	}
	sea_text_free(&text);
	return rc;
}

static int read_view(struct run *run, const struct sea_snapshot *before, bool last,
		     struct sea_error *err)
{
	int rc = sea_trace_poll(run->trace, err);

	if (!rc)
		rc = last ? sea_trace_read_last(run->trace, &run->now, err) :
			    sea_trace_read(run->trace, &run->now, err);
	/* A VM that came meanwhile may be gone: then only its record has its name. */
	if (rc || sea_trace_poll(run->trace, err))
		return -1;
	return sea_view_make(&run->view, &run->now, before, run->names, &run->config->filter,
			     sea_column_compare(run->config->sort), err);
}

/* The next key. If the terminal has a new size, ncurses paints before it says so. */
static enum sea_key next_key(const struct run *run)
{
	enum sea_key key;

	start_painting(run);
	key = sea_screen_key(run->screen);
	end_painting(run);
	return key;
}

/* Waits until the deadline, `stop` or q, and serves what comes up meanwhile. */
static int wait_for(struct run *run, __s64 deadline, struct sea_error *err)
{
	while (!stop) {
		__s64 left = deadline - monotonic_ns();
		struct timespec timeout = {left / NSEC_PER_SEC, left % NSEC_PER_SEC};
		struct pollfd fds[] = {
			{.fd = sea_trace_fd(run->trace), .events = POLLIN},
			{.fd = run->screen ? STDIN_FILENO : -1, .events = POLLIN},
		};
		enum sea_key key;

		if (left <= 0)
			return 0;
		if (ppoll(fds, 2, &timeout, &run->while_waiting) < 0 && errno != EINTR)
			return sea_error_set(err, "cannot wait: %s", strerror(errno));
		if (fds[0].revents && sea_trace_poll(run->trace, err))
			return -1;
		/* A terminal that is gone would be readable for ever. */
		if (fds[1].revents & (POLLHUP | POLLERR))
			stop = SIGHUP;
		while (run->screen && (key = next_key(run)) != SEA_KEY_NONE) {
			if (key == SEA_KEY_QUIT)
				stop = SIGINT;
			if (key == SEA_KEY_RESIZE && show(run, err))
				return -1;
		}
	}
	return 0;
}

static int loop(struct run *run, struct sea_error *err)
{
	const struct config *config = run->config;
	static const char tracing[] = "Tracing SEAs... Hit Ctrl-C to end.\n";
	__s64 step = (__s64)(config->delay * NSEC_PER_SEC), deadline = monotonic_ns();
	struct sea_error ignored;
	bool last = false;
	__u64 done = 0;

	/* All zero, but it says that from now on nothing is missed. */
	if (read_view(run, NULL, false, err) || (!config->once && show(run, err)))
		return -1;
	if (config->mode == MODE_BATCH)
		sea_output_write(STDERR_FILENO, tracing, strlen(tracing), &run->stop, &ignored);
	/* A stop may also come while a line is written: what is last is read as the last. */
	while (!last) {
		__s64 now;

		deadline += step;
		now = monotonic_ns();
		if (deadline <= now) /* the machine was suspended or very slow */
			deadline = now + step;
		if (sea_snapshot_copy(&run->before, &run->now, err) || wait_for(run, deadline, err))
			return -1;
		run->view.tick = ++done;
		last = stop || done == config->intervals;
		if (read_view(run, &run->before, last, err))
			return -1;
		/* The screen goes away with us: nobody would see it. */
		if (!(stop && run->screen) && show(run, err))
			return -1;
	}
	return 0;
}

/* False: it cannot be painted on this terminal. */
static bool open_screen(struct run *run)
{
	struct sigaction resize = {.sa_handler = on_resize}, alarmed = {.sa_handler = on_alarm};
	struct sea_error no_screen;
	struct sigaction old;
	int rc;

	sigaction(SIGALRM, &alarmed, NULL);
	sigdelset(&run->while_waiting, SIGALRM);
	start_painting(run);
	rc = sea_screen_open(&run->screen, &no_screen);
	end_painting(run);
	if (rc)
		return false;
	/* ncurses has its own handler unless there is one already. */
	sigaction(SIGWINCH, NULL, &old);
	if (old.sa_handler == SIG_DFL)
		sigaction(SIGWINCH, &resize, NULL);
	return true;
}

static void close_screen(const struct run *run)
{
	if (!run->screen)
		return;
	start_painting(run);
	sea_screen_close(run->screen);
	end_painting(run);
}

/* Returns the exit status. */
static int run_all(struct config *config)
{
	struct run run = {.config = config};
	struct sea_error error, *err = &error;
	int rc = -1;

	run.stop = (struct sea_output_stop){&stop, &run.while_waiting};

	uname(&run.system);
	config->trace.vm_seen = on_vm_seen;
	config->trace.context = &run;
	if (program_open_names(config->names, &run.names, &run.map, err) ||
	    sea_trace_open(&config->trace, &run.trace, err) || sea_privilege_drop(err))
		goto out;
	catch_signals(&run.while_waiting, &run.while_working);
	if (config->mode == MODE_SCREEN && !open_screen(&run))
		config->mode = MODE_BATCH;
	rc = loop(&run, err);
	if (!rc && sea_loss_total(&run.view.loss))
		rc = SEA_STATUS_INCOMPLETE;
out:
	close_screen(&run);
	sea_trace_close(run.trace);
	sea_vm_names_close(run.names);
	sea_vm_map_free(run.map);
	sea_view_free(&run.view);
	sea_snapshot_free(&run.now);
	sea_snapshot_free(&run.before);
	return rc < 0 ? sea_output_error(err, PROGRAM, &run.stop) : rc;
}

int main(int argc, char **argv)
{
	struct config config = {.mode = MODE_SCREEN, .delay = 1, .sort = sea_column_find("TOTAL")};
	static char name[] = PROGRAM;
	struct sea_error err;
	const char *columns;
	__u64 width;

	/* getopt() starts its messages with it; ours have no path there either. */
	if (argc > 0)
		argv[0] = name;
	if (program_begin(PROGRAM, &err))
		return program_fail(&err);
	argp_parse(&argp, argc, argv, 0, NULL, &config);

	if (config.once) {
		if (config.intervals > 1)
			usage_error("--once is for one interval, and not for %llu",
				    (unsigned long long)config.intervals);
		config.intervals = 1;
		if (config.mode == MODE_SCREEN)
			config.mode = MODE_BATCH;
	}
	if (config.mode == MODE_SCREEN && (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)))
		config.mode = MODE_BATCH;
	columns = getenv("COLUMNS");
	if (columns && parse_number(columns, 1, 10000, &width))
		config.table.width = width;

	return run_all(&config);
}
