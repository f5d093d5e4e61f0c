// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM tells nobody where its tables are, but a kprobe event can read
 * vcpu->kvm->arch.mmu.pgd_phys where a function has the vCPU at hand. BTF says
 * where the fields are. (Linux 6.6 and later could look them up themselves, if
 * configured to.) The function is one that runs in this process when this
 * process asks for it: KVM_GET_ONE_REG.
 *
 * The event is recorded in a tracing instance of its own: several of us, and
 * whoever else traces, do not get in each other's way.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "btf.h"
#include "ras.h"
#include "stage2.h"

#define TRACEFS "/sys/kernel/tracing"
#define PROBED "kvm_arm_get_reg"

/* The IPA space of a VM of type 0, and what follows for pages of 4 KiB */
#define IPA_BITS 40
#define BITS_PER_LEVEL 9
#define PAGE_BITS 12

#define DESC_VALID 1UL
#define DESC_TABLE 2UL /* at level 3: a page */
#define DESC_ADDRESS 0x0000fffffffff000UL

static bool append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return ok;
}

/* The value after the last "root=" that this process has recorded */
static uint64_t read_root(const char *trace)
{
	FILE *file = fopen(trace, "re");
	char line[512], pid[32];
	uint64_t root = 0;

	if (!file)
		err(EXIT_ENVIRONMENT, "%s", trace);
	snprintf(pid, sizeof(pid), "-%d ", gettid());
	while (fgets(line, sizeof(line), file)) {
		char *value = strstr(line, "root=");

		if (line[0] != '#' && value && strstr(line, pid))
			root = strtoull(value + strlen("root="), NULL, 0);
	}
	fclose(file);
	return root;
}

uint64_t stage2_root(const struct vcpu *vcpu)
{
	char instance[128], event[64], define[128], undo[80], path[256];
	uint64_t root = 0;
	const char *failed = NULL;

	if (access(TRACEFS "/kprobe_events", W_OK) &&
	    mount("tracefs", TRACEFS, "tracefs", 0, NULL) && errno != EBUSY)
		err(EXIT_ENVIRONMENT, "tracefs on " TRACEFS);

	snprintf(event, sizeof(event), "sea_vm_%d/root", getpid());
	/* x0: the function's first argument, a struct kvm_vcpu * */
	snprintf(define, sizeof(define), "p:%s " PROBED " root=+%u(+%u(%%x0)):x64", event,
		 btf_offset("kvm", "arch") + btf_offset("kvm_arch", "mmu") +
			 btf_offset("kvm_s2_mmu", "pgd_phys"),
		 btf_offset("kvm_vcpu", "kvm"));
	snprintf(undo, sizeof(undo), "-:%s", event);
	snprintf(instance, sizeof(instance), TRACEFS "/instances/sea_vm_%d", getpid());

	if (!append(TRACEFS "/kprobe_events", define))
		err(EXIT_ENVIRONMENT, "kprobe event on " PROBED);
	if (mkdir(instance, 0700)) {
		failed = "tracing instance";
	} else {
		snprintf(path, sizeof(path), "%s/events/%s/enable", instance, event);
		if (append(path, "1")) {
			vcpu_get_reg(vcpu, REG_PC);
			append(path, "0");
			snprintf(path, sizeof(path), "%s/trace", instance);
			root = read_root(path);
		} else {
			failed = "enabling the kprobe event";
		}
		rmdir(instance);
	}
	append(TRACEFS "/kprobe_events", undo);
	if (failed)
		errx(EXIT_ENVIRONMENT, "%s failed", failed);
	if (!root || root & (RAS_PAGE_SIZE - 1))
		errx(EXIT_ENVIRONMENT, "no root of the stage-2 tables seen: %#" PRIx64, root);
	return root;
}

/*
 * Up to 16 tables are concatenated at the first level, to save one: 4 bits more
 * are resolved there. What is left of the IPA is split into 9 bits a level.
 */
static unsigned int first_level(void)
{
	unsigned int bits = IPA_BITS - PAGE_BITS - 4;

	return 4 - (bits + BITS_PER_LEVEL - 1) / BITS_PER_LEVEL;
}

uint64_t stage2_leaf(uint64_t root, uint64_t ipa)
{
	uint64_t table = root;

	for (unsigned int level = first_level();; level++) {
		unsigned int shift = PAGE_BITS + BITS_PER_LEVEL * (3 - level);
		uint64_t index = ipa >> shift;
		uint64_t entry, desc;

		if (level != first_level())
			index &= (1UL << BITS_PER_LEVEL) - 1;
		entry = table + index * sizeof(desc);
		desc = ras_peek(entry);
		if ((desc & (DESC_VALID | DESC_TABLE)) != (DESC_VALID | DESC_TABLE))
			errx(EXIT_ENVIRONMENT,
			     "stage 2 does not map %#" PRIx64 " by a page: %#" PRIx64
			     " at level %u",
			     ipa, desc, level);
		if (level == 3)
			return entry;
		table = desc & DESC_ADDRESS;
	}
}
