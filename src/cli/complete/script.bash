# bash completion for @PROGRAM@: the program itself knows what could stand where.

_@PROGRAM@()
{
    local rest=${COMP_LINE:0:COMP_POINT} words=() word trimmed i last out directive line
    # Bash splits words at = and : too; here a word ends where a blank is.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        trimmed=${rest#"${rest%%[![:space:]]*}"}
        ((i == COMP_CWORD)) && word=$trimmed
        last=$((${#words[@]} - 1))
        if ((last < 0)) || [[ $trimmed != "$rest" ]]; then
            words+=("$word")
        else
            words[last]+=$word
        fi
        rest=${trimmed#"$word"}
    done
    last=$((${#words[@]} - 1))
    local typed=${words[last]}

    out=$("${words[0]}" __completeNoDesc "${words[@]:1}" 2>/dev/null) || return
    directive=${out##*:}
    out=${out%:*}

    # What stands before the last = or : is not of the word that bash completes.
    local gone=
    case $typed in
        --*=*) typed=${typed#*=} ;;
    esac
    if [[ $COMP_WORDBREAKS == *:* && $typed == *:* ]]; then
        gone=${typed%"${typed##*:}"}
    fi
    COMPREPLY=()
    while IFS= read -r line; do
        [[ -n $line && $line == "$typed"* ]] && COMPREPLY+=("${line#"$gone"}")
    done <<<"$out"

    ((directive & 4)) && compopt +o default
    ((directive & 2)) && compopt -o nospace
    return 0
}

complete -o default -F _@PROGRAM@ @PROGRAM@
