# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the kernel series share. Sourced, never run.

# shellcheck source=tests/host/build/kernel.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../host/build/kernel.sh"
# shellcheck source=tests/host/build/tools.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../host/build/tools.sh"

host=$HOST_DIR/host
failures=0

# verdict NAME COMMAND...: one test; its output is shown if it fails.
verdict()
{
	local name=$1 output
	shift
	if output=$("$@" 2>&1); then
		printf 'ok - %s\n' "$name"
	else
		printf 'not ok - %s\n' "$name"
		tail -n 30 <<<"$output" | sed 's/^/# /'
		failures=$((failures + 1))
	fi
}

# equal GOT WANTED: a command for verdict.
equal()
{
	[ "$1" = "$2" ] || {
		printf 'got      %s\nexpected %s\n' "$1" "$2"
		return 1
	}
}

# inside LOG OPTION... -- COMMAND...: a run of the emulated host. One that
# fails is a failed test, and ends this script.
inside()
{
	local log=$1 rc=0
	shift
	"$host" run "$@" >"$log" || rc=$?
	[ "$rc" -ne 0 ] || return 0
	printf 'not ok - a run of the emulated host ended with status %s: %s\n' "$rc" "$*"
	tail -n 30 "$log" | sed 's/^/# /'
	exit 1
}

# kernel_source NAME FILE...: files of the source that a kernel is built from,
# in a directory that it prints.
kernel_source()
{
	local deb name=$1
	shift
	kernel_variant "$name"
	apt_ready
	deb=$(apt_fetch "$K_SOURCE/$K_SUITE") || return 1
	build_once "source-$name" "$(key_of "${deb##*/}" "$*" "$(declare -f _kernel_source)")" \
		_kernel_source "$deb" "$@"
}

_kernel_source()
{
	local deb=$1
	shift
	dpkg-deb --fsys-tarfile "$deb" | tar -xO --wildcards './usr/src/*.tar.xz' |
		tar -xJ --strip-components=1 --wildcards "${@/#/linux-source-*/}"
}
