// SPDX-License-Identifier: GPL-2.0-only
/*
 * Command lines and cgroups as VMMs and what starts them have them. Their shape is
 * from documentation, sources and issues of these projects; the values are made up.
 */
#include "procfs.h"

#include <stdio.h>
#include <string.h>

/* Container ids: 64 digits of which the first twelve are shown. */
#define ID(digits) digits "9abcdef0123456789abcdef0123456789abcdef0123456789abc"
#define A(arg) arg "\0"

#define CMD SEA_VM_FROM_CMDLINE
#define CGROUP SEA_VM_FROM_CGROUP
#define COMM SEA_VM_FROM_COMM

struct known {
	const char *what;
	const char *comm;
	const char *argv;
	size_t len;
	const char *cgroup;
	const char *name; /* NULL: the comm and the pid */
	enum sea_vm_origin origin;
};

#define POD "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1a2b.slice"

static const struct known known[] = {
	/* QEMU by hand */
	{"QEMU", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-M") A("virt") A("-name") A("hand-1")),
	 "/user.slice/user-1000.slice/session-3.scope", "hand-1", CMD},
	{"QEMU with options of the name", "vm7",
	 BYTES(A("qemu-kvm") A("-name") A("guest=hand-2,process=vm7,debug-threads=on")), "/",
	 "hand-2", CMD},
	{"QEMU in a unit", "qemu-system-aar",
	 BYTES(A("/usr/bin/qemu-system-aarch64") A("-nographic")), "/system.slice/vm-mail.service",
	 "vm-mail", CGROUP},
	{"QEMU by systemd-run", "qemu-system-aar", BYTES(A("qemu-system-aarch64") A("-m") A("1G")),
	 "/system.slice/run-u12.service", NULL, COMM},
	{"QEMU in a session", "qemu-system-aar", BYTES(A("qemu-system-aarch64") A("-m") A("1G")),
	 "/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.konsole-77.scope",
	 NULL, COMM},
	{"QEMU with a disk", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-drive")
		       A("if=pflash,readonly=on,file=/usr/share/AAVMF/AAVMF_CODE.fd") A("-drive")
			       A("file=/vms/printserver.qcow2,if=virtio")),
	 "/user.slice/user-1000.slice/session-9.scope", "printserver", CMD},
	{"QEMU with a monitor", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-qmp")
		       A("unix:/run/vms/cups/qmp.sock,server=on,wait=off")),
	 "/", "cups", CMD},
	{"QEMU of Nix", ".qemu-system-aa",
	 BYTES(A("/nix/store/x-qemu/bin/.qemu-system-aarch64-wrapped") A("-name") A("nix-1")), "/",
	 "nix-1", CMD},
	/* libvirt */
	{"libvirt", "qemu-system-aar",
	 BYTES(A("/usr/bin/qemu-system-aarch64") A("-name") A("guest=web_01,debug-threads=on") A(
		 "-S") A("-object")
		       A("{\"qom-type\":\"secret\",\"id\":\"masterKey0\",\"format\":\"raw\",\"file\":\"/var/lib/libvirt/qemu/domain-1-web_01/master-key.aes\"}")),
	 "/machine.slice/machine-qemu\\x2d1\\x2dweb01.scope/libvirt/emulator", "web_01", CMD},
	{"libvirt, a comma in the name", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=a,,b,debug-threads=on")),
	 "/machine.slice/machine-qemu\\x2d2\\x2dab.scope/libvirt/emulator", "a,b", CMD},
	{"libvirt, no command line any more", "qemu-kvm", "", 0,
	 "/machine.slice/machine-qemu\\x2d3\\x2dbatch\\x2d3.scope/libvirt/vcpu0", "batch-3",
	 CGROUP},
	{"libvirt without systemd", "qemu-kvm", "", 0,
	 "/machine/qemu-4-batch-4.libvirt-qemu/emulator", "batch-4", CGROUP},
	{"libvirt, a partition", "qemu-kvm", "", 0,
	 "/machine/prod.partition/qemu-5-batch-5.libvirt-qemu", "batch-5", CGROUP},
	{"libvirt of a user", "qemu-system-aar",
	 BYTES(A("/usr/bin/qemu-system-aarch64") A("-name") A("guest=boxes-1,debug-threads=on")),
	 "/user.slice/user-1000.slice/user@1000.service/app.slice/virtqemud.service", "boxes-1",
	 CMD},
	{"libvirt, Cloud Hypervisor", "cloud-hyperviso",
	 BYTES(A("/usr/bin/cloud-hypervisor") A("--api-socket")
		       A("/var/run/libvirt/ch/chvm-socket")),
	 "/machine.slice/machine-ch\\x2d7\\x2dchvm.scope", "chvm", CGROUP},
	{"virt-install for Vagrant", "qemu-system-aar",
	 BYTES(A("/usr/bin/qemu-system-aarch64") A("-name")
		       A("guest=demo_default,debug-threads=on")),
	 "/machine.slice/machine-qemu\\x2d8\\x2ddemodefault.scope/libvirt/emulator", "demo_default",
	 CMD},
	{"minikube", "qemu-system-aar",
	 BYTES(A("/usr/bin/qemu-system-aarch64") A("-name")
		       A("guest=minikube-m02,debug-threads=on")),
	 "/machine.slice/machine-qemu\\x2d9\\x2dminikube\\x2dm02.scope/libvirt/emulator",
	 "minikube-m02", CMD},
	/* clouds */
	{"OpenStack Nova", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=instance-0000002a,debug-threads=on")
		       A("-uuid") A("8c9d7f66-1d0a-4f4e-b9a5-111111111111")),
	 "/machine.slice/machine-qemu\\x2d10\\x2dinstance\\x2d0000002a.scope/libvirt/emulator",
	 "instance-0000002a", CMD},
	{"OpenStack in containers", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=instance-0000002b,debug-threads=on")),
	 "/machine.slice/libpod-" ID("bbbbbbbbbbbb") ".scope/container", "instance-0000002b", CMD},
	{"CloudStack", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=i-2-17-VM,debug-threads=on")),
	 "/machine.slice/machine-qemu\\x2d11\\x2di\\x2d2\\x2d17\\x2dVM.scope/libvirt/emulator",
	 "i-2-17-VM", CMD},
	{"OpenNebula", "qemu-kvm-one",
	 BYTES(A("/usr/bin/qemu-kvm-one") A("-name") A("guest=one-42,debug-threads=on")),
	 "/machine.slice/machine-qemu\\x2d12\\x2done\\x2d42.scope/libvirt/emulator", "one-42", CMD},
	{"oVirt", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=HostedEngine,debug-threads=on")),
	 "/machine.slice/machine-qemu\\x2d13\\x2dHostedEngine.scope/libvirt/emulator",
	 "HostedEngine", CMD},
	{"Proxmox VE", "kvm",
	 BYTES(A("/usr/bin/kvm") A("-id") A("100") A("-name") A("gitlab,debug-threads=on")
		       A("-no-shutdown") A("-chardev") A(
			       "socket,id=qmp,path=/var/run/qemu-server/100.qmp,server=on,wait=off")
			       A("-pidfile") A("/var/run/qemu-server/100.pid")),
	 "/qemu.slice/100.scope", "gitlab", CMD},
	{"Proxmox VE, no command line any more", "kvm", "", 0, "/qemu.slice/101.scope", "101",
	 CGROUP},
	{"Ganeti", "kvm",
	 BYTES(A("/usr/bin/kvm") A("-name") A("inst1.example.org") A("-m") A("1024") A("-pidfile")
		       A("/run/ganeti/kvm-hypervisor/pid/inst1.example.org")),
	 "/system.slice/ganeti-noded.service", "inst1.example.org", CMD},
	{"Nomad", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-machine") A("type=virt") A("-name") A("linux.img")
		       A("-m") A("512M")),
	 "/nomad.slice/share.slice/1a2b.task.scope", "linux.img", CMD},
	/* KubeVirt and others in pods */
	{"KubeVirt", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=shop_db-0,debug-threads=on") A(
		 "-S") A("-object")
		       A("{\"qom-type\":\"secret\",\"id\":\"masterKey0\",\"format\":\"raw\",\"file\":\"/var/run/kubevirt-private/libvirt/qemu/lib/domain-1-shop_db-0/master-key.aes\"}")),
	 POD "/cri-containerd-" ID("c00000000001") ".scope", "shop/db-0", CMD},
	{"KubeVirt, an older one", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=default_testvm-2,debug-threads=on") A(
		 "-S") A("-object")
		       A("secret,id=masterKey0,format=raw,file=/var/lib/libvirt/qemu/domain-1-default_testvm-2/master-key.aes")
			       A("-smbios") A(
				       "type=1,manufacturer=KubeVirt,product=None,family=KubeVirt")),
	 POD "/crio-" ID("c00000000002") ".scope", "default/testvm-2", CMD},
	{"KubeVirt, kubelet below another root", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=kind_web-1,debug-threads=on")
		       A("-smbios") A("type=1,manufacturer=KubeVirt,family=KubeVirt")),
	 "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
	 "kubelet-kubepods-burstable-podX.slice/cri-containerd-" ID("c00000000003") ".scope",
	 "kind/web-1", CMD},
	{"KubeVirt, cgroupfs", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=ns-4_vm-4,debug-threads=on")
		       A("-smbios") A("type=1,manufacturer=KubeVirt,family=KubeVirt")),
	 "/kubepods/burstable/pod1a2b/" ID("c00000000004"), "ns-4/vm-4", CMD},
	{"KubeVirt, kind in Docker", "qemu-kvm",
	 BYTES(A("/usr/libexec/qemu-kvm") A("-name") A("guest=ns-5_vm-5,debug-threads=on")
		       A("-smbios") A("type=1,manufacturer=KubeVirt,family=KubeVirt")),
	 "/docker/" ID("d00000000005") "/kubelet/kubepods/besteffort/pod1a2b/" ID("c00000000005"),
	 "ns-5/vm-5", CMD},
	{"QEMU in somebody's own pod", "vm",
	 BYTES(A("qemu-system-aarch64") A("-name") A("Build_VM_7,process=vm")),
	 POD "/cri-containerd-" ID("c00000000006") ".scope", "Build_VM_7", CMD},
	{"crosvm in somebody's own pod", "crosvm",
	 BYTES(A("crosvm") A("run") A("--name") A("my_vm")),
	 POD "/cri-containerd-" ID("c00000000007") ".scope", "my_vm", CMD},
	{"QEMU in a pod, unnamed", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-m") A("1G")),
	 "/system.slice/containerd.service/kubepods-burstable-podX.slice:cri-containerd:" ID(
		 "c00000000008"),
	 "cri-containerd:c00000000008", CGROUP},
	{"Virtink", "cloud-hyperviso",
	 BYTES(A("cloud-hypervisor") A("--api-socket") A("/var/run/virtink/ch.sock")),
	 POD "/cri-containerd-" ID("c00000000009") ".scope", "cri-containerd-c00000000009", CGROUP},
	/* Kata Containers */
	{"Kata, QEMU", "qemu-system-aar",
	 BYTES(A("/opt/kata/bin/qemu-system-aarch64") A("-name") A("sandbox-" ID("e00000000001")) A(
		 "-uuid") A("fa535631-81c2-4962-a5ce-111111111111") A("-qmp")
		       A("unix:/run/vc/vm/" ID("e00000000001") "/qmp.sock,server=on,wait=off")),
	 "/kubepods/podX/kata_" ID("e00000000001"), "sandbox-e00000000001", CMD},
	{"Kata, Cloud Hypervisor", "cloud-hyperviso",
	 BYTES(A("/opt/kata/bin/cloud-hypervisor") A("--api-socket")
		       A("/run/vc/vm/" ID("e00000000002") "/clh-api.sock")),
	 "/kata_overhead/" ID("e00000000002"), "e00000000002", CMD},
	{"Kata, Firecracker", "firecracker",
	 BYTES(A("/firecracker") A("--id") A("e000000000039abcdef0123456789abc") A("--config-file")
		       A("fcConfig.json")),
	 "/firecracker/e000000000039abcdef0123456789abc", "e000000000039abcdef0123456789abc", CMD},
	{"Kata, Dragonball", "containerd-shim",
	 BYTES(A("/opt/kata/bin/containerd-shim-kata-v2") A("-namespace") A("k8s.io") A("-address")
		       A("/run/containerd/containerd.sock") A("-id") A(ID("e00000000004"))),
	 "/system.slice/containerd.service", "e00000000004", CMD},
	{"Kata, no command line any more", "qemu-system-aar", "", 0,
	 "/kubepods/podX/kata_" ID("e00000000005"), "kata_e00000000005", CGROUP},
	/* Firecracker */
	{"Firecracker's jailer", "firecracker",
	 BYTES(A("/firecracker") A("--id") A("micro-7") A("--start-time-us") A("1")
		       A("--start-time-cpu-us") A("1") A("--parent-cpu-time-us") A("1")),
	 "/firecracker-v1.7/micro-7", "micro-7", CMD},
	{"Firecracker's jailer, an instance's UUID", "firecracker", "", 0,
	 "/firecracker-v0.25/551e7604-e35c-42b3-b825-111111111111",
	 "551e7604-e35c-42b3-b825-111111111111", CGROUP},
	{"Firecracker as in its guide", "firecracker",
	 BYTES(A("./firecracker") A("--api-sock") A("/tmp/firecracker.socket")),
	 "/user.slice/user-0.slice/session-1.scope", NULL, COMM},
	{"firectl", "firecracker",
	 BYTES(A("/usr/bin/firecracker") A("--api-sock") A("/root/.firecracker.sock-35004-81")),
	 "/user.slice/user-0.slice/session-2.scope", NULL, COMM},
	{"firecracker-containerd", "firecracker",
	 BYTES(A("/firecracker") A("--id") A("c2381191-b9fd-4e5a-852f-111111111111") A("--api-sock")
		       A("api.socket")),
	 "/firecracker-containerd/c2381191-b9fd-4e5a-852f-111111111111",
	 "c2381191-b9fd-4e5a-852f-111111111111", CMD},
	{"flintlock", "firecracker",
	 BYTES(A("firecracker") A("--id") A("01JNKXRA9M9JKXFW6MBPMR2APT") A("--boot-timer") A(
		 "--no-api") A("--config-file")
		       A("/var/lib/flintlock/vm/ns1/mvm1/01JNKXRA9M9JKXFW6MBPMR2APT/firecracker.cfg")),
	 "/system.slice/flintlockd.service", "01JNKXRA9M9JKXFW6MBPMR2APT", CMD},
	{"flintlock, Cloud Hypervisor", "cloud-hyperviso",
	 BYTES(A("cloud-hypervisor-static") A("--api-socket") A(
		 "/var/lib/flintlock/vm/ns1/mvm2/01JNKXRA9M9JKXFW6MBPMR2APX/cloudhypervisor.sock")),
	 "/", "01JNKXRA9M9JKXFW6MBPMR2APX", CMD},
	{"Weave Ignite", "firecracker",
	 BYTES(A("firecracker") A("--api-sock")
		       A("/var/lib/firecracker/vm/599615df99804ae8/firecracker.sock")),
	 "/system.slice/docker-" ID("d00000000001") ".scope", "599615df99804ae8", CMD},
	{"a configuration by hand", "firecracker",
	 BYTES(A("firecracker") A("--no-api") A("--config-file") A("/etc/vms/dns.json")), "/",
	 "dns", CMD},
	/* Cloud Hypervisor */
	{"Cloud Hypervisor", "cloud-hyperviso",
	 BYTES(A("./cloud-hypervisor") A("--kernel") A("./hypervisor-fw") A("--api-socket")
		       A("path=/tmp/cloud-hypervisor.sock")),
	 "/", NULL, COMM},
	{"Cloud Hypervisor, a socket for each", "cloud-hyperviso",
	 BYTES(A("cloud-hypervisor") A("--cpus") A("boot=4") A("--api-socket")
		       A("/run/vms/edge-1/api.sock")),
	 "/system.slice/ch.service", "edge-1", CMD},
	{"Cloud Hypervisor in a unit", "cloud-hyperviso",
	 BYTES(A("cloud-hypervisor") A("--api-socket") A("fd=3")), "/system.slice/ch-cache.service",
	 "ch-cache", CGROUP},
	{"Cloud Hypervisor, a disk", "cloud-hyperviso",
	 BYTES(A("cloud-hypervisor") A("--disk") A("path=/vms/ldap/disk.raw")
		       A("path=/vms/seed.img")),
	 "/", "ldap", CMD},
	/* crosvm */
	{"Cuttlefish", "crosvm",
	 BYTES(A("/cuttlefish/bin/crosvm") A("--extended-status") A("run") A("--cpus=4")
		       A("--socket=/tmp/cf_avd_1000/cvd-1/internal/crosvm_control.sock")),
	 "/user.slice/user-1000.slice/session-5.scope", "cvd-1", CMD},
	{"Cuttlefish, its home", "crosvm",
	 BYTES(A("crosvm") A("run") A(
		 "--socket=/home/vsoc-01/cuttlefish/instances/cvd-3/internal/crosvm_control.sock")),
	 "/", "cvd-3", CMD},
	{"Cuttlefish on QEMU", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-name") A("guest=cvd-4,debug-threads=on") A("-chardev")
		       A("socket,id=charmonitor,path=/x/qemu_monitor.sock")),
	 "/", "cvd-4", CMD},
	{"ChromeOS", "crosvm",
	 BYTES(A("/usr/bin/crosvm") A("run") A("--socket") A("/run/vm/vm.Kq2XbV/crosvm.sock")
		       A("--name") A("termina")),
	 "/vms/termina", "termina", CMD},
	{"crosvm by hand", "crosvm",
	 BYTES(A("crosvm") A("run") A("-s") A("/run/tux/crosvm.sock") A("--block")
		       A("/img/rootfs.img")),
	 "/", "tux", CMD},
	{"crosvm, a disk alone", "crosvm",
	 BYTES(A("crosvm") A("run") A("--rwdisk") A("/img/debian-sid.img") A("bzImage")), "/",
	 "debian-sid", CMD},
	/* microvm.nix */
	{"microvm.nix, Firecracker", "firecracker",
	 BYTES(A("microvm@proxy") A("--config-file") A("/nix/store/x-firecracker-proxy.json")
		       A("--api-sock") A("proxy.sock")),
	 "/system.slice/system-microvm.slice/microvm@proxy.service", "proxy", CMD},
	{"microvm.nix, QEMU", "qemu-system-aar",
	 BYTES(A("microvm@irc") A("-name") A("irc") A("-M") A("microvm")),
	 "/system.slice/system-microvm.slice/microvm@irc.service", "irc", CMD},
	{"Cloud Hypervisor under another name", "cloud-hyperviso",
	 BYTES(A("chv") A("--api-socket") A("path=/run/vms/mail-3.sock")), "/", "mail-3", CMD},
	{"microvm.nix, no command line any more", "cloud-hyperviso", "", 0,
	 "/system.slice/system-microvm.slice/microvm@nas.service", "nas", CGROUP},
	/* kvmtool and others */
	{"kvmtool", "lkvm", BYTES(A("lkvm") A("run") A("-k") A("Image") A("--name") A("guest-9")),
	 "/", "guest-9", CMD},
	{"kvmtool, a disk", "lkvm", BYTES(A("lkvm") A("run") A("-d") A("/img/minimal.ext4")), "/",
	 "minimal", CMD},
	{"StratoVirt", "stratovirt",
	 BYTES(A("/usr/bin/stratovirt") A("-name") A("strato1") A("-qmp")
		       A("unix:/run/s.sock,server")),
	 "/", "strato1", CMD},
	{"krunvm", "krunvm", BYTES(A("krunvm") A("start") A("fedora-dev")), "/", "fedora-dev", CMD},
	{"crun with libkrun", "krun",
	 BYTES(A("krun") A("run") A("--bundle") A(
		 "/var/lib/containers/storage/overlay-containers/" ID("f00000000001") "/userdata")),
	 "/machine.slice/libpod-" ID("f00000000001") ".scope", "userdata", CMD},
	{"gVisor", "runsc-sandbox",
	 BYTES(A("runsc-sandbox") A("--platform=kvm") A("boot")
		       A("--bundle=/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID(
			       "f00000000002"))),
	 "/kubepods/podY/" ID("f00000000002"), "f00000000002", CMD},
	{"Alioth", "alioth", BYTES(A("alioth") A("run") A("--blk") A("path=/img/alpine.raw")), "/",
	 "alpine", CMD},
	{"a VMM that nobody knows", "dbs-cli",
	 BYTES(A("dbs-cli") A("create") A("--name") A("unknown-vmm")), "/", "unknown-vmm", CMD},
	/* desktops and developers */
	{"Multipass", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-bios") A("QEMU_EFI.fd") A("--enable-kvm") A(
		 "-device") A("virtio-scsi-pci,id=scsi0") A("-drive")
		       A("file=/var/snap/multipass/common/data/multipassd/vault/instances/charmed-elk/ubuntu-22.04-server-cloudimg-arm64.img,if=none,format=qcow2,discard=unmap,id=disk0")
			       A("-qmp") A("stdio")),
	 "/system.slice/snap.multipass.multipassd.service", "charmed-elk", CMD},
	{"LXD", "qemu-system-aar",
	 BYTES(A("/snap/lxd/26093/bin/qemu-system-aarch64") A("-S") A("-name") A("lxd-vm1")
		       A("-uuid") A("de2e2aef-82d2-4648-9c53-111111111111") A("-readconfig")
			       A("/var/snap/lxd/common/lxd/logs/lxd-vm1/qemu.conf") A("-pidfile")
				       A("/var/snap/lxd/common/lxd/logs/lxd-vm1/qemu.pid")),
	 "/system.slice/snap.lxd.daemon.service", "lxd-vm1", CMD},
	{"Incus", "qemu-system-aar",
	 BYTES(A("/opt/incus/bin/qemu-system-aarch64") A("-S") A("-name") A("incus-vm1")
		       A("-readconfig") A("/run/incus/incus-vm1/qemu.conf")),
	 "/system.slice/incus.service", "incus-vm1", CMD},
	{"Incus, a project", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-readconfig") A("/run/incus/dev_incus-vm2/qemu.conf")),
	 "/system.slice/incus.service", "dev_incus-vm2", CMD},
	{"Lima", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-drive") A(
		 "file=/home/me/.lima/default/diffdisk,if=virtio") A("-chardev")
		       A("socket,id=char-qmp,path=/home/me/.lima/default/qmp.sock,server=on,wait=off")
			       A("-qmp") A("chardev:char-qmp") A("-name") A("lima-default")
				       A("-pidfile") A("/home/me/.lima/default/qemu.pid")),
	 "/user.slice/user-1000.slice/session-7.scope", "lima-default", CMD},
	{"Lima, unnamed", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-pidfile") A("/home/me/.lima/docker/qemu.pid")), "/",
	 "docker", CMD},
	{"Quickemu", "fedora-41",
	 BYTES(A("/usr/bin/qemu-system-aarch64") A("-name") A("fedora-41,process=fedora-41")
		       A("-pidfile") A("fedora-41/fedora-41.pid")),
	 "/", "fedora-41", CMD},
	{"virtme-ng", "qemu-system-aar",
	 BYTES(A("/usr/bin/qemu-system-aarch64") A("-name") A("virtme-ng") A("-m") A("1G")), "/",
	 "virtme-ng", CMD},
	{"NixOS' tests", "qemu-system-aar",
	 BYTES(A("qemu-system-aarch64") A("-machine") A("virt") A("-name") A("client1")),
	 "/system.slice/nix-daemon.service", "client1", CMD},
	{"a container engine", "vmm", BYTES(A("vmm")),
	 "/system.slice/docker-" ID("d00000000009") ".scope", "docker-d00000000009", CGROUP},
	{"podman", "vmm", BYTES(A("vmm")),
	 "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID(
		 "d0000000000a") ".scope/container",
	 "libpod-d0000000000a", CGROUP},
};

