"""Resolves lengths of time to days where they count from a known day: "within 72 hours", "three months from today"."""

from transforms.extract.layers import Bound
from transforms.extract.timex import calendar
from transforms.extract.timex.calendar import Day, Interval
from transforms.extract.timex.expressions import Expression
from transforms.extract.timex.resolve import Leaning, Resolution, Setting, resolve
from transforms.records import Precision, record

UNRESOLVED_RULE = "timex.length"


@record
class Anchoring:
    """What the words around a length say it counts from.

    Attributes:
        bound: How it is bounded.
        event: The words of the event it counts from ("of the signing"), or "".
        now: Whether it counts from publication outright ("from now").
        given: Whether somebody is given it to do something ("48 hours to find a solution").
        lead: The word before it, "in" among them.
        background: Whether the sentence tells of another time, so that publication is no anchor.
    """

    bound: Bound
    event: str = ""
    now: bool = False
    given: bool = False
    lead: str = ""
    background: bool = False


def resolve_length(found: Expression, anchoring: Anchoring, setting: Setting) -> Resolution:
    """Returns the days a length of time runs to; unresolved where it counts from an event or is a mere length.

    "within", "in the next" and "from today" run from the publication date to the last day; "in two weeks" with a
    future verb is the day itself; "two weeks ago" the week, month or year it fell in.
    """
    if found.length is None:
        return _open("published" if found.role in ("ahead", "behind") else "event", "timex.length-vague")
    if found.counted is not None:
        return _from_date(found, found.counted, found.length, anchoring, setting)
    moved = _moved(found, found.length, setting)
    if moved is not None:
        return moved
    if anchoring.now or (not anchoring.event and _counts_from_now(anchoring, setting)):
        return _from_now(found.length, anchoring, setting)
    return _open("event", UNRESOLVED_RULE)


def _counts_from_now(anchoring: Anchoring, setting: Setting) -> bool:
    if anchoring.given:
        return True
    if anchoring.background:
        return False
    if anchoring.bound is Bound.WITHIN:
        return True
    starts = anchoring.bound is Bound.FROM and anchoring.lead in ("starting", "beginning", "commencing")
    return (anchoring.lead == "in" or starts) and setting.leaning is Leaning.FUTURE


def _open(anchor: str, rule: str) -> Resolution:
    return Resolution(first=None, last=None, precision=None, anchor=anchor, rule=rule)


def _from_now(length: str, anchoring: Anchoring, setting: Setting) -> Resolution:
    start = setting.published
    if anchoring.given and setting.spoken and setting.spoken.precision is Precision.DAY:
        start = setting.spoken.last
    end = calendar.shift(start, length) if start else None
    if start is None or end is None:
        return _open("published", "timex.length-unpublished")
    running = anchoring.bound is Bound.WITHIN or anchoring.given
    rule = "timex.length-given" if anchoring.given else "timex.length-from-now"
    return Resolution(first=start if running else end, last=end, precision=Precision.DAY, anchor="published", rule=rule)


def _from_date(
    found: Expression, counted: Expression, length: str, anchoring: Anchoring, setting: Setting
) -> Resolution:
    base = resolve(counted, setting)
    end = calendar.shift(base.last, length, found.sign) if base.last else None
    if base.last is None or end is None:
        return _open(base.anchor, "timex.length-from-date-unresolved")
    first = base.first if anchoring.bound is Bound.WITHIN and found.sign > 0 else end
    return Resolution(first=first, last=end, precision=Precision.DAY, anchor=base.anchor, rule="timex.length-from-date")


def _moved(found: Expression, length: str, setting: Setting) -> Resolution | None:
    """Reads "two weeks ago", "two days later", "in two years' time", "the next 30 days", "the past week"."""
    if found.role == "plain":
        return None
    sign = -1 if found.role in ("ago", "earlier", "behind") else 1
    base = setting.published
    if found.role in ("earlier", "later") or found.backward:
        base = setting.spoken.last if setting.spoken and setting.spoken.precision is Precision.DAY else None
    day = calendar.shift(base, length, sign) if base else None
    rule = f"timex.length-{found.role}"
    if base is None or day is None:
        return _open("event" if found.role in ("earlier", "later") else "published", rule)
    if found.role in ("ahead", "behind"):
        first, last = min(base, day), max(base, day)
        return Resolution(first=first, last=last, precision=Precision.DAY, anchor="published", rule=rule)
    span = _around(day, length)
    return Resolution(first=span.first, last=span.last, precision=span.precision, anchor="published", rule=rule)


def _around(day: Day, length: str) -> Interval:
    """The week, month or year around a day: "three years ago" says no more than the year."""
    unit = length[-1]
    if "T" in length or unit == "D" or "B" in length:
        return calendar.one(day)
    if unit == "W":
        return calendar.week(day)
    return calendar.month(day.year, day.month) if unit == "M" else calendar.year(day.year)
