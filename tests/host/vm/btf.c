// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/btf.h>

#include "btf.h"
#include "kvm.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"
#define BTF_SIZE_MAX (64 << 20)

static struct {
	const uint8_t *types;
	const uint8_t *types_end;
	const char *strings;
	uint32_t strings_len;
} btf;

static void btf_load(void)
{
	uint8_t *data = malloc(BTF_SIZE_MAX);
	const struct btf_header *header = (const struct btf_header *)data;
	size_t size = 0;
	ssize_t n;
	int fd = open(BTF_PATH, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !data)
		err(EXIT_ENVIRONMENT, BTF_PATH);
	while ((n = read(fd, data + size, BTF_SIZE_MAX - size)) > 0)
		size += n;
	close(fd);
	if (size < sizeof(*header) || header->magic != BTF_MAGIC ||
	    header->hdr_len + (uint64_t)header->type_off + header->type_len > size ||
	    header->hdr_len + (uint64_t)header->str_off + header->str_len > size ||
	    !header->str_len || data[header->hdr_len + header->str_off + header->str_len - 1])
		errx(EXIT_ENVIRONMENT, BTF_PATH ": no valid BTF");

	btf.types = data + header->hdr_len + header->type_off;
	btf.types_end = btf.types + header->type_len;
	btf.strings = (const char *)data + header->hdr_len + header->str_off;
	btf.strings_len = header->str_len;
}

static const char *name_at(uint32_t offset)
{
	return offset < btf.strings_len ? btf.strings + offset : "";
}

/* What follows a type's header */
static size_t extra_size(const struct btf_type *type)
{
	size_t vlen = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return vlen * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return vlen * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return vlen * sizeof(struct btf_param);
	case BTF_KIND_VAR:
		return sizeof(struct btf_var);
	case BTF_KIND_DATASEC:
		return vlen * sizeof(struct btf_var_secinfo);
	case BTF_KIND_DECL_TAG:
		return sizeof(struct btf_decl_tag);
	case BTF_KIND_ENUM64:
		return vlen * sizeof(struct btf_enum64);
	default:
		return 0;
	}
}

bool btf_find(const char *struct_name, const char *member_name, unsigned int *offset)
{
	const uint8_t *p;

	if (!btf.types)
		btf_load();
	for (p = btf.types; p + sizeof(struct btf_type) <= btf.types_end;) {
		const struct btf_type *type = (const struct btf_type *)p;
		const struct btf_member *member = (const struct btf_member *)(type + 1);
		const uint8_t *next = p + sizeof(*type) + extra_size(type);

		p = next;
		if (next > btf.types_end || BTF_INFO_KIND(type->info) != BTF_KIND_STRUCT ||
		    strcmp(name_at(type->name_off), struct_name))
			continue;
		for (unsigned int i = 0; i < BTF_INFO_VLEN(type->info); i++, member++) {
			uint32_t bits = BTF_INFO_KFLAG(type->info) ?
						BTF_MEMBER_BIT_OFFSET(member->offset) :
						member->offset;

			if (!strcmp(name_at(member->name_off), member_name)) {
				*offset = bits / 8;
				return true;
			}
		}
	}
	return false;
}

unsigned int btf_offset(const char *struct_name, const char *member_name)
{
	unsigned int offset;

	if (btf_find(struct_name, member_name, &offset))
		return offset;
	errx(EXIT_ENVIRONMENT, BTF_PATH ": no %s in struct %s", member_name, struct_name);
}
