"""What is found, over the real database: all that is looked for and nothing else, in every order, page by page."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from handlers import finding
from handlers.context import Caller, Context
from handlers.criteria import Criteria
from handlers.finding import rarest
from handlers.gigs.searching import STALE, ListGigs, Sort, find
from handlers.ports import Ports
from store import Database, Store
from store.areas import distance_km
from store.gigs import Kind
from store.listings import Listing
from store.profiles import Mode
from store.skill_directory import load_directory
from store.users import Level, User
from tests.market import CITIES, LANGUAGES, NOW, SKILLS, WORDS, a_gig
from tests.processes import Servers

CATEGORIES = load_directory().categories
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
MANY = 200
HALF = 0.5
NAME = "market"


@dataclass
class Market:
    """Some hundred listings, in the database and here."""

    ctx: Context
    listings: list[Listing] = field(repr=False)

    async def pages(self, **asked: Any) -> list[list[Listing]]:
        """All pages of a list."""
        pages, cursor = [], None
        while True:
            found, cursor = await find(ListGigs(**asked, cursor=cursor), self.ctx)
            pages.append(found)
            if cursor is None:
                return pages
            assert len(pages) < MANY, "it does not end"

    async def all(self, **asked: Any) -> list[Listing]:
        return [listing for page in await self.pages(**asked) for listing in page]

    def passing(self, **asked: Any) -> set[str]:
        """The ids of those that are looked for, as each by itself is judged."""
        criteria = Criteria(ListGigs(**asked))
        return {one.id for one in self.listings if one.expires_at > self.ctx.now and criteria.passes(one)}


@pytest.fixture(scope="module")
def listings() -> list[Listing]:
    """Of some, the author has been rated."""
    chance = random.Random(7)
    made = []
    for number in range(MANY):
        author = User(
            id="a", name="A", email="", email_key="", password_hash=None, created_at=NOW, updated_at=NOW,
            rating=round(chance.uniform(1, 5), 1) if chance.random() < HALF else None,
            next_free_at=NOW + timedelta(hours=chance.randrange(-30, 69)) if chance.random() < HALF else None,
        )  # fmt: skip
        made.append(Listing.of(a_gig(number, total=MANY), author))
    return made


@pytest.fixture(scope="module")
def filled(servers: Servers, listings: list[Listing]) -> str:
    """The name of a database that holds them."""

    async def fill() -> None:
        async with opened(servers) as store:
            await store.listings.create_indexes()
            # In parts that a busy machine takes in within the time that a question may need.
            for first in range(0, MANY, 10):
                await store.listings.insert_all(listings[first : first + 10])

    asyncio.run(fill())
    return NAME


class Questions(CommandListener):
    """What was asked of a database."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            names = ("find", "filter", "sort", "limit", "projection")
            self.asked.append({name: event.command[name] for name in names if name in event.command})

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


@asynccontextmanager
async def opened(servers: Servers, *, listener: Questions | None = None) -> AsyncIterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        if listener is not None:
            patch.setattr("store.database.AsyncMongoClient", partial(AsyncMongoClient, event_listeners=[listener]))
        database = Database(servers.mongodb_url, NAME)
    try:
        yield Store(database)
    finally:
        await database.close()


@pytest.fixture
async def market(servers: Servers, filled: str, listings: list[Listing]) -> AsyncIterator[Market]:
    async with opened(servers) as store:
        yield Market(Context(store, NOW, cast("Ports", None), Caller("")), listings)


