"""What somebody agreed to."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from store.consent_log import ConsentWord, Kind


class ConsentView(View):
    """A word of yours: that you agree to something, or do so no more."""

    id: str
    kind: Kind
    granted: bool = Field(description="False takes it back.")
    what: tuple[str, ...] = Field(
        description="The version of the terms; `phone`, `address`: all that is given from then on; of a place `label`, "
        "`point`."
    )
    to: str | None = Field(description="Whom: a person's id; who sees the place; `google`. Null: this server.")
    about: str | None = Field(description="The call that may be recorded: its `session_id`.")
    session_id: str = Field(description="By which sign-in; empty if it was said elsewhere.")
    device: str
    at: datetime

    @classmethod
    def of(cls, word: ConsentWord) -> "ConsentView":
        return cls.model_validate(word.model_dump(include={*cls.model_fields}))
