// SPDX-License-Identifier: GPL-2.0-only
#include "report/policy-values.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *sea_policy_number(const char *text, double *number)
{
	char *end;

	if (!isdigit((unsigned char)*text) || text[strspn(text, "0123456789.")] == 'x')
		return NULL;
	errno = 0;
	*number = strtod(text, &end);
	return errno || !isfinite(*number) || *number > 1e15 ? NULL : end;
}

const char *sea_policy_skip(const char *text)
{
	return text + strspn(text, " \t");
}

/* Skips a word and the blanks behind it; NULL: the text goes on otherwise. */
static const char *skip_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	return text && !strncmp(text, word, len) ? sea_policy_skip(text + len) : NULL;
}

bool sea_policy_bound(const char *text, struct sea_bound *bound)
{
	double per = 1;
	const char *at = sea_policy_number(text, &bound->value), *word;

	if (!at)
		return false;
	at = sea_policy_skip(at);
	if (!*at) {
		bound->form = SEA_BOUND_COUNT;
		return bound->value == floor(bound->value);
	}
	if (!strcmp(at, "%")) {
		bound->form = SEA_BOUND_SHARE;
		bound->value /= 100;
		return bound->value <= 1;
	}
	at = skip_word(at, "per ");
	if (!at)
		return false;
	word = sea_policy_number(at, &per);
	at = word ? sea_policy_skip(word) : at;
	if (strcmp(at, "vm_hours") && strcmp(at, "vm_hour"))
		return false;
	bound->form = SEA_BOUND_RATE;
	/* A rate of 0 is never shown by any number of hours: that is a count. */
	if (bound->value <= 0 || per <= 0)
		return false;
	bound->value /= per;
	return true;
}

__u64 sea_policy_duration(const char *text)
{
	static const struct {
		const char *word;
		double ns;
	} units[] = {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
	double number;
	const char *at = sea_policy_number(text, &number);
	size_t i;

	for (i = 0; at && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(sea_policy_skip(at), units[i].word) && number * units[i].ns < 1e18)
			return (__u64)(number * units[i].ns);
	return 0;
}

bool sea_policy_count(const char *text, __u64 *count)
{
	double number;
	const char *end = sea_policy_number(text, &number);

	if (!end || *end || number != floor(number))
		return false;
	*count = (__u64)number;
	return true;
}
