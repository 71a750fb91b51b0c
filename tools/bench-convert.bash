# The subcommand convert of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154,SC2034

convert_usage() {
  cat <<'HELP'
usage: tools/bench convert [options]
       tools/bench convert --scaling [options]
       tools/bench convert --peer llama.cpp [options]

  --preset NAME    checkpoint to make, as for synth checkpoint (default: fusion-3b)
  --folder DIR     where to work; the checkpoint DIR/NAME is used if it is there (default: a new folder under
                   ${TMPDIR:-/tmp})
  --runs N         measurements of each figure, of which the median counts (default: 3)
  --keep-files     leave the checkpoint that was made, for the next time; containers are always deleted
  --program PATH   program to measure (default: a release build of this repository)
  --warm-only      do not empty the system's page cache for a cold run; other programs would feel it
  --json FILE      write the figures as JSON too
  --scaling        only convert --quant int4, of checkpoints of 2.5 to 20 GB or of every --preset: time against size,
                   and the exponent of the power of the size that fits best
  --peer NAME      only convert --quant int4, verification included, beside what llama.cpp does to come from the same
                   checkpoint to a quantized file, in turn (default preset: phi-3.5-mini)

Each line has: what was measured, the figure, the limit it is compared with, and the share of that limit which is
reached: limit / figure for times and for what verification adds, figure / limit for everything else. Times are wall
time with a warm page cache where they do not say cold. Memory is the largest resident set of all runs; it counts mapped
pages of files. 
Needs about 2.5 times the checkpoint's size on disk, GNU time and zstd. Options of --peer are those that
tools/bench prefill --help names.

examples:
  tools/bench convert --preset llama-3.2-1b
  tools/bench convert --scaling --runs 1 --json scaling.json
  tools/bench convert --peer llama.cpp --folder bench --keep-files
HELP
}

# memory_figure STEP WHAT
memory_figure() { figure "$1.memory" "  memory of $2" "${memory[$1]}" B "1 GiB + two largest tensors" "$memory_bound"; }

convert() { "$program" convert "$checkpoint" "$@" --json --quiet; }
empty_cache() {
  sync
  echo 3 >/proc/sys/vm/drop_caches
}

measure_conversion() { # STEP OPTION...: one run that leaves $work/STEP.fusion
  local step=$1
  shift
  rm -f "$work/$step.fusion"
  measure "$step" "$program" convert "$checkpoint" "$work/$step.fusion" "$@" --json --quiet
}

