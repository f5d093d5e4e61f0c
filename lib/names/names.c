// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of VMs: who was asked for, what looks at their processes have brought,
 * and which program each VM belongs to. decide.c makes names of it.
 */
#include "names/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names/decide.h"
#include "names/machined.h"
#include "names/names-internal.h"
#include "names/registry.h"

#define NSEC_PER_MSEC 1000000ULL

/* What a look at one process is waited for, and all looks between two settlements. */
#define WAIT_ONE_NS (20 * NSEC_PER_MSEC)
#define WAIT_ALL_NS (50 * NSEC_PER_MSEC)

struct sea_vm_names {
	char *proc;
	struct sea_errands *errands;
	sea_vm_ask_machined machined; /* NULL: nobody to ask */
	const struct sea_vm_map *map;
	struct sea_vm_map *own_map; /* that of sea_vm_names_load(), or NULL */
	unsigned int map_version;   /* counts its changes, from 1 */
	struct pid *pids;	    /* hash */
	struct vm *vms;		    /* hash, in the order in which they came */
	uint64_t nr_came;
	size_t nr_out; /* looks that are not back */
	struct sea_vm_decisions decisions;
	bool dirty; /* there is something to decide */
	uint64_t generation;
	uint64_t waited_ns; /* since the last settlement */
};

int sea_vm_names_open(const char *proc, struct sea_vm_names **names, struct sea_error *err)
{
	struct sea_vm_names *n;

	if (access(proc, X_OK))
		return sea_error_set(err, "cannot read VM names: %s: %s; mount procfs there", proc,
				     strerror(errno));
	n = calloc(1, sizeof(*n));
	if (!n)
		return sea_error_set(err, "cannot read VM names: out of memory");
	n->map_version = 1;
	n->proc = strdup(proc);
	if (!n->proc) {
		sea_vm_names_close(n);
		return sea_error_set(err, "cannot read VM names: out of memory");
	}
	if (sea_errands_open(&n->errands, err)) {
		sea_vm_names_close(n);
		return -1;
	}
	/* machined knows about the processes of the real one only. */
	if (!strcmp(proc, "/proc"))
		n->machined = sea_vm_machined;
	*names = n;
	return 0;
}

static void join(struct program *program, struct vm *vm)
{
	vm->program = program;
	vm->sibling = program->vms;
	program->vms = vm;
}

static void part(struct vm *vm)
{
	struct vm **link = &vm->program->vms;

	while (*link != vm)
		link = &(*link)->sibling;
	*link = vm->sibling;
}

static void free_vm(struct sea_vm_names *names, struct vm *vm)
{
	HASH_DEL(names->vms, vm);
	part(vm);
	free(vm->cgroup);
	free(vm);
}

static void free_program(struct program *program)
{
	sea_vm_clues_free(&program->clues);
	free(program);
}

/* Programs without a VM, but for the newest one, which the next VM may be of. */
static void prune_programs(struct process *process)
{
	struct program **link = &process->newest, *program;

	while ((program = *link)) {
		if (program->vms || program == process->newest) {
			link = &program->older;
			continue;
		}
		*link = program->older;
		free_program(program);
	}
}

static bool has_vms(const struct process *process)
{
	const struct program *program;

	for (program = process->newest; program; program = program->older)
		if (program->vms)
			return true;
	return false;
}

static void free_process(struct process *process)
{
	struct program *program;

	while ((program = process->newest)) {
		process->newest = program->older;
		free_program(program);
	}
	free(process);
}

/* Calls back who is to look at a process that has no VM any more, if he is still here. */
static void call_back(struct sea_vm_names *names, struct process *process)
{
	struct sea_vm_look *look = process->out;

	if (!look || has_vms(process) || !sea_errands_call_back(names->errands, &look->errand))
		return;
	look->errand.free(&look->errand);
	process->out = NULL;
	names->nr_out--;
}

