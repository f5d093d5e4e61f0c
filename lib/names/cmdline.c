// SPDX-License-Identifier: GPL-2.0-only
#include "names/cmdline.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/printable.h"
#include "base/span.h"

enum vmm {
	QEMU,
	FIRECRACKER,
	CLOUD_HYPERVISOR,
	CROSVM,
	KVMTOOL,
	ANY_OTHER,
};

/* By how the program's name begins; the first that fits. */
static const struct {
	const char *program;
	enum vmm vmm;
} programs[] = {
	{"qemu", QEMU},
	{"firecracker", FIRECRACKER},
	{"cloud-hypervisor", CLOUD_HYPERVISOR},
	{"crosvm", CROSVM},
	{"lkvm", KVMTOOL},
	{"kvmtool", KVMTOOL},
	{"kvm", QEMU}, /* Debian's and Red Hat's other names for it */
};

enum says {
	SAYS_NAME,
	SAYS_SOCKET,
	SAYS_UUID,
};

/* Options that take a value: as the next argument or, but for QEMU, behind a "=". */
static const struct option {
	enum vmm vmm;
	enum says says;
	const char *name;
	bool commas; /* the value has QEMU's syntax */
} options[] = {
	{QEMU, SAYS_NAME, "-name", true},
	{QEMU, SAYS_NAME, "--name", true},
	{QEMU, SAYS_UUID, "-uuid", false},
	{QEMU, SAYS_UUID, "--uuid", false},
	{FIRECRACKER, SAYS_NAME, "--id", false},
	{FIRECRACKER, SAYS_SOCKET, "--api-sock", false},
	{CLOUD_HYPERVISOR, SAYS_SOCKET, "--api-socket", false},
	{CROSVM, SAYS_NAME, "--name", false},
	{CROSVM, SAYS_SOCKET, "--socket", false},
	{CROSVM, SAYS_SOCKET, "-s", false},
	{KVMTOOL, SAYS_NAME, "--name", false},
	/* QEMU and Cloud Hypervisor under another name, and VMMs we have not met */
	{ANY_OTHER, SAYS_NAME, "-name", true},
	{ANY_OTHER, SAYS_NAME, "--name", false},
	{ANY_OTHER, SAYS_UUID, "-uuid", false},
	{ANY_OTHER, SAYS_SOCKET, "--api-socket", false},
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static enum vmm vmm_of(struct sea_span program)
{
	struct sea_span path = program;
	size_t i;

	sea_span_last(&path, '/', &program);
	/* Nix runs ".qemu-system-aarch64-wrapped". */
	sea_span_skip(&program, ".");
	for (i = 0; i < ARRAY_SIZE(programs); i++)
		if (sea_span_begins(program, programs[i].program))
			return programs[i].vmm;
	return ANY_OTHER;
}

/* An option's value; open: bytes may be missing at its end. */
struct value {
	struct sea_span text;
	bool open;
	bool commas;
};

/* Sees one value and says whether it was of use; if not, out stays as it is. */
typedef bool (*take_value)(const struct value *value, char *out, size_t size);

enum match {
	NO_MATCH,
	MATCH_NEXT, /* the value is the next argument */
	MATCH_HERE, /* *arg is the value now */
};

static enum match match_option(const struct option *option, struct sea_span *arg)
{
	struct sea_span value = *arg;

	if (!sea_span_skip(&value, option->name))
		return NO_MATCH;
	if (!value.len)
		return MATCH_NEXT;
	if (option->name[1] != '-' || option->vmm == QEMU || !sea_span_skip(&value, "="))
		return NO_MATCH;
	*arg = value;
	return MATCH_HERE;
}

static const struct option *find_option(enum vmm vmm, enum says says, struct sea_span *arg,
					enum match *match)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (options[i].vmm != vmm || options[i].says != says)
			continue;
		*match = match_option(&options[i], arg);
		if (*match != NO_MATCH)
			return &options[i];
	}
	return NULL;
}

