"""People: profiles, and who is there."""

from handlers import presence, profiles
from handlers.models import Access
from server.api.rates import MARKING
from server.operation import MINUTE, SECOND, Operation, get, per_person, put

ACCOUNT = Access.ACCOUNT

ROWS: tuple[Operation, ...] = (
    Operation(profiles.get_profile, http=get("/auth/profile"), access=ACCOUNT),
    Operation(profiles.update_profile, http=put("/auth/profile"), limits=(per_person(30, MINUTE),)),
    Operation(presence.get_presence, http=get("/presence/"), event="presence:get", limits=MARKING),
    Operation(
        presence.set_presence, http=put("/presence/"), event="presence:set", limits=(per_person(10, 10 * SECOND),)
    ),
)
