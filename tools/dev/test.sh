# test.sh: runs every kind of test, reads TAP, and closes with "N passed, N failed".
# shellcheck shell=bash

# What takes long comes first, so that nothing long is left to run alone at the end.
all_kinds=(lint browser e2e fault seam http isolation unit sql install tools fuzz)

passed=0
failed=0
failures=()

# run_tap LABEL COMMAND...: prints the label, counts ok / not ok; a program that ends badly without saying which
# test failed counts as one failure.
run_tap() {
    local label=$1 out rc=0 ok bad t0=$SECONDS
    shift
    out=$(mktemp "$TMP/out.XXXXXX")
    ("$@") >"$out" 2>"$out.err" </dev/null || rc=$? # a part of ours that gives up ends itself only
    ok=$(grep -c '^ok ' "$out" || true)
    bad=$(grep -c '^not ok ' "$out" || true)
    if [ "$rc" != 0 ] && [ "$bad" = 0 ]; then
        bad=1
        echo "not ok - $label ended with status $rc" >>"$out"
    elif [ "$ok" = 0 ] && [ "$bad" = 0 ]; then
        bad=1
        echo "not ok - $label ran no test" >>"$out"
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    printf '%-44s %4d passed %3d failed %4ds\n' "$label" "$ok" "$bad" $((SECONDS - t0))
    if [ "$bad" != 0 ]; then
        failures+=("$label")
        { grep -A8 '^not ok \|^Bail out' "$out" | head -60; tail -40 "$out.err"; } | sed 's/^/    /'
    fi
}

# Processes that belong to a test's own folder: it stands in their command line, their environment or their working
# directory, or they are children of such a one. Nobody else's process has to do with that folder.
processes_of() {
    local dir=$1
    {
        grep -laF -- "$dir" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null || true
        find /proc/[0-9]*/cwd -maxdepth 0 -lname "$dir*" 2>/dev/null || true
    } | cut -d/ -f3 | sort -u | {
        mine=$(cat)
        ps -eo pid=,ppid= | awk -v mine="$mine" -v self="$$" '
            BEGIN { n = split(mine, m, "\n"); for (i = 1; i <= n; i++) if (m[i] != "" && m[i] != self) is[m[i]] = 1 }
            { parent[$1] = $2 }
            END {
                for (p = self; p + 0 > 0; p = parent[p]) delete is[p] # never who runs us
                do { more = 0; for (p in parent) if (!(p in is) && p != self && (parent[p] in is)) { is[p] = 1; more = 1 } } while (more)
                for (p in is) if (p in parent) printf "%s ", p
            }'
    }
}

# A test ends what it starts. What is still there after a moment is said, counted as a failure, and ended by its number.
no_leftovers() {
    local label=$1 dir=$2 pids pid i
    for i in 1 2 3 4 5 6 7 8 9 10; do
        pids=$(processes_of "$dir")
        [ -n "$pids" ] || return 0
        sleep 0.3
    done
    failed=$((failed + 1))
    failures+=("$label")
    echo "    not ok - $label left processes running:"
    for pid in $pids; do
        printf '    # %s %s\n' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-160)"
        kill -TERM "$pid" 2>/dev/null || true
    done
    sleep 1
    for pid in $pids; do kill -KILL "$pid" 2>/dev/null || true; done
}

# Test programs of a kind: executables below build/asan/tests/KIND, and *.test scripts in the tree.
programs_of() {
    local kind=$1
    [ ! -d "$B/tests/$kind" ] || find "$B/tests/$kind" -name .libs -prune -o -type f -perm -u+x \
        ! -name '*.so' ! -name '*.la' ! -name '*.o' ! -name '*.lo' ! -name '*.log' ! -name '*.trs' -print | sort
    [ ! -d "$KADE_TOP/tests/$kind" ] || find "$KADE_TOP/tests/$kind" -name node_modules -prune -o -name '*.test' -perm -u+x -print | sort
}

wanted() { [ -z "$ONLY" ] || case "$1" in *"$ONLY"*) true ;; *) false ;; esac; }

