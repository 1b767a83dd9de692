"""Whatever people call a skill, it is the same one; and what is typed is completed at once."""

import re
import time
from collections import defaultdict
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.skill_directory import ROWS, DirectorySkill, SkillDirectory, fold, load_directory

CATEGORIES = (
    "technology",
    "languages",
    "music",
    "arts-and-design",
    "crafts",
    "cooking",
    "sports",
    "dance",
    "science",
    "school",
    "business",
    "writing",
    "home-and-repair",
    "gardening-and-animals",
    "wellbeing",
    "games-and-stage",
    "life",
)
SKILLS = [skill for row in ROWS.read_text(encoding="utf-8").splitlines()[1:] if (skill := row.split("\t"))]
KEYS = [key for key, *_ in SKILLS]
NAMES = [name for _, name, *_ in SKILLS]
SPELLINGS = [(key, text) for key, name, _, aliases in SKILLS for text in (key, name, *aliases.split("|"))]
EVERYTHING = len(SKILLS)


@pytest.fixture(scope="module")
def directory() -> SkillDirectory:
    return load_directory()


def a_skill(key: str, *aliases: str) -> DirectorySkill:
    return DirectorySkill(key, key.capitalize(), "life", aliases)


def suggested(directory: SkillDirectory, beginning: str, limit: int = 10) -> list[str]:
    return [skill.key for skill in directory.suggest(beginning, limit=limit)]


# What is in the directory.


def test_each_skill_has_a_slug_of_its_own_for_a_key() -> None:
    assert len(KEYS) >= 500
    assert len(set(KEYS)) == len(KEYS)
    assert [key for key in KEYS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)] == []


def test_a_name_means_one_skill() -> None:
    meant = defaultdict(set)
    for key, text in SPELLINGS:
        meant[fold(text).replace(" ", "-")].add(key)
    assert {text: keys for text, keys in meant.items() if len(keys) > 1} == {}


def test_an_alias_adds_something() -> None:
    for key, name, _, aliases in SKILLS:
        also = [fold(alias) for alias in aliases.split("|")]
        assert len({fold(name), *also}) == 1 + len(also), key


def test_nothing_is_left_empty_or_ends_in_a_space() -> None:
    cells = [cell for row in SKILLS for cell in row] + [text for _, text in SPELLINGS]
    assert [cell for cell in cells if cell != " ".join(cell.split()) or not cell] == []


def test_categories_are_known_and_in_order(directory: SkillDirectory) -> None:
    assert directory.categories == CATEGORIES
    assert len(directory) == len(SKILLS)


# Finding one skill.


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("JavaScript", "javascript"),
        ("JS", "javascript"),
        (" java\u00a0 script\n", "javascript"),
        ("py", "python"),
        ("Guitare", "guitar"),
        ("ＧＵＩＴＡＲ", "guitar"),
        ("Français", "french"),
        ("FRANC\u0327AIS", "french"),
        ("Español", "spanish"),
        ("español", "spanish"),
        ("Fußball", "football"),
        ("Русский", "russian"),
        ("日本語", "japanese"),
        ("हिन्दी", "hindi"),
        ("한국어", "korean"),
        ("C", "c"),
        ("c++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("c-sharp", "c-sharp"),
        (".net", "dot-net"),
        ("objective c", "objective-c"),
        ("go", "golang"),
    ],
)
def test_a_skill_is_found_by_what_people_call_it(directory: SkillDirectory, text: str, key: str) -> None:
    found = directory.named(text)
    assert found is not None
    assert found.key == key
    assert found is directory.get(key)
    assert directory.key_of(text) == key


@pytest.mark.parametrize("text", ["", " ", "javascrip", "java scripts", "net++", "|", "key", "c+"])
def test_only_a_whole_name_is_one(directory: SkillDirectory, text: str) -> None:
    assert directory.named(text) is None


def test_a_key_is_not_a_name(directory: SkillDirectory) -> None:
    assert directory.get("JS") is None
    assert directory.get("JavaScript") is None


def test_what_nobody_foresaw_has_a_key_that_equal_texts_share(directory: SkillDirectory) -> None:
    assert directory.key_of("Señor  Wences\tVentriloquism") == "~senor-wences-ventriloquism"
    assert directory.key_of("SENOR-WENCES VENTRILOQUISM") == "~senor-wences-ventriloquism"
    assert directory.key_of("D#") != directory.key_of("D")


