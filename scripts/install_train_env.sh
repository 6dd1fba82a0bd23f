#!/usr/bin/env bash
# Installs or checks what training needs, builds, and ends with "proxima doctor".
#   cpu   libtorch comes with the packages
#   gpu   a libtorch built for CUDA: in LIBTORCH_DIR, or in the PyTorch of python3
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

# The folder with libtorch_cuda.so; fails with the cure when there is none.
find_cuda_libtorch() {
    local place
    for place in "${LIBTORCH_DIR:-}" "${LIBTORCH_DIR:+$LIBTORCH_DIR/lib}" "$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null || true)"; do
        if [[ -n $place && -f $place/libtorch_cuda.so ]]; then
            echo "$place"
            return
        fi
    done
    fail "no libtorch for CUDA was found: set LIBTORCH_DIR to a folder with libtorch_cuda.so, or install a PyTorch for CUDA for python3"
}

case "${1:-}" in
    cpu | gpu) ;;
    *) fail "usage: bash scripts/install_train_env.sh cpu|gpu" ;;
esac

require_libraries
require_dotnet
if [[ $1 == gpu ]]; then
    LIBTORCH_DIR=$(find_cuda_libtorch)
    export LIBTORCH_DIR
    echo "libtorch for CUDA: $LIBTORCH_DIR"
    echo "before training: export LIBTORCH_DIR=$LIBTORCH_DIR"
fi

build_command_line
exec_proxima doctor
