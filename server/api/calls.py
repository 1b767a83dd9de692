"""Calls: what is kept of them by either door, what happens in a room by the socket that sits in it."""

from handlers import calls
from handlers.models import Access
from server.api.rates import WRITING
from server.operation import SECOND, Operation, get, per_person, post

JOINING = (per_person(10, SECOND),)
SIGNALING = (per_person(50, SECOND),)
SHOWING = (per_person(20, SECOND),)
# Each is read out to whoever listens to the page.
REACTING = (per_person(10, 5 * SECOND),)

ROWS: tuple[Operation, ...] = (
    Operation(calls.list_calls, http=get("/video-calls/"), event="call:list"),
    Operation(
        calls.create_call, http=post("/video-calls/", 201), event="call:create", access=Access.VOICE, limits=WRITING
    ),
    Operation(calls.try_call, http=post("/video-calls/try/", 201), event="call:try", limits=WRITING),
    Operation(calls.get_call, http=get("/video-calls/{session_id}/"), event="call:get"),
    Operation(
        calls.ring_person,
        http=post("/video-calls/{session_id}/ring/"),
        event="call:ring",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(
        calls.accept_call,
        http=post("/video-calls/{session_id}/accept/"),
        event="call:accept",
        access=Access.VOICE,
        limits=WRITING,
    ),
    Operation(calls.reject_call, http=post("/video-calls/{session_id}/reject/"), event="call:reject", limits=WRITING),
    Operation(calls.cancel_call, http=post("/video-calls/{session_id}/cancel/"), event="call:cancel", limits=WRITING),
    Operation(calls.end_call, http=post("/video-calls/{session_id}/end/"), event="call:end", limits=WRITING),
    Operation(
        calls.consent_to_recording,
        http=post("/video-calls/{session_id}/consent/"),
        event="call:consent",
        limits=WRITING,
    ),
    Operation(calls.add_recording, http=post("/video-calls/{session_id}/recordings/"), limits=WRITING),
    Operation(calls.join_call, event="call:join", access=Access.VOICE, limits=JOINING),
    Operation(calls.resume_call, event="call:resume", access=Access.VOICE, limits=JOINING),
    Operation(calls.ready_for_call, event="call:ready", access=Access.VOICE, limits=JOINING),
    Operation(calls.leave_call, http=post("/video-calls/{session_id}/leave/"), event="call:leave", limits=JOINING),
    Operation(calls.send_signal, event="call:signal", access=Access.VOICE, limits=SIGNALING),
    Operation(calls.get_ice, event="call:ice", limits=JOINING),
    Operation(calls.show_media, event="call:media", access=Access.VOICE, limits=SHOWING),
    Operation(calls.raise_hand, event="call:hand", access=Access.VOICE, limits=SHOWING),
    Operation(calls.react_in_call, event="call:react", access=Access.VOICE, limits=REACTING),
    Operation(calls.report_quality, event="call:report", limits=SHOWING),
    Operation(calls.admit_peer, event="call:admit", limits=SHOWING),
    Operation(calls.deny_peer, event="call:deny", limits=SHOWING),
    Operation(calls.lock_call, event="call:lock", limits=SHOWING),
    Operation(calls.mute_peer, event="call:mute", limits=SHOWING),
    Operation(calls.remove_peer, event="call:remove", limits=SHOWING),
    Operation(calls.transfer_call, event="call:transfer", limits=SHOWING),
)
