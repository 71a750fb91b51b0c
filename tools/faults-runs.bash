# One run of tools/faults, which reads this file: the program with a fault, what it left, and the same command again.
# shellcheck shell=bash disable=SC2034,SC2154

# --- Running ---------------------------------------------------------------------------------------------------------

longest_run=120
# SIGINT is ignored in what a script starts beside itself; the program would inherit that.
default_signals=(env --default-signal=INT,TERM,HUP,QUIT)

pause() { read -rt "$1" <>"$scratch/silence" || true; }

# invoke WORD...: runs the program without a fault, on the file system of the case's run; sets status. A feature that the
# command cannot do without is there again, and so are locks: without them nobody can tell dead runs from others.
invoke() {
  local lacking=$lacking
  [[ $lacking != *locks* && ${bare_status[$case/$lacking]:-0} -eq 0 ]] || lacking=plain
  environment
  status=0
  (
    cd "$elsewhere"
    exec timeout --foreground -s KILL "$longest_run" env "${surroundings[@]}" "$program" "$@"
  ) >"$scratch/again.out" 2>"$scratch/again.err" || status=$?
}

# environment: sets the words that put the program on a file system that lacks something.
environment() {
  surroundings=()
  [[ $lacking == plain ]] || surroundings=("LD_PRELOAD=$scratch/lacking.so" "FAULTS_LACKING=$lacking")
}

# fill_work: what is in the folder before a run.
fill_work() {
  local pair
  rm -rf "$work"
  mkdir -p "$work"
  for pair in "${old[@]}"; do cp -a "$inputs/${pair#*=}" "$work/${pair%%=*}"; done
}

# use_strace LOG STRACE-OPTION...: sets strace to the words that run the case's command under it. With --seccomp-bpf, which
# is faster, strace 6.1 delivers no injected signals.
use_strace() {
  local log=$1 variable
  shift
  environment
  strace=("${default_signals[@]}" strace -f -qq -y -s 0 -o "$log" "$@")
  [[ $* == *signal=* ]] || strace+=(--seccomp-bpf)
  for variable in "${surroundings[@]}"; do strace+=(-E "$variable"); done
  strace+=("$program" "${words[@]}")
}

# traced LOG STRACE-OPTION...: runs the case's command under strace; sets status.
traced() {
  local begin=$SECONDS
  use_strace "$@"
  status=0
  {
    (
      cd "$elsewhere"
      exec timeout --foreground -s KILL "$longest_run" "${strace[@]}" >"$scratch/run.out" 2>"$scratch/run.err"
    ) || status=$?
  } 2>/dev/null
  [[ $((SECONDS - begin)) -lt $longest_run ]] || status=124
}

# signalled LOG SIGNAL CALL NUMBER: runs the case's command and stops it at that call, where the process gets the signal;
# sets status. strace would send it to one thread, and that may leave signals to another.
signalled() {
  local log=$1 process thread= target= begin=$SECONDS
  use_strace "$log" -e "trace=$3" -e "inject=$3:signal=SIGSTOP:when=$4"
  status=0
  {
    (
      cd "$elsewhere"
      exec "${strace[@]}" >"$scratch/run.out" 2>"$scratch/run.err"
    ) &
    process=$!
    while kill -0 "$process" && [[ $((SECONDS - begin)) -lt $longest_run ]]; do
      pause 0.01
      if [[ -z $target ]] && thread=$(grep -m 1 'stopped by SIGSTOP' "$log"); then
        target=$(sed -n 's/^Tgid:[[:space:]]*//p' "/proc/${thread%% *}/status" || true)
        kill -s "$2" "$target" || true
      fi
      # Other threads may come to the same number.
      [[ -z $target ]] || kill -CONT "$target" || true
    done
    kill -KILL "$process" || true
    wait "$process" || status=$?
  } 2>/dev/null
  [[ $((SECONDS - begin)) -lt $longest_run ]] || status=124
}

# killed SIGNAL SECONDS: runs the case's command and ends it after that time; sets status.
killed() {
  local process guard begin=$SECONDS
  environment
  status=0
  {
    (
      cd "$elsewhere"
      exec "${default_signals[@]}" "${surroundings[@]}" "$program" "${words[@]}" >"$scratch/run.out" 2>"$scratch/run.err"
    ) &
    process=$!
    pause "$2"
    kill -s "$1" "$process" || true
    (
      read -rt "$longest_run" <>"$scratch/silence"
      kill -KILL "$process"
    ) &
    guard=$!
    wait "$process" || status=$?
    kill -KILL "$guard" || true
    wait "$guard" || true
  } 2>/dev/null
  [[ $((SECONDS - begin)) -lt $longest_run ]] || status=124
}

# plain_run: runs the case's command on the file system that lacks something, without a fault; sets status.
plain_run() {
  environment
  status=0
  (
    cd "$elsewhere"
    exec timeout --foreground -s KILL "$longest_run" env "${surroundings[@]}" "$program" "${words[@]}"
  ) >"$scratch/run.out" 2>"$scratch/run.err" || status=$?
}

calls=(
  write pwrite64 pwritev pwritev2 rename renameat renameat2 link linkat unlink unlinkat rmdir fsync fdatasync
  sync_file_range syncfs ftruncate fallocate copy_file_range mkdir mkdirat open openat getdents64 flock
  close fchmod chmod fchmodat statfs fstatfs
)
# What is called thousands of times, and takes as long as that to look at.
frequent_calls=(fstat newfstatat statx read pread64)

