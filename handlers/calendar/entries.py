"""What a swap says in somebody's calendar, of whatever make that is."""

from store.swaps import Status, Swap

GONE = frozenset({Status.REJECTED, Status.CANCELLED, Status.EXPIRED})


def title_of(swap: Swap, user_id: str, name: str) -> str:
    """What one gives for what, and with whom."""
    gives, takes = swap.offered_skill, swap.desired_skill
    if user_id != swap.requestor:
        gives, takes = takes, gives
    return f"SkillNet: {gives} for {takes}, with {name}"
