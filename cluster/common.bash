# What the scripts in this folder share. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# say LINE…: what happens now.
say() { printf '%s\n' "$*"; }

# die LINE: what is wrong, in one line that says what to do.
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# is_installed PACKAGE
is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# show_progress: turns what apt-get tells of itself (APT::Status-Fd) into a count, in one line of a
# terminal or else in a line for each tenth.
show_progress() {
    local kind percent what shown=
    while IFS=: read -r kind _ percent _; do
        case $kind in
            dlstatus) what=fetched ;;
            pmstatus) what=installed ;;
            *) continue ;;
        esac
        percent=${percent%%.*}
        [[ -t 1 ]] || percent=$((percent / 10 * 10))
        [[ "$what $percent" != "$shown" ]] || continue
        shown="$what $percent"
        if [[ -t 1 ]]; then
            printf '\r  %-9s %3d %%' "$what" "$percent"
        else
            printf '  %-9s %3d %%\n' "$what" "$percent"
        fi
    done
    [[ -z $shown || ! -t 1 ]] || printf '\n'
}

# need_packages "PACKAGE what it is for"…: installs the Debian packages that are missing, after saying
# which and why; asks first when it needs sudo.
need_packages() {
    local line missing=()
    command -v dpkg-query >/dev/null || return 0
    for line in "$@"; do
        is_installed "${line%% *}" || missing+=("$line")
    done
    ((${#missing[@]} > 0)) || return 0
    say "These Debian packages are missing:"
    for line in "${missing[@]}"; do
        printf '  %-24s %s\n' "${line%% *}" "${line#* }"
    done
    local names=("${missing[@]%% *}") as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null \
            || die "install them as root: apt-get install ${names[*]}"
        local answer=
        if [[ -t 0 ]]; then
            read -r -p "Install them with sudo apt-get? [y/N] " answer
        fi
        [[ $answer == [yY]* ]] || die "install them yourself: sudo apt-get install ${names[*]}"
        as_root=(sudo)
    fi
    say "Installing them with apt-get."
    "${as_root[@]}" apt-get -qq update || die "apt-get update failed; is there a network?"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends -o APT::Status-Fd=1 "${names[@]}" \
        | show_progress \
        || die "apt-get could not install ${names[*]}; its messages are above"
}

# What building needs.
need_build_packages() {
    need_packages \
        "librocksdb-dev keeps every shard on disk (RocksDB)" \
        "libssl-dev encrypts the store, seals gossip, hashes secrets (libcrypto)" \
        "liblz4-dev packs snapshots and large frames between nodes (LZ4)" \
        "libstdc++-12-dev the C++ library, for one small file beside RocksDB" \
        "pkg-config tells the compiler where these libraries are" \
        "nodejs runs the script that bundles the browser client" \
        "esbuild bundles the browser client" \
        "node-typescript checks the browser client's types" \
        "node-react draws the browser client" \
        "node-react-dom draws the browser client" \
        "fonts-roboto-unhinted the browser client's font" \
        "fonttools takes the glyphs from it that are needed" \
        "python3-brotli packs the font" \
        "zopfli packs the browser client" \
        "curl asks the nodes whether they are ready"
    command -v swift >/dev/null \
        || die "swift is missing; install Swift 6.3 from https://www.swift.org/install and repeat"
}

# build_web: bundles the browser client if anything of it has changed.
build_web() {
    local made=$root/Sources/CWebAssets/dist/manifest.inc
    if [[ -f $made && -z $(find "$root/Sources/WebClient" -path '*/build' -prune -o -type f \
        -newer "$made" -print -quit) ]]; then
        return 0
    fi
    say "Bundling the browser client."
    node "$root/Sources/WebClient/build.mjs" \
        || die "the browser client could not be bundled; the messages are above"
}

# build_release PRODUCT…: builds; SwiftPM shows the progress itself.
build_release() {
    local product
    for product in "$@"; do
        say "Building $product in release (the first time takes some minutes)."
        swift build --package-path "$root" -c release --product "$product" \
            || die "the build of $product failed; the compiler's messages are above"
    done
}

# release_binary PRODUCT: where it was built.
release_binary() {
    printf '%s/%s\n' "$(swift build --package-path "$root" -c release --show-bin-path)" "$1"
}
