# SPDX-License-Identifier: GPL-2.0-only
#
# The table in README.md, from build/matrix.json

def cell($seen; $text): if $seen then $text else "-" end;
# Keys of .truth[$part] that were there, and that this source told exactly
def told($part; $name): [.[].vms[] | select(.truth[$part][$name] > 0) | .equal] | length > 0 and all;
def list($part; $names): . as $rounds
	| [$names[] | select(. as $n | $rounds | told($part; $n)) | "`\(.)`"]
	| if length > 0 then join(", ") else "-" end;

# What seatop said, without what to do about it
def why: sub("^live tracing is not possible: |^the source [a-z]+ does not attach: "; "")
	| split("; ")[0] | gsub("(?<w>[a-z]+_[a-z_*]+)"; "`\(.w)`");

"| kernel | source | `claimed` | `host_owned` | `not_opted_in` | `forwarded` | reasons | responses | latency | end of a VM | who opted in |",
"|---|---|---|---|---|---|---|---|---|---|---|",
(reduce .[] as $r ([]; if index([[$r.kernel, $r.source]]) then . else . + [[$r.kernel, $r.source]] end)
	| .[]) as [$kernel, $source]
| map(select(.kernel == $kernel and .source == $source))
| ([.[].refused // empty] | first) as $refused
| "| \($kernel) | `\($source)` | " + if $refused then
	"does not attach: \($refused | why) | | | | | | | | |"
else
	([("claimed", "host_owned", "not_opted_in", "forwarded") as $d | cell(told("sea"; $d); "exact")]
		+ [list("reason"; ["no_ras", "vncr", "s2_walk", "ambiguous_walk"]),
			list("response"; ["injected", "resumed", "abandoned"]),
			cell(any(.latency); "yes"), cell(all(.ends); "yes"),
			([.[].opt_in[]] | unique | map(select(. == "yes" or . == "no"))
				| if length > 0 then join(", ") else "-" end)]
		| join(" | ")) + " |"
end
