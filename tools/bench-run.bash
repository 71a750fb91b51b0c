# The subcommand run of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154

run_usage() {
  cat <<'HELP'
usage: tools/bench run [options]

  --preset NAME         checkpoint to make; may be repeated (default: phi-3.5-mini and fusion-3b)
  --quant SCHEME        what it is converted to (default: int4)
  --activations KIND    float32 or int8; may be repeated (default: both)
  --prompt-tokens N     about so many positions of text for a language model (default: 512)
  --tokens N            tokens that are decoded after the first (default: 32)
  --folder, --runs, --program, --warm-only, --json    as for convert
  --keep-files          leave checkpoint and container, for the next time

A FUSION model is asked about a picture, a language model gets a repeated sentence. The result is a table in Markdown:
medians of the runs, after one run that is not counted. "of memory" is the share of the speed at which all cores read
memory together that the weights of every decoded token are read at. "of peak" is the share of the machine's multiply-add
peak, of float32 or of int8, that the prompt takes for one multiply-add for each of its positions and each weight of the
decoder's layers. The first load counts as cold if the page cache was emptied before it. Needs checkpoint and container
on disk together, and a C compiler for the limits.

examples:
  tools/bench run --preset fusion-3b
  tools/bench run --preset phi-3.5-mini --prompt-tokens 128 --activations int8 --runs 5
HELP
}

sentence='The quick brown fox jumps over the lazy dog while seven wizards watch from a quiet hill.'

# nested FILE NAME: a field of an object in the outermost object of a JSON document.
nested() {
  local value
  value=$(sed -n "s/^    \"$2\" : \([0-9.e+-]*\),\{0,1\}\$/\1/p" "$1")
  [[ -n $value ]] || fail "the program's JSON has no field '$2': $1"
  echo "$value"
}

# words COUNT: so many words of the sentence, over and over.
words() {
  local index text='' all
  read -ra all <<<"$sentence"
  for ((index = 0; index < $1; index++)); do text+="${all[index % ${#all[@]}]} "; done
  echo "$text"
}

# share VALUE LIMIT: in per cent, for people.
share() {
  if [[ $1 == - || $2 == - ]]; then echo -; else
    calculate "$1 * 100 / $2" | awk '{ printf "%.0f %%", $1 }'
  fi
}

# What the machine allows: bytes/s read, float32 operations/s and int8 multiply-adds/s, all cores; "-" where unknown.
measure_limits() {
  memory_read=- float_peak=- integer_peak=-
  local compiler flags=(-O3 -march=native -ffp-contract=fast -pthread)
  if [[ $(uname -m) == x86_64 ]]; then flags+=(-mprefer-vector-width=512); fi
  compiler=$(command -v clang || command -v gcc || true)
  if [[ -z $compiler ]] ||
    ! "$compiler" "${flags[@]}" -o "$work/limits" "$root/tools/bench-limits.c" 2>"$work/log"; then
    echo "bench: the limits of the machine are left out: no C compiler that works" >&2
    return
  fi
  echo "bench: limits" >&2
  read -r memory_read float_peak integer_peak <<<"$("$work/limits" "$cores")"
}

