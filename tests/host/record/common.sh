# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # $have is the script's
#
# What runs on the emulated host share: a recorder, and VMs under it. Sourced, never run.

store=/tmp/sea.db
interval=0.5
# What the VM NAME sees goes to the file $seen-NAME; "": nowhere.
seen=/tmp/seen
# The number of the session that is being recorded: 1, 2, ...
session=0

fail()
{
	echo "record: $*" >&2
	cat /tmp/recorder.err /tmp/log-* >&2
	exit 1
}

# until_true SECONDS WHAT COMMAND...: runs the command until it succeeds.
until_true()
{
	tries=$(($1 * 5)) what=$2
	shift 2
	until "$@"; do
		[ "$((tries -= 1))" -gt 0 ] || fail "no $what"
		sleep 0.2
	done
}

has_lines()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# in_store PATTERN: a line of the recording matches.
in_store()
{
	seastat export "$store" 2>/dev/null | grep -q "$1"
}

# has_ticked N: so many sessions have a tick. A report reads sums, where an export reads
# all of the store.
has_ticked()
{
	[ "$(seastat report --json "$store" 2>/dev/null | grep -o '"last_tick":"' | wc -l)" -ge "$1" ]
}

# What is recorded from now on is in the next session; $recorder is the process.
start_recorder()
{
	session=$((session + 1))
	# shellcheck disable=SC2086 # these are words, or none
	seastat record --store "$store" --interval "$interval" ${options:-} 2>>/tmp/recorder.err &
	recorder=$!
	until_true 120 "first tick of session $session" has_ticked "$session"
}

stop_recorder()
{
	kill -TERM "$recorder"
	wait "$recorder"
	case $? in
	0 | 2) ;; # 2: not every detail was stored, which the recording says
	*) fail "seastat record ended with a failure" ;;
	esac
}

kill_recorder()
{
	kill -KILL "$recorder"
	wait "$recorder" 2>/dev/null
}

# has LIST: is all of it in $have?
has()
{
	for word in $(echo "$1" | tr , ' '); do
		case ,$have, in
		*,"$word",*) ;;
		*) return 1 ;;
		esac
	done
}

# start_vm NAME ARGUMENT...: a VM that stays when it has had its SEAs. Its process is
# in $pids.
start_vm()
{
	name=$1
	shift
	# shellcheck disable=SC2086 # a word, or none
	sea-vm --quiet --hold=3600000 --name "$name" --truth /tmp/truth \
		${seen:+--record=$seen-$name} "$@" >"/tmp/log-$name" 2>&1 </dev/null &
	pids="$pids $!" started=$((started + 1))
}

# start_vms FILE: those of FILE that this host can have.
start_vms()
{
	while read -r vm needs args; do
		case $vm in
		'' | '#'*) continue ;;
		esac
		has "$needs" || continue
		# shellcheck disable=SC2086 # these are words
		start_vm "$vm" $args
	done <"$1"
	[ "$started" -gt 0 ] || fail "this host can have none of the VMs"
}

# stop_vms: those that were killed, or have ended, are no failure.
stop_vms()
{
	# shellcheck disable=SC2086 # these are pids
	kill -TERM $pids 2>/dev/null
	for pid in $pids; do
		wait "$pid" || fail "a VM did not see what it promises"
	done
	pids='' started=0
}

pids='' started=0
: >/tmp/truth
: >/tmp/recorder.err
