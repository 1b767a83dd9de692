"""People: profiles, the skills that they name, and who is there."""

from handlers import contacts, people, presence, profiles, skills
from handlers.models import Access
from server.api.rates import MARKING, WRITING
from server.operation import MINUTE, SECOND, Operation, delete, get, per_address, per_person, put

# One for each letter that somebody types.
TYPING = (per_address(600, MINUTE),)

PUBLIC, ACCOUNT = Access.PUBLIC, Access.ACCOUNT

ROWS: tuple[Operation, ...] = (
    Operation(profiles.get_profile, http=get("/auth/profile"), access=ACCOUNT),
    Operation(profiles.update_profile, http=put("/auth/profile"), limits=(per_person(30, MINUTE),)),
    Operation(presence.get_presence, http=get("/presence/"), event="presence:get", limits=MARKING),
    Operation(
        presence.set_presence, http=put("/presence/"), event="presence:set", limits=(per_person(10, 10 * SECOND),)
    ),
    # By address: nobody copies all people, signed in or not.
    Operation(
        people.get_person,
        http=get("/users/{user_id}/"),
        event="user:get",
        access=PUBLIC,
        limits=(per_address(300, MINUTE),),
    ),
    Operation(people.list_favourites, http=get("/favourites/people/"), event="favourite:list"),
    Operation(people.add_favourite, http=put("/favourites/people/{user_id}/"), event="favourite:add", limits=WRITING),
    Operation(
        people.remove_favourite, http=delete("/favourites/people/{user_id}/"), event="favourite:remove", limits=WRITING
    ),
    Operation(contacts.list_contact_shares, http=get("/contacts/"), event="contact:list"),
    Operation(contacts.share_contact, http=put("/contacts/{user_id}/"), event="contact:share", limits=WRITING),
    Operation(contacts.unshare_contact, http=delete("/contacts/{user_id}/"), event="contact:unshare", limits=WRITING),
    # One for each letter that somebody types.
    Operation(
        skills.suggest_skills,
        http=get("/skills/"),
        event="skill:suggest",
        access=PUBLIC,
        limits=(per_address(600, MINUTE),),
    ),
    Operation(
        skills.get_skill,
        http=get("/skills/{key}/"),
        event="skill:get",
        access=PUBLIC,
        limits=(per_address(600, MINUTE),),
    ),
)
