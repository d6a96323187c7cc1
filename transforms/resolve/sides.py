"""What is known of the parties to an agreement beside their ids: how other articles may name the same side.

One outlet says "Gazprom and CNPC", another "Russia and China"; one "Bayer AG", another "Bayer"; one "Machar", another
the army he leads. What follows from one article alone is kept here; whether two names are one side is asked for each
pair of mentions.
"""

import functools
from collections.abc import Iterable, Sequence

from transforms.records import Actor, ActorKind, digest, record
from transforms.store.analysis import split_words

# Words for a company's legal form, with which some outlets write its name and some do not.
_LEGAL_FORMS = frozenset(
    split_words(
        "ag bv co cos company corp corporation gmbh holding holdings inc incorporated kk limited llc ltd nv oyj pjsc "
        "plc sa sarl se spa tbk"
    )
)

# Peoples for whom armed groups, and no army, make war on a neighbour: the news names either as the side of a truce.
_SPOKEN_FOR_BY_GROUPS = frozenset({"country:PS", "country:LB"})

_BODIES = frozenset({ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP})


@record
class Side:
    """A party that is no country.

    Attributes:
        party: Its actor's id.
        kind: What it is.
        home: The id of its country, or empty.
        plain: The id of its name without the words for a legal form; of all others the party's own.
        surname: Of a person, folded; else empty.
        alone: Whether the article names the person by nothing but that surname.
    """

    party: str
    kind: ActorKind
    home: str = ""
    plain: str = ""
    surname: str = ""
    alone: bool = False


@functools.lru_cache(maxsize=4_096)
def plain_id(kind: ActorKind, name: str) -> str:
    """Returns the id of an organization's name without the words for its legal form, made as actors' ids are."""
    words = split_words(name)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return digest(kind.value, "".join(words), "")


def _side(actor: Actor) -> Side:
    plain = plain_id(actor.kind, actor.name) if _has_legal_form(actor) else actor.id
    words = split_words(actor.name) if actor.kind is ActorKind.PERSON else []
    return Side(
        party=actor.id,
        kind=actor.kind,
        home=f"country:{actor.country}" if actor.country else "",
        plain=plain,
        surname=words[-1] if words else "",
        alone=len(words) == 1,
    )


def _has_legal_form(actor: Actor) -> bool:
    """Whether an organization's name says its legal form; those of the gazetteer have ids of their own."""
    words = split_words(actor.name)
    return actor.kind is ActorKind.ORGANIZATION and ":" not in actor.id and len(words) > 1 and words[-1] in _LEGAL_FORMS


def sides_of(actors: Iterable[Actor], parties: Sequence[str]) -> tuple[Side, ...]:
    """Returns what is known of those parties that are no countries, in the order of their ids."""
    found = {actor.id: actor for actor in actors if actor.id in parties}
    return tuple(_side(found[party]) for party in sorted(found) if found[party].kind is not ActorKind.COUNTRY)


def stands_for(one: Side | str, other: Side | str) -> bool:
    """Returns whether two names of different ids may be one side; countries are given by their ids.

    A state stands for its firms and officials, a person for the body that they lead or speak for, a surname for whoever
    has it. A state does not stand for those who fight it.
    """
    if isinstance(one, str):
        return isinstance(other, Side) and _is_of(other, one)
    if isinstance(other, str):
        return _is_of(one, other)
    if one.surname and other.surname:
        return one.surname == other.surname and one.alone != other.alone
    person, body = (one, other) if one.surname else (other, one)
    return bool(person.surname) and body.kind in _BODIES and bool(body.home) and person.home == body.home


def _is_of(side: Side, country: str) -> bool:
    return side.home == country and (side.kind is not ActorKind.ARMED_GROUP or country in _SPOKEN_FOR_BY_GROUPS)
