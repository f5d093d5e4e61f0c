// SPDX-License-Identifier: GPL-2.0-only
/*
 * page-vm.c - one VM: who it is, what became of its SEAs and when, and what is known
 * of the last of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "model/clock.h"
#include "model/row-fields.h"
#include "model/vm-counters.h"
#include "show/describe.h"
#include "show/events.h"
#include "show/hits.h"
#include "show/lines.h"

#define NAME_WIDTH 14
#define NUMBER_WIDTH 10
#define RATE_WIDTH 9
#define TICKS 60 /* that a small history has at most */
#define LAST_SEAS 8
#define BAR_WIDTH 30
#define LLU(number) ((unsigned long long)(number))

static void put(struct sea_page_text *text, const char *name, enum sea_look look, const char *value)
{
	sea_page_put(text, SEA_LOOK_QUIET, "%s", name);
	sea_page_wrap(text, NAME_WIDTH, look, value);
}

static void put_name(struct sea_page_text *text, const struct sea_row *row)
{
	const struct sea_vm_info *info = row->info;
	char value[2 * SEA_VM_NAME_LEN + 128];

	sea_page_put(text, SEA_LOOK_TITLE, "%s", sea_row_name(row));
	sea_page_put(text, row->ended ? SEA_LOOK_QUIET : SEA_LOOK_PLAIN, "  %s",
		     row->ended ? "has ended" : "runs");
	sea_page_line(text);
	put(text, "Name", SEA_LOOK_PLAIN, sea_describe_origin(sea_row_origin(row)));
	if (info && info->name.other[0]) {
		snprintf(value, sizeof(value), "%s%s%s", info->name.other,
			 info->name.disputed ? ", which cannot be right as well: " : ", ",
			 sea_describe_origin(info->name.other_origin));
		put(text, "Also called", info->name.disputed ? SEA_LOOK_DOUBT : SEA_LOOK_PLAIN,
		    value);
	}
	snprintf(value, sizeof(value), "process %u (%.*s)", row->vm.tgid, SEA_COMM_LEN,
		 info ? info->comm : "?");
	put(text, "VMM", SEA_LOOK_PLAIN, value);
	if (info && info->uuid[0])
		put(text, "UUID", SEA_LOOK_PLAIN, info->uuid);
	/* The root says nothing. */
	if (info && info->cgroup[0] && strcmp(info->cgroup, "/") != 0)
		put(text, "cgroup", SEA_LOOK_PLAIN, info->cgroup);
}

/* ", since 14:00:00" */
static void since_text(const struct sea_scene *scene, __u64 id, char *out, size_t size)
{
	static const char *const formats[] = {
		[SEA_SINCE_UNKNOWN] = "",
		[SEA_SINCE_OLDEST] = ", since before %s",
		[SEA_SINCE_NEW] = ", since %s, when it was first seen",
		[SEA_SINCE_CHANGED] = ", since %s; before it was otherwise",
	};
	enum sea_history_since since;
	struct timespec wall;
	char time[64];

	since = sea_history_opt_in_since(scene->history, id, scene->back, &wall);
	sea_events_time(&wall, false, time, sizeof(time));
	/* Without milliseconds: a tick is not so exact. */
	time[strcspn(time, ".")] = '\0';
	snprintf(out, size, formats[since], time);
}

static void put_opt_in(struct sea_page_text *text, const struct sea_scene *scene,
		       const struct sea_row *row)
{
	static const char *const words[SEA_OPT_IN_STATES] = {
		[SEA_OPT_IN_UNKNOWN] = "not known",
		[SEA_OPT_IN_NO] = "no",
		[SEA_OPT_IN_YES] = "yes",
		[SEA_OPT_IN_PROTECTED] = "cannot",
	};
	static const char *const says[SEA_OPT_IN_STATES] = {
		[SEA_OPT_IN_UNKNOWN] = "the kernel, or our privileges, do not tell",
		[SEA_OPT_IN_NO] = "the guest gets an SError for every SEA of its own",
		[SEA_OPT_IN_YES] = "the VMM is asked what to do about an SEA of the guest's own",
		[SEA_OPT_IN_PROTECTED] = "it is protected, and KVM grants this to none of its kind",
	};
	enum sea_opt_in opt_in = row->listed.opt_in;
	char value[256], since[96] = "";

	if (opt_in >= SEA_OPT_IN_STATES)
		opt_in = SEA_OPT_IN_UNKNOWN;
	if (opt_in == SEA_OPT_IN_UNKNOWN && row->vm.disposition[SEA_FORWARDED]) {
		put(text, "Opt-in", SEA_LOOK_PLAIN, "yes: KVM forwards to those only who opted in");
		return;
	}
	if (opt_in != SEA_OPT_IN_UNKNOWN)
		since_text(scene, row->vm.id, since, sizeof(since));
	snprintf(value, sizeof(value), "%s%s: %s", words[opt_in], since, says[opt_in]);
	put(text, "Opt-in", opt_in == SEA_OPT_IN_NO ? SEA_LOOK_DOUBT : SEA_LOOK_PLAIN, value);
}

