# shellcheck shell=bash
# Completion for assay and assay-corpus. All words come from the programs themselves: a new command, option,
# algorithm or subject needs no line here.

# The options in a command's help.
_assay_options() {
  "$@" 2>/dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u
}

# The last word of a comma-separated list, completed among the words given.
_assay_list() {
  local word=${cur##*,} before=''
  [[ $cur != *,* ]] || before=${cur%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "$word")
  compopt -o nospace 2>/dev/null
}

_assay() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} program=${COMP_WORDS[0]}
  local command=${COMP_WORDS[1]} names
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    names=$("$program" help 2>/dev/null | sed -n '/^usage/,/^`assay/s/^  \([a-z]*\)  *.*/\1/p')
    mapfile -t COMPREPLY < <(compgen -W "$names help --help --version" -- "$cur")
    return
  fi
  case $command in
  help)
    mapfile -t COMPREPLY < <(compgen -W "$("$program" help --names 2>/dev/null)" -- "$cur")
    return
    ;;
  corpus)
    _assay_corpus
    return
    ;;
  esac
  case $prev in
  --alg) _assay_list "$("$program" help algorithms 2>/dev/null | sed -n 's/^  //p')" ;;
  --mix) _assay_list "$("$program" help algorithms 2>/dev/null | sed -n 's/^  //p')" ;;
  --subject) _assay_list "$("$program" list --names 2>/dev/null) backends verifiers all" ;;
  --base | --head) mapfile -t COMPREPLY < <(compgen -W "$("$program" list --names 2>/dev/null)" -- "$cur") ;;
  --format)
    mapfile -t COMPREPLY < <(compgen -W "$("$program" help formats 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p')" -- "$cur")
    ;;
  *)
    [[ $cur = -* ]] || return # files: by bash's own default
    names=$(_assay_options "$program" help "$command")
    [ "$command" != check ] && [ "$command" != bench ] || names+=" $(_assay_options "$program" help run)"
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$cur")
    ;;
  esac
}

# For `assay corpus` and for assay-corpus itself.
_assay_corpus() {
  local cur=${COMP_WORDS[COMP_CWORD]} at=1 names
  local -a ask=("${COMP_WORDS[0]}")
  if [ "${COMP_WORDS[1]}" = corpus ]; then
    at=2
    ask+=(corpus)
  fi
  COMPREPLY=()
  if [ "$COMP_CWORD" = "$at" ]; then
    names=$("${ask[@]}" --help 2>/dev/null | sed -n '/^usage/,/^$/s/.*assay-corpus \([a-z0-9]*\) *.*/\1/p')
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$cur")
  elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = show ]; then
    names=$("${ask[@]}" classes 2>/dev/null | sed -n 's#^[a-z-]*/\([a-z0-9-]*\) .*#\1#p')
    mapfile -t COMPREPLY < <(compgen -W "$names" -- "$cur")
  elif [[ $cur = -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_assay_options "${ask[@]}" --help)" -- "$cur")
  fi
}

complete -o default -F _assay assay
complete -o default -F _assay_corpus assay-corpus
