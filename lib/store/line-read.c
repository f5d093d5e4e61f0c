// SPDX-License-Identifier: GPL-2.0-only
/* line-read.c - lines as entries. */
#include "store/line-read-internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* Objects in arrays in objects: a row's list of latencies is the deepest. */
#define DEPTH 8

struct sea_line_session {
	__u64 number; /* in this text */
	struct sea_session session;
	UT_hash_handle hh;
};

struct line_vm_key {
	__u64 session, id;
};

struct sea_line_vm {
	struct line_vm_key key;
	const struct sea_vm_info *info;
	UT_hash_handle hh;
};

int sea_line_reader_open(FILE *file, const char *name, struct sea_line_reader **reader,
			 struct sea_error *err)
{
	struct sea_line_reader *r = calloc(1, sizeof(*r));

	if (r) {
		r->file = file;
		r->name = strdup(name);
		r->tokener = json_tokener_new_ex(DEPTH);
	}
	if (!r || !r->name || !r->tokener) {
		sea_line_reader_close(r);
		return sea_error_set(err, "cannot read %s: out of memory", name);
	}
	json_tokener_set_flags(r->tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*reader = r;
	return 0;
}

void sea_line_reader_close(struct sea_line_reader *r)
{
	struct sea_line_session *session, *next_session;
	struct sea_line_vm *vm, *next_vm;

	if (!r)
		return;
	HASH_ITER(hh, r->sessions, session, next_session) {
		HASH_DEL(r->sessions, session);
		free(session);
	}
	HASH_ITER(hh, r->vms, vm, next_vm) {
		HASH_DEL(r->vms, vm);
		sea_vm_info_put(vm->info);
		free(vm);
	}
	json_object_put(r->object);
	if (r->tokener)
		json_tokener_free(r->tokener);
	sea_intern_free(&r->texts);
	sea_change_free(&r->change);
	free(r->line);
	free(r->name);
	free(r);
}

const struct sea_pruned *sea_line_what_pruned(const struct sea_line_reader *reader)
{
	return reader->pruned;
}

bool sea_line_is_newer(const struct sea_line_reader *reader)
{
	return reader->is_newer;
}

bool sea_line_is_incomplete(const struct sea_line_reader *reader)
{
	return reader->is_incomplete;
}

/* A line without its newline. 0: there is none any more. */
static int read_line(struct sea_line_reader *r, size_t *len, struct sea_error *err)
{
	ssize_t n;

	errno = 0;
	n = getline(&r->line, &r->room, r->file);
	if (n < 0 && (ferror(r->file) || !feof(r->file)))
		return sea_error_set(err, "cannot read %s: %s", r->name,
				     strerror(errno ? errno : EIO));
	if (n < 0)
		return 0;
	r->nr++;
	if (n > SEA_LINE_MAX)
		return sea_line_fail(r, "it is too long", err);
	if (r->line[n - 1] == '\n')
		n--;
	*len = (size_t)n;
	return 1;
}

static int parse(struct sea_line_reader *r, size_t len, struct sea_error *err)
{
	json_object_put(r->object);
	json_tokener_reset(r->tokener);
	r->object = json_tokener_parse_ex(r->tokener, r->line, (int)len);
	if (!json_object_is_type(r->object, json_type_object) ||
	    json_tokener_get_parse_end(r->tokener) != len)
		return sea_line_fail(r,
				     feof(r->file) ? "it is no JSON object, or was cut off" :
						     "it is no JSON object",
				     err);
	return 0;
}

/* "seatop.recording/1" */
static int read_head(struct sea_line_reader *r, struct sea_error *err)
{
	const char *schema = sea_line_text(r->object, "schema");
	int version = 0;

	if (strcmp(sea_line_text(r->object, "type"), "recording") ||
	    sscanf(schema, "seatop.recording/%d", &version) != 1)
		return sea_error_set(err,
				     "cannot use %s: it is no recording; give one of seastat "
				     "record or seastat export",
				     r->name);
	r->has_head = true;
	r->is_newer = version > SEA_LINE_VERSION;
	return 0;
}

static struct sea_line_session *find_session(struct sea_line_reader *r)
{
	struct sea_line_session *known;

