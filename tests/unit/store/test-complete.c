// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing of the model is left out of recordings. Every byte of every structure is set,
 * written into a store, read from there, written as text, and read again. What does not
 * come back is told: so this fails when the model gets a member that is not recorded.
 *
 * A new member needs a value below only if not every value is a sound one (bool, enum,
 * text, pointer). If it is not to be recorded, forget it in forget_*(), and say why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "model/clock.h"
#include "padding.h"
#include "store/decode.h"
#include "store/encode.h"
#include "store/line.h"
#include "store/recording.h"
#include "store/writer.h"

#define NR_VMS 2

/* All that there is, each once */
static struct {
	struct sea_session session;
	struct sea_vm_info info;
	struct sea_event sea, answer;
	struct sea_page page;
	struct sea_end end;
	struct sea_gap gap;
	struct sea_host_event host;
	struct sea_vm_state vms[NR_VMS];
	struct sea_snapshot tick;
} all;

static const struct sea_vm_info *infos[NR_VMS];

/* Bytes that differ from their neighbours, and none is 0. */
static void fill(void *object, size_t size, unsigned char from)
{
	unsigned char *bytes = object;
	size_t i;

	for (i = 0; i < size; i++)
		bytes[i] = (unsigned char)((from + i * 37) % 127 + 1);
}

#define FILL(object, from) fill(&(object), sizeof(object), from)

static void set_text(char *text, size_t size, char letter)
{
	memset(text, letter, size - 1);
	text[size - 1] = '\0';
}

#define TEXT(array, letter) set_text(array, sizeof(array), letter)

static struct timespec time_of(int n)
{
	return (struct timespec){1795416644 + n, 123456789 + n};
}

static void make_complete_session(void)
{
	struct sea_session *s = &all.session;

	FILL(*s, 1);
	TEXT(s->run, 'r');
	TEXT(s->boot_id, 'b');
	TEXT(s->host, 'h');
	TEXT(s->kernel, 'k');
	TEXT(s->machine, 'm');
	TEXT(s->program, 'p');
	TEXT(s->version, 'v');
	TEXT(s->source, 's');
	s->tells_all = true;
	/* The one that comes back says so of itself. */
	s->replayed = true;
	s->started = time_of(1);
	s->ended = time_of(2);
	s->end = SEA_SESSION_FAILED;
}

static void make_info(size_t i)
{
	struct sea_vm_info *info = &all.info;

	FILL(*info, (unsigned char)(10 + i));
	info->id = i + 1;
	info->first = time_of(3);
	TEXT(info->comm, 'c');
	/* sea_vm::comm is shorter by one. */
	info->comm[SEA_COMM_LEN - 1] = '\0';
	info->comm[SEA_COMM_LEN] = '\0';
	TEXT(info->name.text, 'n');
	info->name.origin = SEA_VM_FROM_CMDLINE;
	TEXT(info->name.other, 'o');
	info->name.other_origin = SEA_VM_FROM_MACHINED;
	info->name.disputed = true;
	TEXT(info->uuid, 'u');
	TEXT(info->cgroup, 'g');
	infos[i] = sea_vm_info_new(info);
	assert_non_null(infos[i]);
	info->refs = infos[i]->refs;
}

static void make_event(struct sea_event *e, enum sea_event_type type)
{
	FILL(*e, (unsigned char)(20 + type));
	e->version = SEA_ABI_VERSION;
	e->size = sizeof(*e);
	e->type = (__u8)type;
	e->disposition = SEA_FORWARDED;
	e->reason = SEA_AMBIGUOUS_WALK;
	e->response = type == SEA_EVENT_SEA ? 0 : SEA_ABANDONED;
	e->latency_ns = type == SEA_EVENT_SEA ? 0 : 0x123456789abcdef;
	e->vm_id = infos[0]->id;
	e->flags = SEA_IPA_VALID | SEA_PC_VALID | SEA_FAR_VALID;
	/* The SEA's page has these two. */
	e->hva = e->pfn = 0;
	/* It means nothing so far. */
	e->reserved = 0;
	TEXT(e->comm, 'e');
}

