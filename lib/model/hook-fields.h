/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hook-fields.h - what is shown of a hook.
 */
#ifndef SEA_HOOK_FIELDS_H
#define SEA_HOOK_FIELDS_H

#include "base/fields.h"

/* Fields of a struct sea_hook_state; static. */
const struct sea_fields *sea_hook_fields(void);

#endif /* SEA_HOOK_FIELDS_H */
