"""Who was found around one mention of an agreement."""

from collections.abc import Iterable

from transforms.extract.agreements.lookup import Side
from transforms.records import record


@record
class Found:
    """Who was found around one mention: certain parties, possible ones, brokers.

    `counterpart` says that an unnamed other side stands beside them ("with its creditors", "and rebels"), `vague` that
    they are only called "they", "the sides" or "both parties"; `meant` are those whom a pronoun may then mean,
    `scope` the country whose warring sides agree.
    """

    strong: tuple[Side, ...] = ()
    weak: tuple[Side, ...] = ()
    brokers: tuple[Side, ...] = ()
    counterpart: bool = False
    vague: bool = False
    meant: tuple[Side, ...] = ()
    scope: tuple[Side, ...] = ()


def unique(sides: Iterable[Side]) -> tuple[Side, ...]:
    """Returns the sides once each, in their order; a side with a signer is preferred to one without."""
    kept: dict[str, Side] = {}
    sides = list(sides)
    signers = {side.signer for side in sides if side.signer is not None}
    if len(signers) > 1 and len({side.actor for side in sides}) == 1:  # two leaders of one country stay persons
        return tuple({s.signer: Side(actor=s.signer, signer=None, token=s.token) for s in sides if s.signer}.values())
    for side in sides:
        if side.actor not in kept or (kept[side.actor].signer is None and side.signer is not None):
            kept[side.actor] = side
    return tuple(kept.values())


def ids(sides: Iterable[Side]) -> set[str]:
    """Returns the actor ids of some sides."""
    return {side.actor for side in sides}
