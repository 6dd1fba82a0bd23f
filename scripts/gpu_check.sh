#!/usr/bin/env bash
# Shows on a machine with a GPU what cannot be shown without one (docs/gpu.md). That machine needs a driver, a PyTorch for CUDA, and nothing else.
#   pack [FOLDER]   makes FOLDER/gpu_check (default artifacts/gpu_check) and FOLDER/gpu_check.tar.xz, to be carried there: the command line with .NET, the tests
#                   that need a GPU, the benchmark, and the small models they use; no libtorch
#   run             in the unpacked folder: doctor, the tests, and the benchmark beside a plain PyTorch script of the same step; one table at the end
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

largest_mb=60
usage="usage: bash gpu_check.sh pack [FOLDER] | run"

# Lets programs of the solution share one folder with the runtime.
publish() {
    dotnet publish "$1" -c Release -v q --nologo -r linux-x64 --self-contained -p:ForDistribution=true -p:TorchBackend=external -p:PackAsTool=false \
        -p:CopyLocalLockFileAssemblies=true -p:GenerateRuntimeConfigDevFile=false -p:DebugType=none -p:ArtifactsPath="$2/build" -o "$2/repository/bin"
}

# What .NET loads for text normalisation and for hashes, and a bare machine may lack.
copy_libraries() {
    local library
    for library in icudata icui18n icuuc ssl crypto; do
        cp "$(find /usr/lib /usr/lib64 -name "lib$library.so.[0-9]*" 2>/dev/null | grep -E "\.so\.[0-9]+$" | sort -V | tail -1)" "$1/"
    done
}

pack() {
    source "$here/environment.sh"
    local folder pack project shared bytes
    folder=$(realpath -m "${1:-$repository/artifacts/gpu_check}")
    pack=$folder/gpu_check
    require_libraries
    require_dotnet
    cd "$repository"
    rm -rf "$pack" "$pack.tar.xz"
    mkdir -p "$pack/repository/libraries" "$pack/repository/tests/goldens"
    for project in src/Proxima.Cli tests/Proxima.Gpu.Tests benchmarks/Proxima.Benchmarks; do
        publish "$project" "$pack"
    done
    rm -rf "$pack/build" "$pack/repository/bin/"*.xml
    copy_libraries "$pack/repository/libraries"
    cp Proxima.slnx "$pack/repository/" # by which the tests know the root of the repository
    cp -r models config data "$pack/repository/"
    cp -r tests/goldens/models "$pack/repository/tests/goldens/"
    cp scripts/gpu_check.sh scripts/plain_ppo.py "$pack/"
    for shared in models/stories260k models/stories260k-reward data/stories_prompts data/vader_lexicon.txt; do
        if [[ -e ../shared/$shared ]]; then
            mkdir -p "$pack/shared/$(dirname "$shared")"
            cp -rL --no-preserve=mode "../shared/$shared" "$pack/shared/$shared"
        else
            echo "note: ../shared/$shared is not here; the tests that read it will be skipped" >&2
        fi
    done
    tar -C "$folder" --sort=name --owner=0 --group=0 --mtime=@0 -cJf "$pack.tar.xz" gpu_check
    bytes=$(stat -c %s "$pack.tar.xz")
    echo "$pack.tar.xz: $((bytes / 1000000)) MB, $(du -sm "$pack" | cut -f1) MB unpacked"
    [[ $bytes -le $((largest_mb * 1000000)) ]] || fail "more than $largest_mb MB"
}

# The folder with libtorch: LIBTORCH_DIR, else that of the PyTorch of python3.
find_libtorch() {
    if [[ -n ${LIBTORCH_DIR:-} ]]; then
        echo "$LIBTORCH_DIR"
    else
        python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null
    fi
}

# Runs a program of the pack with the libraries of the pack; Python keeps its own.
packed() {
    local program=$1
    shift
    LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/repository/libraries "$here/repository/bin/$program" "$@"
}

run() {
    if [[ ! -x $here/repository/bin/proxima ]]; then
        echo "error: $here/repository/bin/proxima is not here: run this in the folder that 'pack' makes" >&2
        exit 2
    fi
    if ! LIBTORCH_DIR=$(find_libtorch); then
        echo "error: no libtorch was found: set LIBTORCH_DIR to its folder, or install a PyTorch for CUDA (2.10 or 2.11) for python3" >&2
        exit 2
    fi
    export LIBTORCH_DIR
    local failed=0 doctor tests bench plain=()
    results=$(mktemp -d)
    trap 'rm -rf "$results"' EXIT
    cd "$here/repository"

    echo "== doctor"
    packed proxima doctor | tee "$results/doctor.txt" && doctor=passed || doctor=FAILED
    echo "== tests"
    packed Proxima.Gpu.Tests -noColor -reporter verbose | tee "$results/tests.txt" || true
    tests=$(sed -n 's/.*Total: *\([0-9]*\), Errors: *\([0-9]*\), Failed: *\([0-9]*\), Skipped: *\([0-9]*\).*/\1 tests, \3 failed, \2 errors, \4 skipped/p' "$results/tests.txt" | tail -1)
    if grep -q '^  ok    CUDA  *none' "$results/doctor.txt"; then
        bench="skipped: no GPU"
    else
        echo "== plain PyTorch"
        if python3 "$here/plain_ppo.py" "$results/plain.json"; then
            plain=(--against "$results/plain.json")
        fi
        echo "== benchmark"
        packed Proxima.Benchmarks gpu "${plain[@]}" | tee "$results/bench.txt" && bench="all goals reached" || bench="goals MISSED, or it failed"
    fi

    echo "== what this machine shows"
    [[ -f $results/bench.txt ]] && cat "$results/bench.txt"
    printf '%-10s %s\n' doctor "$doctor" tests "${tests:-they did not run}" benchmark "$bench"
    [[ $doctor == passed && $tests == *" 0 failed, 0 errors"* && $bench != *MISSED* ]] || failed=1
    exit "$failed"
}

case "${1:-}" in
    pack) [[ $# -le 2 ]] || { echo "$usage" >&2; exit 2; }; pack "${2:-}" ;;
    run) [[ $# -eq 1 ]] || { echo "$usage" >&2; exit 2; }; run ;;
    *) echo "$usage" >&2; exit 2 ;;
esac
