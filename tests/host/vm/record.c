// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kvm.h"
#include "record.h"

#define STATS_PREFIX "sea_"
#define MAX_STATS 16

static int record_fd = -1;
static const char *record_run;

void record_open(const char *path, const char *run)
{
	record_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (record_fd < 0)
		err(EXIT_ENVIRONMENT, "%s", path);
	record_run = run;
}

bool record_wanted(void)
{
	return record_fd >= 0;
}

/* All 64 bits of a value survive any JSON parser as a string only. */
void record(struct origin origin, const char *event, const struct field *fields, size_t nr)
{
	char *line;
	size_t size;
	FILE *file;

	if (!record_wanted())
		return;
	file = open_memstream(&line, &size);
	if (!file)
		err(EXIT_ENVIRONMENT, "open_memstream");
	fprintf(file, "{\"run\":\"%s\",\"vm\":%u", record_run, origin.vm);
	if (origin.vcpu != NO_VCPU)
		fprintf(file, ",\"vcpu\":%u,\"step\":%" PRIu64, origin.vcpu, origin.step);
	fprintf(file, ",\"event\":\"%s\"", event);
	for (size_t i = 0; i < nr; i++)
		fprintf(file, ",\"%s\":\"%#" PRIx64 "\"", fields[i].name, fields[i].value);
	fputs("}\n", file);
	if (fclose(file) || write(record_fd, line, size) != (ssize_t)size)
		err(EXIT_ENVIRONMENT, "record");
	free(line);
}

static void read_at(int fd, void *buf, size_t size, off_t offset)
{
	if (pread(fd, buf, size, offset) != (ssize_t)size)
		err(EXIT_ENVIRONMENT, "KVM_GET_STATS_FD");
}

void record_stats(struct origin origin, int fd)
{
	struct kvm_stats_header header;
	struct kvm_stats_desc *desc;
	struct field fields[MAX_STATS];
	char *names, *name;
	size_t size, nr = 0;
	int stats;

	if (!record_wanted())
		return;
	stats = ioctl(fd, KVM_GET_STATS_FD, NULL);
	if (stats < 0)
		err(EXIT_ENVIRONMENT, "KVM_GET_STATS_FD");
	read_at(stats, &header, sizeof(header), 0);
	size = sizeof(*desc) + header.name_size;
	desc = malloc(size);
	names = calloc(MAX_STATS, header.name_size);
	if (!desc || !names)
		err(EXIT_ENVIRONMENT, "malloc");
	for (uint32_t i = 0; i < header.num_desc && nr < MAX_STATS; i++) {
		read_at(stats, desc, size, header.desc_offset + (off_t)i * size);
		if (strncmp(desc->name, STATS_PREFIX, strlen(STATS_PREFIX)))
			continue;
		name = names + nr * header.name_size;
		strcpy(name, desc->name);
		fields[nr].name = name;
		read_at(stats, &fields[nr].value, sizeof(fields[nr].value),
			header.data_offset + desc->offset);
		nr++;
	}
	close(stats);
	record(origin, "stats", fields, nr);
	free(names);
	free(desc);
}