static bool scan(const struct sea_vm_cmdline *cmdline, enum says says, take_value take, char *out,
		 size_t size)
{
	struct sea_span rest = {cmdline->text, cmdline->len}, arg;
	bool found = false;
	enum vmm vmm;

	if (!sea_span_next(&rest, '\0', &arg))
		return false;
	vmm = vmm_of(arg);
	while (sea_span_next(&rest, '\0', &arg) && !sea_span_is(arg, "--")) {
		enum match match = NO_MATCH;
		const struct option *option = find_option(vmm, says, &arg, &match);
		struct value value;

		if (!option || (match == MATCH_NEXT && !sea_span_next(&rest, '\0', &arg)))
			continue;
		value.text = arg;
		value.open = cmdline->cut && arg.text + arg.len == cmdline->text + cmdline->len;
		value.commas = option->commas;
		if (take(&value, out, size))
			found = true;
	}
	return found;
}

/*
 * QEMU's option syntax: values end at a comma, two commas stand for one. A first
 * value without a key is the guest's name; the last name counts.
 */
static bool take_qemu_name(const struct value *option, char *out, size_t size)
{
	struct sea_span text = option->text;
	char *value = malloc(text.len + 1);
	bool found = false, first = true;
	size_t pos = 0;

	if (!value)
		return false;
	while (pos < text.len) {
		size_t key = pos, len = 0;
		bool is_name, whole = false;

		while (key < text.len && text.text[key] != '=' && text.text[key] != ',')
			key++;
		is_name = first;
		if (key < text.len && text.text[key] == '=') {
			is_name =
				sea_span_is((struct sea_span){text.text + pos, key - pos}, "guest");
			pos = key + 1;
		}
		for (; pos < text.len; pos++) {
			if (text.text[pos] == ',') {
				/* If nothing follows, a second one may be cut off. */
				whole = pos + 1 < text.len;
				if (!whole || text.text[pos + 1] != ',')
					break;
				whole = false;
				pos++;
			}
			value[len++] = text.text[pos];
		}
		pos++;
		if (is_name && len && (whole || !option->open) &&
		    sea_printable(value, len, out, size))
			found = true;
		first = false;
	}
	free(value);
	return found;
}

static bool take_name(const struct value *value, char *out, size_t size)
{
	if (value->commas)
		return take_qemu_name(value, out, size);
	return !value->open && value->text.len &&
	       sea_printable(value->text.text, value->text.len, out, size);
}

/* What is left of a socket's file name is the VM's, or one of these. */
static bool is_common(struct sea_span name)
{
	static const char *const common[] = {
		"",
		"api",
		"sock",
		"socket",
		"http",
		"control",
		"vmm",
		"vm",
		"ch",
		"clh",
		"cloud-hypervisor",
		"firecracker",
		"fc",
		"crosvm",
		"run",
		"root",
		"tmp",
		"var",
		"lib",
		"srv",
		"home",
		".",
		"..",
		NULL,
	};

	return sea_span_in(name, common);
}

static bool take_socket(const struct value *value, char *out, size_t size)
{
	struct sea_span path = value->text, part;

	if (value->open)
		return false;
	/* path=FILE, as other options of Cloud Hypervisor have it */
	if (sea_span_skip(&path, "path=")) {
		struct sea_span rest = path;

		if (!sea_span_next(&rest, ',', &path))
			return false;
	}
	if (sea_span_begins(path, "fd="))
		return false;
	while (sea_span_last(&path, '/', &part)) {
		while (sea_span_drop(&part, ".sock") || sea_span_drop(&part, ".socket") ||
		       sea_span_drop(&part, "-sock") || sea_span_drop(&part, "-socket") ||
		       sea_span_drop(&part, ".api") || sea_span_drop(&part, "-api"))
			;
		if (!is_common(part))
			return sea_printable(part.text, part.len, out, size);
	}
	return false;
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
	return size >= SEA_VM_UUID_LEN && !value->open &&
	       sea_vm_uuid_parse(value->text.text, value->text.len, out);
}

bool sea_vm_name_from_cmdline(const struct sea_vm_cmdline *cmdline, char *out, size_t size)
{
	return scan(cmdline, SAYS_NAME, take_name, out, size);
}

bool sea_vm_name_from_socket(const struct sea_vm_cmdline *cmdline, char *out, size_t size)
{
	return scan(cmdline, SAYS_SOCKET, take_socket, out, size);
}

bool sea_vm_uuid_from_cmdline(const struct sea_vm_cmdline *cmdline, char *out, size_t size)
{
	return scan(cmdline, SAYS_UUID, take_uuid, out, size);
}
