// SPDX-License-Identifier: GPL-2.0-only
/* Metrics: what they add up to, whose they are, and what they are read back as. */
#include "report/metrics.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "model/clock.h"
#include "model/vm-counters.h"
#include "report/exposition.h"
#include "store/recorder.h"
#include "store/recording.h"
#include "store/sums.h"

#define HOUR_NS (3600 * SEC)
#define MANY 2000

/* A host that is looked at, and where its records go */
struct host {
	struct sea_metrics *metrics;
	struct sea_recorder *recorder; /* NULL: records go to the metrics alone */
	struct sea_session session;
	struct sea_snapshot snapshot;
	__u64 ns; /* both clocks */
};

static struct sea_vm_state vms[MANY];

static void give(struct host *h, struct sea_record record)
{
	struct sea_error err;
	int rc;

	record.session = &h->session;
	record.time_ns = h->ns;
	record.wall = sea_time_from_ns((__s64)h->ns);
	rc = h->recorder ? sea_recorder_take(h->recorder, &record, &err) :
			   sea_metrics_take(h->metrics, &record, &err);
	if (rc)
		fail_msg("%s", err.text);
}

static void begin(struct host *h, const char *run, __u64 second)
{
	h->ns = second * SEC;
	h->session = (struct sea_session){.started_ns = h->ns};
	h->session.started = sea_time_from_ns((__s64)h->ns);
	strcpy(h->session.run, run);
	strcpy(h->session.boot_id, "boot");
	strcpy(h->session.host, "hv-1");
	strcpy(h->session.source, "tracepoint");
	h->snapshot = (struct sea_snapshot){.vms = vms, .room = MANY};
	give(h, (struct sea_record){.type = SEA_RECORD_SESSION});
}

static struct sea_vm *add_vm(struct host *h, const char *name, const char *uuid)
{
	struct sea_vm_state *state = &vms[h->snapshot.nr_vms++];
	struct sea_vm_info info = {.id = h->snapshot.nr_vms, .key = {1, 100, 200, 9}};

	snprintf(info.name.text, sizeof(info.name.text), "%s", name);
	snprintf(info.uuid, sizeof(info.uuid), "%s", uuid);
	*state = (struct sea_vm_state){.vm = {.id = info.id, .creator_fd = -1},
				       .listed = {.id = info.id, .opt_in = SEA_OPT_IN_NO},
				       .info = sea_vm_info_new(&info)};
	assert_non_null(state->info);
	give(h, (struct sea_record){.type = SEA_RECORD_VM, .vm = state->info});
	return &state->vm;
}

static void hit(struct host *h, struct sea_vm *vm, enum sea_disposition disposition, __u64 times)
{
	struct sea_vm_state *state = (struct sea_vm_state *)(void *)vm;

	vm->disposition[disposition] += times;
	vm->reason[disposition == SEA_HOST_OWNED ? SEA_S2_WALK : SEA_REASON_NONE] += times;
	vm->last = SEA_LAST(h->ns, disposition, 0);
	state->last_wall = sea_time_from_ns((__s64)h->ns);
}

static void tick(struct host *h)
{
	h->ns += SEC;
	h->snapshot.time_ns = h->ns;
	h->snapshot.wall = sea_time_from_ns((__s64)h->ns);
	give(h, (struct sea_record){.type = SEA_RECORD_TICK, .tick = &h->snapshot});
}

static void end_session(struct host *h)
{
	size_t i;

	h->session.ended_ns = h->ns;
	h->session.ended = sea_time_from_ns((__s64)h->ns);
	h->session.end = SEA_SESSION_STOPPED;
	give(h, (struct sea_record){.type = SEA_RECORD_SESSION});
	for (i = 0; i < h->snapshot.nr_vms; i++)
		sea_vm_info_put(vms[i].info);
	h->snapshot.nr_vms = 0;
}

static void open_host(struct host *h)
{
	struct sea_error err;

	*h = (struct host){0};
	assert_int_equal(sea_metrics_open(&h->metrics, &err), 0);
}