static void make_others(void)
{
	FILL(all.page, 30);
	all.page.known =
		SEA_PAGE_HVA | SEA_PAGE_PFN | SEA_PAGE_SIZE | SEA_PAGE_NODE | SEA_PAGE_POISON;
	all.page.poisoned = 1;
	/* It means nothing so far. */
	all.page.reserved = 0;

	FILL(all.end, 40);

	FILL(all.gap, 50);
	all.gap.cause = SEA_GAP_STORE;
	all.gap.since = time_of(4);
	all.gap.until = time_of(5);
	TEXT(all.gap.why, 'w');

	FILL(all.host, 60);
	all.host.kind = SEA_HOST_GHES;
	all.host.known =
		SEA_HOST_PFN | SEA_HOST_ADDRESS | SEA_HOST_RESULT | SEA_HOST_CODE | SEA_HOST_FLAGS;
	all.host.vm_id = infos[0]->id;
	TEXT(all.host.text, 't');
}

/* BPF's own state, which nobody shows */
static void forget_state_of_bpf(struct sea_vm *vm)
{
	vm->tokens = vm->tokens_ns = 0;
	vm->announced = 0;
}

/* A sum over many VMs is nobody's. */
static void forget_who(struct sea_vm *sum)
{
	forget_state_of_bpf(sum);
	sum->id = sum->start_ns = sum->first_ns = 0;
	sum->tgid = sum->creator = 0;
	sum->exit_known = 0;
	sum->wait_status = 0;
	sum->creator_fd = 0;
	memset(sum->comm, 0, sizeof(sum->comm));
}

static void make_row(size_t i)
{
	const struct sea_vm_info *info = infos[i];
	struct sea_vm_state *state = &all.vms[i];

	FILL(*state, (unsigned char)(70 + i));
	forget_state_of_bpf(&state->vm);
	/* Who it is comes with its record. */
	state->vm.id = info->id;
	state->vm.start_ns = info->key.start_ns;
	state->vm.tgid = info->key.tgid;
	state->vm.creator = info->key.creator;
	state->vm.creator_fd = info->key.creator_fd;
	state->vm.first_ns = info->first_ns;
	memcpy(state->vm.comm, info->comm, sizeof(state->vm.comm));
	/* How it ended comes with the record of its end, and SIGBUS with one of the host. */
	state->vm.exit_known = 0;
	state->vm.wait_status = 0;
	state->sigbus = 0;
	state->listed.id = info->id;
	state->listed.opt_in = SEA_OPT_IN_PROTECTED;
	state->listed.has_before = true;
	state->last_wall = time_of(6);
	/* It follows from ended_ns, in the tick that has it first. */
	state->just_ended = true;
	state->info = info;
}

static void make_hook(struct sea_hook_state *hook)
{
	FILL(*hook, 80);
	hook->program = "a program";
	hook->function = "a function";
	hook->part = SEA_PART_END;
	hook->mechanism = SEA_BY_KPROBE;
	hook->proof = SEA_DISPROVEN;
	hook->by = "what shows it";
	hook->missed_at_least = true;
}

static void make_loss(struct sea_loss *loss, const struct timespec *wall)
{
	int i;

	FILL(*loss, 90);
	loss->at_least = (1U << SEA_LOSS_CAUSES) - 1;
	/* Each count grew in this tick. */
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		loss->last[i] = *wall;
}

static void make_tick(void)
{
	struct sea_snapshot *tick = &all.tick;
	size_t i;

	FILL(*tick, 100);
	tick->wall = time_of(7);
	tick->started_ns = all.session.started_ns;
	tick->source = all.session.source;
	tick->tells_all = tick->unproven = tick->pid_namespace = true;
	tick->check = "a check";
	tick->unchecked = "why it is unchecked";
	tick->blind_why = "why it is blind";
	tick->no_list = "why there is no list";
	memset(&tick->hooks, 0, sizeof(tick->hooks));
	tick->hooks.nr = SEA_HOOKS_MAX;
	for (i = 0; i < SEA_HOOKS_MAX; i++)
		make_hook(&tick->hooks.hooks[i]);
	for (i = 0; i < NR_VMS; i++)
		make_row(i);
	tick->vms = all.vms;
	tick->nr_vms = tick->room = NR_VMS;
	forget_who(&tick->other);
	forget_who(&tick->gone);
	/* Of those that are gone only their SEAs from before are known. */
	tick->gone_listed.id = 0;
	tick->gone_listed.vcpus = 0;
	tick->gone_listed.opt_in = 0;
	tick->gone_listed.has_before = true;
	make_loss(&tick->loss, &tick->wall);
	/* The totals have three of the losses a second time. */
	tick->totals.lost_table_full = tick->loss.count[SEA_LOSS_TABLE_FULL];
	tick->totals.lost_no_vcpu = tick->loss.count[SEA_LOSS_NO_VCPU];
	tick->totals.lost_answers = tick->loss.count[SEA_LOSS_ANSWERS];
}

