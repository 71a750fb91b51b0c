# Proof that tools/faults, which reads this file, finds what it is for: made-up outcomes, repetitions and programs.
# shellcheck shell=bash disable=SC2034,SC2154

# made_up CASE: outputs of a case, before and after, and a folder that holds the new ones.
made_up() {
  local final name
  describe "$1"
  rm -rf "$work" "$scratch/expected/$1"
  mkdir -p "$work" "$scratch/expected/$1"
  for final in "${finals[@]}"; do
    name=${final#*:}
    old_digest[$1/$name]=absent
    if [[ ${#old[@]} -gt 0 ]]; then
      make_up "$final" before
      digest "${final%%:*}" "$work/$name"
      old_digest[$1/$name]=$digest
      rm -rf "$scratch/old-$name" && mv "$work/$name" "$scratch/old-$name"
    fi
    make_up "$final" after
    digest "${final%%:*}" "$work/$name"
    new_digest[$1/$name]=$digest
    rm -rf "$scratch/new-$name" && cp -a "$work/$name" "$scratch/new-$name"
    if [[ $final == lines:* ]]; then
      cp "$work/$name" "$scratch/expected/$1/$name"
      if [[ ${#old[@]} -gt 0 ]]; then echo 6 >"$scratch/least/$1"; fi
    fi
  done
  lacking=plain problems=() left=()
}

make_up() { # FINAL WORD
  local path=$work/${1#*:}
  case $1 in
  lines:*) if [[ $2 == before ]]; then printf "after\nis" >"$path"; else printf "%s\nis here\nto stay\n" "$2" >"$path"; fi ;;
  folder:*) mkdir -p "$path/images" && echo "$2" >"$path/weights" && echo "$2" >"$path/images/one" ;;
  report:*) printf '<html>\n%s in 12.5 ms\n</html>\n' "$2" >"$path" ;;
  *) printf '%s\nis here\nto stay\n' "$2" >"$path" ;;
  esac
}

# Words of the table: old NAME puts the old content there; gone NAME removes it.
old() { rm -rf "${1:?}" && cp -a "$scratch/old-$1" "$1"; }
new() { rm -rf "${1:?}" && cp -a "$scratch/new-$1" "$1"; }
gone() { rm -rf "${1:?}"; }

# expect WORDS WHAT: whether problems has these words; "-" for no problem at all.
expect() {
  tests=$((tests + 1))
  if [[ $1 == - ]]; then
    [[ ${#problems[@]} -gt 0 ]] || return 0
    echo "faults: self-test: nothing is wrong, but something was said: $2" >&2
  else
    ! printf '%s\n' "${problems[@]}" | grep -qF -- "$1" || return 0
    echo "faults: self-test: not found: $2: $1" >&2
  fi
  printf '  said: %s\n' "${problems[@]}" >&2
  failures=$((failures + 1))
}

# Lines: case, status, fault, what is done to a folder with the new outputs, what must be said of it.
test_outcomes() {
  local case status fault plant said
  while IFS='~' read -r case status fault plant said; do
    made_up "$case"
    if [[ $plant == lacking* ]]; then lacking=exchange plant=${plant#lacking }; fi
    (cd "$work" && eval "$plant")
    check_outcome "$case" "$status" "$fault"
    expect "$said" "$case, status $status, $fault, $plant"
    # Mended for the next ones.
    echo weights >"$inputs/weights" && chmod 644 "$inputs/weights"
    rm -f "$inputs/more" "$elsewhere"/*
  done <<'CASES'
convert~0~none~:~-
convert~0~error:EIO:close~:~-
convert~0~signal:TERM~:~-
convert~74~error:EIO:write~gone out.fusion~-
convert~74~error:EIO:fsync~:~-
convert~143~signal:TERM~gone out.fusion~-
convert~129~signal:HUP~gone out.fusion~-
convert~137~signal:KILL~gone out.fusion; echo half >.fusion-1-2.partial~-
convert-force~137~signal:KILL~old out.fusion; echo half >.fusion-1-2.partial~-
convert-force~74~error:EIO:unlink~old out.fusion; echo half >.fusion-1-2.partial~-
convert-resume~74~error:EIO:write~gone out.fusion; echo half >out.fusion.partial; echo 1 >out.fusion.partial.journal~-
convert-resume~130~signal:INT~gone out.fusion; echo half >out.fusion.partial; echo 1 >out.fusion.partial.journal~-
convert~73~refusable~gone out.fusion~-
export-force~137~signal:KILL~lacking rm -r out; old out; mv out .fusion-old~-
export-force~137~signal:KILL~old out; mkdir .fusion-new~-
export-into-empty~74~error:EIO:mkdir~old out~-
eval~74~error:EIO:write~echo after >out.jsonl~-
eval~137~signal:KILL~printf af >out.jsonl~-
eval~137~signal:KILL~gone out.jsonl~-
diff~0~none~sed -i 's/12.5 ms/1.25 s/' out.html~-
diff~74~error:ENOSPC:pwrite64~gone out.md; gone out.json~-
convert~1~error:EIO:write~gone out.fusion~status 1 after an error
convert~70~error:EIO:write~gone out.fusion~status 70 after an error
convert~127~error:EIO:write~gone out.fusion~status 127 after an error
convert~137~error:EIO:write~gone out.fusion~status 137 after an error
convert~132~error:EIO:write~gone out.fusion~crashed
convert~133~none~gone out.fusion~crashed
convert~134~signal:TERM~gone out.fusion~crashed
convert~139~error:EINTR:rename~gone out.fusion~crashed
convert~124~error:EINTR:write~gone out.fusion~hung
convert~73~none~gone out.fusion~without a fault
convert~1~refusable~gone out.fusion~status 1
convert~143~signal:INT~gone out.fusion~after SIGINT
convert~74~signal:TERM~gone out.fusion~after SIGTERM
convert~74~error:EINTR:fsync~gone out.fusion~not taken up again
convert~74~error:EINTR:openat~gone out.fusion~not taken up again
convert~74~error:EINTR:mkdir~gone out.fusion~-
convert~0~error:EIO:write~gone out.fusion~status 0, but out.fusion is absent
convert~0~error:EINTR:write~gone out.fusion~status 0, but out.fusion is absent
convert~0~error:ENOSPC:write~truncate -s -1 out.fusion~neither the old content nor the new
convert~74~error:ENOSPC:write~truncate -s 0 out.fusion~neither the old content nor the new
convert~137~signal:KILL~echo more >>out.fusion~neither the old content nor the new
convert~143~signal:TERM~chmod 600 out.fusion~neither the old content nor the new
convert~0~none~mv out.fusion x; ln -s x out.fusion~neither the old content nor the new
convert~74~error:EIO:write~gone out.fusion; mkdir out.fusion~neither the old content nor the new
convert-force~0~error:EIO:rename~old out.fusion~status 0, but out.fusion is old
convert-force~74~error:EIO:rename~gone out.fusion~out.fusion is gone
convert-force~137~signal:KILL~gone out.fusion~out.fusion is gone
convert-plan~0~error:EIO:write~gone out.json~status 0, but out.json is absent
convert-calibrate~74~error:EIO:write~truncate -s 3 out.stats~neither the old content nor the new
export~74~error:EIO:mkdir~rm out/images/one~neither the old content nor the new
export~0~error:EIO:mkdir~mkdir out/extra~neither the old content nor the new
export~0~none~echo half >out/.fusion-1.partial~neither the old content nor the new
export~137~signal:KILL~chmod 700 out/images~neither the old content nor the new
export-force~137~signal:KILL~old out; rm out/weights~neither the old content nor the new
export-force~137~signal:KILL~old out; echo after >out/weights~neither the old content nor the new
export-force~137~signal:KILL~old out; mv out .fusion-old~out is gone
export-force~143~signal:TERM~lacking rm -r out; old out; mv out .fusion-old~out is gone
export-force~137~signal:KILL~lacking rm -r out~out is gone
export-into-empty~0~none~old out~status 0, but out is old
eval~137~signal:KILL~echo other >out.jsonl~neither the old content nor the new
eval~0~signal:KILL~echo after >out.jsonl~status 0, but out.jsonl is begun
eval~74~error:EIO:write~echo more >>out.jsonl~neither the old content nor the new
eval-resume~137~signal:KILL~printf after >out.jsonl~neither the old content nor the new
diff~0~none~sed -i '$d' out.html~neither the old content nor the new
diff~0~none~sed -i 's/after/other/' out.html~neither the old content nor the new
diff-force~143~signal:TERM~gone out.md~out.md is gone
convert~74~error:EIO:write~gone out.fusion; echo half >.fusion-1-2.partial~left behind: .fusion-1-2.partial
convert~74~error:EIO:openat~gone out.fusion; echo half >.fusion-1-2.partial~left behind: .fusion-1-2.partial
convert~143~signal:TERM~gone out.fusion; echo half >.fusion-1-2.partial~left behind: .fusion-1-2.partial
convert~0~signal:KILL~echo half >.fusion-1-2.partial~left behind: .fusion-1-2.partial
convert~0~none~echo half >out.fusion.partial~left behind: out.fusion.partial
convert~74~error:EIO:write~gone out.fusion; echo half >out.fusion.partial~left behind: out.fusion.partial
convert-resume~0~none~echo half >out.fusion.partial.journal~left behind: out.fusion.partial.journal
convert~137~signal:KILL~echo half >out.fusion.tmp~a file of no known name: out.fusion.tmp
convert~74~error:EIO:unlink~mkdir core~a file of no known name: core
convert~0~none~echo more >>"$inputs/weights"~an input was changed
convert~74~error:EIO:write~chmod 600 "$inputs/weights"~an input was changed
convert~137~signal:KILL~touch "$inputs/more"~an input was changed
convert~143~signal:TERM~rm "$inputs/weights"~an input was changed
convert~0~none~touch "$elsewhere/out.fusion"~files were left in the current folder
CASES
}

# Lines: case, what is in the folder after the run, what the made-up program does next in its turn (and each time after
# that), what must be said. $1 is the command's first word.
test_repetitions() {
  local case plant behaviour said
  while IFS='~' read -r case plant behaviour said; do
    made_up "$case"
    awaits_restoring=no turn=0
    if [[ $plant == lacking* ]]; then lacking=exchange awaits_restoring=yes plant=${plant#lacking }; fi
    (cd "$work" && eval "$plant")
    invoke() {
      turn=$((turn + 1)) status=0
      (cd "$work" && eval "$behaviour") || status=$?
    }
    check_repetition "$case"
    expect "$said" "$case, $plant, then $behaviour"
  done <<'CASES'
convert~gone out.fusion~new out.fusion~-
convert~:~[[ ! -e out.fusion ]] && new out.fusion || exit 73~-
convert~gone out.fusion; touch .fusion-1.partial~rm -f .fusion-*; new out.fusion~-
convert-force~:~new out.fusion~-
eval~echo after >out.jsonl~[[ ${*: -1} == --resume ]] && new out.jsonl || exit 73~-
export-force~lacking old out; mv out .fusion-old~if [[ $1 == synth ]]; then mv .fusion-old out; else new out; fi~-
convert~gone out.fusion~exit 73~the same command again: status 73 without a fault
convert~gone out.fusion~exit 74~the same command again: status 74 without a fault
convert~gone out.fusion~:~the same command again: status 0, but out.fusion is absent
convert~gone out.fusion~echo half >out.fusion~the same command again: out.fusion is neither
convert~gone out.fusion; touch .fusion-1.partial~new out.fusion~the same command again: left behind: .fusion-1.partial
convert~:~new out.fusion~status 0 where an output exists, not 73
convert~:~[[ $turn -gt 1 ]] && new out.fusion || { echo half >out.fusion; exit 73; }~was refused and changed something
convert-force~old out.fusion~exit 73~the same command again: status 73 without a fault
convert-force~old out.fusion~:~the same command again: status 0, but out.fusion is old
convert-resume~gone out.fusion; touch out.fusion.partial~exit 65~the same command again: status 65 without a fault
convert-resume~gone out.fusion; touch out.fusion.partial~new out.fusion~the same command again: left behind: out.fusion.partial
eval~echo after >out.jsonl~new out.jsonl~status 0 where an output exists, not 73
eval~echo after >out.jsonl~[[ ${*: -1} == --resume ]] || exit 73~the same command again: status 0, but out.jsonl is begun
eval-resume~printf after >out.jsonl~exit 65~the same command again: status 65 without a fault
export-force~lacking old out; mv out .fusion-old~rm -rf .fusion-old; [[ $1 == synth ]] || new out~the next run of another command did not restore out: gone
export-force~lacking old out; mv out .fusion-old~[[ $1 == synth ]] || new out~the next run of another command did not restore out: gone
CASES
}

# A program of four writes that gives its output the name in the end, and clears what a dead one left.
careful_program='
  folder=$(dirname "$3") part=$folder/.fusion-$$-1.partial
  trap "rm -f \"$part\"" EXIT
  trap "exit 143" TERM
  rm -f "$folder"/.fusion-*
  [[ ! -e $3 ]] || exit 73
  for word in one two three four; do printf "%s\n" "$word" || exit 74; pause; done >"$part" || exit 74
  mv -T "$part" "$3" || exit 74'
# The same without one of its virtues.
in_place_program=${careful_program/'/.fusion-$$-1.partial'/'/out.fusion'}
in_place_program=${in_place_program/'trap "rm -f \"$part\"" EXIT'/}
in_place_program=${in_place_program/'mv -T "$part" "$3" || exit 74'/}
deaf_program=${careful_program/'"$word" || exit 74'/'"$word"'}
untidy_program=${careful_program/'trap "rm -f \"$part\"" EXIT'/}
forgetful_program=${careful_program/'rm -f "$folder"/.fusion-*'/}

# Lines: program, fault, what must be said. The faults are real ones.
test_programs() {
  local name fault said body
  cases=(convert) program=$scratch/program
  while IFS='~' read -r name fault said; do
    body=${name}_program
    printf '#!/usr/bin/env bash\npause() { read -rt 0.02 <>"%s" || true; }\n%s\n' "$scratch/silence" "${!body}" >"$program"
    chmod +x "$program"
    invoke() { use_program "$@"; }
    learn convert
    rm -rf "$scratch/after"
    run_once convert plain "$fault"
    if [[ ${#problems[@]} -gt 0 ]]; then rm -rf "$scratch/findings" && mkdir "$scratch/findings"; fi
    expect "$said" "$name program, $fault, $outcome"
  done < <(if [[ $has_strace == yes ]]; then cat; else grep -v 'when='; fi <<'CASES'
careful~none~-
careful~kill:TERM:0.05~-
careful~kill:KILL:0.05~-
careful~kill:KILL:0.9~-
careful~write:error=EIO:when=2~-
careful~write:error=ENOSPC:when=1+~-
careful~write:signal=SIGKILL:when=3~-
careful~write:signal=SIGTERM:when=2~-
careful~renameat2:error=EIO:when=1~-
in_place~kill:KILL:0.05~out.fusion is neither the old content nor the new
in_place~write:error=EIO:when=2~out.fusion is neither the old content nor the new
in_place~write:signal=SIGKILL:when=3~out.fusion is neither the old content nor the new
in_place~write:signal=SIGTERM:when=3~out.fusion is neither the old content nor the new
deaf~write:error=EIO:when=2~out.fusion is neither the old content nor the new
deaf~write:error=ENOSPC:when=1+~out.fusion is neither the old content nor the new
untidy~kill:TERM:0.05~left behind
untidy~write:error=EIO:when=2~left behind
untidy~write:signal=SIGTERM:when=2~left behind
forgetful~kill:KILL:0.05~the same command again: left behind
forgetful~write:signal=SIGKILL:when=3~the same command again: left behind
CASES
  )
}

self_test() {
  tests=0 failures=0
  use_scratch
  find_means
  mkdir -p "$inputs/empty" && echo weights >"$inputs/weights" && chmod 644 "$inputs/weights"
  eval "use_program() $(declare -f invoke | tail -n +2)"
  inputs_listing=$(listing "$inputs")
  test_outcomes
  test_repetitions
  test_programs
  findings=0
  [[ $failures -eq 0 ]] || fail "self-test: $failures of $tests made-up runs were judged wrongly"
  echo "faults: self-test judged $tests of $tests made-up runs rightly"
}