static char *text_of(const struct sea_metrics *metrics, size_t top)
{
	struct sea_metrics_view view = {0};
	struct sea_text text = {0};
	struct sea_error err;

	assert_int_equal(sea_metrics_view_make(metrics, top, &view, &err), 0);
	sea_exposition_add(&view, SEA_EXPOSITION_BOTH, &text);
	sea_metrics_view_free(&view);
	assert_false(text.failed);
	return text.text;
}

/* The text has the line. */
static void assert_line(const char *text, const char *line)
{
	size_t len = strlen(line);
	const char *at = text;

	while ((at = strstr(at, line))) {
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return;
		at += len;
	}
	fail_msg("no line '%s' in\n%s", line, text);
}

static void assert_lines(const struct host *h, size_t top, const char *const *lines)
{
	char *text = text_of(h->metrics, top);

	for (; *lines; lines++)
		assert_line(text, *lines);
	free(text);
}

static void test_counters_are_of_all_sessions(void **state)
{
	static const char *const first[] = {
		"sea_taken_total{disposition=\"claimed\"} 3",
		"sea_vm_taken{kind=\"vm\",vm=\"web\",uuid=\"\",disposition=\"claimed\"} 3",
		"sea_session_running 1", NULL};
	static const char *const second[] = {
		/* Nothing happened yet, and it does not go back. */
		"sea_taken_total{disposition=\"claimed\"} 3",
		"sea_vm_taken{kind=\"gone\",vm=\"\",uuid=\"\",disposition=\"claimed\"} 3", NULL};
	static const char *const third[] = {
		"sea_taken_total{disposition=\"claimed\"} 7",
		"sea_vm_taken{kind=\"vm\",vm=\"web\",uuid=\"\",disposition=\"claimed\"} 7",
		"sea_vm_taken{kind=\"gone\",vm=\"\",uuid=\"\",disposition=\"claimed\"} 0",
		"sea_vm_last_timestamp_seconds{kind=\"vm\",vm=\"web\",uuid=\"\"} 201.000",
		"sea_session_start_timestamp_seconds 200.000",
		"sea_last_tick_timestamp_seconds 202.000",
		"sea_session_info{host=\"hv-1\",kernel=\"\",program=\"\",version=\"\","
		"source=\"tracepoint\"} 1",
		NULL};
	struct sea_vm *vm;
	struct host h;

	(void)state;
	open_host(&h);
	begin(&h, "run-1", 100);
	vm = add_vm(&h, "web", "");
	hit(&h, vm, SEA_CLAIMED, 3);
	tick(&h);
	assert_lines(&h, 20, first);
	end_session(&h);
	begin(&h, "run-2", 200);
	assert_lines(&h, 20, second);
	vm = add_vm(&h, "web", "");
	tick(&h);
	hit(&h, vm, SEA_CLAIMED, 4);
	tick(&h);
	assert_lines(&h, 20, third);
	end_session(&h);
	sea_metrics_close(h.metrics);
}

static void sum_of(const struct sea_metrics_view *view, struct sea_vm *sum)
{
	size_t i;

	*sum = (struct sea_vm){0};
	for (i = 0; i < view->view.nr_rows; i++)
		sea_vm_add(sum, &view->view.rows[i].vm);
	sea_vm_add(sum, &view->view.other.vm);
	sea_vm_add(sum, &view->view.gone.vm);
}

static void assert_same(size_t offset, void *context)
{
	const struct sea_vm *pair = context;

	assert_int_equal(*(const __u64 *)(const void *)((const char *)&pair[0] + offset),
			 *(const __u64 *)(const void *)((const char *)&pair[1] + offset));
}

static size_t nr_samples(const char *text)
{
	size_t nr = 0;

	for (; text && *text; text = strchr(text, '\n'), text = text ? text + 1 : text)
		nr += *text != '#';
	return nr;
}

