#!/bin/sh
# Makes .venv and installs what `run` or `dev` needs into it, from the locks in requirements/, and sigma-ls itself.
#
# usage: tools/make/python.sh run|dev
#
# A stamp in .venv names the locks and the folder it was made for, so that a second run does nothing and says nothing.
# Installing `dev` installs everything of `run` too: both locks hold the same versions.
set -eu
cd "$(dirname "$0")/../.."
. tools/make/say.sh

kind=$1
venv=.venv
locks="requirements/build.lock requirements/run.lock"
[ "$kind" = run ] || locks="requirements/build.lock requirements/dev.lock"

fits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>&1) || found="none"
    fail "Python 3.11 or newer is needed; found: $found." \
        "Install one and run make again. On Debian: $(apt_install python3 python3-venv)" \
        "One elsewhere is taken with: make PYTHON=/path/to/python3 …"
}

make_venv() {
    python=$(find_python)
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$python lacks the module that makes environments (venv with ensurepip)." \
            "On Debian it is a package of its own: $(apt_install python3-venv)"
    say "making $venv with $("$python" --version) ($python)"
    "$python" -m venv --clear "$venv" ||
        fail "$venv could not be made; the reason is above." "Delete $venv and run make again."
}

stamp() {
    "$venv/bin/python" - "$PWD" pyproject.toml $locks <<'PY'
import hashlib, pathlib, sys

root, *files = sys.argv[1:]
print(hashlib.sha256(b"\0".join([root.encode(), sys.version.encode(), *(pathlib.Path(f).read_bytes() for f in files)])).hexdigest())
PY
}

if [ -e "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    fits "$venv/bin/python" ||
        fail "$venv was made with $("$venv/bin/python" --version); 3.11 or newer is needed." "Run: make clean"
else
    make_venv
fi

wanted=$(stamp)
if [ "$(cat "$venv/.installed-$kind" 2>/dev/null)" = "$wanted" ] && [ -x "$venv/bin/sigma-ls" ]; then
    exit 0
fi

for lock in $locks; do
    say "installing $lock into $venv ($(grep -c '^[a-z].*==' "$lock") packages)"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" ||
        fail "pip could not install $lock; its reason is above." \
            "Is PyPI reachable from here? Behind a proxy set HTTPS_PROXY; with a mirror of your own set PIP_INDEX_URL." \
            "Then run make again: what is installed already is kept."
done
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ||
    fail "sigma-ls itself could not be installed into $venv; pip's reason is above."

printf '%s\n' "$wanted" >"$venv/.installed-$kind"
if [ "$kind" = dev ]; then
    locks="requirements/build.lock requirements/run.lock"
    stamp >"$venv/.installed-run"
fi
say "$venv is ready"
