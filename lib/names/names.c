// SPDX-License-Identifier: GPL-2.0-only
#include "names/names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/span.h"
#include "names/cgroup.h"
#include "names/names-internal.h"
#include "names/machined.h"

/*
 * More than any file that we read is worth. A name beyond this is not found: a
 * command line may be as long as the stack allows.
 */
#define PROC_FILE_MAX (128 * 1024)

#define NSEC_PER_SEC 1000000000ULL

/* Bytes of "#4294967295" and the NUL. */
#define NUMBER_LEN 12

struct process {
	uint64_t start_ns;
	uint32_t tgid;
	uint32_t nr_vms;   /* that got a number so far */
	size_t nr_entries; /* that refer to this */
	bool settled;	   /* something was there to look at: it does not get better */
	struct sea_vm_name name;
	char uuid[SEA_VM_UUID_LEN];
	char *cgroup; /* safe to show; NULL: unknown */
};

struct entry {
	uint64_t id; /* 0: not a VM, the process */
	struct process *process;
	uint32_t number; /* of the VM in its process, from 1; 0 if id is 0 */
	bool used;	 /* since the last prune */
	struct sea_vm_who who;
};

/* Sorted pointers; the list owns what they point to. */
struct list {
	void **items;
	size_t nr, room;
	int (*compare)(const void *a, const void *b);
};

struct sea_vm_names {
	int proc_fd;
	int event_fd;
	uint64_t generation; /* see sea_vm_names_settle() */
	const struct sea_vm_map *map;
	struct sea_vm_map *own_map;   /* that of sea_vm_names_load(), or NULL */
	sea_vm_ask_machined machined; /* NULL: nobody to ask */
	struct list processes;	      /* struct process, by tgid and start time */
	struct list entries;	      /* struct entry, by id, those without one by process */
	char *buffer;		      /* PROC_FILE_MAX bytes */
};

static int compare_processes(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	if (x->tgid != y->tgid)
		return x->tgid < y->tgid ? -1 : 1;
	return x->start_ns < y->start_ns ? -1 : x->start_ns > y->start_ns;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->id ? 0 : compare_processes(x->process, y->process);
}

