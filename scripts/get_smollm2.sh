#!/usr/bin/env bash
# Makes the model folder of SmolLM2-135M-Instruct (271 MB, bf16) from the compressed weights beside the repository.
# usage: bash scripts/get_smollm2.sh [FOLDER]     default artifacts/models/smollm2-135m-instruct
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

source_folder="$repository/../shared/models/smollm2-135m-instruct"
folder=${1:-$repository/artifacts/models/smollm2-135m-instruct}

# A Python with numpy: the first of the path, else the system's own.
python_with_numpy() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import numpy' >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    return 1
}

[[ -f $folder/model.safetensors ]] && exit
[[ -d $source_folder ]] || fail "the compressed weights are missing: expected ../shared/models/smollm2-135m-instruct beside the repository"
python=$(python_with_numpy) || { install_packages python3-numpy && python=/usr/bin/python3; }
mkdir -p "$(dirname "$folder")"
temporary=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$temporary"' EXIT
PYTHONDONTWRITEBYTECODE=1 "$python" "$source_folder/expand_gguf.py" "$source_folder/SmolLM2-135M-Instruct.Q4_1.gguf.xz" "$temporary" >&2
chmod 755 "$temporary"
mv "$temporary" "$folder"
trap - EXIT
echo "$folder"
