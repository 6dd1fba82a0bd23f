#!/usr/bin/env bash
# Makes the models of the default run from nothing: writes the dialogues, teaches a tiny model sums, then makes a careless actor of it with
# replies of which many are wrong, and a reward model with comparisons. The same machine makes the same models; others differ by rounding.
# usage: bash scripts/make_default_models.sh [FOLDER]     default models
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

models=$(realpath -m "${1:-$repository/models}")
work=artifacts/arithmetic

require_dotnet
build_command_line
cd "$repository"
rm -rf "$work"
mkdir -p "$work"
dotnet run --project tools/Proxima.Arithmetic -c Release -v q -- training "$work"
for data in sft careless preferences; do
    echo "[{\"filepath\": \"${data}_train.jsonl\"}]" >"$work/task_$data.json"
done

run_proxima sft config/arithmetic_sft.json --output_dir "$work/first"
run_proxima sft config/arithmetic_sft.json --init_from_config none --model_name_or_path "$work/first/model" --learning_rate 2e-3 --output_dir "$work/second"
run_proxima sft config/arithmetic_sft.json --init_from_config none --model_name_or_path "$work/second/model" --learning_rate 1e-3 --max_steps 200 \
    --train_task_config "$work/task_careless.json" --output_dir "$work/careless"
run_proxima reward config/arithmetic_reward.json --output_dir "$work/reward"

# Copies a model beside its card, in place of an older one.
take() {
    mkdir -p "$2"
    cp "$1"/*.json "$1"/*.safetensors "$2"
}
take "$work/careless/model" "$models/arithmetic-actor"
take "$work/reward/model" "$models/arithmetic-reward"
run_proxima eval --model_name_or_path "$models/arithmetic-actor" --eval_task_config config/task_arithmetic_eval.json \
    --reward_function exact_answer --max_dec_len 6 --num_return_sequences 4 --examples 0
echo "the default models are in $models/arithmetic-actor and $models/arithmetic-reward"
