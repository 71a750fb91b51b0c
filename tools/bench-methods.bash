# The subcommand methods of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154

methods_usage() {
  cat <<'HELP'
usage: tools/bench methods [options]

Time and peak memory of every method of quantization on a checkpoint of full size, whose random weights take as long as
trained ones. Calibrated methods use statistics that are collected first, from drawn pictures with questions.

  --preset NAME     checkpoint to make, as for synth checkpoint (default: fusion-3b)
  --folder DIR      where to work; the checkpoint DIR/NAME is used if it is there (default: a new folder under
                    ${TMPDIR:-/tmp})
  --keep-files      leave the checkpoint that was made, for the next time
  --program PATH    program to measure (default: a release build of this repository)
  --samples N       samples of the statistics (default: 2); their time grows with them, that of methods does not
  --only REGEX      measure only rows whose options match

Each row: the options of convert, wall time, weights a second, peak memory, bits a weight on disk and in memory. Needs
three times the checkpoint's size on disk: statistics of pairs take about as much as the checkpoint.
HELP
}

# method_row OPTION...: converts with these options, prints the row, deletes the container.
method_row() {
  local label="$*" step seconds
  label=${label//"$work"\//}
  [[ $label =~ $only ]] || return 0
  rows=$((rows + 1))
  step=method-$rows
  measure "$step" "$program" convert "$checkpoint" "$work/method.fusion" "$@" --json --quiet
  rm -f "$work/method.fusion"
  seconds=$(wall "$step")
  printf '%-66s %10s %14s %10s %7.3f %7.3f\n' "$label" "$(human "$seconds" s)" \
    "$(human "$(calculate "$weights / $seconds")" weights/s)" "$(human "${memory[$step]}" B)" \
    "$(field "$work/$step.json" storedBitsPerWeight)" "$(field "$work/$step.json" residentBitsPerWeight)"
}

# statistics_row FILE OPTION...: collects statistics.
statistics_row() {
  local step=statistics-${1%%.*}
  measure "$step" "$program" calibrate "$checkpoint" "$work/$1" --data synth --samples "$sample_count" "${@:2}" --json \
    --quiet
  printf '%-66s %10s %14s %10s\n' "calibrate --data synth --samples $sample_count${2:+ $2}" \
    "$(human "$(wall "$step")" s)" "$(human "$(stat -c %s "$work/$1")" B) file" "$(human "${memory[$step]}" B)"
}

bench_methods() {
  local preset=fusion-3b folder= keeps_files=no program= only= sample_count=2 option rows=0
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    -h | --help) methods_usage && exit 0 ;;
    --keep-files) keeps_files=yes && continue ;;
    --preset | --folder | --program | --samples | --only) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --preset) preset=$1 ;;
    --folder) folder=$1 ;;
    --program) program=$1 ;;
    --samples) sample_count=$1 ;;
    --only) only=$1 ;;
    esac
    shift
  done
  [[ $sample_count =~ ^[1-9][0-9]{0,2}$ ]] || fail "--samples takes a number from 1 to 999, not '$sample_count'" 64
  [[ $preset =~ ^[a-z0-9.-]+$ ]] || fail "'$preset' is no name of a preset" 64
  need /usr/bin/time
  use_program
  use_folder
  local checkpoint=$folder/$preset weights
  if [[ ! -e $checkpoint/config.json ]]; then
    if [[ $keeps_files == no ]]; then made+=("$checkpoint"); fi
    measure synth "$program" synth checkpoint --preset "$preset" "$checkpoint" --json --quiet
  fi
  "$program" convert "$checkpoint" "$work/none.fusion" --dry-run --json --quiet >"$work/plan.json"
  weights=$(field "$work/plan.json" weightCount)
  echo "CPU: $(sed -n "/^model name[^:]*: /{s///p;q}" /proc/cpuinfo), $(nproc) cores; program: $("$program" --version)"
  echo "$preset, $(human "$weights" weights), $(human "$(field "$work/plan.json" inputBytes)" B)"
  echo
  printf '%-66s %10s %14s %10s %7s %7s\n' options time speed memory stored resident
  method_row --quant int8
  method_row --quant int4-g32 --method rtn
  method_row --quant int4-g32 --method search
  method_row --quant int4-g32
  method_row --coding entropy --bits 4.25
  method_row --target-bits 4.5
  statistics_row squares.safetensors
  method_row --quant int4-g32 --statistics "$work/squares.safetensors"
  rm -f "$work/squares.safetensors"
  statistics_row products.safetensors --full
  method_row --quant int4-g32 --statistics "$work/products.safetensors" --method awq
  method_row --quant int4-g32 --statistics "$work/products.safetensors"
  method_row --coding entropy --bits 4.25 --statistics "$work/products.safetensors"
  rm -f "$work/products.safetensors"
  method_row --coding entropy --bits 4.25 --measure synth
}
