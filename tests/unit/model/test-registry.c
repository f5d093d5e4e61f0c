// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/registry.h"

struct fixture {
	struct sea_vm_names *names;
	struct sea_registry *registry;
	struct sea_clock clock;
	unsigned int told;
	const struct sea_vm_info *last; /* that was told of */
};

static int begin(void **state)
{
	static struct fixture f;
	struct sea_error err;

	memset(&f, 0, sizeof(f));
	f.clock = (struct sea_clock){100 * SEC, {.tv_sec = FIXTURE_TIME}};
	/* Any directory that has no numbers in it: names come from comm. */
	assert_int_equal(sea_vm_names_open("/usr", &f.names, &err), 0);
	assert_int_equal(sea_registry_open(f.names, &f.registry, &err), 0);
	*state = &f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	sea_registry_close(f->registry);
	sea_registry_close(NULL);
	sea_vm_names_close(f->names);
	return 0;
}

static void tell(const struct sea_vm_info *info, void *context)
{
	struct fixture *f = context;

	f->told++;
	f->last = info;
}

static void fill(struct fixture *f, struct sea_snapshot *snapshot)
{
	struct sea_error err;

	f->told = 0;
	assert_int_equal(sea_registry_fill(f->registry, snapshot, tell, f, &err), 0);
}

static struct sea_sight sight(__u64 id, const char *comm)
{
	return (struct sea_sight){
		.identity = {.id = id,
			     .tgid = 1000 + (__u32)id,
			     .start_ns = 5 * SEC,
			     .comm = comm,
			     .comm_len = strlen(comm)},
		.key = {5 * SEC, 1000 + (__u32)id, 0, -1},
		.first_ns = 90 * SEC,
	};
}

static void met_once(void **state)
{
	struct fixture *f = *state;
	struct sea_sight s = sight(1, "q\033emu");
	const struct sea_vm_info *info;
	bool news = false;

	info = sea_registry_meet(f->registry, &s, &f->clock, &news);
	assert_true(news);
	assert_true(info->id == 1 && info->key.tgid == 1001 && info->first_ns == 90 * SEC);
	assert_int_equal(info->first.tv_sec, FIXTURE_TIME - 10);
	assert_string_equal(info->comm, "q?emu");
	assert_string_equal(info->name.text, "q?emu-1001");
	assert_ptr_equal(sea_registry_meet(f->registry, &s, &f->clock, &news), info);
	assert_false(news);
	assert_ptr_equal(sea_registry_find(f->registry, 1), info);
	assert_null(sea_registry_find(f->registry, 2));
	assert_int_equal(sea_registry_count(f->registry), 1);
}

/* A detail does not say who made the VM; its row does, and then that stays. */
static void who_made_it_is_learnt_later(void **state)
{
	struct fixture *f = *state;
	struct sea_sight s = sight(1, "qemu"), detail = s;
	const struct sea_vm_info *info;
	bool news;

	sea_registry_meet(f->registry, &detail, &f->clock, &news);
	s.key.creator = 1004;
	s.key.creator_fd = 17;
	s.first_ns = 95 * SEC;
	info = sea_registry_meet(f->registry, &s, &f->clock, &news);
	assert_true(news);
	assert_true(info->key.creator == 1004 && info->key.creator_fd == 17);
	/* It was first seen when it was first seen. */
	assert_true(info->first_ns == 90 * SEC);
	info = sea_registry_meet(f->registry, &detail, &f->clock, &news);
	assert_false(news);
	assert_true(info->key.creator == 1004);
}

static void rows_get_their_vms(void **state)
{
	struct fixture *f = *state;
	struct sea_snapshot snapshot;
	size_t i;

	make_snapshot(&snapshot);
	fill(f, &snapshot);
	assert_int_equal(f->told, 3);
	for (i = 0; i < 3; i++)
		assert_true(snapshot.vms[i].info->id == i + 1);
	assert_string_equal(snapshot.vms[0].info->name.text, "db01-1001");
	assert_false(snapshot.vms[0].just_ended);
	assert_true(snapshot.vms[2].just_ended);
	/* Nothing new the second time, and an end is told once. */
	fill(f, &snapshot);
	assert_int_equal(f->told, 0);
	assert_false(snapshot.vms[2].just_ended);
	sea_snapshot_free(&snapshot);
}

static void forgets_who_is_gone(void **state)
{
	struct fixture *f = *state;
	struct sea_snapshot snapshot;

	make_snapshot(&snapshot);
	fill(f, &snapshot);
	assert_int_equal(sea_registry_count(f->registry), 3);
	sea_vm_info_put(snapshot.vms[--snapshot.nr_vms].info);
	fill(f, &snapshot);
	assert_int_equal(sea_registry_count(f->registry), 2);
	assert_null(sea_registry_find(f->registry, 3));
	fill(f, &snapshot);
	assert_int_equal(sea_registry_count(f->registry), 2);
	sea_snapshot_free(&snapshot);
}

