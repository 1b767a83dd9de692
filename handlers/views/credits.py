"""Time credit."""

from datetime import datetime

from pydantic import Field

from handlers.models import View
from handlers.views.base import Page
from store.credits import Transfer


class TransferView(View):
    """Minutes that one gave to another for a swap."""

    id: str
    giver: str
    receiver: str
    minutes: int
    swap: str
    reverses: str | None = Field(description="The transfer that this one gives back.")
    at: datetime

    @classmethod
    def of(cls, transfer: Transfer) -> "TransferView":
        return cls.model_validate(transfer.model_dump(exclude={"people", "order"}))


class CreditPage(Page[TransferView]):
    """What somebody has, in minutes, and how it came to it."""

    balance: int
    reserved: int = Field(description="Of it: promised in swaps that are to come, or in dispute.")
    limit: int = Field(description="Nobody promises what would bring their balance below.")
