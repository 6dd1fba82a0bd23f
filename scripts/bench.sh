#!/usr/bin/env bash
# Measures the machine and then every row of docs/performance.md, in one run: a table, artifacts/bench/bench.json and bench.svg.
#   --quick        leaves out the half-billion model
#   --memory       1,000 PPO steps, and whether resident memory grows, in place of all else
#   --only TEXT    the groups of rows whose name holds a text, such as training or 15M
#   --one-thread   counts processor time of one thread: for a machine that others use at the same time
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

require_libraries
require_dotnet
cd "$repository"
dotnet build benchmarks/Proxima.Benchmarks -c Release -v q --nologo >&2
exec dotnet artifacts/bin/Proxima.Benchmarks/release/Proxima.Benchmarks.dll bench "$@"