/* The wall clock may be set: what was said of an SEA once stays. */
static void times_do_not_move(void **state)
{
	struct fixture *f = *state;
	struct sea_snapshot snapshot;
	__u64 last;

	make_snapshot(&snapshot);
	last = SEA_LAST_NS(snapshot.vms[0].vm.last);
	fill(f, &snapshot);
	assert_int_equal(snapshot.vms[0].last_wall.tv_sec, FIXTURE_TIME - 3 - (last != 97 * SEC));
	snapshot.wall.tv_sec += 3600;
	memset(&snapshot.vms[0].last_wall, 0, sizeof(snapshot.vms[0].last_wall));
	fill(f, &snapshot);
	assert_int_equal(snapshot.vms[0].last_wall.tv_sec, FIXTURE_TIME - 3 - (last != 97 * SEC));
	/* The next SEA is dated by the new clock. */
	snapshot.vms[0].vm.last = SEA_LAST(98 * SEC, SEA_CLAIMED, 0);
	fill(f, &snapshot);
	assert_true(snapshot.vms[0].last_wall.tv_sec >= FIXTURE_TIME + 3600 - 3);
	sea_snapshot_free(&snapshot);
}

/* A detail and the row say the same time of the same SEA. */
static void a_detail_dates_the_row(void **state)
{
	struct fixture *f = *state;
	const __u64 time_ns = 97 * SEC + 12345;
	struct sea_snapshot snapshot;
	struct timespec wall;

	make_snapshot(&snapshot);
	fill(f, &snapshot);
	wall = sea_registry_date(f->registry, 1, time_ns, &f->clock);
	snapshot.vms[0].vm.last = SEA_LAST(time_ns, SEA_FORWARDED, 0);
	snapshot.wall.tv_sec -= 3600;
	fill(f, &snapshot);
	assert_memory_equal(&snapshot.vms[0].last_wall, &wall, sizeof(wall));
	/* An earlier one does not change it; a VM that is not known has its time, too. */
	sea_registry_date(f->registry, 1, 96 * SEC, &f->clock);
	fill(f, &snapshot);
	assert_memory_equal(&snapshot.vms[0].last_wall, &wall, sizeof(wall));
	wall = sea_registry_date(f->registry, 77, 99 * SEC & ~0xffULL, &f->clock);
	assert_int_equal(wall.tv_sec, FIXTURE_TIME - 1 - ((99 * SEC & 0xff) != 0));
	sea_snapshot_free(&snapshot);
}

/* A process may run several VMs: then nobody knows which one is meant. */
static void found_by_process(void **state)
{
	struct fixture *f = *state;
	struct sea_sight one = sight(1, "qemu"), two = sight(2, "qemu");
	bool news;

	sea_registry_meet(f->registry, &one, &f->clock, &news);
	assert_true(sea_registry_find_process(f->registry, 1001, 5 * SEC, 0)->id == 1);
	assert_null(sea_registry_find_process(f->registry, 1001, 6 * SEC, 0));
	assert_null(sea_registry_find_process(f->registry, 1002, 5 * SEC, 0));
	assert_null(sea_registry_find_process(f->registry, 0, 0, 0));
	two.key.tgid = 1001;
	sea_registry_meet(f->registry, &two, &f->clock, &news);
	assert_null(sea_registry_find_process(f->registry, 1001, 5 * SEC, 0));
}

/* Of several VMs of a process it is the one whose last SEA that thread took. */
static void found_by_thread(void **state)
{
	struct fixture *f = *state;
	struct sea_sight one = sight(1, "qemu"), two = sight(2, "qemu"), other = sight(3, "qemu");
	bool news;

	two.key.tgid = one.key.tgid;
	sea_registry_meet(f->registry, &one, &f->clock, &news);
	sea_registry_meet(f->registry, &two, &f->clock, &news);
	sea_registry_meet(f->registry, &other, &f->clock, &news);
	sea_registry_note_thread(f->registry, 1, 50);
	sea_registry_note_thread(f->registry, 2, 60);
	sea_registry_note_thread(f->registry, 3, 50);
	sea_registry_note_thread(f->registry, 99, 50);
	assert_int_equal(sea_registry_find_process(f->registry, 1001, 5 * SEC, 50)->id, 1);
	assert_int_equal(sea_registry_find_process(f->registry, 1001, 5 * SEC, 60)->id, 2);
	/* A thread that took none: any VM may be meant. */
	assert_null(sea_registry_find_process(f->registry, 1001, 5 * SEC, 70));
	assert_null(sea_registry_find_process(f->registry, 1001, 5 * SEC, 0));
	/* It runs the vCPUs of both by turns. */
	sea_registry_note_thread(f->registry, 2, 50);
	assert_null(sea_registry_find_process(f->registry, 1001, 5 * SEC, 50));
}

