"""What must be true after any fault, read from the clients' journal and from the database itself.

It trusts neither alone: an acknowledgement is a promise that only the database can keep.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient

from tests.faults.journal import entries


@dataclass
class Verdict:
    """What went wrong, each thing by itself, and what was counted."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    holes: int = 0
    acked: int = 0
    retried: int = 0
    duplicates: int = 0
    fetched: int = 0
    silent: int = 0
    unavailable: int = 0
    slowest_99: float = 0.0

    def require_nothing_lost(self) -> None:
        """AssertionError that names what is wrong."""
        wrong = {
            name: getattr(self, name)[:5]
            for name in ("lost", "doubled", "changed", "gaps", "disordered", "missed", "invented", "refused")
            if getattr(self, name)
        }
        assert not wrong, (wrong, self)


async def judge(journal: Path, *, mongodb_url: str, database: str) -> Verdict:
    """Compare what the clients were told with what is kept and with what they heard."""
    kept: dict[str, list[dict[str, Any]]] = defaultdict(list)
    async with AsyncMongoClient[dict[str, Any]](mongodb_url, timeoutMS=10_000) as client:
        async for row in client[database]["messages"].find():
            kept[row["thread_id"]].append({"id": row["_id"], "seq": row["seq"], "client_id": row["client_id"]})
    for thread in kept.values():
        thread.sort(key=lambda message: int(message["seq"]))
    verdict = Verdict()
    _judge_storage(verdict, journal, kept)
    _judge_hearing(verdict, journal, kept)
    return verdict


def _judge_storage(verdict: Verdict, journal: Path, kept: dict[str, list[dict[str, Any]]]) -> None:
    by_client_id = {message["client_id"]: message for thread in kept.values() for message in thread}
    counts = Counter(message["client_id"] for thread in kept.values() for message in thread)
    verdict.doubled = [client_id for client_id, count in counts.items() if count > 1]
    for thread, messages in kept.items():
        if [message["seq"] for message in messages] != list(range(1, len(messages) + 1)):
            verdict.gaps.append(thread)
    took = []
    for ack in entries(journal, "acked"):
        verdict.acked += 1
        verdict.retried += ack["attempts"] > 1
        verdict.duplicates += ack["duplicate"]
        took.append(ack["took"])
        message = by_client_id.get(ack["client_id"])
        if message is None:
            verdict.lost.append(ack["client_id"])
        elif (message["id"], message["seq"]) != (ack["id"], ack["seq"]):
            verdict.changed.append(f"{ack} is {message}")
    verdict.slowest_99 = sorted(took)[int(len(took) * 0.99)] if took else 0.0
    verdict.refused = [str(entry) for entry in entries(journal, "refused")]
    verdict.silent = sum(1 for _ in entries(journal, "silent"))
    for failed in entries(journal, "failed"):
        if failed["code"] == "unavailable":
            verdict.unavailable += 1
        elif failed["code"] != "rate_limited":
            verdict.refused.append(str(failed))


def _judge_hearing(verdict: Verdict, journal: Path, kept: dict[str, list[dict[str, Any]]]) -> None:
    heard: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for entry in entries(journal, "received"):
        heard[entry["device"], entry["thread"]].append((entry["seq"], entry["id"]))
        verdict.fetched += entry["how"] == "fetched"
    for device in entries(journal, "device"):
        for thread in device["threads"]:
            messages = heard[device["device"], thread]
            where = f"{device['device']} in {thread}"
            numbers = [seq for seq, _ in messages]
            if numbers != sorted(set(numbers)):
                verdict.disordered.append(where)
            if missing := {(message["seq"], message["id"]) for message in kept.get(thread, ())} - set(messages):
                verdict.missed.append(f"{where}: {sorted(missing)[:3]}")
            if invented := set(messages) - {(message["seq"], message["id"]) for message in kept.get(thread, ())}:
                verdict.invented.append(f"{where}: {sorted(invented)[:3]}")
    verdict.holes = sum(1 for _ in entries(journal, "hole"))
