"""Offers and requests."""

from handlers import gigs
from handlers.models import Access
from server.api.rates import FINDING, WRITING
from server.operation import HOUR, Operation, delete, get, per_person, post, put

PUBLIC = Access.PUBLIC
# Of one person; whoever has more to offer in an hour is no person.
MAKING = (per_person(20, HOUR),)

ROWS: tuple[Operation, ...] = (
    Operation(gigs.list_gigs, http=get("/gigs/"), event="gig:list", access=PUBLIC, limits=FINDING),
    Operation(gigs.count_gigs, http=get("/gigs/facets/"), event="gig:facets", access=PUBLIC, limits=FINDING),
    Operation(gigs.create_gig, http=post("/gigs/", 201), event="gig:create", access=Access.VOICE, limits=MAKING),
    # The blueprint's address of the same.
    Operation(
        gigs.create_gig, http=post("/create-gig/", 201), access=Access.VOICE, limits=MAKING, same_as="gig:create"
    ),
    Operation(gigs.list_bookmarked, http=get("/gigs/bookmarked/"), event="gig:bookmarked"),
    Operation(gigs.list_own_gigs, http=get("/gigs/mine/"), event="gig:mine"),
    Operation(gigs.get_gig, http=get("/gigs/{gig_id}/"), event="gig:get", access=PUBLIC),
    Operation(gigs.update_gig, http=put("/gigs/{gig_id}/"), event="gig:update", access=Access.VOICE, limits=WRITING),
    Operation(gigs.delete_gig, http=delete("/gigs/{gig_id}/"), event="gig:delete", limits=WRITING),
    Operation(
        gigs.publish_gig, http=post("/gigs/{gig_id}/publish/"), event="gig:publish", access=Access.VOICE, limits=WRITING
    ),
    Operation(gigs.pause_gig, http=post("/gigs/{gig_id}/pause/"), event="gig:pause", limits=WRITING),
    Operation(
        gigs.resume_gig, http=post("/gigs/{gig_id}/resume/"), event="gig:resume", access=Access.VOICE, limits=WRITING
    ),
    Operation(
        gigs.renew_gig, http=post("/gigs/{gig_id}/renew/"), event="gig:renew", access=Access.VOICE, limits=WRITING
    ),
    Operation(gigs.archive_gig, http=post("/gigs/{gig_id}/archive/"), event="gig:archive", limits=WRITING),
    Operation(gigs.bookmark_gig, http=put("/gigs/{gig_id}/bookmark/"), event="gig:bookmark", limits=WRITING),
    Operation(gigs.unbookmark_gig, http=delete("/gigs/{gig_id}/bookmark/"), event="gig:unbookmark", limits=WRITING),
    Operation(gigs.hide_gig, http=put("/staff/gigs/{gig_id}/hidden/"), access=Access.MODERATOR, limits=WRITING),
    Operation(gigs.show_gig, http=delete("/staff/gigs/{gig_id}/hidden/"), access=Access.MODERATOR, limits=WRITING),
)
