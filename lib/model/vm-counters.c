// SPDX-License-Identifier: GPL-2.0-only
#include "model/vm-counters.h"

/* The counters of struct sea_vm: where each begins, and how many lie side by side. */
static const struct {
	size_t offset, nr;
} counters[] = {
	{offsetof(struct sea_vm, disposition), SEA_DISPOSITIONS},
	{offsetof(struct sea_vm, reason), SEA_REASONS},
	{offsetof(struct sea_vm, response), SEA_RESPONSES},
	{offsetof(struct sea_vm, latency_ns), 1},
	{offsetof(struct sea_vm, latency), SEA_LATENCY_SLOTS},
	{offsetof(struct sea_vm, lost_ratelimit), 1},
	{offsetof(struct sea_vm, lost_ring_full), 1},
	{offsetof(struct sea_vm, lost_name), 1},
};

#define NR_COUNTERS (sizeof(counters) / sizeof(counters[0]))

void sea_vm_each_counter(void (*visit)(size_t offset, void *context), void *context)
{
	size_t i, j;

	for (i = 0; i < NR_COUNTERS; i++)
		for (j = 0; j < counters[i].nr; j++)
			visit(counters[i].offset + j * sizeof(__u64), context);
}

static __u64 *counter_of(struct sea_vm *vm, size_t offset)
{
	return (__u64 *)(void *)((char *)vm + offset);
}

static const __u64 *const_counter_of(const struct sea_vm *vm, size_t offset)
{
	return (const __u64 *)(const void *)((const char *)vm + offset);
}

void sea_vm_add(struct sea_vm *sum, const struct sea_vm *vm)
{
	size_t i, j;

	for (i = 0; i < NR_COUNTERS; i++) {
		__u64 *to = counter_of(sum, counters[i].offset);
		const __u64 *from = const_counter_of(vm, counters[i].offset);

		for (j = 0; j < counters[i].nr; j++)
			to[j] += from[j];
	}
	if (SEA_LAST_NS(vm->last) > SEA_LAST_NS(sum->last))
		sum->last = vm->last;
}

void sea_vm_subtract(struct sea_vm *vm, const struct sea_vm *before)
{
	size_t i, j;

	for (i = 0; i < NR_COUNTERS; i++) {
		__u64 *to = counter_of(vm, counters[i].offset);
		const __u64 *from = const_counter_of(before, counters[i].offset);

		for (j = 0; j < counters[i].nr; j++)
			to[j] = sea_difference(to[j], from[j]);
	}
}

static __u64 sum_of(const __u64 *counter, size_t nr)
{
	__u64 sum = 0;

	while (nr--)
		sum += *counter++;
	return sum;
}

__u64 sea_vm_total(const struct sea_vm *vm)
{
	return sum_of(vm->disposition, SEA_DISPOSITIONS);
}

__u64 sea_vm_responses(const struct sea_vm *vm)
{
	return sum_of(vm->response, SEA_RESPONSES);
}

__u64 sea_vm_pending(const struct sea_vm *vm)
{
	__u64 responses = sea_vm_responses(vm);

	/* The row is copied while it grows: a response may be seen before its SEA. */
	return vm->disposition[SEA_FORWARDED] > responses ?
		       vm->disposition[SEA_FORWARDED] - responses :
		       0;
}

__u64 sea_vm_lost(const struct sea_vm *vm)
{
	return vm->lost_ratelimit + vm->lost_ring_full;
}

__u64 sea_vm_latency_us(const struct sea_vm *vm, unsigned int percent)
{
	__u64 count = sum_of(vm->latency, SEA_LATENCY_SLOTS), seen = 0;
	int i;

	if (!count)
		return 0;
	for (i = 0; i < SEA_LATENCY_SLOTS - 1; i++) {
		seen += vm->latency[i];
		/* In floating point, as a product could overflow. */
		if ((double)seen * 100.0 >= (double)count * percent)
			return 2ULL << i;
	}
	return 0;
}

__u64 sea_difference(__u64 now, __u64 before)
{
	__u64 difference = now - before;

	return difference >> 63 ? now : difference;
}
