# The subcommand diff of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154

diff_usage() {
  cat <<'HELP'
usage: tools/bench diff [options]

  --preset, --folder, --program    as for convert; nothing is kept
  --quant SCHEME                   what it is converted to (default: int4)
  --samples N                      samples with a picture (default: 8)
  --memory SIZE                    memory that the comparison may use (default: 4GB)

example:
  tools/bench diff --quant int8 --samples 2
HELP
}

bench_diff() {
  local preset=fusion-3b folder= keeps_files=no program= quant=int4 image_samples=8 memory_limit=4GB option
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    -h | --help) diff_usage && exit 0 ;;
    --preset | --folder | --program | --quant | --samples | --memory) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --preset) preset=$1 ;;
    --folder) folder=$1 ;;
    --program) program=$1 ;;
    --quant) quant=$1 ;;
    --samples) image_samples=$1 ;;
    --memory) memory_limit=$1 ;;
    esac
    shift
  done
  [[ $image_samples =~ ^[1-9][0-9]{0,2}$ ]] || fail "--samples takes a number from 1 to 999, not '$image_samples'" 64
  [[ $preset =~ ^[a-z0-9.-]+$ ]] || fail "'$preset' is no name of a preset" 64
  need /usr/bin/time
  use_program
  use_folder
  measure synth "$program" synth checkpoint --preset "$preset" "$work/reference" --json --quiet
  measure convert "$program" convert "$work/reference" "$work/candidate.fusion" --quant "$quant" --no-verify --json \
    --quiet
  measure diff "$program" diff "$work/reference" "$work/candidate.fusion" --samples "$image_samples" \
    --text-samples 0 --no-answers --memory "$memory_limit" --html "$work/report.html" --json --quiet
  echo "CPU: $(sed -n "/^model name[^:]*: /{s///p;q}" /proc/cpuinfo), $(nproc) cores; program: $("$program" --version)"
  echo "$preset, $(human "$(field "$work/synth.json" byteCount)" B) against $quant, $image_samples samples with a picture"
  echo
  echo "diff --no-answers --memory $memory_limit   $(human "$(wall diff)" s), $(
    calculate "$(wall diff) / $image_samples" | awk '{ printf "%.1f s a sample", $1 }'
  )"
  echo "peak memory                       $(human "${memory[diff]}" B)"
}
