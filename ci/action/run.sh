#!/usr/bin/env bash
# What action.yml does: gets an archive, checks its checksum, runs the suite, and tells GitHub about
# it (outputs and the job's summary). Ends with the suite's exit code. Needs curl, jq and tar, which
# GitHub's runners have. The inputs are the variables CONFORMANCE_…; see action.yml.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/lavalink-conformance.XXXXXX")
report=$work/report.json

# The verdict, and why. Ends with the exit code of that verdict.
give_up() {
    echo "::error title=Lavalink conformance::$2"
    tell "$1" 0 0 0
    exit "$([[ $1 == usage ]] && echo 2 || echo 3)"
}

# Verdict, passed, failed, percent judged.
tell() {
    {
        echo "verdict=$1"
        echo "passed=$2"
        echo "failed=$3"
        echo "judged=$4"
        echo "report=$report"
    } >>"$GITHUB_OUTPUT"
}

# The name of the archive for this runner.
archive_name() {
    local suffix=tar.gz target
    case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
        Linux-X64) target=x86_64-unknown-linux-musl ;;
        Linux-ARM64) target=aarch64-unknown-linux-musl ;;
        macOS-X64) target=x86_64-apple-darwin ;;
        macOS-ARM64) target=aarch64-apple-darwin ;;
        Windows-X64) target=x86_64-pc-windows-msvc suffix=zip ;;
        *) return 1 ;;
    esac
    echo "lavalink-conformance-${CONFORMANCE_VERSION#v}-$target.$suffix"
}

# Gets the archive and its checksum into $work; says where it is.
fetch() {
    local name from
    if [[ -n ${CONFORMANCE_ARCHIVE:-} ]]; then
        cp "$CONFORMANCE_ARCHIVE" "$CONFORMANCE_ARCHIVE.sha256" "$work/" || return 1
        echo "$work/$(basename "$CONFORMANCE_ARCHIVE")"
        return
    fi
    name=$(archive_name) || return 1
    from=${GITHUB_SERVER_URL:-https://github.com}/$CONFORMANCE_REPOSITORY/releases/download
    for file in "$name" "$name.sha256"; do
        curl -fsSL --retry 3 -o "$work/$file" "$from/v${CONFORMANCE_VERSION#v}/$file" || return 1
    done
    echo "$work/$name"
}

sha256() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -c1-64
}

if [[ -n ${CONFORMANCE_PASSWORD:-} ]]; then
    echo "::add-mask::$CONFORMANCE_PASSWORD"
    export LAVALINK_PASSWORD=$CONFORMANCE_PASSWORD
fi

archive=$(fetch) || give_up not_established "there is no archive ${CONFORMANCE_ARCHIVE:-of $CONFORMANCE_VERSION for this runner in $CONFORMANCE_REPOSITORY}"
if [[ $(sha256 "$archive") != "$(cut -c1-64 "$archive.sha256")" ]]; then
    give_up not_established "$(basename "$archive") does not have the checksum that was published with it"
fi
case $archive in
    *.zip) (cd "$work" && 7z x -bso0 "$archive") ;;
    *) tar -C "$work" -xzf "$archive" ;;
esac
program=
for file in "$work"/*/lavalink-conformance "$work"/*/lavalink-conformance.exe; do
    if [[ -f $file ]]; then program=$file; fi
done
[[ -n $program ]] || give_up not_established "$(basename "$archive") has no lavalink-conformance in it"

options=(--json "$report")
add() { if [[ -n $2 ]]; then options+=("$1" "$2"); fi; }
add --target-file "${CONFORMANCE_TARGET_FILE:-}"
add --url "${CONFORMANCE_URL:-}"
add --baseline "${CONFORMANCE_BASELINE:-}"
add --level "${CONFORMANCE_LEVEL:-}"
if [[ -n ${CONFORMANCE_ARGUMENTS:-} ]]; then
    # Quotes and backslashes as in a shell, and nothing else of one.
    words=$(xargs -n1 printf '%s\n' <<<"$CONFORMANCE_ARGUMENTS") ||
        give_up not_established "a quote in the arguments has no end"
    while IFS= read -r word; do options+=("$word"); done <<<"$words"
fi

# An input made of a variable that is not set would check the bundled server, and be conformant.
case " ${options[*]} " in
    *" --url"[\ =]* | *" --launch"[\ =]* | *" --target-file"[\ =]*) ;;
    *) give_up usage "no server is named: give url or target-file, or --launch in arguments" ;;
esac

code=0
"$program" "${options[@]}" || code=$?

if ! [[ -s $report ]] || ! jq -e 'has("complete")' "$report" >/dev/null 2>&1; then
    # Cut off, or never begun.
    tell "$([[ $code == 2 ]] && echo usage || echo not_established)" 0 0 0
    exit $((code == 0 ? 3 : code))
fi
known='[.scenarios[] | select(.status == "failed" and .known == null)] | length'
tell "$(jq -r .verdict "$report")" "$(jq .totals.passed "$report")" "$(jq "$known" "$report")" \
    "$(jq .judged.percent "$report")"
jq -r -f "$here/summary.jq" "$report" >>"$GITHUB_STEP_SUMMARY"
exit "$code"
