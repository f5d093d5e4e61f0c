# SPDX-License-Identifier: GPL-2.0-only
#
# Reads (jq --slurp) what `inside-cost` printed, and writes TAP and the figures.

def test($what; $ok): "\(if $ok then "ok" else "not ok" end) - \($what)";
def cpu: .took / " " | map(tonumber) | .[1] + .[2];
def round2: . * 100 | round / 100;

. as $lines
| ($lines | map(select(.storm)) | .[] as $storm
	| ($lines | map(select(.rest == $storm.storm)) | first) as $rest
	| ([$storm.truth.vms[].hits] | add) as $hits
	| ($storm.to - $storm.from) as $seconds
	| "\($storm.storm): \($hits) SEAs of four vCPUs" as $title
	| if $storm.storm == "seastat" then
		test("\($title): the counts are exact"; $storm.counted == $hits)
	else empty end,
	"# \($storm.storm) | \($hits) SEAs, \($hits / $seconds | round) a second | counted \($storm.counted) | "
		+ "CPU \(($storm | cpu) - ($rest | cpu) | round2) s, \((($storm | cpu) - ($rest | cpu)) * 1e9 / $hits | round) ns an SEA | "
		+ "\($storm.bytes - $rest.bytes) bytes, \(($storm.bytes - $rest.bytes) / $hits | round2) an SEA | single SEAs \($storm.details)"),
([.[] | select(.idle)] | if length < 2 then empty else
	.[0] as $short | .[1] as $long
	| (($long.to - $long.from) - ($short.to - $short.from)) as $seconds
	| (($long.bytes - $short.bytes) * 3600 / $seconds | round) as $bytes
	| ($long.cpu / ($long.to - $long.from)) as $share
	| test("\($long.idle) idle VMs: less than 1 % of a CPU"; $share < 0.01),
	test("\($long.idle) idle VMs: less than 100,000 bytes an hour"; $bytes < 100000),
	"# idle | \($long.idle) VMs | \($share * 100 | round2) % of a CPU | \($long.rss_kib) KiB resident | "
		+ "\($short.bytes) bytes in the beginning, \($bytes) an hour" end)
