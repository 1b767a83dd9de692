"""The shells around the use cases: REST, Socket.IO, fan-out, settings. Imports handlers, store and signaling.

The only package that knows aiohttp, Socket.IO and the outside services; nothing imports it.
"""
