# shellcheck shell=bash
# Completion for assay and assay-corpus. All words come from the programs themselves: a new command, option,
# algorithm or subject needs no line here.

# The options in helps: those of the synopsis, and those that a line of the list begins with. Prose names options of
# other commands too.
_assay_options() {
  sed -n -e '/^usage/,/^$/p' -e 's/^  \(--.*\)/\1/p' | sed '/^--/s/   *.*//' | grep -oE -- '--[a-z][a-z-]+' | sort -u
}

# The last word of a comma-separated list, completed among the words given.
_assay_list() {
  local word=${cur##*,} before=''
  [[ $cur != *,* ]] || before=${cur%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "$word")
  compopt -o nospace 2>/dev/null
}

_assay_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# The values of the option before the cursor, as far as they are names.
_assay_values() {
  case $prev in
  --subject) _assay_list "$("$program" list --names 2>/dev/null) backends verifiers all" ;;
  --base | --head) _assay_words "$("$program" list --names 2>/dev/null)" ;;
  --alg | --mix | --measure | --fail-on) _assay_list "$("$program" help --values "${prev#--}" 2>/dev/null)" ;;
  *) _assay_words "$("$program" help --values "${prev#--}" 2>/dev/null)" ;;
  esac
}

_assay() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} program=${COMP_WORDS[0]}
  local command=${COMP_WORDS[1]} names
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    names=$("$program" help 2>/dev/null | sed -n '/^usage/,/^`assay/s/^  \([a-z]*\)  *.*/\1/p')
    _assay_words "$names help --help --version"
    return
  fi
  case $command in
  help)
    _assay_words "$("$program" help --names 2>/dev/null)"
    return
    ;;
  corpus)
    _assay_corpus
    return
    ;;
  esac
  if [[ $cur = -* ]]; then
    _assay_words "$({
      "$program" help "$command"
      if [ "$command" = check ] || [ "$command" = bench ]; then # these take the options of run too
        "$program" help run
      fi
    } 2>/dev/null | _assay_options)"
  elif [[ $prev = --* ]]; then
    _assay_values # none known: files, by bash's own default
  elif [ "$COMP_CWORD" = 2 ]; then # verbs, of the commands that have some
    _assay_words "$("$program" help "$command" 2>/dev/null |
      sed -n "/^usage/,/^\$/s/.*assay $command \([a-z][a-z]*\).*/\1/p" | sort -u)"
  fi
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
    _assay_words "$names"
  elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = show ]; then
    names=$("${ask[@]}" classes 2>/dev/null | sed -n 's#^[a-z-]*/\([a-z0-9-]*\) .*#\1#p')
    _assay_words "$names"
  elif [[ $cur = -* ]]; then
    _assay_words "$("${ask[@]}" "${COMP_WORDS[at]}" --help 2>/dev/null | _assay_options)"
  fi
}

complete -o default -F _assay assay
complete -o default -F _assay_corpus assay-corpus
