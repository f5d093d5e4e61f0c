// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "model/queue.h"

static void first_in_first_out(void **state)
{
	struct sea_queue queue = {0};
	struct sea_record record = {0};
	__u64 i;

	(void)state;
	assert_false(sea_queue_take(&queue, &record));
	for (i = 1; i <= 3; i++) {
		record.time_ns = i;
		assert_true(sea_queue_put(&queue, &record));
	}
	assert_int_equal(queue.nr, 3);
	for (i = 1; i <= 3; i++) {
		assert_true(sea_queue_take(&queue, &record));
		assert_true(record.time_ns == i);
		assert_int_equal(queue.nr, 3 - i);
	}
	assert_false(sea_queue_take(&queue, &record));
	/* It can be used again. */
	assert_true(sea_queue_put(&queue, &record));
	assert_true(sea_queue_take(&queue, &record));
	assert_true(record.time_ns == 3);
	sea_queue_free(&queue);
}

/* What a record points to may be gone when it is taken: ASan sees if that is used. */
static void owns_what_it_points_to(void **state)
{
	struct sea_queue queue = {0};
	struct sea_record record;

	(void)state;
	{
		const struct sea_vm_info *info = sea_vm_info_new(&(struct sea_vm_info){.id = 5});
		struct sea_event event = {.esr = 1};
		struct sea_page page = {.pfn = 2};
		struct sea_end end = {3, -1};
		struct sea_gap gap = {.since_ns = 4};
		struct sea_host_event host = {.pfn = 6};

		sea_queue_put(&queue,
			      &(struct sea_record){.vm = info, .event = &event, .page = &page});
		sea_queue_put(&queue, &(struct sea_record){.vm = info, .end = &end});
		sea_queue_put(&queue, &(struct sea_record){.gap = &gap});
		sea_queue_put(&queue, &(struct sea_record){.host = &host});
		sea_vm_info_put(info);
		event.esr = page.pfn = end.time_ns = gap.since_ns = host.pfn = 99;
	}
	assert_true(sea_queue_take(&queue, &record));
	assert_true(record.vm->id == 5 && record.event->esr == 1 && record.page->pfn == 2);
	assert_true(sea_queue_take(&queue, &record));
	assert_true(record.vm->id == 5 && record.end->time_ns == 3 && !record.event);
	assert_true(sea_queue_take(&queue, &record));
	assert_true(record.gap->since_ns == 4);
	assert_true(sea_queue_take(&queue, &record));
	assert_true(record.host->pfn == 6 && !record.gap);
	sea_queue_free(&queue);
}

static void freed_with_records_in_it(void **state)
{
	const struct sea_vm_info *info = sea_vm_info_new(&(struct sea_vm_info){.id = 5});
	struct sea_queue queue = {0};

	(void)state;
	sea_queue_put(&queue, &(struct sea_record){.vm = info});
	sea_queue_put(&queue, &(struct sea_record){.vm = info});
	sea_vm_info_put(info);
	sea_queue_free(&queue);
	assert_int_equal(queue.nr, 0);
	assert_null(queue.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_in_first_out),
		cmocka_unit_test(owns_what_it_points_to),
		cmocka_unit_test(freed_with_records_in_it),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
