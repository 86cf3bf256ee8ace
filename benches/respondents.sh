#!/usr/bin/env bash
# 200 respondents at work, a save each two seconds; all of them at the same moment; and `kill -9` while eight of
# them save: is an acknowledged answer ever lost? On SQLite, or on the empty PostgreSQL database
# that DUECARE_DATABASE_URL names. Loopback only; ends by itself.
#
#   benches/respondents.sh [rounds, 20] [kills, 1000]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-20} kills=${2:-1000}
cargo build --release --quiet --bin duecare --example load_seed --example load_respondents
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
address=127.0.0.1:8497
export DUECARE_DATA_DIR="$work/data" DUECARE_LISTEN=$address DUECARE_SECRET_KEY=0123456789abcdef0123456789abcdef
export RUST_LOG=error
target/release/examples/load_seed 200 200 200 | sed -n 's/^RESPONDENT_LINE=//p' >"$work/respondents"
if [ "$rounds" -gt 0 ]; then
  target/release/duecare serve 2>"$work/log" & pid=$!
  until curl -sf "http://$address/readyz" >/dev/null; do sleep 0.05; done
  # Nobody answers before the letters are out.
  until [ "$(find "$work/data/mail" -name '*.eml' 2>/dev/null | wc -l)" -ge 200 ]; do sleep 0.1; done
  say() { printf '\n== %s\n' "$*"; }
  say "a page, two seconds to answer, a save"
  target/release/examples/load_respondents work $address "$rounds" <"$work/respondents"
  say "all at the same moment"
  target/release/examples/load_respondents rush $address "$rounds" <"$work/respondents"
  kill "$pid"; wait "$pid" || true; pid=
fi
if [ "$kills" -gt 0 ]; then
  head -8 "$work/respondents" | target/release/examples/load_respondents kill $address "$kills" target/release/duecare
fi
