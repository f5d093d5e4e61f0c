# SPDX-License-Identifier: GPL-2.0-only
#
# What ./demo --json prints, as TAP: each VM is a test, whose counts are the truth.

"\(if .equal then "ok" else "not ok" end) - \(.host)/\(.name) vm \(.vm // "?"): \(
	.scenario // "unknown to the VMs"): counts equal the truth",
if .equal then empty else "# \(.)" end
