# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What goes out of the cache. An artefact's directory has the time of its last use;
# whoever works with one for longer holds a shared lock on it (artefact_hold).
# Sourced, never run.

# shellcheck source=tests/host/build/common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

# GiB of artefacts past which those used longest ago go by themselves
: "${SEATOP_CACHE_SIZE:=40}"

CLEAN_SUPERSEDED=$((24 * 60)) # minutes unused after which what has a successor goes
CLEAN_UNUSED=$((30 * 24 * 60)) # and what has none
CLEAN_FULL=60		       # minutes unused before anything goes, however full it is

# artefact_hold DIR...: nobody removes them before this shell ends.
artefact_hold()
{
	local dir fd
	for dir; do
		exec {fd}<"$dir" || die "$dir is gone: try again"
		flock -s "$fd"
		[ -d "$dir" ] || die "$dir has just been removed: try again"
	done
}

# Every artefact: minutes since its last use, its name without the key, its directory,
# least recently used last. What is not named like one is none.
_artefacts()
{
	local now
	now=$(date +%s)
	find "$CACHE_DIR" -mindepth 1 -maxdepth 1 -type d -regextype posix-extended \
		-regex '.*-[0-9a-f]{16}' -printf '%T@ %p\n' | sort -rn | awk -v now="$now" '{
			name = $2; sub(/-[0-9a-f]+$/, "", name); sub(/.*\//, "", name)
			printf "%d %s %s\n", (now - $1) / 60, name, $2 }'
}

# _remove DIR: unless somebody holds it, or builds it. First it gets a name that no
# artefact has, so that one that is half gone is never taken for a whole one.
_remove()
{
	local dir=$1 gone
	(
		flock -n 9 && flock -n 8 || exit 1
		gone=$(mktemp -d "$CACHE_DIR/removed.XXXXXX")
		mv "$dir" "$gone/"
		rm -rf "$gone"
	) 8<"$dir" 9>"$CACHE_DIR/lock/$(basename -- "${dir%.partial}")"
}

# cache_size: MiB of all artefacts
cache_size()
{
	_artefacts | awk '{ print $3 }' | xargs -r -d '\n' du -scm 2>/dev/null | awk 'END { print $1 + 0 }'
}

# cache_clean [LIMIT]: removes what nobody can need any more, says what, and how much
# that was: what an interrupted build left; our programs of a tree that is gone; what
# has a successor of the same name and was not used for a day; anything not used for
# thirty days. With LIMIT, in MiB, also what was used longest ago, until no more is left.
cache_clean()
{
	local limit=${1:-0} age name dir why size left
	local -A seen=()
	mkdir -p "$CACHE_DIR/lock"
	for dir in "$CACHE_DIR"/*.partial "$CACHE_DIR"/removed.*; do
		[ ! -d "$dir" ] || ! _remove "$dir" || printf 'removed %s: it was never finished\n' "$dir"
	done
	while read -r age name dir; do
		why=''
		if [ -e "$dir/tree" ] && [ ! -d "$(cat "$dir/tree")" ]; then
			why="$(cat "$dir/tree") is gone"
		elif [ -n "${seen[$name]:-}" ] && [ "$age" -ge "$CLEAN_SUPERSEDED" ]; then
			why="there is a newer one, and nobody used it for $((age / 60 / 24)) days"
		elif [ "$age" -ge "$CLEAN_UNUSED" ]; then
			why="nobody used it for $((age / 60 / 24)) days"
		fi
		# Programs of several trees are no successors of each other.
		[ "$name" = programs ] || seen[$name]=1
		[ -z "$why" ] || ! _remove "$dir" || printf 'removed %s: %s\n' "$dir" "$why"
	done < <(_artefacts)
	find "$CACHE_DIR/log" "$CACHE_DIR/apt/deb" -mindepth 1 -maxdepth 1 -type f \
		-mmin +"$CLEAN_UNUSED" -delete 2>/dev/null || true
	[ "$limit" -gt 0 ] || return 0
	left=$(cache_size)
	while read -r age name dir; do
		[ "$left" -gt "$limit" ] && [ "$age" -ge "$CLEAN_FULL" ] || break
		size=$(du -sm "$dir" | cut -f1)
		_remove "$dir" || continue
		left=$((left - size))
		printf 'removed %s (%s MiB): the cache had more than %s MiB\n' "$dir" "$size" "$limit"
	done < <(_artefacts | tac)
}

# cache_trim: what happens by itself, if anything was built since the last time and
# there is no room for it.
cache_trim()
{
	local limit=$((SEATOP_CACHE_SIZE * 1024))
	[ "$CACHE_DIR/grown" -nt "$CACHE_DIR/trimmed" ] || return 0
	touch "$CACHE_DIR/trimmed"
	[ "$(cache_size)" -le "$limit" ] || cache_clean "$limit" >&2
}
