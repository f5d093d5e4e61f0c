// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/cmdline.h"
#include "names/path.h"

/* A string literal with the NULs in it, and without the one that C adds. */
#define BYTES(s) s, sizeof(s) - 1

typedef bool (*parser)(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
		       size_t size);

struct line_case {
	const char *bytes;
	size_t len;
	const char *result; /* NULL: there is none */
};

static void check(parser parse, const struct line_case *c, bool cut, const char *result)
{
	char out[SEA_VM_NAME_LEN] = "untouched";
	/* A copy of the exact size, so that reading past the end is seen. */
	char *copy = malloc(c->len ? c->len : 1);
	struct sea_vm_cmdline cmdline = {copy, c->len, cut};
	bool found;

	assert_non_null(copy);
	memcpy(copy, c->bytes, c->len);
	found = parse(&cmdline, NULL, out, sizeof(out));
	free(copy);
	assert_string_equal(found ? out : "(none)", result ? result : "(none)");
}

static void check_all(parser parse, const struct line_case *cases, size_t nr, bool cut)
{
	size_t i;

	for (i = 0; i < nr; i++)
		check(parse, &cases[i], cut, cases[i].result);
}

static void names(void **state)
{
	static const struct line_case cases[] = {
		/* QEMU */
		{BYTES("qemu-system-aarch64\0-name\0db01\0-m\0"
		       "1G\0"),
		 "db01"},
		{BYTES("/usr/bin/qemu-system-aarch64\0-name\0guest=db01,debug-threads=on\0"),
		 "db01"},
		{BYTES("qemu-kvm\0-name\0debug-threads=on,guest=db01\0"), "db01"},
		{BYTES("qemu-kvm\0-name\0debug-threads=on,process=qemu:x\0"), NULL},
		{BYTES("qemu-kvm\0-name\0a,,b\0"), "a,b"},
		{BYTES("qemu-kvm\0-name\0guest=a,,b=c,debug-threads=on\0"), "a,b=c"},
		{BYTES("qemu-kvm\0-name\0a,,,,\0"), "a,,"},
		{BYTES("qemu-kvm\0-name\0a,,,debug-threads=on\0"), "a,"},
		{BYTES("qemu-kvm\0-name\0,guest=x\0"), "x"},
		{BYTES("qemu-kvm\0-name\0guest=\0"), NULL},
		{BYTES("qemu-kvm\0-name\0guest=a\0-name\0guest=\0"), "a"},
		{BYTES("qemu-kvm\0--name\0guest=two,x=y\0"), "two"},
		{BYTES("kvm\0-name\0first\0-name\0second\0"), "second"},
		{BYTES("qemu-kvm\0-name"), NULL},
		{BYTES("qemu-kvm\0-name\0"), NULL},
		{BYTES("qemu-kvm\0-name\0no-nul-at-the-end"), "no-nul-at-the-end"},
		{BYTES("qemu-kvm\0-name\0guest"), "guest"},
		{BYTES("qemu-kvm\0-name\0="), NULL},
		{BYTES("qemu-kvm\0-name\0,,"), ","},
		{BYTES("qemu-kvm\0-name=x\0"), NULL},
		{BYTES("qemu-kvm\0-names\0x\0"), NULL},
		{BYTES("/nix/store/.qemu-system-aarch64-wrapped\0--name\0a,b=c\0"), "a"},
		/* Firecracker */
		{BYTES("firecracker\0--id\0micro1\0--api-sock\0/s\0"), "micro1"},
		{BYTES("/firecracker-v1.7\0--id=micro2\0--start-time-us\0"
		       "1\0"),
		 "micro2"},
		{BYTES("firecracker\0--api-sock\0/run/fc7.sock\0"), NULL},
		{BYTES("postgres\0--id\0"
		       "5\0"),
		 NULL},
		/* the others */
		{BYTES("crosvm\0run\0--name\0tux\0-s\0/run/tux.sock\0"), "tux"},
		{BYTES("lkvm\0run\0--name=guest-1\0"), "guest-1"},
		{BYTES("kvmtool\0run\0--name\0g2\0"), "g2"},
		{BYTES("lkvm\0run\0--name=\0"), NULL},
		{BYTES("lkvm\0run\0--name=a\0--name=\0"), "a"},
		{BYTES("lkvm\0run\0--\0--name=inner\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/x.sock\0"), NULL},
		{BYTES("vmm\0--name\0guest=x,y\0"), "guest=x,y"},
		{BYTES("vmm\0-name\0guest=x,y\0"), "x"},
		/* nothing, and worse */
		{BYTES(""), NULL},
		{BYTES("\0\0\0"), NULL},
		{BYTES("\0--name\0x\0"), "x"},
		{BYTES("qemu-system-aarch64"), NULL},
		{BYTES("/\0--name\0x\0"), "x"},
		{BYTES("vmm\0--name\0\0--name\0y"), "y"},
		{BYTES("vmm\0--name\0a\033[31mb\n"), "a?[31mb?"},
		{BYTES("vmm\0--name\0a\xff\xfe\xc3"), "a???"},
		{BYTES("vmm\0--name\0d\xc3\xbcsseldorf"), "d\xc3\xbcsseldorf"},
	};

	(void)state;
	check_all(sea_vm_name_from_cmdline, cases, ARRAY_SIZE(cases), false);
}

