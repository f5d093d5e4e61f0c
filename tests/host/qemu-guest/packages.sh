# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian's QEMU for arm64, for what runs it on the emulated host. Sourced, never run.

# shellcheck source=tests/host/build/tools.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../build/tools.sh"
# shellcheck source=tests/host/build/rootfs.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../build/rootfs.sh"

# QEMU, and systemd's own word for how a machine's name becomes a unit's. Each with
# the libraries that it needs: a missing one ends libraries_into.
PACKAGES="
	qemu-system-arm
	libaio1 libblkid1 libbpf1 libc6 libcapstone4 libdaxctl1 libelf1 libfdt1 libffi8
	libfuse3-3 libgcc-s1 libglib2.0-0 libgmp10 libgnutls30 libhogweed6 libibverbs1
	libidn2-0 libjpeg62-turbo libkmod2 liblzma5 libmount1 libndctl6 libnettle8
	libnl-3-200 libnl-route-3-200 libnuma1 libp11-kit0 libpcre2-8-0 libpixman-1-0
	libpmem1 libpng16-16 librdmacm1 libsasl2-2 libseccomp2 libselinux1 libslirp0
	libssl3 libtasn1-6 libudev1 libunistring2 liburing2 libuuid1 libvdeplug2 libzstd1
	zlib1g
	systemd
	libacl1 libaudit1 libcap-ng0 libcap2 libcrypt1 libgcrypt20 libgpg-error0 libip4tc2
	liblz4-1 libpam0g libsystemd-shared
"
PROGRAMS="qemu-system-aarch64 systemd-escape"

# debian_qemu_into DIR: the programs and their libraries, for --add DIR:/
debian_qemu_into()
{
	local tools program
	# shellcheck disable=SC2086 # a list
	tools=$(arm64_tools qemu $PACKAGES) || return 1
	mkdir -p "$1/usr/bin"
	for program in $PROGRAMS; do
		cp "$tools/usr/bin/$program" "$1/usr/bin/"
	done
	libraries_into "$tools" "$1"
}
