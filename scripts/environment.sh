# Sourced by the other scripts: what they need of the machine, and the build.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
    echo "error: $*" >&2
    exit 2
}

# Runs a command as root.
as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 1
    fi
}

# Installs Debian packages; tells which when that is not possible here.
install_packages() {
    local cure="install $* with the system's package manager and run this again"
    command -v apt-get >/dev/null || fail "this system has no apt-get: $cure"
    as_root apt-get update -q >/dev/null || fail "the package lists cannot be read: $cure"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null || fail "$cure"
}

has_library() {
    local known
    known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)
    [[ $known == *"$1"* ]] || compgen -G "/usr/lib/*/$1*" >/dev/null || compgen -G "/usr/lib64/$1*" >/dev/null
}

# Native libraries that the runtime and libtorch load. ICU's package carries its version in its name.
require_libraries() {
    has_library libgomp.so.1 || install_packages libgomp1
    has_library libstdc++.so.6 || install_packages libstdc++6
    has_library libicuuc.so || install_packages "$(newest_package '^libicu[0-9]+$' libicu-dev)"
}

# Open MPI and MPICH, for the tests that start several ranks. Without them those tests are skipped and say so.
offer_mpi() {
    command -v mpirun.openmpi >/dev/null && command -v mpirun.mpich >/dev/null && return
    (install_packages openmpi-bin mpich) || echo "the tests of several ranks will be skipped" >&2
}

# The last of the packages whose name matches a pattern, or another one where none does.
newest_package() {
    local found
    as_root apt-get update -q >/dev/null 2>&1 || true
    found=$(apt-cache search --names-only "$1" 2>/dev/null | cut -d' ' -f1 | sort -V | tail -1)
    echo "${found:-$2}"
}

# The .NET SDK that global.json asks for.
require_dotnet() {
    local version
    version=$(sed -n 's/.*"version": *"\([0-9]*\.[0-9]*\).*/\1/p' "$repository/global.json")
    if ! command -v dotnet >/dev/null && apt-cache show "dotnet-sdk-$version" >/dev/null 2>&1; then
        install_packages "dotnet-sdk-$version"
    fi
    command -v dotnet >/dev/null || fail "the .NET SDK $version is missing: install the package dotnet-sdk-$version of your distribution or of Microsoft, so that 'dotnet --version' works"
    (cd "$repository" && dotnet --version >/dev/null 2>&1) || fail "the .NET SDK $version is missing, there is only: $(dotnet --list-sdks | tr '\n' ' ')"
}

# Builds the command line in Release, unless nothing changed since it was built.
build_command_line() {
    local stamp="$repository/artifacts/command_line.stamp"
    mkdir -p "$repository/artifacts"
    exec 9>"$repository/artifacts/command_line.lock"
    flock 9 # several ranks of a host come here at once
    if [[ -f $stamp && -z $(find "$repository/src" "$repository"/Directory.* "$repository/global.json" -newer "$stamp" -print -quit) ]]; then
        exec 9>&-
        return
    fi
    echo "building proxima ..." >&2
    local output
    if ! output=$(dotnet build "$repository/src/Proxima.Cli" -c Release -v q --nologo 2>&1 9>&-); then # a compiler server that stays would keep the lock
        echo "$output" >&2
        fail "the build failed, see above"
    fi
    touch "$stamp"
    exec 9>&-
}

# Runs proxima from the repository's root.
run_proxima() {
    (cd "$repository" && exec dotnet artifacts/bin/Proxima.Cli/release/proxima.dll "$@")
}

# Runs proxima in place of this script, from the repository's root.
exec_proxima() {
    cd "$repository"
    exec dotnet artifacts/bin/Proxima.Cli/release/proxima.dll "$@"
}
