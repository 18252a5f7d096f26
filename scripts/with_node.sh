#!/bin/sh
# Run a command with a Node.js new enough for web/ on the path: the machine's, or else the one that
# ships as a wheel.
#   scripts/with_node.sh npm ci
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

has_node() {
    command -v npm >/dev/null 2>&1 && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        const enough = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
        process.exit(enough ? 0 : 1);
    ' 2>/dev/null
}

if ! has_node; then
    PATH="$root/.venv/bin:$PATH"
    export PATH
    if ! has_node; then
        echo "No Node.js 20.19 or 22.12 or newer here: installing the one that ships as a wheel." >&2
        "$root/.venv/bin/uv" pip install --quiet --python "$root/.venv/bin/python" \
            --require-hashes -r "$root/requirements/node.txt"
    fi
fi
exec "$@"
