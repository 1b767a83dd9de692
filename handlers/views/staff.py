"""What staff sees and does."""

from datetime import datetime

from handlers.models import View
from store.staff_log import Act, StaffAct
from store.users import Role


class RoleView(View):
    """Who is what."""

    user_id: str
    role: Role


class BanView(View):
    """Who is kept out, why, and until when; without an end it is for good."""

    user_id: str
    reason: str
    until: datetime | None


class StaffActView(View):
    """What a member of staff did, or somebody at the command line, who has no id."""

    id: str
    act: Act
    actor_id: str | None
    target_id: str
    before: str
    after: str
    at: datetime

    @classmethod
    def of(cls, act: StaffAct) -> "StaffActView":
        return cls.model_validate(act.model_dump(exclude={"order", "list"}))
