"""Tells the day in a dateline ("CAIRO, May 4 (Reuters) -"), on which the article was written."""

import re

from transforms.extract.timex.expressions import Expression, Form

_WITHIN = 600  # characters of the text among which a dateline stands, behind headline and byline
_LINE = 120  # characters of a dateline, at most
_PLACE = re.compile(r"\W*[A-Z][A-Z'.\- ]+(, [A-Z][\w.'\- ]+)?, *")
_DASH = re.compile(r" *(\([\w./ ]+\) *)?(,? \w+ *)?(-|–|—|\()")


def is_dateline(text: str, found: Expression) -> bool:
    """Whether a day is that of a dateline.

    Args:
        text: The article.
        found: The day.
    """
    if found.start > _WITHIN or found.form is not Form.CALENDAR or found.day is None:
        return False
    line = text.rfind("\n", 0, found.start) + 1
    return (
        found.start - line <= _LINE
        and _PLACE.fullmatch(text, line, found.start) is not None
        and _DASH.match(text, found.end) is not None
    )
