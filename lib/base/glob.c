// SPDX-License-Identifier: GPL-2.0-only
#include "base/glob.h"

#include <fnmatch.h>
#include <locale.h>
#include <pthread.h>

/* Made once and kept: freeing it at exit would help nobody. */
static locale_t utf8;

static void make_locale(void)
{
	utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

bool sea_glob_match(const char *pattern, const char *text, int flags)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	locale_t before;
	bool matches;

	pthread_once(&once, make_locale);
	if (!utf8)
		return !fnmatch(pattern, text, flags);
	before = uselocale(utf8);
	matches = !fnmatch(pattern, text, flags);
	uselocale(before);
	return matches;
}
