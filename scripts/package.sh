#!/usr/bin/env bash
# Makes what can be carried to another machine:
#   FOLDER/Proxima.VERSION.nupkg   a .NET tool; libtorch comes from the package folder of the user or from LIBTORCH_DIR
#   FOLDER/proxima-linux-x64/      a folder that needs neither .NET nor packages: the program, the runtime and libtorch (700 MB)
# usage: bash scripts/package.sh [FOLDER]     default artifacts/package
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

folder=$(realpath -m "${1:-$repository/artifacts/package}")
require_libraries
require_dotnet
cd "$repository"
rm -rf "$folder"
mkdir -p "$folder"

# A build of its own: files that leave this machine do not name its folders.
build=("-p:ForDistribution=true" "-p:ArtifactsPath=$folder/build" -c Release -v q --nologo)
trap 'rm -rf "$folder/build"' EXIT
dotnet pack src/Proxima.Cli "${build[@]}" -o "$folder"
dotnet publish src/Proxima.Cli "${build[@]}" -p:WithLibTorch=true -p:PackAsTool=false -r linux-x64 --self-contained -o "$folder/proxima-linux-x64"
echo "$folder: $(cd "$folder" && du -sh --exclude build -- *.nupkg proxima-linux-x64 | awk '{ printf "%s%s %s", separator, $2, $1; separator = ", " }')"
