#!/usr/bin/env bash
# Installs Proxima in both ways as a user would, in empty folders, and uses it. The last line is "N passed, N failed".
# usage: bash scripts/test_install.sh
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Runs a command whose output must hold a text.
expect() {
    local name=$1 text=$2 output
    shift 2
    output=$("$@" 2>&1)
    if [[ $output == *"$text"* ]]; then
        passed=$((passed + 1))
        echo "ok    $name"
    else
        failed=$((failed + 1))
        echo "FAIL  $name: expected '$text', found:"
        echo "$output" | head -20
    fi
}

packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
if ! bash "$repository/scripts/package.sh" "$work/package"; then
    echo "0 passed, 1 failed"
    exit 1
fi

version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$repository/Directory.Build.props")
model="$repository/models/arithmetic-actor"
question=(generate --model_name_or_path "$model" --temperature 0 --max_dec_len 6 "What is 2 + 3?")
cd "$work"

expect "the tool installs" "proxima" dotnet tool install Proxima --tool-path "$work/tool" --source "$work/package" --version "$version"
expect "the tool knows its version" "proxima $version" "$work/tool/proxima" --version
expect "without libtorch the tool says where it comes from" "dotnet package download libtorch-cpu-linux-x64" \
    env -u LIBTORCH_DIR HOME="$work/home" NUGET_PACKAGES="$work/empty" "$work/tool/proxima" "${question[@]}"
expect "doctor says it too" "dotnet package download libtorch-cpu-linux-x64" \
    env -u LIBTORCH_DIR HOME="$work/home" NUGET_PACKAGES="$work/empty" "$work/tool/proxima" doctor
expect "the tool answers with libtorch from the package folder" "5" env -u LIBTORCH_DIR NUGET_PACKAGES="$packages" "$work/tool/proxima" "${question[@]}"
native=$(echo "$packages"/libtorch-cpu-linux-x64/*/runtimes/linux-x64/native)
expect "the tool answers with libtorch from LIBTORCH_DIR" "5" \
    env LIBTORCH_DIR="$native" HOME="$work/home" NUGET_PACKAGES="$work/empty" "$work/tool/proxima" "${question[@]}"

bare=(env -i "PATH=/usr/bin:/bin" "HOME=$work/home" "NUGET_PACKAGES=$work/empty" "DOTNET_ROOT=$work/empty")
expect "the folder runs without .NET" "proxima $version" "${bare[@]}" "$work/package/proxima-linux-x64/proxima" --version
expect "the folder passes doctor" "checks passed" "${bare[@]}" "$work/package/proxima-linux-x64/proxima" doctor
expect "the folder answers" "5" "${bare[@]}" "$work/package/proxima-linux-x64/proxima" "${question[@]}"
expect "nothing names the machine that built it" "0 files" \
    bash -c "echo \$(grep -rlaF '$repository' '$work/package/proxima-linux-x64' --include='Proxima*.dll' --include=proxima.dll | wc -l) files"

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