/* VMs are not asked for again while no name changes; when one does it is told. */
static void renamed_at_a_tick(void **state)
{
	struct fixture *f = *state;
	struct sea_snapshot snapshot;
	struct sea_error err;
	char path[] = "/tmp/test-registry-XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");

	make_snapshot(&snapshot);
	snapshot.vms[1].vm.creator = 0;
	fill(f, &snapshot);
	fill(f, &snapshot);
	assert_int_equal(f->told, 0);
	fprintf(file, "db01-* payroll\n");
	fclose(file);
	assert_int_equal(sea_vm_names_load(f->names, path, &err), 0);
	unlink(path);
	fill(f, &snapshot);
	assert_int_equal(f->told, 1);
	assert_string_equal(snapshot.vms[0].info->name.text, "payroll");
	/* The row learns who made the VM. */
	snapshot.vms[1].vm.creator = 4711;
	fill(f, &snapshot);
	assert_int_equal(f->told, 1);
	assert_int_equal(snapshot.vms[1].info->key.creator, 4711);
	sea_snapshot_free(&snapshot);
}

/* A better name between two fillings is told at once, and only of the VM that has it. */
static void renamed_between_ticks(void **state)
{
	struct fixture *f = *state;
	struct sea_snapshot snapshot;
	struct sea_error err;
	char path[] = "/tmp/test-registry-XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");

	make_snapshot(&snapshot);
	fill(f, &snapshot);
	f->told = 0;
	sea_registry_rename(f->registry, &f->clock, tell, f);
	assert_int_equal(f->told, 0);
	fprintf(file, "db01-* payroll\n");
	fclose(file);
	assert_int_equal(sea_vm_names_load(f->names, path, &err), 0);
	unlink(path);
	sea_registry_rename(f->registry, &f->clock, tell, f);
	assert_int_equal(f->told, 1);
	assert_string_equal(f->last->name.text, "payroll");
	assert_true(f->last->id == snapshot.vms[0].vm.id);
	assert_true(sea_registry_find(f->registry, f->last->id) == f->last);
	assert_int_equal(f->last->key.creator, snapshot.vms[0].vm.creator);
	/* The next tick has it, and has no news of it. */
	fill(f, &snapshot);
	assert_int_equal(f->told, 0);
	assert_string_equal(snapshot.vms[0].info->name.text, "payroll");
	assert_true(sea_registry_fd(f->registry) == sea_vm_names_fd(f->names));
	sea_snapshot_free(&snapshot);
}

/* What comes late is about one that has ended, unless the process has another by now. */
static void found_when_it_has_ended(void **state)
{
	struct fixture *f = *state;
	struct sea_snapshot snapshot;
	struct sea_vm *vm, *other;

	make_snapshot(&snapshot);
	vm = &snapshot.vms[0].vm;
	other = &snapshot.vms[1].vm;
	vm->ended_ns = 99 * SEC;
	fill(f, &snapshot);
	assert_true(sea_registry_find_process(f->registry, vm->tgid, vm->start_ns, 0)->id ==
		    vm->id);
	snapshot.nr_vms = 1;
	fill(f, &snapshot);
	snapshot.nr_vms = 2;
	other->tgid = vm->tgid;
	other->start_ns = vm->start_ns;
	other->ended_ns = 0;
	fill(f, &snapshot);
	assert_true(sea_registry_find_process(f->registry, vm->tgid, vm->start_ns, 0)->id ==
		    other->id);
	snapshot.nr_vms = 3;
	sea_snapshot_free(&snapshot);
}

static void rows_get_their_sigbus(void **state)
{
	struct fixture *f = *state;
	struct sea_snapshot snapshot;
	__u64 start_ns;

	make_snapshot(&snapshot);
	fill(f, &snapshot);
	assert_int_equal(snapshot.vms[0].sigbus, 0);
	start_ns = snapshot.vms[0].vm.start_ns;
	sea_registry_note_sigbus(f->registry, snapshot.vms[0].vm.tgid, start_ns + 1, 5);
	sea_registry_note_sigbus(f->registry, snapshot.vms[0].vm.tgid, start_ns, 4);
	fill(f, &snapshot);
	assert_int_equal(snapshot.vms[0].sigbus, 4);
	assert_int_equal(snapshot.vms[1].sigbus, 0);
	sea_snapshot_free(&snapshot);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(met_once),
		TEST(who_made_it_is_learnt_later),
		TEST(renamed_between_ticks),
		TEST(renamed_at_a_tick),
		TEST(rows_get_their_vms),
		TEST(forgets_who_is_gone),
		TEST(times_do_not_move),
		TEST(a_detail_dates_the_row),
		TEST(found_by_process),
		TEST(found_by_thread),
		TEST(found_when_it_has_ended),
		TEST(rows_get_their_sigbus),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
