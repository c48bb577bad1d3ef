#!/bin/sh
# Makes an environment of its own in one folder and installs the locked Python packages of that folder into it.
#
# usage: tools/make/peer-python.sh FOLDER
set -eu
cd "$(dirname "$0")/../.."
. tools/make/say.sh

folder=$1
wanted=$(cksum <"$folder/requirements.lock")
[ "$(cat "$folder/.venv/.installed" 2>/dev/null)" != "$wanted" ] || exit 0

say "installing $folder/requirements.lock into $folder/.venv"
.venv/bin/python -m venv --clear "$folder/.venv" || fail "$folder/.venv could not be made; the reason is above."
# Without a resolver: the lock is whole, and pip takes hashes for no requirement with extras.
"$folder/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r "$folder/requirements.lock" ||
    fail "pip could not install $folder/requirements.lock; its reason is above." "Is PyPI reachable from here?"
printf '%s\n' "$wanted" >"$folder/.venv/.installed"
