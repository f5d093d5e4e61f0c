// SPDX-License-Identifier: GPL-2.0-only
#include "report/policy.h"

#define COUNT (1U << SEA_BOUND_COUNT)
#define SHARE (1U << SEA_BOUND_SHARE)
#define RATE (1U << SEA_BOUND_RATE)

static const struct sea_rule_word words[SEA_RULE_KINDS] = {
	[SEA_RULE_GAPS] = {.name = "gaps",
			   .at = "at_most",
			   .bounds = "of the hosts' time without a recorder that watched",
			   .advice = "see why the recorder did not run, or narrow the window",
			   .forms = SHARE,
			   .is_data = true},
	[SEA_RULE_LOSSES] = {.name = "losses",
			     .at = "at_most",
			     .bounds = "losses that make counts too low",
			     .advice = "run seastat doctor on the hosts",
			     .forms = COUNT,
			     .is_data = true},
	[SEA_RULE_UNPROVEN] = {.name = "unproven",
			       .at = "at_most",
			       .bounds = "of the watched time without proof that the hooks work",
			       .advice = "run seastat doctor on the hosts",
			       .forms = SHARE,
			       .is_data = true},
	[SEA_RULE_EXPOSURE] = {.name = "exposure",
			       .bounds = "hosts, VM-hours and SEAs to judge by",
			       .advice = "record for longer, or on more hosts",
			       .is_data = true},
	[SEA_RULE_OPTED_IN] = {.name = "opted_in",
			       .at = "at_least",
			       .bounds = "of the running VMs whose VMM opted in",
			       .advice = "see who did not by seastat names on the hosts, and "
					 "update or restart those VMMs",
			       .forms = SHARE},
	[SEA_RULE_NOT_OPTED_IN] = {.name = "not_opted_in",
				   .at = "at_most",
				   .bounds = "SEAs of guests whose VMM had not opted in",
				   .advice = "update or restart the VMMs of these VMs",
				   .forms = COUNT | SHARE | RATE,
				   .needs_seas = true},
	[SEA_RULE_HOST_OWNED] = {.name = "host_owned",
				 .at = "at_most",
				 .bounds = "SEAs on memory of the host's own",
				 .advice = "see which hosts and reasons by seastat report, and "
					   "have their memory looked at",
				 .forms = COUNT | SHARE | RATE,
				 .needs_seas = true},
	[SEA_RULE_ANSWERS] = {.name = "answers",
			      .bounds = "answers of VMMs in time",
			      .advice = "see which VMMs are slow by seastat report",
			      .needs_seas = true},
	[SEA_RULE_RESUMED_LOOPS] = {.name = "resumed_loops",
				    .at = "at_most",
				    .bounds = "VMs whose VMM resumed again and again",
				    .advice = "these VMMs have to tell the guest, or to stop it",
				    .forms = COUNT | SHARE | RATE,
				    .needs_seas = true},
	[SEA_RULE_ABANDONED] = {.name = "abandoned",
				.at = "at_most",
				.bounds = "forwarded SEAs whose VM went away without an answer",
				.advice = "see how these VMMs ended: they may not know the exit",
				.forms = COUNT | SHARE | RATE,
				.needs_seas = true},
	[SEA_RULE_SIGBUS] = {.name = "sigbus",
			     .at = "at_most",
			     .bounds = "VMs that SIGBUS ended",
			     .advice = "these VMMs have to handle SIGBUS: see their log",
			     .forms = COUNT | SHARE | RATE},
	[SEA_RULE_PAGES_NOT_HELD] = {.name = "pages_not_held",
				     .at = "at_most",
				     .bounds = "pages of SEAs that the host does not hold for bad",
				     .advice = "offline these pages: see seastat report",
				     .forms = COUNT | SHARE,
				     .needs_seas = true},
};

const struct sea_rule_word *sea_rule_word(enum sea_rule_kind kind)
{
	return &words[kind];
}
