// SPDX-License-Identifier: GPL-2.0-only
#include "show/log.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "base/hash.h"

/* An entry, and the next newer one of the same VM */
struct entry {
	struct sea_logged logged;
	struct of_vm *of; /* NULL: no VM's */
	struct entry *next_of_vm;
};

/*
 * The entries of a VM: the oldest one of all is the oldest one of its VM, too. It stays
 * when it has none any more, as in a storm the next one comes soon.
 */
struct of_vm {
	__u64 id;
	size_t nr;
	struct entry *oldest, *newest;
	UT_hash_handle hh;
};

struct sea_log {
	struct sea_logged *entries; /* the oldest one is first */
	struct of_vm *vms;
	struct entry *spare; /* that was dropped, to be used again; or NULL */
	size_t nr, max, max_of_vm;
	__u64 numbered, dropped;
};

struct sea_log *sea_log_open(size_t entries, size_t of_vm)
{
	struct sea_log *log = calloc(1, sizeof(*log));

	if (!log)
		return NULL;
	log->max = entries;
	log->max_of_vm = of_vm;
	return log;
}

static struct of_vm *find_vm(const struct sea_log *log, __u64 id)
{
	struct of_vm *vm;

	HASH_FIND(hh, log->vms, &id, sizeof(id), vm);
	return vm;
}

static struct entry *entry_of(struct sea_logged *logged)
{
	return (struct entry *)(void *)logged;
}

/* The oldest entry of its VM */
static void drop(struct sea_log *log, struct entry *entry)
{
	struct of_vm *vm = entry->of;

	DL_DELETE(log->entries, &entry->logged);
	log->nr--;
	if (vm) {
		vm->oldest = entry->next_of_vm;
		vm->nr--;
	}
	sea_vm_info_put(entry->logged.vm);
	free(entry->logged.gap);
	free(entry->logged.host);
	if (log->spare)
		free(entry);
	else
		log->spare = entry;
}

/* VMs without an entry. Those with one are no more than there are entries. */
static void drop_vms(struct sea_log *log)
{
	struct of_vm *vm, *next;

	HASH_ITER(hh, log->vms, vm, next) {
		if (vm->nr)
			continue;
		HASH_DEL(log->vms, vm);
		free(vm);
	}
}

void sea_log_clear(struct sea_log *log)
{
	while (log->entries)
		drop(log, entry_of(log->entries));
	drop_vms(log);
	log->dropped = 0;
}

void sea_log_close(struct sea_log *log)
{
	if (!log)
		return;
	sea_log_clear(log);
	free(log->spare);
	free(log);
}

/* The entries of this VM; NULL: out of memory. */
static struct of_vm *vm_of(struct sea_log *log, __u64 id)
{
	struct of_vm *vm = find_vm(log, id);

	if (vm)
		return vm;
	if (HASH_COUNT(log->vms) >= 2 * log->max)
		drop_vms(log);
	vm = calloc(1, sizeof(*vm));
	if (!vm)
		return NULL;
	vm->id = id;
	HASH_ADD(hh, log->vms, id, sizeof(vm->id), vm);
	if (!find_vm(log, id)) {
		free(vm);
		return NULL;
	}
	return vm;
}

/* For one entry more, of this VM or of none */
static void make_room(struct sea_log *log, const struct of_vm *vm)
{
	if (vm && vm->nr >= log->max_of_vm) {
		drop(log, vm->oldest);
		log->dropped++;
	}
	if (log->nr >= log->max) {
		drop(log, entry_of(log->entries));
		log->dropped++;
	}
}

static void append(struct sea_log *log, struct entry *entry, struct of_vm *vm)
{
	entry->of = vm;
	if (vm && vm->nr++)
		vm->newest->next_of_vm = entry;
	else if (vm)
		vm->oldest = entry;
	if (vm)
		vm->newest = entry;
	DL_APPEND(log->entries, &entry->logged);
	log->nr++;
}

static void *copy_of(const void *from, size_t size, bool *failed)
{
	void *copy;

	if (!from)
		return NULL;
	copy = malloc(size);
	if (copy)
		memcpy(copy, from, size);
	else
		*failed = true;
	return copy;
}

/* An empty one; NULL: out of memory. */
static struct entry *new_entry(struct sea_log *log)
{
	struct entry *entry = log->spare ?: malloc(sizeof(*entry));

	log->spare = NULL;
	if (entry)
		*entry = (struct entry){0};
	return entry;
}

void sea_log_put(struct sea_log *log, const struct sea_record *record)
{
	struct of_vm *vm = record->vm ? vm_of(log, record->vm->id) : NULL;
	bool failed = record->vm && !vm;
	struct sea_logged *entry;
	struct entry *new;

	log->numbered++;
	make_room(log, vm);
	new = new_entry(log);
	entry = (struct sea_logged *)(void *)new;
	if (new) {
		entry->gap = copy_of(record->gap, sizeof(*record->gap), &failed);
		entry->host = copy_of(record->host, sizeof(*record->host), &failed);
	}
	if (failed || !new) {
		log->dropped++;
		if (new) {
			free(entry->gap);
			free(entry->host);
		}
		free(new);
		return;
	}
	entry->number = log->numbered;
	entry->type = record->type;
	entry->time_ns = record->time_ns;
	entry->wall = record->wall;
	entry->vm = sea_vm_info_get(record->vm);
	if (record->event)
		entry->event = *record->event;
	entry->has_page = record->page;
	if (record->page)
		entry->page = *record->page;
	if (record->end)
		entry->end = *record->end;
	append(log, new, vm);
}

const struct sea_logged *sea_log_newest(const struct sea_log *log)
{
	return log->entries ? log->entries->prev : NULL;
}

const struct sea_logged *sea_log_before(const struct sea_log *log, const struct sea_logged *entry)
{
	return entry == log->entries ? NULL : entry->prev;
}

const struct sea_logged *sea_log_entry(const struct sea_log *log, __u64 number)
{
	const struct sea_logged *entry;

	DL_FOREACH(log->entries, entry)
	if (entry->number == number)
		return entry;
	return NULL;
}

/* The same vCPU, and the same syndrome and address. */
static bool is_pair(const struct sea_logged *sea, const struct sea_logged *answer)
{
	return sea->vm == answer->vm && sea->event.vcpu == answer->event.vcpu &&
	       sea->event.esr == answer->event.esr && sea->event.ipa == answer->event.ipa;
}

const struct sea_logged *sea_log_partner(const struct sea_log *log, const struct sea_logged *entry)
{
	const struct sea_logged *other = entry;

	if (entry->type == SEA_RECORD_ANSWER) {
		while ((other = sea_log_before(log, other)))
			if (other->type == SEA_RECORD_SEA && is_pair(other, entry))
				return other;
		return NULL;
	}
	if (entry->type != SEA_RECORD_SEA || entry->event.disposition != SEA_FORWARDED)
		return NULL;
	for (other = entry->next; other; other = other->next) {
		/* A vCPU that takes the next one has had its answer, told or not. */
		if (other->type == SEA_RECORD_SEA && other->vm == entry->vm &&
		    other->event.vcpu == entry->event.vcpu &&
		    other->event.time_ns > entry->event.time_ns)
			return NULL;
		if (other->type == SEA_RECORD_ANSWER && is_pair(entry, other))
			return other;
	}
	return NULL;
}

size_t sea_log_count(const struct sea_log *log)
{
	return log->nr;
}

__u64 sea_log_dropped(const struct sea_log *log)
{
	return log->dropped;
}