words = st.sampled_from(WORDS[:40])
searches = st.one_of(
    st.lists(words, min_size=1, max_size=2).map(" ".join),
    st.sampled_from(WORDS[:400]).map(lambda word: word[:4].upper()),
    st.sampled_from(SKILLS),
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "search": searches,
        "category": st.sampled_from(CATEGORIES),
        "skill": st.sampled_from(SKILLS),
        "offered_skill": st.sampled_from(SKILLS),
        "desired_skill": st.sampled_from(SKILLS),
        "tags": words.map(lambda word: (word,)),
        "mode": st.sampled_from(Mode),
        "level": st.sampled_from(Level),
        "language": st.sampled_from(LANGUAGES),
        "kind": st.sampled_from(Kind),
        "location": st.sampled_from(("here", "Hère!", "nowhere")),
        "created_by": st.integers(0, MANY // 3).map(lambda number: f"{number:024x}"),
    },
)
NEAR = st.builds(
    lambda city, radius: {"lon": city[0], "lat": city[1], "radius_km": radius},
    st.sampled_from(CITIES),
    st.sampled_from((1, 10, 50, 500)),
)
BOX = st.builds(
    lambda city, half: {
        "box": (max(city[0] - half, -180), max(city[1] - half, -90), min(city[0] + half, 180), min(city[1] + half, 90))
    },
    st.sampled_from(CITIES),
    st.sampled_from((0.1, 2, 60)),
)


@given(
    st.one_of(FILTERS, *(st.builds(dict.__or__, FILTERS, where) for where in (NEAR, BOX))),
    st.sampled_from(Sort),
    st.data(),
)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
async def test_found_is_whatever_passes_and_nothing_else(
    market: Market, asked: dict[str, Any], sort: Sort, data: st.DataObject
) -> None:
    if sort is Sort.DISTANCE and "lat" not in asked:
        asked |= data.draw(NEAR)
    found = [one.id for one in await market.all(**asked, sort=sort, limit=100)]
    assert len(found) == len(set(found))
    passing = market.passing(**asked)
    assert set(found) == passing
    # And whoever keeps this search is found by each of them: by a key of its own, without a look at other searches.
    order, _ = await rarest(Criteria(ListGigs(**asked)).conditions, market.ctx)
    assert all(set(order.keys) & set(one.keys) for one in market.listings if one.id in passing)


BERLIN = (13.4, 52.5)


def has_gone_by(one: Listing) -> bool:
    """Whether nobody looked, since its free time came, at when the next one is."""
    return one.next_free_at is not None and one.next_free_at <= NOW - STALE


RANKS: dict[Sort, Callable[[Listing], Any]] = {
    Sort.NEWEST: lambda one: one.order,
    Sort.RATING: lambda one: (one.rating or 0, one.order),
    Sort.AVAILABILITY: lambda one: (not has_gone_by(one), -(one.next_free_at or NEVER).timestamp(), one.order),
    Sort.DISTANCE: lambda one: (-round(distance_km(BERLIN, one.at or BERLIN), 3), one.order),
}


