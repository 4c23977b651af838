# plans.sh: 50,000 products, then the plan of every statement that promises an index, chosen by the planner
# itself. Nothing is forced here; the tests force it off to see that an index can serve.
# shellcheck shell=bash disable=SC2154
bench_plans() {
    local out bad=0 t0=$SECONDS
    KADE_STATE=$BENCH/warm "$KADE_TOP/dev" kade demo load --products 50000 >/dev/null 2>&1 || bad=1
    echo "demo load --products 50000: $((SECONDS - t0)) s"
    build release tests/bench/plans
    if ! out=$("$KADE_TOP/build/release/tests/bench/plans" "$BENCH/warm/kade.conf"); then
        bad=$((bad + 1))
    fi
    printf '%s\n' "$out" | tail -20
    bar_most "faults found in the plans of all statements" "$bad" 0
}
bench_plans
