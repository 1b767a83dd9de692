"""The directory of skills, by both doors and by whoever asks."""

from tests.people import Person, refused


async def test_skills_are_suggested_while_one_types(ada: Person) -> None:
    nobody = Person("nobody", ada.url, ada.http)
    for typed, key in (("pyth", "python"), ("JS", "javascript"), ("guitare", "guitar"), ("cpp", "c-plus-plus")):
        told = await nobody.rest("GET", f"/skills/?q={typed}")
        assert told["items"][0]["key"] == key, typed
        assert await ada.asks("skill:suggest", {"q": typed}) == told
    assert len((await ada.asks("skill:suggest", {"q": "a", "limit": 3}))["items"]) == 3
    among = (await ada.asks("skill:suggest", {"q": "a", "category": "music", "limit": 100}))["items"]
    assert {one["category"] for one in among} == {"music"}
    assert (await ada.asks("skill:suggest", {"q": "no such thing"}))["items"] == []


async def test_the_directory_is_looked_through_by_category(ada: Person) -> None:
    told = await ada.asks("skill:suggest")
    assert told["items"] == [] and "music" in told["categories"]
    found, cursor = [], None
    while True:
        asked = {"category": "music", "limit": 40} | ({"cursor": cursor} if cursor else {})
        page = await ada.asks("skill:suggest", asked)
        found += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len({one["key"] for one in found}) == len(found) > 80
    with refused("invalid"):
        await ada.asks("skill:suggest", {"category": "magic"})


async def test_one_skill_by_its_key(ada: Person) -> None:
    told = await Person("nobody", ada.url, ada.http).rest("GET", "/skills/c-plus-plus/")
    assert (told["name"], told["category"]) == ("C++", "technology")
    assert "cpp" in told["aliases"]
    with refused("not_found"):
        await ada.asks("skill:get", {"key": "~fugue"})
