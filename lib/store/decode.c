// SPDX-License-Identifier: GPL-2.0-only
#include "store/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct sea_decoded_vm {
	__u64 id; /* sea_vm::id */
	const struct sea_vm_info *info;
	__s32 sigbus;	 /* of the last SIGBUS for bad memory */
	int wait_status; /* -1: not known */
	UT_hash_handle hh;
};

static void forget_vms(struct sea_decoder *decoder)
{
	struct sea_decoded_vm *vm, *next;

	HASH_ITER(hh, decoder->vms, vm, next) {
		HASH_DEL(decoder->vms, vm);
		sea_vm_info_put(vm->info);
		free(vm);
	}
}

static int know_vm(struct sea_decoder *decoder, const struct sea_vm_info *info,
		   struct sea_error *err)
{
	struct sea_decoded_vm *vm;

	HASH_FIND(hh, decoder->vms, &info->id, sizeof(info->id), vm);
	if (!vm) {
		vm = calloc(1, sizeof(*vm));
		if (!vm)
			return sea_error_set(err, "cannot keep the VMs: out of memory");
		vm->id = info->id;
		vm->wait_status = -1;
		HASH_ADD(hh, decoder->vms, id, sizeof(vm->id), vm);
	}
	sea_vm_info_get(info);
	sea_vm_info_put(vm->info);
	vm->info = info;
	return 0;
}

static const struct sea_vm_info *who(__u64 id, void *context)
{
	const struct sea_decoder *decoder = context;
	struct sea_decoded_vm *vm;

	HASH_FIND(hh, decoder->vms, &id, sizeof(id), vm);
	return vm ? vm->info : NULL;
}

/* What was told of a VM between ticks, and the next one shows. */
static void note(struct sea_decoder *decoder, const struct sea_record *record)
{
	struct sea_decoded_vm *vm;

	if (!record->vm)
		return;
	HASH_FIND(hh, decoder->vms, &record->vm->id, sizeof(record->vm->id), vm);
	if (!vm)
		return;
	if (record->type == SEA_RECORD_END)
		vm->wait_status = record->end->wait_status;
	else if (record->type == SEA_RECORD_HOST && record->host->kind == SEA_HOST_SIGBUS)
		vm->sigbus = record->host->code;
}

static void show_notes(struct sea_decoder *decoder)
{
	struct sea_decoded_vm *vm;
	size_t i;

	for (i = 0; i < decoder->snapshot.nr_vms; i++) {
		struct sea_vm_state *state = &decoder->snapshot.vms[i];

		HASH_FIND(hh, decoder->vms, &state->vm.id, sizeof(state->vm.id), vm);
		if (!vm)
			continue;
		state->sigbus = vm->sigbus;
		state->vm.exit_known = vm->wait_status >= 0;
		state->vm.wait_status = vm->wait_status >= 0 ? vm->wait_status : 0;
	}
}

void sea_decode_end(struct sea_decoder *decoder, __u64 id, int wait_status)
{
	struct sea_decoded_vm *vm;

	HASH_FIND(hh, decoder->vms, &id, sizeof(id), vm);
	if (!vm)
		return;
	vm->wait_status = wait_status;
	show_notes(decoder);
}

static int decode_tick(struct sea_decoder *decoder, const struct sea_entry *entry,
		       struct sea_record *record, struct sea_error *err)
{
	struct sea_snapshot *snapshot = &decoder->snapshot;

	if (sea_change_apply(snapshot, entry->change, &record->wall, who, decoder, err))
		return -1;
	show_notes(decoder);
	snapshot->time_ns = record->time_ns;
	snapshot->wall = record->wall;
	snapshot->started_ns = decoder->session.started_ns;
	snapshot->source = decoder->session.source;
	record->tick = snapshot;
	return 0;
}

int sea_decode(struct sea_decoder *decoder, const struct sea_entry *entry,
	       struct sea_record *record, struct sea_error *err)
{
	const struct sea_session *session = entry->record.session;

	/* Numbers of VMs begin anew with each session. */
	if (strcmp(decoder->session.run, session->run)) {
		forget_vms(decoder);
		sea_snapshot_free(&decoder->snapshot);
	}
	decoder->session = *session;
	decoder->session.replayed = true;
	*record = entry->record;
	record->session = &decoder->session;
	if (record->type == SEA_RECORD_VM && know_vm(decoder, record->vm, err))
		return -1;
	note(decoder, record);
	return record->type == SEA_RECORD_TICK ? decode_tick(decoder, entry, record, err) : 0;
}

int sea_decode_sum(struct sea_decoder *decoder, const struct sea_change *sum,
		   const struct timespec lost_at[SEA_LOSS_CAUSES], struct sea_error *err)
{
	struct sea_snapshot *snapshot = &decoder->snapshot;
	const struct timespec never = {0};
	int i;

	if (sea_change_apply(snapshot, sum, &never, who, decoder, err))
		return -1;
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		snapshot->loss.last[i] = lost_at[i];
	return 0;
}

void sea_decoder_free(struct sea_decoder *decoder)
{
	forget_vms(decoder);
	sea_snapshot_free(&decoder->snapshot);
	memset(decoder, 0, sizeof(*decoder));
}
