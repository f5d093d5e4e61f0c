# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What every step of the emulated host's build shares: messages, the cache and
# its locks. Sourced, never run.

set -euo pipefail

HOST_DIR=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
TOP_DIR=$(cd -- "$HOST_DIR/../.." && pwd)
CACHE_DIR=${SEATOP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/seatop}
JOBS=${JOBS:-$(nproc)}
export HOST_DIR TOP_DIR CACHE_DIR JOBS

note()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die MESSAGE...: one line, exit status 3 (usage or environment).
die()
{
	note "$*"
	exit 3
}

# with_lock NAME COMMAND...: one process at a time runs COMMAND. The children of
# COMMAND inherit the lock: it is free again when the last of them is gone,
# however that came about, so that what an interrupted build left running
# cannot write into the next one.
with_lock()
{
	local name=$1
	shift
	mkdir -p "$CACHE_DIR/lock"
	(
		if ! flock -n 9; then
			note "waiting for another build of $name"
			flock 9
		fi
		"$@"
	) 9>"$CACHE_DIR/lock/$name"
}

# key_of FILE|STRING...: a short digest of the inputs of an artefact. A file
# counts by its content, anything else by its text.
key_of()
{
	local arg
	for arg in "$@"; do
		if [ -f "$arg" ]; then
			sha256sum <"$arg"
		else
			printf '%s\n' "$arg"
		fi
	done | sha256sum | cut -c1-16
}

# tree_key [ARG...]: the key of a build directory of our own programs. An existing one
# keeps the options that it was made with: meson takes a changed default of meson.build
# for a new directory only. So what these files say is part of the key.
tree_key()
{
	key_of "$TOP_DIR" "$TOP_DIR/meson.build" "$TOP_DIR/meson_options.txt" "$@"
}

# build_once NAME KEY FUNCTION [ARG...]: the directory of an artefact, built if
# it is not there. FUNCTION fills its working directory, which is empty; only a
# finished directory gets its name, so that an interrupted build is never taken
# for a whole one. It runs in a shell of its own that has read the caller's file
# anew: there `set -e` holds even if the caller stands in a condition, and all
# that FUNCTION knows comes from its arguments. The output of a build goes to a
# log in the cache; a failure shows the log's end.
build_once()
{
	local name=$1 key=$2
	shift 2
	local dir=$CACHE_DIR/$name-$key
	if [ ! -d "$dir" ]; then
		with_lock "$name-$key" _build_once "$name" "$dir" "${BASH_SOURCE[1]}" "$@" >&2 ||
			return 1
	fi
	touch -c "$dir"
	printf '%s\n' "$dir"
}

_build_once()
{
	local name=$1 dir=$2 file=$3
	shift 3
	local work=$dir.partial log=$CACHE_DIR/log/${dir##*/}.log start=$SECONDS pid rc=0 self=$BASHPID cpu
	[ ! -d "$dir" ] || return 0
	file=$(realpath -- "$file")
	rm -rf "$work"
	mkdir -p "$work" "$CACHE_DIR/log"
	note "building $name (log: $log)"
	"$BASH" -euo pipefail -c '. "$1"; cd -- "$2"; shift 2; "$@"' \
		"$0" "$file" "$work" "$@" >"$log" 2>&1 </dev/null &
	pid=$!
	# A background job of a script ignores SIGINT: end it by hand.
	trap 'kill_tree "$pid"; exit 130' INT TERM HUP
	_show_progress "$pid" "$name" "$log" "$start"
	wait "$pid" || rc=$?
	trap - INT TERM HUP
	cpu=$(cpu_of_children "$self")
	if [ "$rc" -ne 0 ]; then
		tail -n 25 "$log" >&2
		note "building $name failed with status $rc; the whole log: $log"
		return 1
	fi
	mv "$work" "$dir"
	touch "$CACHE_DIR/grown"
	note "built $name in $((SECONDS - start)) s, $cpu s of CPU"
}

# cpu_of_children PID: the seconds of CPU, user and system, of those children of the
# shell PID that it has waited for.
cpu_of_children()
{
	awk -v hz="$(getconf CLK_TCK)" '{ printf "%.0f\n", ($16 + $17) / hz }' "/proc/$1/stat"
}

# kill_tree PID: ends a process and what descends from it.
kill_tree()
{
	local child
	for child in $(ps -o pid= --ppid "$1"); do
		kill_tree "$child"
	done
	kill "$1" 2>/dev/null || true
}

# A line every 30 seconds while a long step runs: its age and where it is.
_show_progress()
{
	local pid=$1 name=$2 log=$3 start=$4 next=30
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.2
		if [ $((SECONDS - start)) -ge "$next" ]; then
			note "  $name, $((SECONDS - start)) s: $(tail -n 1 "$log" | tr -d '\r' | cut -c1-60)"
			next=$((next + 30))
		fi
	done
}
