# What tools/faults, which reads this file, demands of a folder after a run. Nothing here runs the program by itself.
# shellcheck shell=bash disable=SC2154

# Digests of complete outputs by CASE/NAME, and of what was there before.
declare -A new_digest old_digest
# Status of the run that is judged, had nothing been done to it.
bare=0

# listing FOLDER: names, kinds, permissions and contents of everything in it.
listing() {
  (
    cd "$1" || exit
    find . -printf '%P %y %m %l\n' | sort
    find . -type f -print0 | sort -z | xargs -0r sha256sum
  )
}

# digest KIND PATH: sets digest to a word for what is there; equal words mean equal contents and permissions.
digest() {
  local text
  digest=absent
  if [[ -L $2 ]]; then
    digest=link
  elif [[ -d $2 ]]; then
    text=$(listing "$2" | sha256sum)
    digest="folder ${text%% *}"
  elif [[ -e $2 ]]; then
    # Durations differ from run to run.
    if [[ $1 == report ]]; then
      text=$(sed -E 's/[0-9][0-9.,]* ?(ns|µs|us|ms|s|min|h)\b/TIME/g' "$2" | sha256sum)
    else
      text=$(sha256sum <"$2")
    fi
    digest="file $(stat -c %a "$2") ${text%% *}"
  fi
}

# is_beginning PATH WHOLE LEAST: whether a file is the beginning of another and has at least so many bytes.
is_beginning() {
  local size
  [[ -f $1 && ! -L $1 ]] || return 1
  size=$(stat -c %s "$1")
  [[ $size -ge $3 && $size -le $(stat -c %s "$2") ]] && cmp -s -n "$size" "$1" "$2"
}

# state_of CASE FINAL: sets state to new, old, absent (and there was nothing), gone (there was something), begun, or wrong.
state_of() {
  local kind=${2%%:*} name=${2#*:} least=0
  digest "$kind" "$work/$name"
  if [[ $digest == "${new_digest[$1/$name]}" ]]; then
    state=new
  elif [[ $digest == "${old_digest[$1/$name]}" ]]; then
    state=old
    [[ $digest != absent ]] || state=absent
  elif [[ $digest == absent ]]; then
    state=gone
  else
    state=wrong
    if [[ $kind == lines ]]; then
      # Whole lines of before may not be lost.
      [[ ! -e $scratch/least/$1 ]] || least=$(<"$scratch/least/$1")
      ! is_beginning "$work/$name" "$scratch/expected/$1/$name" "$least" || state=begun
    fi
  fi
}

problem() { problems+=("$1"); }

# check_inputs: whether every input is as it was made.
check_inputs() {
  local now
  now=$(listing "$inputs")
  if [[ $now != "$inputs_listing" ]]; then
    problem "an input was changed: $(diff <(echo "$inputs_listing") <(echo "$now") | grep '^[<>]' | head -n 4 | paste -sd ' ')"
  fi
  [[ -z $(ls -A "$elsewhere") ]] || problem "files were left in the current folder: $(ls -A "$elsewhere" | paste -sd ' ')"
}

# check_status STATUS FAULT: whether the exit status fits what was done to the run.
check_status() {
  local status=$1 signal
  case $status in
  132 | 133 | 134 | 135 | 136 | 139 | 159) problem "the program crashed: status $status" && return ;;
  124) problem "the program hung" && return ;;
  esac
  case $2 in
  none) [[ $status -eq 0 ]] || problem "status $status without a fault" ;;
  loader) [[ $status -eq 127 ]] || problem "status $status, but the program was not loaded" ;;
  refusable) [[ $status -eq 0 || ($status -ge 64 && $status -le 74 && $status -ne 70) ]] || problem "status $status" ;;
  signal:*)
    signal=${2#signal:}
    # What is refused without a signal may be refused before it comes.
    [[ $status -eq 0 || $status -eq $((128 + $(kill -l "$signal"))) || $status -eq $bare ]] ||
      problem "status $status after SIG$signal"
    ;;
  error:EINTR:*)
    if is_interruptible "${2##*:}"; then
      [[ $status -eq 0 ]] || problem "an interrupted ${2##*:} was not taken up again: status $status"
    else
      check_status "$status" "error:EIO:${2##*:}"
    fi
    ;;
  error:*)
    [[ $status -eq 0 || ($status -ge 64 && $status -le 74 && $status -ne 70) ]] ||
      problem "status $status after an error, not one of 64 to 74"
    ;;
  *) fail "no kind of fault '$2'" ;;
  esac
}

# is_interruptible CALL: whether its manual page names EINTR, so that the caller has to try again.
is_interruptible() {
  case $1 in
  write | pwrite64 | pwritev | pwritev2 | read | pread64 | open | openat | fsync | fdatasync | ftruncate | fallocate) ;;
  close | flock | statfs | fstatfs) ;;
  *) return 1 ;;
  esac
}

