#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All tests: installs what they need, builds, and runs every part (test/every_part.py). The real control plane is built
# once, six minutes, into a cache folder outside the tree.
#   scripts/test.sh [--fuzz SECONDS]     and fuzzes each parser for so long beside the rest
# The last line is "N passed, N failed"; the lines before it say what each part took, and what was left out and why.
set -euo pipefail
cd "$(dirname "$0")/.."
export CLICOLOR_FORCE=0

bash scripts/deps.sh --test
bash scripts/deps.sh --e2e || true
bash test/e2e/binaries.sh || true
cmake --preset dev
cmake --build --preset dev
echo "== built after $SECONDS s"
exec /usr/bin/python3 test/every_part.py "$@"
