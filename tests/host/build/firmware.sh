# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The UEFI firmware that an ACPI boot goes through. Sourced, never run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# firmware_build: prints the directory that holds QEMU_EFI.fd.
firmware_build()
{
	local deb
	apt_ready
	deb=$(apt_fetch qemu-efi-aarch64/trixie) || return 1
	build_once firmware "$(key_of "${deb##*/}" "$(declare -f _firmware_build)")" \
		_firmware_build "$deb"
}

_firmware_build()
{
	dpkg-deb -x "$1" tree
	mv tree/usr/share/qemu-efi-aarch64/QEMU_EFI.fd .
	mv tree/usr/share/doc/qemu-efi-aarch64/copyright .
	rm -r tree
}
