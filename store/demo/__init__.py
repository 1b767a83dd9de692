"""A community to try things with: people, what they teach, and what they offer and ask for; nobody of them is real.

The same seed makes the same people and gigs, as the handlers would have written them.
"""

from store.demo.seeding import Asked, NotEmpty, seed

__all__ = ["Asked", "NotEmpty", "seed"]
