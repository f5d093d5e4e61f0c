# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The kernels that the emulated host boots: our own, built from Debian's source,
# and Debian's stock ones. Sourced, never run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# What the machine needs to build a kernel.
export KERNEL_BUILD_DEPS="gcc gcc-aarch64-linux-gnu make bc bison flex libelf-dev libssl-dev
	dwarves kmod patch xz-utils python3 ccache"

export KERNEL_DEFAULT=6.12-sea

# kernel_variant NAME: sets K_* to what NAME is made of.
#   6.12-sea       Debian trixie's source with our series and what changes GHES
#   6.12           the same source and configuration without it
#   6.12-bpo-sea   6.12-sea of bookworm-backports' source
#   7-sea, 7       the newest 7.x of trixie-backports, with and without our series
#   7.2-sea, 7.2   the newest 7.2 that there is, with and without the same series
#   stock-6.1, stock-6.12, stock-7, stock-6.12-bpo, stock-6.12-rt
#                  Debian's arm64 kernels as they come; -bpo is that of
#                  bookworm-backports, which got no update since 6.12.95, and
#                  -rt can be preempted everywhere
# A built kernel's name may go on, in any order and more than once, with
#   @N             only the first N patches of the series
#   +NAME          the configuration fragment tests/host/kernel.NAME.config too
#   +FILE.patch    one more patch, after the others
#   +llvm          clang and lld instead of gcc and ld
kernel_variant()
{
	local name=$1 base suffix kind
	local series=()
	base=${name%%[@+]*} suffix=${name#"${name%%[@+]*}"}
	K_STOCK='' K_SOURCE='' K_SUITE='' K_LAST='' K_PATCHES=() K_MAKE=()
	K_CONFIGS=("$HOST_DIR/kernel.config")
	case $base in
	6.12-sea)
		K_SOURCE=linux-source-6.12 K_SUITE=trixie
		series=("$TOP_DIR/kernel/kvm-arm64-sea.patch"
			"$TOP_DIR/kernel/ghes-memory-failure.patch")
		;;
	6.12) K_SOURCE=linux-source-6.12 K_SUITE=trixie ;;
	6.12-bpo-sea)
		K_SOURCE=linux-source-6.12 K_SUITE=bookworm-backports
		series=("$TOP_DIR/kernel/kvm-arm64-sea.patch"
			"$TOP_DIR/kernel/ghes-before-6.12.117.patch"
			"$TOP_DIR/kernel/ghes-memory-failure.patch")
		;;
	7 | 7-sea)
		apt_ready
		K_SOURCE=$(newest_linux7) || exit 3
		K_SUITE=trixie-backports
		K_CONFIGS+=("$HOST_DIR/kernel.7.config")
		[ "$base" = 7 ] || series=("$TOP_DIR/kernel/kvm-arm64-sea-v7.patch")
		;;
	7.2 | 7.2-sea)
		K_SOURCE=linux-source-7.2
		K_SUITE=$(kernel_suite linux-source-7.2) || exit 3
		K_CONFIGS+=("$HOST_DIR/kernel.7.config")
		[ "$base" = 7.2 ] || series=("$TOP_DIR/kernel/kvm-arm64-sea-v7.patch")
		;;
	stock-6.1) K_STOCK=linux-image-arm64 K_SUITE=bookworm ;;
	stock-6.12) K_STOCK=linux-image-arm64 K_SUITE=trixie ;;
	stock-7) K_STOCK=linux-image-arm64 K_SUITE=trixie-backports ;;
	stock-6.12-rt) K_STOCK=linux-image-rt-arm64 K_SUITE=trixie ;;
	stock-6.12-bpo) K_STOCK=linux-image-arm64 K_SUITE=bookworm-backports ;;
	*) die "no kernel is named $name; there are: 6.12-sea, 6.12-bpo-sea, 6.12, 7-sea, 7, 7.2-sea, 7.2, stock-6.1, stock-6.12, stock-6.12-bpo, stock-6.12-rt, stock-7" ;;
	esac
	[ -z "$K_STOCK" ] || [ -z "$suffix" ] || die "$base comes as it is: '$suffix' makes no sense"
	K_PATCHES=("${series[@]}")
	while [ -n "$suffix" ]; do
		kind=${suffix:0:1} suffix=${suffix:1}
		name=${suffix%%[@+]*} suffix=${suffix#"${suffix%%[@+]*}"}
		case $kind$name in
		@[0-9]*) K_LAST=$name ;;
		+llvm) K_MAKE+=(LLVM=1) ;;
		+*.patch) K_PATCHES+=("$(realpath -- "$name")") ;;
		+*) K_CONFIGS+=("$HOST_DIR/kernel.$name.config") ;;
		*) die "'$kind$name' in a kernel's name: @N, +NAME, +FILE.patch or +llvm" ;;
		esac
	done
	if [ -n "$K_LAST" ] && [ "${#series[@]}" -eq 0 ]; then
		die "$base has no series of patches to stop in: '@$K_LAST' makes no sense"
	fi
	for name in "${K_PATCHES[@]}" "${K_CONFIGS[@]}"; do
		[ -e "$name" ] || die "kernel $1: there is no file $name"
	done
}

