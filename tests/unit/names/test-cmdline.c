// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/cmdline.h"

/* A string literal with the NULs in it, and without the one that C adds. */
#define BYTES(s) s, sizeof(s) - 1

typedef bool (*parser)(const struct sea_vm_cmdline *cmdline, char *out, size_t size);

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
	found = parse(&cmdline, out, sizeof(out));
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

		if (sea_vm_name_from_cmdline(&cmdline, out, sizeof(out))) {
			assert_string_equal(out, "db,01");
			seen = true;
		} else {
			assert_false(seen);
		}
		check(sea_vm_name_from_cmdline, &c, true, seen ? "db,01" : NULL);
	}
	assert_true(seen);
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
	};
	static const struct line_case cut[] = {
		{BYTES("cloud-hypervisor\0--api-socket\0/run/web.so"), NULL},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/web.sock\0"), "web"},
	};

	(void)state;
	check_all(sea_vm_name_from_socket, cases, ARRAY_SIZE(cases), false);
	check_all(sea_vm_name_from_socket, cut, ARRAY_SIZE(cut), true);
}

#define UUID "5ee4fa21-6f8b-4a8c-9df0-0123456789ab"

static bool find_uuid(const struct sea_vm_cmdline *cmdline, char *out, size_t size)
{
	(void)size;
	return sea_vm_uuid_from_cmdline(cmdline, out, SEA_VM_UUID_LEN);
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
	assert_true(sea_vm_name_from_cmdline(&line, name, sizeof(name)));
	/* "a" and 127 times two bytes make 255: nothing is cut in half. */
	assert_int_equal(strlen(name), 255);
	assert_true(sea_vm_name_from_cmdline(&line, name, 9));
	assert_string_equal(name, "a\xc3\xbc\xc3\xbc\xc3\xbc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(sockets),
		cmocka_unit_test(uuids),
		cmocka_unit_test(long_names_are_cut_between_characters),
	};

	return cmocka_run_group_tests_name("vm-cmdline", tests, NULL, NULL);
}
