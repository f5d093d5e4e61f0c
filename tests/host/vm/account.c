// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "account.h"

static const char *const disposition_names[] = {
	[CLAIMED] = "claimed",	   [HOST_OWNED] = "host_owned", [NOT_OPTED_IN] = "not_opted_in",
	[FORWARDED] = "forwarded", [GUEST_OWN] = "guest_own",
};

static const char *const reason_names[] = {
	[S2_WALK] = "s2_walk",
	[NO_RAS] = "no_ras",
	[VNCR] = "vncr",
	[AMBIGUOUS_WALK] = "ambiguous_walk",
};

static const char *const response_names[] = {
	[INJECTED] = "injected",
	[RESUMED] = "resumed",
	[ABANDONED] = "abandoned",
};

const char *disposition_name(enum disposition disposition)
{
	return disposition_names[disposition];
}

struct account *account_create(void)
{
	struct account *account = mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (account == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap");
	return account;
}

void account_destroy(struct account *account)
{
	munmap(account, sizeof(*account));
}

void account_region(struct vm_account *vm, uint64_t region)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&lock);
	for (unsigned int i = 0; i < vm->nr_regions; i++)
		if (vm->region[i].region == region)
			goto out;
	if (vm->nr_regions == MAX_REGIONS)
		errx(EXIT_ENVIRONMENT, "more than %d regions went bad", MAX_REGIONS);
	vm->region[vm->nr_regions].before = ras_counts(region);
	vm->region[vm->nr_regions++].region = region;
out:
	pthread_mutex_unlock(&lock);
}

struct ras_counts account_total(const struct vm_account *vm)
{
	struct ras_counts total = {};

	for (unsigned int i = 0; i < vm->nr_regions; i++) {
		struct ras_counts now = ras_counts(vm->region[i].region);

		total.hits += now.hits - vm->region[i].before.hits;
		total.records += now.records - vm->region[i].before.records;
	}
	return total;
}

void account_print(const struct account *account)
{
	for (unsigned int i = 0; i < account->nr_vms; i++) {
		const struct vm_account *vm = &account->vm[i];
		struct ras_counts total = account_total(vm);

		printf("vm %u: %" PRIu64 " hits:", i, total.hits);
		for (unsigned int d = 0; d <= NR_DISPOSITIONS; d++) {
			uint64_t n = d == GUEST_OWN ? vm->guest_own : vm->sea[d];

			if (n)
				printf(" %s %" PRIu64, disposition_names[d], n);
		}
		printf("; exits %" PRIu64 " (injected %" PRIu64 ", resumed %" PRIu64
		       ", abandoned %" PRIu64 "), guest SErrors %" PRIu64 ", SIGBUS %" PRIu64
		       ", records %" PRIu64 "\n",
		       vm->exits, vm->response[INJECTED], vm->response[RESUMED],
		       vm->response[ABANDONED], vm->serrors, vm->sigbus, total.records);
	}
}

static void put_string(FILE *file, const char *s)
{
	putc('"', file);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(file, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			fprintf(file, "\\u%04x", *s);
		else
			putc(*s, file);
	}
	putc('"', file);
}

static void put_counters(FILE *file, const char *key, const char *const names[],
			 const uint64_t counters[], unsigned int first, unsigned int nr)
{
	fprintf(file, ",\"%s\":{", key);
	for (unsigned int i = first; i < nr; i++)
		fprintf(file, "%s\"%s\":%" PRIu64, i > first ? "," : "", names[i], counters[i]);
	putc('}', file);
}

static void put_vm(FILE *file, const struct account *account, unsigned int i)
{
	const struct vm_account *vm = &account->vm[i];
	struct ras_counts total = account_total(vm);

	fprintf(file, "{\"vm\":%u,\"vcpus\":%u,\"hits\":%" PRIu64, i, vm->nr_vcpus, total.hits);
	put_counters(file, "sea", disposition_names, vm->sea, 0, NR_DISPOSITIONS);
	fprintf(file, ",\"guest_own\":%" PRIu64, vm->guest_own);
	put_counters(file, "reason", reason_names, vm->reason, NO_REASON + 1, NR_REASONS);
	fprintf(file, ",\"exits\":%" PRIu64, vm->exits);
	put_counters(file, "response", response_names, vm->response, 0, NR_RESPONSES);
	fprintf(file, ",\"serrors\":%" PRIu64 ",\"sigbus\":%" PRIu64 ",\"records\":%" PRIu64 "}",
		vm->serrors, vm->sigbus, total.records);
}

void account_append(const struct account *account, const char *path, const char *name,
		    const char *scenario)
{
	char *line;
	size_t size;
	FILE *file = open_memstream(&line, &size);
	int fd;

	if (!file)
		err(EXIT_ENVIRONMENT, "open_memstream");
	fputs("{\"name\":", file);
	put_string(file, name);
	fprintf(file, ",\"pid\":%d,\"scenario\":", account->pid);
	put_string(file, scenario);
	fputs(",\"vms\":[", file);
	for (unsigned int i = 0; i < account->nr_vms; i++) {
		if (i)
			putc(',', file);
		put_vm(file, account, i);
	}
	fputs("]}\n", file);
	if (fclose(file))
		err(EXIT_ENVIRONMENT, "open_memstream");

	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, line, size) != (ssize_t)size)
		err(EXIT_ENVIRONMENT, "%s", path);
	close(fd);
	free(line);
}