/* 2,000 VMs of two sessions, a third of them gone: as many series as were promised */
static void test_series_are_bounded(void **state)
{
	struct sea_metrics_view view = {0};
	struct sea_vm pair[2], *vm;
	struct sea_error err;
	char name[16], *text;
	struct host h;
	size_t i;
	int run;

	(void)state;
	open_host(&h);
	for (run = 1; run <= 2; run++) {
		begin(&h, run == 1 ? "run-1" : "run-2", (__u64)run * 10000);
		for (i = 0; i < MANY; i++) {
			snprintf(name, sizeof(name), "vm%zu", i);
			vm = add_vm(&h, name, "");
			hit(&h, vm, (enum sea_disposition)(i % SEA_DISPOSITIONS), i);
			vm->response[i % SEA_RESPONSES] = i / 2;
			vm->latency[i % SEA_LATENCY_SLOTS] = i / 2;
			/* Of these, two thirds are gone for longer than VMs are kept. */
			if (i % 3 != 2)
				vm->ended_ns = h.ns;
		}
		h.snapshot.other.disposition[SEA_UNKNOWN] = 11;
		h.snapshot.gone.disposition[SEA_UNKNOWN] = 13;
		h.ns += 2 * HOUR_NS;
		tick(&h);
		if (run == 1)
			end_session(&h);
	}
	assert_int_equal(sea_metrics_view_make(h.metrics, 20, &view, &err), 0);
	assert_int_equal(view.view.nr_rows, 20);
	assert_int_equal(view.running, MANY / 3);
	/* The one that took most: 1,997 in each session */
	assert_string_equal(sea_row_name(&view.view.rows[0]), "vm1997");
	assert_int_equal(view.view.rows[0].total, 2 * 1997);
	assert_int_equal(view.view.all.total, 2 * (MANY * (MANY - 1) / 2 + 11 + 13));
	sum_of(&view, &pair[0]);
	pair[1] = view.view.all.vm;
	sea_vm_each_counter(assert_same, pair);
	sea_metrics_view_free(&view);
	text = text_of(h.metrics, 20);
	assert_in_range(nr_samples(text), 300, 110 + 14 * 22);
	free(text);
	text = text_of(h.metrics, 0);
	assert_in_range(nr_samples(text), 60, 110 + 14 * 2);
	free(text);
	end_session(&h);
	sea_metrics_close(h.metrics);
}

static void test_hostile_names(void **state)
{
	static const char *const lines[] = {
		"sea_vm_pending{kind=\"vm\",vm=\"a\\\"} 1\\\\n\",uuid=\"\"} 0",
		"sea_vm_pending{kind=\"vm\",vm=\"other\",uuid=\"\"} 0",
		"sea_vm_pending{kind=\"other\",vm=\"\",uuid=\"\"} 0",
		"sea_vm_taken{kind=\"vm\",vm=\"twin\",uuid=\"1\",disposition=\"claimed\"} 1",
		"sea_vm_taken{kind=\"vm\",vm=\"twin\",uuid=\"2\",disposition=\"claimed\"} 5",
		NULL};
	static const char *const names[] = {"a\"} 1\\n", "other", "gone", "", "\u00e9\u4e2d"};
	struct host h;
	size_t i;
	char *text;

	(void)state;
	open_host(&h);
	begin(&h, "run-1", 100);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		hit(&h, add_vm(&h, names[i], ""), SEA_CLAIMED, 1);
	hit(&h, add_vm(&h, "twin", "1"), SEA_CLAIMED, 1);
	hit(&h, add_vm(&h, "twin", "2"), SEA_CLAIMED, 2);
	hit(&h, add_vm(&h, "twin", "2"), SEA_CLAIMED, 3);
	tick(&h);
	assert_lines(&h, 20, lines);
	text = text_of(h.metrics, 20);
	/* No series is there twice: node_exporter would refuse the whole file. */
	assert_null(strstr(strstr(text, "vm=\"twin\",uuid=\"2\",disposition=\"claimed\"} 5") + 1,
			   "vm=\"twin\",uuid=\"2\",disposition=\"claimed\""));
	free(text);
	end_session(&h);
	sea_metrics_close(h.metrics);
}

