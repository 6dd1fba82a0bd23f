#!/usr/bin/env bash
# Trains with PPO: builds what changed and runs "proxima ppo" from the repository's root.
# Relative paths in the config and in its overrides are read from there.
# Without arguments: the default run, from the models and data of the repository to a report with curves, in a new folder.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

# The default run and its report.
default_run() {
    local folder models=models/arithmetic-actor curve
    folder=runs/arithmetic-$(date +%Y%m%d-%H%M%S)
    run_proxima ppo config/arithmetic.json --output_dir "$folder"

    echo
    echo "== The actor after training (model 1) and before (model 2), on held-out dialogues"
    run_proxima eval --model_name_or_path "$folder/actor" --compare_model_name_or_path "$models" \
        --eval_task_config config/task_arithmetic_eval.json --reward_function exact_answer --max_dec_len 6 \
        --per_device_eval_batch_size 256 --examples 8 --output_file "$folder/before_after.json"

    cd "$repository"
    for curve in reward_mean kl_per_seq; do
        dotnet run --project tools/Proxima.Curves -c Release -v q -- "$folder/$curve.svg" "${titles[$curve]}" "eval/$curve" "this run=$folder"
    done

    cat <<REPORT

== Where everything is
  $folder/actor                 the trained model, a Hugging Face folder
  $folder/before_after.json     every answer of both models
  $folder/reward_mean.svg       right answers over the steps; kl_per_seq.svg: how far the actor moved
  $folder/metrics.jsonl         every number of every step (docs/metrics.md); runs/ holds the same for TensorBoard
  $folder/samples.jsonl.gz      answers of each step, token by token

== What to try next
  ask it:            dotnet artifacts/bin/Proxima.Cli/release/proxima.dll generate --model_name_or_path $folder/actor "What is 7 + 6?"
  other settings:    bash scripts/ppo.sh config/arithmetic.json --output_dir runs/second --kl_coeff 0.1
  a bigger example:  bash scripts/ppo.sh config/stories_happy.json
  your own models:   copy config/ppo.json; docs/configuration.md lists every setting
REPORT
}

declare -A titles=(
    [reward_mean]="Right answers on held-out dialogues"
    [kl_per_seq]="KL to the actor before training, per answer"
)

require_dotnet
build_command_line
if [[ $# -eq 0 ]]; then
    default_run
    exit
fi

# A config given from another folder is found there.
words=("$@")
if [[ ${words[0]} != -* && -f ${words[0]} && $PWD != "$repository" ]]; then
    words[0]=$(realpath "${words[0]}")
fi

exec_proxima ppo "${words[@]}"
