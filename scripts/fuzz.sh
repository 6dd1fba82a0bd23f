#!/usr/bin/env bash
# Fuzzes the readers of files that others wrote, with SharpFuzz under AFL++ (docs/reliability.md).
#   bash scripts/fuzz.sh SECONDS [TARGET...]     each target for so many seconds, all eight by default
# Findings and counts lie in artifacts/fuzz/findings/TARGET; a file worth keeping goes to tests/fuzz/TARGET, which the tests replay.
# Needs afl-fuzz (Debian: afl++). One core, at the lowest priority; a second call goes on from what the first one found.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
cd "$repository"

[[ "${1:-}" =~ ^[0-9]+$ ]] || fail "usage: bash scripts/fuzz.sh SECONDS [TARGET...]"
command -v afl-fuzz > /dev/null || fail "afl-fuzz is missing; install AFL++ (Debian: apt-get install afl++)"
require_dotnet
seconds=$1
shift
if [[ $# -eq 0 ]]; then
    set -- $(cd tests/fuzz && ls -d */ | tr -d /)
fi

tools=artifacts/fuzz/tools
program=artifacts/fuzz/program
[[ -x $tools/sharpfuzz ]] || dotnet tool install --tool-path "$tools" SharpFuzz.CommandLine --version 2.3.0
dotnet build tests/Proxima.Fuzz -c Release -v q --nologo
rm -rf "$program"
cp -r artifacts/bin/Proxima.Fuzz/release "$program"
for part in Core Text Data Models; do
    "$tools/sharpfuzz" "$program/Proxima.$part.dll"
done

# More than a gigabyte of managed memory is a crash, more than a second a hang.
export DOTNET_GCHeapHardLimit=0x40000000 AFL_HANG_TMOUT=1000
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_AUTORESUME=1
export AFL_IGNORE_SEED_PROBLEMS=1 AFL_FAST_CAL=1
if [[ -d /dev/shm ]]; then
    TMPDIR=$(mktemp -d /dev/shm/proxima-fuzz-XXXXXX)
    export TMPDIR
    trap 'rm -rf "$TMPDIR"' EXIT
fi

for target in "$@"; do
    findings=artifacts/fuzz/findings/$target
    mkdir -p "$findings"
    nice -n 19 afl-fuzz -i "tests/fuzz/$target" -o "$findings" -m none -t 2000 -V "$seconds" -- \
        dotnet "$program/Proxima.Fuzz.dll" "$target" > "$findings/log.txt" 2>&1 || echo "$target: afl-fuzz ended with an error, see $findings/log.txt"
    awk -F ' *: *' -v target="$target" '
        $1 == "execs_done" || $1 == "saved_crashes" || $1 == "saved_hangs" { value[$1] = $2 }
        END { printf "%-16s %12d executions %4d crashes %4d hangs\n", target, value["execs_done"], value["saved_crashes"], value["saved_hangs"] }' \
        "$findings/default/fuzzer_stats"
done
