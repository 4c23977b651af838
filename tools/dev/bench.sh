# bench.sh: figures are ratios to a static 30 KB file that the same nginx serves in the same minute, medians of
# interleaved runs. Everything runs in a state folder of its own.
# shellcheck shell=bash

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# wrk with 1 thread and 16 connections: requests per second; any error or non-2xx makes it 0.
rps() {
    local out
    out=$(wrk -t1 -c16 -d"${BENCH_SECONDS:-4}s" "$1" 2>&1)
    case "$out" in *"Non-2xx"* | *"Socket errors"*) say "errors at $1: $(grep -E 'Non-2xx|Socket' <<<"$out")"; echo 0; return ;; esac
    awk '/Requests\/sec/ { print $2 }' <<<"$out"
}

ratio_of() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", (b > 0) ? a / b : 0 }'; }

# bar NAME VALUE BAR: at least.
bar() {
    local verdict=pass
    awk -v v="$2" -v b="$3" 'BEGIN { exit !(v >= b) }' || { verdict=FAIL; bench_failed=1; }
    printf '%-46s %10s   bar >= %-8s %s\n' "$1" "$2" "$3" "$verdict"
}
# bar_most NAME VALUE BAR: at most.
bar_most() {
    local verdict=pass
    awk -v v="$2" -v b="$3" 'BEGIN { exit !(v <= b) }' || { verdict=FAIL; bench_failed=1; }
    printf '%-46s %10s   bar <= %-8s %s\n' "$1" "$2" "$3" "$verdict"
}

# Proportional set size in MB of processes whose command line matches.
pss_mb() {
    local pid total=0 kb
    for pid in "$@"; do
        kb=$(awk '/^Pss:/ { s += $2 } END { print s + 0 }' "/proc/$pid/smaps_rollup" 2>/dev/null || echo 0)
        total=$((total + kb))
    done
    awk -v k=$total 'BEGIN { printf "%.1f", k / 1024 }'
}

bench_instance() { env KADE_STATE="$BENCH/$1" KADE_PORT="$2" "${@:3}"; }

cmd_bench() {
    install_build_packages
    install_test_packages
    set_paths
    stage release
    bench_failed=0
    BENCH=$(mktemp -d /tmp/kade-bench.XXXXXX)
    chmod 755 "$BENCH"
    local p1 p2
    p1=$(free_port)
    p2=$(free_port)
    # shellcheck disable=SC2064
    trap "KADE_STATE=$BENCH/warm '$KADE_TOP/dev' down >/dev/null 2>&1; KADE_STATE=$BENCH/cold '$KADE_TOP/dev' down >/dev/null 2>&1; KADE_STATE=$BENCH/small '$KADE_TOP/dev' down >/dev/null 2>&1; rm -rf '$BENCH'" EXIT
    say "Starting two instances (with and without the fragment cache) ..."
    export KADE_APP_DEVELOPMENT=false
    bench_instance warm "$p1" "$KADE_TOP/dev" up >/dev/null
    bench_instance cold "$p2" env KADE_CACHE_SERVERS= "$KADE_TOP/dev" up >/dev/null
    local what=${1:-all} f
    for f in "$KADE_TOP"/tests/bench/*.sh; do
        [ "$what" = all ] || [ "$what" = "$(basename "$f" .sh)" ] || continue
        WARM=http://127.0.0.1:$p1 COLD=http://127.0.0.1:$p2
        # shellcheck source=/dev/null
        . "$f"
    done
    [ $bench_failed = 0 ]
}
