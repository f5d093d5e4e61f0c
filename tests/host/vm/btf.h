/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the fields of the running kernel's structures are */
#ifndef BTF_H
#define BTF_H

#include <stdbool.h>

/* Bytes from the start of struct @type to @member, which has a name itself */
unsigned int btf_offset(const char *type, const char *member);

/* The same, if this kernel has such a member at all; false: it has not. */
bool btf_find(const char *type, const char *member, unsigned int *offset);

#endif
