// SPDX-License-Identifier: GPL-2.0-only
#include "names/rules.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* TASK_COMM_LEN, 16, has the NUL in it: "cloud-hyperviso" is Cloud Hypervisor. */
#define COMM_LEN 15

#define NAME SEA_SAYS_NAME
#define UUID SEA_SAYS_UUID
#define SOCKET SEA_SAYS_SOCKET
#define IMAGE SEA_SAYS_IMAGE
#define WHOLE SEA_VALUE_WHOLE, NULL
#define KEY SEA_VALUE_KEY
#define BARE_KEY SEA_VALUE_BARE_KEY

/*
 * VMM -> options -> what they say. The first whose name fits counts: longer names
 * of programs go first. Told apart by lines, which clang-format would not leave.
 */
/* clang-format off */
#define QEMU_OPTIONS \
	{ {NAME, "-name", BARE_KEY, "guest"}, {NAME, "--name", BARE_KEY, "guest"}, \
	  {UUID, "-uuid", WHOLE}, {UUID, "--uuid", WHOLE}, \
	  {SOCKET, "-qmp", BARE_KEY, "path"}, {SOCKET, "-pidfile", WHOLE}, \
	  {SOCKET, "-readconfig", WHOLE}, {IMAGE, "-drive", KEY, "file"}, {IMAGE, "-hda", WHOLE} }

static const struct sea_vmm vmms[] = {
	{false, {"lkvm", "kvmtool"},
	 {{NAME, "--name", WHOLE}, {IMAGE, "--disk", BARE_KEY, "path"}, {IMAGE, "-d", BARE_KEY, "path"}}},
	/* kvm: Debian's and Red Hat's other names for it; StratoVirt took its options */
	{true, {"qemu", "kvm", "stratovirt"}, QEMU_OPTIONS},
	{false, {"firecracker"},
	 {{NAME, "--id", WHOLE}, {SOCKET, "--api-sock", WHOLE}, {IMAGE, "--config-file", WHOLE}}},
	{false, {"cloud-hypervisor"},
	 {{SOCKET, "--api-socket", BARE_KEY, "path"}, {UUID, "--platform", KEY, "uuid"},
	  {IMAGE, "--disk", KEY, "path"}}},
	{false, {"crosvm"},
	 {{NAME, "--name", WHOLE}, {SOCKET, "--socket", WHOLE}, {SOCKET, "-s", WHOLE},
	  {IMAGE, "--block", BARE_KEY, "path"}, {IMAGE, "-b", BARE_KEY, "path"},
	  {IMAGE, "--rwdisk", BARE_KEY, "path"}, {IMAGE, "--rwroot", BARE_KEY, "path"}}},
	/* Kata's own VMM lives in its shim */
	{false, {"containerd-shim-kata"}, {{NAME, "-id", WHOLE}}},
	/* gVisor on KVM: the bundle's directory is called by the container */
	{false, {"runsc"}, {{SOCKET, "--bundle", WHOLE}}},
	/* on libkrun */
	{false, {"krunvm"}, {{NAME, "start", WHOLE}}},
	{false, {"krun"}, {{SOCKET, "--bundle", WHOLE}, {SOCKET, "-b", WHOLE}}},
	{false, {"alioth"},
	 {{NAME, "--name", WHOLE}, {SOCKET, "--api", WHOLE}, {IMAGE, "--blk", BARE_KEY, "path"}}},
};

/* QEMU and Cloud Hypervisor under another name, and VMMs that we have not met */
static const struct sea_vmm any_vmm = {
	false, {NULL},
	{{NAME, "-name", BARE_KEY, "guest"}, {NAME, "--name", WHOLE}, {UUID, "-uuid", WHOLE},
	 {SOCKET, "--api-socket", BARE_KEY, "path"}, {SOCKET, "--api-sock", WHOLE}},
};
/* clang-format on */

const char *const sea_rules_instances[] = {
	"microvm@", /* microvm.nix */
	NULL,
};

const char *const sea_rules_directories[] = {
	"/cuttlefish/instances/",		/* Android's virtual device */
	"/vault/instances/",			/* Multipass */
	"/run/vc/vm/",				/* Kata Containers */
	"/run/vc/firecracker/",			/* likewise */
	"/run/kata/",				/* likewise, its runtime in Rust */
	"/run/libvirt/ch/",			/* libvirt's Cloud Hypervisor */
	"/jailer/firecracker/",			/* Firecracker's jailer */
	"/var/lib/microvms/",			/* microvm.nix */
	"/var/lib/firecracker/vm/",		/* Weave Ignite */
	"/.lima/",				/* Lima */
	"/.colima/_lima/",			/* Colima */
	"/common/lxd/logs/",			/* LXD */
	"/run/lxd/",				/* likewise */
	"/run/incus/",				/* Incus */
	"/run/qemu-server/",			/* Proxmox VE */
	"/.local/share/quickemu/",		/* Quickemu */
	"/k8s.io/",				/* a bundle of containerd's for Kubernetes */
	"/io.containerd.runtime.v2.task/moby/", /* and for Docker */
	NULL,
};

