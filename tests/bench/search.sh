# search.sh: searches and suggestions at 50,000 products, what they cost beside 1,000, and how long a change takes
# to be found. No query comes twice, and none is stored.
# shellcheck shell=bash disable=SC2154

# KIND URL CONNECTIONS FIRST: "p95 mean errors", in milliseconds.
latency_of() {
    wrk -t1 -c"$3" -d"${BENCH_SECONDS:-4}s" -s "$KADE_TOP/tests/bench/search.lua" "$2" -- "$1" \
        "$KADE_TOP/demo/bulk" "$4" | awk '/^p95/ { print $2, $4, $6 }'
}

load_products() { KADE_STATE=$BENCH/$1 "$KADE_TOP/dev" kade demo load --products "$2" >/dev/null 2>&1; }

# Milliseconds from the end of an import to the first answer that shows it; 10000: not within ten seconds.
lag_ms() {
    local csv=$BENCH/lag.csv word=zyxquartz$RANDOM t0 n
    printf 'SKU,Name,Regular price,Categories,In stock?\nLAG-%s,%s lamp,100,Lag,1\n' "$word" "$word" >"$csv"
    chmod 644 "$csv"
    KADE_STATE=$BENCH/warm "$KADE_TOP/dev" kade import products "$csv" --tenant demo >/dev/null 2>&1 || { echo 10000; return; }
    t0=$(date +%s%3N)
    for n in $(seq 1 400); do
        if curl -s "$WARM/search?q=$word" | grep -q "data-sku=\"LAG-"; then break; fi
        [ "$n" -lt 400 ] || { echo 10000; return; }
        sleep 0.02
    done
    echo $(($(date +%s%3N) - t0))
}

bench_search() {
    local p95 mean errors i small=() large=() first=1000
    load_products cold 1000
    load_products warm 50000
    latency_of search "$WARM" 4 500 >/dev/null
    read -r p95 mean errors < <(latency_of search "$WARM" 4 $first)
    bar_most "search, two words and three filters, p95 ms" "$p95" 60
    bar_most "its errors" "$errors" 0
    read -r p95 mean errors < <(latency_of suggest "$WARM" 4 $first)
    bar_most "suggestions, p95 ms" "$p95" 15
    bar_most "their errors" "$errors" 0
    for i in 1 2 3 4 5; do # interleaved
        first=$((i * 100000))
        small+=("$(latency_of search "$COLD" 1 $first | cut -d' ' -f2)")
        large+=("$(latency_of search "$WARM" 1 $first | cut -d' ' -f2)")
    done
    mean=$(ratio_of "$(printf '%s\n' "${large[@]}" | median)" "$(printf '%s\n' "${small[@]}" | median)")
    bar_most "search, 50,000 products : 1,000" "$mean" 3
    bar_most "a change is found after, ms" "$(lag_ms)" 2000
}
bench_search
