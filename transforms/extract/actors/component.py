"""Finds the actors of an article: one record for each, with all its mentions and the side it acts for."""

import datetime

from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract import layers
from transforms.extract.actors.cast import Cast
from transforms.extract.actors.collective import read_collectives
from transforms.extract.actors.datelines import without_datelines
from transforms.extract.actors.echoes import with_echoes
from transforms.extract.actors.find_candidates import find_candidates
from transforms.extract.actors.gazetteer import Gazetteer, load_gazetteer
from transforms.extract.actors.holders import resolve_holders
from transforms.extract.actors.merge import group_candidates
from transforms.extract.actors.roles import RoleReader
from transforms.extract.actors.sides import find_sides
from transforms.extract.actors.surnames import add_surnames
from transforms.extract.actors.text import Words
from transforms.extract.actors.unnamed import SideReader
from transforms.extract.layers import ActorMention
from transforms.records import Actor, record


@record
class Found:
    """What was found: the actors, their mentions in text order, and for whom they act."""

    actors: tuple[Actor, ...]
    mentions: tuple[ActorMention, ...]
    represents: dict[str, str]


def read_actors(doc: Doc, gazetteer: Gazetteer, published: datetime.date | None = None) -> Found:
    """Returns the actors of an article.

    Args:
        doc: With the trained pipeline's entities, tags and parse.
        gazetteer: The actors known beforehand.
        published: The day of publication: who is president, and whose capital a city is, change with the years.
    """
    words, year = Words(doc), published.year if published else None
    candidates = with_echoes(words, without_datelines(words, find_candidates(words, gazetteer, year)))
    offices = RoleReader(words, candidates).read()
    resolve_holders(candidates, gazetteer, year)
    groups = group_candidates(words, candidates, gazetteer)
    cast = Cast(words, gazetteer)
    for group in groups:
        cast.add_group(group)
    cast.add_nested(groups)
    SideReader(cast, offices).read()
    represents = find_sides(cast)
    read_collectives(cast, represents)
    add_surnames(list(cast.drafts.values()))
    mentions = sorted(
        (it for draft in cast.drafts.values() for it in draft.mentions), key=lambda it: (it.start, it.end, it.actor)
    )
    return Found(
        actors=tuple(draft.record() for draft in cast.drafts.values()), mentions=tuple(mentions), represents=represents
    )


class ActorFinder:
    """The spaCy component; `gazetteer` is the path of a user's actors.yaml, or None."""

    def __init__(self, gazetteer: str | None) -> None:
        layers.register()
        self._gazetteer = load_gazetteer(gazetteer)

    def __call__(self, doc: Doc) -> Doc:
        """Sets `doc._.actors`, `doc._.actor_mentions` and `doc._.represents`."""
        found = read_actors(doc, self._gazetteer, doc._.published)
        doc._.actors = found.actors
        doc._.actor_mentions = found.mentions
        doc._.represents = found.represents
        return doc


@Language.factory("pactwatch_actors", default_config={"gazetteer": None})
def make_actor_finder(nlp: Language, name: str, gazetteer: str | None) -> ActorFinder:
    """Makes the component for a spaCy pipeline; it needs a parser and an entity recogniser before it."""
    return ActorFinder(gazetteer)
