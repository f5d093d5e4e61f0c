# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the emulated host runs from: an initramfs of concatenated cpio archives.
# The base (busybox, init, terminfo) hardly ever changes; our own programs are
# compiled and packed anew when they did; each run adds its files. Sourced,
# never run.

# shellcheck source=tests/host/build/sysroot.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/sysroot.sh"

# What the machine needs to pack an initramfs.
export ROOTFS_BUILD_DEPS="cpio kmod procps python3"

# The terminals that `host shell` and the demo may be started from.
ROOTFS_TERMINALS="ansi dumb linux vt100 vt220 xterm xterm-256color xterm-color screen
	screen-256color tmux tmux-256color rxvt rxvt-unicode-256color alacritty foot kitty
	xterm-kitty xterm-ghostty konsole-256color putty"

# rootfs_build: prints the directory that holds base.cpio.
rootfs_build()
{
	local debs=() sysroot
	apt_ready
	sysroot=$(sysroot_build) || return 1
	# The arm64 busybox goes in; this machine's own one knows its applets.
	mapfile -t debs < <(apt_fetch busybox-static:arm64/bookworm \
		"busybox-static:$(dpkg --print-architecture)/bookworm")
	[ "${#debs[@]}" -eq 2 ] || return 1
	build_once rootfs "$(key_of "${debs[@]##*/}" "${sysroot##*/}" "$HOST_DIR/init" \
		"$ROOTFS_TERMINALS" "$(declare -f _rootfs_build cpio_of)")" \
		_rootfs_build "$sysroot" "${debs[@]}"
}

_rootfs_build()
{
	local sysroot=$1 name file
	mkdir -p root/{dev,proc,sys,tmp,run,root,etc,host,mnt,var/lib,var/log,usr/bin,usr/sbin}
	dpkg-deb -x "$2" arm64
	dpkg-deb -x "$3" native
	ln -s usr/bin root/bin
	ln -s usr/sbin root/sbin
	ln -s run root/var/run
	cp arm64/bin/busybox root/usr/bin/
	native/bin/busybox --list-full | while read -r name; do
		case $name in
		*sbin/*) ln -s ../bin/busybox "root/usr/sbin/${name##*/}" ;;
		*/busybox) ;;
		*) ln -s busybox "root/usr/bin/${name##*/}" ;;
		esac
	done
	cp "$HOST_DIR/init" root/init
	chmod 755 root/init
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' \
		>root/etc/passwd
	printf 'root:x:0:\nnogroup:x:65534:\n' >root/etc/group
	for name in $ROOTFS_TERMINALS; do
		for file in "$sysroot"/{lib,etc,usr/share}/terminfo/"${name:0:1}/$name"; do
			[ -e "$file" ] || continue
			mkdir -p "root/usr/share/terminfo/${name:0:1}"
			cp -L "$file" "root/usr/share/terminfo/${name:0:1}/"
		done
	done
	# The locale that every Debian has: patterns are matched by its characters.
	mkdir -p root/usr/lib/locale
	cp -r "$sysroot/usr/lib/locale/C.utf8" root/usr/lib/locale/
	cpio_of root >base.cpio
	rm -r root arm64 native
}

# cpio_of DIR: its tree as a cpio archive, owned by root.
cpio_of()
{
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio --quiet --null -o -H newc -R 0:0)
}

# libraries_into SYSROOT DIR: the shared libraries that the arm64 programs and
# libraries in DIR name, and theirs, copied to where their loader finds them.
libraries_into()
{
	local sysroot=$1 dir=$2 lib file added=1
	local elf=()
	while [ "$added" -eq 1 ]; do
		added=0
		mapfile -d '' elf < <(find "$dir" -type f \( -perm /111 -o -name '*.so*' \) -print0)
		for lib in $(needed_of "${elf[@]}"); do
			[ -z "$(find "$dir" -name "$lib" -print -quit)" ] || continue
			file=$(find "$sysroot/lib" "$sysroot/usr/lib" -name "$lib" -print -quit)
			[ -n "$file" ] || die "the sysroot has no $lib, which a program for the emulated host needs"
			if [[ $lib == ld-linux* ]]; then
				mkdir -p "$dir/lib"
				cp -L "$file" "$dir/lib/$lib"
			else
				mkdir -p "$dir/lib/aarch64-linux-gnu"
				cp -L "$file" "$dir/lib/aarch64-linux-gnu/$lib"
			fi
			added=1
		done
	done
}

# programs_build: compiles our programs for arm64 and prints the directory that
# holds programs.cpio: what `meson install` installs as a program, and what is in
# tests/host.
programs_build()
{
	local sysroot dir
	apt_ready
	sysroot=$(sysroot_build) || return 1
	dir=$CACHE_DIR/programs-$(tree_key "$(sysroot_cross_file "$sysroot")")
	with_lock "${dir##*/}" _programs_build "$sysroot" "$dir" >&2 || return 1
	touch -c "$dir"
	printf '%s\n' "$dir"
}

_programs_build()
{
	local sysroot=$1 dir=$2 log=$CACHE_DIR/log/${2##*/}.log file
	local programs=()
	mkdir -p "$dir" "$CACHE_DIR/log"
	printf '%s\n' "$TOP_DIR" >"$dir/tree"
	if [ ! -e "$dir/build/build.ninja" ]; then
		sysroot_cross_file "$sysroot" >"$dir/cross.ini"
		note "configuring our programs for arm64"
		rm -rf "$dir/build"
		meson setup "$dir/build" "$TOP_DIR" --cross-file "$dir/cross.ini" \
			--buildtype debugoptimized --prefix /usr -Dtests=disabled -Dman=disabled \
			>"$log" 2>&1 || {
			tail -n 25 "$log" >&2
			note "meson failed; the whole log: $log"
			return 1
		}
	fi
	ninja -C "$dir/build" -j "$JOBS" >"$log" 2>&1 || {
		tail -n 25 "$log" >&2
		note "compiling our programs failed; the whole log: $log"
		return 1
	}
	if [ ! "$dir/programs.list" -nt "$dir/build/build.ninja" ]; then
		_programs_of "$dir/build" >"$dir/programs.list"
	fi
	mapfile -t programs <"$dir/programs.list"
	[ "${#programs[@]}" -gt 0 ] || {
		note "meson builds no program for the emulated host"
		return 1
	}
	for file in "${programs[@]}" "$dir/programs.list"; do
		[ "$dir/programs.cpio" -nt "$file" ] || break
		file=''
	done
	[ -n "$file" ] || return 0
	rm -rf "$dir/root"
	mkdir -p "$dir/root/usr/bin"
	for file in "${programs[@]}"; do
		aarch64-linux-gnu-strip -o "$dir/root/usr/bin/${file##*/}" "$file"
	done
	libraries_into "$sysroot" "$dir/root"
	cpio_of "$dir/root" >"$dir/programs.cpio.new"
	mv "$dir/programs.cpio.new" "$dir/programs.cpio"
}

# _programs_of BUILDDIR: the files of the programs that belong inside.
_programs_of()
{
	meson introspect --targets "$1" | python3 -c '
import json, os, sys
for t in json.load(sys.stdin):
    where = os.path.relpath(os.path.dirname(t["defined_in"]), sys.argv[1])
    if t["type"] == "executable" and (t["installed"] or where.startswith("tests/host/")):
        print(t["filename"][0])' "$TOP_DIR"
}
