# shellcheck shell=bash
# What the scripts share; sourced, never run. All of their own words go to stderr: stdout belongs to the programs.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
may_install=1 # scripts set it to 0 for --no-install

say() {
  printf '%s\n' "$*" >&2
}

# Ends the script with one sentence; 4 is the exit code of usage and set-up, as in assay itself.
refuse() {
  say "$(basename "$0"): $*"
  exit 4
}

# has_command SPEC: whether PATH has a command; of "node>=18" the version must be at least that, by its own --version.
has_command() {
  local command=${1%%>=*} least=${1#*>=} version
  command -v "$command" >/dev/null || return
  [ "$least" != "$1" ] || return 0
  version=$("$command" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)*' | head -n 1) || return
  printf '%s\n' "$least" "$version" | sort -CV
}

# group_packages GROUP...: "package<TAB>why" of each group in packages.txt, without those whose command is there, and those
# of another architecture.
group_packages() {
  local group package why command
  for group in "$@"; do
    while IFS=$'\t' read -r package why command; do
      case $package in
      *:*) [ "${package#*:}" = "$(dpkg --print-architecture)" ] || continue ;;
      esac
      [ -n "$command" ] && has_command "$command" || printf '%s\t%s\n' "${package%:*}" "$why"
    done < <(awk -F '\t' -v group="$group" '$1 == group { print $2 "\t" $3 "\t" $4 }' "$root/scripts/packages.txt")
  done
}

# missing_packages GROUP...: the same lines, of those that are not installed.
missing_packages() {
  local installed package why
  # A status of "ok installed" only: a removed package that left its configuration behind does not count.
  # shellcheck disable=SC2046 # one word a package
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(group_packages "$@" | cut -f 1) 2>/dev/null |
    sed -n 's/^installed //p' || true)
  while IFS=$'\t' read -r package why; do
    grep -qxF "$package" <<<"$installed" || printf '%s\t%s\n' "$package" "$why"
  done < <(group_packages "$@")
}

# quietly LOG COMMAND...: output goes to the log, and to stderr only if the command fails.
quietly() {
  local log=$1
  shift
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n true 2>/dev/null || say "sudo may ask for your password to install packages"
    sudo "$@"
  fi
}

# install_packages GROUP...: installs what is missing, and says which and why. Sets installed=1 if there was anything.
install_packages() {
  local missing names log
  installed=0
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian system: what scripts/packages.txt lists is taken to be installed"
    return
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  names=$(cut -f 1 <<<"$missing" | tr '\n' ' ')
  [ "$may_install" = 1 ] || refuse "these packages are missing, and --no-install forbids installing them: ${names% }"
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    refuse "these packages are missing, and installing them needs root or sudo: ${names% }"
  say "installing:"
  awk -F '\t' '{ printf "  %-26s %s\n", $1, $2 }' <<<"$missing" >&2
  log=$(mktemp)
  quietly "$log" as_root apt-get update -q ||
    refuse "apt-get update failed; its words stand above"
  # shellcheck disable=SC2086 # one word a package
  quietly "$log" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $names ||
    refuse "apt-get could not install the packages; its words stand above"
  rm -f "$log"
  installed=1
}

# install_adapters: what npm's lock file of the adapters names, once for each state of it. It comes from npm's registry,
# not from Debian, so it is never needed: without it the Node.js verifiers are left out.
install_adapters() {
  local folder=$root/backends/verifiers/adapters log why
  [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ] || return 0
  why="npm could not install their packages"
  if [ "$may_install" = 0 ]; then
    why="--no-install forbids installing their packages"
  elif ! command -v npm >/dev/null; then
    why="there is no npm"
  else
    say "installing the npm packages of backends/verifiers/adapters/package-lock.json"
    log=$(mktemp)
    if quietly "$log" npm ci --prefix "$folder"; then
      touch "$folder/node_modules/.package-lock.json"
      why=
    fi
    rm -f "$log"
  fi
  [ -z "$why" ] || say "left out: node-jose, node-jsonwebtoken and node-fast-jwt, because $why;" \
    "npm ci --prefix backends/verifiers/adapters gets them"
}

# tell_left_out LOG: which modules CMake leaves out, and why.
tell_left_out() {
  sed -n 's/^-- \(module .*: left out, .*\)/\1/p' "$1" >&2
}

# configure PRESET ARGUMENT...: runs CMake; says which modules are left out.
configure() {
  local log="$root/build/$1-configure.log" preset=$1
  shift
  mkdir -p "$root/build"
  quietly "$log" cmake -S "$root" --preset "$preset" "$@" || refuse "CMake cannot configure the $preset build"
  tell_left_out "$log"
}

# compile PRESET TARGET...: runs Ninja; shows warnings, and what is left out where a new file made CMake run again.
compile() {
  local log="$root/build/$1-compile.log" folder="$root/build/$1"
  shift
  quietly "$log" ninja -C "$folder" "$@" || refuse "the build in $folder failed; the compiler's words stand above"
  tell_left_out "$log"
  grep -E 'warning:' "$log" >&2 || true
}

seconds_since() {
  echo $(($(date +%s) - $1))
}