# may_leave STATUS FAULT: whether files with hidden names may stay: the process had no chance, or what failed is the
# call that removes them.
may_leave() {
  case $2 in
  signal:KILL) [[ $1 -ne 0 ]] ;;
  error:*:unlink | error:*:unlinkat | error:*:rmdir | error:*:getdents64 | error:*:open-folder) ;;
  error:*:fstat | error:*:newfstatat | error:*:statx) ;;
  *) return 1 ;;
  esac
}

# check_names CASE STATUS FAULT: whether the folder holds outputs only.
check_names() {
  local entry name final
  while IFS= read -r entry; do
    for final in "${finals[@]}"; do [[ $entry != "${final#*:}" ]] || continue 2; done
    name=$entry
    # Numbers and letters of the moment do not make another finding.
    [[ $entry != .* ]] || name=$(sed -E 's/[0-9A-Fa-f]{3,}/N/g' <<<"$entry")
    # shellcheck disable=SC2053 # a pattern
    if [[ $2 -ne 0 && -n $beside && $entry == $beside ]]; then
      continue
    elif [[ $entry != .* && $entry != *.partial && $entry != *.partial.journal ]]; then
      problem "a file of no known name: $name"
    elif may_leave "$2" "$3"; then
      left+=("$entry")
    else
      problem "left behind: $name"
    fi
  done < <(find "$work" -mindepth 1 -maxdepth 1 -printf '%P\n' | sort)
}

# check_outcome CASE STATUS FAULT: all of it, after one run. Adds to problems; left holds what a later run must clear;
# awaits_restoring is set where an old folder is away until then.
check_outcome() {
  local final
  left=() awaits_restoring=no
  check_inputs
  check_status "$2" "$3"
  check_names "$1" "$2" "$3"
  for final in "${finals[@]}"; do
    state_of "$1" "$final"
    case $state in
    new) ;;
    wrong) problem "${final#*:} is neither the old content nor the new: $(what_is "$work/${final#*:}")" ;;
    gone)
      if [[ $final == folder:* && $lacking =~ exchange|flags && $3 == signal:KILL && ${#left[@]} -gt 0 ]]; then
        awaits_restoring=yes
      else
        problem "${final#*:} is gone"
      fi
      ;;
    *) [[ $2 -ne 0 ]] || problem "status 0, but ${final#*:} is $state" ;;
    esac
  done
}

# what_is PATH: a few words on it.
what_is() {
  if [[ -d $1 ]]; then
    echo "a folder"
  else
    echo "a file"
  fi
}

# digests CASE: words for all outputs.
digests() {
  local final
  for final in "${finals[@]}"; do digest "${final%%:*}" "$work/${final#*:}" && echo "$digest"; done
}

# exists_any: whether one of the outputs is there; an empty folder is none, and so is a file of no lines.
exists_any() {
  local final path
  for final in "${finals[@]}"; do
    path=$work/${final#*:}
    case $final in
    folder:*) [[ ! -e $path || -z $(ls -A "$path") ]] || return 0 ;;
    lines:*) [[ ! -s $path ]] || return 0 ;;
    *) [[ ! -e $path ]] || return 0 ;;
    esac
  done
  return 1
}

# check_repetition CASE: runs the same command again, without a fault; invoke does that and sets status.
check_repetition() {
  local before final count=${#problems[@]}
  if [[ $awaits_restoring == yes ]]; then
    invoke synth qa --count 1 --size 64 --out "$work/next" --quiet
    rm -rf "$work/next"
    for final in "${finals[@]}"; do
      state_of "$1" "$final"
      [[ $state == old || $state == new ]] || problem "the next run of another command did not restore ${final#*:}: $state"
    done
  fi
  if [[ $again != same ]] && exists_any; then
    if [[ $again == refused ]]; then
      before=$(digests "$1")
      invoke "${words[@]}"
      [[ $status -eq 73 ]] || problem "the same command again: status $status where an output exists, not 73"
      [[ $(digests "$1") == "$before" ]] || problem "the same command again was refused and changed something"
      for final in "${finals[@]}"; do rm -rf "${work:?}/${final#*:}"; done
    elif [[ " ${words[*]} " != *" --resume "* ]]; then
      invoke "${words[@]}"
      [[ $status -eq 73 ]] || problem "the same command again: status $status where an output exists, not 73"
    fi
  fi
  if [[ $again == resume && " ${words[*]} " != *" --resume "* ]]; then
    invoke "${words[@]}" --resume
  elif [[ $again == resume && $beside ]] && exists_any; then
    # A conversion that is complete has nothing to resume; like any other it does not replace its output.
    invoke "${words[@]}"
    [[ $status -eq 73 || $status -eq 0 ]] || problem "the same command again: status $status where the output is complete"
    for final in "${finals[@]}"; do rm -rf "${work:?}/${final#*:}"; done
    invoke "${words[@]}"
  else
    invoke "${words[@]}"
  fi
  # Whatever may have been left before, now it must be gone.
  check_outcome "$1" "$status" none
  for ((; count < ${#problems[@]}; count++)); do
    [[ ${problems[count]} == "the "*"again"* || ${problems[count]} == "the next"* ]] ||
      problems[count]="the same command again: ${problems[count]}"
  done
}