/* Processes without VMs; all: with them. One that is looked at has to stay. */
static void prune_processes(struct sea_vm_names *names, bool all)
{
	struct pid *pid, *next;

	HASH_ITER(hh, names->pids, pid, next) {
		struct process **link = &pid->first, *process;

		while ((process = *link)) {
			if (!all)
				call_back(names, process);
			if (!all && (process->out || has_vms(process))) {
				prune_programs(process);
				link = &process->next;
				continue;
			}
			*link = process->next;
			free_process(process);
		}
		if (pid->first)
			continue;
		HASH_DEL(names->pids, pid);
		free(pid);
	}
}

void sea_vm_names_close(struct sea_vm_names *names)
{
	struct vm *vm, *next;

	if (!names)
		return;
	sea_errands_close(names->errands);
	HASH_ITER(hh, names->vms, vm, next)
		free_vm(names, vm);
	prune_processes(names, true);
	sea_vm_decisions_free(&names->decisions);
	sea_vm_map_free(names->own_map);
	free(names->proc);
	free(names);
}

void sea_vm_names_set_map(struct sea_vm_names *names, const struct sea_vm_map *map)
{
	names->map = map;
	names->map_version++;
	names->dirty = true;
}

int sea_vm_names_load(struct sea_vm_names *names, const char *path, struct sea_error *err)
{
	struct sea_vm_map *map;

	if (sea_vm_map_load(path, &map, err))
		return -1;
	sea_vm_names_set_map(names, map);
	sea_vm_map_free(names->own_map);
	names->own_map = map;
	return 0;
}

void sea_vm_names_set_machined(struct sea_vm_names *names, sea_vm_ask_machined ask)
{
	names->machined = ask;
}

void sea_vm_names_set_settled(struct sea_vm_names *names, uint64_t ns)
{
	names->decisions.settled_ns = ns;
}

/* A program that the process runs from now on; NULL: out of memory. */
static struct program *new_program(struct process *process)
{
	struct program *program = calloc(1, sizeof(*program));

	if (!program)
		return NULL;
	program->process = process;
	program->older = process->newest;
	program->version = 1;
	process->newest = program;
	return program;
}

static void change(struct sea_vm_names *names, struct program *program)
{
	program->version++;
	names->dirty = true;
}

static void move_vm(struct sea_vm_names *names, struct vm *vm, struct program *program)
{
	part(vm);
	join(program, vm);
	vm->version = 0;
	names->dirty = true;
}

/*
 * /proc has the start in ticks of 10 ms. A process that got the pid within the tick in
 * which another one with that pid started looks the same there: what was read after
 * the second one's start is the second one's.
 */
static bool is_usurped(const struct pid *pid, const struct process *process, uint64_t read_ns)
{
	const struct process *other;

	for (other = pid->first; other; other = other->next)
		if (other->start_ns > process->start_ns && other->start_ns <= read_ns)
			return true;
	return false;
}

static struct pid *find_pid(struct sea_vm_names *names, uint32_t tgid)
{
	struct pid *pid;

	HASH_FIND(hh, names->pids, &tgid, sizeof(tgid), pid);
	return pid;
}

/* Takes back what was read of processes that were gone already. */
static void disown(struct sea_vm_names *names, struct pid *pid)
{
	struct process *process;

	for (process = pid->first; process; process = process->next) {
		struct program *program = process->newest;

		if (!program->read_ns || !is_usurped(pid, process, program->read_ns))
			continue;
		program->read_ns = 0;
		if (!program->from_kernel)
			sea_vm_clues_free(&program->clues);
		else if (!process->cgroup_id)
			sea_vm_clues_drop_place(&program->clues);
		else
			sea_vm_clues_set_machine(&program->clues, "");
		change(names, program);
	}
}

static struct process *find_process(struct sea_vm_names *names, uint32_t tgid, uint64_t start_ns)
{
	struct pid *pid = find_pid(names, tgid);
	struct process *process = pid ? pid->first : NULL;

	while (process && process->start_ns != start_ns)
		process = process->next;
	return process;
}