# kernel_suite PACKAGE: the suite that offers its newest version. 7.2 was sid's before
# 7.3 was, and stays in trixie-backports for as long as the mirror keeps it.
kernel_suite()
{
	local suite
	apt_ready
	for suite in sid trixie-backports; do
		if [ -n "$(apt_version "$1" "$suite")" ]; then
			printf '%s\n' "$suite"
			return 0
		fi
	done
	die "neither Debian's sid nor its trixie-backports has $1 any more"
}

# kernel_versions PACKAGE: all that the suites offer of it, the oldest first.
kernel_versions()
{
	apt_ready
	apt-cache madison "$1" | awk -F' *[|] *' '$3 ~ /Packages/ { print $2 }' | sort -uV
}

# no_ras_cpu NAME: a CPU without FEAT_RAS that this kernel's guests get on with.
# On Cortex-A57 they hang under 7.x without our series, which works around erratum
# 834220 also when it is the walk of a guest's table that faults.
no_ras_cpu()
{
	case $1 in
	7 | 7.2 | stock-7) printf 'cortex-a72\n' ;;
	*) printf 'cortex-a57\n' ;;
	esac
}

# kernel_build NAME: in $KERNEL_TREE, if that is set; prints a directory with Image and config, and with vmlinux
# (a built kernel) or lib/modules (a stock one).
kernel_build()
{
	local deb package
	local debs=()
	kernel_variant "$1"
	apt_ready
	if [ -n "$K_STOCK" ]; then
		# The metapackage of the suite names the kernel's package, which
		# from 7.x on only names those that hold it.
		deb=$(apt_fetch "$K_STOCK:arm64/$K_SUITE") || return 1
		package=$(_depends_on "$deb" 'linux-image-')
		deb=$(apt_fetch "$package:arm64/$K_SUITE") || return 1
		debs=("$deb")
		for package in $(_depends_on "$deb" 'linux-(base|binary|modules)-[0-9]'); do
			deb=$(apt_fetch "$package:arm64/$K_SUITE") || return 1
			debs+=("$deb")
		done
		build_once "kernel-$1" \
			"$(key_of "${debs[@]##*/}" "$(declare -f _kernel_unpack _zboot_payload)")" \
			_kernel_unpack "${debs[@]}"
		return
	fi
	_kernel_build_newest "$1"
}

# _kernel_build_newest NAME: from the suite's source, or, if that does not take a patch,
# from the newest that does of what there is.
_kernel_build_newest()
{
	local name=kernel-${1//[^A-Za-z0-9.@+-]/_} compiler=aarch64-linux-gnu-gcc
	local spec deb key refused patch compile
	[[ " ${K_MAKE[*]} " != *" LLVM=1 "* ]] || compiler=clang
	for spec in $(_kernel_sources); do
		deb=$(apt_fetch "$spec") || return 1
		compile=(_kernel_compile "$1" "$deb")
		[ -z "${KERNEL_TREE:-}" ] || compile=(_kernel_compile_in "$KERNEL_TREE" "$1" "$deb")
		refused=$CACHE_DIR/refused/$(key_of "${deb##*/}" "$K_LAST" "${K_PATCHES[@]}")
		key=$(key_of "${deb##*/}" "$K_LAST" "${K_PATCHES[@]}" "${K_CONFIGS[@]}" "${K_MAKE[@]}" \
			"$("$compiler" --version | head -n 1)" \
			"$(declare -f _kernel_compile _first_patches _kernel_make)")
		if [ ! -e "$refused" ]; then
			! build_once "$name" "$key" "${compile[@]}" || return 0
			patch=$(_patch_refused "$CACHE_DIR/log/$name-$key.log")
			[ -n "$patch" ] || return 1
			mkdir -p "${refused%/*}"
			printf '%s\n' "${patch##*/}" >"$refused"
		fi
		note "Debian's $(basename -- "$deb" .deb) does not take $(cat "$refused")"
	done
	note "kernel $1: no source that Debian's $K_SUITE has takes its patches"
	return 1
}

# _kernel_sources: where to take the source from, as apt_fetch wants it, in this order:
# the suite's, then, newest first, what else the suite or its security suite has.
_kernel_sources()
{
	local suite version
	printf '%s\n' "$K_SOURCE/$K_SUITE"
	[ "${#K_PATCHES[@]}" -gt 0 ] || return 0
	{
		for suite in "$K_SUITE-updates" "$K_SUITE-security"; do
			version=$(apt_version "$K_SOURCE" "$suite")
			[ -z "$version" ] || printf '%s %s\n' "$version" "$K_SOURCE/$suite"
		done
		[[ $K_SOURCE != linux-source-7.* ]] || linux7_sources | grep -vx "$K_SOURCE" |
			sed "s|linux-source-\(.*\)|\1 &/$K_SUITE|"
	} | sort -rV | cut -d' ' -f2 || true
}

# _patch_refused LOG: the patch that a build came to grief with, if it was one.
_patch_refused()
{
	awk '$1 == "PATCH" { patch = $2; bad = 0 }
		/hunks? FAILED|find file to patch|hunks? ignored|malformed patch/ { bad = 1 }
		END { if (bad) print patch }' "$1"
}

# _depends_on DEB REGEX: the packages that DEB depends on whose names match.
_depends_on()
{
	dpkg-deb -f "$1" Depends | tr ',|' '\n' | sed 's/^ *//; s/ .*//' | grep -E "^$2" || true
}

_kernel_unpack()
{
	local deb image
	for deb; do
		dpkg-deb -x "$deb" tree
	done
	image=$(find tree -path '*boot/vmlinuz-*' -o -path '*lib/modules/*/vmlinuz' | head -n 1)
	# The image is gzip'd in some releases, a plain Image or an EFI zboot
	# image, which holds the gzip'd one, in others.
	if gzip -t "$image" 2>/dev/null; then
		gzip -dc "$image" >Image
	elif [ "$(dd if="$image" bs=1 skip=4 count=4 status=none)" = zimg ]; then
		_zboot_payload "$image" | gzip -dc >Image
	else
		mv "$image" Image
	fi
	mv "$(find tree -name 'config-*' -path '*boot/*' -o -name config -path '*lib/modules/*' | head -n 1)" config
	mkdir lib
	mv "$(find tree -type d -path '*lib/modules')" lib/
	rm -r tree
	depmod -b . "$(ls lib/modules)"
}

# An EFI zboot header has the payload's offset and size at 8 and 12.
_zboot_payload()
{
	local offset size
	read -r offset size < <(od -A n -t u4 -j 8 -N 8 "$1")
	tail -c +"$((offset + 1))" "$1" | head -c "$size"
}

_kernel_compile()
{
	local name=$1 deb=$2 patch
	kernel_variant "$name"
	mkdir source
	dpkg-deb --fsys-tarfile "$deb" | tar -xO --wildcards './usr/src/*.tar.xz' |
		tar -xJ -C source --strip-components=1
	cd source
	for patch in "${K_PATCHES[@]}"; do
		printf 'PATCH %s\n' "$patch"
		_first_patches "${K_LAST:-all}" <"$patch" >../series
		patch -p1 -F0 --no-backup-if-mismatch -s <../series
		# The number of patches counts for the series, the first file, only.
		K_LAST=''
	done
	_kernel_make
	mv vmlinux arch/arm64/boot/Image ..
	mv .config ../config
	cd ..
	rm -r source
	rm -f series
}

# _kernel_compile_in TREE NAME DEB: the same in a tree that stays, for who builds many
# kernels that differ by a patch: make compiles what the patch reaches. The patches are
# taken out again afterwards. TREE is for one configuration, and for one user at a time.
_kernel_compile_in()
{
	local tree=$1/source name=$2 deb=$3 out=$PWD patch i
	kernel_variant "$name"
	[ -z "$K_LAST" ] || die "kernel $name: a part of a series is not built in a tree that stays"
	if [ ! -d "$tree" ]; then
		mkdir -p "$tree"
		dpkg-deb --fsys-tarfile "$deb" | tar -xO --wildcards './usr/src/*.tar.xz' |
			tar -xJ -C "$tree" --strip-components=1
	fi
	cd "$tree"
	for patch in "${K_PATCHES[@]}"; do
		printf 'PATCH %s\n' "$patch"
		patch -p1 -F0 --no-backup-if-mismatch -s <"$patch"
	done
	_kernel_make
	cp vmlinux arch/arm64/boot/Image "$out"
	cp .config "$out/config"
	for ((i = ${#K_PATCHES[@]} - 1; i >= 0; i--)); do
		patch -p1 -F0 -R -s --no-backup-if-mismatch <"${K_PATCHES[i]}"
	done
}

# _first_patches N|all: the first N messages of the mbox on standard input.
_first_patches()
{
	awk -v last="$1" '
		/^From [0-9a-f]+ Mon Sep 17 00:00:00 2001$/ { n++ }
		last == "all" || n <= last
		END {
			if (last != "all" && n < last) {
				print "the series has only " n " patches" >"/dev/stderr"
				exit 1
			}
		}'
}

_kernel_make()
{
	local make config line missing=0
	make=(make -j"$JOBS" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- "${K_MAKE[@]}")
	export KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=seatop KBUILD_BUILD_HOST=seatop
	export KBUILD_BUILD_VERSION=1
	# Where a variable lives at each instruction is asked by nobody here, and costs a
	# sixth of the compilation. Types (BTF) and lines stay.
	make+=(KCFLAGS=-fno-var-tracking)
	if command -v ccache >/dev/null && [[ " ${K_MAKE[*]} " != *" LLVM=1 "* ]]; then
		# Objects are the same wherever the tree lies: the kernel's build
		# names its files relatively. What a file includes is taken from the
		# compiler: a file that is not in the cache is not preprocessed twice.
		export CCACHE_DIR=$CACHE_DIR/ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
		export CCACHE_MAXSIZE=2G CCACHE_DEPEND=1
		make+=("CC=ccache aarch64-linux-gnu-gcc")
	fi
	cat "${K_CONFIGS[@]}" >../fragments
	"${make[@]}" -s KCONFIG_ALLCONFIG=../fragments allnoconfig
	# Later fragments win, so ask the merged text for what is wanted.
	while read -r line; do
		config=${line#\# } config=${config%%[= ]*}
		case $line in
		CONFIG_*=*) grep -qxF -- "$line" .config ;;
		*) ! grep -q "^$config=" .config ;;
		esac || {
			printf 'the configuration asks for "%s", but its dependencies deny it\n' "$line"
			missing=1
		}
	done < <(tac ../fragments | awk '
		/^CONFIG_/ { name = $0; sub(/=.*/, "", name) }
		/^# CONFIG_.* is not set$/ { name = $2 }
		name && !seen[name]++ { print }
		{ name = "" }')
	[ "$missing" -eq 0 ] || return 1
	rm ../fragments
	"${make[@]}" Image
}
