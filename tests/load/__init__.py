"""Ten thousand people who are connected, write to each other and all come back at once, on one machine.

Nothing stands in for anything: accounts, sessions, WebSockets, two web processes, a worker, Redis and the database.
"""
