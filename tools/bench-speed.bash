# The subcommands load, prefill, decode, vision and end-to-end of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154,SC2034

speed_usage() { # SUBCOMMAND
  case $1 in
  load)
    cat <<'HELP'
usage: tools/bench load [options]

Opens a container that is not compressed and one that is, in turn, with a warm page cache: seconds until the weights are
ready, and until the program has printed the first token after a short prompt and ended. Their limits: reading the file
from memory, and one second for 2.5 GB, for the container that is not compressed; 1 GB of ready weights a second and
core for the compressed one.

HELP
    ;;
  prefill)
    cat <<'HELP'
usage: tools/bench prefill [options]

Prompt positions a second. Limit: what the int8 or float32 multiply-adds of this machine allow, for one of them for each
position and each weight of the decoder's layers; attention and head are not counted. With several lengths: the exponent
of time in length too.

  --prompt-tokens N[,N...]   about so many positions of text (default: 512)
HELP
    ;;
  decode)
    cat <<'HELP'
usage: tools/bench decode [options]

Tokens a second after the first. Limit: all cores reading from memory, once for each token, the weights of the decoder
and the keys and values of the positions so far. With several lengths of context: the exponent of time a token in the
context too.

  --context N[,N...]         about so many positions before the answer (default: 64)
  --tokens N                 tokens that are decoded (default: 32)
HELP
    ;;
  vision)
    cat <<'HELP'
usage: tools/bench vision [options]

Seconds for a picture: decoding it, five crops through the tower, and the projector. Limit: the int8 or float32
multiply-adds of tower and projector, attention included. The last line is the ratio of the times.

HELP
    ;;
  end-to-end)
    cat <<'HELP'
usage: tools/bench end-to-end [options]

Seconds of the whole process from a question about a picture to the first token, and of its parts: load, vision,
prefill. Limits: reading the container from memory; the multiply-adds of tower, projector and decoder. The last lines
are ratios of times.

HELP
    ;;
  esac
  cat <<'HELP'
  --preset NAME              checkpoint to make, as for synth checkpoint (default: phi-3.5-mini for prefill and decode,
                             else fusion-3b)
  --quant SCHEME             what it is converted to (default: int8 for vision, else int4)
  --activations KIND         float32 or int8; may be repeated (default: int8 for load, else both)
  --folder DIR               where to work; checkpoint and container are used if they are there (default: a new folder
                             under ${TMPDIR:-/tmp})
  --keep-files               leave them, for the next time
  --runs N                   measurements of each figure, of which the median counts (default: 3)
  --program PATH             program to measure (default: a release build of this repository)
  --json FILE                write the figures as JSON too
HELP
  case $1 in
  prefill | decode)
    cat <<'HELP'
  --peer llama.cpp           measure llama-bench too, in turn with ours, on files made from the same checkpoint
  --peer-type TYPE           what llama-quantize makes; may be repeated (default: Q4_0 and Q4_K_M)
  --peer-folder DIR          where tools/quality/build-llama leaves llama.cpp (default: llama in the folder)
  --llama-source PATH        its --source
  --python PATH              Python with the packages of tools/quality/requirements.txt (default: python3)
HELP
    ;;
  esac
  cat <<'HELP'

Each line has: what was measured, the figure, the limit it is compared with, and the share of that limit which is
reached.
HELP
  echo
  echo "examples:"
  case $1 in
  load) echo "  tools/bench load --preset llama-3.2-1b --runs 5" ;;
  prefill)
    echo "  tools/bench prefill --prompt-tokens 128,256,512,1024,2048,4096 --activations int8 --runs 1"
    echo "  tools/bench prefill --peer llama.cpp --folder bench --keep-files"
    ;;
  decode)
    echo "  tools/bench decode --context 64,512,2048 --json decode.json"
    echo "  tools/bench decode --peer llama.cpp --peer-type Q8_0 --quant int8 --folder bench"
    ;;
  vision) echo "  tools/bench vision --preset fusion-x-3b" ;;
  end-to-end) echo "  tools/bench end-to-end --preset fusion-3b --folder bench --keep-files" ;;
  esac
}

# note NAME VALUE: adds to the samples of a figure, of which wall NAME is the median.
note() { samples[$1]+=${samples[$1]:+, }$2; }

# divide A B: "-" where B is unknown.
divide() { if [[ $1 == - || $2 == - ]]; then echo -; else calculate "$1 / $2"; fi; }

