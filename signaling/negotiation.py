"""Which word between two peers may follow which: perfect negotiation, watched from the middle. Pure.

A generation begins with an offer and holds until the next: an ICE restart. Whatever is of an older one is refused.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from signaling.messages import MOST_CANDIDATES, Relayed

# What waits for a peer who is not there at the moment; whoever says more is refused until they are.
MOST_WAITING = 64


class CannotFollow(Exception):
    """What was said does not follow from what was said before; the text says what would."""


class Stale(CannotFollow):
    """A newer generation has begun."""


class TooMuch(CannotFollow):
    """More than one side may say."""


def is_polite(number: int, other: int) -> bool:
    """Whether a peer gives way to another when both offer: whoever came later does."""
    return number > other


class Pair(BaseModel):
    """Two peers of a call: how far they have got with each other, and what waits for the one who is away."""

    model_config = ConfigDict(frozen=True)

    generation: int = 0
    offered_by: str | None = None
    described: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    counted: Mapping[str, int] = {}
    said: Mapping[str, int] = {}
    early: tuple[Relayed, ...] = ()
    waiting: Mapping[str, tuple[Relayed, ...]] = {}

    def follow(self, word: Relayed, *, polite: bool) -> tuple["Pair", tuple[Relayed, ...]]:
        """The pair after a word of one of them, polite or not, and what the other is to hear now.

        Raises `CannotFollow`.
        """
        if word.generation < self.generation:
            raise Stale(f"Generation {self.generation} has begun; this belongs to an older one.")
        if word.generation > self.generation + 1:
            raise CannotFollow(f"The next generation is {self.generation + 1}.")
        if word.description is None:
            after, heard = self._candidates(word)
        elif word.description.type == "offer":
            after, heard = self._offer(word, polite=polite)
        else:
            after, heard = self._answer(word)
        return after._numbered(heard)

    def keep(self, words: Sequence[Relayed], peer: str) -> "Pair":
        """Keep words for a peer who does not hear at the moment."""
        kept = (*self.waiting.get(peer, ()), *words)
        if len(kept) > MOST_WAITING:
            raise TooMuch("The other peer is away, and enough waits for it.")
        return self.model_copy(update={"waiting": {**self.waiting, peer: kept}})

    def heard(self, *peers: str) -> "Pair":
        """These peers have what waited for them: they speak, or are spoken to directly."""
        left = {peer: words for peer, words in self.waiting.items() if peer not in peers}
        return self if len(left) == len(self.waiting) else self.model_copy(update={"waiting": left})

    def _offer(self, word: Relayed, *, polite: bool) -> tuple["Pair", tuple[Relayed, ...]]:
        if word.generation > self.generation:
            early = tuple(one for one in self.early if one.generation == word.generation)
            fresh = Pair(generation=word.generation, early=early, said=self.said, waiting=self.waiting)
            return fresh._described(word, offered_by=word.sender)
        if polite and self.offered_by not in {None, word.sender}:
            raise CannotFollow("The other peer has offered, and you are the polite one: roll back and answer.")
        # A new round within a generation may bring new candidates.
        return self.model_copy(update={"ended": ()})._described(word, offered_by=word.sender)

    def _answer(self, word: Relayed) -> tuple["Pair", tuple[Relayed, ...]]:
        if word.generation != self.generation or self.offered_by in {None, word.sender}:
            raise CannotFollow("There is no offer of the other peer to answer.")
        return self._described(word, offered_by=None)

    def _candidates(self, word: Relayed) -> tuple["Pair", tuple[Relayed, ...]]:
        if word.generation == self.generation and word.sender in self.described:
            return self._counted(word), (word,)
        mine = [one for one in self.early if one.sender == word.sender]
        count = sum(len(one.candidates) for one in (*mine, word))
        if count > MOST_CANDIDATES or len(mine) >= MOST_WAITING:
            raise TooMuch(f"At most {MOST_CANDIDATES} candidates of a side in a generation.")
        return self.model_copy(update={"early": (*self.early, word)}), ()

    def _described(self, word: Relayed, *, offered_by: str | None) -> tuple["Pair", tuple[Relayed, ...]]:
        """The pair once a side has described itself; candidates that came too early follow the description."""
        mine = tuple(one for one in self.early if (one.sender, one.generation) == (word.sender, word.generation))
        after = self.model_copy(
            update={
                "offered_by": offered_by,
                "described": (*{*self.described, word.sender},),
                "early": tuple(one for one in self.early if one not in mine),
            }
        )
        for one in mine:
            after = after._counted(one)
        return after, (word, *mine)

    def _counted(self, word: Relayed) -> "Pair":
        if word.sender in self.ended:
            raise CannotFollow("You have said that there are no more candidates.")
        count = self.counted.get(word.sender, 0) + len(word.candidates)
        if count > MOST_CANDIDATES:
            raise TooMuch(f"At most {MOST_CANDIDATES} candidates of a side in a generation.")
        ended = (*self.ended, word.sender) if word.end_of_candidates else self.ended
        return self.model_copy(update={"counted": {**self.counted, word.sender: count}, "ended": ended})

    def _numbered(self, words: Sequence[Relayed]) -> tuple["Pair", tuple[Relayed, ...]]:
        said, numbered = dict(self.said), []
        for word in words:
            said[word.sender] = said.get(word.sender, 0) + 1
            numbered.append(word.model_copy(update={"n": said[word.sender]}))
        return self.model_copy(update={"said": said}), tuple(numbered)
