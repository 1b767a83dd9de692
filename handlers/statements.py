"""What staff says to whom it acts against: for good, and so that they can answer it."""

from typing import Annotated

from pydantic import StringConstraints

from handlers.models import Clean

Because = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Clean]
