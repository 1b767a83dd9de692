"""`python -m server.contract write` remakes the committed contract documents after the surface was changed on purpose.

The committed copies show in a review what a change does to clients; the tests fail when they differ from the code.
"""

import argparse
import json
import sys
from pathlib import Path

from server.contract import asyncapi, openapi, typescript

ROOT = Path(__file__).resolve().parents[2]


def committed() -> dict[Path, str]:
    """What belongs into which file."""
    return {
        ROOT / "tests/contract/openapi.json": _pretty(openapi()),
        ROOT / "tests/contract/asyncapi.json": _pretty(asyncapi()),
        ROOT / "server/web/skillnet.d.ts": typescript(),
    }


def main() -> int:
    """Write them, or say which are out of date; the exit code is 1 if any is."""
    parser = argparse.ArgumentParser(prog="python -m server.contract", description=__doc__)
    parser.add_argument("do", nargs="?", choices=("write", "check"), help="write the files, or compare them")
    do = parser.parse_args().do
    if do is None:
        parser.print_help()
        return 0
    stale = [path for path, text in committed().items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if do == "write":
            path.write_text(committed()[path])
        sys.stdout.write(f"{'written' if do == 'write' else 'out of date'}: {path.relative_to(ROOT)}\n")
    return 1 if stale and do == "check" else 0


def _pretty(document: object) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
