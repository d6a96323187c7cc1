"""Keeps characters that would break or disguise a page out of it; markup is escaped by the template."""

import re
from typing import Any

from markupsafe import Markup

# What HTML does not allow in a text: controls (white space apart), halves of surrogate pairs, non-characters.
_NOT_IN_HTML = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
# Embeddings, overrides and isolates of the direction of writing: unclosed, they turn round what stands beside them.
# Right-to-left words need none of them here: each paragraph and name has its own direction (dir=auto, bdi).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def shown(value: Any) -> Any:
    """Returns text as a page can show it; what is no text, or markup of the page itself, passes as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return "" if value is None else value
    return _TURNING.sub("", _NOT_IN_HTML.sub(REPLACEMENT, value))
