"""`python -m store`: create what indexes are missing on MONGODB_URL; the release step of a deployment."""

import asyncio
import os
import sys

from store import Database, Store, Unusable


async def main() -> None:
    """Create the indexes of every collection."""
    url = os.environ.get("MONGODB_URL")
    if not url:
        sys.exit("store: MONGODB_URL is not set. With the embedded database, `python -m server` creates the indexes.")
    try:
        database = Database(url, os.environ.get("MONGODB_DATABASE", "skillnet"))
        try:
            await Store(database).create_indexes()
        finally:
            await database.close()
    except Unusable as error:
        sys.exit(f"store: {error}")
    sys.stdout.write("store: indexes are in place.\n")


if __name__ == "__main__":
    asyncio.run(main())
