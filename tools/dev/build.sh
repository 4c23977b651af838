# build.sh: autotools out of tree, one folder a kind, and the staged tree servers run from.
# shellcheck shell=bash

configure_args() {
    case "$1" in
    release) echo "" ;;
    asan) echo "--enable-sanitize --enable-fault" ;;
    fuzz) echo "--enable-fuzz" ;;
    clang) echo "" ;;
    static | clang-static) echo "--enable-static-modules --enable-sanitize --enable-fault" ;;
    lto) echo "--enable-lto" ;;
    *) die "unknown build kind '$1': release asan fuzz clang static clang-static lto" ;;
    esac
}

compiler_of() { case "$1" in fuzz | clang | clang-static) echo clang ;; *) echo gcc ;; esac; }

# What a build depends on; used to say "nothing to do" in a blink.
build_inputs=(configure.ac Makefile.am src modules tools templates static locale nginx sql demo systemd tests/kit)

newer_than() {
    local stamp=$1 d paths=()
    [ -e "$stamp" ] || return 0
    for d in "${build_inputs[@]}"; do [ -e "$KADE_TOP/$d" ] && paths+=("$KADE_TOP/$d"); done
    [ -n "$(find "${paths[@]}" -newer "$stamp" -not -name '*~' -print -quit)" ]
}

regenerate() {
    local f stale=0
    if [ ! -e "$KADE_TOP/configure" ] || [ ! -e "$KADE_TOP/Makefile.in" ]; then
        stale=1
    else
        while IFS= read -r f; do
            [ "$f" -nt "$KADE_TOP/Makefile.in" ] && stale=1 && break
        done < <(find "$KADE_TOP" \( -name build -o -name var -o -name .git -o -name node_modules \) -prune -o \
            \( -name '*.am' -o -name configure.ac \) -print)
    fi
    [ $stale = 1 ] || return 0
    local log
    log=$(mktemp)
    (cd "$KADE_TOP" && autoreconf -i >"$log" 2>&1) || { cat "$log" >&2; die "autoreconf failed"; }
    rm -f "$log"
    touch "$KADE_TOP/configure" "$KADE_TOP/Makefile.in"
}

# Two commands in one checkout never build at once. Held until unlock_build, or the end of the command.
lock_build() {
    if [ "${build_locks:-0}" = 0 ]; then
        mkdir -p "$KADE_TOP/build"
        exec 9>"$KADE_TOP/build/.lock"
        flock -n 9 || { say "Waiting for another build in this checkout ..."; flock 9; }
    fi
    build_locks=$((${build_locks:-0} + 1))
}
unlock_build() {
    build_locks=$((build_locks - 1))
    [ $build_locks != 0 ] || exec 9>&-
}

# build KIND [make target...]
build() {
    lock_build
    make_goals "$@"
    unlock_build
}

make_goals() {
    local kind=$1 dir cc cxx
    shift
    dir=$KADE_TOP/build/$kind
    regenerate
    mkdir -p "$dir"
    cc=$(compiler_of "$kind")
    cxx=g++
    [ "$cc" = clang ] && cxx=clang++
    if have ccache; then
        cc="ccache $cc"
        cxx="ccache $cxx"
    fi
    export CCACHE_NOHASHDIR=1
    if [ ! -e "$dir/config.status" ] || [ "$KADE_TOP/configure" -nt "$dir/config.status" ]; then
        # shellcheck disable=SC2046
        (cd "$dir" && ../../configure -q --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
            $(configure_args "$kind") CC="$cc" CXX="$cxx") >&2 || die "configure failed: see build/$kind/config.log"
    elif [ "$KADE_TOP/Makefile.in" -nt "$dir/Makefile" ]; then
        (cd "$dir" && ./config.status -q >&2)
    fi
    # One goal after the other: "all" makes the generated sources that the others include.
    local goal
    for goal in "$@"; do
        make -C "$dir" -s -j"$(nproc)" --no-print-directory "$goal" >&2 || die "build failed (build/$kind)"
    done
}

# Builds KIND and installs it into DIST when anything changed since the last time.
stage() {
    local kind=$1 stamp
    stamp=$DIST.stamp
    newer_than "$stamp" || return 0
    lock_build
    touch "$stamp.new" 2>/dev/null || { mkdir -p "$(dirname "$stamp")"; touch "$stamp.new"; }
    say "Building ($kind) ..."
    build "$kind" all
    rm -rf "$DIST.new"
    make -C "$KADE_TOP/build/$kind" -s --no-print-directory install DESTDIR="$DIST.new" >/dev/null || die "install failed"
    # Replace file by file: running programs keep their open files.
    mkdir -p "$DIST"
    # What is not installed any more goes (a migration that was renamed would run twice), but for assets: pages
    # that are open name them by their content.
    (cd "$DIST" && find . \( -type f -o -type l \) -not -path './usr/share/kade/static/*' -print0 |
        while IFS= read -r -d '' f; do [ -e "$DIST.new/$f" ] || [ -L "$DIST.new/$f" ] || rm -f "$f"; done)
    (cd "$DIST.new" && find . -type d -exec mkdir -p "$DIST/{}" \; &&
        find . \( -type f -o -type l \) -print0 | while IFS= read -r -d '' f; do mv -f "$f" "$DIST/$f"; done)
    rm -rf "$DIST.new"
    chmod -R a+rX "$DIST"
    mv "$stamp.new" "$stamp"
    unlock_build
}

cmd_build() {
    install_build_packages
    local kind=${1:-release}
    [ "$(compiler_of "$kind")" = gcc ] || install_test_packages
    build "$kind" all
    say "Built: build/$kind"
}

cmd_lint() {
    install_build_packages
    install_test_packages
    build asan lint
}
