// SPDX-License-Identifier: GPL-2.0-only
#include "model/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/printable.h"

struct entry {
	__u64 id;
	const struct sea_vm_info *info;
	const struct sea_vm_who *who; /* the names' answer that info was found out with */
	uint64_t generation;	      /* and the names' number then */
	__u64 last_ns;		      /* SEA_LAST_NS() of the last SEA; 0: none yet */
	struct timespec last_wall;    /* of last_ns */
	bool ended;		      /* its end was told */
	__s32 sigbus;		      /* si_code of the last one for bad memory; 0: none */
	__u32 tid;		      /* the thread that took the last SEA; 0: none did */
	bool present;		      /* in the snapshot that is being filled */
	UT_hash_handle hh;
};

struct sea_registry {
	struct sea_vm_names *names;
	unsigned int wait_ms;  /* for names, at each filling */
	struct entry *entries; /* by id */
};

int sea_registry_open(struct sea_vm_names *names, struct sea_registry **registry,
		      struct sea_error *err)
{
	*registry = calloc(1, sizeof(**registry));
	if (!*registry)
		return sea_error_set(err, "cannot keep the VMs: out of memory");
	(*registry)->names = names;
	return 0;
}

static void drop(struct sea_registry *registry, struct entry *e)
{
	HASH_DEL(registry->entries, e);
	sea_vm_info_put(e->info);
	free(e);
}

void sea_registry_close(struct sea_registry *registry)
{
	struct entry *e, *next;

	if (!registry)
		return;
	HASH_ITER(hh, registry->entries, e, next)
		drop(registry, e);
	free(registry);
}

static struct entry *find(const struct sea_registry *registry, __u64 id)
{
	struct entry *e;

	HASH_FIND(hh, registry->entries, &id, sizeof(id), e);
	return e;
}

const struct sea_vm_info *sea_registry_find(const struct sea_registry *registry, __u64 id)
{
	struct entry *e = find(registry, id);

	return e ? e->info : NULL;
}

static bool is_of(const struct entry *e, __u32 tgid, __u64 start_ns)
{
	return tgid && e->info->key.tgid == tgid && e->info->key.start_ns == start_ns;
}

void sea_registry_note_thread(struct sea_registry *registry, __u64 id, __u32 tid)
{
	struct entry *e = find(registry, id);

	if (e)
		e->tid = tid;
}

const struct sea_vm_info *sea_registry_find_process(const struct sea_registry *registry, __u32 tgid,
						    __u64 start_ns, __u32 tid)
{
	/* By its thread, or running, or ended: the first that there is tells. */
	enum { THREAD, RUNNING, ENDED, WAYS };
	const struct sea_vm_info *found[WAYS] = {NULL};
	unsigned int nr[WAYS] = {0}, i;
	struct entry *e, *next;

	HASH_ITER(hh, registry->entries, e, next) {
		if (!is_of(e, tgid, start_ns))
			continue;
		i = e->ended ? ENDED : RUNNING;
		found[i] = e->info;
		nr[i]++;
		if (!tid || e->tid != tid)
			continue;
		found[THREAD] = e->info;
		nr[THREAD]++;
	}
	for (i = 0; i < WAYS; i++)
		if (nr[i])
			return nr[i] == 1 ? found[i] : NULL;
	return NULL;
}

void sea_registry_note_sigbus(struct sea_registry *registry, __u32 tgid, __u64 start_ns, __s32 code)
{
	struct entry *e, *next;

	HASH_ITER(hh, registry->entries, e, next)
		if (is_of(e, tgid, start_ns))
			e->sigbus = code;
}

size_t sea_registry_count(const struct sea_registry *registry)
{
	return HASH_COUNT(registry->entries);
}

static bool is_same_name(const struct sea_vm_name *a, const struct sea_vm_name *b)
{
	return a->origin == b->origin && !strcmp(a->text, b->text) && a->disputed == b->disputed &&
	       !strcmp(a->other, b->other);
}

/* A detail does not say who made the VM; its row does. */
static bool knows_more(const struct sea_vm_key *key, const struct sea_vm_key *than)
{
	return key->creator && !than->creator;
}

