# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The Debian packages that ./demo and ./check need on the machine itself, and
# how to get them. Sourced, never run.

# The emulated host's builds name theirs beside the code that needs them.
# shellcheck source=tests/host/build/kernel.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/host/build/kernel.sh"
# shellcheck source=tests/host/build/qemu.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/host/build/qemu.sh"
# shellcheck source=tests/host/build/rootfs.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/host/build/rootfs.sh"
# shellcheck source=tests/host/build/native.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/host/build/native.sh"
# shellcheck source=tests/host/build/sea-to-user.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/host/build/sea-to-user.sh"

# To show a recording
# shellcheck disable=SC2034 # used by demo
REPLAY_PACKAGES="ca-certificates procps $NATIVE_BUILD_DEPS"

# To put the emulated host's artefacts together, and to read its results
DEMO_PACKAGES="debian-archive-keyring jq bsdextrautils $REPLAY_PACKAGES $KERNEL_BUILD_DEPS
	$QEMU_BUILD_DEPS $ROOTFS_BUILD_DEPS $SYSROOT_BUILD_DEPS"

# For the unit tests, the fuzz targets, the manual pages and the lints
# shellcheck disable=SC2034 # used by check
CHECK_PACKAGES="$DEMO_PACKAGES libsystemd-dev systemd-journal-remote libtracecmd-dev libcmocka-dev libelf-dev scdoc clang-format
	tmux shellcheck e2fsprogs locales codespell python3-ply python3-jsonschema
	python3-prometheus-client python3-scipy tidy libclang-rt-14-dev git uthash-dev
	$SEA_TO_USER_BUILD_DEPS"

# For the step builds: clang 14 is too old for 7.x.
# shellcheck disable=SC2034 # used by check
BUILDS_PACKAGES="clang-14 lld-14 llvm-14 clang-19 lld-19 llvm-19 libc6-dev"

# For the step page
# shellcheck disable=SC2034 # used by check
PAGE_PACKAGES="chromium"

# need_packages NAME...: installs what is missing, or says how to.
need_packages()
{
	local missing=() name there
	[ -r /etc/debian_version ] || die "this needs Debian 12 (or later) on x86-64, for its packages"
	command -v apt-get >/dev/null || die "there is no apt-get here, and this needs Debian's packages"
	there=$(dpkg-query -W -f '${Package} ${Status}\n' "$@" 2>/dev/null) || true
	for name; do
		grep -q "^$name install ok installed\$" <<<"$there" || missing+=("$name")
	done
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		die "packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}"
	fi
	note "installing ${#missing[@]} packages: ${missing[*]}"
	mkdir -p "$CACHE_DIR/log"
	if ! { env -u APT_CONFIG apt-get -q update &&
		env -u APT_CONFIG DEBIAN_FRONTEND=noninteractive \
			apt-get -q -y install --no-install-recommends "${missing[@]}"; } \
		>"$CACHE_DIR/log/packages.log" 2>&1 </dev/null; then
		tail -n 5 "$CACHE_DIR/log/packages.log" >&2
		die "installing packages failed (whole log: $CACHE_DIR/log/packages.log)"
	fi
}
