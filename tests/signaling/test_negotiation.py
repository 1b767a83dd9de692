"""What may follow what between two peers, whatever they say; and that two who keep to the rules always agree."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.messages import MOST_CANDIDATES, Candidate, Description, Relayed
from signaling.negotiation import MOST_WAITING, CannotFollow, Pair, Stale, TooMuch, is_polite

ADA, BOB = "ada", "bob"
OFFER, ANSWER = Description(type="offer", sdp="o"), Description(type="answer", sdp="a")


def offer(sender: str = ADA, generation: int = 1) -> Relayed:
    return Relayed(sender=sender, generation=generation, description=OFFER)


def answer(sender: str = BOB, generation: int = 1) -> Relayed:
    return Relayed(sender=sender, generation=generation, description=ANSWER)


def candidates(sender: str = ADA, generation: int = 1, *, many: int = 1, last: bool = False) -> Relayed:
    found = tuple(Candidate(candidate=f"c{number}") for number in range(many))
    return Relayed(sender=sender, generation=generation, candidates=found, end_of_candidates=last)


def after(*words: Relayed) -> Pair:
    """The pair after all of these; Bob is the polite one."""
    pair = Pair()
    for word in words:
        pair, _ = pair.follow(word, polite=word.sender == BOB)
    return pair


def heard(pair: Pair, word: Relayed) -> tuple[Relayed, ...]:
    return pair.follow(word, polite=word.sender == BOB)[1]


def test_candidates_that_come_early_follow_their_description() -> None:
    pair = after(candidates(), candidates(BOB))
    assert [one.n for one in heard(pair, offer())] == [1, 2]
    pair = after(candidates(), candidates(BOB), offer())
    told = heard(pair, answer())
    assert [(one.sender, one.description is not None) for one in told] == [(BOB, True), (BOB, False)]
    # Also those of a generation that has not begun.
    assert len(heard(after(offer(), answer(), candidates(generation=2)), offer(generation=2))) == 2


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ((), answer()),
        ((offer(),), answer(ADA)),
        ((offer(), answer()), answer()),
        ((offer(),), answer(generation=2)),
        ((offer(),), offer(BOB)),
        ((offer(),), offer(generation=3)),
        ((), candidates(generation=2)),
        ((offer(), candidates(last=True)), candidates()),
    ],
)
def test_what_does_not_follow_is_refused(before: tuple[Relayed, ...], word: Relayed) -> None:
    with pytest.raises(CannotFollow):
        heard(after(*before), word)


@pytest.mark.parametrize("word", [offer(), answer(), candidates(), offer(BOB), candidates(BOB)])
def test_what_is_of_an_older_generation_is_stale(word: Relayed) -> None:
    with pytest.raises(Stale):
        heard(after(offer(), answer(), offer(generation=2)), word)


def test_the_impolite_offer_stands_against_the_polite_one() -> None:
    pair = after(offer(BOB), offer(ADA))
    assert pair.offered_by == ADA
    with pytest.raises(CannotFollow):
        heard(pair, answer(ADA))
    assert heard(pair, answer(BOB))
    assert is_polite(2, 1) and not is_polite(1, 2)


def test_no_side_says_more_than_its_share() -> None:
    pair = after(offer(), *[candidates(many=50)] * 2)
    with pytest.raises(TooMuch):
        heard(pair, candidates())
    with pytest.raises(TooMuch):
        heard(after(*[candidates(many=50)] * 2), candidates())
    # The next generation has its own.
    assert heard(after(offer(), *[candidates(many=50)] * 2, offer(generation=2)), candidates(generation=2, many=50))
    with pytest.raises(TooMuch):
        Pair().keep([candidates()] * (MOST_WAITING + 1), BOB)


WORDS = st.builds(
    lambda sender, generation, kind, many: (
        Relayed(sender=sender, generation=generation, description={"offer": OFFER, "answer": ANSWER}[kind])
        if kind in {"offer", "answer"}
        else candidates(sender, generation, many=many, last=kind == "last")
    ),
    st.sampled_from((ADA, BOB)),
    st.integers(1, 4),
    st.sampled_from(("offer", "answer", "some", "some", "last")),
    st.integers(0, 40),
)


@given(st.lists(WORDS, max_size=60))
def test_whatever_is_said_only_what_follows_is_heard(words: list[Relayed]) -> None:
    pair, told = Pair(), list[Relayed]()
    for word in words:
        try:
            pair, now = pair.follow(word, polite=word.sender == BOB)
        except CannotFollow:
            continue
        told += now
    open_offer: str | None = None
    described, counted = set[tuple[str, int]](), dict[tuple[str, int], int]()
    for sender in (ADA, BOB):
        assert [one.n for one in told if one.sender == sender] == [*range(1, sum(w.sender == sender for w in told) + 1)]
    assert [one.generation for one in told] == sorted(one.generation for one in told)
    for one in told:
        side = (one.sender, one.generation)
        if one.description is OFFER or (one.description and one.description.type == "offer"):
            open_offer = one.sender
            described.add(side)
        elif one.description:
            assert open_offer not in {None, one.sender}, "an answer to nobody's offer"
            open_offer = None
            described.add(side)
        else:
            assert side in described, "candidates of what was not described"
            counted[side] = counted.get(side, 0) + len(one.candidates)
    assert all(count <= MOST_CANDIDATES for count in counted.values())


class Client:
    """Perfect negotiation, as the README asks it of a client."""

    def __init__(self, name: str) -> None:
        self.name, self.polite = name, name == BOB
        self.generation = 0
        self.offering: Relayed | None = None
        # What it hears, and which of its own words were refused, in the order in which it learns of them.
        self.mail: deque[tuple[Relayed, bool]] = deque()
        self.sent: deque[Relayed] = deque()

    def offer(self, *, restart: bool) -> None:
        if self.offering is None:
            self.generation = self.generation + 1 if restart else max(1, self.generation)
            self.offering = offer(self.name, self.generation)
            self.sent.append(self.offering)

    def hear(self, word: Relayed, *, refused: bool) -> None:
        if refused:
            # An offer that was refused was not made.
            self.offering = None if self.offering is word else self.offering
            return
        if word.generation < self.generation or word.description is None:
            return
        if word.description.type == "answer":
            self.offering = None
            return
        # Only within a generation do offers collide: a newer one is always taken.
        if self.offering and not self.polite and word.generation == self.generation:
            return
        self.generation, self.offering = word.generation, None
        self.sent.append(answer(self.name, word.generation))


STEPS = st.tuples(st.sampled_from((ADA, BOB)), st.sampled_from(("offer", "restart", "send", "hear")))


@given(st.lists(STEPS, max_size=80))
def test_two_who_keep_to_the_rules_always_agree(steps: list[tuple[str, str]]) -> None:
    clients = {name: Client(name) for name in (ADA, BOB)}
    pair = Pair()

    def send(client: Client) -> None:
        nonlocal pair
        if client.sent:
            word = client.sent.popleft()
            try:
                pair, told = pair.follow(word, polite=client.polite)
            except CannotFollow:
                client.mail.append((word, True))
                return
            clients[BOB if client.name == ADA else ADA].mail.extend((one, False) for one in told)

    def hear(client: Client) -> None:
        if client.mail:
            word, refused = client.mail.popleft()
            client.hear(word, refused=refused)

    for name, step in steps:
        match step:
            case "send":
                send(clients[name])
            case "hear":
                hear(clients[name])
            case _:
                clients[name].offer(restart=step == "restart")
    while any(client.sent or client.mail for client in clients.values()):
        for client in clients.values():
            send(client)
            hear(client)
    ada, bob = clients.values()
    assert ada.offering is bob.offering is pair.offered_by is None
    assert ada.generation == bob.generation == pair.generation