/* A name that may go on where the bytes end is not taken for one. */
static void cut_short(void **state)
{
	static const struct line_case cases[] = {
		{BYTES("qemu\0-name\0db0"), NULL},
		{BYTES("qemu\0-name\0db01\0"), "db01"},
		{BYTES("qemu\0-name\0db01,"), NULL}, /* a second comma may follow */
		{BYTES("qemu\0-name\0db01,d"), "db01"},
		{BYTES("qemu\0-name\0db01,,"), NULL},
		{BYTES("qemu\0-name\0debug-threads=on,guest=db0"), NULL},
		{BYTES("qemu\0-name\0debug-threads=on,guest=db01,x"), "db01"},
		{BYTES("qemu\0-name\0old\0-name\0guest=ne"), "old"},
		{BYTES("firecracker\0--id=mic"), NULL},
		{BYTES("firecracker\0--id\0micro1\0--api-so"), "micro1"},
		{BYTES("lkvm\0run\0--nam"), NULL},
		{BYTES("lkv"), NULL},
		{BYTES("lkvm\0run\0--name\0x"), NULL},
	};

	(void)state;
	check_all(sea_vm_name_from_cmdline, cases, ARRAY_SIZE(cases), true);
}

/* Wherever a command line is cut, there is the whole name or none. */
static void cut_anywhere(void **state)
{
	static const char whole[] =
		"/usr/bin/qemu-system-aarch64\0-name\0guest=db,,01,debug-threads=on\0-S\0";
	struct line_case c = {.bytes = whole};
	bool seen = false;

	(void)state;
	for (c.len = 0; c.len < sizeof(whole) - 1; c.len++) {
		char out[SEA_VM_NAME_LEN];
		struct sea_vm_cmdline cmdline = {whole, c.len, true};

		if (sea_vm_name_from_cmdline(&cmdline, NULL, out, sizeof(out))) {
			assert_string_equal(out, "db,01");
			seen = true;
		} else {
			assert_false(seen);
		}
		check(sea_vm_name_from_cmdline, &c, true, seen ? "db,01" : NULL);
	}
	assert_true(seen);
}

/* The best of the names in a path, as a VM without others would get it. */
static bool first_name(const char *path, char *out, size_t size)
{
	struct sea_span names[SEA_VM_PATH_NAMES];

	return sea_vm_path_names((struct sea_span){path, strlen(path)}, names) &&
	       sea_vm_shorten(names[0], out, size);
}

static bool name_from_socket(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			     size_t size)
{
	char path[4096];

	return sea_vm_socket_from_cmdline(cmdline, comm, path, sizeof(path)) &&
	       first_name(path, out, size);
}

static bool name_from_image(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			    size_t size)
{
	char path[4096];

	return sea_vm_image_from_cmdline(cmdline, comm, path, sizeof(path)) &&
	       first_name(path, out, size);
}

static void images(void **state)
{
	static const struct line_case cases[] = {
		{BYTES("qemu-kvm\0-drive\0if=pflash,file=/usr/share/AAVMF/CODE.fd\0-drive\0"
		       "file=/vms/web.qcow2,if=virtio\0-drive\0file=/vms/db.img\0"),
		 "web"},
		{BYTES("qemu-kvm\0-drive\0media=cdrom,file=/iso/seed.iso\0-hda\0/vms/a,b.raw\0"),
		 "a,b"},
		{BYTES("qemu-kvm\0-drive\0file=a,,b.raw,if=none\0"), "a,b"},
		{BYTES("qemu-kvm\0-drive\0file=rbd:pool/web\0"), NULL},
		{BYTES("qemu-kvm\0-drive\0id=x\0"), NULL},
		{BYTES("cloud-hypervisor\0--disk\0path=/vms/web/disk.raw\0path=/seed.img\0"),
		 "web"},
		{BYTES("firecracker\0--no-api\0--config-file\0/etc/vms/web.json\0"), "web"},
		{BYTES("crosvm\0run\0--block\0/vms/tux.img,ro\0"), "tux"},
		{BYTES("lkvm\0run\0-d\0/vms/g.img\0"), "g"},
		{BYTES("vmm\0-drive\0file=/vms/web.img\0"), NULL},
	};

	(void)state;
	check_all(name_from_image, cases, ARRAY_SIZE(cases), false);
}

