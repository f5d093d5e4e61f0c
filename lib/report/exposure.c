// SPDX-License-Identifier: GPL-2.0-only
#include "report/exposure.h"

#include <stddef.h>

double sea_hours(double ns)
{
	return ns / 3600e9;
}

static void add_hits(struct sea_hits *sum, const struct sea_hits *more)
{
	sum->seas += more->seas;
	sum->vms += more->vms;
	sum->seas_unknown += more->seas_unknown;
	sum->vms_unknown += more->vms_unknown;
}

static void add_numbers(__u64 *sum, const __u64 *more, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		sum[i] += more[i];
}

void sea_exposure_add(struct sea_exposure *sum, const struct sea_exposure *more)
{
	int i;

	sum->repeated += more->repeated;
	if (more->first_ns && (!sum->first_ns || more->first_ns < sum->first_ns))
		sum->first_ns = more->first_ns;
	if (more->last_ns > sum->last_ns)
		sum->last_ns = more->last_ns;
	sum->host_ns += more->host_ns;
	sum->vm_ns += more->vm_ns;
	sum->blind_ns += more->blind_ns;
	sum->unproven_ns += more->unproven_ns;
	add_hits(&sum->any, &more->any);
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		add_hits(&sum->disposition[i], &more->disposition[i]);
	for (i = 0; i < SEA_RESPONSES; i++)
		add_hits(&sum->response[i], &more->response[i]);
	add_hits(&sum->any_unrecorded, &more->any_unrecorded);
	for (i = 0; i < SEA_STATISTICS; i++)
		add_hits(&sum->unrecorded[i], &more->unrecorded[i]);
	add_numbers(sum->loops, more->loops, SEA_LOOP_SLOTS);
	add_numbers(sum->latency, more->latency, SEA_LATENCY_SLOTS);
	add_numbers(sum->loss, more->loss, SEA_LOSS_CAUSES);
	sum->ended += more->ended;
	sum->ended_by_sigbus += more->ended_by_sigbus;
	sum->ended_unknown += more->ended_unknown;
	sum->pages += more->pages;
	sum->pages_not_held += more->pages_not_held;
	sum->seas_without_page += more->seas_without_page;
}
