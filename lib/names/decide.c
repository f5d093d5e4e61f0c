// SPDX-License-Identifier: GPL-2.0-only
#include "names/decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

/*
 * When a VM is started anew, both may be seen to live for a moment. Only two that live
 * beside each other for so long have something in common for good.
 */
#define SETTLED_NS (2 * 1000000000ULL)

/* Bytes of "#4294967295" and the NUL. */
#define NUMBER_LEN 12

/* What a program says, of which kind; and who else does. */
struct clue {
	char *key; /* the kind's letter and the name */
	unsigned int programs, live;
	uint64_t since_ns; /* CLOCK_MONOTONIC, when it was first seen to be shared; 0: it is not */
	bool shared;	   /* it is, or has been, and names nobody */
	UT_hash_handle hh;
};

enum kind {
	MACHINE = 'm',
	CGROUP = 'c',
	SOCKET = 's',
	IMAGE = 'i',
};

static struct clue *find_clue(struct sea_vm_decisions *decisions, enum kind kind, const char *name)
{
	char key[SEA_VM_NAME_LEN + 1];
	struct clue *clue;

	snprintf(key, sizeof(key), "%c%s", kind, name);
	HASH_FIND_STR(decisions->clues, key, clue);
	return clue;
}

static void count_clue(struct sea_vm_decisions *decisions, enum kind kind, const char *name,
		       bool live)
{
	struct clue *clue = name ? find_clue(decisions, kind, name) : NULL;

	if (!name)
		return;
	if (!clue) {
		clue = calloc(1, sizeof(*clue));
		if (!clue)
			return;
		if (asprintf(&clue->key, "%c%s", kind, name) < 0) {
			free(clue);
			return;
		}
		HASH_ADD_KEYPTR(hh, decisions->clues, clue->key, strlen(clue->key), clue);
		if (!clue->hh.tbl) {
			free(clue->key);
			free(clue);
			return;
		}
	}
	clue->programs++;
	clue->live += live;
}

static void count_clues(struct sea_vm_decisions *decisions, const struct program *program)
{
	const struct sea_vm_clues *clues = &program->clues;
	/* What a process ran before is not beside what it runs now. */
	bool live = program->nr_live && program == program->process->newest;
	size_t i;

	count_clue(decisions, MACHINE, clues->machine, live);
	count_clue(decisions, CGROUP, clues->cgroup, live);
	for (i = 0; i < SEA_VM_PATH_NAMES; i++) {
		count_clue(decisions, SOCKET, clues->sockets[i], live);
		count_clue(decisions, IMAGE, clues->images[i], live);
	}
}

static uint64_t settled_ns(const struct sea_vm_decisions *decisions)
{
	return decisions->settled_ns ?: SETTLED_NS;
}

/* False: something is on probation. */
static bool judge_clues(struct sea_vm_decisions *decisions, uint64_t now_ns)
{
	struct clue *clue, *next;
	bool settled = true;

	HASH_ITER(hh, decisions->clues, clue, next) {
		if (!clue->programs) {
			HASH_DEL(decisions->clues, clue);
			free(clue->key);
			free(clue);
			continue;
		}
		if (clue->live < 2)
			clue->since_ns = 0;
		else if (!clue->since_ns)
			clue->since_ns = now_ns;
		else if (now_ns - clue->since_ns >= settled_ns(decisions))
			clue->shared = true;
		settled = settled && (clue->shared || !clue->since_ns);
	}
	return settled;
}

static void collect_clues(struct sea_vm_decisions *decisions, struct pid *pids)
{
	struct clue *clue;
	struct pid *pid;

	for (clue = decisions->clues; clue; clue = clue->hh.next)
		clue->programs = clue->live = 0;
	for (pid = pids; pid; pid = pid->hh.next) {
		const struct process *process;
		const struct program *program;

		for (process = pid->first; process; process = process->next)
			for (program = process->newest; program; program = program->older)
				count_clues(decisions, program);
	}
}

/* The first of the names that no other live VM has; NULL: there is none. */
static const char *own(struct sea_vm_decisions *decisions, enum kind kind, char *const *names,
		       size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct clue *clue = names[i] ? find_clue(decisions, kind, names[i]) : NULL;

		if (names[i] && (!clue || (!clue->shared && clue->live < 2)))
			return names[i];
	}
	return NULL;
}

static void name_by_comm(const struct vm *vm, struct sea_vm_name *name)
{
	uint32_t tgid = vm->program->process->tgid;
	/* Room for "-4294967295". */
	size_t at = sea_printable(vm->comm, strlen(vm->comm), name->text, sizeof(name->text) - 11);

	if (!tgid) {
		name->origin = SEA_VM_FROM_NOTHING;
		if (!at)
			strcpy(name->text, "unknown");
		return;
	}
	name->origin = at ? SEA_VM_FROM_COMM : SEA_VM_FROM_PID;
	snprintf(name->text + at, sizeof(name->text) - at, at ? "-%u" : "pid-%u", tgid);
}

