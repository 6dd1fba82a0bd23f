#!/usr/bin/env bash
# Measures the machine and then every row of docs/performance.md, in one run: a table, artifacts/bench/bench.json and bench.svg.
#   --quick        leaves out the half-billion model (2 minutes)
#   --one-thread   counts processor time of one thread: for a machine that others use at the same time
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

require_libraries
require_dotnet
cd "$repository"
dotnet build benchmarks/Proxima.Benchmarks -c Release -v q --nologo >&2
exec dotnet artifacts/bin/Proxima.Benchmarks/release/Proxima.Benchmarks.dll bench "$@"
