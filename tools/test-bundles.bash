# Runs all tests, a process for each bundle; for tools/test and tools/sanitize, which read this file.
# shellcheck shell=bash

# in_order LOG OPTION...: tests one after the other, so that the time of each is its own; shows what has ended, and after a
# crash what had begun. $tests is the program, $tests_prefix what it is started by.
in_order() {
  local status=0
  # shellcheck disable=SC2086 # words
  NO_COLOR=1 $tests_prefix "$tests" --testing-library swift-testing --no-parallel "${@:2}" 2>&1 | tee "$1" |
    { grep --line-buffered -v ' started\.$' || true; } || status=$?
  if [[ $status -ne 0 ]]; then
    echo "test: status $status after:"
    grep ' started\.$' "$1" | tail -n 1 || true
  fi
  return "$status"
}

# run_bundles LOG SKIP: all bundles, as many at a time as there are cores; those that take longest begin. SKIP is a pattern
# of tests to leave out. Adds what they print to LOG.
run_bundles() {
  local parts status=0
  parts=$(mktemp -d)
  {
    printf '%s\n' ConversionPipelineTests CommandLineTests
    for bundle in Tests/*Tests; do basename "$bundle"; done | grep -vxE 'ConversionPipelineTests|CommandLineTests'
  } | xargs -P "$(nproc)" -I BUNDLE \
    bash -o pipefail -c 'in_order "$1/$2" --filter "^$2\\." --skip "$3"' - "$parts" BUNDLE "$2" || status=$?
  cat "$parts"/* >>"$1"
  rm -rf "$parts"
  return "$status"
}
export -f in_order
