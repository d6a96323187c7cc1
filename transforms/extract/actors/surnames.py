"""Adds the surname of everyone named in full, so that one is found by it whether or not the article says it alone."""

from collections import Counter

from transforms.extract.actors.cast import Draft
from transforms.extract.actors.text import fold
from transforms.extract.actors.trained import PARTICLES
from transforms.records import ActorKind

_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SHORTEST = 3  # letters: shorter surnames are too often something else
# Family names that are said first and stand for their bearer alone ("Li" for Li Peng): the most common ones of China.
_SAID_FIRST = frozenset(
    {
        *("bo", "li", "wang", "zhang", "hu", "xi", "wen", "jiang", "zhu", "deng", "zhao", "wu", "yang", "liu", "chen"),
        *("qian", "tang", "zeng", "zhou", "huang", "xu", "sun", "lin", "gao", "ma", "guo", "he", "luo", "zheng"),
    }
)


def add_surnames(drafts: list[Draft]) -> None:
    """Adds to every person named in full the surname, unless another actor of the article has that word in a name.

    Args:
        drafts: All actors of the article; `names` of persons are added to.
    """
    persons = [(draft, surname) for draft in drafts if _is_named(draft) and (surname := surname_of(draft.name))]
    if not persons:
        return
    bearers = Counter(
        word
        for draft in drafts
        for word in {fold(part) for name in (draft.name, *draft.names) for part in name.replace("-", " ").split()}
    )
    for draft, surname in persons:
        if bearers[fold(surname.replace("-", " ").split()[-1])] == 1:
            draft.names.setdefault(surname)


def _is_named(draft: Draft) -> bool:
    return draft.kind is ActorKind.PERSON and draft.group is not None


def surname_of(name: str) -> str | None:
    """Returns the surname in a person's full name ("de Soto" of "Ana de Soto"), or None where none can be told."""
    parts = name.split()
    while len(parts) > 1 and fold(parts[-1]) in _GENERATIONS:
        parts.pop()
    if len(parts) < 2 or not all(part[0].isupper() or fold(part) in PARTICLES for part in parts):
        return None
    if len(parts) < 4 and (fold(parts[0]) in _SAID_FIRST or _is_double(parts[-1])):
        return parts[0]
    first = len(parts) - 1
    while first > 1 and parts[first - 1].islower():
        first -= 1
    surname = " ".join(parts[first:]).rstrip(",")
    return surname if len(surname) >= _SHORTEST and not surname.endswith(".") else None


def _is_double(part: str) -> bool:
    """As "Dae-jung" in "Kim Dae-jung": a given name, said after the family's."""
    before, hyphen, after = part.partition("-")
    return bool(hyphen) and before.istitle() and after.islower()