/* The item that is like key, or NULL; *place is its place, or where it would have to go. */
static void *list_find(const struct list *list, const void *key, size_t *place)
{
	size_t low = 0, high = list->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->compare(list->items[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*place = low;
	return low < list->nr && !list->compare(list->items[low], key) ? list->items[low] : NULL;
}

/* A copy of item at its place; NULL if out of memory. */
static void *list_insert(struct list *list, size_t place, const void *item, size_t size)
{
	void *copy;

	if (list->nr == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		void **items = realloc(list->items, room * sizeof(*items));

		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	copy = malloc(size);
	if (!copy)
		return NULL;
	memcpy(copy, item, size);
	memmove(list->items + place + 1, list->items + place,
		(list->nr - place) * sizeof(*list->items));
	list->items[place] = copy;
	list->nr++;
	return copy;
}

static void free_process(struct process *process)
{
	free(process->cgroup);
	free(process);
}

bool sea_vm_start_from_stat(const char *stat, size_t len, uint64_t *ticks)
{
	struct sea_span rest = {stat, len}, field;
	int i;

	/* Field 2 is the name in parentheses, which may hold any of them itself. */
	while (rest.len && rest.text[rest.len - 1] != ')')
		rest.len--;
	if (!rest.len)
		return false;
	rest = (struct sea_span){stat + rest.len, len - rest.len};

	/* What is left starts with a space: the empty field ahead of field 3. */
	for (i = 2; i <= 22; i++)
		if (!sea_span_next(&rest, ' ', &field))
			return false;
	if (!field.len || field.len > 20)
		return false;
	for (*ticks = 0; field.len; field.text++, field.len--) {
		unsigned int digit = (unsigned int)(*field.text - '0');

		if (digit > 9)
			return false;
		if (__builtin_mul_overflow(*ticks, 10, ticks) ||
		    __builtin_add_overflow(*ticks, digit, ticks))
			return false;
	}
	return true;
}

/* Reads a small file below the process's directory; false if it is not there. */
static bool read_proc(struct sea_vm_names *names, int dir, const char *file, size_t *len)
{
	int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	if (fd < 0)
		return false;
	*len = 0;
	while (*len < PROC_FILE_MAX) {
		n = read(fd, names->buffer + *len, PROC_FILE_MAX - *len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		*len += (size_t)n;
	}
	close(fd);
	return n >= 0 && *len;
}

/*
 * The process's directory, or -1 if there is none, or if another process has the
 * pid. The descriptor stays with that process: checking once is enough.
 */
static int open_process(struct sea_vm_names *names, uint32_t tgid, uint64_t start_ns)
{
	uint64_t hz = (uint64_t)sysconf(_SC_CLK_TCK), ticks;
	char path[24];
	size_t len;
	int dir;

	if (!tgid || !start_ns)
		return -1;
	snprintf(path, sizeof(path), "%u", (unsigned int)tgid);
	dir = openat(names->proc_fd, path, O_DIRECTORY | O_PATH | O_CLOEXEC);
	if (dir < 0)
		return -1;
	if (read_proc(names, dir, "stat", &len) &&
	    sea_vm_start_from_stat(names->buffer, len, &ticks) &&
	    ticks == start_ns / (NSEC_PER_SEC / hz))
		return dir;
	close(dir);
	return -1;
}

/* What can be said about a process, from all that there is. */
struct clues {
	char uuid[SEA_VM_UUID_LEN];
	char name[SEA_VM_NAME_LEN];    /* "": none */
	char socket[SEA_VM_NAME_LEN];  /* likewise */
	char machine[SEA_VM_NAME_LEN]; /* likewise */
	char cgroup[SEA_VM_NAME_LEN];  /* likewise */
	char *cgroup_path;	       /* NULL: unknown; to be freed */
	bool pod;
};

static void look_at_cmdline(struct clues *clues, const struct sea_vm_cmdline *cmdline)
{
	if (!sea_vm_name_from_cmdline(cmdline, clues->name, sizeof(clues->name)))
		clues->name[0] = '\0';
	if (!sea_vm_name_from_socket(cmdline, clues->socket, sizeof(clues->socket)))
		clues->socket[0] = '\0';
	if (!sea_vm_uuid_from_cmdline(cmdline, clues->uuid, sizeof(clues->uuid)))
		clues->uuid[0] = '\0';
}

static void look_at_cgroup(struct clues *clues, struct sea_span path)
{
	if (!sea_vm_name_from_cgroup(path, clues->cgroup, sizeof(clues->cgroup)))
		clues->cgroup[0] = '\0';
	clues->pod = sea_vm_cgroup_is_pod(path);
	clues->cgroup_path = strndup(path.text, path.len);
}

static void ask_machined(struct sea_vm_names *names, struct clues *clues, int dir, uint32_t tgid)
{
	char machine[SEA_VM_NAME_LEN];
	size_t len;

	if (!names->machined || !names->machined(tgid, machine, sizeof(machine)))
		return;
	/* It was asked by pid: only if the process is still there was it about it. */
	if (!read_proc(names, dir, "stat", &len) ||
	    !sea_vm_name_from_machine(machine, strlen(machine), clues->machine,
				      sizeof(clues->machine)))
		clues->machine[0] = '\0';
}

/* A process that is gone: what somebody saw of it. False: nobody did. */
static bool look_back(struct sea_vm_names *names, struct clues *clues,
		      const struct sea_vm_identity *identity)
{
	if (identity->cmdline.text)
		look_at_cmdline(clues, &identity->cmdline);
	if (identity->cgroup_id &&
	    sea_vm_cgroup_by_id(identity->cgroup_id, names->buffer, PROC_FILE_MAX))
		look_at_cgroup(clues, (struct sea_span){names->buffer, strlen(names->buffer)});
	return identity->cmdline.text || identity->cgroup_id;
}

/* False if there was nothing to look at. */
static bool look_at_process(struct sea_vm_names *names, struct clues *clues,
			    const struct sea_vm_identity *identity)
{
	int dir = open_process(names, identity->tgid, identity->start_ns);
	struct sea_vm_cmdline cmdline = identity->cmdline;
	struct sea_span path;
	size_t len;

	if (dir < 0)
		return look_back(names, clues, identity);
	/* A process that is about to end has an empty command line, but a cgroup. */
	if (read_proc(names, dir, "cmdline", &len))
		cmdline = (struct sea_vm_cmdline){names->buffer, len, len == PROC_FILE_MAX};
	if (cmdline.text)
		look_at_cmdline(clues, &cmdline);
	if (read_proc(names, dir, "cgroup", &len) && sea_vm_cgroup_path(names->buffer, len, &path))
		look_at_cgroup(clues, path);
	if (!clues->name[0])
		ask_machined(names, clues, dir, identity->tgid);
	close(dir);
	return cmdline.text;
}

/*
 * KubeVirt calls its QEMUs NAMESPACE_NAME. A namespace has no "_" in it, and
 * everybody writes NAMESPACE/NAME.
 */
static void name_in_pod(char *name)
{
	char *line = strchr(name, '_');

	if (line && line > name && line[1])
		*line = '/';
}

static void name_by_comm(const struct sea_vm_identity *identity, struct sea_vm_name *name)
{
	const char *comm = identity->comm ?: "";
	/* Room for "-4294967295". */
	size_t at = sea_printable(comm, strnlen(comm, identity->comm_len), name->text,
				  sizeof(name->text) - 11);

	if (!identity->tgid) {
		name->origin = SEA_VM_FROM_NOTHING;
		if (!at)
			strcpy(name->text, "unknown");
		return;
	}
	name->origin = at ? SEA_VM_FROM_COMM : SEA_VM_FROM_PID;
	snprintf(name->text + at, sizeof(name->text) - at, at ? "-%u" : "pid-%u", identity->tgid);
}

static void set_name(struct sea_vm_name *name, enum sea_vm_origin origin, const char *text)
{
	*name = (struct sea_vm_name){.origin = origin};
	strcpy(name->text, text);
}

/* A copy that is safe to show; NULL if there is none. */
static char *clean_copy(const char *text)
{
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy = text ? malloc(size) : NULL;

	if (copy)
		sea_printable(text, size - 1, copy, size);
	return copy;
}

static void name_process(struct sea_vm_names *names, const struct sea_vm_identity *identity,
			 struct process *process)
{
	struct sea_vm_name *name = &process->name;
	struct clues clues = {0};

	process->settled = look_at_process(names, &clues, identity);
	if (clues.name[0]) {
		if (clues.pod)
			name_in_pod(clues.name);
		set_name(name, SEA_VM_FROM_CMDLINE, clues.name);
	} else if (clues.machine[0]) {
		set_name(name, SEA_VM_FROM_MACHINED, clues.machine);
	} else if (clues.socket[0]) {
		set_name(name, SEA_VM_FROM_CMDLINE, clues.socket);
	} else if (clues.cgroup[0]) {
		set_name(name, SEA_VM_FROM_CGROUP, clues.cgroup);
	} else {
		name_by_comm(identity, name);
	}

	if (names->map) {
		struct sea_vm_facts facts = {
			.tgid = identity->tgid,
			.start_ns = identity->start_ns,
			.uuid = clues.uuid,
			.cgroup = clues.cgroup_path ?: "",
			.name = name->text,
		};
		const char *text = sea_vm_map_find(names->map, &facts);

		if (text) {
			struct sea_vm_name without = *name;

			set_name(name, SEA_VM_FROM_MAP, text);
			memcpy(name->other, without.text, sizeof(name->other));
			name->other_origin = without.origin;
		}
	}
	memcpy(process->uuid, clues.uuid, sizeof(process->uuid));
	process->cgroup = clean_copy(clues.cgroup_path);
	free(clues.cgroup_path);
}

/* The process's name, and the VM's number if it is not the first. */
static void name_entry(struct entry *e)
{
	char number[NUMBER_LEN];
	size_t at;

	e->who.name = e->process->name;
	memcpy(e->who.uuid, e->process->uuid, sizeof(e->who.uuid));
	e->who.cgroup = e->process->cgroup ?: "";
	if (e->number < 2)
		return;
	snprintf(number, sizeof(number), "#%u", e->number);
	at = sea_printable(e->process->name.text, strlen(e->process->name.text), e->who.name.text,
			   sizeof(e->who.name.text) - strlen(number));
	strcpy(e->who.name.text + at, number);
}

int sea_vm_names_open(const char *proc, struct sea_vm_names **names, struct sea_error *err)
{
	struct sea_vm_names *n = calloc(1, sizeof(*n));

	if (!n)
		return sea_error_set(err, "cannot read VM names: out of memory");
	n->processes.compare = compare_processes;
	n->entries.compare = compare_entries;
	n->buffer = malloc(PROC_FILE_MAX);
	n->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	n->proc_fd = open(proc, O_DIRECTORY | O_PATH | O_CLOEXEC);
	if (!n->buffer || n->event_fd < 0 || n->proc_fd < 0) {
		sea_error_set(err, "cannot read VM names: %s: %s", proc,
			      n->buffer ? strerror(errno) : "out of memory");
		sea_vm_names_close(n);
		return -1;
	}
	/* machined knows about the processes of the real one only. */
	if (!strcmp(proc, "/proc"))
		n->machined = sea_vm_machined;
	*names = n;
	return 0;
}

void sea_vm_names_close(struct sea_vm_names *names)
{
	size_t i;

	if (!names)
		return;
	for (i = 0; i < names->entries.nr; i++)
		free(names->entries.items[i]);
	free(names->entries.items);
	for (i = 0; i < names->processes.nr; i++)
		free_process(names->processes.items[i]);
	free(names->processes.items);
	if (names->proc_fd >= 0)
		close(names->proc_fd);
	if (names->event_fd >= 0)
		close(names->event_fd);
	sea_vm_map_free(names->own_map);
	free(names->buffer);
	free(names);
}

void sea_vm_names_set_map(struct sea_vm_names *names, const struct sea_vm_map *map)
{
	names->map = map;
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

static struct process *get_process(struct sea_vm_names *names,
				   const struct sea_vm_identity *identity)
{
	struct process key = {.start_ns = identity->start_ns, .tgid = identity->tgid}, *process;
	size_t place;

	process = list_find(&names->processes, &key, &place);
	if (process)
		return process;
	name_process(names, identity, &key);
	process = list_insert(&names->processes, place, &key, sizeof(key));
	if (!process)
		free(key.cgroup);
	return process;
}

static struct entry *get_entry(struct sea_vm_names *names, const struct sea_vm_identity *identity)
{
	struct process process = {.start_ns = identity->start_ns, .tgid = identity->tgid};
	struct entry key = {.id = identity->id, .process = &process}, *e;
	size_t place;

	e = list_find(&names->entries, &key, &place);
	if (e)
		return e;
	key.process = get_process(names, identity);
	if (!key.process)
		return NULL;
	if (key.id)
		key.number = key.process->nr_vms + 1;
	name_entry(&key);
	e = list_insert(&names->entries, place, &key, sizeof(key));
	if (e) {
		e->process->nr_vms += e->id != 0;
		e->process->nr_entries++;
	}
	return e;
}

/* Now that somebody tells what he saw, and if it was that which was missing. */
static void improve(struct sea_vm_names *names, struct process *process,
		    const struct sea_vm_identity *identity)
{
	struct process better = *process;
	size_t i;

	name_process(names, identity, &better);
	process->settled = better.settled = true;
	if (better.name.origin >= process->name.origin) {
		free(better.cgroup);
		return;
	}
	free(process->cgroup);
	*process = better;
	names->generation++;
	for (i = 0; i < names->entries.nr; i++) {
		struct entry *e = names->entries.items[i];

		if (e->process == process)
			name_entry(e);
	}
}

const struct sea_vm_who *sea_vm_names_get(struct sea_vm_names *names,
					  const struct sea_vm_identity *identity)
{
	static const struct sea_vm_who no_memory = {
		.name = {.text = "unknown", .origin = SEA_VM_FROM_NOTHING},
		.cgroup = "",
	};
	struct entry *e = get_entry(names, identity);
	struct process *process;

	if (!e)
		return &no_memory;
	e->used = true;
	process = e->process;
	if (!process->settled && (identity->cmdline.text || identity->cgroup_id) &&
	    process->tgid == identity->tgid && process->start_ns == identity->start_ns)
		improve(names, process, identity);
	return &e->who;
}

void sea_vm_names_prune(struct sea_vm_names *names)
{
	struct list *entries = &names->entries, *processes = &names->processes;
	size_t i, kept = 0;

	for (i = 0; i < entries->nr; i++) {
		struct entry *e = entries->items[i];

		if (e->used) {
			e->used = false;
			entries->items[kept++] = e;
		} else {
			e->process->nr_entries--;
			free(e);
		}
	}
	entries->nr = kept;

	for (i = 0, kept = 0; i < processes->nr; i++) {
		struct process *process = processes->items[i];

		if (process->nr_entries)
			processes->items[kept++] = process;
		else
			free_process(process);
	}
	processes->nr = kept;
}

int sea_vm_names_fd(const struct sea_vm_names *names)
{
	return names->event_fd;
}

uint64_t sea_vm_names_settle(struct sea_vm_names *names)
{
	return names->generation;
}

bool sea_vm_names_wait(struct sea_vm_names *names, unsigned int milliseconds)
{
	(void)names;
	(void)milliseconds;
	return true;
}

size_t sea_vm_names_count(const struct sea_vm_names *names)
{
	return names->entries.nr;
}