	HASH_FIND(hh, r->sessions, &r->session, sizeof(r->session), known);
	return known;
}

/* A session's own line; one that came before says more of it. */
static int read_session(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	struct sea_line_session *known = find_session(r);
	json_object *redacted;

	if (!known) {
		known = calloc(1, sizeof(*known));
		if (!known)
			return sea_line_fail(r, "out of memory", err);
		known->number = r->session;
		HASH_ADD(hh, r->sessions, number, sizeof(known->number), known);
	}
	memset(&known->session, 0, sizeof(known->session));
	if (sea_line_take(r, r->object, &sea_line_session, &known->session, err))
		return -1;
	if (!known->session.run[0])
		return sea_line_fail(r, "a session without its run", err);
	entry->record.session = &known->session;
	entry->redacted = json_object_object_get_ex(r->object, "redacted", &redacted) &&
			  json_object_get_boolean(redacted);
	return 0;
}

static int read_vm(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	struct sea_vm_info info = {.key.creator_fd = -1};
	struct line_vm_key key = {.session = r->session};
	const struct sea_vm_info *fresh;
	struct sea_line_vm *vm;

	if (sea_line_take(r, r->object, &sea_line_vm, &info, err))
		return -1;
	if (!info.id)
		return sea_line_fail(r, "a VM without its number", err);
	key.id = info.id;
	fresh = sea_vm_info_new(&info);
	HASH_FIND(hh, r->vms, &key, sizeof(key), vm);
	if (!vm && fresh) {
		vm = calloc(1, sizeof(*vm));
		if (vm) {
			vm->key = key;
			HASH_ADD(hh, r->vms, key, sizeof(vm->key), vm);
		}
	}
	if (!vm || !fresh) {
		sea_vm_info_put(fresh);
		return sea_line_fail(r, "out of memory", err);
	}
	sea_vm_info_put(vm->info);
	vm->info = fresh;
	entry->record.vm = fresh;
	return 0;
}

/* The VM that the line is of, if it says so. */
static int read_whose(struct sea_line_reader *r, struct sea_record *record, struct sea_error *err)
{
	struct line_vm_key key = {.session = r->session};
	struct sea_line_vm *vm;

	if (sea_line_number(r->object, "vm", 0, &key.id, err))
		return sea_line_fail(r, err->text, err);
	if (!key.id)
		return 0;
	HASH_FIND(hh, r->vms, &key, sizeof(key), vm);
	if (!vm)
		return sea_line_fail(r, "it is of a VM that no line before tells of", err);
	record->vm = vm->info;
	return 0;
}

/* Who the VM's process is: as its own line says, unless this one says otherwise. */
static int read_stranger(struct sea_line_reader *r, const struct sea_vm_info *vm,
			 struct sea_error *err)
{
	struct sea_event *e = &r->event;
	__u64 tgid;
	json_object *comm;