static struct sea_vm_identity identity_of(size_t i)
{
	struct sea_vm_identity identity = vm(i + 1, (uint32_t)i + 1, ticks_ns(5));

	identity.comm = known[i].comm;
	identity.comm_len = strlen(known[i].comm);
	return identity;
}

static void put(const struct procfs *proc, size_t i)
{
	char cgroup[1024];

	snprintf(cgroup, sizeof(cgroup), "0::%s\n", known[i].cgroup);
	procfs_put(proc, (uint32_t)i + 1, 5, known[i].argv, known[i].len, cgroup);
}

/* Returns the number of errors, and says what they are. */
static int check(const struct sea_vm_who *who, size_t i)
{
	char name[SEA_VM_NAME_LEN];

	snprintf(name, sizeof(name), "%s-%zu", known[i].comm, i + 1);
	if (known[i].name)
		snprintf(name, sizeof(name), "%s", known[i].name);
	if (!strcmp(who->name.text, name) && who->name.origin == known[i].origin)
		return 0;
	print_message("# %s: %s (%s), not %s\n", known[i].what, who->name.text,
		      sea_vm_origin_name(who->name.origin), name);
	return 1;
}

/* Each by itself, as the only VM of its host. */
static void alone(void **state)
{
	int errors = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		struct sea_vm_names *names = procfs_names(*state);

		put(*state, i);
		errors += check(who_is(names, identity_of(i)), i);
		sea_vm_names_close(names);
	}
	assert_int_equal(errors, 0);
}

/* All of them beside each other: nobody takes anybody's name away. */
static void together(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	int errors = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		put(*state, i);
		who_is(names, identity_of(i));
	}
	for (i = 0; i < ARRAY_SIZE(known); i++)
		errors += check(who_is(names, identity_of(i)), i);
	sea_vm_names_close(names);
	assert_int_equal(errors, 0);
}

/* None of them is said to be at odds with itself. */
static void undisputed(void **state)
{
	int errors = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		struct sea_vm_names *names = procfs_names(*state);
		const struct sea_vm_who *who;

		put(*state, i);
		who = who_is(names, identity_of(i));
		if (who->name.disputed) {
			print_message("# %s: %s, but %s\n", known[i].what, who->name.text,
				      who->name.other);
			errors++;
		}
		sea_vm_names_close(names);
	}
	assert_int_equal(errors, 0);
}

#define WITH_PROC(test) cmocka_unit_test_setup_teardown(test, procfs_setup, procfs_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PROC(alone),
		WITH_PROC(together),
		WITH_PROC(undisputed),
	};

	return cmocka_run_group_tests_name("known", tests, NULL, NULL);
}
