"""Conversations: opened by their people, numbered densely, read up to a mark.

The package is one domain; its modules share `access`, through which alone a conversation is loaded.
"""

from handlers.chat.messages import list_messages, send_message
from handlers.chat.threads import get_thread, list_threads, open_thread

__all__ = ["get_thread", "list_messages", "list_threads", "open_thread", "send_message"]
