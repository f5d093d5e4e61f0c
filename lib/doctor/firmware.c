// SPDX-License-Identifier: GPL-2.0-only
/* firmware.c - what firmware offers to report, and what Linux took of it. */
#include "doctor/doctor.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"

#define PATH_LEN 512

static enum sea_hest_state unreadable(struct sea_firmware *firmware, const char *why)
{
	sea_error_set(&firmware->error, "cannot read HEST: %s", why);
	return SEA_HEST_UNREADABLE;
}

static enum sea_hest_state read_hest(struct sea_firmware *firmware, const char *root)
{
	enum sea_hest_state state = SEA_HEST_READ;
	size_t size;
	void *table;

	if (!sea_file_exists(root, "/sys/firmware/acpi")) {
		if (sea_file_exists(root, "/sys/firmware/devicetree"))
			return SEA_HEST_DEVICE_TREE;
		return unreadable(firmware, "there is no /sys/firmware/acpi, and no devicetree "
					    "either; run outside of a container, which hides them");
	}
	table = sea_file_read(root, SEA_HEST_PATH, &size);
	if (!table && errno == ENOENT)
		return SEA_HEST_ABSENT;
	if (!table)
		return unreadable(firmware, errno == EACCES ?
						    "Permission denied; run as root, or with "
						    "CAP_DAC_READ_SEARCH" :
						    strerror(errno));
	if (sea_hest_parse(table, size, &firmware->hest, &firmware->error))
		state = SEA_HEST_DAMAGED;
	free(table);
	return state;
}

/* Devices that the driver serves are links in its directory: GHES.0, GHES.1, ... */
static void look_at_driver(struct sea_firmware *firmware, const char *root)
{
	bool served[SEA_HEST_IDS] = {false};
	char path[PATH_LEN];
	struct dirent *entry;
	unsigned int id;
	DIR *dir;
	int end;

	snprintf(path, sizeof(path), "%s/sys/bus/platform/drivers/GHES", root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		end = 0;
		if (sscanf(entry->d_name, "GHES.%u%n", &id, &end) != 1 || entry->d_name[end] ||
		    id >= SEA_HEST_IDS)
			continue;
		served[id] = true;
		firmware->taken++;
		firmware->sea_taken += sea_hest_is_sea(&firmware->hest, id);
	}
	if (dir)
		closedir(dir);
	for (id = 0; id < SEA_HEST_IDS && (!sea_hest_is_sea(&firmware->hest, id) || served[id]);)
		id++;
	firmware->not_taken = id;
}

/* Is the value of the word one that Linux takes for true, or is there none? */
static bool is_set(const char *value)
{
	return !*value || (*value == '=' && (!value[1] || strchr("1yY", value[1]) ||
					     !strncasecmp(value + 1, "on", 2)));
}

static void look_at_command_line(struct sea_firmware *firmware, const char *root)
{
	char line[4096], *word, *rest;

	if (!sea_file_line(root, "/proc/cmdline", line, sizeof(line)))
		return;
	for (word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		/* hest_disable is on whatever comes behind it; ghes.disable has a value. */
		if (!strncmp(word, "hest_disable", 12))
			firmware->hest_disable = true;
		if (!strncmp(word, "ghes.disable", 12))
			firmware->ghes_disable = is_set(word + 12);
	}
}

void sea_firmware_look(struct sea_firmware *firmware, const char *root)
{
	firmware->hest.twice = -1;
	firmware->state = read_hest(firmware, root);
	look_at_driver(firmware, root);
	look_at_command_line(firmware, root);
}
