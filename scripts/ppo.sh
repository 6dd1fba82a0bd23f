#!/usr/bin/env bash
# Trains with PPO: builds what changed and runs "proxima ppo" from the repository's root.
# Relative paths in the config and in its overrides are read from there.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

if [[ $# -eq 0 ]]; then
    cat >&2 <<'USAGE'
usage: bash scripts/ppo.sh CONFIG.json [--key value ...]

  bash scripts/ppo.sh config/stories_happy.json              teaches a small model happy endings, in minutes
  bash scripts/ppo.sh config/ppo.json --learning_rate 1e-5   a config of your own, with one setting changed
  bash scripts/ppo.sh --help                                 all settings
USAGE
    exit 2
fi

# A config given from another folder is found there.
words=("$@")
if [[ ${words[0]} != -* && -f ${words[0]} && $PWD != "$repository" ]]; then
    words[0]=$(realpath "${words[0]}")
fi

require_dotnet
build_command_line
exec_proxima ppo "${words[@]}"
