# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Upstream's own selftest of KVM_EXIT_ARM_SEA, unmodified, from the newest
# linux-source-7.x that Debian's trixie-backports has. Sourced, never run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# What the machine needs to build it.
export SEA_TO_USER_BUILD_DEPS="gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross make rsync xz-utils"

# sea_to_user_build: prints a directory with the program sea_to_user, static.
sea_to_user_build()
{
	local source deb
	apt_ready
	source=$(newest_linux7) || exit 3
	deb=$(apt_fetch "$source/trixie-backports") || return 1
	build_once sea-to-user "$(key_of "${deb##*/}" "$(declare -f _sea_to_user_build)")" \
		_sea_to_user_build "$deb"
}

_sea_to_user_build()
{
	local make
	mkdir source out
	dpkg-deb --fsys-tarfile "$1" | tar -xO --wildcards './usr/src/*.tar.xz' |
		tar -xJ -C source --strip-components=1 --exclude='*/drivers' --exclude='*/sound' \
			--exclude='*/fs' --exclude='*/net' --exclude='*/Documentation'
	make=(make -j"$JOBS" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-)
	"${make[@]}" -C source headers_install INSTALL_HDR_PATH="$PWD/headers"
	"${make[@]}" -C source/tools/testing/selftests/kvm OUTPUT="$PWD/out" \
		KHDR_INCLUDES="-isystem $PWD/headers/include" LDFLAGS="-static -pthread" \
		"$PWD/out/arm64/sea_to_user"
	aarch64-linux-gnu-strip -o sea_to_user out/arm64/sea_to_user
	rm -rf source out headers
}