@pytest.mark.parametrize("arranged", [200, -1], ids=["arranged", "by index"])
@pytest.mark.parametrize("sort", RANKS)
async def test_every_order_holds_over_all_pages(
    market: Market, sort: Sort, arranged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.gigs.searching.MOST_ARRANGED", arranged)
    monkeypatch.setattr("handlers.gigs.nearest.FEW", arranged)
    asked: dict[str, Any] = {"limit": 9}
    if sort is Sort.DISTANCE:
        asked |= {"lon": BERLIN[0], "lat": BERLIN[1], "radius_km": 30}
    found = await market.all(**asked, sort=sort)
    assert found == sorted(found, key=RANKS[sort], reverse=True)
    assert {one.id for one in found} == market.passing(**asked)


async def test_a_list_by_distance_goes_far_in_few_pages(
    market: Market, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.gigs.searching.MOST_ARRANGED", -1)
    # As if every city were too full to be read at once.
    monkeypatch.setattr("handlers.gigs.nearest.FEW", 20)
    asked: dict[str, Any] = {"lon": BERLIN[0], "lat": BERLIN[1], "radius_km": 500, "sort": Sort.DISTANCE}
    questions = Questions()
    async with opened(servers, listener=questions) as store:
        here = Market(Context(store, NOW, market.ctx.ports, Caller("")), market.listings)
        pages = await here.pages(**asked, limit=9)
    found = [one for page in pages for one in page]
    assert found == sorted(found, key=RANKS[Sort.DISTANCE], reverse=True)
    assert {one.id for one in found} == market.passing(**asked)
    # What lies between the cities is not looked into one position after the other.
    assert len(pages) <= len(found) / 9 + 3
    assert len(questions.asked) < 100 * len(pages)


async def test_words_count_by_where_they_stand(market: Market) -> None:
    # Of two letters, so that it is no beginning.
    word = WORDS[2]
    found = await market.all(search=word, limit=9)

    def weight(listing: Listing) -> int:
        places = ((listing.head, 4), (listing.labels, 2), (listing.body, 1))
        return max(weight for text, weight in places if f"/{word}/" in text)

    weights = [weight(one) for one in found]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) > 1


async def test_what_is_ranked_a_part_at_a_time_is_on_one_page(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_EXAMINED", 20)
    monkeypatch.setattr("handlers.gigs.searching.MOST_EXAMINED", 20)
    # Of two letters, so common that it is read in many parts.
    asked: dict[str, Any] = {"search": WORDS[0], "kind": Kind.OFFER}
    found = [one.id for one in await market.all(**asked, limit=7)]
    assert len(found) == len(set(found))
    assert set(found) == market.passing(**asked)


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.RELEVANCE, Sort.RATING])
async def test_what_is_added_meanwhile_moves_nothing(market: Market, sort: Sort) -> None:
    asked: dict[str, Any] = {"search": WORDS[0], "sort": sort, "limit": 20}
    expected = [one.id for one in await market.all(**asked)]
    seen, cursor = [], None
    added = []
    while True:
        found, cursor = await find(ListGigs(**asked, cursor=cursor), market.ctx)
        seen += [one.id for one in found]
        if cursor is None:
            break
        late = Listing.of(a_gig(MANY + len(added), total=MANY), None)
        late = late.model_copy(update={"head": f" {WORDS[0]}/{WORDS[0]}/", "keys": (*late.keys, WORDS[0])})
        await market.ctx.store.listings.insert(late)
        added.append(late.id)
    await market.ctx.store.listings.drop(added)
    assert [id_ for id_ in seen if id_ not in added] == expected
    assert len(seen) == len(set(seen))


ONE_OF_EACH: dict[str, Any] = {
    "search": WORDS[0], "category": "music", "skill": "Guitar", "tags": (WORDS[0],), "mode": Mode.ONLINE,
    "language": "en", "kind": Kind.OFFER, "near": BERLIN,
}  # fmt: skip
COMBINED = [dict(pairs) for number in range(3) for pairs in combinations(ONE_OF_EACH.items(), number)]


@pytest.mark.parametrize("sort", Sort)
async def test_whatever_is_asked_an_index_answers_a_bounded_part(
    market: Market, servers: Servers, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small, so that a market of this size is many times too large for a page.
    monkeypatch.setattr(finding, "MOST_EXAMINED", 20)
    monkeypatch.setattr("handlers.gigs.searching.MOST_ARRANGED", 5)
    monkeypatch.setattr("handlers.gigs.searching.MOST_EXAMINED", 20)
    questions = Questions()
    async with opened(servers, listener=questions) as store, AsyncMongoClient[Any](servers.mongodb_url) as client:
        for one in COMBINED:
            asked = {name: value for name, value in one.items() if name != "near"}
            if "near" in one or sort is Sort.DISTANCE:
                asked |= {"lon": BERLIN[0], "lat": BERLIN[1]}
            questions.asked.clear()
            await find(ListGigs(**asked, sort=sort, limit=5), Context(store, NOW, market.ctx.ports, Caller("")))
            examined = 0
            for question in questions.asked:
                plan = await client[NAME].command({"explain": question, "verbosity": "executionStats"})
                assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"]), question
                assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"]), question
                examined += plan["executionStats"]["totalDocsExamined"]
            assert examined < MANY, (asked, examined, len(questions.asked))
