# shellcheck shell=bash
# Completion for assay and assay-corpus. What can stand on a line is told by the programs themselves, from the tables
# that they read it by: nothing here knows a command, an option or a word.
_assay() {
  local IFS=$'\n'
  mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" help --complete "${COMP_WORDS[@]:1:COMP_CWORD-1}" \
    "${COMP_WORDS[COMP_CWORD]}" 2>/dev/null)
  [ ${#COMPREPLY[@]} = 0 ] || compopt -o nospace 2>/dev/null # words that are whole bring their blank
}

complete -o default -F _assay assay assay-corpus