static void put_end(struct sea_page_text *text, const struct sea_scene *scene,
		    const struct sea_row *row)
{
	const struct sea_log *log = sea_history_log(scene->history);
	const struct sea_logged *entry;
	char value[160], age[24], how[128] = "how is not known";

	if (!row->ended)
		return;
	for (entry = sea_log_newest(log); entry; entry = sea_log_before(log, entry))
		if (entry->type == SEA_RECORD_END && entry->vm && entry->vm->id == row->vm.id)
			break;
	if (entry)
		sea_describe_end(entry->end.wait_status, how, sizeof(how));
	sea_describe_age(scene->view->time_ns > row->vm.ended_ns ?
				 scene->view->time_ns - row->vm.ended_ns :
				 0,
			 age, sizeof(age));
	snprintf(value, sizeof(value), "%s ago: %s", age, how);
	put(text, "Ended", SEA_LOOK_STRONG, value);
}

/* A number, its rate in the last interval, and how it grew in the ticks before */
static void put_count(struct sea_page_text *text, const struct sea_scene *scene, __u64 id,
		      const char *name, __u64 number, sea_history_number get)
{
	size_t left = text->canvas->columns > NAME_WIDTH + NUMBER_WIDTH + RATE_WIDTH + 3 ?
			      text->canvas->columns - NAME_WIDTH - NUMBER_WIDTH - RATE_WIDTH - 3 :
			      0;
	__u64 growth[TICKS];
	size_t nr = sea_history_growth(scene->history, id, get, scene->back, growth,
				       left < TICKS ? left : TICKS);
	char spark[4 * TICKS + 1], value[32];
	enum sea_look look = number ? SEA_LOOK_PLAIN : SEA_LOOK_QUIET;

	sea_page_put(text, look, "%s", name);
	sea_page_tab(text, NAME_WIDTH + 2);
	snprintf(value, sizeof(value), "%*llu", NUMBER_WIDTH - 2, LLU(number));
	sea_page_put(text, look, "%s", value);
	if (nr && scene->view->interval_ns) {
		sea_describe_rate((double)growth[nr - 1] * (double)SEA_NSEC_PER_SEC /
					  (double)scene->view->interval_ns,
				  value, sizeof(value) - 2);
		strcat(value, "/s");
	} else {
		snprintf(value, sizeof(value), "-");
	}
	sea_page_put(text, nr && growth[nr - 1] ? SEA_LOOK_STRONG : look, " %*s ", RATE_WIDTH,
		     value);
	if (number) {
		sea_describe_spark(growth, nr, spark, sizeof(spark));
		sea_page_put(text, look, "%s", spark);
	}
	sea_page_line(text);
}

#define NUMBER(name, member)                             \
	static __u64 get_##name(const struct sea_vm *vm) \
	{                                                \
		return vm->member;                       \
	}

NUMBER(claimed, disposition[SEA_CLAIMED])
NUMBER(host_owned, disposition[SEA_HOST_OWNED])
NUMBER(not_opted_in, disposition[SEA_NOT_OPTED_IN])
NUMBER(forwarded, disposition[SEA_FORWARDED])
NUMBER(unknown, disposition[SEA_UNKNOWN])
NUMBER(no_ras, reason[SEA_NO_RAS])
NUMBER(vncr, reason[SEA_VNCR])
NUMBER(s2_walk, reason[SEA_S2_WALK])
NUMBER(ambiguous, reason[SEA_AMBIGUOUS_WALK])
NUMBER(injected, response[SEA_INJECTED])
NUMBER(resumed, response[SEA_RESUMED])
NUMBER(abandoned, response[SEA_ABANDONED])

static void add_none(char *none, size_t size, const char *name)
{
	size_t at = strlen(none);

	snprintf(none + at, size - at, "%s%s", at ? ", " : "", name);
}

/* What has no count, in one line */
static void put_none(struct sea_page_text *text, const char *none)
{
	if (*none)
		put(text, "none", SEA_LOOK_QUIET, none);
}

static void put_counts(struct sea_page_text *text, const struct sea_scene *scene,
		       const struct sea_row *row)
{
	static const sea_history_number dispositions[SEA_DISPOSITIONS] = {
		get_claimed, get_host_owned, get_not_opted_in, get_forwarded, get_unknown,
	};
	static const sea_history_number reasons[SEA_REASONS] = {
		NULL, get_no_ras, get_vncr, get_s2_walk, get_ambiguous,
	};
	const struct sea_vm *vm = &row->vm;
	__u64 id = vm->id;
	char counts[64], none[128] = "";
	int i;

	sea_state_counts_text(scene->state, counts, sizeof(counts));
	sea_page_heading(text, "SEAs, %s", counts);
	put_count(text, scene, id, "all", row->total, sea_vm_total);
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		if (vm->disposition[i])
			put_count(text, scene, id, sea_disposition_name(i), vm->disposition[i],
				  dispositions[i]);
		else if (i != SEA_UNKNOWN || !scene->view->tells_all)
			add_none(none, sizeof(none), sea_disposition_name(i));
	put_none(text, none);
	for (i = 1; i < SEA_REASONS; i++)
		if (vm->reason[i])
			put_count(text, scene, id, sea_reason_text(i), vm->reason[i], reasons[i]);
	if (row->lost)
		put_count(text, scene, id, "not told", row->lost, sea_vm_lost);
}

