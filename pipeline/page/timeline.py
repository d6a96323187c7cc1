"""Places days on a line to scale."""

import datetime
from collections.abc import Iterable

from transforms.records import record

EDGE = 3.0  # per cent of the line's width left free at its ends, so that marks there are not cut off


@record
class Scale:
    """The days a line reaches over, both included."""

    first: datetime.date
    last: datetime.date

    def percent(self, day: datetime.date) -> float:
        """Returns how far from the left a day is, in per cent of the line's width."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(EDGE + share * (100 - 2 * EDGE), 2)


def scale_of(days: Iterable[datetime.date]) -> Scale | None:
    """Returns the scale that holds all days, or None where they are not at least two different ones."""
    told = sorted(set(days))
    return Scale(first=told[0], last=told[-1]) if len(told) > 1 else None
