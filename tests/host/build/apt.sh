# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian packages of other suites and of arm64, fetched through an apt root of
# our own: the machine's own apt configuration stays as it is, and its mirror
# is used again, so that no host is named here.

# shellcheck source=tests/host/build/common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

APT_ROOT=$CACHE_DIR/apt
APT_MAX_AGE=720 # minutes after which the package lists are fetched again

# The suites that anything here is taken from.
APT_SUITES="bookworm bookworm-updates bookworm-backports trixie trixie-updates trixie-backports sid"
APT_SECURITY_SUITES="bookworm-security trixie-security"

_mirror_of()
{
	env -u APT_CONFIG apt-get indextargets --format "\$(REPO_URI) \$(RELEASE)" 'Created-By: Packages' |
		awk -v want="$1" '$2 == want && !seen++ { print $1 }'
}

_apt_sources()
{
	local main security suite codename keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
	main=$(_mirror_of "$codename")
	security=$(_mirror_of "$codename-security")
	[ -n "$main" ] || die "apt has no package lists for $codename: run 'apt-get update' as root first"
	for suite in $APT_SUITES; do
		printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$main" "$suite"
		printf 'deb-src [signed-by=%s] %s %s main\n' "$keyring" "$main" "$suite"
	done
	for suite in $APT_SECURITY_SUITES; do
		[ -z "$security" ] ||
			printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$security" "$suite"
	done
}

# The machine's apt settings for fetching (proxies and the like) stay in force;
# the rest of its configuration does not, as container images switch off the
# binary caches, without which every query takes seconds.
_apt_conf()
{
	env -u APT_CONFIG apt-config dump | grep -E '^(Acquire|APT::Authentication)::' || true
	cat <<-CONF
	Dir::Etc::main "-";
	Dir::Etc::parts "/dev/null";
	Dir::Etc::sourcelist "$APT_ROOT/etc/sources.list";
	Dir::Etc::sourceparts "-";
	Dir::Etc::preferences "-";
	Dir::Etc::preferencesparts "$APT_ROOT/etc/preferences.d";
	Dir::State "$APT_ROOT/state";
	Dir::State::Lists "$APT_ROOT/lists";
	Dir::State::status "$APT_ROOT/state/status";
	Dir::Cache "$APT_ROOT/cache";
	APT::Architecture "amd64";
	APT::Architectures { "amd64"; "arm64"; };
	APT::Cache-Start "100000000";
	Acquire::Languages "none";
	Acquire::Retries "3";
	APT::Sandbox::User "root";
	CONF
}

_apt_update()
{
	local stamp
	stamp=$APT_ROOT/updated-$(key_of "${BASH_SOURCE[0]}")
	if [ -n "$(find "$stamp" -mmin -$APT_MAX_AGE 2>/dev/null)" ]; then
		return 0
	fi
	mkdir -p "$APT_ROOT"/{etc/preferences.d,lists/partial,cache/archives/partial,deb,state}
	_apt_sources >"$APT_ROOT/etc/sources.list"
	: >"$APT_ROOT/state/status"
	_apt_conf >"$APT_ROOT/apt.conf"
	note "fetching Debian's package lists"
	APT_CONFIG=$APT_ROOT/apt.conf apt-get -q update >"$APT_ROOT/update.log" 2>&1 || {
		tail -n 5 "$APT_ROOT/update.log" >&2
		if [ -e "$stamp" ]; then
			note "the mirror does not answer: going on with the lists of $(date -r "$stamp" +%F)"
			return 0
		fi
		die "cannot fetch Debian's package lists (whole log: $APT_ROOT/update.log)"
	}
	touch "$stamp"
}

# apt_ready: the private apt root exists and its lists are fresh enough.
apt_ready()
{
	with_lock apt _apt_update
	export APT_CONFIG=$APT_ROOT/apt.conf
}

# _apt_madison KIND SUITE NAME...: "NAME VERSION" lines, in no given order. apt
# takes seconds over many names, so an answer is kept as long as the lists are.
# While another run fetches these, there is none.
_apt_madison()
{
	with_lock apt _apt_ask "$@"
}

