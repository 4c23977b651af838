# kit.bash: what several benchmarks need: one cell of an instance's database, wrk over a list of addresses.
# shellcheck shell=bash disable=SC2154

# cell INSTANCE SQL: asked as superuser, who sees every shop.
cell() { psql -h "$BENCH/$1/run" -U postgres -XAtc "$2" kade; }

# tail_ms URL FILE CONNECTIONS SECONDS: 95th percentile in ms over the addresses of FILE, each asked at most once.
tail_ms() {
    local out
    out=$(wrk -t1 -c"$3" -d"$4s" -s "$KADE_TOP/tests/bench/once.lua" "$1" -- "$2" 2>&1)
    case "$out" in *"Non-2xx"* | *"Socket errors"*) say "errors at $1: $(grep -E 'Non-2xx|Socket' <<<"$out")" ;; esac
    awk '/^p95_ms/ { print $2; found = 1 } END { if (!found) print 999999 }' <<<"$out"
}

# side_by_side STATIC URL...: medians of three interleaved runs, one line "rps ratio" per URL; the static file's
# rate in STATIC_RPS.
side_by_side() {
    local static=$1 url i
    shift
    local -A runs=()
    for i in 1 2 3; do
        runs[$static]+="$(rps "$static") "
        for url in "$@"; do runs[$url]+="$(rps "$url") "; done
    done
    STATIC_RPS=$(tr ' ' '\n' <<<"${runs[$static]}" | grep . | median)
    RATES=()
    for url in "$@"; do RATES+=("$(tr ' ' '\n' <<<"${runs[$url]}" | grep . | median)"); done
}

static_file() {
    [ -s "$BENCH/$1/theme/bench-30k.html" ] ||
        as_server sh -c "head -c 22500 /dev/urandom | base64 -w0 | head -c 30000 > '$BENCH/$1/theme/bench-30k.html'"
}