# run_one NAME PROGRAM N SERVERS: a program in its own folder beside the servers of its lane; what it said goes to
# $TMP/result.N.out, its count to $TMP/result.N, and at its end, whatever end that is, its number to lane_end.
run_one() {
    local name=$1 dir=$TMP/${1//\//-} result=$TMP/result.$3
    passed=0 failed=0 failures=()
    export KADE_TEST_PGHOST=${4%%=*} KADE_TEST_MEMCACHED=${4#*=}
    # shellcheck disable=SC2064
    trap "echo '$3 $4' >&$lane_end" EXIT
    mkdir -p "$dir"
    chmod 777 "$dir"
    {
        KADE_TEST_TMP=$dir run_tap "$name" "$2"
        no_leftovers "$name" "$dir"
    } >"$result.out" 2>&1
    printf '%s %s %s\n' "$passed" "$failed" "${failures[*]}" >"$result"
}

# Waits for one of the lanes, prints what it found, and counts it. One that ended without a count is a failure.
take_one() {
    local n servers good=0 bad=1 named=
    read -r n servers <&"$lane_end"
    free+=("$servers")
    cat "$TMP/result.$n.out"
    [ ! -s "$TMP/result.$n" ] || read -r good bad named <"$TMP/result.$n"
    passed=$((passed + good))
    failed=$((failed + bad))
    # shellcheck disable=SC2206
    [ "$bad" = 0 ] || failures+=(${named:-"program $n"})
}

# run_programs KIND...: every program of these kinds, as many at a time as there are lanes.
run_programs() {
    local kind f name n=0 lane_end free lanes
    read -ra free <<<"${KADE_TEST_SERVERS:-none=none}"
    lanes=${#free[@]}
    mkfifo "$TMP/lanes"
    exec {lane_end}<>"$TMP/lanes"
    for kind in "$@"; do
        while IFS= read -r f; do
            [ -n "$f" ] || continue
            # The path below tests/, so that a feature's name finds its programs of every kind.
            name=${f##*/tests/}
            name=${name%.test}
            wanted "$name" || continue
            [ ${#free[@]} -gt 0 ] || take_one
            n=$((n + 1))
            run_one "$name" "$f" "$n" "${free[0]}" &
            free=("${free[@]:1}")
        done < <(programs_of "$kind")
    done
    while [ ${#free[@]} -lt "$lanes" ]; do take_one; done
    exec {lane_end}>&-
    rm "$TMP/lanes"
}

tap_lint() {
    local n=0 what
    for what in layercheck checksrc tpllint format; do
        n=$((n + 1))
        if make -C "$B" -s --no-print-directory "lint-$what" >"$TMP/lint.$what" 2>&1; then
            echo "ok $n - $what"
        else
            echo "not ok $n - $what"
            head -20 "$TMP/lint.$what" | sed 's/^/# /'
        fi
    done
}

# Builds, then runs itself again beside the private clusters that serve the whole run.
cmd_test() {
    if [ "${KADE_TEST_INNER:-}" = 1 ]; then
        with_lanes "$@"
        return
    fi
    install_build_packages
    install_test_packages
    set_paths
    say "Building with sanitizers ..."
    build asan all tests-all
    case "${1:-}" in
    '' | full | full/distcheck | e2e | browser | install)
        say "Building for release ..."
        stage release
        ;;
    esac
    export KADE_TEST_BUILD=$KADE_TOP/build/asan KADE_TEST_SRC=$KADE_TOP KADE_TEST_INNER=1
    sanitizer_options
    with_lanes "$@"
}

# One private cluster and memcached a lane, each started around the next; then the tests. Two programs never share a
# cluster: a transaction that one leaves open holds back the events of all databases in it.
with_lanes() {
    local lanes
    lanes=${KADE_TEST_LANES:-$(nproc)}
    [ -z "${1:-}" ] || [ "$1" = full ] || lanes=1
    if [ -n "${KADE_TEST_PGHOST:-}" ]; then
        export KADE_TEST_SERVERS="${KADE_TEST_SERVERS:-} $KADE_TEST_PGHOST=$KADE_TEST_MEMCACHED"
    fi
    if [ "$(wc -w <<<"${KADE_TEST_SERVERS:-}")" -ge "$lanes" ]; then
        run_kinds "$@"
    else
        unset KADE_TEST_PGHOST
        exec "$KADE_TOP/tests/kit/with-servers" "$KADE_TOP/dev" test "$@"
    fi
}

sanitizer_options() {
    export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:exitcode=99} UBSAN_OPTIONS=print_stacktrace=1
    export LSAN_OPTIONS=suppressions=$KADE_TOP/tools/lsan.suppr:print_suppressions=0
    export CK_DEFAULT_TIMEOUT=120
}

run_kinds() {
    local kinds=("${all_kinds[@]}") full=0 arg=${1:-}
    ONLY=
    set_paths
    B=$KADE_TEST_BUILD
    TMP=$(mktemp -d /tmp/kade-test.XXXXXX)
    chmod 755 "$TMP"
    # shellcheck disable=SC2064
    trap "rm -rf '$TMP'" EXIT
    case "$arg" in
    '') ;;
    full) full=1 ;;
    full/*) full=1 kinds=() ONLY=$arg ;; # one of the parts that only the full run has
    *)
        if printf '%s\n' "${all_kinds[@]}" | grep -qx -- "$arg"; then kinds=("$arg"); else ONLY=$arg; fi
        ;;
    esac
    export KADE_TEST_FULL=$full
    if [ "${kinds[0]-}" = lint ]; then
        ! wanted lint || run_tap lint tap_lint
        kinds=("${kinds[@]:1}")
    fi
    [ ${#kinds[@]} = 0 ] || run_programs "${kinds[@]}"
    [ $full = 0 ] || full_checks
    [ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
    echo "$passed passed, $failed failed"
    [ $failed = 0 ] && [ $passed -gt 0 ]
}

part() { ! wanted "full/$1" || run_tap "full/$1" "${@:2}"; }

# What a release must pass besides. Every part prints its own time; the order is cheap first.
full_checks() {
    local kind
    for kind in clang lto static clang-static; do
        part "build-$kind" tap_build "$kind"
    done
    part distcheck tap_distcheck
    part valgrind tap_valgrind
    part fuzz-60s tap_fuzz
}

# Builds, and the command line of that build loads every module: the compiler matrix. gcc and clang with sanitizers are
# the builds asan and fuzz.
tap_build() {
    local b=$KADE_TOP/build/$1 routes
    if ! (build "$1" all) >"$TMP/build.$1" 2>&1; then
        echo "not ok 1 - builds: $1"
        tail -20 "$TMP/build.$1" | sed 's/^/# /'
        return
    fi
    echo "ok 1 - builds: $1"
    routes=$(env LOCPATH="$B/tests/locales" KADE_APP_STATE_DIR="$TMP" KADE_APP_MODULE_DIR="$b/modules/.libs" KADE_APP_TEMPLATE_DIR="$b/templates" \
        KADE_APP_STATIC_DIR="$b/static" KADE_APP_LOCALE_DIR="$b/locale" KADE_APP_SQL_DIR="$KADE_TOP/sql" "$b/kade" check --routes 2>"$TMP/check.$1")
    case "$routes" in
    */p/{slug:slug}*) echo "ok 2 - its modules load: $1" ;;
    *)
        echo "not ok 2 - its modules load: $1"
        tail -5 "$TMP/check.$1" | sed 's/^/# /'
        ;;
    esac
}

tap_distcheck() {
    if make -C "$KADE_TOP/build/release" -s distcheck >"$TMP/distcheck" 2>&1; then echo "ok 1 - make distcheck"; else
        echo "not ok 1 - make distcheck"
        tail -20 "$TMP/distcheck" | sed 's/^/# /'
    fi
}

# each NAME FILE...: as many at a time as there are processors; a line of TAP each.
each() {
    local what=$1
    shift
    export KADE_TOP B TMP
    # shellcheck disable=SC2016
    printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -n 1 bash -c 'set -u; . "$KADE_TOP/tools/dev/test.sh"; '"$what"' "$1"' - |
        awk '/^(not )?ok / { n++; sub(/ok - /, "ok " n " - ") } { print } END { print "1.." n + 0 }'
}

fuzz_one() {
    local name=${1##*/} t0=$SECONDS
    mkdir -p "$TMP/corpus.$name"
    if "$1" -max_total_time=60 -timeout=10 -rss_limit_mb=2048 "$TMP/corpus.$name" "$KADE_TOP/tests/fuzz/corpus/${name#fuzz_}" >"$TMP/$name" 2>&1; then
        echo "ok - 60 s of $name: $(sed -n 's/^#\([0-9]*\).*DONE.*/\1/p' "$TMP/$name" | tail -1) inputs"
    else
        echo "not ok - $name after $((SECONDS - t0)) s
$(tail -20 "$TMP/$name" | sed 's/^/# /')"
    fi
}

tap_fuzz() {
    local f all=()
    build fuzz all tests-all
    for f in "$KADE_TOP/build/fuzz/tests/fuzz"/fuzz_*; do
        case "$f" in *.o | *.am) continue ;; esac
        [ -f "$f" ] && [ -x "$f" ] && all+=("$f")
    done
    each fuzz_one "${all[@]}"
}

valgrind_one() {
    local name=${1##*/tests/} out b=$KADE_TOP/build/release
    out=$TMP/valgrind.${name//\//-}
    mkdir -p "$out"
    if KADE_TEST_BUILD=$b KADE_TEST_TMP=$out "$b/libtool" --mode=execute valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite --suppressions="$KADE_TOP/tools/valgrind.suppr" "$1" >"$out/out" 2>&1; then
        echo "ok - valgrind $name"
    else
        echo "not ok - valgrind $name
$(grep -A12 '^not ok\|^==' "$out/out" | tail -30 | sed 's/^/# /')"
    fi
}

# Unit and HTTP tests; what each test leaves behind shows when its own process ends. Browser and whole stack are left to
# the sanitizers.
tap_valgrind() {
    local f all=()
    have valgrind || apt_install valgrind
    build release all tests-all
    for f in $(B=$KADE_TOP/build/release programs_of unit) $(B=$KADE_TOP/build/release programs_of http); do
        case "$f" in *.test) continue ;; esac
        all+=("$f")
    done
    each valgrind_one "${all[@]}"
}
