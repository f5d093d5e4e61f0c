/* SPDX-License-Identifier: GPL-2.0-only */
/* privilege-internal.h - of privilege.c, for its test. */
#ifndef SEA_PRIVILEGE_INTERNAL_H
#define SEA_PRIVILEGE_INTERNAL_H

#include "trace/privilege.h"

/* By the effective capabilities in libcap-ng's state, wherever they come from. */
void sea_privilege_judge(struct sea_privileges *privileges);

#endif /* SEA_PRIVILEGE_INTERNAL_H */
