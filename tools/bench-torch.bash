# The subcommand torch of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154

torch_usage() {
  cat <<'HELP'
usage: tools/bench torch [options]

  --preset, --folder, --runs, --program, --json    as for convert; nothing is kept

Both checkpoints are made, then each command runs on one and the other in turn, after the checkpoint's files were read
once: opening (inspect), reading everything (inspect --stats), conversion to int4 without and with verification. Ratios
are those of .bin to safetensors. The containers of the last runs are compared byte for byte up to the index, and tensor
by tensor in the index; what they say of their sources may differ. A difference fails the script, no figure does. Needs
about three times the checkpoint's size on disk, and memory for the checkpoint in one format.

example:
  tools/bench torch --preset llama-3.2-1b --runs 5
HELP
}

# measure_formats STEP COMMAND...: measures a command for both formats in turn, so that a slow minute hits both; %C is the checkpoint, %O a container of its own. Steps are called STEP-safetensors and STEP-torch.
measure_formats() {
  local step=$1 run format formats words
  shift
  for ((run = 0; run < runs; run++)); do
    # Who comes second may find the machine as the first left it, so each is first every other time.
    formats=(safetensors torch)
    if ((run % 2)); then formats=(torch safetensors); fi
    for format in "${formats[@]}"; do
      words=("${@//%C/$work/$format}")
      words=("${words[@]//%O/$work/$format.fusion}")
      rm -f "$work/$format.fusion"
      # Both checkpoints together may not fit in memory.
      cat -- "$work/$format"/* >/dev/null
      measure "$step-$format" "$program" "${words[@]}" --json --quiet
    done
  done
}

# compare_formats STEP WHAT: prints times and memory of both, and the ratios.
compare_formats() {
  local step=$1 what=$2 kind first second unit ratio
  for kind in time memory; do
    if [[ $kind == time ]]; then
      first=$(wall "$step-safetensors") second=$(wall "$step-torch") unit=s
    else
      first=${memory[$step-safetensors]} second=${memory[$step-torch]} unit=B
      what="  memory"
    fi
    ratio=$(calculate "$second / $first")
    printf '%-36s %14s %14s %10.3f\n' "$what" "$(human "$first" $unit)" "$(human "$second" $unit)" "$ratio"
    json_figures+=("$(
      printf '{"name": "%s.%s", "unit": "%s", "safetensors": %s, "torch": %s, "ratio": %s' "$step" "$kind" "$unit" \
        "$first" "$second" "$ratio"
      if [[ $kind == time ]]; then
        printf ', "safetensorsSamples": [%s], "torchSamples": [%s]' "${samples[$step-safetensors]}" \
          "${samples[$step-torch]}"
      fi
      printf '}'
    )")
  done
}

# index_offset CONTAINER: where its index starts, which the first 8 of its last 64 bytes say.
index_offset() { tail -c 64 -- "$1" | od -An -N 8 -t u8 | tr -d ' '; }

# listed_tensors FORMAT: what a container's index says of tensors; not its names of sources, nor how long they are.
listed_tensors() {
  "$program" inspect "$work/$1.fusion" --json --quiet |
    awk '/^  "(aliases|tensors)" : \[/, /^  \]/' | grep -v "^      \"file\" : \"$1.fusion\",\$"
}

# compare_containers: prints whether both are equal but for what they say of their sources; sets $containers.
compare_containers() {
  local first second found
  first=$(index_offset "$work/safetensors.fusion") second=$(index_offset "$work/torch.fusion")
  containers=equal
  if found=$(cmp -n "$((first < second ? first : second))" -- "$work/safetensors.fusion" "$work/torch.fusion") &&
    [[ $first == "$second" ]]; then
    found="equal, $(human "$first" B)"
  else
    containers=different
    found=${found:-"equal, but $first and $second bytes long"}
  fi
  echo "containers up to the index:      ${found//"$work/"/}"
  listed_tensors safetensors >"$work/safetensors.index"
  listed_tensors torch >"$work/torch.index"
  if found=$(cmp -- "$work/safetensors.index" "$work/torch.index"); then
    found="equal, $(field "$work/synth-torch.json" tensorCount) tensors"
  else
    containers=different
  fi
  echo "tensors in the index:            ${found//"$work/"/}"
}

bench_torch() {
  local preset=fusion-3b folder= runs=3 keeps_files=no program= json= option format containers separator= figure
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    -h | --help) torch_usage && exit 0 ;;
    --preset | --folder | --runs | --program | --json) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --preset) preset=$1 ;;
    --folder) folder=$1 ;;
    --runs) runs=$1 ;;
    --program) program=$1 ;;
    --json) json=$(realpath -m -- "$1") ;;
    esac
    shift
  done
  [[ $runs =~ ^[1-9][0-9]{0,2}$ ]] || fail "--runs takes a number from 1 to 999, not '$runs'" 64
  [[ $preset =~ ^[a-z0-9.-]+$ ]] || fail "'$preset' is no name of a preset" 64
  need /usr/bin/time
  use_program
  use_folder
  for format in safetensors torch; do
    measure "synth-$format" "$program" synth checkpoint --preset "$preset" --format "$format" "$work/$format" --json \
      --quiet
  done
  echo "CPU: $(sed -n "/^model name[^:]*: /{s///p;q}" /proc/cpuinfo), $(nproc) cores; program: $("$program" --version)"
  echo "$preset, $(human "$(field "$work/synth-torch.json" byteCount)" B); medians of $runs runs, warm page cache."
  echo
  printf '%-36s %14s %14s %10s\n' "what" "safetensors" "torch" "ratio"
  measure_formats inspect inspect %C
  compare_formats inspect "inspect"
  measure_formats statistics inspect %C --stats
  compare_formats statistics "inspect --stats"
  measure_formats unverified convert %C %O --quant int4 --no-verify
  compare_formats unverified "convert --quant int4 --no-verify"
  measure_formats full convert %C %O --quant int4
  compare_formats full "convert --quant int4"
  echo
  compare_containers

  if [[ -n $json ]]; then
    {
      printf '{\n"schema": "fusion-convert.bench-torch/1",\n"program": %s, "preset": "%s", "runs": %s, ' \
        "$(quoted "$("$program" --version)")" "$preset" "$runs"
      printf '"byteCount": %s, "containers": "%s",\n"figures": [\n' "$(field "$work/synth-torch.json" byteCount)" \
        "$containers"
      for figure in "${json_figures[@]}"; do
        printf '%s%s' "$separator" "$figure"
        separator=$',\n'
      done
      printf '\n]\n}\n'
    } >"$json"
  fi
  [[ $containers == equal ]] || fail "the containers differ in more than what they say of their sources"
}
