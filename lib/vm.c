// SPDX-License-Identifier: GPL-2.0-only
#include "vm.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * More than any file that we read is worth. A name beyond this is not found: a
 * command line may be as long as the stack allows.
 */
#define PROC_FILE_MAX (128 * 1024)

#define NSEC_PER_SEC 1000000000ULL

struct key {
	uint64_t start_ns;
	uint32_t tgid;
};

struct entry {
	struct key key;
	struct sea_vm_name name;
	bool used; /* since the last prune */
};

struct sea_vm_names {
	int proc_fd;
	struct entry **entries; /* sorted by key */
	size_t nr_entries, room;
	char *buffer; /* PROC_FILE_MAX bytes */
};

const char *sea_vm_origin_name(enum sea_vm_origin origin)
{
	static const char *const names[SEA_VM_ORIGINS] = {
		[SEA_VM_FROM_CMDLINE] = "cmdline", [SEA_VM_FROM_CGROUP] = "cgroup",
		[SEA_VM_FROM_COMM] = "comm",	   [SEA_VM_FROM_PID] = "pid",
		[SEA_VM_FROM_NOTHING] = "none",
	};

	return origin < SEA_VM_ORIGINS ? names[origin] : "none";
}

/*
 * The length of the UTF-8 character at text, its code point in *cp; 0 if it is
 * none (cut short, overlong, a surrogate, past U+10FFFF).
 */
static size_t utf8_char(const unsigned char *text, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n, i;

	if (text[0] < 0x80) {
		*cp = text[0];
		return 1;
	}
	if ((text[0] & 0xe0) == 0xc0) {
		n = 2;
		*cp = text[0] & 0x1f;
	} else if ((text[0] & 0xf0) == 0xe0) {
		n = 3;
		*cp = text[0] & 0x0f;
	} else if ((text[0] & 0xf8) == 0xf0) {
		n = 4;
		*cp = text[0] & 0x07;
	} else {
		return 0;
	}
	if (n > len)
		return 0;
	for (i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (text[i] & 0x3f);
	}
	if (*cp < least[n] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return n;
}

/* Moves the cursor, breaks the line or turns the text's direction around. */
static bool is_harmful(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) ||
	       (cp >= 0xe0000 && cp <= 0xe007f);
}

size_t sea_vm_sanitize(const char *text, size_t len, char *out, size_t size)
{
	const unsigned char *in = (const unsigned char *)text;
	size_t at = 0, pos = 0;

	while (pos < len) {
		uint32_t cp = 0;
		size_t n = utf8_char(in + pos, len - pos, &cp);
		bool good = n && !is_harmful(cp);
		size_t room = good ? n : 1;

		if (at + room + 1 > size)
			break;
		if (good)
			memcpy(out + at, in + pos, n);
		else
			out[at] = '?';
		at += room;
		pos += n ? n : 1;
	}
	if (size)
		out[at] = '\0';
	return at;
}

struct span {
	const char *text;
	size_t len;
};

static bool span_is(struct span s, const char *word)
{
	return s.len == strlen(word) && !memcmp(s.text, word, s.len);
}

static bool span_begins(struct span s, const char *word)
{
	return s.len >= strlen(word) && !memcmp(s.text, word, strlen(word));
}

static bool span_ends(struct span s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && !memcmp(s.text + s.len - n, word, n);
}

/* Takes the part up to the separator, or all, off the front of *rest. */
static bool span_next(struct span *rest, char separator, struct span *part)
{
	const char *end;

	if (!rest->len)
		return false;
	end = memchr(rest->text, separator, rest->len);
	part->text = rest->text;
	part->len = end ? (size_t)(end - rest->text) : rest->len;
	rest->text += part->len + (end ? 1 : 0);
	rest->len -= part->len + (end ? 1 : 0);
	return true;
}

static bool keep(struct span s, char *name, size_t size)
{
	return s.len && sea_vm_sanitize(s.text, s.len, name, size) > 0;
}

