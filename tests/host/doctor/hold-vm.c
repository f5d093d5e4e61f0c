// SPDX-License-Identifier: GPL-2.0-only
/*
 * hold-vm [OPTION...]: has VMs that never run, in the shapes that VMMs keep
 * their descriptors in, says "ready", and waits to be killed.
 *
 *   --vms N       so many VMs (default 1)
 *   --vcpus N     so many vCPUs each (default 1)
 *   --opt-in      KVM_CAP_ARM_SEA_TO_USER
 *   --close-vm    keep the vCPUs' descriptors only
 *   --close-vcpus keep the VM's only
 *   --twice       each descriptor twice, and in a child process too
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/kvm.h>

#define CAP_ARM_SEA_TO_USER 245

static int check(int rc, const char *what)
{
	if (rc < 0) {
		perror(what);
		exit(1);
	}
	return rc;
}

static struct {
	int vms, vcpus;
	int opt_in, close_vm, close_vcpus, twice;
} shape = {.vms = 1, .vcpus = 1};

static void make_vm(int kvm)
{
	struct kvm_enable_cap cap = {.cap = CAP_ARM_SEA_TO_USER};
	int vm = check(ioctl(kvm, KVM_CREATE_VM, 0UL), "KVM_CREATE_VM"), i;

	if (shape.opt_in)
		check(ioctl(vm, KVM_ENABLE_CAP, &cap), "KVM_ENABLE_CAP");
	for (i = 0; i < shape.vcpus; i++) {
		int vcpu = check(ioctl(vm, KVM_CREATE_VCPU, (unsigned long)i), "KVM_CREATE_VCPU");

		if (shape.twice)
			check(dup(vcpu), "dup");
		if (shape.close_vcpus)
			close(vcpu);
	}
	if (shape.twice)
		check(dup(vm), "dup");
	if (shape.close_vm)
		close(vm);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"vms", required_argument, NULL, 'm'},
		{"vcpus", required_argument, NULL, 'c'},
		{"opt-in", no_argument, &shape.opt_in, 1},
		{"close-vm", no_argument, &shape.close_vm, 1},
		{"close-vcpus", no_argument, &shape.close_vcpus, 1},
		{"twice", no_argument, &shape.twice, 1},
		{NULL, 0, NULL, 0},
	};
	int kvm, option, i;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'm')
			shape.vms = atoi(optarg);
		else if (option == 'c')
			shape.vcpus = atoi(optarg);
		else if (option)
			return 2;
	}
	/* Not inherited by what a shell starts later, and gone with it. */
	prctl(PR_SET_PDEATHSIG, 15);
	kvm = check(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	for (i = 0; i < shape.vms; i++)
		make_vm(kvm);
	if (shape.twice && !check(fork(), "fork"))
		prctl(PR_SET_PDEATHSIG, 15);
	else
		puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
