"""Says why an input cannot be read, as one line for a person and as the Failure that is kept."""

import datetime
import re

from transforms.records import Failure, digest

PAYLOAD_CHARACTERS = 2_000  # what a Failure keeps of its record (records.Failure)
ERROR_CHARACTERS = 500  # one line of a table or a log; parsers' messages can quote whole documents

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # neither UTF-8 nor every database takes them


class UnreadableInput(Exception):  # noqa: N818 "unreadable" says it
    """An input cannot be taken in: its message is one line saying the value, what was expected, what to do.

    Attributes:
        payload: The start of the input, where some of it was read.
    """

    def __init__(self, message: str, payload: bytes = b"") -> None:
        super().__init__(message)
        self.payload = payload


class UnreadableArticle(UnreadableInput):
    """An item holds no article that can be read."""


def storable(text: str) -> str:
    """Returns the text with NUL and lone surrogates (JSON can escape them) replaced by U+FFFD, one for one."""
    return _UNSTORABLE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Returns the text on one line of at most 500 characters."""
    line = " ".join(storable(text).split())
    return line if len(line) <= ERROR_CHARACTERS else line[: ERROR_CHARACTERS - 1] + "…"


def failure_id(record: str) -> str:
    """Returns the id of a record's failure: a record that fails again has one failure, not two."""
    return digest("failure", storable(record))


def make_failure(
    stage: str,
    record: str,
    error: str,
    *,
    now: datetime.datetime,
    locator: str | None = None,
    payload: str | bytes = "",
) -> Failure:
    """Returns the Failure of a record; failing again gives the same id.

    Args:
        stage: list, read_file or parse.
        record: An item's id, or a locator where there is no item yet.
        error: Why it failed; put on one line.
        now: When it failed.
        locator: Where to find it again, if that is not `record`.
        payload: The start of what failed; cut to 2,000 characters.
    """
    start = payload[:PAYLOAD_CHARACTERS]
    text = start.decode("utf-8", "replace") if isinstance(start, bytes) else start
    return Failure(
        id=failure_id(record),
        stage=stage,
        record=storable(record),
        locator=storable(locator or record),
        error=one_line(error),
        payload=storable(text),
        created=now,
    )
