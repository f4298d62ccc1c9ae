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

# ---- building a library from its own source, for scripts/build-* ----

# A script sets `usage`, `library`, `home` (where git finds it) and `tools`, perhaps own_flags; calls
# library_options "$@" and library_source; adds its own configuration to `options`; and calls library_begin, which ends it
# where the build is there already. It does its steps by `step`, installs under $stage$prefix, and ends with library_end.
usage='' library='' home='' tools=''
source='' ref='' prefix='' shared=1 suffix='' jobs=$(nproc)
options=()            # of the configuration
declare -A own_flags=() # flags of one script alone: what each adds to `options`

library_usage="--source DIR|TARBALL  build this: a folder of sources, or one packed by tar
--ref REF             or fetch this branch, tag or commit from its home
--prefix DIR          install here (default: a folder in the cache, which is named at the end)
--static              a static library instead of a shared one
--jobs N              compile so many files at once (default: as many as there are processors)
-- ARGUMENT...        more arguments for its own configuration
CC, CXX and CFLAGS of the environment are handed on. A build that was stopped goes on where it was, and one that is there is
left as it is. DIR/assay-build.txt says what was built. Needs no root."

# library_options ARGUMENT...: reads what all these scripts know.
library_options() {
  while [ $# -gt 0 ]; do
    case $1 in
    -h | --help)
      printf '%s\n%s\n' "$usage" "$library_usage"
      exit 0
      ;;
    --source | --ref | --prefix | --jobs)
      [ -n "${2-}" ] || refuse "$1 needs a value"
      printf -v "${1#--}" %s "$2"
      shift
      ;;
    --static)
      shared=0
      suffix+=-static
      ;;
    --)
      shift
      options+=("$@")
      [ $# = 0 ] || suffix+=-$(printf '%s\n' "$@" | sha256sum | cut -c 1-8)
      break
      ;;
    *)
      [ -n "${own_flags[$1]-}" ] || refuse "unknown option '$1'; --help lists them"
      options+=("${own_flags[$1]}")
      suffix+=${1#-}
      ;;
    esac
    shift
  done
  [ -n "$source$ref" ] || refuse "say what to build: --source DIR|TARBALL, or --ref REF to fetch from $home"
  [ -z "$source" ] || [ -z "$ref" ] || refuse "--source and --ref name two sources: say one"
}

# need TOOL...: refuses where one is missing, and names its package.
need() {
  local tool package
  for tool in "$@"; do
    ! command -v "$tool" >/dev/null || continue
    package=$(awk -F '\t' -v tool="$tool" '$4 == tool || $2 == tool { print $2; exit }' "$root/scripts/packages.txt")
    refuse "building $library needs $tool, which is not there${package:+ (Debian package $package)}"
  done
}

# step WORDS COMMAND...: says what is done, which may take minutes; shows the end of the log if it fails.
step() {
  say "$library: $1"
  shift
  if ! "$@" >>"$work/log" 2>&1 </dev/null; then
    tail -n 25 "$work/log" >&2
    refuse "$library: that failed; all words are in $work/log"
  fi
}

# work_folder: makes and locks the folder in which this build of `origin` is made; two at once wait for each other.
work_folder() {
  local key
  key=$(sha256sum <<<"$origin $prefix $suffix ${CC-} ${CXX-} ${CFLAGS-}" | cut -c 1-16)
  work=${XDG_CACHE_HOME:-$HOME/.cache}/assay/builds/work/$library-$key
  mkdir -p "$work" || refuse "cannot make $work"
  exec 9>"$work.lock" # beside it: the folder is removed at the end
  flock -n 9 || {
    say "$library: another script is at this build; waiting for it"
    flock 9
  }
}

# The state of a folder of sources: its commit; where it has none, or files were changed since, their names, sizes and times.
folder_state() {
  if [ -e "$1/.git" ] && git -C "$1" diff --quiet HEAD 2>/dev/null; then
    echo "commit $(git -C "$1" rev-parse HEAD)"
  else
    echo "files $(find "$1" -name .git -prune -o -type f -printf '%P %s %T@\n' | sort | sha256sum | cut -c 1-12)"
  fi
}

