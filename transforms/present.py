"""Tells a transform what time it is: the time its run is said to be at, or that of the clock where none is said."""

import datetime

# None stands for the present, asked anew each time: a stream has no one time.
type When = datetime.datetime | None


def present(when: When) -> datetime.datetime:
    """Returns the time that is said, else that of the clock."""
    return datetime.datetime.now(datetime.UTC) if when is None else when


def check_when(when: When) -> None:
    """Refuses a time that could mean two moments.

    Raises:
        ValueError: It has no offset.
    """
    if when is not None and when.tzinfo is None:
        raise ValueError(f"now: expected a time with its offset, got {when}")
