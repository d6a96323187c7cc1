"""What is known of the parties to an agreement beside their ids: how other articles may name the same side.

One outlet says "Gazprom and CNPC", another "Russia and China"; one "Machar", another the army he leads. What follows
from one article alone is kept here; whether two names are one side is asked for each pair of mentions.
"""

from collections.abc import Iterable, Sequence

from transforms.records import Actor, ActorKind, record
from transforms.store.analysis import split_words

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
        surname: Of a person, folded; else empty.
        alone: Whether the article names the person by nothing but that surname.
    """

    party: str
    kind: ActorKind
    home: str = ""
    surname: str = ""
    alone: bool = False

    @property
    def tokens(self) -> tuple[str, ...]:
        """What it is known by in other articles: its id, its country's, its surname as "~kolvar"."""
        return tuple(key for key in (self.party, self.home, self.surname and f"~{self.surname}") if key)


def _side(actor: Actor) -> Side:
    words = split_words(actor.name) if actor.kind is ActorKind.PERSON else []
    return Side(
        party=actor.id,
        kind=actor.kind,
        home=f"country:{actor.country}" if actor.country else "",
        surname=words[-1] if words else "",
        alone=len(words) == 1,
    )


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