static struct process *get_process(struct sea_vm_names *names,
				   const struct sea_vm_identity *identity)
{
	struct process *process = find_process(names, identity->tgid, identity->start_ns);
	struct pid *pid;

	if (process)
		return process;
	process = calloc(1, sizeof(*process));
	if (!process)
		return NULL;
	process->tgid = identity->tgid;
	process->start_ns = identity->start_ns;
	pid = find_pid(names, identity->tgid);
	if (!pid) {
		pid = calloc(1, sizeof(*pid));
		if (pid) {
			pid->tgid = identity->tgid;
			HASH_ADD(hh, names->pids, tgid, sizeof(pid->tgid), pid);
		}
		if (!pid || !pid->hh.tbl)
			goto no_memory;
	}
	if (!new_program(process)) {
		if (!pid->first) {
			HASH_DEL(names->pids, pid);
			goto no_memory;
		}
		pid = NULL;
		goto no_memory;
	}
	process->next = pid->first;
	pid->first = process;
	disown(names, pid);
	return process;
no_memory:
	free(pid);
	free(process);
	return NULL;
}

static bool is_alone(const struct program *program)
{
	return program->vms && !program->vms->sibling;
}

/* Sends somebody to look at the process, or again when he is back who is there now. */
static void look_at(struct sea_vm_names *names, struct process *process)
{
	const struct program *newest = process->newest;
	struct sea_vm_look *look;

	if (!process->tgid || !process->start_ns)
		return;
	names->dirty = true;
	if (process->out) {
		process->look_again = true;
		return;
	}
	look = sea_vm_look_new(names->proc, process->tgid, process->start_ns);
	if (!look)
		return;
	look->who = process;
	look->cgroup_id = process->cgroup_id;
	look->machined = names->machined;
	/* Of its only VM the kernel has seen all: what it has seen need not be read. */
	look->cmdline_known = newest->from_kernel && !newest->clues.cmdline_cut && is_alone(newest);
	process->out = look;
	process->look_again = false;
	process->asked = names->nr_came;
	names->nr_out++;
	sea_errands_send(names->errands, &look->errand);
}

/* The cgroup and the machine, if nothing better is known. */
static void take_quick(struct sea_vm_names *names, struct program *program,
		       const struct sea_vm_look *look, const char *cgroup)
{
	struct sea_vm_clues *clues = &program->clues;

	if (cgroup && (!clues->cgroup_path || strcmp(clues->cgroup_path, cgroup))) {
		sea_vm_clues_set_cgroup(clues, cgroup);
		change(names, program);
	}
	if (look->machine && !clues->machine) {
		sea_vm_clues_set_machine(clues, look->machine);
		change(names, program);
	}
	if (look->there)
		program->read_ns = look->read_ns;
}

/* The VM came before the look began, and nobody knows if it is of an earlier program. */
static bool is_unverified(const struct vm *vm)
{
	return !vm->verified && vm->order <= vm->program->process->asked;
}

static bool has_unverified(const struct program *program)
{
	const struct vm *vm;

	for (vm = program->vms; vm; vm = vm->sibling)
		if (is_unverified(vm))
			return true;
	return false;
}

static void move_unverified(struct sea_vm_names *names, struct program *from, struct program *to)
{
	struct vm *vm, *next;

	for (vm = from->vms; vm; vm = next) {
		next = vm->sibling;
		if (is_unverified(vm))
			move_vm(names, vm, to);
	}
}

static void verify(struct program *program)
{
	struct vm *vm;

	for (vm = program->vms; vm; vm = vm->sibling)
		if (is_unverified(vm))
			vm->verified = true;
}

/*
 * The program that the look is about: the newest, or one that nobody knew of, if the
 * command line is another one now. NULL: what was seen is not of this process.
 */
static struct program *program_of(struct sea_vm_names *names, struct process *process,
				  const struct sea_vm_cmdline *cmdline)
{
	struct program *newest = process->newest, *program;

	if (!cmdline->text || !newest->clues.cmdline ||
	    sea_vm_clues_same_cmdline(&newest->clues, cmdline))
		return newest;
	/* What the kernel saw of these very VMs is right. */
	if (!has_unverified(newest))
		return NULL;
	program = new_program(process);
	if (program)
		move_unverified(names, newest, program);
	return program;
}

/* A command line that is known from the kernel in part is known in full now. */
static bool is_news(const struct sea_vm_clues *clues, const struct sea_vm_cmdline *cmdline)
{
	return cmdline->text && (!clues->cmdline || (clues->cmdline_cut && !cmdline->cut));
}