library_unpack() {
  rm -rf "$work/tree" && mkdir "$work/tree" && tar -x -f "$source" --strip-components=1 -C "$work/tree" &&
    touch "$work/unpacked"
}

# One commit of the home.
library_fetch() {
  git init -q "$work/tree" && git -C "$work/tree" fetch -q --depth 1 "$home" "$ref" &&
    git -C "$work/tree" checkout -q --force FETCH_HEAD
}

# library_source: finds the sources. Sets tree, their folder; origin, in words; and work.
library_source() {
  # shellcheck disable=SC2086 # one word a tool
  need $tools
  if [ -d "$source" ]; then
    tree=$(realpath "$source")
    origin="$tree, $(folder_state "$tree")"
    work_folder
  elif [ -n "$source" ]; then
    [ -f "$source" ] || refuse "there is no $source"
    origin="$(realpath "$source"), SHA-256 $(sha256sum "$source" | cut -d ' ' -f 1)"
    work_folder
    tree=$work/tree
    [ -f "$work/unpacked" ] || step "unpacking $source" library_unpack
  else
    need git
    origin="$home, $ref"
    work_folder
    tree=$work/tree
    step "fetching $ref from $home" library_fetch
    origin+=", $(folder_state "$tree")"
  fi
}

# library_record: what PREFIX/assay-build.txt says, but for the time.
library_record() {
  echo "library: $library"
  echo "version: $version"
  echo "source: $origin"
  echo "options: ${options[*]-}"
  # shellcheck disable=SC2086 # CC may be two words
  echo "compiler: $(${CC:-cc} --version | head -n 1)"
  echo "flags: ${CFLAGS-}"
}

# library_begin VERSION: sets prefix and stage. Where the prefix holds this very build the script is done; where it holds
# anything else, it refuses.
library_begin() {
  version=$1
  [ -n "$version" ] || refuse "the sources in $tree tell no version"
  prefix=$(realpath -m "${prefix:-${XDG_CACHE_HOME:-$HOME/.cache}/assay/builds/$library-$version$suffix}")
  stage=$work/stage
  rm -rf "$stage"
  if [ -f "$prefix/assay-build.txt" ]; then
    library_record | diff - <(grep -v '^built: ' "$prefix/assay-build.txt") >&2 ||
      refuse "$prefix holds another build (>) than this one (<): take another --prefix, or remove it"
    rm -rf "$work"
    say "$library: it is there already"
    library_use
    exit 0
  fi
  [ ! -e "$prefix" ] || [ -z "$(ls -A "$prefix")" ] ||
    refuse "$prefix is there, and no script of this kind made it: take another --prefix"
}

# library_cmake TARGET: configures by CMake and builds a target.
library_cmake() {
  local generator=() kind=ON
  ! command -v ninja >/dev/null || generator=(-G Ninja)
  [ "$shared" = 1 ] || kind=OFF
  # Of a CC of two words, "ccache gcc", CMake's assembler would be the first alone.
  [ -z "${CC-}" ] || export ASM=${ASM:-$CC}
  step "configuring" cmake -S "$tree" -B "$work/build" ${generator[@]+"${generator[@]}"} -DCMAKE_BUILD_TYPE=Release \
    -DBUILD_SHARED_LIBS=$kind -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_TESTING=OFF ${options[@]+"${options[@]}"}
  step "compiling, which takes minutes" cmake --build "$work/build" --target "$1" -j "$jobs"
}

library_use() {
  say "use it:  assay list $library@$prefix"
}

# library_end: puts what was installed under $stage into its place, all at once.
library_end() {
  {
    library_record
    echo "built: $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  } >"$stage$prefix/assay-build.txt"
  mkdir -p "$(dirname "$prefix")" || refuse "cannot make $(dirname "$prefix")"
  [ ! -d "$prefix" ] || rmdir "$prefix"
  mv -T "$stage$prefix" "$prefix" || refuse "cannot move what was built to $prefix"
  cd /
  rm -rf "$work"
  library_use
}
