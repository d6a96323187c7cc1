"""Finds who several are that a text counts in one place and lists in another ("eleven nations")."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from transforms.extract.agreements.lookup import Lookup, Side
from transforms.records import ActorKind

_COUNTED = "three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"  # seldom more
NUMBERS = {"two": 2} | {word: number for number, word in enumerate(_COUNTED.split(), start=3)}
_MOST = max(NUMBERS.values())
_LINKS = frozenset({",", "and", "the", "&"})
_GUESSED = 3  # of so many at most, the last two named may stand for all


def counted(view: Lookup, head: Token) -> list[Side] | None:
    """Returns those whom a text lists where it says how many they are, [] where it lists no such number of them.

    Args:
        view: The article.
        head: The noun that is counted ("nations").

    Returns:
        The sides; None where no number, or a small one without a list, is told.
    """
    number = _number(head.lefts)
    if number < _GUESSED:
        return None
    lists = {frozenset(run): run for run in runs(view) if len(run) == number}
    if len(lists) == 1:
        return [Side(actor=actor, signer=None, token=head.i) for actor in next(iter(lists.values()))]
    return [] if number > _GUESSED else None


def _number(words: Iterator[Token]) -> int:
    """Returns how many are told, 0 where no number is, or one too great to be listed."""
    told = (NUMBERS.get(word.lower_) or (int(word.text) if word.text.isdigit() else 0) for word in words)
    return next((number for number in told if 0 < number <= _MOST), 0)


def runs(view: Lookup) -> Sequence[tuple[str, ...]]:
    """Returns the countries that stand one after the other with nothing but commas and "and" between."""
    found: list[tuple[str, ...]] = []
    run: dict[str, None] = {}
    last = 0
    for start, end, mention in view.mentions:
        country = view.kinds.get(mention.actor) is ActorKind.COUNTRY
        if not country or not all(token.lower_ in _LINKS for token in view.doc[last:start]):
            found.append(tuple(run))
            run = {}
        if country:
            run[mention.actor] = None
        last = end
    return [*found, tuple(run)]
