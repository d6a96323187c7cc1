"""Nests the marks of an article (sentences, dates, actors) so that they can be drawn as elements of a page."""

import dataclasses
import heapq
from collections.abc import Iterable, Iterator
from enum import IntEnum

from transforms.records import record


class Layer(IntEnum):
    """What a mark is; of marks over the same characters the lower one is drawn around the higher."""

    PARAGRAPH = 0
    SENTENCE = 1  # evidence of an agreement or a deadline
    DATE = 2
    ACTOR = 3


@record
class Mark:
    """A stretch of an article that is drawn in some way.

    Attributes:
        start, end: Characters of the article's text, end exclusive.
        anchor: The id of its element.
        about: The ids of what it shows: actors, deadlines and agreements on the page.
        link: The id of what a click on it leads to, or "".
        kind: How it is drawn (an actor's or a deadline's kind), or "".
        label: What it says when pointed at.
        date: The day a date means (ISO 8601), or "".
    """

    start: int
    end: int
    layer: Layer
    anchor: str
    about: tuple[str, ...] = ()
    link: str = ""
    kind: str = ""
    label: str = ""
    date: str = ""


@dataclasses.dataclass(slots=True)
class Piece:
    """A mark, or the part of one that fits into the marks around it, with what is inside: text and further pieces.

    Attributes:
        first: Whether its mark begins here, so that of a mark cut in pieces one alone carries the id.
        last: Whether its mark ends here.
    """

    mark: Mark
    end: int
    first: bool
    last: bool
    inside: list["str | Piece"] = dataclasses.field(default_factory=list)

    def text(self) -> str:
        """Returns the characters inside, those of further pieces included."""
        return "".join(part if isinstance(part, str) else part.text() for part in self.inside)


type _Waiting = tuple[int, int, int, int, bool, Mark]  # in the order of drawing; the number decides between equals


def _waiting(marks: Iterable[Mark]) -> list[_Waiting]:
    whole = [(mark.start, -mark.end, int(mark.layer), at, True, mark) for at, mark in enumerate(marks)]
    heapq.heapify(whole)
    return whole


def nest(text: str, paragraphs: Iterable[Mark], marks: Iterable[Mark]) -> list[Piece]:
    """Returns an article's paragraphs with all marks inside them, properly nested.

    A mark that crosses the end of another is cut there: its pieces together hold its characters, and no others.

    Args:
        text: The article's text.
        paragraphs: Marks that cover the text without gaps or overlaps, in its order.
        marks: The other marks, in any order; empty ones are left out.
    """
    drawn: list[Piece] = []
    waiting = _waiting([*paragraphs, *(mark for mark in marks if mark.start < mark.end)])
    opened: list[Piece] = []
    at = 0
    while waiting:
        start, end, layer, number, first, mark = heapq.heappop(waiting)
        at = _close(text, opened, at, start)
        limit = opened[-1].end if opened else mark.end
        if -end > limit:
            heapq.heappush(waiting, (limit, end, layer, number, False, mark))
        piece = Piece(mark=mark, end=min(-end, limit), first=first, last=-end <= limit)
        if opened:
            _write(opened[-1], text[at:start])
        (opened[-1].inside if opened else drawn).append(piece)
        opened.append(piece)
        at = start
    _close(text, opened, at, len(text))
    return drawn


def _write(piece: Piece, text: str) -> None:
    if text:
        piece.inside.append(text)


def _close(text: str, opened: list[Piece], at: int, until: int) -> int:
    """Closes the pieces that end before `until`, writes their last characters, and returns how far the text is told."""
    while opened and opened[-1].end <= until:
        piece = opened.pop()
        _write(piece, text[at : piece.end])
        at = max(at, piece.end)
    return at


def walk(pieces: Iterable["str | Piece"]) -> Iterator[Piece]:
    """Yields all pieces, each before those inside it."""
    for piece in pieces:
        if isinstance(piece, Piece):
            yield piece
            yield from walk(piece.inside)
