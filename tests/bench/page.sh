# page.sh: the product page against a static file of 30 KB, warm and with fragments off; memory of the workers.
# shellcheck shell=bash disable=SC2154
bench_page() {
    local static product i s=() w=() c=() ms mw mc
    static=$WARM/theme/bench-30k.html
    as_server sh -c "head -c 22500 /dev/urandom | base64 -w0 | head -c 30000 > '$BENCH/warm/theme/bench-30k.html'"
    product=/p/$(curl -s "$WARM/" | grep -o 'href="/p/[^"]*"' | head -1 | sed 's|href="/p/||; s|"||')
    curl -sf -o /dev/null "$WARM$product" && curl -sf -o /dev/null "$COLD$product"
    for i in 1 2 3; do
        s+=("$(rps "$static")")
        w+=("$(rps "$WARM$product")")
        c+=("$(rps "$COLD$product")")
    done
    ms=$(printf '%s\n' "${s[@]}" | median)
    mw=$(printf '%s\n' "${w[@]}" | median)
    mc=$(printf '%s\n' "${c[@]}" | median)
    echo "static file $ms/s, product page warm $mw/s, fragments off $mc/s ($product, $(curl -s "$WARM$product" | wc -c) bytes)"
    bar "product page, warm fragment cache : static" "$(ratio_of "$mw" "$ms")" 0.10
    bar "product page, fragments off : static" "$(ratio_of "$mc" "$ms")" 0.04
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