static void give_gap(struct host *h, enum sea_gap_cause cause, __u64 since, __u64 until)
{
	struct sea_gap gap = {.cause = cause, .since_ns = since * SEC};

	gap.since = sea_time_from_ns((__s64)(since * SEC));
	gap.until_ns = until * SEC;
	gap.until = sea_time_from_ns((__s64)(until * SEC));
	give(h, (struct sea_record){.type = SEA_RECORD_GAP, .gap = &gap});
}

static void test_gaps(void **state)
{
	static const char *const open[] = {"sea_gaps_total{cause=\"tick\"} 1",
					   "sea_gap_seconds_total{cause=\"tick\"} 0.000000000",
					   "sea_data_incomplete{reason=\"gap\"} 1", NULL};
	static const char *const closed[] = {
		"sea_gaps_total{cause=\"tick\"} 2",
		"sea_gaps_total{cause=\"recorder\"} 1",
		"sea_gap_seconds_total{cause=\"tick\"} 6.000000000",
		"sea_gap_seconds_total{cause=\"recorder\"} 40.000000000",
		"sea_data_incomplete{reason=\"gap\"} 0",
		NULL};
	struct host h;

	(void)state;
	open_host(&h);
	begin(&h, "run-1", 100);
	tick(&h);
	give_gap(&h, SEA_GAP_TICK, 101, 0);
	assert_lines(&h, 20, open);
	give_gap(&h, SEA_GAP_TICK, 101, 105);
	give_gap(&h, SEA_GAP_TICK, 106, 0);
	give_gap(&h, SEA_GAP_TICK, 106, 108);
	/* One that is over when it is told has one record. */
	give_gap(&h, SEA_GAP_RECORDER, 60, 100);
	/* One that another reason tells of */
	give_gap(&h, SEA_GAP_STORE, 108, 0);
	assert_lines(&h, 20, closed);
	end_session(&h);
	sea_metrics_close(h.metrics);
}

static void test_trust(void **state)
{
	static const char *const bad[] = {"sea_data_incomplete{reason=\"unproven\"} 1",
					  "sea_source_proven 0",
					  "sea_data_incomplete{reason=\"blind\"} 1",
					  "sea_source_blind 1",
					  "sea_blind_seconds_total 3.500000000",
					  "sea_data_incomplete{reason=\"vms\"} 1",
					  "sea_data_incomplete{reason=\"losses\"} 1",
					  "sea_lost_total{cause=\"missed\"} 4",
					  "sea_data_incomplete{reason=\"store\"} 1",
					  "sea_store_writable 0",
					  "sea_hooks{part=\"source\",proof=\"yes\"} 1",
					  "sea_hooks{part=\"end\",proof=\"no\"} 2",
					  "sea_vms_unlisted 5",
					  NULL};
	static const char *const good[] = {"sea_data_incomplete{reason=\"unproven\"} 0",
					   "sea_source_proven 1",
					   "sea_data_incomplete{reason=\"blind\"} 0",
					   "sea_source_blind 0",
					   "sea_data_incomplete{reason=\"vms\"} 0",
					   "sea_data_incomplete{reason=\"losses\"} 0",
					   "sea_data_incomplete{reason=\"store\"} 0",
					   "sea_lost_total{cause=\"missed\"} 4",
					   "sea_blind_seconds_total 3.500000000",
					   NULL};
	struct sea_metrics_view view = {0};
	struct sea_error err;
	struct host h;

	(void)state;
	open_host(&h);
	begin(&h, "run-1", 100);
	h.snapshot.unproven = true;
	h.snapshot.blind_since_ns = 99 * SEC;
	h.snapshot.blind_ns = 3500000000ULL;
	h.snapshot.unlisted = 5;
	h.snapshot.loss.count[SEA_LOSS_MISSED] = 4;
	h.snapshot.loss.last[SEA_LOSS_MISSED] = sea_time_from_ns(100 * (__s64)SEC);
	h.snapshot.hooks =
		(struct sea_hooks){.hooks = {{.part = SEA_PART_SOURCE, .proof = SEA_PROVEN},
					     {.part = SEA_PART_END, .proof = SEA_DISPROVEN},
					     {.part = SEA_PART_END, .proof = SEA_DISPROVEN}},
				   .nr = 3};
	sea_metrics_set_writable(h.metrics, false);
	tick(&h);
	assert_lines(&h, 20, bad);
	/* An hour later all is well but that it happened. */
	sea_metrics_set_writable(h.metrics, true);
	h.snapshot.unproven = false;
	h.snapshot.blind_since_ns = 0;
	h.snapshot.unlisted = 0;
	h.ns += HOUR_NS;
	tick(&h);
	assert_lines(&h, 20, good);
	assert_int_equal(sea_metrics_view_make(h.metrics, 20, &view, &err), 0);
	assert_false(sea_metrics_is_incomplete(&view));
	sea_metrics_view_free(&view);
	end_session(&h);
	sea_metrics_close(h.metrics);
}

