# page.sh: the product page against a static file of 30 KB, warm and with fragments off, of a product with one
# variant and of one with three; memory of the workers.
# shellcheck shell=bash disable=SC2154
# shellcheck source=tests/bench/kit.bash
. "$KADE_TOP/tests/bench/kit.bash"

bench_page() {
    local static=$WARM/theme/bench-30k.html one=/p/wall-clock three=/p/stoneware-mug-350-ml path
    static_file warm
    for path in "$one" "$three"; do
        curl -sf -o /dev/null "$WARM$path" && curl -sf -o /dev/null "$COLD$path" || { say "no $path"; bench_failed=1; return; }
    done
    side_by_side "$static" "$WARM$one" "$WARM$three" "$COLD$one" "$COLD$three"
    echo "static file $STATIC_RPS/s; $one warm ${RATES[0]}/s, fragments off ${RATES[2]}/s ($(curl -s "$WARM$one" | wc -c) bytes);" \
        "$three warm ${RATES[1]}/s, fragments off ${RATES[3]}/s ($(curl -s "$WARM$three" | wc -c) bytes)"
    bar "product, one variant, warm : static" "$(ratio_of "${RATES[0]}" "$STATIC_RPS")" 0.10
    bar "product, three variants, warm : static" "$(ratio_of "${RATES[1]}" "$STATIC_RPS")" 0.10
    bar "product, one variant, fragments off : static" "$(ratio_of "${RATES[2]}" "$STATIC_RPS")" 0.04
    bar "product, three variants, fragments off : static" "$(ratio_of "${RATES[3]}" "$STATIC_RPS")" 0.04
}

# Requests answered by wrk in so many seconds.
requests_in() { wrk -t1 -c16 -d"$1s" "$2" | awk '/requests in/ { print $1 }'; }

bench_memory() {
    local pids one first later n=0 round
    pids=$(pgrep -f "kade-master --config $BENCH/warm/kade.conf" | tr '\n' ' ')
    while [ "$n" -lt 10000 ]; do n=$((n + $(requests_in 3 "$WARM/"))); done
    first=$(worst_worker "$pids")
    n=0
    for round in 1 2 3 4 5 6 7 8 9 10; do
        [ "$n" -lt 100000 ] || break
        n=$((n + $(requests_in 10 "$WARM/")))
    done
    later=$(worst_worker "$pids")
    bar_most "PSS of the largest process, MB" "$first" 16
    bar_most "its growth over the next $n requests, MB" "$(awk -v a="$later" -v b="$first" 'BEGIN { print (a > b) ? a - b : 0 }')" 1
    # shellcheck disable=SC2086
    one=$(pss_mb $pids $(pgrep -f "$BENCH/warm" | tr '\n' ' '))
    bar_most "whole stack, PSS in MB" "$one" 200
}

worst_worker() {
    local pid
    for pid in $1; do pss_mb "$pid"; echo; done | sort -n | tail -1
}

bench_page
bench_memory
