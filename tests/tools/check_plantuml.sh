#!/bin/sh
# Lets Debian's plantuml check the syntax of each file; exits 77 (skipped) where plantuml is missing.
command -v plantuml >/dev/null || { echo "skipped: plantuml is not installed"; exit 77; }
bad=0 good=0
for file in "$@"; do
    # -syntax prints SEQUENCE and a description for a good sequence diagram, ERROR and the line for a bad one
    said=$(plantuml -headless -syntax <"$file" 2>/dev/null | head -n 3)
    # and how many take part: an arrow to a mistaken name makes one more
    ends=$(grep -c '^participant ' "$file")
    case $said in
    "SEQUENCE"*"($ends participant"*) good=$((good + 1)) ;;
    *) bad=$((bad + 1)); echo "$file: $said" ;;
    esac
done
echo "$good diagrams parsed, $bad not"
[ "$bad" -eq 0 ]
