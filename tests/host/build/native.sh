# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# seatop and seastat for the machine itself, which reads recordings of the emulated
# host with them. Sourced, never run.

# shellcheck source=tests/host/build/common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

# What compiles them, and the libraries that they are linked with.
export NATIVE_BUILD_DEPS="gcc libc6-dev meson ninja-build pkg-config clang bpftool libbpf-dev
	libcap-ng-dev libinih-dev libjson-c-dev libncurses-dev libsmartcols-dev libsqlite3-dev
	libunistring-dev r-mathlib uthash-dev"

# native_build [PROGRAM...]: compiles these, by default both, and prints the directory
# that has them. A second call compiles what has changed.
native_build()
{
	local dir
	[ "$#" -gt 0 ] || set -- seatop seastat
	dir=$CACHE_DIR/native-$(tree_key)
	with_lock "${dir##*/}" _native_build "$dir" "$@" >&2 || return 1
	touch -c "$dir"
	printf '%s\n' "$dir/build/tools"
}

_native_build()
{
	local dir=$1 log=$CACHE_DIR/log/${1##*/}.log program
	local targets=()
	shift
	for program; do
		targets+=("tools/$program")
	done
	mkdir -p "$dir" "$CACHE_DIR/log"
	printf '%s\n' "$TOP_DIR" >"$dir/tree"
	# Nothing of it is measured: -O0 is compiled in half the time.
	if [ ! -e "$dir/build/build.ninja" ]; then
		rm -rf "$dir/build"
		meson setup "$dir/build" "$TOP_DIR" --buildtype debug -Dtests=disabled \
			-Dman=disabled >"$log" 2>&1 || {
			tail -n 25 "$log" >&2
			note "meson failed; the whole log: $log"
			return 1
		}
	fi
	ninja -C "$dir/build" -j "$JOBS" "${targets[@]}" >"$log" 2>&1 || {
		tail -n 25 "$log" >&2
		note "compiling our programs failed; the whole log: $log"
		return 1
	}
}
