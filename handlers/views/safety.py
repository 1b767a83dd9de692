"""Whom somebody blocked."""

from datetime import datetime

from handlers.models import View
from handlers.views.profiles import PersonCardView
from store.blocks import Block
from store.users import User


class BlockView(View):
    """Somebody whom you blocked."""

    person: PersonCardView
    since: datetime

    @classmethod
    def of(cls, block: Block, person: User) -> "BlockView":
        return cls(person=PersonCardView.of(person), since=block.created_at)
