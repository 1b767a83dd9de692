"""Profiles: what people say of themselves, and how it is kept."""

from typing import Any

import pytest

from tests.asks.accounts import consents
from tests.people import Person, Refusal, refused

pytestmark = pytest.mark.usefixtures("unlimited")


async def puts(person: Person, **fields: Any) -> Any:
    return await person.rest("PUT", "/auth/profile", fields)


async def test_skills_are_taught_and_wanted_by_level(ada: Person) -> None:
    said = await puts(
        ada,
        teaches=[{"name": "js", "level": "expert", "years": 9}, {"name": "Fugue"}, {"name": "JavaScript"}],
        wants=[{"name": "Guitarre", "level": "beginner"}],
    )

    assert [(one["key"], one["name"], one["level"], one["years"]) for one in said["teaches"]] == [
        ("javascript", "JavaScript", "expert", 9),
        ("~fugue", "Fugue", "intermediate", None),
    ]
    assert [one["level"] for one in said["wants"]] == ["beginner"]
    assert said["skills"] == ["JavaScript", "Fugue"]


async def test_what_is_hidden_stays_hidden_when_something_else_is(ada: Person) -> None:
    await puts(ada, visibility={"place": "nobody"}, privacy={"presence": False})
    said = await puts(ada, visibility={"bio": "partners"}, privacy={"leaderboard": False})
    assert (said["visibility"]["place"], said["visibility"]["bio"]) == ("nobody", "partners")
    assert (said["privacy"]["presence"], said["privacy"]["leaderboard"]) == (False, False)


async def test_the_blueprints_skills_are_the_names_of_what_one_teaches(ada: Person) -> None:
    await puts(ada, teaches=[{"name": "Python", "level": "expert", "years": 20}])

    said = await puts(ada, skills=["Chess", "python"])

    assert said["skills"] == ["Chess", "Python"]
    assert [(one["level"], one["years"]) for one in said["teaches"]] == [("intermediate", None), ("expert", 20)]
    assert (await puts(ada, teaches=[]))["skills"] == []
    with refused("invalid"):
        await puts(ada, skills=["Chess"], teaches=[{"name": "Chess"}])


async def test_where_somebody_is_is_kept_roughly_alone(people: tuple[Person, Person, Person]) -> None:
    ada, *_ = people
    place = {"label": "Berlin", "point": {"type": "Point", "coordinates": [13.37737, 52.51627]}}

    said = await puts(ada, place=place, languages=["de", "en", "de"], locale="de-AT", time_zone="Europe/Berlin")

    assert said["place"] == {"label": "Berlin", "point": {"type": "Point", "coordinates": [13.4, 52.5]}}
    assert (said["languages"], said["locale"], said["time_zone"]) == (["de", "en"], "de-AT", "Europe/Berlin")
    assert ada.backstage is not None
    assert "52.51" not in str(await ada.backstage.user(ada.id))
    await puts(ada, visibility={"place": "partners"})
    await puts(ada, visibility={"place": "partners", "bio": "nobody"}, bio="I play.")
    cleared = await puts(ada, place=None, time_zone=None, locale=None)
    await puts(ada, visibility={"place": "public"})
    # That it was kept, and for whom, is in the log of consents; where it was is not.
    said = await ada.asks("consent:list")
    assert consents(said["items"]) == [
        ("place", False, [], None, None),
        ("place", True, ["label", "point"], "partners", None),
        ("place", True, ["label", "point"], "signed_in", None),
    ]
    assert "Berlin" not in str(said)
    assert (cleared["place"], cleared["time_zone"], cleared["locale"]) == (None, None, None)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"languages": ["German"]}, "languages.0"),
        ({"locale": "de_DE"}, "locale"),
        ({"place": {"label": "x", "point": {"type": "Point", "coordinates": [181, 0]}}}, "place.point.coordinates.0"),
        ({"teaches": [{"name": "Chess", "level": "master"}]}, "teaches.0.level"),
        ({"wants": [{"name": f"skill {number}"} for number in range(31)]}, "wants"),
        ({"visibility": {"name": "nobody"}}, "visibility.name"),
        ({"vacation": {"since": "2026-12-24T00:00:00Z", "until": "2026-12-23T00:00:00Z"}}, "vacation.until"),
        ({"vacation": {"until": "9999-12-31T23:59:59-14:00"}}, "vacation.until"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_is_refused_where_it_stands(ada: Person, fields: dict[str, Any], at: str) -> None:
    with pytest.raises(Refusal) as caught:
        await puts(ada, **fields)
    assert [fault["field"] for fault in caught.value.problem["fields"]] == [at]


async def test_a_vacation_begins_and_ends(ada: Person) -> None:
    said = await puts(ada, vacation={"note": "By the sea"})
    assert (said["vacation"]["until"], said["vacation"]["note"]) == (None, "By the sea")
    assert said["vacation"]["since"] == said["updatedAt"]
    assert (await puts(ada, vacation=None))["vacation"] is None
