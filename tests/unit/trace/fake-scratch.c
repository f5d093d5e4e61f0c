// SPDX-License-Identifier: GPL-2.0-only
#include "fake-scratch.h"

#include <string.h>

#include "fake-bpf.h"
#include "fixtures.h"

struct fake_scratch fake_scratch;

void fake_scratch_begin(void)
{
	memset(&fake_scratch, 0, sizeof(fake_scratch));
}

int sea_scratch_open(struct sea_scratch *scratch, struct sea_error *err)
{
	*scratch = (struct sea_scratch){-1, -1, -1, fake_scratch.has_exit};
	if (!fake_scratch.is_there)
		return sea_error_set(err, "cannot open /dev/kvm: no such file");
	scratch->vm = 1;
	return 0;
}

/* Only what hooks are tried with; and they know of it. */
unsigned int sea_scratch_answer(const struct sea_scratch *scratch)
{
	assert_true(scratch->vm >= 0);
	assert_true(fake_bss->trying && fake_bss->answers_wanted == 1);
	fake_scratch.is_tried = true;
	return fake_scratch.answers;
}

void sea_scratch_close(struct sea_scratch *scratch)
{
	fake_scratch.closed++;
	/* Its end calls hooks, too. */
	if (fake_scratch.is_tried)
		fake_bss->fired = fake_scratch.fired;
	fake_scratch.is_tried = false;
	scratch->vm = -1;
}

int sea_scratch_opt_in(const struct sea_scratch *scratch, struct sea_error *err)
{
	(void)scratch;
	return sea_error_set(err, "it cannot opt in");
}
