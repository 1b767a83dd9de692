"""Small honest servers to be measured against, each set up as its own documentation recommends for production.

They share the events of `tests/bench/events.py` and nothing else with each other.
"""