const char *const sea_rules_suffixes[] = {
	".sock",    ".socket", "-sock", "-socket", ".api",    "-api", ".qmp",
	".monitor", ".pid",    ".ctl",	".qcow2",  ".img",    ".raw", ".ext4",
	".json",    ".conf",   ".cfg",	".disk",   ".rootfs", NULL,
};

/* Paths begin with these, and who comes behind is not the VM. */
static const char *const places[] = {
	"/run/user/",
	"/var/run/user/",
	"/home/",
	NULL,
};

size_t sea_rules_place(struct sea_span path)
{
	size_t i, len;

	for (i = 0; places[i]; i++) {
		if (!sea_span_begins(path, places[i]))
			continue;
		len = strlen(places[i]);
		while (len < path.len && path.text[len] != '/')
			len++;
		return len;
	}
	return 0;
}

/* What managers and people call the files and directories of every VM. */
static const char words[] =
	/* directories */
	" run root tmp var lib srv home opt data mnt dev shm etc usr share internal state "
	" instance instances images image jail jailer vmms common snap local "
	/* sockets and what goes through them */
	" api sock socket sockets http https rest grpc ipc control ctl ctrl cmd command monitor "
	" mon qmp hmp serial console vsock agent daemon stdio none null "
	/* VMs and VMMs */
	" vmm vm vms vmid guest guests machine microvm microvms hypervisor ch clh cloud "
	" firecracker fc crosvm qemu kvm kvmtool lkvm libvirt virtink stratovirt krun libkrun "
	" alioth cloudhypervisor "
	/* images */
	" disk disks rootfs overlay boot os system config vmconfig ";

static bool is_word(struct sea_span name)
{
	char word[32];

	if (name.len + 3 > sizeof(word) || memchr(name.text, ' ', name.len))
		return false;
	snprintf(word, sizeof(word), " %.*s ", (int)name.len, name.text);
	return strstr(words, word);
}

bool sea_rules_common(struct sea_span name)
{
	size_t i;

	while (name.len) {
		struct sea_span word = name;

		for (i = 0; i < name.len && !strchr("-_.", name.text[i]); i++)
			;
		word.len = i;
		if (word.len && !is_word(word))
			return false;
		name = sea_span_from(name, i < name.len ? i + 1 : i);
	}
	return true;
}

/* Patterns. What starts VMs without a cgroup for each has services here. */
static const char *const cgroups[] = {
	".",
	"..",
	"*.slice",
	"*.partition",
	/* what systemd, libvirt and container engines have below a VM's own */
	"init",
	"init.scope",
	"user",
	"emulator",
	"supervisor",
	"payload",
	"container",
	"vcpu[0-9]*",
	"iothread[0-9]*",
	/* whatever somebody started by hand */
	"session-*.scope",
	"run-*.scope",
	"run-*.service",
	"vte-spawn-*.scope",
	"tmux-spawn-*.scope",
	"app-*.scope",
	"app-*.service",
	"user@*.service",
	"snap.*",
	"libvirtd.service",
	"virtqemud.service",
	"virtchd.service",
	"containerd.service",
	"docker.service",
	"crio.service",
	"kubelet.service",
	"k3s.service",
	"ssh.service",
	"sshd.service",
	"ssh@*.service",
	"cron.service",
	"crond.service",
	"lxd.service",
	"incus.service",
	"multipassd.service",
	"pvedaemon.service",
	"pve-guests.service",
	"nova-compute.service",
	"nomad.service",
	"*.task.scope", /* of Nomad */
	"flintlockd.service",
	"*daemon.service",
	"ganeti-noded.service",
	"gitlab-runner.service",
	"actions.runner.*.service",
	"jenkins.service",
};

bool sea_rules_cgroup_common(struct sea_span component)
{
	struct sea_span name = component;
	char text[256];
	size_t i;

	if (!component.len)
		return true;
	if (component.len < sizeof(text)) {
		memcpy(text, component.text, component.len);
		text[component.len] = '\0';
		for (i = 0; i < ARRAY_SIZE(cgroups); i++)
			if (!fnmatch(cgroups[i], text, 0))
				return true;
	} else if (sea_span_ends(component, ".slice")) {
		return true;
	}
	if (!sea_span_drop(&name, ".service"))
		sea_span_drop(&name, ".scope");
	return name.len && sea_rules_common(name);
}

const struct sea_vmm *sea_rules_vmm(struct sea_span program)
{
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(vmms); i++)
		for (k = 0; k < SEA_VMM_PROGRAMS && vmms[i].programs[k]; k++)
			if (sea_span_begins(program, vmms[i].programs[k]))
				return &vmms[i];
	return NULL;
}

const struct sea_vmm *sea_rules_vmm_of_comm(const char *comm)
{
	const struct sea_span name = {comm, strlen(comm)};
	const struct sea_vmm *vmm = sea_rules_vmm(name);
	size_t i, k;

	if (vmm || name.len != COMM_LEN)
		return vmm;
	for (i = 0; i < ARRAY_SIZE(vmms); i++)
		for (k = 0; k < SEA_VMM_PROGRAMS && vmms[i].programs[k]; k++)
			if (!strncmp(vmms[i].programs[k], comm, COMM_LEN))
				return &vmms[i];
	return NULL;
}

const struct sea_vmm *sea_rules_any_vmm(void)
{
	return &any_vmm;
}