# multiply_adds_per_second KIND
multiply_adds_per_second() {
  if [[ $1 == float32 ]]; then divide "$float_peak" 2; else echo "$integer_peak"; fi
}

# read_shapes: sets, from what inspect says of $container, the bytes of weights in memory, those that a token reads,
# weights that a position is multiplied with, numbers of keys and values of a position, and multiply-adds of a picture.
read_shapes() {
  measure inspect "$program" inspect "$container" --json --quiet
  family=$(field "$work/inspect.json" family)
  read -r token_bytes position_weights <<<"$(weights_read "$work/inspect.json")"
  read -r resident_bytes position_numbers picture_products <<<"$(awk '
    /^      "canonicalName" :/ { name = $3; gsub(/[",]/, "", name) }
    /^      "residentBits" :/ { bits = $3 + 0 }
    /^      "shape" : \[/ { inside = 1; count = 1; rows = 0; next }
    inside && /\]/ {
      inside = 0
      resident += count * bits / 8
      # Fused, rows are those of queries, which are as many as the output has columns, then of keys and values.
      if (name ~ /^language\..*\.qkv\.weight$/) fused += rows
      if (name ~ /^language\..*\.attention\.output\.weight$/) queries += columns
      if (name ~ /^language\..*\.attention\.[kv]\.weight$/) apart += rows
      if (name ~ /^vision\.layers\..*\.weight$/ && rows != count) tower += count
      if (name ~ /^vision\.layers\..*\.attention\.output\.weight$/) attention += columns
      if (name ~ /^vision\.patch_embedding\.weight$|^projector\..*\.weight$/) tower += count
      if (name ~ /^vision\.position_embedding\.weight$/) positions = rows
      next
    }
    inside { count *= $1; if (!rows) rows = $1 + 0; columns = $1 + 0 }
    END {
      printf "%.0f %.0f %.0f\n", resident, fused ? fused - queries : apart, 5 * positions * (tower + 2 * positions * attention)
    }' "$work/inspect.json")"
}

speed_load() {
  local raw compressed run name file_bytes
  make_container "$preset" -raw --compression none
  raw=$container
  make_container "$preset"
  compressed=$container
  drop_checkpoint "$preset"
  read_shapes
  print_heading
  cat -- "$raw" "$compressed" >/dev/null
  question=(--prompt "Hello")
  for ((run = 0; run < runs; run++)); do
    for name in raw compressed; do
      container=${!name}
      ask "$name.first-token" "${kinds[0]}" 1
      note "$name.ready" "$(nested "$work/$name.first-token.json" load)"
    done
  done
  file_bytes=$(stat -c %s "$raw")
  time_figure raw.ready "not compressed, $(human "$file_bytes" B): ready" "file is read from memory" \
    "$(divide "$file_bytes" "$memory_read")"
  time_figure raw.first-token "  first token" "1 s for 2.5 GB" "$(calculate "$file_bytes / 2.5e9")"
  figure raw.memory "  memory" "${memory["raw.first-token"]}" B "weights" "$resident_bytes"
  file_bytes=$(stat -c %s "$compressed")
  time_figure compressed.ready "compressed, $(human "$file_bytes" B): ready" "1 GB/s of weights a core" \
    "$(calculate "$resident_bytes / 1e9 / $cores")"
  figure compressed.speed "  weights a second and core" \
    "$(calculate "$resident_bytes / $(wall compressed.ready) / $cores")" B/s "memory is read, a core's part" \
    "$(divide "$memory_read" "$cores")"
  time_figure compressed.first-token "  first token" "that of the other container" "$(wall raw.first-token)"
  figure compressed.memory "  memory" "${memory["compressed.first-token"]}" B "weights" "$resident_bytes"
}

# peer_figure NAME TYPE WHAT LIMIT TOP: a figure of llama.cpp with the memory that it took.
peer_figure() {
  figure "$1.$2" "$3, llama.cpp $2" "$(wall "$1.$2")" tokens/s "$4" "$5"
  figure "$1.$2.memory" "  memory" "${memory[ask.$1.$2]}" B "weights" "$(peer_field "ask.$1.$2" model_size)"
}

# peer_ratios NAME: ours to each type of the peer, for figures where more is better.
peer_ratios() {
  local type
  [[ -n $peer ]] || return 0
  for type in "${peer_types[@]}"; do
    figure "$1.$type.ratio" "  ours with ${kinds[0]}, to $type" \
      "$(calculate "$(wall "$1.${kinds[0]}") / $(wall "$1.$type")")" times
  done
}

# cache_bytes NAME POSITIONS: keys and values of so many positions, as the run NAME held them.
cache_bytes() {
  local width
  case $(field "$work/$1.json" keyValueCache) in
  float32) width=4 ;;
  bf16) width=2 ;;
  int8) width=1 ;;
  *) fail "$1: keys and values of unknown width" ;;
  esac
  calculate "$width * $position_numbers * $2"
}

