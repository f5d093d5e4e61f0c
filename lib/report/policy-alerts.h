/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * policy-alerts.h - a policy as alerting rules of Prometheus, over what seastat metrics
 * and seastat record --textfile give.
 */
#ifndef SEA_POLICY_ALERTS_H
#define SEA_POLICY_ALERTS_H

#include "base/text.h"
#include "report/policy.h"

/*
 * Appends a file of rules: a group, with one alert for each rule that metrics can tell
 * of, and a comment for each that they cannot. An alert looks at the last day, as
 * check --since -1d does.
 */
void sea_policy_alerts(const struct sea_policy *policy, struct sea_text *out);

#endif /* SEA_POLICY_ALERTS_H */
