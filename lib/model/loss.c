// SPDX-License-Identifier: GPL-2.0-only
#include "model/loss.h"

#include <string.h>

#define WORD(constant, name, of, help, hint) {name, help, hint, SEA_LOSS_OF_##of},

static const struct sea_loss_word words[SEA_LOSS_CAUSES] = {SEA_LOSSES(WORD)};

const struct sea_loss_word *sea_loss_word(enum sea_loss_cause cause)
{
	return &words[cause];
}

int sea_loss_number(const char *name)
{
	int i;

	for (i = 0; name && i < SEA_LOSS_CAUSES; i++)
		if (!strcmp(words[i].name, name))
			return i;
	return -1;
}

__u64 sea_loss_total(const struct sea_loss *loss)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		sum += loss->count[i];
	return sum;
}

__u64 sea_loss_total_of(const struct sea_loss *loss, enum sea_loss_of of)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		if (words[i].of == of)
			sum += loss->count[i];
	return sum;
}

void sea_loss_date(struct sea_loss *loss, const struct sea_loss *before,
		   const struct timespec *wall)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		loss->last[i] = loss->count[i] > before->count[i] ? *wall : before->last[i];
}