# weights_read FILE: of what inspect --json printed, bytes that a decoded token reads, and weights that a position of a
# prompt is multiplied with.
weights_read() {
  awk '
    /^      "canonicalName" :/ { name = $3; gsub(/[",]/, "", name) }
    /^      "residentBits" :/ { bits = $3 + 0 }
    /^      "shape" : \[/ { inside = 1; count = 1; next }
    inside && /\]/ {
      inside = 0
      if (name ~ /^language\.embedding\./) embedding = count * bits / 8
      else if (name ~ /^language\./) bytes += count * bits / 8
      if (name ~ /^language\.layers\./) weights += count
      if (name ~ /^language\.head\./) has_head = 1
      next
    }
    inside { count *= $1 }
    # A tied head is the embedding.
    END { printf "%.0f %.0f\n", bytes + (has_head ? 0 : embedding), weights }' "$1"
}

# make_container PRESET [SUFFIX OPTION...]: makes $container and, if need be, $checkpoint that it is made from.
make_container() {
  container=$folder/$1-$quant${2:-}.fusion
  if [[ -e $container ]]; then return; fi
  if [[ $keeps_files == no ]]; then made+=("$container"); fi
  make_checkpoint "$1"
  measure "convert-$1${2:-}" "$program" convert "$checkpoint" "$container" --quant "$quant" --no-verify --json --quiet \
    "${@:3}"
}

# ask STEP ACTIVATIONS TOKENS: one run of $container with $question; its JSON is in $work/STEP.json.
ask() {
  measure "$1" "$program" run "$container" "${question[@]}" --activations "$2" --max-tokens "$3" --ignore-end --json \
    --quiet
}

# measure_words: how many positions a prompt has beside the words, and how many each of them takes.
measure_words() {
  local count=34 short # twice the sentence
  question=(--prompt "$(words "$count")")
  ask length "${kinds[0]}" 1
  short=$(field "$work/length.json" promptTokens)
  question=(--prompt "$(words $((2 * count)))")
  ask length "${kinds[0]}" 1
  word_positions=$(calculate "($(field "$work/length.json" promptTokens) - $short) / $count")
  prompt_positions=$(calculate "$short - $count * $word_positions")
}

# make_text_question POSITIONS: sets $question to a prompt of about so many.
make_text_question() {
  local count
  count=$(calculate "($1 - $prompt_positions) / $word_positions" | awk '{ printf "%.0f", $1 }')
  question=(--prompt "$(words "$((count > 0 ? count : 1))")")
}

make_picture_question() {
  question=(--image "$root/Tests/Fixtures/images/image1.png" --prompt "What is in the picture?")
}

# bench_answers PRESET KIND: all runs of a model with a kind of activations; prints a row.
bench_answers() {
  local preset=$1 kind=$2 run name value cold=- step file
  local -A figures=()
  step=run-$preset-$kind
  for ((run = 0; run <= runs; run++)); do
    if [[ $run == 0 && $kind == "${kinds[0]}" && $empties_cache == yes ]]; then empty_cache; fi
    ask "$step" "$kind" "$((tokens + 1))"
    file=$work/$step.json
    if [[ $run == 0 ]]; then
      if [[ $kind == "${kinds[0]}" && $empties_cache == yes ]]; then cold=$(nested "$file" load); fi
      continue
    fi
    for name in load vision prefill decode; do figures[$name]+=" $(nested "$file" $name)"; done
    for name in prefillTokensPerSecond tokensPerSecond; do figures[$name]+=" $(field "$file" $name)"; done
  done
  for name in "${!figures[@]}"; do
    # shellcheck disable=SC2086
    figures[$name]=$(median ${figures[$name]})
  done
  local positions peak operations arithmetic=- memory_speed=- vision=-
  positions=$(field "$file" promptTokens)
  if [[ $memory_read != - ]]; then memory_speed=$(calculate "${figures[tokensPerSecond]} * $token_bytes"); fi
  # A fused multiply-add counts as two operations of floats, as usual, and as one of integers.
  if [[ $kind == float32 ]]; then peak=$float_peak operations=2; else peak=$integer_peak operations=1; fi
  if [[ $peak != - ]]; then
    arithmetic=$(calculate "${figures[prefillTokensPerSecond]} * $operations * $position_weights")
  fi
  if [[ $family == fusion_* ]]; then vision=$(human "${figures[vision]}" s); fi
  printf '| %s | %s | %s | %s | %s | %s | %s | %.1f | %s | %.2f | %s | %s |\n' "$preset" "$kind" \
    "$(human "$(stat -c %s "$container")" B)" "$([[ $cold == - ]] && echo - || human "$cold" s)" \
    "$(human "${figures[load]}" s)" "$vision" "$positions" "${figures[prefillTokensPerSecond]}" \
    "$(share "$arithmetic" "$peak")" "${figures[tokensPerSecond]}" "$(share "$memory_speed" "$memory_read")" \
    "$(human "${memory[$step]}" B)"
  value=$(printf '{"preset": %s, "activations": "%s", "containerBytes": %s, "coldLoadSeconds": %s, ' \
    "$(quoted "$preset")" "$kind" "$(stat -c %s "$container")" "$(or_null "$cold")")
  for name in load vision prefill decode; do value+="\"${name}Seconds\": ${figures[$name]}, "; done
  value+=$(printf '"promptTokens": %s, "prefillTokensPerSecond": %s, "tokensPerSecond": %s, ' "$positions" \
    "${figures[prefillTokensPerSecond]}" "${figures[tokensPerSecond]}")
  value+=$(printf '"bytesOfAToken": %s, "weightsOfAPosition": %s, "peakMemoryBytes": %s}' "$token_bytes" \
    "$position_weights" "${memory[$step]}")
  json_figures+=("$value")
}

bench_run() {
  local presets=() kinds=() quant=int4 prompt_tokens=512 tokens=32 folder= runs=3 keeps_files=no program= warm_only=no
  local json= option value preset kind cores container question=() token_bytes position_weights empties_cache=no
  local memory_read float_peak integer_peak family checkpoint word_positions prompt_positions
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    --keep-files) keeps_files=yes && continue ;;
    --warm-only) warm_only=yes && continue ;;
    -h | --help) run_usage && exit 0 ;;
    --preset | --quant | --activations | --prompt-tokens | --tokens | --folder | --runs | --program | --json) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    value=$1
    case $option in
    --preset) presets+=("$value") ;;
    --quant) quant=$value ;;
    --activations) kinds+=("$value") ;;
    --prompt-tokens) prompt_tokens=$value ;;
    --tokens) tokens=$value ;;
    --folder) folder=$value ;;
    --runs) runs=$value ;;
    --program) program=$value ;;
    --json) json=$(realpath -m -- "$value") ;;
    esac
    shift
  done
  [[ ${#presets[@]} -gt 0 ]] || presets=(phi-3.5-mini fusion-3b)
  [[ ${#kinds[@]} -gt 0 ]] || kinds=(float32 int8)
  [[ $runs =~ ^[1-9][0-9]{0,2}$ ]] || fail "--runs takes a number from 1 to 999, not '$runs'" 64
  [[ $tokens =~ ^[1-9][0-9]{0,3}$ ]] || fail "--tokens takes a number from 1 to 9999, not '$tokens'" 64
  [[ $prompt_tokens =~ ^[1-9][0-9]{1,4}$ ]] || fail "--prompt-tokens takes 10 to 99999, not '$prompt_tokens'" 64
  for value in "${presets[@]}" "$quant"; do
    [[ $value =~ ^[a-z0-9.-]+$ ]] || fail "'$value' is no name of a preset or scheme" 64
  done
  for kind in "${kinds[@]}"; do
    [[ $kind == float32 || $kind == int8 ]] || fail "--activations takes float32 or int8, not '$kind'" 64
  done
  need /usr/bin/time
  use_program
  use_folder
  cores=$(nproc)
  if [[ $warm_only == no && -w /proc/sys/vm/drop_caches ]]; then empties_cache=yes; fi

  measure_limits
  echo "CPU: $(sed -n "/^model name[^:]*: /{s///p;q}" /proc/cpuinfo), $cores cores; program: $("$program" --version)"
  if [[ $memory_read != - ]]; then
    echo "Memory is read at $(human "$memory_read" B/s) by all cores; float32 peak $(human "$float_peak" FLOP/s)$(
      [[ $integer_peak == - ]] || echo ", int8 peak $(human "$integer_peak" multiply-adds/s)"
    )."
  fi
  echo "Medians of $runs runs; $quant weights; $tokens tokens decoded."
  echo
  echo "| model | activations | file | cold load | load | picture | prompt | tokens/s | of peak | decode tokens/s | of memory | peak memory |"
  echo "|---|---|---|---|---|---|---|---|---|---|---|---|"
  for preset in "${presets[@]}"; do
    make_container "$preset"
    drop_checkpoint "$preset"
    measure "inspect-$preset" "$program" inspect "$container" --json --quiet
    family=$(field "$work/inspect-$preset.json" family)
    read -r token_bytes position_weights <<<"$(weights_read "$work/inspect-$preset.json")"
    if [[ $family == fusion_* ]]; then
      make_picture_question
    else
      measure_words
      make_text_question "$prompt_tokens"
    fi
    for kind in "${kinds[@]}"; do bench_answers "$preset" "$kind"; done
    if [[ $keeps_files == no ]]; then rm -f -- "$container"; fi
  done

  if [[ -n $json ]]; then
    {
      printf '{\n"schema": "fusion-convert.bench-run/1",\n"cores": %s, "memoryReadBytesPerSecond": %s, ' \
        "$cores" "$(or_null "$memory_read")"
      printf '"float32OperationsPerSecond": %s, "int8MultiplyAddsPerSecond": %s,\n' "$(or_null "$float_peak")" \
        "$(or_null "$integer_peak")"
      printf '"program": %s, "quant": "%s", "runs": %s, "decodedTokens": %s,\n"figures": [\n' \
        "$(quoted "$("$program" --version)")" "$quant" "$runs" "$tokens"
      local separator=
      for value in "${json_figures[@]}"; do
        printf '%s%s' "$separator" "$value"
        separator=$',\n'
      done
      printf '\n]\n}\n'
    } >"$json"
  fi
}
