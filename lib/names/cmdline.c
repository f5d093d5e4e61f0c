// SPDX-License-Identifier: GPL-2.0-only
#include "names/cmdline.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/printable.h"
#include "base/span.h"
#include "names/path.h"
#include "names/rules.h"

/* An option's value; open: bytes may be missing at its end. */
struct value {
	struct sea_span text;
	bool open;
	const struct sea_vmm_option *option;
};

/* Sees one value. False: it was of no use, and what was taken before stays. */
typedef bool (*take_value)(const struct value *value, char *out, size_t size);

enum match {
	NO_MATCH,
	MATCH_NEXT, /* the value is the next argument */
	MATCH_HERE, /* *arg is the value now */
};

static struct sea_span file_name(struct sea_span path)
{
	struct sea_span name = path;

	sea_span_last(&path, '/', &name);
	/* Nix runs ".qemu-system-aarch64-wrapped". */
	sea_span_skip(&name, ".");
	return name;
}

/* The name that argv[0] gives to the VM: "web" of "microvm@web". */
static bool instance_of(struct sea_span program, struct sea_span *instance)
{
	const char *const *prefix;

	for (prefix = sea_rules_instances; *prefix; prefix++) {
		*instance = program;
		if (sea_span_skip(instance, *prefix) && instance->len)
			return true;
	}
	return false;
}

/* By argv[0]; that may be anything, and then by the process's name. */
static const struct sea_vmm *vmm_of(struct sea_span program, const char *comm)
{
	const struct sea_vmm *vmm = sea_rules_vmm(file_name(program));

	if (!vmm && comm)
		vmm = sea_rules_vmm_of_comm(comm);
	return vmm ?: sea_rules_any_vmm();
}

static enum match match_option(const struct sea_vmm *vmm, const char *option, struct sea_span *arg)
{
	struct sea_span value = *arg;

	if (!sea_span_skip(&value, option))
		return NO_MATCH;
	if (!value.len)
		return MATCH_NEXT;
	if (option[0] != '-' || option[1] != '-' || vmm->qemu || !sea_span_skip(&value, "="))
		return NO_MATCH;
	*arg = value;
	return MATCH_HERE;
}

static const struct sea_vmm_option *find_option(const struct sea_vmm *vmm, enum sea_says says,
						struct sea_span *arg, enum match *match)
{
	size_t i;

	for (i = 0; i < SEA_VMM_OPTIONS && vmm->options[i].says; i++) {
		if (vmm->options[i].says != says)
			continue;
		*match = match_option(vmm, vmm->options[i].option, arg);
		if (*match != NO_MATCH)
			return &vmm->options[i];
	}
	return NULL;
}

/* The last value of use, or with first the first one. */
static bool scan(const struct sea_vm_cmdline *cmdline, const char *comm, enum sea_says says,
		 bool first, take_value take, char *out, size_t size)
{
	struct sea_span rest = {cmdline->text, cmdline->len}, arg;
	const struct sea_vmm *vmm;
	bool found = false;

	if (!sea_span_next(&rest, '\0', &arg))
		return false;
	vmm = vmm_of(arg, comm);
	while (!(found && first) && sea_span_next(&rest, '\0', &arg) && !sea_span_is(arg, "--")) {
		enum match match = NO_MATCH;
		struct value value = {.option = find_option(vmm, says, &arg, &match)};

		if (!value.option || (match == MATCH_NEXT && !sea_span_next(&rest, '\0', &arg)))
			continue;
		value.text = arg;
		value.open = cmdline->cut && arg.text + arg.len == cmdline->text + cmdline->len;
		if (take(&value, out, size))
			found = true;
	}
	return found;
}

/*
 * One item of QEMU's option syntax: it ends at a comma, and two commas stand for one.
 * text gets its value, of *len bytes, and has room for all of the option. *key is
 * empty if it has none. False: that was the last one.
 */
struct item {
	struct sea_span key;
	char *text;
	size_t len;
	bool whole; /* its end was seen */
};

static bool next_item(struct sea_span *rest, struct item *item)
{
	size_t key = 0, pos = 0;

	if (!rest->len)
		return false;
	item->key = (struct sea_span){rest->text, 0};
	item->len = 0;
	item->whole = false;
	while (key < rest->len && rest->text[key] != '=' && rest->text[key] != ',')
		key++;
	if (key < rest->len && rest->text[key] == '=') {
		item->key.len = key;
		pos = key + 1;
	}
	for (; pos < rest->len; pos++) {
		if (rest->text[pos] == ',') {
			/* If nothing follows, a second one may be cut off. */
			item->whole = pos + 1 < rest->len;
			if (!item->whole || rest->text[pos + 1] != ',')
				break;
			item->whole = false;
			pos++;
		}
		item->text[item->len++] = rest->text[pos];
	}
	*rest = sea_span_from(*rest, pos < rest->len ? pos + 1 : pos);
	return true;
}