static void set_other(struct sea_vm_name *name, enum sea_vm_origin origin, const char *text)
{
	if (!text || !strcmp(text, name->text))
		return;
	snprintf(name->other, sizeof(name->other), "%s", text);
	name->other_origin = origin;
	name->disputed = !sea_vm_names_agree(name->text, text);
}

/*
 * The name without the file. What the VMM was told comes before what machined and
 * cgroups say, but it is the VMM's own memory: whatever they say as well goes with it.
 */
static void name_by_clues(struct sea_vm_decisions *decisions, const struct vm *vm,
			  struct sea_vm_name *name)
{
	const struct sea_vm_clues *clues = &vm->program->clues;
	const char *machine = own(decisions, MACHINE, &clues->machine, 1);
	const char *cgroup = own(decisions, CGROUP, &clues->cgroup, 1);
	const char *socket = own(decisions, SOCKET, clues->sockets, SEA_VM_PATH_NAMES);
	const char *image = own(decisions, IMAGE, clues->images, SEA_VM_PATH_NAMES);
	/* In a build without libsystemd the scope's name is that of the machine. */
	const char *scope = clues->cgroup_is_machine ? cgroup : NULL;
	const char *registered = machine ?: scope ?: cgroup;
	const struct {
		const char *text;
		enum sea_vm_origin origin;
	} names[] = {
		{clues->name, SEA_VM_FROM_CMDLINE}, {machine, SEA_VM_FROM_MACHINED},
		{scope, SEA_VM_FROM_CGROUP},	    {socket, SEA_VM_FROM_CMDLINE},
		{cgroup, SEA_VM_FROM_CGROUP},	    {image, SEA_VM_FROM_CMDLINE},
	};
	const size_t nr = sizeof(names) / sizeof(names[0]);
	size_t i = 0;

	*name = (struct sea_vm_name){0};
	while (i < nr && !names[i].text)
		i++;
	if (i == nr) {
		name_by_comm(vm, name);
		return;
	}
	snprintf(name->text, sizeof(name->text), "%s", names[i].text);
	name->origin = names[i].origin;
	if (name->origin != SEA_VM_FROM_CMDLINE)
		set_other(name, SEA_VM_FROM_CMDLINE, socket);
	else
		set_other(name, machine ? SEA_VM_FROM_MACHINED : SEA_VM_FROM_CGROUP, registered);
}

static void name_by_map(const struct sea_vm_map *map, const struct vm *vm, struct sea_vm_name *name)
{
	const struct sea_vm_clues *clues = &vm->program->clues;
	struct sea_vm_facts facts = {
		.tgid = vm->program->process->tgid,
		.start_ns = vm->program->process->start_ns,
		.uuid = clues->uuid,
		.cgroup = clues->cgroup_path ?: "",
		.name = name->text,
	};
	const char *text = map ? sea_vm_map_find(map, &facts) : NULL;
	struct sea_vm_name without = *name;

	if (!text)
		return;
	*name = (struct sea_vm_name){.origin = SEA_VM_FROM_MAP, .other_origin = without.origin};
	snprintf(name->text, sizeof(name->text), "%s", text);
	if (strcmp(name->text, without.text))
		memcpy(name->other, without.text, sizeof(name->other));
}

/*
 * The VMs that the VM is numbered among. A name from the file is meant as it stands:
 * it may be that of many, and only the VMs of one process are told apart.
 */
static struct group *find_group(struct sea_vm_decisions *decisions, const struct vm *vm)
{
	const struct process *process = vm->program->process;
	char key[SEA_VM_NAME_LEN + 64];
	struct group *group;

	if (vm->plain.origin == SEA_VM_FROM_MAP)
		snprintf(key, sizeof(key), "%u.%llu:%s", process->tgid,
			 (unsigned long long)process->start_ns, vm->plain.text);
	else
		snprintf(key, sizeof(key), ":%s", vm->plain.text);
	HASH_FIND_STR(decisions->groups, key, group);
	if (group)
		return group;
	group = calloc(1, sizeof(*group));
	if (!group)
		return NULL;
	group->key = strdup(key);
	if (group->key)
		HASH_ADD_KEYPTR(hh, decisions->groups, group->key, strlen(group->key), group);
	if (!group->key || !group->hh.tbl) {
		free(group->key);
		free(group);
		return NULL;
	}
	return group;
}

/* Another VM has the name already, so that this one needs a number. */
static bool is_taken(const struct vm *vms, const struct vm *vm)
{
	const struct vm *other;

	for (other = vms; other; other = other->hh.next)
		if (other != vm && other->group == vm->group && other->number &&
		    (!other->ended || (vm->ended && other->program == vm->program)))
			return true;
	return false;
}