/*
 * QEMU's option syntax: values end at a comma, two commas stand for one. A
 * first value without a key is the guest's name. The last name given wins.
 */
static bool qemu_name(struct span option, char *name, size_t size)
{
	bool found = false, first = true;
	char *value = malloc(option.len + 1);
	size_t pos = 0;

	if (!value)
		return false;
	while (pos < option.len) {
		size_t key = pos, len = 0;
		bool has_key, is_name;

		while (key < option.len && option.text[key] != '=' && option.text[key] != ',')
			key++;
		has_key = key < option.len && option.text[key] == '=';
		is_name = has_key ? span_is((struct span){option.text + pos, key - pos}, "guest") :
				    first;
		if (has_key)
			pos = key + 1;
		for (; pos < option.len; pos++) {
			if (option.text[pos] == ',') {
				if (pos + 1 >= option.len || option.text[pos + 1] != ',')
					break;
				pos++;
			}
			value[len++] = option.text[pos];
		}
		pos++;
		if (is_name && keep((struct span){value, len}, name, size))
			found = true;
		first = false;
	}
	free(value);
	return found;
}

static struct span base_name(struct span path)
{
	size_t i = path.len;

	while (i && path.text[i - 1] != '/')
		i--;
	return (struct span){path.text + i, path.len - i};
}

bool sea_vm_name_from_cmdline(const char *cmdline, size_t len, char *name, size_t size)
{
	struct span rest = {cmdline, len}, arg, value;
	bool qemu, firecracker, found = false;

	if (!span_next(&rest, '\0', &arg))
		return false;
	arg = base_name(arg);
	qemu = span_begins(arg, "qemu") || span_is(arg, "kvm");
	firecracker = span_begins(arg, "firecracker");

	while (span_next(&rest, '\0', &arg)) {
		if (span_is(arg, "-name") || (qemu && span_is(arg, "--name"))) {
			if (span_next(&rest, '\0', &value) && qemu_name(value, name, size))
				found = true;
		} else if (span_is(arg, "--name") || (firecracker && span_is(arg, "--id"))) {
			if (span_next(&rest, '\0', &value) && keep(value, name, size))
				found = true;
		} else if (!qemu && (span_begins(arg, "--name=") ||
				     (firecracker && span_begins(arg, "--id=")))) {
			size_t skip =
				(size_t)((const char *)memchr(arg.text, '=', arg.len) - arg.text) +
				1;

			value = (struct span){arg.text + skip, arg.len - skip};
			if (keep(value, name, size))
				found = true;
		} else if (span_is(arg, "--")) {
			break;
		}
	}
	return found;
}

/* "vcpu0", "iothread1": what libvirt has below the VM's own cgroup. */
static bool is_numbered(struct span s, const char *word)
{
	size_t i = strlen(word);

	if (!span_begins(s, word) || i == s.len)
		return false;
	for (; i < s.len; i++)
		if (!isdigit((unsigned char)s.text[i]))
			return false;
	return true;
}

