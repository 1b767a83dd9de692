"""What people react with: one emoji, and never words that others would have to read."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from handlers.models import Clean, within_bytes

# What joins to the symbol before it: the joiner, variants, the keycap, skin tones, and the tags of flags.
JOINER = "\u200d"
EXTENDS = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")


def one_symbol(text: str) -> str:
    """One emoji, however many code points it is made of; no words."""
    if KEYCAP.fullmatch(text) or FLAG.fullmatch(text):
        return text
    parts = [EXTENDS.sub("", part) for part in text.split(JOINER)]
    if not all(map(_is_symbol, parts)):
        raise ValueError("One emoji.")
    return text


def _is_symbol(part: str) -> bool:
    if len(part) != 1 or part < "\xa0" or "\U0001f1e6" <= part <= "\U0001f1ff":
        return False
    return unicodedata.category(part) in ("So", "Sm", "Po")


Emoji = Annotated[
    str, StringConstraints(min_length=1, max_length=16), Clean, within_bytes(32), AfterValidator(one_symbol)
]
