// SPDX-License-Identifier: GPL-2.0-only
#include "import/trace-dat.h"

#include <errno.h>
#include <string.h>

#include <event-parse.h>
#include <trace-cmd.h>
#include <trace-seq.h>

struct dat {
	const char *path;
	FILE *out;
	bool has_begun; /* an event was written: the others' times follow it */
};

/* Others would only make the text longer; their fields are of no use here. */
static bool is_wanted(const char *name)
{
	static const char *const names[] = {
		"kvm_userspace_exit", "kvm_guest_fault",      "mc_event",	  "arm_event",
		"non_standard_event", "memory_failure_event", "extlog_mem_event", "signal_generate",
	};
	size_t i;

	if (!strncmp(name, "kvm_sea_", strlen("kvm_sea_")))
		return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* What the event's format makes of it, cut at the first end of a line: text of the file's */
static void write_fields(struct dat *dat, struct tep_handle *tep, struct tep_record *record)
{
	struct trace_seq seq;

	trace_seq_init(&seq);
	tep_print_event(tep, &seq, record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&seq);
	if (seq.buffer && seq.state == TRACE_SEQ__GOOD)
		fwrite(seq.buffer, 1, strcspn(seq.buffer, "\n"), dat->out);
	trace_seq_destroy(&seq);
}

static int write_event(struct tracecmd_input *input, struct tep_record *record, int cpu,
		       void *context)
{
	struct tep_handle *tep = tracecmd_get_tep(input);
	struct dat *dat = context;
	struct tep_event *event = tep_find_event_by_record(tep, record);
	const char *comm;
	int pid;

	if (record->missed_events > 0)
		fprintf(dat->out, "CPU:%d [LOST %lld EVENTS]\n", cpu, record->missed_events);
	else if (record->missed_events)
		fprintf(dat->out, "CPU:%d [LOST EVENTS]\n", cpu);
	/* The first one tells when the trace began. */
	if (!event || !event->name || (dat->has_begun && !is_wanted(event->name)))
		return 0;
	dat->has_begun = true;
	pid = tep_data_pid(tep, record);
	comm = tep_data_comm_from_pid(tep, pid);
	fprintf(dat->out, "%16.15s-%-7d [%03d] .....  %llu.%09llu: %.64s: ", comm ? comm : "", pid,
		cpu, record->ts / 1000000000, record->ts % 1000000000, event->name);
	if (is_wanted(event->name))
		write_fields(dat, tep, record);
	return fputc('\n', dat->out) == EOF ? -1 : 0;
}

static int write_buffers(struct dat *dat, struct tracecmd_input *input)
{
	int i, rc, nr = tracecmd_buffer_instances(input);

	rc = tracecmd_iterate_events(input, NULL, 0, write_event, dat);
	for (i = 0; !rc && i < nr; i++) {
		struct tracecmd_input *buffer = tracecmd_buffer_instance_handle(input, i);

		if (!buffer)
			continue;
		rc = tracecmd_iterate_events(buffer, NULL, 0, write_event, dat);
		tracecmd_close(buffer);
	}
	return rc;
}

int sea_trace_dat_write(const char *path, FILE *out, struct sea_error *err)
{
	struct dat dat = {.path = path, .out = out};
	struct tracecmd_input *input;
	int rc;

	tracecmd_set_loglevel(TEP_LOG_NONE);
	/* Plugins are programs that anybody may have put there. */
	input = tracecmd_open(path, TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!input)
		return sea_error_set(err,
				     "cannot read %s: libtracecmd does not understand it; is it a "
				     "file of trace-cmd record?",
				     path);
	tep_set_loglevel(TEP_LOG_NONE);
	rc = write_buffers(&dat, input);
	tracecmd_close(input);
	if (rc || fflush(out))
		return sea_error_set(err, "cannot read all of %s: %s", path,
				     errno ? strerror(errno) : "it is damaged");
	return 0;
}
