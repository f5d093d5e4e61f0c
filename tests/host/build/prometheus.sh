# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Prometheus, node_exporter and Alertmanager as Debian has them. They are unpacked and not
# installed, as an installed one starts as a service of this machine. Sourced, never run.

# shellcheck source=tests/host/build/apt.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/apt.sh"

# prometheus_programs: prints the directory that holds promtool, prometheus,
# prometheus-node-exporter, prometheus-alertmanager and amtool.
prometheus_programs()
{
	local -a debs
	local out
	apt_ready
	out=$(apt_fetch prometheus/bookworm prometheus-node-exporter/bookworm \
		prometheus-alertmanager/bookworm)
	mapfile -t debs <<<"$out"
	build_once prometheus "$(key_of "${debs[@]##*/}" "$(declare -f _prometheus_unpack)")" \
		_prometheus_unpack "${debs[@]}"
}

_prometheus_unpack()
{
	local deb
	for deb; do
		dpkg-deb -x "$deb" tree
	done
	mv tree/usr/bin/* .
	mv tree/usr/share/prometheus/alertmanager/*.tmpl .
	rm -r tree
	# Alertmanager knows where its templates are by a path in the program, below /usr, where
	# they are not. A path of the same length leads to the working directory.
	perl -pi -e 's{/usr/share/prometheus/alertmanager}{"." . "/" x 32 . "."}ge' \
		prometheus-alertmanager
	./promtool --version
}
