"""Conversations: opened by their people, numbered densely, read up to a mark.

The package is one domain; its modules share `access`, through which alone a conversation is loaded.
"""

from handlers.chat.editing import delete_message, edit_message, react, restore_message, unreact
from handlers.chat.evidence import message_evidence, thread_evidence
from handlers.chat.groups import add_people, promote_person, remove_person, rename_thread
from handlers.chat.hiding import bring_message_back, put_message_away
from handlers.chat.marks import list_marks, mark_delivered, mark_read, mark_unread
from handlers.chat.messages import list_messages, send_message
from handlers.chat.notices import look_for_absent, notice_messages
from handlers.chat.requests import accept_request, decline_request, get_first_contacts
from handlers.chat.search import search_messages
from handlers.chat.shelving import (
    archive_thread,
    list_saved,
    mute_thread,
    pin_message,
    save_message,
    unarchive_thread,
    unpin_message,
    unsave_message,
)
from handlers.chat.threads import get_thread, list_threads, open_thread
from handlers.chat.typing import start_typing, stop_typing

__all__ = [
    "accept_request",
    "add_people",
    "archive_thread",
    "bring_message_back",
    "decline_request",
    "delete_message",
    "edit_message",
    "get_first_contacts",
    "get_thread",
    "list_marks",
    "list_messages",
    "list_saved",
    "list_threads",
    "look_for_absent",
    "mark_delivered",
    "mark_read",
    "mark_unread",
    "message_evidence",
    "mute_thread",
    "notice_messages",
    "open_thread",
    "pin_message",
    "promote_person",
    "put_message_away",
    "react",
    "remove_person",
    "rename_thread",
    "restore_message",
    "save_message",
    "search_messages",
    "send_message",
    "start_typing",
    "stop_typing",
    "thread_evidence",
    "unarchive_thread",
    "unpin_message",
    "unreact",
    "unsave_message",
]
