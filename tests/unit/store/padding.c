// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a header: which bytes of the model's structures belong to no member. Only GCC
 * knows these by itself, so this is built with it, whatever the tests are built with.
 */
#include <stdio.h>
#include <string.h>

#include "model/hooks.h"

/*
 * GCC 12 loses its place behind an array of structures: so a snapshot has none here, and
 * hooks are looked at by themselves.
 */
struct plain_hooks {
	size_t bytes[sizeof(struct sea_hooks) / sizeof(size_t)];
};
#define sea_hooks plain_hooks

#include "model/record.h"

#define PADDING(type)                                                         \
	do {                                                                  \
		static struct type object;                                    \
		memset(&object, 0xff, sizeof(object));                        \
		__builtin_clear_padding(&object);                             \
		print(#type, (const unsigned char *)&object, sizeof(object)); \
	} while (0)

static void print(const char *type, const unsigned char *bytes, size_t size)
{
	size_t i;

	printf("static const unsigned char padding_of_%s[] = {", type);
	for (i = 0; i < size; i++)
		printf("%d,", !bytes[i]);
	printf("};\n");
}

int main(void)
{
	PADDING(sea_session);
	PADDING(sea_vm_info);
	PADDING(sea_event);
	PADDING(sea_page);
	PADDING(sea_end);
	PADDING(sea_gap);
	PADDING(sea_host_event);
	PADDING(sea_vm_state);
	PADDING(sea_hook_state);
	PADDING(sea_snapshot);
	return 0;
}
