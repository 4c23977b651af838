# tap.sh: the Test Anything Protocol for shell tests. Source it; finish with tap_done.
# shellcheck shell=bash
tap_n=0
tap_bad=0
ok() {
    tap_n=$((tap_n + 1))
    echo "ok $tap_n - $1"
}
not_ok() {
    tap_n=$((tap_n + 1))
    tap_bad=$((tap_bad + 1))
    echo "not ok $tap_n - $1"
    [ -z "${2:-}" ] || printf '%s\n' "$2" | head -20 | sed 's/^/# /'
}
# check NAME COMMAND...: passes when the command succeeds.
check() {
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then ok "$name"; else not_ok "$name" "$out"; fi
}
# equal NAME WANTED GOT
equal() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "wanted: $2"$'\n'"got:    $3"; fi; }
# has NAME NEEDLE TEXT
has() { case "$3" in *"$2"*) ok "$1" ;; *) not_ok "$1" "no '$2' in: $(printf '%s' "$3" | head -c 600)" ;; esac; }
# lacks NAME NEEDLE TEXT
lacks() { case "$3" in *"$2"*) not_ok "$1" "'$2' found" ;; *) ok "$1" ;; esac; }
tap_done() {
    echo "1..$tap_n"
    [ $tap_bad = 0 ]
}
