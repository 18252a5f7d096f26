#!/usr/bin/env bash
# Everything a machine can judge without running the program. All of it runs even where an early
# part fails, so that one look shows all there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
migrations=(src/dangol/store/migrations/*.sql)
failed=()

judge() {
    local name=$1 began=$SECONDS output
    shift
    if output=$("$@" 2>&1); then
        printf 'ok      %-14s %3d s\n' "$name" $((SECONDS - began))
    else
        printf 'FAILED  %-14s %3d s\n%s\n\n' "$name" $((SECONDS - began)) "$output"
        failed+=("$name")
    fi
}

web() (
    cd web && ../scripts/with_node.sh npm run --silent check
)

judge "ruff format" ruff format --check --quiet .
judge "ruff check" ruff check --quiet .
judge "layers" lint-imports --no-logo
judge "basedpyright" basedpyright
judge "sqlfluff" sqlfluff lint --nocolor --processes 2 src
judge "squawk" squawk "${migrations[@]}"
judge "codespell" codespell
judge "web" web

echo
python scripts/budgets.py

if ((${#failed[@]})); then
    printf '\nmake check failed: %s\n' "$(IFS=,; echo "${failed[*]}")"
    exit 1
fi
