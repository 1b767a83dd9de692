"""When people can meet, and why not."""

from datetime import datetime

from pydantic import Field

from handlers.models import View


class BusyView(View):
    """Somebody who is busy, and when; what they do then is theirs."""

    user_id: str
    start: datetime
    end: datetime = Field(description="Within what was asked for: how much longer they are busy is theirs, too.")


class ConflictView(View):
    """Everybody who is busy in what was asked for."""

    busy: tuple[BusyView, ...]
