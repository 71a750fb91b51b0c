# The subcommand steady of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154,SC2034

steady_usage() {
  cat <<'HELP'
usage: tools/bench steady [options]

Figures that hardly change from run to run, compared with those in tools/bench-steady.txt: bytes of containers and of the
weights in memory, of small models, and instructions of small tasks on models/fusion-nano with one thread. Instructions
are counted by valgrind, with the kernels for AVX2 because it knows nothing newer; what is quick there is not all that
makes a program quick elsewhere. Fails if a figure is larger than recorded by more than the tolerance beside it.

  --update          record these figures instead; tolerances stay
  --bytes-only      leave instructions out
  --file FILE       where they are recorded (default: tools/bench-steady.txt)
  --folder DIR      where to work (default: a new folder under ${TMPDIR:-/tmp})
  --program PATH    program to measure (default: a release build of this repository)
  --json FILE       write the figures as JSON too

Needs valgrind, and strip of binutils: valgrind cannot read the debug information that Swift writes. Takes a minute.

examples:
  tools/bench steady
  tools/bench steady --bytes-only
  tools/bench steady --update && git diff tools/bench-steady.txt
HELP
}

# steady_figure NAME VALUE UNIT: compares a figure with what is recorded for it, and prints both.
steady_figure() {
  local name=$1 value=$2 recorded=- tolerance verdict=''
  if [[ $name == instructions.* ]]; then tolerance=3; else tolerance=0.5; fi
  if [[ -n ${steady_values[$name]:-} ]]; then read -r recorded tolerance <<<"${steady_values[$name]}"; fi
  figures_found+=("$name $value $tolerance")
  if [[ $updates == no ]]; then
    if [[ $recorded == - ]]; then
      verdict="not recorded" failures=$((failures + 1))
    else
      verdict=$(awk -v value="$value" -v recorded="$recorded" -v tolerance="$tolerance" 'BEGIN {
        change = (value - recorded) * 100 / recorded
        printf "%+.2f %%", change
        if (change > tolerance) printf ", more than %s %% too much", tolerance
        else if (change < -tolerance) printf ", better: record it with --update"
      }')
      if [[ $verdict == *"too much" ]]; then failures=$((failures + 1)); fi
    fi
  fi
  printf '%-34s %14s %14s   %s\n' "$name" "$value" "$recorded" "$verdict"
  json_figures+=("$(printf '{"name": "%s", "value": %s, "recorded": %s, "tolerancePercent": %s}' "$name" "$value" \
    "$(or_null "$recorded")" "$tolerance")")
}

# steady_container NAME CHECKPOINT OPTION...: bytes of a container and of its weights in memory.
steady_container() {
  local name=$1
  measure "steady" "$program" convert "$2" "$work/steady.fusion" "${@:3}" --force --json --quiet
  steady_figure "container.$name" "$(stat -c %s "$work/steady.fusion")"
  measure "steady" "$program" inspect "$work/steady.fusion" --json --quiet
  steady_figure "resident.$name" "$(
    calculate "$(nested "$work/steady.json" weightCount) * $(nested "$work/steady.json" residentBitsPerWeight) / 8" |
      awk '{ printf "%.0f", $1 }'
  )"
}

# steady_instructions NAME ARGUMENT...: instructions of a run of the program.
steady_instructions() {
  local count
  echo "bench: $1" >&2
  # Hashes are seeded with chance otherwise.
  if ! SWIFT_DETERMINISTIC_HASHING=1 FUSION_ISA=avx2 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    "$work/stripped" "${@:2}" --threads 1 --quiet >"$work/valgrind" 2>&1; then
    tail -n 20 "$work/valgrind" >&2
    fail "failed under valgrind: ${*:2}"
  fi
  count=$(sed -n 's/^==[0-9]*== Collected : \([0-9]*\).*/\1/p' "$work/valgrind")
  [[ -n $count ]] || fail "valgrind counted nothing: ${*:2}"
  steady_figure "instructions.$1" "$count"
}

bench_steady() {
  local file=$root/tools/bench-steady.txt folder='' keeps_files=no program='' json='' updates=no counts=yes option runs=1
  local name value tolerance failures=0 figures_found=() cores level json_machine preset picture question
  local -A steady_values=()
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    -h | --help) steady_usage && exit 0 ;;
    --update) updates=yes && continue ;;
    --bytes-only) counts=no && continue ;;
    --file | --folder | --program | --json) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --file) file=$1 ;;
    --folder) folder=$1 ;;
    --program) program=$1 ;;
    --json) json=$(realpath -m -- "$1") ;;
    esac
    shift
  done
  if [[ $updates == yes && $counts == no ]]; then fail "--update takes all figures, not --bytes-only" 64; fi
  need /usr/bin/time
  if [[ $counts == yes ]]; then
    [[ $(uname -m) == x86_64 ]] || fail "instructions are recorded for x86-64; there is --bytes-only"
    for name in valgrind strip; do
      command -v "$name" >/dev/null || fail "$name is missing: install it, or take --bytes-only"
    done
  fi
  if [[ -f $file ]]; then
    while read -r name value tolerance; do
      if [[ -n $name && $name != '#'* ]]; then steady_values[$name]="$value $tolerance"; fi
    done <"$file"
  else
    [[ $updates == yes ]] || fail "no recorded figures at $file" 66
  fi
  use_program
  use_folder
  describe_machine
  echo
  printf '%-34s %14s %14s   %s\n' "what" "figure" "recorded" "change"
  for preset in tiny-phi tiny-llama tiny-fusion-3b tiny-fusion-x-8b; do
    "$program" synth checkpoint --preset "$preset" "$work/$preset" --quiet
    for name in int4 int8 keep; do steady_container "$preset.$name" "$work/$preset" --quant "$name"; done
    rm -rf -- "${work:?}/$preset"
  done
  for name in int4 int8 keep; do steady_container "nano.$name" "$root/models/fusion-nano" --quant "$name"; done
  steady_container nano.entropy "$root/models/fusion-nano" --coding entropy --bits 4.25
  if [[ $counts == yes ]]; then
    picture=$root/Tests/Fixtures/nano/images/0000000.png
    question=(--image "$picture" --prompt "What is in the picture?" --max-tokens 8 --ignore-end)
    strip -o "$work/stripped" "$program"
    steady_instructions inspect inspect "$root/models/fusion-nano"
    for name in int4 int8 keep; do
      steady_instructions "convert-$name" convert "$root/models/fusion-nano" "$work/$name.fusion" --quant "$name"
    done
    steady_instructions verify-int4 verify "$work/int4.fusion" --source "$root/models/fusion-nano"
    for name in float32 int8; do
      steady_instructions "run-int4-$name" run "$work/int4.fusion" "${question[@]}" --activations "$name"
      steady_instructions "run-int8-$name" run "$work/int8.fusion" "${question[@]}" --activations "$name"
    done
  fi
  write_figures "$json" bench-steady/1 '"threads": 1'
  if [[ $updates == yes ]]; then
    {
      echo "# What tools/bench steady compares with: name, figure, per cent that it may be larger. Written by --update."
      printf '%s\n' "${figures_found[@]}"
    } >"$file"
    echo "recorded in $file"
  elif [[ $failures -gt 0 ]]; then
    fail "$failures figures are larger than recorded, or not recorded"
  fi
}
