"""The blocks in which mentions are listed, so that all that may be the same agreement are found by id."""

import datetime
import functools
import itertools
from collections.abc import Iterable

from transforms.records import digest
from transforms.resolve.sketch import FOLLOWED_DAYS, KEPT, PARTIAL_FOLLOWED_DAYS, Sketch, is_partial

# Pairs of parties a mention is listed under; a summit of forty is found by its first ones as well.
_MAX_PARTIES = 6

_WINDOW_DAYS = PARTIAL_FOLLOWED_DAYS + 1  # whatever may be the same is in the same window or the next

_YEAR_DAYS = 366


def _pairs(sketch: Sketch) -> set[tuple[str, str]]:
    return set(itertools.combinations(sketch.parties[:_MAX_PARTIES], 2))


def _homes(sketch: Sketch) -> list[set[str]]:
    """Returns for each party what its stand-ins may have in common with it: itself, and the country that it is of."""
    found = {side.party: {side.party, side.home} - {""} for side in sketch.sides}
    return [found.get(party, {party}) for party in sketch.parties[:_MAX_PARTIES]]


def _kin_blocks(sketch: Sketch, windows: Iterable[int]) -> set[str]:
    """Returns the blocks of those whose parties are of the same countries, or persons of the same surname."""
    pairs = {
        tuple(sorted(pair))
        for one, other in itertools.combinations(_homes(sketch), 2)
        for pair in itertools.product(one, other)
    }
    names = {side.surname for side in sketch.sides if side.surname}
    kin = [("home", *pair) for pair in pairs] + [("surname", name) for name in names]
    return {digest(*one, str(window)) for window in windows for one in kin}


@functools.lru_cache(maxsize=KEPT)
def kin_blocks(sketch: Sketch) -> frozenset[str]:
    """Returns the blocks by which stand-ins find each other at hand: of two windows, so that neighbours share one."""
    if sketch.day is None or is_partial(sketch):
        return frozenset()
    window = sketch.day // _WINDOW_DAYS
    return frozenset(_kin_blocks(sketch, (window, window + 1)))


def _year(day: int) -> int:
    return datetime.date.fromordinal(day).year


def _pair_blocks(sketch: Sketch, years: Iterable[int | None]) -> set[str]:
    return {digest("pair", *pair, str(year)) for pair in _pairs(sketch) for year in years}


def _party_blocks(sketch: Sketch, windows: Iterable[int], *, lone: bool) -> set[str]:
    kind = "lone" if lone else "party"
    return {digest(kind, party, str(window)) for party in sketch.parties[:_MAX_PARTIES] for window in windows}


def _is_lone(sketch: Sketch) -> bool:
    """Whether the pairs of parties by which others find a mention may not be all it has in common with them."""
    return is_partial(sketch) or len(sketch.parties) > _MAX_PARTIES


def listed_in(sketch: Sketch) -> frozenset[str]:
    """Returns the blocks that list a mention: its pairs of parties by year, each party by window, its names and label.

    One without any of these is listed by itself.
    """
    blocks = {digest("label", sketch.label)} if sketch.label else set()
    blocks |= {digest("name", name) for name in sketch.names}
    if sketch.day is None:
        blocks |= _pair_blocks(sketch, [None])
    else:
        blocks |= _pair_blocks(sketch, [_year(sketch.day)])
        blocks |= _party_blocks(sketch, [sketch.day // _WINDOW_DAYS], lone=_is_lone(sketch))
        blocks |= _kin_blocks(sketch, [sketch.day // _WINDOW_DAYS])
    return frozenset(blocks or {digest("mention", sketch.key)})


@functools.lru_cache(maxsize=KEPT)
def sought_in(sketch: Sketch) -> frozenset[str]:
    """Returns the blocks in which all mentions are listed that may be the same agreement as this one."""
    if sketch.day is None:
        return listed_in(sketch)
    last = sketch.reached[1] if sketch.reached else sketch.day
    # One that may have been reached any day of a year is filed under its first.
    years = range(_year(sketch.day - FOLLOWED_DAYS - _YEAR_DAYS), _year(last + FOLLOWED_DAYS) + 1)
    window = sketch.day // _WINDOW_DAYS
    windows = range(window - 1, window + 2)
    found = listed_in(sketch) | _pair_blocks(sketch, years) | _party_blocks(sketch, windows, lone=True)
    found |= _kin_blocks(sketch, windows)
    # A country has a hundred mentions a window, so whoever is found by its pairs does not look through them.
    return found | _party_blocks(sketch, windows, lone=False) if _is_lone(sketch) else found