_apt_ask()
{
	local kind=$1 suite=$2 memo tmp
	memo=$APT_ROOT/memo/$(key_of "$@")
	shift 2
	if [ ! "$memo" -nt "$APT_ROOT/update.log" ]; then
		mkdir -p "$APT_ROOT/memo"
		tmp=$(mktemp "$memo.XXXXXX")
		apt-cache madison "$@" 2>/dev/null | awk -F' *[|] *' -v kind="$kind" -v suite="$suite" '
			{ sub(/^ +/, "", $1); split($3, at, " "); sub("/.*", "", at[2]) }
			at[2] == suite && $3 ~ kind && !seen[$1]++ { print $1, $2 }' >"$tmp"
		mv "$tmp" "$memo"
	fi
	cat "$memo"
}

# apt_version PACKAGE[:ARCH] SUITE: the version that SUITE offers, or nothing.
apt_version()
{
	_apt_madison Packages "$2" "$1" | cut -d' ' -f2
}

# apt_source_version SOURCE SUITE
apt_source_version()
{
	_apt_madison Sources "$2" "$1" | cut -d' ' -f2
}

# linux7_sources: every linux-source-7.x that trixie-backports has, newest last.
linux7_sources()
{
	local name
	while read -r name; do
		[[ $name =~ ^linux-source-7\.[0-9]+$ ]] || continue
		[ -z "$(apt_version "$name" trixie-backports)" ] || printf '%s\n' "$name"
	done < <(apt-cache pkgnames linux-source-7. | sort -V)
}

# newest_linux7: the newest of them.
newest_linux7()
{
	local newest
	newest=$(linux7_sources | tail -n 1)
	[ -n "$newest" ] || die "Debian's trixie-backports has no linux-source-7.x"
	printf '%s\n' "$newest"
}

# apt_needs ARCH SUITE PACKAGE...: these packages of SUITE and all that they
# depend on, as apt_fetch takes them. Remembered, like the answers above.
apt_needs()
{
	local arch=$1 suite=$2 memo tmp
	memo=$APT_ROOT/memo/$(key_of needs "$@")
	shift 2
	if [ ! "$memo" -nt "$APT_ROOT/update.log" ]; then
		mkdir -p "$APT_ROOT/memo"
		tmp=$(mktemp "$memo.XXXXXX")
		# A machine of that architecture, with nothing installed; its cache is not
		# written, as those of the other queries are of another architecture.
		apt-get -s -qq -t "$suite" --no-install-recommends -o APT::Architecture="$arch" \
			-o APT::Architectures="$arch" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
			install "$@" >"$tmp.log" 2>&1 ||
			die "cannot tell what Debian's $* ($arch, $suite) needs: $(grep -m 1 '^E:' "$tmp.log")"
		awk -v arch="$arch" -v suite="$suite" '/^Inst / {
			print $2 (index($0, "[" arch "]") ? ":" arch : "") "/" suite }' "$tmp.log" >"$tmp"
		rm "$tmp.log"
		mv "$tmp" "$memo"
	fi
	cat "$memo"
}

# apt_fetch PACKAGE[:ARCH]/SUITE...: the packages' files; prints their paths.
apt_fetch()
{
	local spec suite version file
	local -a packages
	local -A versions=() names=()
	# apt calls packages of its own architecture by their bare name.
	set -- "${@/:amd64\//\/}"
	for spec; do
		names[${spec##*/}]+=" ${spec%/*}"
	done
	for suite in "${!names[@]}"; do
		read -ra packages <<<"${names[$suite]}"
		while read -r spec version; do
			versions[$spec/$suite]=$version
		done < <(_apt_madison Packages "$suite" "${packages[@]}")
	done
	for spec; do
		version=${versions[$spec]:-}
		[ -n "$version" ] || die "Debian's ${spec##*/} has no package ${spec%/*}"
		file=$APT_ROOT/deb/$(printf '%s_%s' "${spec%/*}" "$version" | tr ':~/' '___').deb
		[ -e "$file" ] ||
			with_lock "deb-${file##*/}" _apt_fetch "${spec%/*}=$version" "$file" || return 1
		# The time of its last use, not of its making
		touch -c "$file"
		printf '%s\n' "$file"
	done
}

_apt_fetch()
{
	local tmp
	[ ! -e "$2" ] || return 0
	tmp=$(mktemp -d "$APT_ROOT/deb/fetch.XXXXXX")
	(cd "$tmp" && apt-get -qq download "$1" >&2) ||
		die "cannot fetch Debian's package $1"
	mv "$tmp"/*.deb "$2"
	rmdir "$tmp"
}
