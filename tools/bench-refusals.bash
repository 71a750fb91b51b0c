# shellcheck shell=bash
# Part of tools/bench: what refusing a malformed or hostile input costs.

# bench_refusals: runs every hostile input of the tests through the program and prints the dearest.
bench_refusals() {
  local log
  [[ $# -eq 0 ]] || fail "refusals takes no options" 64
  log=$(mktemp)
  cd "$root"
  export FUSION_STRICT=1
  swift build --scratch-path .build -c release --build-tests >&2
  FUSION_PRINT_REFUSALS=1 FUSION_REFUSAL_SECONDS=0.1 \
    swift test --scratch-path .build -c release --skip-build --disable-xctest --filter RefusalCostTests >"$log" 2>&1 || true
  echo "processor time and memory beyond a small, well-behaved run of the same command; limits: 100 ms, 64 MiB"
  grep '^refusal' "$log" | sort -k2 -g -r | head -n 15
  awk '/^refusal/ {
      count++
      if ($2 > time) time = $2
      if ($4 > memory) memory = $4
      if ($2 > 100 || $4 > 64) missed++
    }
    END { printf "%d inputs, at most %.1f ms and %.1f MiB, %d beyond a limit\n", count, time, memory, missed }' "$log"
  rm -f "$log"
}
