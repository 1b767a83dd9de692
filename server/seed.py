"""`python -m server.seed`: write a community of people who do not exist, to try things with; over whatever is set."""

import argparse
import asyncio
import sys

from server.config import Settings, SettingsError
from server.config.loading import load_settings
from server.core import utc_now
from server.embedded import EmbeddedError
from server.logs import refuse
from server.resting import resting_store
from store import Unusable
from store.demo import Asked, NotEmpty, seed


def main() -> int:
    """Write it; the exit code is 1 if that could not be, with one line for each reason on standard error."""
    parser = argparse.ArgumentParser(prog="python -m server.seed", description=__doc__)
    Asked.add_arguments(parser)
    asked = Asked.of(parser.parse_args())
    try:
        asyncio.run(write(asked, load_settings()))
    except SettingsError as error:
        return refuse(*error.lines)
    except (EmbeddedError, NotEmpty, Unusable) as error:
        return refuse(str(error))
    return 0


async def write(asked: Asked, settings: Settings) -> None:
    """Write the demo into whichever database is set; the embedded one must not be in use."""
    async with resting_store(settings) as store:
        await seed(store, asked, now=utc_now(), tell=lambda line: sys.stdout.write(f"{line}\n"))


if __name__ == "__main__":
    sys.exit(main())
