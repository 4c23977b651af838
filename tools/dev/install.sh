# install.sh: Debian packages. A tool counts as installed when its command or header is there.
# shellcheck shell=bash

as_root() { if is_root; then "$@"; elif have sudo; then sudo "$@"; else die "needs root or sudo for: $*"; fi; }

apt_install() {
    [ $# -gt 0 ] || return 0
    say "Installing: $*"
    # Debian's PostgreSQL package would start a cluster of its own; ours is private.
    if [ ! -e /etc/postgresql-common/createcluster.conf ] && ! have psql; then
        as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    local log
    log=$(mktemp)
    if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
        tail -20 "$log" >&2
        die "apt-get install failed"
    fi
    rm -f "$log"
}

# Lines "package test": the test is a command name, or a path when it starts with /.
missing_packages() {
    local pkg probe
    while read -r pkg probe; do
        case "$pkg" in '' | '#'*) continue ;; esac
        case "$probe" in
        /*) compgen -G "$probe" >/dev/null || echo "$pkg" ;;
        *) have "$probe" || echo "$pkg" ;;
        esac
    done <"$KADE_TOP/tools/dev/$1"
}

install_from() {
    local list
    list=$(missing_packages "$1")
    # shellcheck disable=SC2086
    [ -z "$list" ] || apt_install $list
}

install_build_packages() { install_from packages.build; }
install_test_packages() { install_from packages.test; }
