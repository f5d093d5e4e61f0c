/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * view-fields.h - what is shown of a view as a whole.
 *
 * To show something new of the whole, add a line to view-fields.c. Causes of loss
 * are there by themselves.
 */
#ifndef SEA_VIEW_FIELDS_H
#define SEA_VIEW_FIELDS_H

#include "base/fields.h"

/* Fields of a struct sea_view; static. */
const struct sea_fields *sea_view_fields(void);

#endif /* SEA_VIEW_FIELDS_H */
