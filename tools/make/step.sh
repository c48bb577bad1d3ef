#!/bin/sh
# Runs one step of a target: announces it, prints how long it took, and names it when it fails.
#
# usage: tools/make/step.sh NAME COMMAND [ARGUMENT…]
set -u
name=$1
shift

printf '\n==> %s\n' "$name"
start=$(date +%s)
"$@"
status=$?
seconds=$(($(date +%s) - start))
if [ "$status" != 0 ]; then
    printf '\nerror: step "%s" failed after %s s (exit status %s). It was: %s\n' "$name" "$seconds" "$status" "$*" >&2
    exit "$status"
fi
printf '==> %s: ok, %s s\n' "$name" "$seconds"
