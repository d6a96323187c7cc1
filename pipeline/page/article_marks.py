"""Finds what is to be marked in an article: the sentences that prove something, dates, and mentions of actors."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.page.days import date_in_words, day_in_words
from pipeline.page.marks import Layer, Mark
from transforms.extract.layers import Timex, TimexKind
from transforms.extract.paragraphs import first_lines
from transforms.records import Actor, Agreement, Deadline, Precision

_OF_THE_CALENDAR = frozenset({TimexKind.DATE, TimexKind.RANGE, TimexKind.DURATION})  # not "the 21st century"

type Spans = dict[tuple[int, int], list[str]]


def paragraph_marks(text: str) -> list[Mark]:
    """Returns a mark for each paragraph; together they cover the whole text."""
    starts = [line.start for line in first_lines(text)] or [0]
    starts[0] = 0
    ends = [*starts[1:], len(text)]
    return [
        Mark(start=start, end=end, layer=Layer.PARAGRAPH, anchor="") for start, end in zip(starts, ends, strict=True)
    ]


def evidence_marks(
    prefix: str, agreements: Iterable[Agreement], deadlines: Iterable[Deadline], anchors: Mapping[str, str]
) -> list[Mark]:
    """Returns a mark for each stretch that proves something, in the order of the text.

    Args:
        prefix: What ids begin with.
        agreements: Of the article.
        deadlines: Of the article.
        anchors: The element's id of each agreement and deadline.
    """
    spans: Spans = {}
    for agreement in agreements:
        for evidence in agreement.evidence:
            spans.setdefault((evidence.start, evidence.end), []).append(anchors[agreement.id])
    for deadline in deadlines:
        spans.setdefault((deadline.evidence.start, deadline.evidence.end), []).append(anchors[deadline.id])
    return [
        Mark(
            start=start, end=end, layer=Layer.SENTENCE, anchor=f"{prefix}s{at}", about=tuple(dict.fromkeys(about))
        )
        for at, ((start, end), about) in enumerate(sorted(spans.items()), start=1)
    ]  # fmt: skip


def date_of(deadline: Deadline, text: str, timexes: Iterable[Timex]) -> tuple[int, int] | None:
    """Returns where in the article a deadline's date is written, or None where its sentence does not hold the words."""
    evidence = deadline.evidence
    inside = [timex for timex in timexes if evidence.start <= timex.bound_start and timex.end <= evidence.end]
    same = [timex for timex in inside if timex.text == deadline.text and timex.last == deadline.date]
    if same:
        return same[0].bound_start, same[0].end
    at = text[evidence.start : evidence.end].lower().find(deadline.text.lower())
    if at >= 0 and deadline.text:
        return evidence.start + at, evidence.start + at + len(deadline.text)
    meant = [timex for timex in inside if timex.last == deadline.date]
    return (meant[0].bound_start, meant[0].end) if meant else None


def _deadline_marks(
    prefix: str, deadlines: Iterable[Deadline], text: str, timexes: tuple[Timex, ...], anchors: Mapping[str, str]
) -> list[Mark]:
    places: dict[tuple[int, int], list[Deadline]] = {}
    for deadline in deadlines:
        place = date_of(deadline, text, timexes)
        if place is not None:
            places.setdefault(place, []).append(deadline)
    return [
        Mark(
            start=start,
            end=end,
            layer=Layer.DATE,
            anchor=f"{prefix}t{at}",
            about=tuple(anchors[deadline.id] for deadline in found),
            link=anchors[found[0].id],
            kind=found[0].kind.value,
            label=f"Deadline: {date_in_words(found[0].date, found[0].precision)}",
            date=found[0].date.isoformat(),
        )
        for at, ((start, end), found) in enumerate(sorted(places.items()), start=1)
    ]


def _meaning(timex: Timex) -> str:
    if timex.last is None or timex.first is None:
        return ""
    if timex.precision is None or (timex.precision is Precision.DAY and timex.first != timex.last):
        return f"{day_in_words(timex.first)} to {day_in_words(timex.last)}"
    return date_in_words(timex.last, timex.precision)


def _other_dates(timexes: Iterable[Timex], taken: Iterable[Mark]) -> Iterator[Mark]:
    """Yields the dates that are known and no deadline's."""
    taken = list(taken)
    for timex in timexes:
        free = all(timex.end <= mark.start or mark.end <= timex.start for mark in taken)
        if free and timex.last is not None and timex.kind in _OF_THE_CALENDAR:
            yield Mark(
                start=timex.start,
                end=timex.end,
                layer=Layer.DATE,
                anchor="",
                label=_meaning(timex),
                date=timex.last.isoformat(),
            )


def date_marks(
    prefix: str, deadlines: Iterable[Deadline], text: str, timexes: tuple[Timex, ...], anchors: Mapping[str, str]
) -> list[Mark]:
    """Returns a mark for each deadline's date as it is written, and for each other date whose day is known."""
    marks = _deadline_marks(prefix, deadlines, text, timexes, anchors)
    return [*marks, *_other_dates(timexes, marks)]


def actor_marks(prefix: str, actors: Iterable[Actor], anchors: Mapping[str, str]) -> list[Mark]:
    """Returns a mark for each mention; words that mean several actors ("both sides") are one mark."""
    places: dict[tuple[int, int], list[Actor]] = {}
    for actor in actors:
        for mention in actor.mentions:
            places.setdefault((mention.start, mention.end), []).append(actor)
    return [
        Mark(
            start=start,
            end=end,
            layer=Layer.ACTOR,
            anchor=f"{prefix}m{at}",
            about=tuple(dict.fromkeys(anchors[actor.id] for actor in meant)),
            link=anchors[meant[0].id],
            kind=meant[0].kind.value,
            label=", ".join(dict.fromkeys(actor.name for actor in meant)),
        )
        for at, ((start, end), meant) in enumerate(sorted(places.items(), key=lambda item: item[0]), start=1)
    ]
