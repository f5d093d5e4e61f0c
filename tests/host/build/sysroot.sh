# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# An arm64 sysroot of Debian packages: what our programs are cross-built against
# and where the emulated host takes its shared libraries from. Sourced, never
# run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# What the machine needs to cross-build our programs.
export SYSROOT_BUILD_DEPS="gcc-aarch64-linux-gnu libc6-dev-arm64-cross meson ninja-build pkg-config
	clang bpftool libbpf-dev"

SYSROOT_SUITE=bookworm

# Development packages, each followed by the libraries that it needs: Debian's
# dependencies are not resolved here, but a missing library stops _sysroot_build.
SYSROOT_PACKAGES="
	libc6-dev libc6 linux-libc-dev libcrypt-dev libcrypt1
	libbpf-dev libbpf1 libelf-dev libelf1 zlib1g-dev zlib1g
	libjson-c-dev libjson-c5
	libsmartcols-dev libsmartcols1
	libncurses-dev libncursesw6 libncurses6 libtinfo6 ncurses-base ncurses-term
	libsystemd-dev libsystemd0 libcap2 libgcrypt20 libgpg-error0 liblz4-1 liblzma5 libzstd1
	libcap-ng-dev libcap-ng0
	uthash-dev
	libsqlite3-dev libsqlite3-0
	libinih-dev libinih1
	r-mathlib
	libunistring-dev libunistring2 uthash-dev libc-bin
	libcmocka-dev libcmocka0
	libgcc-s1 gcc-12-base
"

# sysroot_build: prints the sysroot's directory.
sysroot_build()
{
	local name debs=() spec=()
	apt_ready
	for name in $SYSROOT_PACKAGES; do
		case $name in
		ncurses-base | ncurses-term | uthash-dev) spec+=("$name/$SYSROOT_SUITE") ;;
		*) spec+=("$name:arm64/$SYSROOT_SUITE") ;;
		esac
	done
	mapfile -t debs < <(apt_fetch "${spec[@]}")
	[ "${#debs[@]}" -eq "${#spec[@]}" ] || return 1
	build_once sysroot "$(key_of "${debs[@]##*/}" "$(declare -f _sysroot_build needed_of)")" \
		_sysroot_build "${debs[@]}"
}

_sysroot_build()
{
	local deb link target lib
	local libraries=()
	for deb; do
		dpkg-deb -x "$deb" .
	done
	rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/lintian
	# An absolute link would lead out of the sysroot.
	find . -type l -lname '/*' | while read -r link; do
		target=$(readlink "$link")
		ln -sfn "$(realpath -m -s --relative-to="$(dirname "$link")" ".$target")" "$link"
	done
	# Every library that a library here names must be here as well.
	mapfile -d '' libraries < <(find lib usr/lib -name '*.so*' -type f -print0)
	for lib in $(needed_of "${libraries[@]}"); do
		if [ -z "$(find lib usr/lib -name "$lib" -print -quit)" ]; then
			printf 'no package of SYSROOT_PACKAGES has %s\n' "$lib"
			return 1
		fi
	done
}

# needed_of FILE...: the shared libraries that those which are arm64 ELF name.
needed_of()
{
	{ aarch64-linux-gnu-readelf -W -h -d "$@" 2>/dev/null || true; } | awk '
		/^  Machine:/ { arm64 = /AArch64/ }
		/\(NEEDED\)/ && arm64 { gsub(/.*\[|\].*/, ""); print }' | sort -u
}

# sysroot_cross_file SYSROOT: the text of a meson cross file for it.
sysroot_cross_file()
{
	sed "s|@SYSROOT@|$1|g" "$HOST_DIR/cross-arm64.ini.in"
}