static void take_whole(struct sea_vm_names *names, struct program *program,
		       const struct sea_vm_look *look, const struct sea_vm_cmdline *cmdline)
{
	take_quick(names, program, look, look->cgroup ?: look->cgroup_by_id);
	if (is_news(&program->clues, cmdline)) {
		sea_vm_clues_set_cmdline(&program->clues, cmdline,
					 program->vms ? program->vms->comm : NULL);
		change(names, program);
	}
	verify(program);
}

/* What was seen was another process, but the cgroup is that which the kernel saw. */
static void take_cgroup(struct sea_vm_names *names, struct program *program,
			const struct sea_vm_look *look)
{
	const char *path = look->cgroup ?: look->cgroup_by_id;

	if (!look->cgroup_id || !path)
		return;
	sea_vm_clues_set_cgroup(&program->clues, path);
	change(names, program);
}

/* Somebody is back, or has sent word of what he found so far. */
static void take_look(struct sea_vm_names *names, struct sea_vm_look *look, bool done)
{
	struct process *process = look->who;
	struct program *program = process->newest;
	struct sea_vm_cmdline cmdline = {0};
	bool usurped =
		look->there && is_usurped(find_pid(names, process->tgid), process, look->read_ns);

	if (!done) {
		/* Before its command line is read, nobody knows which program this is. */
		if (!usurped && !program->clues.cmdline)
			take_quick(names, program, look, look->cgroup);
		return;
	}
	cmdline = (struct sea_vm_cmdline){look->cmdline, look->len, look->cut};
	if (!usurped)
		program = program_of(names, process, &cmdline);
	if (!usurped && program)
		take_whole(names, program, look, &cmdline);
	else
		take_cgroup(names, process->newest, look);
	process->out = NULL;
	process->late = false;
	names->nr_out--;
	names->dirty = true;
	look->errand.free(&look->errand);
	if (process->look_again)
		look_at(names, process);
}

static void take_news(struct sea_vm_names *names)
{
	struct sea_errand *errand;
	bool done;

	while ((errand = sea_errands_news(names->errands, &done)))
		take_look(names, (struct sea_vm_look *)errand, done);
}

/* Waits a moment for who looks at the process: most are back in less than a tick. */
static void await(struct sea_vm_names *names, struct process *process)
{
	uint64_t now = sea_errands_now(), began = now, until;

	if (process->late || names->waited_ns >= WAIT_ALL_NS)
		return;
	until = WAIT_ALL_NS - names->waited_ns;
	until = now + (until < WAIT_ONE_NS ? until : WAIT_ONE_NS);
	while (process->out && now < until) {
		if (sea_errands_wait(names->errands, until))
			take_news(names);
		now = sea_errands_now();
	}
	process->late = process->out;
	/* Only who does not come back uses it up. */
	if (process->late)
		names->waited_ns += now - began;
}

static struct vm_key key_of(const struct sea_vm_identity *identity)
{
	if (identity->id)
		return (struct vm_key){.id = identity->id};
	return (struct vm_key){.start_ns = identity->start_ns, .tgid = identity->tgid};
}

static struct vm *new_vm(struct sea_vm_names *names, const struct sea_vm_identity *identity)
{
	struct process *process = get_process(names, identity);
	struct vm *vm = process ? calloc(1, sizeof(*vm)) : NULL;
	size_t len = identity->comm ? strnlen(identity->comm, identity->comm_len) : 0;

	if (!vm)
		return NULL;
	vm->key = key_of(identity);
	HASH_ADD(hh, names->vms, key, sizeof(vm->key), vm);
	if (!vm->hh.tbl) {
		free(vm);
		return NULL;
	}
	vm->order = ++names->nr_came;
	vm->who.cgroup = "";
	if (len >= sizeof(vm->comm))
		len = sizeof(vm->comm) - 1;
	if (len)
		memcpy(vm->comm, identity->comm, len);
	join(process->newest, vm);
	names->dirty = true;
	return vm;
}

