/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * row-fields.h - what is shown of a VM, and of the sums over VMs.
 *
 * To show something new of a VM, add a line to row-fields.c.
 */
#ifndef SEA_ROW_FIELDS_H
#define SEA_ROW_FIELDS_H

#include "base/fields.h"

/* Fields of a struct sea_row; `where` is of enum sea_row_kind. Static. */
const struct sea_fields *sea_row_fields(void);

/* sea_field_by_column() of these. */
const struct sea_field *sea_row_field(const char *column);

#endif /* SEA_ROW_FIELDS_H */