/* The last part of a path says most: a longer one loses its beginning. */
static void keep_end(const char *path, char *out, size_t size)
{
	size_t len = strlen(path);

	sea_printable(len < size ? path : path + len - size + 1, len < size ? len : size - 1, out,
		      size);
}

static bool is_known(const struct sea_vm_info *info, const struct sea_sight *sight,
		     const struct sea_vm_who *who)
{
	char cgroup[SEA_VM_CGROUP_LEN];

	keep_end(who->cgroup, cgroup, sizeof(cgroup));
	return is_same_name(&info->name, &who->name) && !strcmp(info->uuid, who->uuid) &&
	       !strcmp(info->cgroup, cgroup) && !knows_more(&sight->key, &info->key);
}

static struct sea_vm_info *describe(const struct sea_sight *sight, const struct sea_vm_who *who,
				    const struct sea_clock *clock)
{
	const struct sea_vm_identity *identity = &sight->identity;
	struct sea_vm_info info = {
		.id = identity->id,
		.key = sight->key,
		.first_ns = sight->first_ns,
		.first = sea_clock_wall(clock, sight->first_ns),
		.name = who->name,
	};

	memcpy(info.uuid, who->uuid, sizeof(info.uuid));
	keep_end(who->cgroup, info.cgroup, sizeof(info.cgroup));
	if (identity->comm)
		sea_printable(identity->comm, strnlen(identity->comm, identity->comm_len),
			      info.comm, sizeof(info.comm));
	return sea_vm_info_new(&info);
}

static struct entry *add_entry(struct sea_registry *registry, __u64 id)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->id = id;
	HASH_ADD(hh, registry->entries, id, sizeof(e->id), e);
	if (find(registry, id))
		return e;
	free(e);
	return NULL;
}

static struct entry *meet(struct sea_registry *registry, const struct sea_sight *sight,
			  const struct sea_clock *clock, bool *news)
{
	struct entry *e = find(registry, sight->identity.id);
	const struct sea_vm_who *who = sea_vm_names_get(registry->names, &sight->identity);
	struct sea_vm_info *info;

	*news = false;
	if (e)
		e->who = who;
	if (e && is_known(e->info, sight, who))
		return e;
	info = describe(sight, who, clock);
	if (!info)
		return e;
	if (e) {
		/* What was known of it first stays. */
		info->first_ns = e->info->first_ns;
		info->first = e->info->first;
		if (!knows_more(&sight->key, &e->info->key))
			info->key = e->info->key;
		sea_vm_info_put(e->info);
	} else {
		e = add_entry(registry, sight->identity.id);
	}
	if (!e) {
		sea_vm_info_put(info);
		return NULL;
	}
	e->info = info;
	e->who = who;
	*news = true;
	return e;
}

const struct sea_vm_info *sea_registry_meet(struct sea_registry *registry,
					    const struct sea_sight *sight,
					    const struct sea_clock *clock, bool *news)
{
	struct entry *e = meet(registry, sight, clock, news);

	return e ? e->info : NULL;
}

static struct timespec date(struct entry *e, __u64 ns, const struct sea_clock *clock)
{
	struct timespec wall = sea_clock_wall(clock, ns);

	if (ns == e->last_ns)
		return e->last_wall;
	if (ns > e->last_ns) {
		e->last_ns = ns;
		e->last_wall = wall;
	}
	return wall;
}

struct timespec sea_registry_date(struct sea_registry *registry, __u64 id, __u64 boot_ns,
				  const struct sea_clock *clock)
{
	struct entry *e = find(registry, id);

	/* struct sea_vm keeps the time of the last SEA less its lowest bits. */
	boot_ns = SEA_LAST_NS(boot_ns);
	return e ? date(e, boot_ns, clock) : sea_clock_wall(clock, boot_ns);
}

