"""Tells whether two mentions may be one agreement whose sides go by other names: a state for its firm, a surname."""

import itertools

from transforms.resolve.pact_names import told_apart
from transforms.resolve.sides import Side, stands_for
from transforms.resolve.sketch import AWAITED, Sketch, is_exact, is_partial, kinds_agree, shared_parties, times_agree


def _named(sketch: Sketch) -> list[Side | str]:
    """Returns the parties as they can be compared; those known only as "rebels" and the like left out."""
    sides = {side.party: side for side in sketch.sides}
    return [sides.get(party, party) for party in sketch.parties if party not in sketch.unnamed]


def _id(side: Side | str) -> str:
    return side if isinstance(side, str) else side.party


def _fits(one: Side | str, other: Side | str) -> bool:
    return _id(one) == _id(other) or stands_for(one, other)


def _all_have_a_counterpart(few: list[Side | str], many: list[Side | str]) -> bool:
    """Whether each of a few parties is one of many, no two of them the same one."""
    return any(
        all(_fits(one, other) for one, other in zip(few, chosen, strict=True))
        for chosen in itertools.permutations(many, len(few))
    )


# A summit's parties are named by all in the same way; to pair off more than these would take long.
_MOST_PARTIES = 4


def may_stand_in(one: Sketch, other: Sketch) -> bool:
    """Returns whether two mentions may be one though fewer than two parties go by the same name; symmetrical.

    Each party of the one that names fewer must have a counterpart in the other. They must be of the same days, as those
    which name one side alone: in a month two states' firms make many deals.
    """
    if (one.label and other.label) or told_apart(one.names, other.names) or shared_parties(one, other) >= 2:
        return False
    if (
        not (one.sides or other.sides)
        or is_partial(one)
        or is_partial(other)
        or not (is_exact(one) and is_exact(other))
    ):
        return False
    if (one.status in AWAITED) is not (other.status in AWAITED):
        return False
    if not kinds_agree(one, other, fully=True) or not times_agree(one, other, fully=False):
        return False
    few, many = sorted((_named(one), _named(other)), key=len)
    return len(many) <= _MOST_PARTIES and _all_have_a_counterpart(few, many)
