# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154     # names of run, and for it
# Part of run: all tests and fuzzers, and the sums of what passed.

passed=0 failed=0 skipped=0

# check TITLE COMMAND...: one test that is a command.
check() {
  local title=$1
  shift
  say "== $title"
  if ("$@"); then passed=$((passed + 1)); else failed=$((failed + 1)); say "FAILED: $title"; return 1; fi
}

# For clang, which takes its memory page by page: in large pieces, a build takes about a fifth less time. See also tests/tshark.py.
readonly large_pieces=glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864

# compiles_clean FOLDER PRESET [OPTION...]: that preset builds without a warning.
compiles_clean() {
  local folder=$root/$1 preset=$2
  shift 2
  drop_foreign "$folder"
  (cd "$root" && cmake --preset "$preset" -B "$folder" "$@") >/dev/null && GLIBC_TUNABLES=$large_pieces cmake --build "$folder"
}

# Adds up ctest's result file and, where an entry is a pytest run, that run's own: prints what was
# skipped and why, and last the three sums. A failed entry is a failure whatever its own file says.
sum_results() {
  python3 - "$1" <<'EOF'
import sys, xml.etree.ElementTree as xml
from pathlib import Path

build = Path(sys.argv[1])
passed = failed = skipped = 0
for entry in xml.parse(build / "ctest.xml").iter("testcase"):
    own = build / "results" / (entry.get("name") + ".xml")
    cases = list(xml.parse(own).iter("testcase")) if own.exists() else [entry]
    bad = 0
    for case in cases:
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            bad += 1
        elif skip is not None:
            skipped += 1
            print("skipped:", case.get("name"), "-", skip.get("message"))
        else:
            passed += 1
    if entry.get("status") != "run" and entry.find("skipped") is None and bad == 0:
        bad = 1
    failed += bad
print(passed, failed, skipped)
EOF
}

# run_ctest TITLE FOLDER [OPTION...]
run_ctest() {
  local title=$1 folder=$2 code=0 sums p f s
  shift 2
  say "== $title"
  rm -rf "$folder/ctest.xml" "$folder/results"
  ctest --test-dir "$folder" --output-on-failure --no-tests=error --output-junit "$folder/ctest.xml" \
    -j $(($(nproc) + 2)) "$@" || code=$?    # some tests wait more than they work
  if sums=$(sum_results "$folder"); then
    sed '$d' <<<"$sums"
    read -r p f s < <(tail -n 1 <<<"$sums")
    if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then say "FAILED: $title: ctest ended with $code"; f=1; fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  else
    say "FAILED: $title left no results"
    failed=$((failed + 1))
  fi
}

# Programs that root's tests start as an ordinary user read this tree.
others_can_read() {
  if ! setpriv --reuid=65534 --regid=65534 --clear-groups test -r "$root/run"; then
    say "root's tests run programs as user 65534, who cannot read $root: move the tree to where all users can, for example to /opt"
    return 1
  fi
}

# run_suite [OPTION...]: the suite once, with the compiler and the Wireshark that are here, and options for CMake.
run_suite() {
  if [ "$(id -u)" -eq 0 ]; then
    export SKYPEFP_EXPECT_ROOT=1    # then skipping root's part is a failure
    check "root's tree is readable for all" others_can_read || return 0
  fi
  # Always configured: pytest may have come since the last time.
  if check "configure" configure "$@" && check "build" build; then
    # Wireshark ignores personal plugins for root, so root can only test what is installed.
    if [ "$(id -u)" -ne 0 ] || check "install and load as root" install_plugin; then
      run_ctest "tests" "$build"
    fi
  fi
}

run_tests() {
  run_suite -DSKYPEFP_WERROR=ON
  check "clang without warnings" compiles_clean build-clang dev -DCMAKE_C_COMPILER=clang || true
  check "cppcheck" "$root/tests/tools/lint" cppcheck || true
  if check "build with ASan and UBSan" compiles_clean build-sanitize sanitize; then
    # What exercises memory; facts and figures, the window, servers and load take long and would show no more.
    run_ctest "tests under ASan and UBSan" "$root/build-sanitize" \
      -R '^(test-.*|vectors/.*|fuzz/.*|test_(captures|real|dissectors|bad_input))$'
  fi
  check "fuzz for a short time" fuzz 15 300 || true
}

report_tests() {
  say
  say "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
}

# --- Fuzzing ----------------------------------------------------------------------------------------

# fuzz_target NAME SECONDS: libFuzzer on the fingerprints, the IP parser or what reads reports, from the corpus of the tree and what earlier runs found.
fuzz_target() {
  local name=$1 seconds=$2 folder=$root/build-fuzz log
  log=$folder/$name.log
  mkdir -p "$folder/corpus-$name"
  if ! "$folder/tests/fuzz/fuzz-$name" -max_len=8192 -max_total_time="$seconds" -print_final_stats=1 \
    -artifact_prefix="$folder/" "$folder/corpus-$name" "$root/tests/fuzz/corpus-$name" >"$log" 2>&1; then
    tail -n 40 "$log"
    return 1
  fi
  say "fuzz-$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions in $seconds s, no finding"
}

# python_with MODULE: the Python that has it; PATH may begin with another than the distribution's.
python_with() {
  local candidate
  for candidate in /usr/bin/python3 python3; do
    if "$candidate" -c "import $1" 2>/dev/null; then echo "$candidate"; return; fi
  done
  die "no Python 3 has the module $1"
}

# mutate_captures N: through Wireshark with the plugin under sanitizers.
mutate_captures() {
  env SKYPEFP_BUILD_DIR="$root/build-sanitize" SKYPEFP_TSHARK_PRELOAD="$(gcc -print-file-name=libasan.so)" \
    WIRESHARK_EXTCAP_DIR="$root/build-sanitize/no-extcap" \
    "$(python_with scapy)" "$root/tests/fuzz/mutate" --captures "$1" --keep "$root/build-sanitize/findings"
}

# Captures that attack, ten times as large as in the tests.
attack() {
  configure && build && SKYPEFP_HOSTILE_SCALE=10 SKYPEFP_BUILD_DIR=$build PYTHONDONTWRITEBYTECODE=1 \
    "$(python_with pytest)" -m pytest -q -p no:cacheprovider "$root/tests/robustness/test_hostile.py" -k nothing_is_marked
}

# compare_with_wireshark SECONDS: mutated frames through decode/ and through Wireshark.
compare_with_wireshark() {
  configure && build && env SKYPEFP_BUILD_DIR="$build" PYTHONDONTWRITEBYTECODE=1 \
    "$(python_with scapy)" "$root/tests/decode/differ" --seconds "$1" --keep "$build/differences"
}

# fuzz SECONDS CAPTURES
fuzz() {
  local name target targets=() code=0
  compiles_clean build-fuzz fuzz || return
  for name in message tracker decode report; do fuzz_target "$name" "$1" & targets+=($!); done    # a processor each
  for target in "${targets[@]}"; do wait "$target" || code=1; done
  [ "$code" -eq 0 ] && compare_with_wireshark "$1" && compiles_clean build-sanitize sanitize && mutate_captures "$2"
}