static void make_all(void)
{
	size_t i;

	make_complete_session();
	for (i = 0; i < NR_VMS; i++)
		make_info(i);
	make_event(&all.sea, SEA_EVENT_SEA);
	make_event(&all.answer, SEA_EVENT_ANSWERED);
	make_others();
	make_tick();
}

#define NR_RECORDS (NR_VMS + 7)

static void make_records(struct sea_record *records)
{
	struct sea_record *r = records;
	size_t i;

	*r++ = (struct sea_record){.type = SEA_RECORD_SESSION};
	for (i = 0; i < NR_VMS; i++)
		*r++ = (struct sea_record){.type = SEA_RECORD_VM, .vm = infos[i]};
	*r++ = (struct sea_record){
		.type = SEA_RECORD_SEA, .vm = infos[0], .event = &all.sea, .page = &all.page};
	*r++ = (struct sea_record){.type = SEA_RECORD_ANSWER, .vm = infos[0], .event = &all.answer};
	*r++ = (struct sea_record){.type = SEA_RECORD_HOST, .vm = infos[0], .host = &all.host};
	*r++ = (struct sea_record){.type = SEA_RECORD_TICK, .tick = &all.tick};
	*r++ = (struct sea_record){.type = SEA_RECORD_END, .vm = infos[1], .end = &all.end};
	*r++ = (struct sea_record){.type = SEA_RECORD_GAP, .gap = &all.gap};
	for (i = 0; i < NR_RECORDS; i++) {
		records[i].session = &all.session;
		records[i].wall = time_of(10 + (int)i);
		records[i].time_ns = 1000 + i;
	}
	records[NR_RECORDS - 3].wall = all.tick.wall;
	records[NR_RECORDS - 3].time_ns = all.tick.time_ns;
}

static void write_store(const struct sea_record *records, struct sea_writer *writer)
{
	struct sea_encoder encoder = {0};
	struct sea_batch batch = {0};
	struct sea_entry entry;
	struct sea_error err;
	size_t i;

	for (i = 0; i < NR_RECORDS; i++) {
		assert_int_equal(sea_encode(&encoder, &records[i], &entry, &err), 0);
		assert_true(sea_batch_add(&batch, &entry));
	}
	if (sea_writer_write(writer, &batch, &err))
		fail_msg("%s", err.text);
	sea_batch_free(&batch);
	sea_encoder_free(&encoder);
}

static void write_text(struct sea_reader *reader, const char *path)
{
	struct sea_line_writer lines = {0};
	struct sea_text text = {0};
	struct sea_entry entry;
	struct sea_error err;
	FILE *file = fopen(path, "w");

	while (sea_reader_next(reader, &entry, &err) == 1)
		assert_int_equal(sea_line_write(&lines, &entry, &text, &err), 0);
	assert_int_equal(fwrite(text.text, text.len, 1, file), 1);
	fclose(file);
	sea_line_writer_free(&lines);
	sea_text_free(&text);
}

static void assert_kept(const char *type, const void *expected, const void *got,
			const unsigned char *padding, size_t size)
{
	const unsigned char *a = expected, *b = got;
	size_t i;

	for (i = 0; i < size; i++)
		if (!padding[i] && a[i] != b[i])
			fail_msg("struct %s: byte %zu (see pahole) does not come back", type, i);
}

