# The subcommand all of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154,SC2034

all_usage() {
  cat <<'HELP'
usage: tools/bench all [options]

Runs kernels, convert, load, vision, end-to-end, prefill and decode in turn, each as if it were named alone, on the same
checkpoints and containers. The figures of all of them go into one JSON document.

  --fusion-preset NAME      model with pictures (default: fusion-3b)
  --language-preset NAME    model of prompts and tokens (default: phi-3.5-mini)
  --folder DIR              where to work; checkpoints and containers are used if they are there (default: a new folder
                            under ${TMPDIR:-/tmp})
  --keep-files              leave them in the folder, for the next time
  --runs N                  measurements of each figure, of which the median counts (default: 3)
  --program PATH            program to measure (default: a release build of this repository)
  --warm-only               do not empty the system's page cache for cold conversions
  --json FILE               write the figures as JSON too
  --peer llama.cpp          prefill and decode beside llama.cpp, and its conversion beside ours
  --peer-type, --peer-folder, --llama-source, --python    as for prefill

Needs about four times the larger checkpoint's size on disk, and takes half an hour on two cores.

examples:
  tools/bench all --json speed.json
  tools/bench all --peer llama.cpp --folder bench --runs 5
  tools/bench all --fusion-preset tiny-fusion-3b --language-preset tiny-phi --runs 1
HELP
}

# part NAME SUBCOMMAND OPTION...: runs a subcommand; its JSON goes to $work/NAME.part.json.
part() {
  local name=$1
  shift
  echo "=== $* ==="
  "$root/tools/bench" "$@" --json "$work/$name.part.json"
  echo
  parts+=("$name")
}

bench_all() {
  local fusion_preset=fusion-3b language_preset=phi-3.5-mini folder='' keeps_files=no program='' json='' runs=3 option
  local peer=() peer_name='' parts=() common name separator='' warm_only=() file
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    -h | --help) all_usage && exit 0 ;;
    --keep-files) keeps_files=yes && continue ;;
    --warm-only) warm_only=(--warm-only) && continue ;;
    --fusion-preset | --language-preset | --folder | --runs | --program | --json) ;;
    --peer | --peer-type | --peer-folder | --llama-source | --python) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --fusion-preset) fusion_preset=$1 ;;
    --language-preset) language_preset=$1 ;;
    --folder) folder=$1 ;;
    --runs) runs=$1 ;;
    --program) program=$1 ;;
    --json) json=$(realpath -m -- "$1") ;;
    --peer) peer+=("$option" "$1") peer_name=$1 ;;
    *) peer+=("$option" "$1") ;;
    esac
    shift
  done
  if [[ -z $peer_name ]]; then peer=(); fi
  use_program
  use_folder
  common=(--folder "$folder" --program "$program" --runs "$runs" --keep-files)
  if [[ $keeps_files == no ]]; then
    for name in "$fusion_preset" "$language_preset"; do
      for file in "$folder/$name" "$folder/$name"-{int4,int4-raw,int8}.fusion "$folder/$name"-{Q4_0,Q4_K_M}.gguf; do
        [[ -e $file ]] || made+=("$file")
      done
    done
  fi
  part kernels kernels
  part convert convert --preset "$fusion_preset" "${common[@]}" "${warm_only[@]}"
  part load load --preset "$fusion_preset" "${common[@]}"
  rm_made "$folder/$fusion_preset-int4-raw.fusion"
  part vision vision --preset "$fusion_preset" "${common[@]}"
  rm_made "$folder/$fusion_preset-int8.fusion"
  part end-to-end end-to-end --preset "$fusion_preset" "${common[@]}"
  rm_made "$folder/$fusion_preset" "$folder/$fusion_preset-int4.fusion"
  if [[ -n $peer_name ]]; then part convert-peer convert --preset "$language_preset" "${common[@]}" "${peer[@]}"; fi
  part prefill prefill --preset "$language_preset" "${common[@]}" "${peer[@]}"
  part decode decode --preset "$language_preset" "${common[@]}" "${peer[@]}"
  if [[ -n $json ]]; then
    {
      printf '{\n"schema": "fusion-convert.bench-all/1",\n"parts": {\n'
      for name in "${parts[@]}"; do
        printf '%s"%s": ' "$separator" "$name"
        cat -- "$work/$name.part.json"
        separator=$',\n'
      done
      printf '}\n}\n'
    } >"$json"
  fi
}

# rm_made PATH...: deletes those that are deleted at the end anyway, to have room before.
rm_made() {
  local path file
  for path in "$@"; do
    for file in "${made[@]}"; do
      if [[ $file == "$path" ]]; then rm -rf -- "$path"; fi
    done
  done
}
