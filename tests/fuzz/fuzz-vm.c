// SPDX-License-Identifier: GPL-2.0-only
/* The first byte says which parser, the rest is what it gets. */
#include "fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "names/cgroup.h"
#include "names/clues.h"
#include "names/look.h"
#include "names/map.h"

enum parser {
	CMDLINE,
	CGROUP,
	STAT,
	SANITIZE,
	MAP,
	MACHINE,
	CLUES,
	PARSERS,
};

#define CUT 0x40   /* the command line is not all of it */
#define SMALL 0x80 /* into a small buffer */

/* What every name must be: not empty, and the same after another cleaning. */
static void check_name(const char *name, size_t size)
{
	char again[SEA_VM_NAME_LEN];
	size_t len = strlen(name);

	CHECK(len > 0 && len < size);
	CHECK(sea_printable(name, len, again, sizeof(again)) == len);
	CHECK(!strcmp(name, again));
}

/* More of the command line never takes back what a part of it said. */
static void check_cut(const struct sea_vm_cmdline *cmdline, const char *name, size_t room)
{
	struct sea_vm_cmdline whole = {cmdline->text, cmdline->len, false};
	char again[SEA_VM_NAME_LEN];

	CHECK(sea_vm_name_from_cmdline(&whole, NULL, again, room));
	/* It may have a later name, which is not sure to be whole. */
	CHECK(!strcmp(name, again) || cmdline->text[cmdline->len - 1]);
}

static void fuzz_path(const char *path, size_t room)
{
	struct sea_span span = {path, strlen(path)}, names[SEA_VM_PATH_NAMES];
	size_t i, nr = sea_vm_path_names(span, names);
	char name[SEA_VM_NAME_LEN];

	CHECK(nr <= SEA_VM_PATH_NAMES);
	for (i = 0; i < nr; i++) {
		CHECK(names[i].len && names[i].text >= path);
		CHECK(names[i].text + names[i].len <= path + span.len);
		CHECK(sea_vm_shorten(names[i], name, room));
		check_name(name, room);
	}
}

static void fuzz_cmdline(const char *text, size_t len, bool cut, size_t room)
{
	struct sea_vm_cmdline cmdline = {text, len, cut};
	char name[SEA_VM_NAME_LEN], uuid[SEA_VM_UUID_LEN], again[SEA_VM_UUID_LEN], path[4096];

	if (sea_vm_name_from_cmdline(&cmdline, NULL, name, room)) {
		check_name(name, room);
		if (cut)
			check_cut(&cmdline, name, room);
	}
	if (sea_vm_name_from_cmdline(&cmdline, "firecracker", name, room))
		check_name(name, room);
	if (sea_vm_socket_from_cmdline(&cmdline, NULL, path, sizeof(path)))
		fuzz_path(path, room);
	if (sea_vm_image_from_cmdline(&cmdline, NULL, path, sizeof(path)))
		fuzz_path(path, room);
	sea_vm_cmdline_is_kubevirt(&cmdline, NULL);
	if (sea_vm_uuid_from_cmdline(&cmdline, NULL, uuid, sizeof(uuid))) {
		CHECK(sea_vm_uuid_parse(uuid, strlen(uuid), again));
		CHECK(!strcmp(uuid, again));
	}
}

static void fuzz_cgroup(const char *text, size_t len, size_t room)
{
	char name[SEA_VM_NAME_LEN];
	struct sea_span path;

	if (!sea_vm_cgroup_path(text, len, &path))
		return;
	CHECK(path.len && path.text >= text && path.text + path.len <= text + len);
	sea_vm_cgroup_is_pod(path);
	sea_vm_cgroup_is_machine(path);
	if (sea_vm_name_from_cgroup(path, name, room))
		check_name(name, room);
}

static void fuzz_map(const char *text, size_t len)
{
	static const struct sea_vm_facts facts = {
		.tgid = 42,
		.start_ns = 1,
		.uuid = "5ee4fa21-6f8b-4a8c-9df0-0123456789ab",
		.cgroup = "/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator",
		.name = "web-0123456789-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
	};
	struct sea_vm_map *map = NULL;
	struct sea_error err = {0};
	const char *name;

	if (sea_vm_map_parse(text, len, "file", 2, &map, &err)) {
		CHECK(!map && err.status == SEA_STATUS_ERROR);
		CHECK(strstr(err.text, "file") && !strchr(err.text, '\n'));
		return;
	}
	name = sea_vm_map_find(map, &facts);
	if (name)
		check_name(name, SEA_VM_NAME_LEN);
	sea_vm_map_free(map);
}

/* A command line, a 0xff and a cgroup's path: all that is made of a process. */
static void fuzz_clues(const char *text, size_t len)
{
	const char *end = memchr(text, 0xff, len);
	struct sea_vm_cmdline cmdline = {text, end ? (size_t)(end - text) : len, false};
	struct sea_vm_clues clues = {0};
	char cgroup[1024];

	snprintf(cgroup, sizeof(cgroup), "%.*s", end ? (int)(len - cmdline.len - 1) : 0,
		 end ? end + 1 : "");
	sea_vm_clues_set_cmdline(&clues, &cmdline, NULL);
	sea_vm_clues_set_cgroup(&clues, cgroup);
	CHECK(sea_vm_clues_same_cmdline(&clues, &cmdline));
	if (clues.name)
		check_name(clues.name, SEA_VM_NAME_LEN);
	if (clues.cgroup)
		check_name(clues.cgroup, SEA_VM_NAME_LEN);
	if (clues.name && clues.cgroup) {
		bool agree = sea_vm_names_agree(clues.name, clues.cgroup);

		CHECK(sea_vm_names_agree(clues.name, clues.name));
		CHECK(sea_vm_names_agree(clues.cgroup, clues.name) == agree);
	}
	sea_vm_clues_free(&clues);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	char name[SEA_VM_NAME_LEN];
	size_t room = sizeof(name);
	uint64_t ticks;

	if (!size)
		return 0;
	size--;
	if (data[0] & SMALL)
		room = 8;
	switch ((data[0] & 0x3f) % PARSERS) {
	case CMDLINE:
		fuzz_cmdline(text, size, data[0] & CUT, room);
		break;
	case CGROUP:
		fuzz_cgroup(text, size, room);
		break;
	case STAT:
		sea_vm_start_from_stat(text, size, &ticks);
		break;
	case SANITIZE:
		if (sea_printable(text, size, name, room))
			check_name(name, room);
		break;
	case MAP:
		fuzz_map(text, size);
		break;
	case CLUES:
		fuzz_clues(text, size);
		break;
	case MACHINE:
		if (sea_vm_name_from_machine(text, size, name, room))
			check_name(name, room);
		break;
	}
	return 0;
}
