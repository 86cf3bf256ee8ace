#!/usr/bin/env bash
# Requests per second of the pages that matter, with 1,000 and with 100,000 vendors in the
# database, each as a ratio to a bare actix-web route that serves a page of the same size in
# the same run. Then the list of one practice of 10,000 vendors: its first page, and searches,
# by their 95th percentile. Loopback only; ends by itself.
#
#   benches/load.sh [seconds per measurement, 5]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-5}
command -v wrk >/dev/null || { echo "install wrk first (apt-get install wrk)" >&2; exit 2; }
cargo build --release --quiet --bin duecare --example load_seed --example load_floor
work=$(mktemp -d)
pids=()
stop() { [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; pids=(); }
trap 'stop; rm -rf "$work"' EXIT
floor=127.0.0.1:8499
page=127.0.0.1:8498

rate() { # rate URL [wrk options…] : requests a second
  wrk -t1 -c8 -d"${seconds}s" "${@:2}" "$1" >"$work/wrk.txt"
  if grep -q 'Non-2xx' "$work/wrk.txt" && [ -z "${redirects:-}" ]; then cat "$work/wrk.txt" >&2; exit 1; fi
  awk '/Requests\/sec/ {print $2}' "$work/wrk.txt"
}

p95() { # p95 URL [curl options…] : milliseconds, of 200 requests one after another
  local address=$1; shift
  for _ in $(seq 200); do echo "url = \"$address\""; echo 'output = /dev/null'; done >"$work/curl.txt"
  curl -s -w '%{time_total}\n' "$@" -K "$work/curl.txt" | sort -n | awk '{all[NR]=$1} END {printf "%.2f", 1000*all[int(NR*0.95)]}'
}

printf '%-10s %-14s %10s %10s %10s %8s\n' vendors page bytes page/s floor/s ratio
for vendors in 1000 100000; do
  export DUECARE_DATA_DIR="$work/$vendors" DUECARE_LISTEN=$page DUECARE_SECRET_KEY=0123456789abcdef0123456789abcdef
  eval "$(target/release/examples/load_seed $vendors | grep -v RESPONDENT_LINE)"
  began=$(date +%s%N)
  RUST_LOG=warn target/release/duecare serve 2>"$work/log" & pids+=($!)
  until curl -sf "http://$page/readyz" >/dev/null; do sleep 0.01; done
  ready=$(( ($(date +%s%N) - began) / 1000000 ))
  target/release/examples/load_floor $floor & pids+=($!)
  sleep 1
  idle=$(awk '/VmRSS/ {print $2}' "/proc/${pids[0]}/status")
  for what in "question /respond/access-limits" "list /vendors" "dashboard /"; do
    name=${what% *} path=${what#* }
    [ "$name" = question ] && cookie="__Host-respond=$RESPONDENT" || cookie="__Host-duecare=$STAFF"
    if [ "$name" = question ]; then
      path=$(curl -s -H "Cookie: $cookie" "http://$page/respond" | grep -o 'href="/respond/[a-z-]*"' | sed 's/href="//;s/"//' | grep -v check | sed -n 3p)
      question=$path
    fi
    size=$(curl -sf -H "Cookie: $cookie" "http://$page$path" | wc -c)
    bare=$(rate "http://$floor/$size")
    ours=$(rate "http://$page$path" -H "Cookie: $cookie")
    printf '%-10s %-14s %10s %10.0f %10.0f %7.1f%%\n' "$vendors" "$name" "$size" "$ours" "$bare" "$(echo "100*$ours/$bare" | bc -l)"
  done
  # Saving: one page of answers, made durable before it is acknowledged.
  slug=$(curl -s -H "Cookie: __Host-respond=$RESPONDENT" "http://$page$question" | grep -o '<fieldset[^>]* id="[a-z.-]*"' | head -1 | sed 's/.* id="//;s/"//')
  cat >"$work/save.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Cookie"] = "__Host-respond=$RESPONDENT"
wrk.body = "csrf=$RESPONDENT_TOKEN&$slug=yes"
LUA
  bare=$(rate "http://$floor/1")
  ours=$(redirects=yes rate "http://$page$question" -s "$work/save.lua")
  printf '%-10s %-14s %10s %10.0f %10.0f %7.1f%%\n' "$vendors" save - "$ours" "$bare" "$(echo "100*$ours/$bare" | bc -l)"
  echo "           ready after $ready ms; resident memory idle $((idle / 1024)) MB"
  stop
done

# One practice of 10,000 vendors.
export DUECARE_DATA_DIR="$work/one" DUECARE_LISTEN=$page DUECARE_SECRET_KEY=0123456789abcdef0123456789abcdef
eval "$(target/release/examples/load_seed 10000 10000 | grep -v RESPONDENT_LINE)"
RUST_LOG=warn target/release/duecare serve 2>"$work/log" & pids+=($!)
until curl -sf "http://$page/readyz" >/dev/null; do sleep 0.01; done
target/release/examples/load_floor $floor & pids+=($!)
sleep 1
cookie="Cookie: __Host-duecare=$STAFF"
printf '\n%-34s %10s %10s %10s %8s\n' "10,000 vendors in one practice" bytes "p95 ms" "floor ms" times
for path in "/vendors" "/vendors?page=50" "/vendors?sort=rating" "/vendors?q=77" "/vendors?q=vendor+99" "/vendors?q=nobody" "/vendors?due=30&owner=Dana+Whitfield"; do
  size=$(curl -sf -H "$cookie" "http://$page$path" | wc -c)
  bare=$(p95 "http://$floor/$size")
  ours=$(p95 "http://$page$path" -H "$cookie")
  printf '%-34s %10s %10s %10s %8.0f\n' "$path" "$size" "$ours" "$bare" "$(echo "$ours/$bare" | bc -l)"
done
for file in csv xlsx; do
  curl -sf -o "$work/export" -w "export.$file: %{size_download} bytes in %{time_total} s\n" -H "$cookie" "http://$page/vendors/export.$file"
done
stop
