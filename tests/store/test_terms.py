"""Words as they are kept and asked for: they meet, however they are written."""

import pytest

from store.terms import beginning, beginnings, stems, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Größe, STRASSE straße", ("grosse", "strasse")),
        ("naïve İstanbul", ("naive", "istanbul")),
        ("C++ and C# or c", ("c++", "and", "c#", "or", "c")),
        ("hip-hop", ("hip", "hop")),
        ("гитара キター", ("гитара", "キター")),
        ("!?", ()),
    ],
)
def test_words_are_folded(text: str, expected: tuple[str, ...]) -> None:
    assert terms(text) == expected


def test_a_word_has_an_end() -> None:
    assert terms("a" * 65) == ("a" * 64,)
    assert len(terms(" ".join(f"w{number}" for number in range(300)))) == 200


def test_endings_are_left_out_in_english_and_in_what_is_spoken() -> None:
    assert stems("lessons") == stems("lesson")
    assert not set(stems("gitarren")) & set(stems("gitarre"))
    assert set(stems("gitarren", ["de"])) & set(stems("gitarre"))
    assert stems("lessons", ["xx"]) == stems("lessons")


def test_beginnings_are_kept_in_so_many_letters() -> None:
    assert list(beginnings("piano")) == ["pia*", "piano*"]
    assert (beginning("pian"), beginning("pianos"), beginning("pi")) == ("pia*", "piano*", None)
