# The commands that tools/faults, which reads this file, puts to the test, and the inputs that they read.
# shellcheck shell=bash disable=SC2034,SC2154

all_cases=(
  convert convert-force convert-resume convert-resumed convert-plan convert-calibrate
  export export-force export-into-empty
  synth-checkpoint synth-checkpoint-force synth-qa synth-qa-force
  calibrate calibrate-force eval eval-resume diff diff-force trace trace-force
)

# describe CASE: what is run and what comes of it.
#   words    the command; its outputs are in $work
#   finals   outputs as KIND:NAME. Kinds: bytes (one file), folder (everything in it), report (one file with durations
#            in it), lines (one file that grows by lines and may be seen before it is complete)
#   old      what is in $work before, as NAME=INPUT
#   again    what the same command says where an output is there already: same (as if it were not), refused (73), or
#            resume (refused, but with --resume it completes the output)
#   beside   pattern of names that may stay after an error or a signal because the next run resumes with them
describe() {
  local sample=(--text "$inputs/words.txt" --context 32 --chunks 1 --no-answers)
  words=() finals=() old=() again=refused beside=
  case ${1%-force} in
  convert | convert-res* | convert-plan | convert-calibrate)
    words=(convert "$inputs/model" "$work/out.fusion")
    finals=(bytes:out.fusion)
    ;;
  export | export-into-empty)
    words=(export "$inputs/model.fusion" "$work/out")
    finals=(folder:out)
    ;;
  synth-checkpoint)
    words=(synth checkpoint --preset tiny-phi --shard-size 1000000 "$work/out")
    finals=(folder:out)
    ;;
  synth-qa)
    words=(synth qa --count 10 --size 64 --out "$work/out")
    finals=(folder:out)
    ;;
  calibrate)
    words=(calibrate "$inputs/model" "$work/out.stats" --data "$inputs/words.txt" --context 32)
    finals=(bytes:out.stats)
    ;;
  eval | eval-resume)
    words=(eval "$inputs/model.fusion" --data "$inputs/questions.jsonl" --max-tokens 2 --output "$work/out.jsonl")
    finals=(lines:out.jsonl)
    again=resume
    ;;
  diff)
    words=(diff "$inputs/model" "$inputs/model.fusion" "${sample[@]}" --sensitivity parts
      --html "$work/out.html" --markdown "$work/out.md" --plan "$work/out.json")
    finals=(report:out.html report:out.md bytes:out.json)
    ;;
  trace)
    words=(trace "$inputs/model" --prompt Hello --max-tokens 2 --output "$work/out.safetensors")
    finals=(bytes:out.safetensors)
    ;;
  *) fail "no case '$1'; there are: ${all_cases[*]}" 64 ;;
  esac
  case $1 in
  convert-res*) words+=(--resume) again=resume beside='*.partial*' ;;
  convert-plan) words+=(--save-plan "$work/out.json") finals+=(bytes:out.json) ;;
  convert-calibrate)
    words+=(--calibrate "$inputs/words.txt" --statistics "$work/out.stats")
    finals+=(bytes:out.stats)
    ;;
  export-into-empty) old=(out=empty) ;;
  eval-resume) words+=(--resume) old=(out.jsonl=begun.jsonl) ;;
  esac
  case $1 in
  convert-resumed) old=(out.fusion.partial=begun.partial out.fusion.partial.journal=begun.journal) ;;
  *-force)
    words+=(--force) again=same
    case $1 in
    convert-*) old=(out.fusion=older.fusion) ;;
    export-*) old=(out=older-export) ;;
    synth-checkpoint-*) old=(out=older-model) ;;
    synth-qa-*) old=(out=older-questions) ;;
    calibrate-*) old=(out.stats=older.stats) ;;
    diff-*) old=(out.html=older.html out.md=older.md out.json=older.json) ;;
    trace-*) old=(out.safetensors=older.safetensors) ;;
    esac
    ;;
  esac
  words+=(--quiet)
}

# make_inputs: what the cases read, and the older outputs that they replace.
make_inputs() {
  local number
  mkdir -p "$inputs/empty"
  make synth checkpoint --preset tiny-phi --shard-size 1000000 "$inputs/model"
  make synth checkpoint --preset tiny-phi --seed 2 "$inputs/older-model"
  make synth qa --count 5 --size 64 --seed 2 --out "$inputs/older-questions"
  make convert "$inputs/model" "$inputs/model.fusion"
  make convert "$inputs/older-model" "$inputs/older.fusion" --quant int8
  make export "$inputs/older.fusion" "$inputs/older-export"
  for number in {1..24}; do echo "line $number says a word and the next one"; done >"$inputs/words.txt"
  for number in {1..6}; do
    printf '{"question_id": %d, "text": "What is %d and %d?", "answer": "%d"}\n' "$number" "$number" "$number" \
      $((2 * number))
  done >"$inputs/questions.jsonl"
  make calibrate "$inputs/older-model" "$inputs/older.stats" --data "$inputs/words.txt" --context 16
  make diff "$inputs/older-model" "$inputs/older.fusion" --text "$inputs/words.txt" --context 16 --chunks 1 \
    --no-answers --sensitivity parts --html "$inputs/older.html" --markdown "$inputs/older.md" \
    --plan "$inputs/older.json"
  make trace "$inputs/older-model" --prompt Before --max-tokens 1 --output "$inputs/older.safetensors"
  # Two answers and a half, as a process leaves them that was killed.
  make eval "$inputs/model.fusion" --data "$inputs/questions.jsonl" --max-tokens 2 --output "$inputs/begun.jsonl"
  head -n 4 "$inputs/begun.jsonl" >"$inputs/begun" && mv "$inputs/begun" "$inputs/begun.jsonl"
  truncate -s -9 "$inputs/begun.jsonl"
  make_begun_conversion
}

# make COMMAND...: runs the program, which must succeed.
make() {
  "$program" "$@" --quiet >"$scratch/make.log" 2>&1 || {
    cat "$scratch/make.log" >&2
    fail "cannot make the inputs: $*"
  }
}

# make_begun_conversion: the work of an interrupted conversion, killed while it had journalled some tensors.
make_begun_conversion() {
  local attempt process journal=$inputs/begun.fusion.partial.journal
  for attempt in {1..50}; do
    rm -f "$inputs"/begun.fusion*
    "$program" convert "$inputs/model" "$inputs/begun.fusion" --resume --quiet &>/dev/null &
    process=$!
    while [[ ! -e $inputs/begun.fusion && ! -e $journal ]] && kill -0 "$process" 2>/dev/null; do pause 0.001; done
    pause "0.0$((RANDOM % 10))"
    {
      kill -KILL "$process"
      wait "$process"
    } 2>/dev/null || true
    if [[ ! -e $inputs/begun.fusion && -e $journal && $(wc -l <"$journal") -ge 3 ]]; then
      mv "$inputs/begun.fusion.partial" "$inputs/begun.partial"
      mv "$journal" "$inputs/begun.journal"
      rm -f "$inputs"/begun.fusion*
      return
    fi
  done
  rm -f "$inputs"/begun.fusion*
  echo "faults: no conversion could be interrupted in the middle; convert-resumed is left out" >&2
  dropped_cases+=(convert-resumed)
}
