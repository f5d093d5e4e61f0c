// SPDX-License-Identifier: GPL-2.0-only
#include "base/words.h"

#include <stddef.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const char *const dispositions[SEA_DISPOSITIONS] = {
	[SEA_CLAIMED] = "claimed",	     [SEA_HOST_OWNED] = "host_owned",
	[SEA_NOT_OPTED_IN] = "not_opted_in", [SEA_FORWARDED] = "forwarded",
	[SEA_UNKNOWN] = "unknown",
};

static const char *const reasons[SEA_REASONS] = {
	[SEA_REASON_NONE] = "none",
	[SEA_NO_RAS] = "no_ras",
	[SEA_VNCR] = "vncr",
	[SEA_S2_WALK] = "s2_walk",
	[SEA_AMBIGUOUS_WALK] = "ambiguous_walk",
};

static const char *const responses[SEA_RESPONSES] = {
	[SEA_INJECTED] = "injected",
	[SEA_RESUMED] = "resumed",
	[SEA_ABANDONED] = "abandoned",
};

static const char *const opt_ins[SEA_OPT_IN_STATES] = {
	[SEA_OPT_IN_UNKNOWN] = "unknown",
	[SEA_OPT_IN_NO] = "no",
	[SEA_OPT_IN_YES] = "yes",
	[SEA_OPT_IN_PROTECTED] = "protected",
};

static const char *name_of(const char *const *names, size_t nr, unsigned int number)
{
	return number < nr ? names[number] : "invalid";
}

static int number_of(const char *const *names, size_t nr, const char *name)
{
	size_t i;

	for (i = 0; name && i < nr; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -1;
}

const char *sea_disposition_name(unsigned int disposition)
{
	return name_of(dispositions, ARRAY_SIZE(dispositions), disposition);
}

const char *sea_reason_name(unsigned int reason)
{
	return name_of(reasons, ARRAY_SIZE(reasons), reason);
}

const char *sea_response_name(unsigned int response)
{
	return name_of(responses, ARRAY_SIZE(responses), response);
}

const char *sea_opt_in_name(unsigned int opt_in)
{
	return name_of(opt_ins, ARRAY_SIZE(opt_ins), opt_in);
}

const char *sea_reason_text(unsigned int reason)
{
	return reason == SEA_AMBIGUOUS_WALK ? "ambiguous walk" : sea_reason_name(reason);
}

int sea_disposition_number(const char *name)
{
	return number_of(dispositions, ARRAY_SIZE(dispositions), name);
}

int sea_reason_number(const char *name)
{
	return number_of(reasons, ARRAY_SIZE(reasons), name);
}

int sea_response_number(const char *name)
{
	return number_of(responses, ARRAY_SIZE(responses), name);
}