#define KEPT(type, expected, got) \
	assert_kept(#type, expected, got, padding_of_##type, sizeof(struct type))

static void assert_text_kept(const char *expected, const char **got)
{
	assert_non_null(*got);
	assert_string_equal(*got, expected);
	*got = expected;
}

static void compare_info(const struct sea_vm_info *expected, const struct sea_vm_info *got)
{
	struct sea_vm_info copy;

	assert_non_null(got);
	copy = *got;
	copy.refs = expected->refs;
	KEPT(sea_vm_info, expected, &copy);
}

static void compare_row(const struct sea_vm_state *expected, const struct sea_vm_state *got)
{
	struct sea_vm_state copy = *got;

	compare_info(expected->info, got->info);
	copy.info = expected->info;
	KEPT(sea_vm_state, expected, &copy);
}

static void compare_tick(const struct sea_snapshot *got)
{
	struct sea_snapshot copy = *got;
	size_t i;

	assert_int_equal(got->nr_vms, NR_VMS);
	for (i = 0; i < NR_VMS; i++)
		compare_row(&all.vms[i], &got->vms[i]);
	copy.vms = all.vms;
	copy.room = all.tick.room;
	assert_text_kept(all.tick.source, &copy.source);
	assert_text_kept(all.tick.check, &copy.check);
	assert_text_kept(all.tick.unchecked, &copy.unchecked);
	assert_text_kept(all.tick.blind_why, &copy.blind_why);
	assert_text_kept(all.tick.no_list, &copy.no_list);
	assert_int_equal(copy.hooks.nr, SEA_HOOKS_MAX);
	for (i = 0; i < SEA_HOOKS_MAX; i++) {
		assert_text_kept(all.tick.hooks.hooks[i].program, &copy.hooks.hooks[i].program);
		assert_text_kept(all.tick.hooks.hooks[i].function, &copy.hooks.hooks[i].function);
		assert_text_kept(all.tick.hooks.hooks[i].by, &copy.hooks.hooks[i].by);
		KEPT(sea_hook_state, &all.tick.hooks.hooks[i], &copy.hooks.hooks[i]);
	}
	copy.hooks = all.tick.hooks;
	KEPT(sea_snapshot, &all.tick, &copy);
}

static void compare_record(const struct sea_record *expected, const struct sea_record *got)
{
	assert_string_equal(sea_record_type_name(got->type), sea_record_type_name(expected->type));
	assert_int_equal(sea_time_to_ns(&got->wall), sea_time_to_ns(&expected->wall));
	KEPT(sea_session, expected->session, got->session);
	if (expected->vm)
		compare_info(expected->vm, got->vm);
	if (expected->event)
		KEPT(sea_event, expected->event, got->event);
	if (expected->page)
		KEPT(sea_page, expected->page, got->page);
	if (expected->end)
		KEPT(sea_end, expected->end, got->end);
	if (expected->gap)
		KEPT(sea_gap, expected->gap, got->gap);
	if (expected->host)
		KEPT(sea_host_event, expected->host, got->host);
	if (expected->tick)
		compare_tick(got->tick);
}

static void compare(const struct sea_record *records, struct sea_reader *reader)
{
	struct sea_decoder decoder = {0};
	struct sea_record record;
	struct sea_entry entry;
	struct sea_error err;
	size_t i;

	assert_int_equal(sea_reader_begin(reader, NULL, &err), 0);
	for (i = 0; i < NR_RECORDS; i++) {
		if (sea_reader_next(reader, &entry, &err) != 1)
			fail_msg("%s", err.text);
		assert_int_equal(sea_decode(&decoder, &entry, &record, &err), 0);
		compare_record(&records[i], &record);
	}
	assert_int_equal(sea_reader_next(reader, &entry, &err), 0);
	sea_decoder_free(&decoder);
}

static void test_complete(void **state)
{
	char text[] = "/tmp/test-complete-XXXXXX";
	struct sea_record records[NR_RECORDS];
	struct sea_reader *reader;
	struct sea_writer *writer;
	struct sea_error err;
	struct sea_db db;
	size_t i;

	(void)state;
	assert_true(mkstemp(text) >= 0);
	make_all();
	make_records(records);
	assert_int_equal(sea_writer_open("store", SEA_DB_SCRATCH, NULL, &writer, &err), 0);
	write_store(records, writer);
	sea_writer_give(writer, &db);
	assert_int_equal(sea_reader_take(&db, &reader, &err), 0);
	compare(records, reader);
	assert_int_equal(sea_reader_begin(reader, NULL, &err), 0);
	write_text(reader, text);
	sea_reader_close(reader);

	if (sea_recording_open(text, &reader, &err))
		fail_msg("%s", err.text);
	compare(records, reader);
	sea_reader_close(reader);
	remove(text);
	for (i = 0; i < NR_VMS; i++)
		sea_vm_info_put(infos[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
