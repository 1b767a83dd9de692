"""`python -m tests.bench`: ratios of what SkillNet and others cost, each from one interleaved run."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import asking, cluster, connections, fanout, search
from tests.bench.contenders import install
from tests.bench.contest import Finding, table

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"

BENCHMARKS: dict[str, Callable[[int], list[Finding]]] = {
    "fanout": fanout.run,
    "latency": fanout.run_latency,
    "ack": asking.run_acks,
    "redis": cluster.run,
    "memory": connections.run_memory,
    "connect": connections.run_connects,
    "disconnect": connections.run_disconnects,
    "rest": asking.run_rest,
    "login": asking.run_login,
    "search": search.run_search,
}
# Those that take an hour, and have a table of their own.
ALONE = {"search": ("<!-- bench search -->", "<!-- /bench search -->")}


def main() -> int:
    """Run the named benchmarks and print their table."""
    names = "\n".join(f"  {name:12} {run.__doc__}" for name, run in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"benchmarks:\n{names}\n  {'all':12} every one of them but `search` (some 15 minutes)",
    )  # fmt: skip
    parser.add_argument("benchmark", nargs="*")
    parser.add_argument("--rounds", type=int, default=5, help="how often everybody has a turn (default 5)")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md too")
    asked = parser.parse_args()
    if not asked.benchmark:
        parser.print_help()
        return 0
    if unknown := set(asked.benchmark) - {*BENCHMARKS, "all"}:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    install()
    findings: list[Finding] = []
    for name in [one for one in BENCHMARKS if one not in ALONE] if "all" in asked.benchmark else asked.benchmark:
        print(f"{name} ...", file=sys.stderr, flush=True)
        findings += (found := BENCHMARKS[name](asked.rounds))
        print(table(found), file=sys.stderr, flush=True)
    print(table(findings))
    if asked.readme:
        write_readme(table(findings), *(ALONE.get(asked.benchmark[0]) or (BEGIN, END)))
    return 0


def write_readme(text: str, begin: str, end: str) -> None:
    """Put the table between its marks."""
    readme = README.read_text()
    before, after = readme.split(begin)[0], readme.split(end)[1]
    README.write_text(f"{before}{begin}\n{text}\n{end}{after}")


if __name__ == "__main__":
    sys.exit(main())
