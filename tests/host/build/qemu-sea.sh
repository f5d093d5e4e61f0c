# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A QEMU for arm64 that answers KVM_EXIT_ARM_SEA: trixie's with contrib/qemu-sea.patch,
# with KVM only and the virt machine only. It runs on the emulated host. Sourced,
# never run.

# shellcheck source=tests/host/build/qemu.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/qemu.sh"
# shellcheck source=tests/host/build/rootfs.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/rootfs.sh"

# What QEMU is linked against and the sysroot has not. pkg-config looks for the .pc
# files of glib's own libraries, too.
QEMU_SEA_PACKAGES="
	libglib2.0-dev libglib2.0-0 libpcre2-dev libpcre2-8-0 libpcre2-16-0 libpcre2-32-0
	libpcre2-posix3 libfdt-dev libfdt1
"

# qemu_sea_build: prints the directory that holds qemu-system-aarch64 for arm64.
qemu_sea_build()
{
	local version sysroot name debs=() specs=()
	apt_ready
	version=$(apt_source_version qemu "$QEMU_SUITE")
	[ -n "$version" ] || die "Debian's $QEMU_SUITE has no source package qemu"
	for name in $QEMU_SEA_PACKAGES; do
		specs+=("$name:arm64/$SYSROOT_SUITE")
	done
	mapfile -t debs < <(apt_fetch "${specs[@]}")
	[ "${#debs[@]}" -eq "${#specs[@]}" ] || return 1
	sysroot=$(sysroot_build) || return 1
	build_once qemu-sea "$(key_of "$version" "${debs[@]##*/}" "${sysroot##*/}" \
		"$TOP_DIR/contrib/qemu-sea.patch" "${BASH_SOURCE[0]}")" \
		_qemu_sea_build "$version" "$sysroot" "${debs[@]}"
}

_qemu_sea_build()
{
	local version=$1 sysroot=$2 top=$PWD source deb
	shift 2
	source=$(build_once qemu-source "$(key_of "$version")" _qemu_fetch "$version")
	dpkg-source --no-check --no-copy --extract "$source"/*.dsc src
	patch -d src -p1 -F0 -s --no-backup-if-mismatch <"$TOP_DIR/contrib/qemu-sea.patch" ||
		die "contrib/qemu-sea.patch does not apply to qemu $version"

	# As in _qemu_build: a meson that is newer than bookworm's
	dpkg-deb --extract "$(apt_fetch "meson/$QEMU_SUITE")" meson
	export PYTHONPATH=$top/meson/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
	cp -a "$sysroot" sysroot
	for deb; do
		dpkg-deb -x "$deb" sysroot
	done
	mkdir bin
	cat >bin/pkg-config <<-END
	#!/bin/sh
	export PKG_CONFIG_SYSROOT_DIR=$top/sysroot PKG_CONFIG_PATH=
	export PKG_CONFIG_LIBDIR=$top/sysroot/usr/lib/aarch64-linux-gnu/pkgconfig
	exec pkg-config "\$@"
	END
	chmod 755 bin/pkg-config
	export PKG_CONFIG=$top/bin/pkg-config
	printf 'CONFIG_ARM_VIRT=y\n' >src/configs/devices/aarch64-softmmu/sea.mak

	# As in _kernel_build: a change to the patch compiles what it touches.
	local cc=aarch64-linux-gnu-gcc
	if command -v ccache >/dev/null; then
		export CCACHE_DIR=$CACHE_DIR/ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
		export CCACHE_MAXSIZE=2G CCACHE_DEPEND=1
		cc="ccache $cc"
	fi

	mkdir src/build
	cd src/build
	../configure --cross-prefix=aarch64-linux-gnu- --cc="$cc" --disable-download \
		--extra-cflags="--sysroot=$top/sysroot" --extra-ldflags="--sysroot=$top/sysroot" \
		-Doptimization=0 \
		--without-default-features --target-list=aarch64-softmmu \
		--without-default-devices --with-devices-aarch64=sea \
		--enable-system --enable-kvm --disable-tcg --enable-fdt=system --enable-trace-backends=nop \
		--disable-install-blobs --disable-docs --disable-debug-info --enable-werror
	ninja -j "$JOBS" qemu-system-aarch64
	aarch64-linux-gnu-strip -o "$top/qemu-system-aarch64" qemu-system-aarch64

	cd "$top"
	mkdir -p root/usr/bin
	mv qemu-system-aarch64 root/usr/bin/
	libraries_into "$top/sysroot" root
	rm -rf src meson sysroot bin
}
