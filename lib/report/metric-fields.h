/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * metric-fields.h - what metrics have besides the fields of rows and views.
 *
 * To add a metric, give a field of lib/model a metric's name, or add a line to
 * metric-fields.c. The manual's table is made from these lists.
 */
#ifndef SEA_METRIC_FIELDS_H
#define SEA_METRIC_FIELDS_H

#include "base/fields.h"

/* Fields of a struct sea_metrics_view; static. */
const struct sea_fields *sea_metric_fields(void);

#endif /* SEA_METRIC_FIELDS_H */