static void put_answers(struct sea_page_text *text, const struct sea_scene *scene,
			const struct sea_row *row)
{
	static const sea_history_number responses[SEA_RESPONSES] = {
		get_injected,
		get_resumed,
		get_abandoned,
	};
	const struct sea_vm *vm = &row->vm;
	__u64 id = vm->id;
	char none[128] = "";
	int i;

	if (!vm->disposition[SEA_FORWARDED] && !sea_vm_responses(vm) && !row->pending) {
		sea_page_heading(text, "Answers of the VMM: it was not asked");
		return;
	}
	sea_page_heading(text, "Answers of the VMM");
	for (i = 0; i < SEA_RESPONSES; i++)
		if (vm->response[i])
			put_count(text, scene, id, sea_response_name(i), vm->response[i],
				  responses[i]);
		else
			add_none(none, sizeof(none), sea_response_name(i));
	if (row->pending)
		put_count(text, scene, id, "pending", row->pending, sea_vm_pending);
	else
		add_none(none, sizeof(none), "pending");
	put_none(text, none);
}

/* Slots that have something, with a bar each */
static void put_latency(struct sea_page_text *text, const struct sea_row *row)
{
	const __u64 *slots = row->vm.latency;
	int first = SEA_LATENCY_SLOTS, last = -1, i;
	char from[24], bar[BAR_WIDTH + 1];
	__u64 max = 0;

	for (i = 0; i < SEA_LATENCY_SLOTS; i++) {
		if (!slots[i])
			continue;
		first = i < first ? i : first;
		last = i;
		max = slots[i] > max ? slots[i] : max;
	}
	if (last < 0)
		return;
	sea_page_heading(text, "From the exit to the answer");
	for (i = first; i <= last; i++) {
		size_t width =
			slots[i] ? 1 + (size_t)((double)slots[i] * (BAR_WIDTH - 1) / (double)max) :
				   0;

		memset(bar, '#', width);
		bar[width] = '\0';
		sea_describe_latency((1ULL << i) * 1000, from, sizeof(from));
		sea_page_put(text, SEA_LOOK_PLAIN, "%s%s", i ? "from " : "below ",
			     i ? from : "2us");
		sea_page_tab(text, NAME_WIDTH + 2);
		sea_page_put(text, SEA_LOOK_PLAIN, "%*llu  %s", NUMBER_WIDTH - 2, LLU(slots[i]),
			     bar);
		sea_page_line(text);
	}
}

static void put_last(struct sea_page_text *text, const struct sea_scene *scene,
		     const struct sea_logged *const *entries, size_t nr)
{
	char line[SEA_DESCRIBE_LEN], time[64];
	size_t i;

	sea_page_heading(text, "Last events (Enter or l shows all of them)");
	for (i = 0; i < nr && i < LAST_SEAS; i++) {
		sea_events_time(&entries[i]->wall, false, time, sizeof(time));
		sea_page_put(text, SEA_LOOK_PLAIN, "%s", time);
		sea_describe(entries[i], scene->state->show_addresses, line, sizeof(line));
		sea_page_wrap(text, NAME_WIDTH, SEA_LOOK_PLAIN, line);
	}
	if (!nr) {
		sea_page_put(text, SEA_LOOK_QUIET,
			     scene->is_recording ? "none since the jump to this time" :
						   "none since this screen began to look");
		sea_page_line(text);
	}
}

void sea_page_vm(const struct sea_scene *scene, struct sea_frame frame, struct sea_canvas *canvas)
{
	const struct sea_row *row = sea_scene_row(scene, scene->state->opened_vm);
	size_t room = sea_log_count(sea_history_log(scene->history)), nr;
	const struct sea_logged **entries = calloc(room ?: 1, sizeof(*entries));
	struct sea_page_text text;

	sea_page_begin(&text, scene, frame, canvas);
	if (row && entries) {
		nr = sea_events_collect(scene, entries, room);
		put_name(&text, row);
		put_end(&text, scene, row);
		put_opt_in(&text, scene, row);
		put_counts(&text, scene, row);
		put_answers(&text, scene, row);
		sea_hits_put_pages(&text, scene, entries, nr);
		put_last(&text, scene, entries, nr);
		sea_hits_put_vcpus(&text, row, entries, nr);
		put_latency(&text, row);
	} else {
		sea_page_wrap(
			&text, 0, SEA_LOOK_DOUBT,
			"This VM is not in the table at this moment: it was not there yet, or "
			"its row went to another one.");
	}
	sea_page_end(&text, scene);
	free(entries);
}
