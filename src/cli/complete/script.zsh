#compdef @PROGRAM@
# zsh completion for @PROGRAM@: the program itself knows what could stand where.

_@PROGRAM@()
{
    local out line directive name text
    local -a lines pairs options
    out=$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null) || return 1
    lines=("${(@f)out}")
    directive=${lines[-1]#:}
    lines[-1]=()
    (( directive & 2 )) && options=(-S '')
    # Of --flag=value only the value is completed.
    [[ $PREFIX == --*=* ]] && compset -P '*='
    for line in $lines; do
        [[ -z $line ]] && continue
        name=${line%%$'\t'*}
        text=${line#"$name"}
        name=${name//:/\\:}
        pairs+=("$name${text:+:${text#$'\t'}}")
    done
    if (( $#pairs )); then
        _describe -V '@PROGRAM@' pairs $options
    elif (( ! (directive & 4) )); then
        _files
    fi
}

if [[ $funcstack[1] == _@PROGRAM@ ]]; then
    _@PROGRAM@ "$@"
else
    compdef _@PROGRAM@ @PROGRAM@
fi
