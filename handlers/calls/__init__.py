"""Calls: a record of what was, a room of who is there, and the ring that leads from one to the other.

The package is one domain; its modules share `access`, through which alone a call is loaded.
"""

from handlers.calls.endings import end_call, find_room, look_after, needs_care
from handlers.calls.evidence import call_evidence
from handlers.calls.hosting import admit_peer, deny_peer, lock_call, mute_peer, remove_peer, transfer_call
from handlers.calls.ice import get_ice
from handlers.calls.joining import join_call, leave_call, lose_connection, ready_for_call, resume_call
from handlers.calls.recording import add_recording, consent_to_recording, try_call
from handlers.calls.records import create_call, get_call, list_calls
from handlers.calls.ringing import accept_call, cancel_call, reject_call, ring_person, time_out
from handlers.calls.talking import raise_hand, react_in_call, report_quality, send_signal, show_media

__all__ = [
    "accept_call",
    "add_recording",
    "admit_peer",
    "call_evidence",
    "cancel_call",
    "consent_to_recording",
    "create_call",
    "deny_peer",
    "end_call",
    "find_room",
    "get_call",
    "get_ice",
    "join_call",
    "leave_call",
    "list_calls",
    "lock_call",
    "look_after",
    "lose_connection",
    "mute_peer",
    "needs_care",
    "raise_hand",
    "react_in_call",
    "ready_for_call",
    "reject_call",
    "remove_peer",
    "report_quality",
    "resume_call",
    "ring_person",
    "send_signal",
    "show_media",
    "time_out",
    "transfer_call",
    "try_call",
]