/* What the kernel saw of the process, which may be gone by now. */
static void take_record(struct sea_vm_names *names, struct vm *vm,
			const struct sea_vm_cmdline *cmdline)
{
	struct process *process = vm->program->process;
	struct program *program = vm->program;
	struct sea_vm_clues *clues = &program->clues;

	if (clues->cmdline && sea_vm_clues_same_cmdline(clues, cmdline)) {
		program->from_kernel = true;
		vm->verified = true;
		return;
	}
	if (clues->cmdline && !is_alone(program)) {
		program = new_program(process);
		if (!program)
			return;
		move_vm(names, vm, program);
	} else if (clues->cmdline) {
		/* What was read was not this process, or is not what it was any more. */
		sea_vm_clues_free(clues);
		program->read_ns = 0;
	}
	sea_vm_clues_set_cmdline(&program->clues, cmdline, vm->comm);
	program->from_kernel = true;
	vm->verified = true;
	change(names, program);
}

static const struct sea_vm_who no_memory = {
	.name = {.text = "unknown", .origin = SEA_VM_FROM_NOTHING},
	.cgroup = "",
};

const struct sea_vm_who *sea_vm_names_get(struct sea_vm_names *names,
					  const struct sea_vm_identity *identity)
{
	struct vm_key key = key_of(identity);
	struct process *process;
	bool is_new, seen;
	struct vm *vm;

	HASH_FIND(hh, names->vms, &key, sizeof(key), vm);
	is_new = !vm;
	if (is_new)
		vm = new_vm(names, identity);
	if (!vm)
		return &no_memory;
	vm->used = true;
	names->dirty = names->dirty || vm->ended != identity->ended;
	vm->ended = identity->ended;

	process = vm->program->process;
	seen = (identity->cmdline.text || identity->cgroup_id) && process->tgid == identity->tgid &&
	       process->start_ns == identity->start_ns;
	if (seen && identity->cgroup_id)
		process->cgroup_id = identity->cgroup_id;
	if (seen && identity->cmdline.text)
		take_record(names, vm, &identity->cmdline);
	if (is_new || (seen && !vm->program->clues.cgroup_path))
		look_at(names, process);
	if (is_new)
		await(names, process);
	if (vm->version != vm->program->version &&
	    sea_vm_decide_alone(&names->decisions, vm, names->map))
		names->generation++;
	return &vm->who;
}

bool sea_vm_names_keep(struct sea_vm_names *names, const struct sea_vm_who *who, bool ended)
{
	/* It is a part of one of ours, none of which is const. */
	struct vm *vm = (struct vm *)((uintptr_t)who - offsetof(struct vm, who));

	if (who == &no_memory)
		return false;
	vm->used = true;
	names->dirty = names->dirty || vm->ended != ended;
	vm->ended = ended;
	return true;
}

int sea_vm_names_fd(const struct sea_vm_names *names)
{
	return sea_errands_fd(names->errands);
}

uint64_t sea_vm_names_settle(struct sea_vm_names *names)
{
	take_news(names);
	names->waited_ns = 0;
	if (names->dirty && sea_vm_decide(&names->decisions, names->vms, names->pids, names->map,
					  names->map_version, sea_errands_now(), &names->dirty))
		names->generation++;
	return names->generation;
}

bool sea_vm_names_wait(struct sea_vm_names *names, unsigned int milliseconds)
{
	uint64_t until = sea_errands_now() + milliseconds * NSEC_PER_MSEC;

	take_news(names);
	while (names->nr_out && sea_errands_wait(names->errands, until))
		take_news(names);
	return !names->nr_out;
}

void sea_vm_names_prune(struct sea_vm_names *names)
{
	struct vm *vm, *next;
	bool gone = false;

	HASH_ITER(hh, names->vms, vm, next) {
		if (vm->used) {
			vm->used = false;
			continue;
		}
		free_vm(names, vm);
		gone = true;
	}
	if (!gone)
		return;
	prune_processes(names, false);
	/* Who is left may have a name to himself now, before the next one comes. */
	names->dirty = true;
	sea_vm_names_settle(names);
}

size_t sea_vm_names_count(const struct sea_vm_names *names)
{
	return HASH_COUNT(names->vms);
}
