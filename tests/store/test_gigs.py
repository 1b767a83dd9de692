"""What is kept of a gig where something depends on it."""

from handlers.views.swaps import GigSnapshotView
from store.gigs import Gig, GigSnapshot
from tests.market import a_gig


def test_a_snapshot_is_the_gig_as_it_was_and_is_shown_whole() -> None:
    gig = a_gig(1).model_copy(update={"images": ("a" * 24,)})
    kept = gig.snapshot()

    assert GigSnapshot.model_fields.keys() == GigSnapshotView.model_fields.keys()
    assert GigSnapshot.model_fields.keys() - Gig.model_fields.keys() == {"gig_id"}
    shown = GigSnapshotView.of(kept)
    assert [image.id for image in shown.images] == [*gig.images]
    same = GigSnapshot.model_fields.keys() - {"images"}
    assert {name: getattr(shown, name) for name in same} == {name: getattr(kept, name) for name in same}
    assert dict(kept) == {"gig_id": gig.id} | {name: getattr(gig, name) for name in kept.model_fields_set - {"gig_id"}}