static bool says_nothing(struct span s)
{
	return !s.len || span_is(s, ".") || span_is(s, "..") || span_ends(s, ".slice") ||
	       span_is(s, "init.scope") || span_is(s, "init") || span_is(s, "libvirt") ||
	       span_is(s, "emulator") || span_is(s, "supervisor") || span_is(s, "payload") ||
	       is_numbered(s, "vcpu") || is_numbered(s, "iothread") ||
	       (span_begins(s, "session-") && span_ends(s, ".scope")) ||
	       (span_begins(s, "run-") && span_ends(s, ".scope")) ||
	       (span_begins(s, "user@") && span_ends(s, ".service")) || span_is(s, "user");
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Undoes systemd's "\x2d". text has room for len bytes. */
static size_t unescape(struct span s, char *text)
{
	size_t i, len = 0;

	for (i = 0; i < s.len; i++) {
		if (s.len - i >= 4 && s.text[i] == '\\' && s.text[i + 1] == 'x' &&
		    hex(s.text[i + 2]) >= 0 && hex(s.text[i + 3]) >= 0) {
			text[len++] = (char)(hex(s.text[i + 2]) << 4 | hex(s.text[i + 3]));
			i += 3;
		} else {
			text[len++] = s.text[i];
		}
	}
	return len;
}

static bool path_name(struct span path, char *name, size_t size)
{
	struct span part, rest, unit = {NULL, 0};
	bool found;
	char *text;

	if (span_ends(path, " (deleted)"))
		path.len -= strlen(" (deleted)");
	for (rest = path; span_next(&rest, '/', &part);)
		if (!says_nothing(part))
			unit = part;
	if (span_ends(unit, ".scope"))
		unit.len -= strlen(".scope");
	else if (span_ends(unit, ".service"))
		unit.len -= strlen(".service");
	if (!unit.len)
		return false;

	text = malloc(unit.len);
	if (!text)
		return false;
	found = keep((struct span){text, unescape(unit, text)}, name, size);
	free(text);
	return found;
}

bool sea_vm_name_from_cgroup(const char *cgroup, size_t len, char *name, size_t size)
{
	struct span file = {cgroup, len}, line, id, controllers;
	bool found = false;

	/* Lines are "ID:CONTROLLERS:PATH"; systemd's own says most, v2 or v1. */
	while (span_next(&file, '\n', &line)) {
		if (!span_next(&line, ':', &id) || !span_next(&line, ':', &controllers))
			continue;
		if (controllers.len && !span_is(controllers, "name=systemd"))
			continue;
		if (path_name(line, name, size))
			found = true;
		if (found && controllers.len)
			break;
	}
	return found;
}

bool sea_vm_start_from_stat(const char *stat, size_t len, uint64_t *ticks)
{
	struct span rest = {stat, len}, field;
	int i;

	/* Field 2 is the name in parentheses, which may hold any of them itself. */
	while (rest.len && rest.text[rest.len - 1] != ')')
		rest.len--;
	if (!rest.len)
		return false;
	rest = (struct span){stat + rest.len, len - rest.len};

	/* What is left starts with a space: the empty field ahead of field 3. */
	for (i = 2; i <= 22; i++)
		if (!span_next(&rest, ' ', &field))
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
 * Everything is read below one descriptor of the process's directory. It stays
 * with that process, so checking the start time once is enough.
 */
static bool read_name(struct sea_vm_names *names, const struct key *key, struct sea_vm_name *name)
{
	uint64_t hz = (uint64_t)sysconf(_SC_CLK_TCK), ticks;
	char path[24];
	bool found = false;
	size_t len;
	int dir;

	snprintf(path, sizeof(path), "%u", (unsigned int)key->tgid);
	dir = openat(names->proc_fd, path, O_DIRECTORY | O_PATH | O_CLOEXEC);
	if (dir < 0)
		return false;
	if (!read_proc(names, dir, "stat", &len) ||
	    !sea_vm_start_from_stat(names->buffer, len, &ticks) ||
	    ticks != key->start_ns / (NSEC_PER_SEC / hz))
		goto out;

	if (read_proc(names, dir, "cmdline", &len) &&
	    sea_vm_name_from_cmdline(names->buffer, len, name->text, sizeof(name->text))) {
		name->origin = SEA_VM_FROM_CMDLINE;
		found = true;
	} else if (read_proc(names, dir, "cgroup", &len) &&
		   sea_vm_name_from_cgroup(names->buffer, len, name->text, sizeof(name->text))) {
		name->origin = SEA_VM_FROM_CGROUP;
		found = true;
	}
out:
	close(dir);
	return found;
}

static void make_name(uint32_t tgid, const char *comm, size_t len, struct sea_vm_name *name)
{
	/* Room for "-4294967295". */
	size_t at = sea_vm_sanitize(comm, strnlen(comm, len), name->text, sizeof(name->text) - 11);

	if (!tgid) {
		name->origin = SEA_VM_FROM_NOTHING;
		if (!at)
			strcpy(name->text, "unknown");
		return;
	}
	name->origin = at ? SEA_VM_FROM_COMM : SEA_VM_FROM_PID;
	snprintf(name->text + at, sizeof(name->text) - at, at ? "-%u" : "pid-%u", tgid);
}

int sea_vm_names_open(const char *proc, struct sea_vm_names **names, struct sea_error *err)
{
	struct sea_vm_names *n = calloc(1, sizeof(*n));

	if (!n)
		return sea_error_set(err, "cannot read VM names: out of memory");
	n->buffer = malloc(PROC_FILE_MAX);
	n->proc_fd = open(proc, O_DIRECTORY | O_PATH | O_CLOEXEC);
	if (!n->buffer || n->proc_fd < 0) {
		sea_error_set(err, "cannot read VM names: %s: %s", proc,
			      n->buffer ? strerror(errno) : "out of memory");
		sea_vm_names_close(n);
		return -1;
	}
	*names = n;
	return 0;
}

void sea_vm_names_close(struct sea_vm_names *names)
{
	size_t i;

	if (!names)
		return;
	for (i = 0; i < names->nr_entries; i++)
		free(names->entries[i]);
	free(names->entries);
	if (names->proc_fd >= 0)
		close(names->proc_fd);
	free(names->buffer);
	free(names);
}

static int compare_keys(const struct key *a, const struct key *b)
{
	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	return a->tgid < b->tgid ? -1 : a->tgid > b->tgid;
}

/* The place of the key's entry, or where it would have to go. */
static size_t place_of(const struct sea_vm_names *names, const struct key *key)
{
	size_t low = 0, high = names->nr_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_keys(&names->entries[middle]->key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A new entry at its place, without a name yet; NULL if out of memory. */
static struct entry *insert(struct sea_vm_names *names, size_t place, const struct key *key)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (e && names->nr_entries == names->room) {
		size_t room = names->room ? 2 * names->room : 64;
		struct entry **entries = realloc(names->entries, room * sizeof(struct entry *));

		if (!entries) {
			free(e);
			return NULL;
		}
		names->entries = entries;
		names->room = room;
	}
	if (!e)
		return NULL;
	e->key = *key;
	memmove(names->entries + place + 1, names->entries + place,
		(names->nr_entries - place) * sizeof(struct entry *));
	names->entries[place] = e;
	names->nr_entries++;
	return e;
}

const struct sea_vm_name *sea_vm_names_get(struct sea_vm_names *names, uint32_t tgid,
					   uint64_t start_ns, const char *comm, size_t len)
{
	static const struct sea_vm_name no_memory = {"unknown", SEA_VM_FROM_NOTHING};
	struct key key = {start_ns, tgid};
	size_t place = place_of(names, &key);
	struct entry *e;

	if (place < names->nr_entries && !compare_keys(&names->entries[place]->key, &key)) {
		e = names->entries[place];
	} else {
		e = insert(names, place, &key);
		if (!e)
			return &no_memory;
		if (!tgid || !start_ns || !read_name(names, &key, &e->name))
			make_name(tgid, comm, len, &e->name);
	}
	e->used = true;
	return &e->name;
}

void sea_vm_names_prune(struct sea_vm_names *names)
{
	size_t i, kept = 0;

	for (i = 0; i < names->nr_entries; i++) {
		struct entry *e = names->entries[i];

		if (e->used) {
			e->used = false;
			names->entries[kept++] = e;
		} else {
			free(e);
		}
	}
	names->nr_entries = kept;
}

size_t sea_vm_names_count(const struct sea_vm_names *names)
{
	return names->nr_entries;
}
