# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# sparse, from the source of Debian's sid: those of bookworm and trixie cannot
# parse the headers of 7.x, for __typeof_unqual__, and sid's binary wants a newer
# C library than bookworm's. Sourced, never run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# sparse_build: prints the directory that holds the program sparse.
sparse_build()
{
	local version
	apt_ready
	version=$(apt_source_version sparse sid)
	[ -n "$version" ] || die "Debian's sid has no source package sparse"
	build_once sparse "$(key_of "$version" "$(declare -f _sparse_build)")" _sparse_build "$version"
}

_sparse_build()
{
	# Debian names a compiler that bookworm lacks: CC.
	# apt has checked the archive's signature and the hashes when it is done.
	apt-get -q source --download-only "sparse=$1"
	dpkg-source --no-check --no-copy --extract ./*.dsc src
	make -C src -j"$JOBS" CC=gcc sparse
	mv src/sparse .
	rm -r src sparse_*
	./sparse --version
}