def test_a_name_cannot_be_given_twice() -> None:
    with pytest.raises(ValueError, match="'Knots' is both knots and climbing"):
        SkillDirectory([a_skill("knots"), a_skill("climbing", "Knots")])


def test_the_directory_is_read_once(directory: SkillDirectory) -> None:
    assert load_directory() is directory


# Completing what is typed.


def test_suggestions_come_best_first() -> None:
    directory = SkillDirectory(
        [
            a_skill("old-norse", "ancient art"),
            a_skill("zen", "art of calm"),
            a_skill("artisanry"),
            a_skill("artful-bread", "art-history"),
            a_skill("history", "art"),
            a_skill("smart-cart"),
        ]
    )
    assert suggested(directory, "Árt") == ["history", "artful-bread", "artisanry", "zen", "old-norse"]
    assert suggested(directory, "art", limit=2) == ["history", "artful-bread"]
    assert suggested(directory, "art of") == ["zen"]
    assert suggested(directory, "nor") == ["old-norse"]


@pytest.mark.parametrize(
    ("beginning", "first"),
    [
        ("js", ["javascript"]),
        ("java", ["java", "javanese", "javascript"]),
        ("c", ["c"]),
        ("c+", ["c-plus-plus"]),
        ("ruby o", ["ruby-on-rails"]),
        ("guitarra", ["guitar", "classical-guitar"]),
        ("franç", ["french"]),
        ("рус", ["russian"]),
        ("rus", ["russian", "rust"]),
    ],
)
def test_the_likeliest_skill_comes_first(directory: SkillDirectory, beginning: str, first: list[str]) -> None:
    assert suggested(directory, beginning)[: len(first)] == first


def test_a_word_within_a_name_is_found_too(directory: SkillDirectory) -> None:
    assert "american-sign-language" in suggested(directory, "sign", EVERYTHING)
    assert "node-js" in suggested(directory, "js")
    assert "dot-net" in suggested(directory, "net")
    assert "guitar" not in suggested(directory, "uitar")


def test_nothing_typed_suggests_nothing(directory: SkillDirectory) -> None:
    assert suggested(directory, "") == suggested(directory, " \t") == suggested(directory, "\u0301") == []
    assert suggested(directory, "xqzw") == []
    assert suggested(directory, "guitar", limit=0) == []


def test_a_suggestion_takes_no_noticeable_time(directory: SkillDirectory) -> None:
    beginnings = sorted({fold(text)[:length] for _, text in SPELLINGS for length in (1, 2, 3)})

    def spent(beginning: str) -> float:
        start = time.perf_counter()
        directory.suggest(beginning, limit=10)
        return time.perf_counter() - start

    # The best of some, since the machine has other things to do.
    assert all(any(spent(beginning) < 0.001 for _ in range(20)) for beginning in beginnings)


# Of everything that is in it.


@given(st.sampled_from(SPELLINGS), st.sampled_from([str, str.upper, str.title, "  {} ".format]))
def test_every_spelling_finds_its_own_skill(spelling: tuple[str, str], written: Callable[[str], str]) -> None:
    key, text = spelling
    found = load_directory().named(written(text))
    assert found is not None
    assert found.key == key


@given(st.data())
def test_every_beginning_of_a_name_suggests_it(data: st.DataObject) -> None:
    key, name, *_ = data.draw(st.sampled_from(SKILLS))
    length = data.draw(st.integers(min(2, len(name)), len(name)))
    keys = suggested(load_directory(), name[:length], EVERYTHING)
    assert key in keys
    assert len(keys) == len(set(keys))


@given(st.text(), st.integers(0, 20))
def test_any_text_has_one_key_and_can_be_typed(text: str, limit: int) -> None:
    directory = load_directory()
    assert fold(fold(text)) == fold(text)
    assert directory.key_of(fold(text)) == directory.key_of(text) == directory.key_of(f" {text}\n")
    assert len(directory.suggest(text, limit=limit)) <= limit
    key = directory.key_of(text)
    assert (directory.get(key) is None) == key.startswith("~")


def test_a_category_is_looked_through_in_parts() -> None:
    directory = load_directory()
    for category in directory.categories:
        found: list[str] = []
        while page := directory.of_category(category, after=found[-1] if found else None, limit=7):
            found += [skill.key for skill in page]
        names = [skill.name for key in found if (skill := directory.get(key))]
        assert len(set(found)) == len(found)
        assert names == sorted(names, key=fold)
    assert directory.of_category("music", after="no such key", limit=7) == []