static void sight_of(const struct sea_vm *vm, struct sea_sight *sight)
{
	*sight = (struct sea_sight){
		.identity =
			{
				.id = vm->id,
				.start_ns = vm->start_ns,
				.tgid = vm->tgid,
				.comm = vm->comm,
				.comm_len = sizeof(vm->comm),
				.ended = vm->ended_ns,
			},
		.key = {vm->start_ns, vm->tgid, vm->creator, vm->creator_fd},
		.first_ns = vm->first_ns,
	};
}

static void forget_absent(struct sea_registry *registry)
{
	struct entry *e, *next;

	HASH_ITER(hh, registry->entries, e, next) {
		if (!e->present)
			drop(registry, e);
		else
			e->present = false;
	}
}

/* No name has changed since the VM was met, and its row tells no more of who made it. */
static bool is_met(const struct entry *e, const struct sea_vm *vm, uint64_t generation)
{
	return e && e->generation == generation && (!vm->creator || e->info->key.creator);
}

void sea_registry_wait_for_names(struct sea_registry *registry, unsigned int milliseconds)
{
	registry->wait_ms = milliseconds;
}

int sea_registry_fill(struct sea_registry *registry, struct sea_snapshot *snapshot,
		      sea_registry_news tell, void *context, struct sea_error *err)
{
	const struct sea_clock clock = {snapshot->time_ns, snapshot->wall};
	struct sea_sight sight;
	uint64_t generation;
	size_t i;

	/* Names are decided on together: a socket or an image that two VMs share names neither. */
	for (i = 0; i < snapshot->nr_vms; i++) {
		const struct sea_vm *vm = &snapshot->vms[i].vm;
		const struct entry *e = find(registry, vm->id);

		if (e && sea_vm_names_keep(registry->names, e->who, vm->ended_ns))
			continue;
		sight_of(vm, &sight);
		sea_vm_names_get(registry->names, &sight.identity);
	}
	if (registry->wait_ms)
		sea_vm_names_wait(registry->names, registry->wait_ms);
	generation = sea_vm_names_settle(registry->names);
	for (i = 0; i < snapshot->nr_vms; i++) {
		struct sea_vm_state *state = &snapshot->vms[i];
		struct entry *e = find(registry, state->vm.id);
		bool news = false;

		if (!is_met(e, &state->vm, generation)) {
			sight_of(&state->vm, &sight);
			e = meet(registry, &sight, &clock, &news);
		}
		if (!e)
			return sea_error_set(err, "cannot keep the VMs: out of memory; "
						  "use a smaller --max-vms");
		e->generation = generation;
		e->present = true;
		if (state->info != e->info) {
			sea_vm_info_put(state->info);
			state->info = sea_vm_info_get(e->info);
		}
		if (state->vm.last)
			state->last_wall = date(e, SEA_LAST_NS(state->vm.last), &clock);
		state->sigbus = e->sigbus;
		state->just_ended = state->vm.ended_ns && !e->ended;
		e->ended |= state->just_ended;
		if (news)
			tell(e->info, context);
	}
	forget_absent(registry);
	sea_vm_names_prune(registry->names);
	return 0;
}

int sea_registry_fd(const struct sea_registry *registry)
{
	return sea_vm_names_fd(registry->names);
}

/* Who it is as it is known: names are remembered, and nothing else is asked for. */
static void sight_again(const struct entry *e, struct sea_sight *sight)
{
	*sight = (struct sea_sight){
		.identity =
			{
				.id = e->id,
				.start_ns = e->info->key.start_ns,
				.tgid = e->info->key.tgid,
				.comm = e->info->comm,
				.comm_len = strlen(e->info->comm),
				.ended = e->ended,
			},
		.key = e->info->key,
		.first_ns = e->info->first_ns,
	};
}

void sea_registry_rename(struct sea_registry *registry, const struct sea_clock *clock,
			 sea_registry_news tell, void *context)
{
	struct entry *e, *next;

	sea_vm_names_settle(registry->names);
	HASH_ITER(hh, registry->entries, e, next) {
		struct sea_sight sight;
		bool news;

		sight_again(e, &sight);
		meet(registry, &sight, clock, &news);
		if (news)
			tell(e->info, context);
	}
}
