# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# KVM's selftests, of the source that a kernel is built from: as they come, and with
# what our series does to them. Sourced, never run.

# shellcheck source=tests/host/build/kernel.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/kernel.sh"

# What the machine needs to build them.
export SELFTESTS_BUILD_DEPS="gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross make rsync xz-utils"

# selftests_build KERNEL: a directory with the programs, static, under the names that
# they have in tools/testing/selftests/kvm.
selftests_build()
{
	local deb
	kernel_variant "$1"
	apt_ready
	deb=$(apt_fetch "$K_SOURCE/$K_SUITE") || return 1
	build_once "selftests-$1" "$(key_of "${deb##*/}" "${K_PATCHES[@]}" "$(declare -f _selftests_build)")" \
		_selftests_build "$deb" "${K_PATCHES[@]}"
}

_selftests_build()
{
	local deb=$1 patch make program
	shift
	mkdir source out
	dpkg-deb --fsys-tarfile "$deb" | tar -xO --wildcards './usr/src/*.tar.xz' |
		tar -xJ -C source --strip-components=1 --exclude='*/drivers' --exclude='*/sound' \
			--exclude='*/fs' --exclude='*/net' --exclude='*/Documentation'
	# What is not here does not matter: only the tests and headers are built.
	for patch; do
		git -C source apply --include='tools/*' --include='arch/arm64/include/*' \
			--include='include/*' "$patch"
	done
	make=(make -j"$JOBS" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-)
	"${make[@]}" -C source headers_install INSTALL_HDR_PATH="$PWD/headers"
	"${make[@]}" -C source/tools/testing/selftests/kvm OUTPUT="$PWD/out" \
		KHDR_INCLUDES="-isystem $PWD/headers/include" LDFLAGS="-static -pthread"
	(cd out && find . -type f -perm -u+x ! -name '*.[odS]') | while read -r program; do
		mkdir -p "programs/$(dirname "$program")"
		aarch64-linux-gnu-strip -o "programs/$program" "out/$program"
	done
	mv programs/* .
	rm -rf programs source out headers
}