	if (sea_line_number(r->object, "pid", vm ? vm->key.tgid : 0, &tgid, err) ||
	    sea_line_number(r->object, "start_ns", vm ? vm->key.start_ns : 0, &e->start_ns, err))
		return sea_line_fail(r, err->text, err);
	e->tgid = (__u32)tgid;
	e->vm_id = vm ? vm->id : 0;
	if (vm)
		memcpy(e->comm, vm->comm, sizeof(e->comm));
	if (json_object_object_get_ex(r->object, "comm", &comm) &&
	    json_object_is_type(comm, json_type_string)) {
		memset(e->comm, 0, sizeof(e->comm));
		memcpy(e->comm, json_object_get_string(comm),
		       strnlen(json_object_get_string(comm), sizeof(e->comm)));
	}
	return 0;
}

static int read_detail(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	struct sea_record *record = &entry->record;
	struct sea_event *e = &r->event;
	json_object *page;

	if (read_whose(r, record, err))
		return -1;
	*e = (struct sea_event){.version = SEA_ABI_VERSION, .size = sizeof(*e)};
	e->type = record->type == SEA_RECORD_SEA ? SEA_EVENT_SEA : SEA_EVENT_ANSWERED;
	if (sea_line_take(r, r->object, &sea_line_event, e, err) ||
	    read_stranger(r, record->vm, err))
		return -1;
	record->time_ns = SEA_LAST_NS(e->time_ns);
	record->event = e;
	if (record->type == SEA_RECORD_ANSWER)
		return sea_line_take(r, r->object, &sea_line_answer, e, err);
	if (!json_object_object_get_ex(r->object, "page", &page))
		return 0;
	r->page = (struct sea_page){0};
	record->page = &r->page;
	if (!json_object_is_type(page, json_type_object))
		return sea_line_fail(r, "page is no object", err);
	return sea_line_take(r, page, &sea_line_page, &r->page, err);
}

static int read_end(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	r->end = (struct sea_end){.wait_status = -1};
	entry->record.end = &r->end;
	if (read_whose(r, &entry->record, err))
		return -1;
	if (!entry->record.vm)
		return sea_line_fail(r, "an end without its VM", err);
	return sea_line_take(r, r->object, &sea_line_end, &r->end, err);
}

static int read_gap(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	r->gap = (struct sea_gap){0};
	entry->record.gap = &r->gap;
	return sea_line_take(r, r->object, &sea_line_gap, &r->gap, err);
}

static int read_host(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	r->host = (struct sea_host_event){0};
	entry->record.host = &r->host;
	if (read_whose(r, &entry->record, err))
		return -1;
	if (entry->record.vm)
		r->host.vm_id = entry->record.vm->id;
	return sea_line_take(r, r->object, &sea_line_host, &r->host, err);
}

static int read_rest(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	switch (entry->record.type) {
	case SEA_RECORD_VM:
		return read_vm(r, entry, err);
	case SEA_RECORD_SEA:
	case SEA_RECORD_ANSWER:
		return read_detail(r, entry, err);
	case SEA_RECORD_END:
		return read_end(r, entry, err);
	case SEA_RECORD_TICK:
		return sea_line_read_tick(r, entry, err);
	case SEA_RECORD_GAP:
		return read_gap(r, entry, err);
	default:
		return read_host(r, entry, err);
	}
}

static int read_entry(struct sea_line_reader *r, int type, struct sea_entry *entry,
		      struct sea_error *err)
{
	struct sea_line_session *known;

	memset(entry, 0, sizeof(*entry));
	entry->record.type = (enum sea_record_type)type;
	if (sea_line_take(r, r->object, &sea_line_head, &entry->record, err))
		return -1;
	if (sea_line_number(r->object, "session", 0, &r->session, err))
		return sea_line_fail(r, err->text, err);
	if (type == SEA_RECORD_SESSION)
		return read_session(r, entry, err);
	known = find_session(r);
	if (!known)
		return sea_line_fail(r, "it is of a session that no line before tells of", err);
	entry->record.session = &known->session;
	return read_rest(r, entry, err);
}

static int read_pruned(struct sea_line_reader *r, struct sea_error *err)
{
	const char *what = sea_line_text(r->object, "what");
	unsigned int i;

	for (i = 0; i < SEA_PRUNED_KINDS; i++)
		if (!strcmp(what, sea_pruned_name(i)))
			return sea_line_take(r, r->object, &sea_line_pruned, &r->pruned[i], err);
	r->is_incomplete = true;
	return 0;
}

int sea_line_read(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	size_t len;
	int rc, type;

	while ((rc = read_line(r, &len, err)) > 0) {
		if (!len)
			continue;
		if (parse(r, len, err))
			return -1;
		if (!r->has_head) {
			if (read_head(r, err))
				return -1;
			continue;
		}
		type = sea_record_type_number(sea_line_text(r->object, "type"));
		if (type >= 0)
			return read_entry(r, type, entry, err) ? -1 : 1;
		if (!strcmp(sea_line_text(r->object, "type"), SEA_LINE_PRUNED)) {
			if (read_pruned(r, err))
				return -1;
			continue;
		}
		/* What only a newer program writes */
		r->is_incomplete = true;
	}
	if (!rc && !r->has_head)
		return sea_error_set(err, "cannot read %s: it is empty; nothing was recorded there",
				     r->name);
	return rc;
}
