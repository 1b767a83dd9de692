"""The Socket.IO base: python-socketio, hardened and made fast by subclass hooks, under an ear of our own.

What a client sends is bounded and checked before anything runs; what it is sent is encoded once and never awaited.
"""

from server.engine.packets import EventPacket, RawJson
from server.engine.server import Connection, Ear, Refused, SocketServer
from server.engine.settings import EngineSettings

__all__ = ["Connection", "Ear", "EngineSettings", "EventPacket", "RawJson", "Refused", "SocketServer"]