# series_exponent NAME WHAT X SECONDS...: nothing for a single point.
series_exponent() {
  [[ $# -gt 4 ]] || return 0
  figure "$1" "$2" "$(exponent "${@:3}")" power
}

speed_prefill() {
  local length kind run type name top positions
  local -A points=()
  print_heading
  for length in "${lengths[@]}"; do
    make_text_question "$length"
    name=prefill.$length
    for ((run = 0; run < runs; run++)); do
      for kind in "${kinds[@]}"; do
        ask "ask.$name.$kind" "$kind" 1
        note "$name.$kind" "$(field "$work/ask.$name.$kind.json" prefillTokensPerSecond)"
      done
      if [[ -z $peer ]]; then continue; fi
      for type in "${peer_types[@]}"; do
        ask_peer "ask.$name.$type" "$preset" "$type" -p "$length" -n 0
        note "$name.$type" "$(peer_field "ask.$name.$type" avg_ts)"
      done
    done
    for kind in "${kinds[@]}"; do
      top=$(divide "$(multiply_adds_per_second "$kind")" "$position_weights")
      positions=$(field "$work/ask.$name.$kind.json" promptTokens)
      figure "$name.$kind" "prefill of $positions, $quant, $kind" "$(wall "$name.$kind")" tokens/s \
        "$kind multiply-adds" "$top"
      figure "$name.$kind.memory" "  memory" "${memory[ask.$name.$kind]}" B "weights" "$resident_bytes"
      points[$kind]+=" $positions $(calculate "$positions / $(wall "$name.$kind")")"
    done
    if [[ -z $peer ]]; then continue; fi
    top=$(divide "$(multiply_adds_per_second int8)" "$position_weights")
    for type in "${peer_types[@]}"; do
      peer_figure "$name" "$type" "prefill of $length" "int8 multiply-adds" "$top"
      points[$type]+=" $length $(calculate "$length / $(wall "$name.$type")")"
    done
    peer_ratios "$name"
  done
  for name in "${kinds[@]}" "${peer_types[@]}"; do
    # shellcheck disable=SC2086
    series_exponent "prefill.$name.exponent" "exponent of time in length, $name" ${points[$name]:-}
  done
}

speed_decode() {
  local length kind run type name bytes positions
  local -A points=()
  print_heading
  for length in "${lengths[@]}"; do
    make_text_question "$length"
    name=decode.$length
    for ((run = 0; run < runs; run++)); do
      for kind in "${kinds[@]}"; do
        ask "ask.$name.$kind" "$kind" "$((tokens + 1))"
        note "$name.$kind" "$(field "$work/ask.$name.$kind.json" tokensPerSecond)"
      done
      if [[ -z $peer ]]; then continue; fi
      for type in "${peer_types[@]}"; do
        ask_peer "ask.$name.$type" "$preset" "$type" -p 0 -n "$tokens" -d "$length"
        note "$name.$type" "$(peer_field "ask.$name.$type" avg_ts)"
      done
    done
    for kind in "${kinds[@]}"; do
      positions=$(field "$work/ask.$name.$kind.json" promptTokens)
      bytes=$(calculate "$token_bytes + $(cache_bytes "ask.$name.$kind" "($positions + $tokens / 2)")")
      figure "$name.$kind" "decode after $positions, $quant, $kind" "$(wall "$name.$kind")" tokens/s \
        "memory reads $(human "$bytes" B) each" "$(divide "$memory_read" "$bytes")"
      figure "$name.$kind.memory" "  memory" "${memory[ask.$name.$kind]}" B "weights" "$resident_bytes"
      points[$kind]+=" $positions $(calculate "1 / $(wall "$name.$kind")")"
    done
    if [[ -z $peer ]]; then continue; fi
    for type in "${peer_types[@]}"; do
      # Its keys and values are float16.
      bytes=$(calculate "$(peer_field "ask.$name.$type" model_size) + 2 * $position_numbers * ($length + $tokens / 2)")
      peer_figure "$name" "$type" "decode after $length" "memory reads $(human "$bytes" B) each" \
        "$(divide "$memory_read" "$bytes")"
      points[$type]+=" $length $(calculate "1 / $(wall "$name.$type")")"
    done
    peer_ratios "$name"
  done
  for name in "${kinds[@]}" "${peer_types[@]}"; do
    # shellcheck disable=SC2086
    series_exponent "decode.$name.exponent" "exponent of time a token in context, $name" ${points[$name]:-}
  done
}

# ask_pictures: all runs with a picture, kinds in turn; notes seconds of KIND.load, .vision, .prefill and .first-token.
ask_pictures() {
  local run kind part
  [[ $family == fusion_* ]] || fail "$preset does not take pictures" 64
  make_picture_question
  cat -- "$container" >/dev/null
  for ((run = 0; run < runs; run++)); do
    for kind in "${kinds[@]}"; do
      ask "$kind.first-token" "$kind" 1
      for part in load vision prefill; do note "$kind.$part" "$(nested "$work/$kind.first-token.json" "$part")"; done
    done
  done
}

# kind_ratio PART WHAT: how many times as long as with int8 something takes with float32, if both were measured.
kind_ratio() {
  if [[ -n ${samples[int8.$1]:-} && -n ${samples[float32.$1]:-} ]]; then
    figure "$1.ratio" "$2: time with float32, of that with int8" \
      "$(calculate "$(wall "float32.$1") / $(wall "int8.$1")")" times
  fi
}

vision_figure() { # KIND WHAT
  time_figure "$1.vision" "$2" "$1 multiply-adds" "$(divide "$picture_products" "$(multiply_adds_per_second "$1")")"
}

speed_vision() {
  local kind
  ask_pictures
  print_heading
  for kind in "${kinds[@]}"; do
    vision_figure "$kind" "picture, $quant, $kind"
    figure "$kind.memory" "  memory" "${memory["$kind.first-token"]}" B "weights" "$resident_bytes"
  done
  kind_ratio vision picture
}

speed_end_to_end() {
  local kind positions least_load least_vision least_prefill top
  ask_pictures
  print_heading
  least_load=$(divide "$(stat -c %s "$container")" "$memory_read")
  for kind in "${kinds[@]}"; do
    positions=$(field "$work/$kind.first-token.json" promptTokens)
    top=$(multiply_adds_per_second "$kind")
    least_vision=$(divide "$picture_products" "$top")
    least_prefill=$(divide "$(calculate "$positions * $position_weights")" "$top")
    if [[ $least_load == - || $top == - ]]; then top=-; else
      top=$(calculate "$least_load + $least_vision + $least_prefill")
    fi
    time_figure "$kind.first-token" "question to first token, $quant, $kind" "sum of the parts'" "$top"
    time_figure "$kind.load" "  load" "container is read from memory" "$least_load"
    vision_figure "$kind" "  vision"
    time_figure "$kind.prefill" "  prefill of $positions" "$kind multiply-adds" "$least_prefill"
    figure "$kind.memory" "  memory" "${memory["$kind.first-token"]}" B "weights" "$resident_bytes"
  done
  kind_ratio first-token "first token"
  kind_ratio vision picture
  kind_ratio prefill prefill
}

bench_speed() { # SUBCOMMAND OPTION...
  local subcommand=$1 preset='' quant='' kinds=() lengths=() tokens=32 folder='' runs=3 keeps_files=no program=''
  local json='' peer='' peer_types=() peer_folder='' llama_source='' python=python3 option value list=''
  local cores level json_machine memory_read memory_read_after float_peak integer_peak
  local checkpoint container family question=()
  local word_positions prompt_positions token_bytes position_weights resident_bytes position_numbers picture_products
  shift
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $subcommand.$option in
    *.--keep-files) keeps_files=yes && continue ;;
    *.-h | *.--help) speed_usage "$subcommand" && exit 0 ;;
    *.--preset | *.--quant | *.--activations | *.--folder | *.--runs | *.--program | *.--json) ;;
    prefill.--prompt-tokens | decode.--context | decode.--tokens) ;;
    prefill.--peer | prefill.--peer-type | prefill.--peer-folder | prefill.--llama-source | prefill.--python) ;;
    decode.--peer | decode.--peer-type | decode.--peer-folder | decode.--llama-source | decode.--python) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    value=$1
    case $option in
    --preset) preset=$value ;;
    --quant) quant=$value ;;
    --activations) kinds+=("$value") ;;
    --prompt-tokens | --context) list+=${list:+,}$value ;;
    --tokens) tokens=$value ;;
    --folder) folder=$value ;;
    --runs) runs=$value ;;
    --program) program=$value ;;
    --json) json=$(realpath -m -- "$value") ;;
    --peer) peer=$value ;;
    --peer-type) peer_types+=("$value") ;;
    --peer-folder) peer_folder=$value ;;
    --llama-source) llama_source=$value ;;
    --python) python=$value ;;
    esac
    shift
  done
  case $subcommand in
  load) preset=${preset:-fusion-3b} quant=${quant:-int4} ;;
  prefill) preset=${preset:-phi-3.5-mini} quant=${quant:-int4} list=${list:-512} ;;
  decode) preset=${preset:-phi-3.5-mini} quant=${quant:-int4} list=${list:-64} ;;
  vision) preset=${preset:-fusion-3b} quant=${quant:-int8} ;;
  end-to-end) preset=${preset:-fusion-3b} quant=${quant:-int4} ;;
  esac
  if [[ ${#kinds[@]} -eq 0 ]]; then
    if [[ $subcommand == load ]]; then kinds=(int8); else kinds=(int8 float32); fi
  fi
  [[ $runs =~ ^[1-9][0-9]{0,2}$ ]] || fail "--runs takes a number from 1 to 999, not '$runs'" 64
  [[ $tokens =~ ^[1-9][0-9]{0,3}$ ]] || fail "--tokens takes a number from 1 to 9999, not '$tokens'" 64
  for value in "$preset" "$quant"; do
    [[ $value =~ ^[a-z0-9.-]+$ ]] || fail "'$value' is no name of a preset or scheme" 64
  done
  for value in "${kinds[@]}"; do
    [[ $value == float32 || $value == int8 ]] || fail "--activations takes float32 or int8, not '$value'" 64
  done
  IFS=, read -ra lengths <<<"$list"
  for value in "${lengths[@]}"; do
    [[ $value =~ ^[1-9][0-9]{1,4}$ ]] || fail "lengths are numbers from 10 to 99999, not '$value'" 64
  done
  need /usr/bin/time
  check_peer
  use_program
  use_folder
  describe_machine
  measure_limits
  echo "limits              memory is read at $(shown_limit "$memory_read" B/s) by all cores; float32 peak $(
    shown_limit "$float_peak" FLOP/s
  ), int8 peak $(shown_limit "$integer_peak" multiply-adds/s)"
  echo "model               $preset, $quant; medians of $runs runs, warm page cache"
  echo
  if [[ -n $peer ]]; then make_peer_files "$preset"; fi
  if [[ $subcommand != load ]]; then
    make_container "$preset"
    drop_checkpoint "$preset"
    read_shapes
  fi
  if [[ ${#lengths[@]} -gt 0 ]]; then measure_words; fi
  "speed_${subcommand//-/_}"
  note_other_memory
  write_figures "$json" "bench-$subcommand/1" "$(
    printf '"preset": "%s", "quant": "%s", "memoryReadBytesPerSecond": %s, ' "$preset" "$quant" \
      "$(or_null "$memory_read")"
    printf '"memoryReadBytesPerSecondAfterwards": %s, ' "$(or_null "$memory_read_after")"
    printf '"float32OperationsPerSecond": %s, "int8MultiplyAddsPerSecond": %s' "$(or_null "$float_peak")" \
      "$(or_null "$integer_peak")"
  )"
}

# note_other_memory: reads memory again, and says so if it is not what it was: the cores of a virtual machine move, and
# two that share a way to memory get half of it each.
note_other_memory() {
  memory_read_after=-
  [[ $memory_read != - ]] || return 0
  memory_read_after=$("$work/limits" "$cores" memory)
  if [[ $(calculate "$memory_read_after > 1.2 * $memory_read || $memory_read > 1.2 * $memory_read_after") == 1 ]]; then
    echo "note: memory is read at $(human "$memory_read_after" B/s) now; shares are of what it was before"
  fi
}

shown_limit() { if [[ $1 == - ]]; then echo unknown; else human "$1" "$2"; fi; }
