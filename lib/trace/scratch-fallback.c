// SPDX-License-Identifier: GPL-2.0-only
/* scratch-fallback.c - on other machines than arm64, whose KVM has other VMs. */
#include "trace/scratch.h"

#include <string.h>

static int no_arm64(struct sea_error *err)
{
	return sea_error_set(err, "cannot try KVM: this program was not built for arm64");
}

int sea_scratch_open(struct sea_scratch *scratch, struct sea_error *err)
{
	memset(scratch, 0, sizeof(*scratch));
	scratch->kvm = scratch->vm = scratch->vcpu = -1;
	return no_arm64(err);
}

void sea_scratch_close(struct sea_scratch *scratch)
{
	(void)scratch;
}

int sea_scratch_opt_in(const struct sea_scratch *scratch, struct sea_error *err)
{
	(void)scratch;
	return no_arm64(err);
}

unsigned int sea_scratch_answer(const struct sea_scratch *scratch)
{
	(void)scratch;
	return 0;
}
