# The subcommand kernels of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154,SC2034

kernels_usage() {
  cat <<'HELP'
usage: tools/bench kernels [options]

Measures single kernels on one core: matrices times a prompt beside the integer peak, matrices times one token beside
the speed of memory, and functions over rows that stay in a cache. Compiles Sources/CNumericKernels by itself; needs clang.

  --isa LEVEL    portable, avx2, avx2vnni, avx512, avx512vnni or dotprod; may be repeated (default: what the program
                 would choose, the last of these that the machine has)
  --json FILE    write the figures as JSON too

examples:
  tools/bench kernels
  tools/bench kernels --isa avx2 --isa avx512vnni --json kernels.json
HELP
}

bench_kernels() {
  local levels=() json='' folder='' keeps_files=no cores=1 program='' runs=1 level json_machine option candidate
  local memory_read float_peak integer_peak name what value unit limit limit_what limit_value
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    -h | --help) kernels_usage && exit 0 ;;
    --isa | --json) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --isa) levels+=("$1") ;;
    --json) json=$(realpath -m -- "$1") ;;
    esac
    shift
  done
  need clang
  use_folder
  clang -O2 -I "$root/Sources/CNumericKernels/include" -o "$work/kernels" "$root/tools/bench-kernels.c" \
    "$root"/Sources/CNumericKernels/*.c
  if [[ ${#levels[@]} -eq 0 ]]; then
    for candidate in dotprod avx512vnni avx512 avx2vnni avx2 portable; do
      # Asked for nothing but whether it is there.
      if "$work/kernels" "$candidate" --probe; then levels=("$candidate") && break; fi
    done
  fi
  for candidate in "${levels[@]}"; do
    "$work/kernels" "$candidate" --probe || fail "this machine has no level '$candidate'" 64
  done
  measure_limits
  echo "CPU                 $(sed -n "/^model name[^:]*: /{s///p;q}" /proc/cpuinfo), one core"
  for level in "${levels[@]}"; do
    echo
    printf '%-44s %15s   %-50s %8s\n' "$level" "figure" "limit" "reached"
    while IFS=$'\t' read -r name what value unit limit; do
      limit_what='' limit_value=-
      case $limit in
      integers) limit_what="int8 peak" limit_value=$integer_peak ;;
      memory) limit_what="memory is read" limit_value=$memory_read ;;
      esac
      figure "$level.$name" "$what" "$value" "$unit" "$limit_what" "$limit_value"
    done < <("$work/kernels" "$level")
  done
  json_machine=$(printf '{"cpu": %s, "cores": 1, "instructionSet": %s}' \
    "$(quoted "$(sed -n "/^model name[^:]*: /{s///p;q}" /proc/cpuinfo)")" "$(quoted "${levels[*]}")")
  write_figures "$json" bench-kernels/1 '"threads": 1'
}