# The speed of the disk, past the page cache, with at most 2 GB of the checkpoint's own bytes.
measure_disk() {
  local run begin end count=477 writes=() reads=()
  disk_write=- disk_read=-
  sync
  for ((run = 0; run < runs; run++)); do
    begin=${EPOCHREALTIME/./}
    dd if="$largest_file" of="$work/disk" bs=4M count=$count oflag=direct conv=fdatasync status=none \
      2>"$work/log" || break
    end=${EPOCHREALTIME/./}
    writes+=("$(calculate "$(stat -c %s "$work/disk") * 1e6 / ($end - $begin)")")
    begin=${EPOCHREALTIME/./}
    dd if="$work/disk" of=/dev/null bs=4M iflag=direct status=none 2>"$work/log" || break
    end=${EPOCHREALTIME/./}
    reads+=("$(calculate "$(stat -c %s "$work/disk") * 1e6 / ($end - $begin)")")
  done
  rm -f "$work/disk"
  if [[ ${#reads[@]} -lt $runs ]]; then
    echo "bench: this file system has no direct access; limits of the disk are left out" >&2
    return
  fi
  disk_write=$(median "${writes[@]}")
  disk_read=$(median "${reads[@]}")
}

# forecast_figure STEP WHAT FORECAST LIMIT: how far the forecast is from the container that the step left.
forecast_figure() {
  local actual
  actual=$(stat -c %s "$work/$1.fusion")
  figure "$1.forecast.bytes" "  forecast error, $2" "$(calculate "($3) - $actual")" B "${@:4}"
  figure "$1.forecast.percent" "  the same, of the real size" "$(calculate "(($3) - $actual) * 100 / $actual")" %
}

size_figures() { # STEP
  figure "$1.size" "  container" "$(stat -c %s "$work/$1.fusion")" B "checkpoint" "$input_bytes"
  figure "$1.bits" "  stored bits a weight" "$(field "$work/$1.json" storedBitsPerWeight)" bits \
    "resident" "$(field "$work/$1.json" residentBitsPerWeight)"
}

bench_int4() {
  local run output verified unverified read_back
  for ((run = 0; run < runs; run++)); do
    measure dry-run "$program" convert "$checkpoint" "$work/none.fusion" --quant int4 --dry-run --json --quiet
  done
  for ((run = 0; run < runs; run++)); do # in turn, so that a slow minute of the machine hits both
    measure_conversion int4-unverified --quant int4 --no-verify
    rm -f "$work/int4-unverified.fusion"
    measure_conversion int4 --quant int4
  done
  output=$(stat -c %s "$work/int4.fusion")
  verified=$(wall int4) unverified=$(wall int4-unverified)
  read_back=$(seconds_for "$((input_bytes + output))" "$cached_read")
  time_figure dry-run "convert --dry-run" "start of the program" "$(wall start)"
  memory_figure dry-run "convert --dry-run"
  time_figure int4 "convert --quant int4" "disk writes the container" "$(seconds_for "$output" "$disk_write")"
  memory_figure int4 "convert --quant int4"
  time_figure int4-unverified "convert --quant int4 --no-verify" "disk writes the container" \
    "$(seconds_for "$output" "$disk_write")"
  memory_figure int4-unverified "convert --no-verify"
  figure int4.verification "  verification adds" "$(calculate "($verified - $unverified) * 100 / $unverified")" % \
    "one cached read of both" "$(calculate "$read_back * 100 / $unverified")"
  figure int4.speed "  per core, not verified" "$(calculate "$weights / $unverified / $cores")" "weights/s" \
    "one core reads them cached" "$(calculate "$cached_read * $weights / $input_bytes")"
  size_figures int4
  forecast_figure int4 "zstd" "$(field "$work/dry-run.json" outputBytes)"

  for ((run = 0; run < runs; run++)); do
    measure inspect-container "$program" inspect "$work/int4.fusion" --json --quiet
    measure verify "$program" verify "$work/int4.fusion" --source "$checkpoint" --json --quiet
  done
  rm -f "$work/int4.fusion"
  time_figure inspect-container "inspect of the container" "start of the program" "$(wall start)"
  memory_figure inspect-container "inspect of the container"
  time_figure verify "verify --source" "one cached read of both" "$read_back"
  memory_figure verify "verify --source"
}

bench_uncompressed() {
  convert "$work/none.fusion" --quant int4 --compression none --dry-run >"$work/none-dry-run.json"
  measure_conversion none --quant int4 --compression none
  time_figure none "convert --compression none, one run" "disk writes the container" \
    "$(seconds_for "$(stat -c %s "$work/none.fusion")" "$disk_write")"
  memory_figure none "convert --compression none"
  forecast_figure none "not compressed" "$(field "$work/none-dry-run.json" outputBytes)" "exact" 0
  rm -f "$work/none.fusion"
}

bench_int8() {
  local run
  convert "$work/int8.fusion" --quant int8 --dry-run >"$work/int8-dry-run.json"
  for ((run = 0; run < runs; run++)); do measure_conversion int8 --quant int8; done
  time_figure int8 "convert --quant int8" "disk writes the container" \
    "$(seconds_for "$(stat -c %s "$work/int8.fusion")" "$disk_write")"
  memory_figure int8 "convert --quant int8"
  size_figures int8
  forecast_figure int8 "zstd" "$(field "$work/int8-dry-run.json" outputBytes)"
  rm -f "$work/int8.fusion"
}

bench_keep() {
  local run output zstd_bytes exported same
  convert "$work/keep.fusion" --quant keep --dry-run >"$work/keep-dry-run.json"
  for ((run = 0; run < runs; run++)); do
    measure_conversion keep-unverified --quant keep --no-verify
    rm -f "$work/keep-unverified.fusion"
    measure_conversion keep --quant keep
    measure zstd bash -c 'zstd -3 -T"$1" -q -c -- "${@:2}" | wc -c' zstd "$cores" "${weight_files[@]}"
  done
  output=$(stat -c %s "$work/keep.fusion")
  zstd_bytes=$(cat "$work/zstd.json")
  time_figure keep "convert --quant keep" "disk writes the container" "$(seconds_for "$output" "$disk_write")"
  memory_figure keep "convert --quant keep"
  time_figure keep-unverified "convert --quant keep --no-verify" "zstd -3 -T$cores, nothing written" "$(wall zstd)"
  memory_figure keep-unverified "convert --quant keep --no-verify"
  figure keep.ratio "  smaller than the checkpoint" "$(calculate "$input_bytes / $output")" times \
    "zstd -3" "$(calculate "$input_bytes / $zstd_bytes")"
  size_figures keep
  forecast_figure keep "zstd" "$(field "$work/keep-dry-run.json" outputBytes)"

  for ((run = 0; run < runs; run++)); do
    rm -rf "$work/exported"
    measure export "$program" export "$work/keep.fusion" "$work/exported" --json --quiet
  done
  exported=$(field "$work/export.json" byteCount)
  time_figure export "export of the kept container" "disk writes the checkpoint" \
    "$(seconds_for "$exported" "$disk_write")"
  memory_figure export "export"
  # Ends the script if one bit of a tensor differs. Files may differ: an exported one has its tensors in order of name.
  measure verify-export "$program" verify "$work/keep.fusion" --source "$work/exported" --json --quiet
  time_figure verify-export "verify --source the exported, one run" "one cached read of both" \
    "$(seconds_for "$((exported + output))" "$cached_read")"
  memory_figure verify-export "verify --source the exported"
  same=$(grep -c "^      \"maximumError\" : 0,$" "$work/verify-export.json" || true)
  figure export.same "  tensors that are equal bit for bit" "$same" tensors "all" \
    "$(field "$work/export.json" tensorCount)"
  rm -rf "$work/exported" "$work/keep.fusion"
}

bench_cold() {
  empty_cache
  measure inspect-cold "$program" inspect "$checkpoint" --json --quiet
  empty_cache
  measure_conversion int4-cold --quant int4
  time_figure inspect-cold "inspect, cold" "inspect, warm" "$(wall inspect)"
  time_figure int4-cold "convert --quant int4, cold" "disk reads and writes" \
    "$(seconds_for "$input_bytes" "$disk_read" "$(stat -c %s "$work/int4-cold.fusion")" "$disk_write")"
  memory_figure int4-cold "convert --quant int4, cold"
  rm -f "$work/int4-cold.fusion"
}

# bench_scaling: conversions of all of $presets, each with its checkpoint deleted before the next is made.
bench_scaling() {
  local preset checkpoint input_bytes run memory_read float_peak integer_peak points=()
  measure_limits
  print_heading
  for preset in "${presets[@]}"; do
    make_checkpoint "$preset"
    cat -- "$checkpoint"/*.safetensors >/dev/null
    for ((run = 0; run < runs; run++)); do measure_conversion "$preset" --quant int4; done
    rm -f "$work/$preset.fusion"
    input_bytes=$(field "$work/$preset.json" inputBytes)
    time_figure "$preset" "$preset, $(human "$input_bytes" B)" "memory is read at full speed" \
      "$(seconds_for "$input_bytes" "$memory_read")"
    figure "$preset.speed" "  bytes of the checkpoint" "$(calculate "$input_bytes / $(wall "$preset")")" B/s
    figure "$preset.memory" "  memory" "${memory[$preset]}" B
    points+=("$input_bytes" "$(wall "$preset")")
    drop_checkpoint "$preset"
  done
  if [[ ${#points[@]} -gt 2 ]]; then
    figure scaling.exponent "exponent of time in size" "$(exponent "${points[@]}")" power
  fi
  write_figures "$json" bench-convert-scaling/1 "\"quant\": \"int4\""
}

bench_convert() {
  local presets=() preset folder='' runs=3 keeps_files=no program='' warm_only=no json='' option mode=''
  local peer='' peer_types=() peer_folder='' llama_source='' python=python3 cores level json_machine
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    --keep-files) keeps_files=yes && continue ;;
    --warm-only) warm_only=yes && continue ;;
    --scaling) mode=scaling && continue ;;
    -h | --help) convert_usage && exit 0 ;;
    --preset | --folder | --runs | --program | --json) ;;
    --peer | --peer-type | --peer-folder | --llama-source | --python) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --preset) presets+=("$1") ;;
    --folder) folder=$1 ;;
    --runs) runs=$1 ;;
    --program) program=$1 ;;
    --json) json=$(realpath -m -- "$1") ;;
    --peer) peer=$1 mode=peer ;;
    --peer-type) peer_types+=("$1") ;;
    --peer-folder) peer_folder=$1 ;;
    --llama-source) llama_source=$1 ;;
    --python) python=$1 ;;
    esac
    shift
  done
  [[ $runs =~ ^[1-9][0-9]{0,2}$ ]] || fail "--runs takes a number from 1 to 999, not '$runs'" 64
  if [[ ${#presets[@]} -eq 0 ]]; then
    case $mode in
    scaling) presets=(llama-3.2-1b phi-3.5-mini fusion-3b llama-3.1-8b fusion-8b) ;;
    peer) presets=(phi-3.5-mini) ;;
    *) presets=(fusion-3b) ;;
    esac
  fi
  [[ ${#presets[@]} -eq 1 || $mode == scaling ]] || fail "one --preset only, but for --scaling" 64
  for preset in "${presets[@]}"; do
    [[ $preset =~ ^[a-z0-9.-]+$ ]] || fail "'$preset' is no name of a preset" 64
  done
  need /usr/bin/time zstd
  if [[ $mode == peer ]]; then check_peer; fi
  use_program
  use_folder
  if [[ -n $mode ]]; then
    describe_machine
    echo "runs                $runs, medians"
    echo
    case $mode in
    scaling) bench_scaling ;;
    peer) bench_peer_conversion ;;
    esac
    return
  fi

  local checkpoint weight_files largest_file input_bytes weights memory_bound run disk_write disk_read cached_read
  make_checkpoint "$preset"
  weight_files=("$checkpoint"/*.safetensors)
  [[ -f ${weight_files[0]} ]] || fail "no safetensors files in $checkpoint" 66
  largest_file=$(ls -S -- "${weight_files[@]}" | head -n 1)

  measure first-inspect "$program" inspect "$checkpoint" --json --quiet
  memory_bound=$(awk '/^      "byteCount" :/ { size = $3 } /^      "canonicalName" :/ && size { print size + 0; size = "" }' \
    "$work/first-inspect.json" | sort -g | tail -n 2 |
    awk '{ sum += $1 } END { printf "%.0f", 1073741824 + sum }')
  convert "$work/none.fusion" --dry-run >"$work/plan.json"
  weights=$(field "$work/plan.json" weightCount)
  input_bytes=$(field "$work/plan.json" inputBytes)

  describe_machine
  echo "checkpoint          $preset, $(human "$weights" weights), $(human "$input_bytes" B)"
  echo "folder              $folder$([[ $keeps_files == no ]] || echo ", the checkpoint stays")"
  echo "runs                $runs, medians"
  echo
  if [[ $(awk '/^MemAvailable:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo) -lt $((input_bytes * 2)) ]]; then
    echo "note: less than twice the checkpoint's size is free in memory, so warm figures may be cold in part"
    echo
  fi
  print_heading
  measure_disk
  figure disk.write "disk: direct write" "$disk_write" B/s
  figure disk.read "disk: direct read" "$disk_read" B/s
  cat -- "${weight_files[@]}" >/dev/null
  for ((run = 0; run < runs; run++)); do
    measure cached-read bash -c 'cat -- "$@" >/dev/null' cat "${weight_files[@]}"
    measure start "$program" --version
    measure inspect "$program" inspect "$checkpoint" --json --quiet
  done
  cached_read=$(calculate "$input_bytes / $(wall cached-read)")
  figure cached-read "page cache: read by one core" "$cached_read" B/s
  if [[ -n ${samples["synth-$preset"]:-} ]]; then
    time_figure "synth-$preset" "synth checkpoint, one run" "disk writes the checkpoint" \
      "$(seconds_for "$input_bytes" "$disk_write")"
    memory_figure "synth-$preset" "synth checkpoint"
  fi
  time_figure start "start of the program (--version)"
  time_figure inspect "inspect of the checkpoint" "start of the program" "$(wall start)"
  memory_figure inspect "inspect of the checkpoint"
  bench_int4
  bench_uncompressed
  bench_int8
  bench_keep
  if [[ $warm_only == no && -w /proc/sys/vm/drop_caches ]]; then
    bench_cold
  else
    echo "no cold run: the page cache is not to be emptied, or only root may"
  fi
  write_figures "$json" bench-convert/1 \
    "$(printf '"preset": "%s", "weightCount": %s, "inputBytes": %s' "$preset" "$weights" "$input_bytes")"
}
