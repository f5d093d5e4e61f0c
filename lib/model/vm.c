// SPDX-License-Identifier: GPL-2.0-only
#include "model/vm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sea_vm_key_text(const struct sea_vm_key *key, char text[SEA_VM_KEY_LEN])
{
	int n = snprintf(text, SEA_VM_KEY_LEN, "%" PRIu32 "-%" PRIu64 "-%" PRIu32 "-", key->tgid,
			 (uint64_t)key->start_ns, key->creator);

	if (key->creator_fd < 0)
		snprintf(text + n, SEA_VM_KEY_LEN - (size_t)n, "?");
	else
		snprintf(text + n, SEA_VM_KEY_LEN - (size_t)n, "%" PRId32, key->creator_fd);
}

/* Takes a decimal number of at most max, and the end character behind it, off *text. */
static bool take_number(const char **text, char end, uint64_t max, uint64_t *number)
{
	const char *c = *text;

	if (*c < '0' || *c > '9')
		return false;
	for (*number = 0; *c >= '0' && *c <= '9'; c++)
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(*c - '0'), number))
			return false;
	if (*c != end || *number > max)
		return false;
	*text = c + (end != '\0');
	return true;
}

bool sea_vm_key_parse(const char *text, struct sea_vm_key *key)
{
	uint64_t tgid, start, creator, fd;

	if (!take_number(&text, '-', UINT32_MAX, &tgid) ||
	    !take_number(&text, '-', UINT64_MAX, &start) ||
	    !take_number(&text, '-', UINT32_MAX, &creator))
		return false;
	key->creator_fd = -1;
	if (strcmp(text, "?")) {
		if (!take_number(&text, '\0', INT32_MAX, &fd))
			return false;
		key->creator_fd = (__s32)fd;
	}
	key->tgid = (__u32)tgid;
	key->start_ns = start;
	key->creator = (__u32)creator;
	return true;
}

bool sea_vm_key_equal(const struct sea_vm_key *a, const struct sea_vm_key *b)
{
	return a->tgid == b->tgid && a->start_ns == b->start_ns && a->creator == b->creator &&
	       a->creator_fd == b->creator_fd;
}

struct sea_vm_info *sea_vm_info_new(const struct sea_vm_info *from)
{
	struct sea_vm_info *info = malloc(sizeof(*info));

	if (!info)
		return NULL;
	*info = *from;
	info->refs = 1;
	return info;
}

/* The count is the only part that changes while others look. */
static struct sea_vm_info *unlock(const struct sea_vm_info *info)
{
	return (struct sea_vm_info *)(uintptr_t)info;
}

const struct sea_vm_info *sea_vm_info_get(const struct sea_vm_info *info)
{
	if (info)
		__atomic_fetch_add(&unlock(info)->refs, 1, __ATOMIC_RELAXED);
	return info;
}

void sea_vm_info_put(const struct sea_vm_info *info)
{
	if (info && !__atomic_sub_fetch(&unlock(info)->refs, 1, __ATOMIC_ACQ_REL))
		free(unlock(info));
}
