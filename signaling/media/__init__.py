"""The server's own peer in calls, a process of its own: a client like any other, by the protocol of the README.

It knows the wire and no more of the server, and nothing but this package knows aiortc: a media engine parses what
strangers say, and must not be able to take a web process with it.
"""
