"""A copy of all that is a person's own: once a day, to be fetched within a week, or deleted before.

What is in one is in gathering.py, and what its owner may do with it in keeping.py.
"""

from handlers.export.gathering import gather_export
from handlers.export.keeping import (
    delete_export,
    drop_export,
    export_account,
    finish_export,
    get_export_file,
    give_up_export,
    list_exports,
)

__all__ = [
    "delete_export",
    "drop_export",
    "export_account",
    "finish_export",
    "gather_export",
    "get_export_file",
    "give_up_export",
    "list_exports",
]
