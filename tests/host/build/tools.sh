# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Well-known tools for the emulated host, from Debian's packages. Sourced, never
# run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# The suite of the sysroot: its C library is the one inside.
TOOLS_SUITE=bookworm

# arm64_tools NAME PACKAGE[+ | /SUITE]...: Debian's packages for arm64, with all that they
# depend on if there is a +, or from another suite, unpacked into a directory that it
# prints; for --add DIR:/.
arm64_tools()
{
	local name=$1 package needs specs=() debs=()
	shift
	apt_ready
	for package; do
		if [[ $package == */* ]]; then
			specs+=("${package%/*}:arm64/${package#*/}")
			continue
		fi
		if [ "$package" = "${package%+}" ]; then
			specs+=("$package:arm64/$TOOLS_SUITE")
			continue
		fi
		needs=$(apt_needs arm64 "$TOOLS_SUITE" "${package%+}") || return 1
		mapfile -t -O "${#specs[@]}" specs <<<"$needs"
	done
	mapfile -t specs < <(printf '%s\n' "${specs[@]}" | sort -u)
	mapfile -t debs < <(apt_fetch "${specs[@]}")
	[ "${#debs[@]}" -eq "${#specs[@]}" ] || return 1
	build_once "tools-$name" "$(key_of "${debs[@]##*/}" "$(declare -f _arm64_tools)")" \
		_arm64_tools "${debs[@]}"
}

_arm64_tools()
{
	local deb
	for deb; do
		dpkg-deb -x "$deb" .
	done
	# Nothing that a program reads while it runs, or that anybody here asks for
	rm -rf usr/share/{doc,man,locale,lintian,bash-completion,bpftrace} usr/lib/aarch64-linux-gnu/gconv
	# The emulated host's /bin and /sbin are links into /usr.
	for deb in bin sbin; do
		[ ! -d "$deb" ] || { mkdir -p "usr/$deb" && mv "$deb"/* "usr/$deb/" && rmdir "$deb"; }
	done
	# Modules of Python's that want libraries of their own, and that nobody here uses
	find . -path '*/lib-dynload/*' ! -name '_curses*' ! -name '_ctypes.*' ! -name 'resource*' \
		-type f -delete
	[ ! -e usr/bin/python3.11 ] || ln -sf python3.11 usr/bin/python3
}
