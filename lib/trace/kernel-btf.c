// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's Documentation/bpf/btf.rst: a header, then types, each of 12 bytes and of
 * what its kind adds to them, then strings.
 */
#include "trace/kernel-btf.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <linux/btf.h>

#include "base/file.h"
#include "trace/object.h"

#define BTF_VERSION_KNOWN 1

/* What a kind adds to struct btf_type: so many bytes, and so many for each of its members */
static const struct {
	uint8_t known, fixed, member;
} kinds[] = {
	[BTF_KIND_INT] = {1, 4, 0},
	[BTF_KIND_PTR] = {1, 0, 0},
	[BTF_KIND_ARRAY] = {1, sizeof(struct btf_array), 0},
	[BTF_KIND_STRUCT] = {1, 0, sizeof(struct btf_member)},
	[BTF_KIND_UNION] = {1, 0, sizeof(struct btf_member)},
	[BTF_KIND_ENUM] = {1, 0, sizeof(struct btf_enum)},
	[BTF_KIND_FWD] = {1, 0, 0},
	[BTF_KIND_TYPEDEF] = {1, 0, 0},
	[BTF_KIND_VOLATILE] = {1, 0, 0},
	[BTF_KIND_CONST] = {1, 0, 0},
	[BTF_KIND_RESTRICT] = {1, 0, 0},
	[BTF_KIND_FUNC] = {1, 0, 0},
	[BTF_KIND_FUNC_PROTO] = {1, 0, sizeof(struct btf_param)},
	[BTF_KIND_VAR] = {1, sizeof(struct btf_var), 0},
	[BTF_KIND_DATASEC] = {1, 0, sizeof(struct btf_var_secinfo)},
	[BTF_KIND_FLOAT] = {1, 0, 0},
	[BTF_KIND_DECL_TAG] = {1, sizeof(struct btf_decl_tag), 0},
	[BTF_KIND_TYPE_TAG] = {1, 0, 0},
	[BTF_KIND_ENUM64] = {1, 0, sizeof(struct btf_enum64)},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

int sea_btf_new_kind(const void *data, size_t size)
{
	struct btf_header header;
	struct btf_type type;
	size_t at, end;

	if (size < sizeof(header))
		return -1;
	memcpy(&header, data, sizeof(header));
	if (header.magic != BTF_MAGIC || header.hdr_len < sizeof(header))
		return -1;
	at = (size_t)header.hdr_len + header.type_off;
	end = at + header.type_len;
	if (end > size)
		return -1;
	while (at < end) {
		size_t step = sizeof(type);
		unsigned int kind;

		if (end - at < step)
			return -1;
		memcpy(&type, (const char *)data + at, sizeof(type));
		kind = BTF_INFO_KIND(type.info);
		if (kind >= KINDS)
			return (int)kind;
		if (!kinds[kind].known)
			return -1;
		step += kinds[kind].fixed + (size_t)kinds[kind].member * BTF_INFO_VLEN(type.info);
		if (step > end - at)
			return -1;
		at += step;
	}
	return 0;
}

static bool is_newer_format(const char *bytes, size_t size)
{
	struct btf_header header;

	if (size < sizeof(header))
		return false;
	memcpy(&header, bytes, sizeof(header));
	return header.magic == BTF_MAGIC &&
	       (header.version > BTF_VERSION_KNOWN || header.hdr_len > sizeof(header));
}

static enum sea_btf_state unreadable(int error, struct sea_error *err)
{
	if (error == ENOENT) {
		sea_error_set(err, "cannot read the kernel's BTF: there is no " SEA_KERNEL_BTF_PATH
				   "; boot a kernel with CONFIG_DEBUG_INFO_BTF=y, or mount sysfs");
		return SEA_BTF_ABSENT;
	}
	sea_error_set(err, "cannot read the kernel's BTF: %s; run as root, outside of a container",
		      strerror(error));
	return SEA_BTF_UNREADABLE;
}

/* libbpf could make nothing of the file, for `error`. */
static enum sea_btf_state explain(const char *path, int error, struct sea_error *err)
{
	enum sea_btf_state state = SEA_BTF_NEWER;
	size_t size;
	char *bytes = sea_file_read("", path, &size);
	int kind;

	if (!bytes)
		return unreadable(errno, err);
	kind = sea_btf_new_kind(bytes, size);
	if (kind > 0) {
		sea_error_set(
			err,
			"cannot read the kernel's BTF: it has types of kind %d, and libbpf %s "
			"does not know those; update libbpf",
			kind, libbpf_version_string());
	} else if (is_newer_format(bytes, size)) {
		sea_error_set(err,
			      "cannot read the kernel's BTF: its format is newer than libbpf %s; "
			      "update libbpf",
			      libbpf_version_string());
	} else if (kind < 0) {
		sea_error_set(err, "cannot read the kernel's BTF: it is damaged; boot a kernel "
				   "that was built again");
		state = SEA_BTF_DAMAGED;
	} else {
		sea_error_set(err,
			      "cannot read the kernel's BTF: %s; run with -v for libbpf's "
			      "reasons",
			      sea_trace_reason(error));
		state = SEA_BTF_UNREADABLE;
	}
	free(bytes);
	return state;
}

enum sea_btf_state sea_btf_read(const char *path, struct btf **btf, struct sea_error *err)
{
	sea_object_log_libbpf();
	*btf = btf__parse_raw(path);
	if (*btf)
		return SEA_BTF_READ;
	return explain(path, errno, err);
}
