"""What every module of requests is made with: who may ask, and by whom a request is made."""

from typing import Any

from tests.backstage import Backstage
from tests.people import Person

# What a stranger hears, and what somebody hears who takes part but neither wrote it nor leads: None is success.
Rights = dict[str, tuple[str | None, str | None]]
EVERYBODY = (None, None)
TAKES_PART = ("not_found", None)
LEADS = ("not_found", "forbidden")
WROTE = ("not_found", "forbidden")
STAFF_ONLY = ("forbidden", "forbidden")

Asker = tuple[Person, dict[str, Any]]


def backstage(person: Person) -> Backstage:
    """Where a person may have things done; AssertionError where nobody has shown them."""
    assert person.backstage is not None, "this test gave nobody a way behind the scenes"
    return person.backstage
