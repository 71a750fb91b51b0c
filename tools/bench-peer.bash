# Comparisons with llama.cpp for subcommands of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154,SC2034

# check_peer: that the options of the peer make sense; nothing without --peer.
check_peer() {
  local type
  [[ -n $peer ]] || return 0
  [[ $peer == llama.cpp ]] || fail "--peer takes llama.cpp, not '$peer'" 64
  [[ ${#peer_types[@]} -gt 0 ]] || peer_types=(Q4_0 Q4_K_M)
  for type in "${peer_types[@]}"; do
    [[ $type =~ ^[A-Z0-9_]+$ ]] || fail "'$type' is no type of llama-quantize" 64
  done
  command -v "$python" >/dev/null || fail "no Python at $python" 66
  # Several programs share the cores, so waiting threads should not keep them busy.
  export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0 PYTHONDONTWRITEBYTECODE=1
}

# build_peer: builds llama.cpp in $peer_folder if it is not there.
build_peer() {
  local options=(--python "$python")
  if [[ -n $llama_source ]]; then options+=(--source "$llama_source"); fi
  peer_folder=${peer_folder:-$folder/llama}
  "$root/tools/quality/build-llama" "$peer_folder" "${options[@]}"
  peer_folder=$(realpath -- "$peer_folder")
}

# measure_peer_conversion STEP CHECKPOINT FILE: a checkpoint to a GGUF file in bfloat16, as llama.cpp's users make it.
measure_peer_conversion() {
  rm -f -- "$3"
  measure "$1" "$python" "$peer_folder/llama.cpp/convert_hf_to_gguf.py" "$2" --outtype bf16 --outfile "$3"
}

# measure_peer_quantization STEP FILE TYPE QUANTIZED
measure_peer_quantization() {
  rm -f -- "$4"
  measure "$1" "$peer_folder/build/bin/llama-quantize" "$2" "$4" "$3" "$cores"
}

# make_peer_files PRESET: $folder/PRESET-TYPE.gguf for all types, from the same checkpoint as ours.
make_peer_files() {
  local type missing=() full=$folder/$1-bf16.gguf file
  build_peer
  for type in "${peer_types[@]}"; do
    [[ -e $folder/$1-$type.gguf ]] || missing+=("$type")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ ! -e $full ]]; then
    make_checkpoint "$1"
    made+=("$full")
    measure_peer_conversion "peer-$1" "$checkpoint" "$full"
  fi
  for type in "${missing[@]}"; do
    file=$folder/$1-$type.gguf
    if [[ $keeps_files == no ]]; then made+=("$file"); fi
    measure_peer_quantization "peer-$1-$type" "$full" "$type" "$work/quantized.gguf"
    mv -- "$work/quantized.gguf" "$file"
  done
  rm -f -- "$full"
}

# ask_peer STEP PRESET TYPE OPTION...: one run of llama-bench, after the one that it warms up with.
ask_peer() {
  measure "$1" "$peer_folder/build/bin/llama-bench" -m "$folder/$2-$3.gguf" "${@:4}" -t "$cores" -r 1 -o json
}

# peer_field STEP NAME: a number that llama-bench printed.
peer_field() {
  local value
  value=$(sed -n "s/^ *\"$2\": *\([0-9.e+-]*\),\{0,1\}\$/\1/p" "$work/$1.json" | head -n 1)
  [[ -n $value ]] || fail "llama-bench printed no '$2': $work/$1.json"
  echo "$value"
}

# bench_peer_conversion: convert --quant int4 with verification beside llama.cpp's two steps, in turn.
bench_peer_conversion() {
  local preset=${presets[0]} checkpoint run type full=$work/peer-bf16.gguf ours theirs input_bytes least
  build_peer
  make_checkpoint "$preset"
  for ((run = 0; run < runs; run++)); do
    cat -- "$checkpoint"/*.safetensors >/dev/null
    measure_conversion int4 --quant int4
    input_bytes=$(field "$work/int4.json" inputBytes)
    ours=$(stat -c %s "$work/int4.fusion")
    rm -f "$work/int4.fusion"
    cat -- "$checkpoint"/*.safetensors >/dev/null
    measure_peer_conversion bf16 "$checkpoint" "$full"
    for type in "${peer_types[@]}"; do
      cat -- "$full" >/dev/null
      measure_peer_quantization "$type" "$full" "$type" "$work/$type.gguf"
      theirs=$(stat -c %s "$work/$type.gguf")
      samples["$type-size"]=$theirs
      rm -f -- "$work/$type.gguf"
    done
    rm -f -- "$full"
  done
  drop_checkpoint "$preset"
  print_heading
  time_figure int4 "convert --quant int4, verified"
  figure int4.memory "  memory" "${memory[int4]}" B
  figure int4.size "  container" "$ours" B checkpoint "$input_bytes"
  time_figure bf16 "llama.cpp: convert_hf_to_gguf, bf16"
  figure bf16.memory "  memory" "${memory[bf16]}" B
  for type in "${peer_types[@]}"; do
    time_figure "$type" "llama.cpp: llama-quantize $type"
    figure "$type.memory" "  memory" "${memory[$type]}" B
    figure "$type.size" "  file" "${samples["$type-size"]}" B checkpoint "$input_bytes"
    least=$(calculate "$(wall bf16) + $(wall "$type")")
    figure "$type.ratio" "  both steps take, of our time" "$(calculate "$least / $(wall int4)")" times
    figure "$type.quantize-ratio" "  llama-quantize alone takes, of our time" \
      "$(calculate "$(wall "$type") / $(wall int4)")" times
  done
  write_figures "$json" bench-convert-peer/1 \
    "$(printf '"preset": "%s", "quant": "int4", "peer": "%s", "inputBytes": %s' "$preset" "$peer" "$input_bytes")"
}