static void sockets(void **state)
{
	static const struct line_case cases[] = {
		{BYTES("cloud-hypervisor\0--api-socket\0/run/web.sock\0"), "web"},
		{BYTES("cloud-hypervisor\0--api-socket=/run/web.sock\0"), "web"},
		{BYTES("cloud-hypervisor\0--api-socket\0path=/run/web-api.socket,x=y\0"), "web"},
		{BYTES("cloud-hypervisor-static\0--api-socket\0/run/vms/web/api.sock\0"), "web"},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/vc/vm/6f3a/clh-api.sock\0"), "6f3a"},
		{BYTES("cloud-hypervisor\0--api-socket\0/var/run/libvirt/ch/db01-socket\0"),
		 "db01"},
		{BYTES("cloud-hypervisor\0--api-socket\0web\0"), "web"},
		{BYTES("cloud-hypervisor\0--api-socket\0fd=3\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0path=\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0path=,\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/api.sock\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0///\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0.sock.sock\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0"), NULL},
		{BYTES("cloud-hypervisor\0--cpus\0boot=2\0"), NULL},
		{BYTES("firecracker\0--api-sock\0/run/firecracker.socket\0"), NULL},
		{BYTES("firecracker\0--api-sock\0/tmp/fc-vm7.socket\0"), "fc-vm7"},
		{BYTES("crosvm\0run\0-s\0/run/vm/tux/crosvm.sock\0"), "tux"},
		{BYTES("crosvm\0run\0--socket=/run/tux.sock\0"), "tux"},
		{BYTES("my-ch\0--api-socket\0/run/a\033b.sock\0"), "a?b"},
		{BYTES("qemu\0--api-socket\0/run/a.sock\0"), NULL},
		{BYTES("qemu-kvm\0-qmp\0unix:/run/web.qmp,server=on\0"), "web"},
		{BYTES("qemu-kvm\0-qmp\0tcp:localhost:4444,server\0"), NULL},
		{BYTES("qemu-kvm\0-qmp\0stdio\0"), NULL},
		{BYTES("qemu-kvm\0-pidfile\0/run/qemu-server/100.pid\0"), "100"},
		{BYTES("firecracker\0--api-sock\0/tmp/.firecracker.sock-35004-81\0"), NULL},
		{BYTES("crosvm\0--socket=/tmp/cf_avd_1000/cvd-1/internal/crosvm_control.sock\0"),
		 "cvd-1"},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/user/1000/ch.sock\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0/home/alice/ch.sock\0"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0/home/alice/vms/db/ch.sock\0"), "db"},
		{BYTES("cloud-hypervisor\0--api-socket\0/var/run/virtink/ch.sock\0"), NULL},
	};
	static const struct line_case cut[] = {
		{BYTES("cloud-hypervisor\0--api-socket\0/run/web.so"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/web.sock\0"), "web"},
	};

	(void)state;
	check_all(name_from_socket, cases, ARRAY_SIZE(cases), false);
	check_all(name_from_socket, cut, ARRAY_SIZE(cut), true);
}

#define UUID "5ee4fa21-6f8b-4a8c-9df0-0123456789ab"

static bool find_uuid(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
		      size_t size)
{
	(void)size;
	return sea_vm_uuid_from_cmdline(cmdline, comm, out, SEA_VM_UUID_LEN);
}

static void uuids(void **state)
{
	static const struct line_case cases[] = {
		{BYTES("qemu\0-uuid\0" UUID "\0"), UUID},
		{BYTES("qemu\0-uuid\0005EE4FA21-6F8B-4A8C-9DF0-0123456789AB\0"), UUID},
		{BYTES("renamed\0-uuid\0" UUID "\0"), UUID},
		{BYTES("qemu\0-uuid\0" UUID "0\0"), NULL},
		{BYTES("qemu\0-uuid\0005ee4fa2106f8b-4a8c-9df0-0123456789ab\0"), NULL},
		{BYTES("qemu\0-uuid\0005ee4fa21-6f8b-4a8c-9df0-0123456789ag\0"), NULL},
		{BYTES("qemu\0-uuid\0x\0"), NULL},
		{BYTES("qemu\0-uuid\0"), NULL},
		{BYTES("lkvm\0-uuid\0" UUID "\0"), NULL},
	};

	(void)state;
	check_all(find_uuid, cases, ARRAY_SIZE(cases), false);
}

static void long_names_are_cut_between_characters(void **state)
{
	char cmdline[4200], name[SEA_VM_NAME_LEN];
	struct sea_vm_cmdline line = {cmdline, sizeof(cmdline), false};
	size_t i;

	(void)state;
	memcpy(cmdline, "vmm\0--name\0a", 12);
	for (i = 12; i + 2 <= sizeof(cmdline); i += 2)
		memcpy(cmdline + i, "\xc3\xbc", 2);
	assert_true(sea_vm_name_from_cmdline(&line, NULL, name, sizeof(name)));
	/* "a" and 127 times two bytes make 255: nothing is cut in half. */
	assert_int_equal(strlen(name), 255);
	assert_true(sea_vm_name_from_cmdline(&line, NULL, name, 9));
	assert_string_equal(name, "a\xc3\xbc\xc3\xbc\xc3\xbc");
}

/* Which VMM it is says argv[0]; or else the process's name, which is its program's. */
static void renamed(void **state)
{
	static const struct sea_vm_cmdline line = {BYTES("microvm@web\0--api-sock\0db.sock\0"),
						   false};
	static const struct sea_vm_cmdline other = {BYTES("vmm\0--id\0x\0"), false};
	static const struct sea_vm_cmdline cut = {BYTES("microvm@we"), true};
	char out[SEA_VM_NAME_LEN];

	(void)state;
	assert_true(sea_vm_name_from_cmdline(&line, NULL, out, sizeof(out)));
	assert_string_equal(out, "web");
	assert_false(sea_vm_name_from_cmdline(&cut, NULL, out, sizeof(out)));
	assert_true(sea_vm_socket_from_cmdline(&line, "firecracker", out, sizeof(out)));
	assert_string_equal(out, "db.sock");
	assert_false(sea_vm_name_from_cmdline(&other, NULL, out, sizeof(out)));
	assert_false(sea_vm_name_from_cmdline(&other, "vmm", out, sizeof(out)));
	assert_true(sea_vm_name_from_cmdline(&other, "firecracker", out, sizeof(out)));
	assert_string_equal(out, "x");
}

static void kubevirt(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool kubevirt;
	} cases[] = {
		{BYTES("/usr/libexec/qemu-kvm\0-name\0guest=a_b\0-object\0{\"file\":"
		       "\"/var/run/kubevirt-private/libvirt/qemu/lib/domain-1-a_b/key\"}\0"),
		 true},
		{BYTES("qemu-kvm\0-name\0guest=a_b\0-smbios\0"
		       "type=1,manufacturer=KubeVirt,product=None,family=KubeVirt\0"),
		 true},
		{BYTES("qemu-kvm\0-name\0guest=shop_web-1.x,debug-threads=on\0"), true},
		{BYTES("qemu-kvm\0-name\0guest=Shop_web,debug-threads=on\0"), false},
		{BYTES("qemu-kvm\0-name\0guest=shop_web_1,debug-threads=on\0"), false},
		{BYTES("qemu-kvm\0-name\0guest=shop_,debug-threads=on\0"), false},
		{BYTES("qemu-kvm\0-name\0shop_web,debug-threads=on\0"), false},
		{BYTES("qemu-kvm\0-name\0guest=shop_web\0"), false},
		{BYTES("qemu-kvm\0-name\0Build_VM_7,process=vm\0"), false},
		{BYTES("crosvm\0run\0--name\0my_vm\0--rwdisk\0/var/run/kubevirt/x\0"), false},
		{BYTES(""), false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sea_vm_cmdline line = {cases[i].bytes, cases[i].len, false};

		assert_int_equal(sea_vm_cmdline_is_kubevirt(&line, NULL), cases[i].kubevirt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(sockets),
		cmocka_unit_test(images),
		cmocka_unit_test(renamed),
		cmocka_unit_test(kubevirt),
		cmocka_unit_test(uuids),
		cmocka_unit_test(long_names_are_cut_between_characters),
	};

	return cmocka_run_group_tests_name("vm-cmdline", tests, NULL, NULL);
}
