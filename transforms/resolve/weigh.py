"""Weighs what two mentions have in common, and what not, where their sides are not told in the same way.

Each piece of evidence adds to a score or takes from it, as in record linkage (Fellegi and Sunter, 1969): the weights
stand for the logarithm of how much likelier it is in two reports of one agreement than in two of different ones. They
were set by hand on reports of some fifty real agreements of 1995 to 2019 and their neighbours.
"""

from transforms.records import ActorKind
from transforms.resolve.pact_names import told_apart
from transforms.resolve.sides import Side, stands_for
from transforms.resolve.sketch import (
    AWAITED,
    PARTIAL_FOLLOWED_DAYS,
    Sketch,
    distance,
    is_exact,
    kinds_agree,
    reached_days,
    times_agree,
    tokens,
)

ENOUGH, AGAINST = 8.0, 3.0
LEAST_IN_COMMON = 2  # whom both articles speak of, sides or not
MOST_SIDES = 6

_SAME_COUNTRY, _SAME_ACTOR, _STANDS_IN = 3.0, 4.0, 2.0
# A side of the one that the other article speaks of, though not as a side, and one that it does not know.
_SPOKEN_OF, _UNHEARD_OF = -0.5, -4.0
# Two sides of one sort that are not the same ("GM and the union", "Ford and the union").
_RIVALS = -5.0
_SAME_KIND = 1.0
_SAME_DAY, _SAME_NEWS, _DAYS_AFTER = 4.0, 3.0, 1.0
_NEWS_DAYS, _FEW_DAYS = 1, 4
_OTHER_STANDING = -3.0
_SAME_PLACE, _SAME_FIGURE, _SAME_DATE, _SAME_NAME = 2.0, 1.5, 2.0, 4.0
_ALSO_NAMED, _ALSO_NAMED_COUNTRY, _MOST_ALSO_NAMED = 1.0, 0.5, 3.0
_MOST_FIGURES = 3.0


def _named(sketch: Sketch) -> list[Side | str]:
    """Returns the parties as they can be compared; those known only as "rebels" and the like left out."""
    sides = {side.party: side for side in sketch.sides}
    return [sides.get(party, party) for party in sketch.parties if party not in sketch.unnamed]


def _id(side: Side | str) -> str:
    return side if isinstance(side, str) else side.party


def _kind(side: Side | str) -> ActorKind:
    return ActorKind.COUNTRY if isinstance(side, str) else side.kind


def _fits(one: Side | str, other: Side | str) -> bool:
    return _id(one) == _id(other) or stands_for(one, other)


def _left(sides: list[Side | str], others: list[Side | str]) -> list[Side | str]:
    """Returns the sides that no other is or stands for, but for those told twice ("Hamas and the Palestinians")."""
    met = [side for side in sides if any(_fits(side, other) for other in others)]
    return [side for side in sides if side not in met and not any(stands_for(side, own) for own in met)]


def _met(sides: list[Side | str], others: list[Side | str]) -> int:
    return sum(any(_fits(side, other) for other in others) for side in sides)


def _parties(one: Sketch, other: Sketch) -> float | None:
    mine, theirs = _named(one), _named(other)
    mine_left, theirs_left = _left(mine, theirs), _left(theirs, mine)
    met = min(_met(mine, theirs), _met(theirs, mine))
    if not met:
        return None
    ids = {_id(side) for side in theirs}
    same = [side for side in mine if _id(side) in ids]
    score = sum(_SAME_COUNTRY if isinstance(side, str) else _SAME_ACTOR for side in same)
    score += _STANDS_IN * max(met - len(same), 0)
    score += sum(_SPOKEN_OF if _is_spoken_of(side, other) else _UNHEARD_OF for side in mine_left)
    score += sum(_SPOKEN_OF if _is_spoken_of(side, one) else _UNHEARD_OF for side in theirs_left)
    rivals = {_kind(side) for side in mine_left} & {_kind(side) for side in theirs_left}
    return score + _RIVALS * bool(rivals)


def _token(side: Side | str) -> str:
    """Returns by what an article's own list of whom it speaks of has a side."""
    return f"~{side.surname}" if isinstance(side, Side) and side.surname else _id(side)


def _is_spoken_of(side: Side | str, sketch: Sketch) -> bool:
    return _token(side) in sketch.about


def _days(one: Sketch, other: Sketch) -> int | None:
    """Returns the days between two mentions; None where it is not known, or of truces and the like too many."""
    if one.reached and other.reached:
        days = max(one.reached[0] - other.reached[1], other.reached[0] - one.reached[1], 0)
        return days if days <= min(reached_days(one, other), PARTIAL_FOLLOWED_DAYS) else None
    return distance(one, other) if times_agree(one, other, fully=False) else None


def _time(one: Sketch, other: Sketch, days: int) -> float:
    if one.reached and other.reached and not days:
        return _SAME_DAY
    if days <= _NEWS_DAYS:
        return _SAME_NEWS
    return _DAYS_AFTER if days <= _FEW_DAYS else 0.0


def _rest(one: Sketch, other: Sketch) -> float:
    also = ({*one.about} & {*other.about}) - tokens(one) - tokens(other)
    named = sum(_ALSO_NAMED_COUNTRY if key.startswith("country:") else _ALSO_NAMED for key in also)
    figures = _SAME_FIGURE * len({*one.figures} & {*other.figures})
    return (
        min(named, _MOST_ALSO_NAMED)
        + min(figures, _MOST_FIGURES)
        + _SAME_DATE * bool({*one.due} & {*other.due})
        + _SAME_PLACE * bool(one.place and one.place == other.place)
        + _SAME_NAME * bool({*one.names} & {*other.names})
        + _SAME_KIND * (one.kind is other.kind)
        + _OTHER_STANDING * ((one.status in AWAITED) is not (other.status in AWAITED))
    )


def weigh(one: Sketch, other: Sketch) -> float | None:
    """Returns how much speaks for two mentions being of one agreement; None where something rules it out."""
    if (one.label and other.label) or told_apart(one.names, other.names):
        return None
    if not (is_exact(one) and is_exact(other)) or tokens(one, MOST_SIDES).isdisjoint(tokens(other, MOST_SIDES)):
        return None
    if len({*one.about} & {*other.about}) < LEAST_IN_COMMON:
        return None
    days = _days(one, other)
    if days is None or not kinds_agree(one, other, fully=True):
        return None
    parties = _parties(one, other)
    return None if parties is None else parties + _time(one, other, days) + _rest(one, other)


def may_be_one(one: Sketch, other: Sketch) -> bool:
    """Returns whether enough speaks for two mentions being of one agreement; symmetrical."""
    score = weigh(one, other)
    return score is not None and score >= ENOUGH