static void end_vm(struct host *h, struct sea_vm *vm, int wait_status)
{
	const struct sea_end end = {.time_ns = h->ns, .wait_status = wait_status};

	vm->ended_ns = h->ns;
	tick(h);
	give(h, (struct sea_record){.type = SEA_RECORD_END,
				    .vm = ((struct sea_vm_state *)(void *)vm)->info,
				    .end = &end});
}

static void test_ends_and_opt_ins(void **state)
{
	static const char *const lines[] = {"sea_vms_running 2",
					    "sea_vms_ended_total 3",
					    "sea_vms_ended_after_sea_total 1",
					    "sea_vms_ended_by_sigbus_total 1",
					    "sea_opt_in_vms{state=\"no\"} 1",
					    "sea_opt_in_vms{state=\"yes\"} 1",
					    "sea_opt_in_vms{state=\"unknown\"} 0",
					    NULL};
	struct sea_vm *hit_now, *hit_long_ago, *never_hit, *forwards;
	struct host h;

	(void)state;
	open_host(&h);
	begin(&h, "run-1", 100);
	hit_long_ago = add_vm(&h, "a", "");
	hit_now = add_vm(&h, "b", "");
	never_hit = add_vm(&h, "c", "");
	add_vm(&h, "d", "");
	forwards = add_vm(&h, "e", "");
	/* Nobody could read it, but what was forwarded says it. */
	vms[4].listed.opt_in = SEA_OPT_IN_UNKNOWN;
	hit(&h, forwards, SEA_FORWARDED, 1);
	hit(&h, hit_long_ago, SEA_CLAIMED, 1);
	tick(&h);
	h.ns += 60 * SEC;
	hit(&h, hit_now, SEA_CLAIMED, 1);
	h.ns += 59 * SEC;
	end_vm(&h, hit_now, -1);
	end_vm(&h, hit_long_ago, SIGTERM);
	end_vm(&h, never_hit, SIGBUS);
	assert_lines(&h, 20, lines);
	end_session(&h);
	sea_metrics_close(h.metrics);
}

/* An SEA of the VM, from a page that the host holds for bad or not */
static void meet_page(struct host *h, struct sea_vm *vm, __u64 pfn, bool is_bad)
{
	const struct sea_event event = {.type = SEA_EVENT_SEA,
					.disposition = SEA_NOT_OPTED_IN,
					.vm_id = vm->id,
					.time_ns = h->ns,
					.vcpu = 0};
	const struct sea_page page = {
		.known = SEA_PAGE_PFN | SEA_PAGE_POISON, .pfn = pfn, .poisoned = is_bad};

	give(h, (struct sea_record){.type = SEA_RECORD_SEA,
				    .vm = ((struct sea_vm_state *)(void *)vm)->info,
				    .event = &event,
				    .page = &page});
}

/* memory_failure() of the page gave this. */
static void fail_page(struct host *h, __u64 pfn, __s64 result)
{
	const struct sea_host_event event = {.kind = SEA_HOST_MEMORY_FAILURE,
					     .known = SEA_HOST_PFN | SEA_HOST_RESULT,
					     .pfn = pfn,
					     .result = result};

	give(h, (struct sea_record){.type = SEA_RECORD_HOST, .host = &event});
}

