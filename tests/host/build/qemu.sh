# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The emulator: trixie's QEMU with the patches in tests/host/qemu, and nothing
# but the arm64 virt machine in it. Sourced, never run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# What a build needs of the machine's own packages.
# shellcheck disable=SC2034 # for those who install packages
QEMU_BUILD_DEPS="build-essential ninja-build pkg-config python3 python3-venv
	libglib2.0-dev libfdt-dev zlib1g-dev"

QEMU_SUITE=trixie
QEMU_PATCH_DIR=$HOST_DIR/qemu

# qemu_build: prints the directory that holds qemu-system-aarch64.
qemu_build()
{
	local version patches
	apt_ready
	version=$(apt_source_version qemu "$QEMU_SUITE")
	[ -n "$version" ] || die "Debian's $QEMU_SUITE has no source package qemu"
	patches=("$QEMU_PATCH_DIR"/*.patch)
	build_once qemu "$(key_of "$version" "${patches[@]}" "$QEMU_PATCH_DIR/cc" "${BASH_SOURCE[0]}")" \
		_qemu_build "$version" "${patches[@]}"
}

# apt has checked the archive's signature and the hashes when it is done.
_qemu_fetch()
{
	note "fetching the source of qemu $1"
	apt-get -q source --download-only "qemu=$1"
}

_qemu_build()
{
	local version=$1 top=$PWD source patch
	shift
	source=$(build_once qemu-source "$(key_of "$version")" _qemu_fetch "$version")

	dpkg-source --no-check --no-copy --extract "$source"/*.dsc src
	for patch in "$@"; do
		patch -d src -p1 -F0 -s --no-backup-if-mismatch <"$patch" ||
			die "${patch##*/} does not apply to qemu $version"
	done

	# QEMU wants a newer meson than bookworm has. It looks for meson among
	# Python's modules, so one that is only unpacked will do.
	dpkg-deb --extract "$(apt_fetch "meson/$QEMU_SUITE")" meson
	export PYTHONPATH=$top/meson/usr/lib/python3/dist-packages
	export PYTHONDONTWRITEBYTECODE=1

	mkdir src/build
	cd src/build
	../configure --cc="$QEMU_PATCH_DIR/cc" --host-cc=gcc --disable-download \
		--without-default-features --target-list=aarch64-softmmu \
		--without-default-devices --with-devices-aarch64=ras \
		--enable-system --enable-tcg --enable-fdt=system --enable-trace-backends=nop \
		--disable-install-blobs --disable-docs --disable-werror \
		--disable-debug-info --disable-qom-cast-debug
	ninja -j "$JOBS" qemu-system-aarch64
	strip -o "$top/qemu-system-aarch64" qemu-system-aarch64

	cd "$top"
	rm -rf src meson
	./qemu-system-aarch64 -M virt -device help | grep -q '"ras-poison"' ||
		die "the emulator was built without ras-poison"
}