/* One that has ended keeps the name that it had; so the next one may have the same. */
static void number_vm(const struct sea_vm_decisions *decisions, const struct vm *vms, struct vm *vm,
		      struct group *group, uint64_t now_ns)
{
	if (!vm->key.id || !group) {
		vm->group = NULL;
		vm->number = 0;
		return;
	}
	if (vm->group != group || !vm->number) {
		vm->group = group;
		vm->number = 0;
		vm->numbered_ns = now_ns;
		if (!group->numbers)
			group->numbers = vm->number = 1;
		else
			vm->number = is_taken(vms, vm) ? ++group->numbers : 1;
	} else if (vm->number > 1 && now_ns - vm->numbered_ns < settled_ns(decisions) &&
		   !is_taken(vms, vm)) {
		/* It is the other one, started anew. */
		vm->number = 1;
	}
	if (group->nr_vms == 1)
		vm->number = 1;
}

static void write_name(struct vm *vm, struct sea_vm_name *name)
{
	char number[NUMBER_LEN];
	size_t at;

	*name = vm->plain;
	if (vm->number < 2)
		return;
	snprintf(number, sizeof(number), "#%u", vm->number);
	at = sea_printable(vm->plain.text, strlen(vm->plain.text), name->text,
			   sizeof(name->text) - strlen(number));
	strcpy(name->text + at, number);
}

static bool same_name(const struct sea_vm_name *a, const struct sea_vm_name *b)
{
	return !strcmp(a->text, b->text) && a->origin == b->origin && !strcmp(a->other, b->other) &&
	       a->other_origin == b->other_origin && a->disputed == b->disputed;
}

/* True if the answer is another one now. */
static bool answer(struct vm *vm)
{
	const struct sea_vm_clues *clues = &vm->program->clues;
	const char *cgroup = clues->cgroup_shown ?: "";
	bool asking = vm->program->process->out, changed;
	struct sea_vm_name name;

	write_name(vm, &name);
	changed = !same_name(&vm->who.name, &name) || strcmp(vm->who.uuid, clues->uuid) ||
		  strcmp(vm->cgroup ?: "", cgroup) || vm->who.asking != asking;
	if (!changed)
		return false;
	vm->who.name = name;
	memcpy(vm->who.uuid, clues->uuid, sizeof(vm->who.uuid));
	free(vm->cgroup);
	vm->cgroup = strdup(cgroup);
	vm->who.cgroup = vm->cgroup ?: "";
	vm->who.asking = asking;
	return true;
}

static void name_vm(struct sea_vm_decisions *decisions, struct vm *vm, const struct sea_vm_map *map,
		    unsigned int map_version)
{
	/* Who has ended takes no part any more, unless something is learned of him. */
	if (vm->ended && vm->version == vm->program->version && vm->map_version == map_version)
		return;
	name_by_clues(decisions, vm, &vm->plain);
	name_by_map(map, vm, &vm->plain);
	vm->version = vm->program->version;
	vm->map_version = map_version;
}

static void prune_groups(struct sea_vm_decisions *decisions)
{
	struct group *group, *next;

	HASH_ITER(hh, decisions->groups, group, next) {
		if (group->nr_vms)
			continue;
		HASH_DEL(decisions->groups, group);
		free(group->key);
		free(group);
	}
}

size_t sea_vm_decide(struct sea_vm_decisions *decisions, struct vm *vms, struct pid *pids,
		     const struct sea_vm_map *map, unsigned int map_version, uint64_t now_ns,
		     bool *again)
{
	struct group *group;
	size_t changed = 0;
	struct vm *vm;

	for (vm = vms; vm; vm = vm->hh.next)
		vm->program->nr_live = 0;
	for (vm = vms; vm; vm = vm->hh.next)
		vm->program->nr_live += !vm->ended;
	collect_clues(decisions, pids);
	*again = !judge_clues(decisions, now_ns);

	for (group = decisions->groups; group; group = group->hh.next)
		group->nr_vms = 0;
	for (vm = vms; vm; vm = vm->hh.next) {
		name_vm(decisions, vm, map, map_version);
		group = find_group(decisions, vm);
		if (group)
			group->nr_vms += vm->key.id != 0;
	}
	for (vm = vms; vm; vm = vm->hh.next) {
		number_vm(decisions, vms, vm, find_group(decisions, vm), now_ns);
		changed += answer(vm);
	}
	prune_groups(decisions);
	return changed;
}

bool sea_vm_decide_alone(struct sea_vm_decisions *decisions, struct vm *vm,
			 const struct sea_vm_map *map)
{
	bool changed;

	name_by_clues(decisions, vm, &vm->plain);
	name_by_map(map, vm, &vm->plain);
	changed = answer(vm);
	/* It is not decided yet. */
	vm->version = 0;
	return changed;
}

void sea_vm_decisions_free(struct sea_vm_decisions *decisions)
{
	struct group *group, *next_group;
	struct clue *clue, *next_clue;

	HASH_ITER(hh, decisions->groups, group, next_group) {
		HASH_DEL(decisions->groups, group);
		free(group->key);
		free(group);
	}
	HASH_ITER(hh, decisions->clues, clue, next_clue) {
		HASH_DEL(decisions->clues, clue);
		free(clue->key);
		free(clue);
	}
}