static void assert_pages(const struct host *h, const char *held, const char *not_held)
{
	char yes[40], no[40];
	const char *lines[] = {yes, no, NULL};

	snprintf(yes, sizeof(yes), "sea_pages{held=\"yes\"} %s", held);
	snprintf(no, sizeof(no), "sea_pages{held=\"no\"} %s", not_held);
	assert_lines(h, 20, lines);
}

static void test_pages(void **state)
{
	const struct sea_event event = {.type = SEA_EVENT_SEA};
	const struct sea_page unknown = {.known = SEA_PAGE_PFN, .pfn = 99};
	struct sea_vm *vm;
	struct host h;

	(void)state;
	open_host(&h);
	begin(&h, "run-1", 100);
	vm = add_vm(&h, "web", "");
	assert_pages(&h, "0", "0");
	meet_page(&h, vm, 1, false);
	meet_page(&h, vm, 1, false);
	meet_page(&h, vm, 2, true);
	assert_pages(&h, "1", "1");
	/* The host tries, and cannot; then it can. */
	fail_page(&h, 1, -16);
	assert_pages(&h, "1", "1");
	fail_page(&h, 1, 0);
	assert_pages(&h, "2", "0");
	/* That no SEA came from, until one does */
	fail_page(&h, 3, 0);
	assert_pages(&h, "2", "0");
	meet_page(&h, vm, 3, false);
	assert_pages(&h, "3", "0");
	/* Somebody gave it free again. */
	meet_page(&h, vm, 2, false);
	assert_pages(&h, "2", "1");
	/* Of a page whose state is not known nothing is said. */
	give(&h,
	     (struct sea_record){
		     .type = SEA_RECORD_SEA, .vm = vms[0].info, .event = &event, .page = &unknown});
	give(&h, (struct sea_record){.type = SEA_RECORD_SEA, .vm = vms[0].info, .event = &event});
	tick(&h);
	end_session(&h);
	/* The recorder was started anew, and then the host. */
	begin(&h, "run-2", 200);
	assert_pages(&h, "2", "1");
	end_session(&h);
	begin(&h, "run-3", 300);
	strcpy(h.session.boot_id, "boot-2");
	give(&h, (struct sea_record){.type = SEA_RECORD_SESSION});
	assert_pages(&h, "0", "0");
	end_session(&h);
	sea_metrics_close(h.metrics);
}

/* So many that the store sums them up; of page 7 the last one decides. */
static void meet_pages(struct host *h, struct sea_vm *vm)
{
	int i;

	meet_page(h, vm, 7, false);
	meet_page(h, vm, 8, true);
	meet_page(h, vm, 9, false);
	fail_page(h, 9, 0);
	fail_page(h, 10, -16);
	for (i = 0; i < SEA_SUMS_DETAILS_AT_END; i++) {
		h->ns += 1000;
		meet_page(h, vm, 10, false);
	}
	meet_page(h, vm, 7, true);
}

static void tell(const struct sea_record *record, void *context)
{
	struct sea_error err;

	assert_int_equal(sea_metrics_take(context, record, &err), 0);
}

