#!/usr/bin/env bash
# Classical Chinese quatrains, the whole example: a character model from scratch, then PPO by the tonal rules of regulated verse.
# Everything it makes lies in runs/quatrain; words behind the script go to PPO, as in: bash scripts/quatrain.sh --seed 2
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

require_dotnet
cd "$repository"
dotnet build samples/Proxima.Quatrain -c Release -v q --nologo
quatrain() { dotnet artifacts/bin/Proxima.Quatrain/release/quatrain.dll "$@"; }

quatrain prepare data/quatrain/wujue.txt runs/quatrain/model
quatrain sft samples/Proxima.Quatrain/sft.json --overwrite_output_dir true
quatrain ppo samples/Proxima.Quatrain/ppo.json --overwrite_output_dir true "$@"
echo "poems before and after PPO:"
quatrain report runs/quatrain/ppo/eval_out-step0-rank0.jsonl runs/quatrain/ppo/eval_out-step120-rank0.jsonl