# occurrences LOG: the calls of a trace that touch outputs, as CALL NUMBER, where strace counts for each thread apart.
# Of opening only what makes or changes files and what lists folders.
occurrences() {
  awk -v folder="$work" '
    $2 ~ /^[a-z0-9_]+\(/ {
      name = substr($2, 1, index($2, "(") - 1)
      number = ++count[$1, name]
      gsub(/AT_FDCWD<[^>]*>/, "AT_FDCWD")
      if (!index($0, folder) || number > 65535) next
      if (name ~ /^open/ && $0 !~ /O_CREAT|O_TMPFILE|O_DIRECTORY|O_WRONLY|O_RDWR/) next
      if (!seen[name, number]++) print name, number
    }' "$1" | sort
}

# --- One run ---------------------------------------------------------------------------------------------------------

findings=0 missed=0
declare -A run_count status_count finding_count finding_example durations
# Status of CASE/LACKING without a fault.
declare -A bare_status
# What was done to the runs that are counted, in the order of the table.
kinds=(none lacking error EINTR kill-at-call kill-at-time missed)

# run_once CASE LACKING FAULT [KIND]: one run, what it left, and the same command again.
run_once() {
  local case=$1 fault=$3 kind=${4:-} action=$3 log=$scratch/run.strace call line
  lacking=$2 problems=() left=()
  if [[ $fault != none ]]; then learn_lacking "$case"; fi
  bare=${bare_status[$case/$lacking]:-0} bare_action=none
  [[ $lacking != *locks* ]] || bare_action=refusable
  rm -f "$log"
  : >"$scratch/run.err"
  describe "$case"
  fill_work
  case $fault in
  none)
    plain_run
    bare_status[$case/$lacking]=$status
    action=$bare_action
    ;;
  kill:*)
    kind=kill-at-time action=${fault#kill:}
    killed "${action%%:*}" "${action#*:}"
    action=signal:${action%%:*}
    ;;
  *)
    call=${fault%%:*}
    if [[ $fault =~ SIG(TERM|INT|HUP):when=(.*) ]]; then
      signalled "$log" "${BASH_REMATCH[1]}" "$call" "${BASH_REMATCH[2]}"
    else
      traced "$log" -e "trace=$call" -e "inject=$fault"
    fi
    line=$(grep -m 1 -E '\(INJECTED\)|--- SIG(KILL|TERM|INT|HUP) |\+\+\+ killed by SIGKILL' "$log" || true)
    [[ $line != *O_DIRECTORY* ]] || call=open-folder
    case $fault in
    *:signal=*) kind=kill-at-call action=${fault#*:signal=SIG} && action=signal:${action%%:*} ;;
    *:error=EINTR*)
      kind=EINTR action=error:EINTR:$call
      # What is refused anyway is not refused for that.
      [[ $bare -eq 0 ]] || action=error:EIO:$call
      ;;
    *) kind=error action=${fault#*:error=} && action=error:${action%%:*}:$call ;;
    esac
    if [[ -z $line ]]; then
      # Threads took turns in another way, and none came to that call.
      kind=missed action=$bare_action
      [[ $bare -eq 0 ]] || action=refusable
      missed=$((missed + 1))
    elif [[ $status -eq 127 ]] && grep -q 'error while loading shared libraries' "$scratch/run.err"; then
      # The same number of such a call, but in the thread that was still loading libraries: not the program's to answer.
      kind=missed action=loader
      missed=$((missed + 1))
    fi
    ;;
  esac
  check_outcome "$case" "$status" "$action"
  run_count[$case/$kind]=$((${run_count[$case/$kind]:-0} + 1))
  status_count[$case/$status]=$((${status_count[$case/$status]:-0} + 1))
  outcome="status $status:"
  for final in "${finals[@]}"; do state_of "$case" "$final" && outcome+=" ${final#*:} $state,"; done
  outcome=${outcome%,}
  # What a finding keeps, before the repetition changes it.
  rm -rf "$scratch/after"
  if [[ ${#problems[@]} -gt 0 ]]; then cp -a "$work" "$scratch/after"; fi
  check_repetition "$case"
  if [[ ${#problems[@]} -gt 0 ]]; then record "$case" "$fault"; fi
}

# learn_lacking CASE: the status on a file system that lacks something, without a fault.
learn_lacking() {
  [[ $lacking != plain && -z ${bare_status[$1/$lacking]:-} ]] || return 0
  describe "$1"
  fill_work
  plain_run
  bare_status[$1/$lacking]=$status
}

# record CASE FAULT: keeps and counts a finding.
record() {
  local text folder key repeat
  findings=$((findings + 1))
  printf -v folder '%s/findings/%04d-%s' "$scratch" "$findings" "$1"
  repeat="tools/faults${given_options:+ $given_options} --repeat '$1 $lacking $2'"
  mkdir -p "$folder"
  if [[ -e $scratch/after ]]; then mv "$scratch/after" "$folder/after"; fi
  cp -a "$work" "$folder/after-again"
  cp "$scratch"/run.err "$scratch"/again.err "$folder"
  if [[ -e $scratch/run.strace ]]; then cp "$scratch/run.strace" "$folder"; fi
  printf '%s\n' "$repeat" "$outcome" "${problems[@]}" >"$folder/finding.txt"
  for text in "${problems[@]}"; do
    key="$1: $text"
    finding_count[$key]=$((${finding_count[$key]:-0} + 1))
    [[ -n ${finding_example[$key]:-} ]] || finding_example[$key]="$repeat"$'\n'"      $outcome; $folder"
  done
  # Many alike say nothing more.
  if [[ ${finding_count["$1: ${problems[0]}"]} -gt 3 ]]; then rm -rf "$folder"/after*; fi
}