static void record_session(struct host *h, const char *path, const char *run, __u64 second)
{
	const struct sea_recorder_options options = {
		.path = path, .tell = tell, .context = h->metrics};
	struct sea_error err;
	struct sea_vm *vm, *other;

	if (sea_recorder_open(&options, &h->recorder, &err))
		fail_msg("%s", err.text);
	begin(h, run, second);
	vm = add_vm(h, "web", "5ee4fa21-6f8b-4a8c-9df0-0123456789ab");
	other = add_vm(h, "db", "");
	hit(h, vm, SEA_FORWARDED, 3);
	vm->response[SEA_INJECTED] = 2;
	vm->latency[4] = 2;
	vm->latency_ns = 40000;
	h->snapshot.loss.count[SEA_LOSS_RATELIMIT] = 7;
	h->snapshot.loss.count[SEA_LOSS_MISSED] = 2;
	h->snapshot.loss.last[SEA_LOSS_MISSED] = sea_time_from_ns((__s64)(h->ns + SEC));
	h->snapshot.pid_namespace = true;
	h->snapshot.other.disposition[SEA_HOST_OWNED] = 1;
	tick(h);
	meet_pages(h, vm);
	hit(h, other, SEA_NOT_OPTED_IN, 2);
	give_gap(h, SEA_GAP_TICK, second, second + 1);
	end_vm(h, other, SIGBUS);
	/* Its row makes room, and what it took goes to `gone`. */
	sea_vm_add(&h->snapshot.gone, other);
	h->snapshot.nr_gone = 1;
	h->snapshot.nr_vms = 1;
	sea_vm_info_put(vms[1].info);
	/* What was lost is long ago then. */
	h->ns += 2 * HOUR_NS;
	tick(h);
	end_session(h);
	if (sea_recorder_finish(h->recorder, &err))
		fail_msg("%s", err.text);
	sea_recorder_close(h->recorder);
}

/* What is added up record by record, and what a store adds up to, is the same. */
static void test_store_says_the_same(void **state)
{
	static const char *const lines[] = {
		"sea_taken_total{disposition=\"forwarded\"} 6",
		"sea_taken_total{disposition=\"not_opted_in\"} 4",
		"sea_taken_total{disposition=\"host_owned\"} 2",
		"sea_lost_total{cause=\"ratelimit\"} 14",
		"sea_responses_total{response=\"injected\"} 4", "sea_pending 1",
		"sea_latency_seconds_bucket{le=\"1.6e-05\"} 0",
		"sea_latency_seconds_bucket{le=\"3.2e-05\"} 4",
		"sea_latency_seconds_sum 0.000080000", "sea_latency_seconds_count 4",
		"sea_vms_ended_total 2", "sea_vms_ended_after_sea_total 2",
		"sea_vms_ended_by_sigbus_total 2",
		/* When it was lost is in the store, too. */
		"sea_data_incomplete{reason=\"losses\"} 0", "sea_data_incomplete{reason=\"vms\"} 1",
		"sea_gaps_total{cause=\"recorder\"} 1",
		"sea_gap_seconds_total{cause=\"tick\"} 2.000000000", "sea_pages{held=\"yes\"} 3",
		"sea_pages{held=\"no\"} 1", NULL};
	char dir[] = "/tmp/test-metrics-XXXXXX", path[64], command[64], *live, *stored;
	struct sea_metrics *metrics = NULL;
	struct sea_reader *reader;
	struct sea_error err;
	struct host h;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	open_host(&h);
	record_session(&h, path, "run-1", 1000);
	record_session(&h, path, "run-2", 20000);
	assert_lines(&h, 20, lines);
	if (sea_recording_open(path, &reader, &err) || sea_metrics_open(&metrics, &err) ||
	    sea_metrics_load(metrics, reader, &err))
		fail_msg("%s", err.text);
	sea_reader_close(reader);
	live = text_of(h.metrics, 20);
	stored = text_of(metrics, 20);
	assert_string_equal(live, stored);
	free(live);
	free(stored);
	sea_metrics_close(metrics);
	sea_metrics_close(h.metrics);
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	assert_int_equal(system(command), 0);
}

static void note_family(const struct sea_exposition_family *family, void *context)
{
	char *names = context, line[96];

	assert_true(family->help[0]);
	snprintf(line, sizeof(line), "%s\n", family->name);
	/* Each metric once, or else its types and helps may differ. */
	assert_null(strstr(names, line));
	strcat(names, line);
}

static void test_families(void **state)
{
	char names[8192] = "\n";

	(void)state;
	sea_exposition_each(note_family, names);
	assert_non_null(strstr(names, "\nsea_vm_taken\n"));
	assert_non_null(strstr(names, "\nsea_lost_total\n"));
	assert_null(strstr(names, "sea_vm_latency"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counters_are_of_all_sessions),
		cmocka_unit_test(test_series_are_bounded),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_ends_and_opt_ins),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_store_says_the_same),
		cmocka_unit_test(test_families),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
