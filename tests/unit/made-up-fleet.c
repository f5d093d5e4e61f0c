// SPDX-License-Identifier: GPL-2.0-only
/*
 * made-up-fleet DIRECTORY HOSTS [EVENTS]: stores of so many hosts, each of a day with 20
 * VMs: DIRECTORY/hv00001.db and so on. In each, EVENTS ticks have news (default 20), as
 * the idle ones between them are one row. For tests, and for ./check's step by hand:
 *
 *     made-up-fleet /tmp/fleet 10000 && time seastat check --policy P /tmp/fleet
 *
 * Hosts of a kind differ in their names only, which are all of one length. So SQLite
 * makes the first store of each kind, and the others are its bytes with other names.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made-up-store.h"

#define VMS 20
#define DAY_NS (24 * 3600000000000LL)
#define DAY_0 1795392000000000000LL /* 2026-11-23 00:00 UTC */

/* Each hundredth host has an SEA that was forwarded. */
#define HUNDRED 100

struct names {
	char path[4096], host[32], run[48];
};

/* A store that is there already */
struct model {
	struct names names;
	char *bytes;
	size_t len;
};

static void name_host(const char *directory, int number, struct names *names)
{
	snprintf(names->host, sizeof(names->host), "hv%05d", number);
	snprintf(names->run, sizeof(names->run), "00000000-0000-4000-8000-%012d", number);
	snprintf(names->path, sizeof(names->path), "%s/%s.db", directory, names->host);
}

static int fail(const char *what, const char *path)
{
	fprintf(stderr, "made-up-fleet: cannot %s %s\n", what, path);
	return -1;
}

static int make(const struct names *names, bool is_hundredth, int events)
{
	const struct made_up_host host = {.host = names->host,
					  .run = names->run,
					  .since_ns = DAY_0,
					  .length_ns = DAY_NS,
					  .vms = VMS,
					  .opted_in = VMS};
	struct sea_text sql = {0};
	struct sea_error err;
	int i;

	made_up_host(&host, &sql);
	for (i = 0; i < events; i++)
		made_up_seas(&host, 10 + i, DAY_NS / (events + 1) * (i + 1), 1 + i % VMS,
			     is_hundredth && !i ? "injected = 1, forwarded" :
						  "forwarded = 0, claimed",
			     is_hundredth && !i, &sql);
	if (is_hundredth && events)
		sea_text_add(&sql, "INSERT INTO tick_latency VALUES (10, 1, 6, 1);");
	if (!made_up_store(names->path, &sql, &err))
		return 0;
	fprintf(stderr, "made-up-fleet: %s\n", err.text);
	return -1;
}

static int read_model(const struct names *names, struct model *model)
{
	FILE *file = fopen(names->path, "rb");
	long len = -1;

	model->names = *names;
	if (file && !fseek(file, 0, SEEK_END))
		len = ftell(file);
	if (len > 0)
		model->bytes = malloc((size_t)len);
	if (model->bytes && !fseek(file, 0, SEEK_SET))
		model->len = fread(model->bytes, 1, (size_t)len, file);
	if (file)
		fclose(file);
	return len > 0 && model->len == (size_t)len ? 0 : fail("read", names->path);
}

/* In place: both are of one length. */
static void rename_all(struct model *model, const char *from, const char *to)
{
	size_t len = strlen(from);
	char *at = model->bytes;

	while ((at = memmem(at, model->len - (size_t)(at - model->bytes), from, len))) {
		memcpy(at, to, len);
		at += len;
	}
}

static int copy(struct model *model, const struct names *names)
{
	FILE *file = fopen(names->path, "wb");
	bool is_written;

	rename_all(model, model->names.host, names->host);
	rename_all(model, model->names.run, names->run);
	model->names = *names;
	if (!file)
		return fail("make", names->path);
	is_written = fwrite(model->bytes, 1, model->len, file) == model->len;
	return !fclose(file) && is_written ? 0 : fail("write", names->path);
}

static int make_all(const char *directory, int hosts, int events)
{
	struct model models[2] = {{.bytes = NULL}, {.bytes = NULL}};
	int i, rc = 0;

	for (i = 1; !rc && i <= hosts; i++) {
		struct model *model = &models[i % HUNDRED == 0];
		struct names names;

		name_host(directory, i, &names);
		if (model->bytes)
			rc = copy(model, &names);
		else
			rc = make(&names, i % HUNDRED == 0, events) || read_model(&names, model);
	}
	free(models[0].bytes);
	free(models[1].bytes);
	return rc;
}

int main(int argc, char **argv)
{
	int hosts = argc > 2 ? atoi(argv[2]) : 0, events = argc > 3 ? atoi(argv[3]) : 20;

	if (argc < 3 || argc > 4 || hosts < 1 || events < 0) {
		fprintf(stderr, "Usage: made-up-fleet DIRECTORY HOSTS [EVENTS]\n");
		return 3;
	}
	return make_all(argv[1], hosts, events) ? 3 : 0;
}
