#!/bin/sh
# Looks for Node.js, npm and git, and installs the locked npm packages of one folder when its lock has changed.
#
# usage: tools/make/node.sh FOLDER
set -eu
cd "$(dirname "$0")/../.."
. tools/make/say.sh

folder=$1

command -v git >/dev/null 2>&1 || fail "git is missing." "On Debian: $(apt_install git)"
command -v node >/dev/null 2>&1 || fail "Node.js 20 or newer is missing." "See https://nodejs.org/en/download"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' ||
    fail "Node.js 20 or newer is needed; found: $(node --version)." "See https://nodejs.org/en/download"
command -v npm >/dev/null 2>&1 || fail "npm is missing (it comes with Node.js)." "On Debian: $(apt_install npm)"

wanted=$(node -e '
const { createHash } = require("node:crypto");
const hash = createHash("sha256").update(process.versions.modules);
process.stdout.write(hash.update(require("node:fs").readFileSync(process.argv[1])).digest("hex"));
' "$folder/package-lock.json")
stamp=$folder/node_modules/.installed
[ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || exit 0

say "installing the npm packages of $folder"
# No package of ours needs its install script.
(cd "$folder" && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error) ||
    fail "npm could not install the packages of $folder; its reason is above." \
        "Is the npm registry reachable from here? Then run make again."
printf '%s\n' "$wanted" >"$stamp"