/* The value itself, of the option's own memory, in buffer of value->text.len bytes. */
static bool plain_value(const struct value *value, char *buffer, struct sea_span *plain)
{
	struct sea_span rest = value->text;
	struct item item = {.text = buffer};
	bool found = false, first = true;

	if (value->option->value == SEA_VALUE_WHOLE) {
		*plain = value->text;
		return value->text.len && !value->open;
	}
	while (next_item(&rest, &item)) {
		bool meant = item.key.len ? sea_span_is(item.key, value->option->key) :
					    first && value->option->value == SEA_VALUE_BARE_KEY;

		first = false;
		if (!meant || !item.len || (value->open && !item.whole))
			continue;
		*plain = (struct sea_span){item.text, item.len};
		found = true;
		/* What comes behind it goes behind it. */
		item.text += item.len;
	}
	return found;
}

static bool take_name(const struct value *value, char *out, size_t size)
{
	char *buffer = malloc(value->text.len + 1);
	struct sea_span plain;
	bool found =
		buffer && plain_value(value, buffer, &plain) && sea_vm_shorten(plain, out, size);

	free(buffer);
	return found;
}

static bool is_scheme(struct sea_span path)
{
	size_t i;

	for (i = 0; i < path.len && path.text[i] != '/'; i++)
		if (path.text[i] == ':')
			return true;
	return false;
}

static bool take_path(const struct value *value, char *out, size_t size)
{
	char *buffer = malloc(value->text.len + 1);
	struct sea_span plain;
	bool found = buffer && plain_value(value, buffer, &plain);

	/* No file is what begins with another word and a colon: tcp:HOST, rbd:POOL/IMAGE. */
	if (found && !sea_span_skip(&plain, "unix:"))
		found = !is_scheme(plain);
	if (found && plain.len && plain.len < size) {
		memcpy(out, plain.text, plain.len);
		out[plain.len] = '\0';
	} else {
		found = false;
	}
	free(buffer);
	return found;
}

static bool contains(struct sea_span text, const char *word)
{
	return memmem(text.text, text.len, word, strlen(word));
}

/* A disk that the VM boots from, and not its firmware or the CD beside it. */
static bool take_image(const struct value *value, char *out, size_t size)
{
	return !contains(value->text, "pflash") && !contains(value->text, "cdrom") &&
	       !contains(value->text, "readonly=on") && take_path(value, out, size);
}

bool sea_vm_uuid_parse(const char *text, size_t len, char out[SEA_VM_UUID_LEN])
{
	size_t i;

	if (len != SEA_VM_UUID_LEN - 1)
		return false;
	for (i = 0; i < len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		unsigned char c = (unsigned char)text[i];

		if (dash ? c != '-' : !isxdigit(c))
			return false;
		out[i] = (char)tolower(c);
	}
	out[len] = '\0';
	return true;
}

static bool take_uuid(const struct value *value, char *out, size_t size)
{
	char *buffer = malloc(value->text.len + 1), uuid[SEA_VM_UUID_LEN];
	struct sea_span plain;
	bool found = buffer && size >= sizeof(uuid) && plain_value(value, buffer, &plain) &&
		     sea_vm_uuid_parse(plain.text, plain.len, uuid);

	if (found)
		memcpy(out, uuid, sizeof(uuid));
	free(buffer);
	return found;
}

bool sea_vm_name_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			      size_t size)
{
	struct sea_span rest = {cmdline->text, cmdline->len}, program, instance;

	if (scan(cmdline, comm, SEA_SAYS_NAME, false, take_name, out, size))
		return true;
	return sea_span_next(&rest, '\0', &program) && (rest.len || !cmdline->cut) &&
	       instance_of(program, &instance) && sea_vm_shorten(instance, out, size);
}

bool sea_vm_socket_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
				size_t size)
{
	return scan(cmdline, comm, SEA_SAYS_SOCKET, false, take_path, out, size);
}

bool sea_vm_image_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			       size_t size)
{
	return scan(cmdline, comm, SEA_SAYS_IMAGE, true, take_image, out, size);
}

bool sea_vm_uuid_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			      size_t size)
{
	return scan(cmdline, comm, SEA_SAYS_UUID, false, take_uuid, out, size);
}

/* A name that Kubernetes allows: lower case letters, digits and "-", or also ".". */
static bool is_kubernetes_name(struct sea_span name, bool dots)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.text[i];

		if (!islower(c) && !isdigit(c) && c != '-' && !(dots && c == '.'))
			return false;
	}
	return name.len;
}

/* guest=NAMESPACE_NAME,debug-threads=on */
static bool is_libvirt_in_a_pod(struct sea_span value)
{
	struct sea_span namespace;

	return sea_span_skip(&value, "guest=") && sea_span_drop(&value, ",debug-threads=on") &&
	       sea_span_next(&value, '_', &namespace) && is_kubernetes_name(namespace, false) &&
	       is_kubernetes_name(value, true);
}

bool sea_vm_cmdline_is_kubevirt(const struct sea_vm_cmdline *cmdline, const char *comm)
{
	struct sea_span rest = {cmdline->text, cmdline->len}, arg;
	bool is_name = false;

	if (!sea_span_next(&rest, '\0', &arg) || !vmm_of(arg, comm)->qemu)
		return false;
	while (sea_span_next(&rest, '\0', &arg)) {
		if (contains(arg, "/run/kubevirt") || contains(arg, "manufacturer=KubeVirt") ||
		    contains(arg, "family=KubeVirt") || (is_name && is_libvirt_in_a_pod(arg)))
			return true;
		is_name = sea_span_is(arg, "-name");
	}
	return false;
}
