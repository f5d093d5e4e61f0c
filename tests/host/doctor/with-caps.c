// SPDX-License-Identifier: GPL-2.0-only
/*
 * with-caps UID CAPS COMMAND...: runs the command as that user and with these
 * capabilities (numbers with commas, or "none"), and no others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <grp.h>
#include <linux/capability.h>

static void check(int rc, const char *what)
{
	if (rc >= 0)
		return;
	perror(what);
	exit(125);
}

int main(int argc, char **argv)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	unsigned int user;
	char *cap, *rest;

	if (argc < 4) {
		fprintf(stderr, "usage: with-caps UID CAPS COMMAND...\n");
		return 125;
	}
	user = (unsigned int)strtoul(argv[1], NULL, 10);
	memset(data, 0, sizeof(data));
	for (cap = strtok_r(argv[2], ",", &rest); cap; cap = strtok_r(NULL, ",", &rest)) {
		unsigned int n = (unsigned int)strtoul(cap, NULL, 10);

		if (strcmp(cap, "none"))
			data[n / 32].permitted |= 1U << n % 32;
	}
	data[0].effective = data[0].inheritable = data[0].permitted;
	data[1].effective = data[1].inheritable = data[1].permitted;

	check(prctl(PR_SET_KEEPCAPS, 1), "PR_SET_KEEPCAPS");
	check(setgroups(0, NULL), "setgroups");
	check(setresgid(user, user, user), "setresgid");
	check(setresuid(user, user, user), "setresuid");
	check((int)syscall(SYS_capset, &header, data), "capset");
	for (user = 0; user < 64; user++)
		if (data[user / 32].permitted & 1U << user % 32)
			check(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, user, 0, 0), "ambient");
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
