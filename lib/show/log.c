// SPDX-License-Identifier: GPL-2.0-only
#include "show/log.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "base/hash.h"

/* How many entries a VM has. */
struct of_vm {
	__u64 id;
	size_t nr;
	UT_hash_handle hh;
};

struct sea_log {
	struct sea_logged *entries; /* the oldest one is first */
	struct of_vm *vms;
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

static void drop(struct sea_log *log, struct sea_logged *entry)
{
	struct of_vm *vm = entry->vm ? find_vm(log, entry->vm->id) : NULL;

	DL_DELETE(log->entries, entry);
	log->nr--;
	if (vm && !--vm->nr) {
		HASH_DEL(log->vms, vm);
		free(vm);
	}
	sea_vm_info_put(entry->vm);
	free(entry->gap);
	free(entry->host);
	free(entry);
}

void sea_log_clear(struct sea_log *log)
{
	while (log->entries)
		drop(log, log->entries);
	log->dropped = 0;
}

void sea_log_close(struct sea_log *log)
{
	if (!log)
		return;
	sea_log_clear(log);
	free(log);
}

/* One entry more of the VM. False: out of memory. */
static bool count_vm(struct sea_log *log, __u64 id)
{
	struct of_vm *vm = find_vm(log, id);

	if (!vm) {
		vm = calloc(1, sizeof(*vm));
		if (!vm)
			return false;
		vm->id = id;
		HASH_ADD(hh, log->vms, id, sizeof(vm->id), vm);
		if (!find_vm(log, id)) {
			free(vm);
			return false;
		}
	}
	vm->nr++;
	return true;
}

static void drop_oldest_of(struct sea_log *log, __u64 id)
{
	struct sea_logged *entry;

	DL_FOREACH(log->entries, entry)
	if (entry->vm && entry->vm->id == id)
		break;
	if (entry)
		drop(log, entry);
}

static void make_room(struct sea_log *log, const struct sea_vm_info *info)
{
	const struct of_vm *vm = info ? find_vm(log, info->id) : NULL;

	if (vm && vm->nr >= log->max_of_vm) {
		drop_oldest_of(log, info->id);
		log->dropped++;
	}
	if (log->nr >= log->max) {
		drop(log, log->entries);
		log->dropped++;
	}
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

void sea_log_put(struct sea_log *log, const struct sea_record *record)
{
	struct sea_logged *entry = calloc(1, sizeof(*entry));
	bool failed = !entry;

	log->numbered++;
	make_room(log, record->vm);
	if (entry) {
		entry->gap = copy_of(record->gap, sizeof(*record->gap), &failed);
		entry->host = copy_of(record->host, sizeof(*record->host), &failed);
	}
	if (failed || (record->vm && !count_vm(log, record->vm->id))) {
		log->dropped++;
		if (entry) {
			free(entry->gap);
			free(entry->host);
		}
		free(entry);
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
	DL_APPEND(log->entries, entry);
	log->nr++;
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
