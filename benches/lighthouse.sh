#!/usr/bin/env bash
# What Lighthouse says of the invitation, a question page, the check page and the receipt of the
# demonstration: on a telephone with a slow line (its own default throttling) and on a desktop.
# Prints the median of some runs and exits 1 where a goal is missed. Needs chromium and npm;
# takes about five minutes, so no test runs it.
#
#   benches/lighthouse.sh [runs of each page, 3]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v npm >/dev/null || { echo "install npm first (apt-get install npm)" >&2; exit 2; }
binary=${DUECARE_BINARY_FOR_TESTS:-}
if [ -z "$binary" ]; then
  cargo build --release --quiet --bin duecare
  binary=target/release/duecare
fi
(cd benches/lighthouse && npm ci --silent --ignore-scripts --no-audit --no-fund >/dev/null)
exec node benches/lighthouse/run.mjs "$(realpath "$binary")" "${1:-3}"
