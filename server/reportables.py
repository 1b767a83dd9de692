"""What can be reported: by kind, how the domain of a thing shows it. A new kind is one row."""

from handlers import calls, chat, forum, gigs, people, reviews, swaps, uploads
from handlers.evidence import Reportable, Reportables
from store.reports import Thing

REPORTABLES: Reportables = {
    Thing.USER: Reportable(people.person_evidence),
    Thing.GIG: Reportable(gigs.gig_evidence, gigs.put_gig_away, gigs.bring_gig_back),
    Thing.MESSAGE: Reportable(chat.message_evidence, chat.put_message_away, chat.bring_message_back),
    Thing.THREAD: Reportable(chat.thread_evidence),
    Thing.REVIEW: Reportable(reviews.review_evidence, reviews.put_review_away, reviews.bring_review_back),
    Thing.SWAP: Reportable(swaps.swap_evidence),
    Thing.DISCUSSION: Reportable(forum.discussion_evidence, forum.put_discussion_away, forum.bring_discussion_back),
    Thing.POST: Reportable(forum.post_evidence, forum.put_post_away, forum.bring_post_back),
    Thing.CALL: Reportable(calls.call_evidence),
    Thing.UPLOAD: Reportable(uploads.upload_evidence),
}
