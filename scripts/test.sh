#!/usr/bin/env bash
# Everything that has to hold: build without warnings, formatting, all tests. The last line is "N passed, N failed".
#   --quick   leaves out the tests that train (trait Speed=Slow) and the long ones
#   --full    adds the long ones (trait Speed=Long), and installs Proxima as a user would (scripts/test_install.sh)
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

case "${1:-}" in
    "") filter='Speed!=Long' ;;
    --quick) filter='Speed!=Long&Speed!=Slow' ;;
    --full) filter='' ;;
    *) fail "usage: bash scripts/test.sh [--quick|--full]" ;;
esac
[[ $# -le 1 ]] || fail "usage: bash scripts/test.sh [--quick|--full]"

cd "$repository"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# What single tests need: a browser for the dashboard, shells for their completion. Without them those tests are skipped with the reason.
install_for_tests() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    command -v zsh >/dev/null || missing+=(zsh)
    command -v fish >/dev/null || missing+=(fish)
    [[ ${#missing[@]} -eq 0 ]] || (install_packages "${missing[@]}") || echo "not installed: ${missing[*]}; the tests that need them are skipped"
}

# Runs one step before the tests; a failure ends the script.
step() {
    local name=$1
    shift
    echo "== $name"
    if ! ("$@"); then
        echo "error: $name failed" >&2
        echo "0 passed, 1 failed"
        exit 1
    fi
}

step "libraries" require_libraries
step "browser and shells" install_for_tests
step "MPI" offer_mpi
step "SDK" require_dotnet
step "restore" dotnet restore Proxima.slnx -v q
step "build" dotnet build Proxima.slnx -c Release --no-restore -warnaserror -v q --nologo
step "format" dotnet format Proxima.slnx --verify-no-changes --no-restore

failed_projects=0
for project in tests/*.Tests; do
    echo "== $(basename "$project")"
    dotnet test "$project" -c Release --no-build --nologo -v q ${filter:+--filter "$filter"} \
        --logger "console;verbosity=minimal" --logger "trx;LogFileName=$(basename "$project").trx" --results-directory "$results" || failed_projects=$((failed_projects + 1))
done

# Adds up one counter of the result files.
count() {
    cat "$results"/*.trx 2>/dev/null | grep -oE "<Counters [^>]*" | grep -oE " $1=\"[0-9]+" | grep -oE "[0-9]+$" | awk '{ sum += $1 } END { print sum + 0 }'
}

# How many tests were skipped for each reason.
skip_reasons() {
    cat "$results"/*.trx 2>/dev/null | awk '
        /outcome="NotExecuted"/ { skipped = 1 }
        skipped && /<Message>/ { gsub(/.*<Message>|<\/Message>.*/, ""); print; skipped = 0 }' | sort | uniq -c
}

passed=$(count passed)
failed=$(count failed)
if [[ ${1:-} == --full ]]; then
    echo "== installing as a tool and as a folder"
    installed=$(bash scripts/test_install.sh)
    echo "$installed"
    passed=$((passed + $(grep -oE '^[0-9]+ passed' <<<"$installed" | tail -1 | grep -oE '[0-9]+' || echo 0)))
    failed=$((failed + $(grep -oE '[0-9]+ failed$' <<<"$installed" | tail -1 | grep -oE '[0-9]+' || echo 1)))
fi
skipped=$(($(count total) - $(count executed)))
if [[ $skipped -gt 0 ]]; then
    echo "== skipped, by reason"
    skip_reasons
fi
if [[ $failed -lt $failed_projects ]]; then
    echo "error: a test project ended without a result, see above" >&2
    failed=$failed_projects
fi
if [[ $passed -eq 0 && $failed -eq 0 ]]; then
    echo "error: no test ran" >&2
    failed=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
