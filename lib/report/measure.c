// SPDX-License-Identifier: GPL-2.0-only
#include "report/measure.h"

/* SEAs of a disposition, or their VMs */
static void measure_hits(struct sea_measure *m, const struct sea_hits *hits,
			 const struct sea_hits *unknown, enum sea_bound_form form)
{
	if (form == SEA_BOUND_COUNT) {
		m->low = hits->seas;
		m->high = hits->seas + hits->seas_unknown;
		m->high += unknown ? unknown->seas + unknown->seas_unknown : 0;
		m->event = "SEAs";
		return;
	}
	m->low = hits->vms;
	m->high = hits->vms + hits->vms_unknown;
	m->high += unknown ? unknown->vms + unknown->vms_unknown : 0;
	m->event = "VMs";
}

/* Of SEAs that nobody recorded kind and VM are known all the same, but not always the time. */
static void measure_unrecorded(struct sea_measure *m, const struct sea_hits *unrecorded,
			       const struct sea_hits *any, enum sea_bound_form form)
{
	bool is_count = form == SEA_BOUND_COUNT;
	__u64 certain = is_count ? unrecorded->seas : unrecorded->vms;

	m->high += certain + (is_count ? unrecorded->seas_unknown : unrecorded->vms_unknown);
	/* They came outside of the hours that a rate is of. */
	if (form == SEA_BOUND_RATE)
		return;
	m->low += certain;
	m->unrecorded = certain;
	m->of += (double)any->vms;
}

static void measure_loops(struct sea_measure *m, const struct sea_exposure *e, __u64 times)
{
	const struct sea_hits *unrecorded = &e->unrecorded[SEA_FORWARDED];
	__u64 i, more = e->response[SEA_RESUMED].vms_unknown + e->loss[SEA_LOSS_ANSWERS] +
			unrecorded->seas + unrecorded->seas_unknown;

	for (i = times; i < SEA_LOOP_SLOTS; i++)
		m->low += e->loops[i];
	/* As many loops as could be made of them: of one VM each, with those that it has */
	m->high = m->low + more;
	m->event = "VMs";
}

/* Memory that is the host's own has no page of a VM. */
static __u64 unrecorded_with_page(const struct sea_exposure *e)
{
	const struct sea_hits *any = &e->any_unrecorded, *host = &e->unrecorded[SEA_HOST_OWNED];

	return any->seas + any->seas_unknown - host->seas - host->seas_unknown;
}

void sea_measure(struct sea_measure *m, const struct sea_rule *rule, const struct sea_exposure *e)
{
	const struct sea_hits *forwarded = &e->disposition[SEA_FORWARDED];
	const struct sea_hits *unrecorded = &e->unrecorded[SEA_FORWARDED];
	enum sea_bound_form form = rule->bound.form;
	enum sea_disposition which;

	*m = (struct sea_measure){.chances = e->any.seas + e->any_unrecorded.seas,
				  .chance = "SEA",
				  .of = (double)e->any.vms,
				  .of_what = "VMs that took an SEA",
				  .unseen = "SEAs of unknown kind, VM or time"};
	switch (rule->kind) {
	case SEA_RULE_NOT_OPTED_IN:
	case SEA_RULE_HOST_OWNED:
		which = rule->kind == SEA_RULE_HOST_OWNED ? SEA_HOST_OWNED : SEA_NOT_OPTED_IN;
		measure_hits(m, &e->disposition[which], &e->disposition[SEA_UNKNOWN], form);
		measure_unrecorded(m, &e->unrecorded[which], &e->any_unrecorded, form);
		break;
	case SEA_RULE_ABANDONED:
		measure_hits(m, &e->response[SEA_ABANDONED], NULL, form);
		m->high += e->loss[SEA_LOSS_ANSWERS] + unrecorded->seas + unrecorded->seas_unknown;
		break;
	case SEA_RULE_RESUMED_LOOPS:
		measure_loops(m, e, rule->times);
		break;
	case SEA_RULE_SIGBUS:
		m->low = e->ended_by_sigbus;
		m->high = m->low + e->ended_unknown;
		m->event = "VMs";
		m->of = (double)e->ended;
		m->of_what = "VMs that ended";
		m->unseen = "VMs whose exit status is not known";
		break;
	case SEA_RULE_PAGES_NOT_HELD:
		m->low = e->pages_not_held;
		m->high = m->low + e->seas_without_page + unrecorded_with_page(e);
		m->event = "pages";
		m->of = (double)e->pages;
		m->of_what = "pages";
		m->unseen = "SEAs whose page, or its state, is not known";
		break;
	/* judge() has these. */
	case SEA_RULE_GAPS:
	case SEA_RULE_LOSSES:
	case SEA_RULE_UNPROVEN:
	case SEA_RULE_EXPOSURE:
	case SEA_RULE_OPTED_IN:
	case SEA_RULE_ANSWERS:
	case SEA_RULE_KINDS:
		break;
	}
	if (rule->kind == SEA_RULE_ABANDONED || rule->kind == SEA_RULE_RESUMED_LOOPS) {
		m->chances = forwarded->seas + unrecorded->seas;
		m->chance = "forwarded SEA";
		m->of = (double)forwarded->vms;
		m->of_what = "VMs that an SEA was forwarded to";
		m->unseen = "answers that were lost, or of unknown VMs";
	}
	if (form == SEA_BOUND_RATE) {
		m->of = sea_hours(e->vm_ns);
		m->of_what = "VM-hours";
	}
}
