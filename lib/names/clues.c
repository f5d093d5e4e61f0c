// SPDX-License-Identifier: GPL-2.0-only
#include "names/clues.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "names/cgroup.h"

/* libvirt cuts the names of machines: two that are the same for so long are the same. */
#define MACHINE_CUT 40

/* Container engines show so many digits of an id. */
#define ID_SHOWN 12

static void set(char **clue, char *name)
{
	free(*clue);
	*clue = name;
}

static void set_path_names(char *names[SEA_VM_PATH_NAMES], const char *path)
{
	struct sea_span found[SEA_VM_PATH_NAMES];
	size_t i, nr = path ? sea_vm_path_names((struct sea_span){path, strlen(path)}, found) : 0;
	char name[SEA_VM_NAME_LEN];

	for (i = 0; i < SEA_VM_PATH_NAMES; i++) {
		bool there = i < nr && sea_vm_shorten(found[i], name, sizeof(name));

		set(&names[i], there ? strdup(name) : NULL);
	}
}

/*
 * KubeVirt calls its QEMUs NAMESPACE_NAME. A namespace has no "_" in it, and
 * everybody writes NAMESPACE/NAME.
 */
static void name_in_pod(struct sea_vm_clues *clues)
{
	char *line = clues->name && clues->pod && clues->kubevirt ? strchr(clues->name, '_') : NULL;

	/* It may have been done already: the cgroup is read again now and then. */
	if (line && line > clues->name && line[1] && !strchr(clues->name, '/'))
		*line = '/';
}

void sea_vm_clues_set_cmdline(struct sea_vm_clues *clues, const struct sea_vm_cmdline *cmdline,
			      const char *comm)
{
	char name[SEA_VM_NAME_LEN], path[PATH_MAX];
	size_t len = cmdline->len;

	set(&clues->name,
	    sea_vm_name_from_cmdline(cmdline, comm, name, sizeof(name)) ? strdup(name) : NULL);
	set_path_names(clues->sockets,
		       sea_vm_socket_from_cmdline(cmdline, comm, path, sizeof(path)) ? path : NULL);
	set_path_names(clues->images,
		       sea_vm_image_from_cmdline(cmdline, comm, path, sizeof(path)) ? path : NULL);
	if (!sea_vm_uuid_from_cmdline(cmdline, comm, clues->uuid, sizeof(clues->uuid)))
		clues->uuid[0] = '\0';
	clues->kubevirt = sea_vm_cmdline_is_kubevirt(cmdline, comm);
	name_in_pod(clues);

	while (!cmdline->cut && len && !cmdline->text[len - 1])
		len--;
	clues->cmdline_len = len;
	clues->cmdline_cut = cmdline->cut;
	if (len > SEA_VM_CMDLINE_KEPT)
		len = SEA_VM_CMDLINE_KEPT;
	set(&clues->cmdline, malloc(len + 1));
	if (clues->cmdline)
		memcpy(clues->cmdline, cmdline->text, len);
}

bool sea_vm_clues_same_cmdline(const struct sea_vm_clues *clues,
			       const struct sea_vm_cmdline *cmdline)
{
	size_t len = cmdline->len, common;

	while (!cmdline->cut && len && !cmdline->text[len - 1])
		len--;
	common = len < clues->cmdline_len ? len : clues->cmdline_len;
	/* Only one that was cut may be shorter. */
	if ((common < len && !clues->cmdline_cut) || (common < clues->cmdline_len && !cmdline->cut))
		return false;
	if (common > SEA_VM_CMDLINE_KEPT)
		common = SEA_VM_CMDLINE_KEPT;
	return !memcmp(clues->cmdline, cmdline->text, common);
}

void sea_vm_clues_set_cgroup(struct sea_vm_clues *clues, const char *path)
{
	struct sea_span span = {path, strlen(path)};
	char name[SEA_VM_NAME_LEN];

	set(&clues->cgroup,
	    sea_vm_name_from_cgroup(span, name, sizeof(name)) ? strdup(name) : NULL);
	clues->cgroup_is_machine = sea_vm_cgroup_is_machine(span);
	clues->pod = sea_vm_cgroup_is_pod(span);
	set(&clues->cgroup_path, strdup(path));
	set(&clues->cgroup_shown, malloc(span.len + 1));
	if (clues->cgroup_shown)
		sea_printable(path, span.len, clues->cgroup_shown, span.len + 1);
	name_in_pod(clues);
}

void sea_vm_clues_drop_place(struct sea_vm_clues *clues)
{
	set(&clues->machine, NULL);
	set(&clues->cgroup, NULL);
	set(&clues->cgroup_path, NULL);
	set(&clues->cgroup_shown, NULL);
	clues->cgroup_is_machine = clues->pod = false;
}

void sea_vm_clues_set_machine(struct sea_vm_clues *clues, const char *machine)
{
	char name[SEA_VM_NAME_LEN];

	set(&clues->machine,
	    sea_vm_name_from_machine(machine, strlen(machine), name, sizeof(name)) ? strdup(name) :
										     NULL);
}

void sea_vm_clues_free(struct sea_vm_clues *clues)
{
	size_t i;

	free(clues->name);
	for (i = 0; i < SEA_VM_PATH_NAMES; i++) {
		free(clues->sockets[i]);
		free(clues->images[i]);
	}
	free(clues->machine);
	free(clues->cgroup);
	free(clues->cgroup_path);
	free(clues->cgroup_shown);
	free(clues->cmdline);
	memset(clues, 0, sizeof(*clues));
}

/* Its last word is a number or so many hexadecimal digits that nobody made it up. */
static bool is_id(const char *name)
{
	const char *word = name + strlen(name);
	char uuid[SEA_VM_UUID_LEN];
	bool digits = true;
	size_t len;

	if (sea_vm_uuid_parse(name, strlen(name), uuid))
		return true;
	while (word > name && isalnum((unsigned char)word[-1]))
		word--;
	len = strlen(word);
	if (strspn(word, "0123456789abcdefABCDEF") != len)
		return false;
	digits = strspn(word, "0123456789") == len;
	return len == ID_SHOWN || (digits && word == name);
}

/* Letters and digits only, in lower case. */
static size_t squeeze(const char *name, char *out)
{
	size_t len = 0;

	for (; *name; name++)
		if (isalnum((unsigned char)*name))
			out[len++] = (char)tolower((unsigned char)*name);
	out[len] = '\0';
	return len;
}

/* The word is in the text, and what is around it is no part of a word. */
static bool has_word(const char *text, const char *word)
{
	const char *at = text;
	size_t len = strlen(word);

	while ((at = strstr(at, word))) {
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[len]))
			return true;
		at++;
	}
	return false;
}

bool sea_vm_names_agree(const char *a, const char *b)
{
	char x[SEA_VM_NAME_LEN], y[SEA_VM_NAME_LEN];
	size_t len_x = squeeze(a, x), len_y = squeeze(b, y);

	if (is_id(a) || is_id(b) || has_word(a, b) || has_word(b, a))
		return true;
	/* Nothing is left of a name that has no letter of ours: nobody can tell. */
	if (!len_x || !len_y || !strcmp(x, y))
		return true;
	return len_x >= MACHINE_CUT && len_y >= MACHINE_CUT &&
	       !strncmp(x, y, len_x < len_y ? len_x : len_y);
}
