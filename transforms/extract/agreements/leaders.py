"""Says for whom an actor signs: presidents and rebel leaders for their sides, unnamed rebels for the named group."""

import re
from collections.abc import Iterable, Sequence

from transforms.records import Actor, ActorKind

_SCOPED = re.compile(r"\(.+\)$")  # "rebels (Liberia)": a group without a name
_REBELS = frozenset({"rebel", "rebels", "guerrilla", "guerilla", "insurgent", "insurgents", "separatist", "militia"})
_HEADS = frozenset({"president", "premier", "prime", "chancellor", "king", "emir", "sultan", "junta", "ruler"})
_PAST = frozenset({"former", "ex", "ousted", "deposed", "exiled", "vice", "deputy", "elect", "interim", "self"})
_PEOPLES = ("group:", "party:")  # gazetteer ids: a movement in power still signs in its own name
_FIRM = re.compile(
    r"^\S+(?:\s(?:Communications|Industries|Motors?|Airlines|Technologies|International))?\s(?:Inc|Corp|Co|Ltd|Plc|PLC|AG|SA|NV|LLC|LP|Group|Corporation|Company|Holdings)\.?$"
)
HOUSES = frozenset(
    {"parliament", "senate", "congress", "assembly", "board", "council", "legislature", "cabinet", "knesset", "duma"}
)
_OF_UNION = frozenset({"org:european-parliament", "org:european-council"})
_COMMON = frozenset(
    {"fund", "bank", "council", "commission", "union", "community", "party", "front", "movement", "alliance", "group"}
)
_FEW = frozenset({"rebels", "insurgents", "guerrillas", "separatists", "militants", "opposition"})


def sides_meant(actors: Sequence[Actor], represents: dict[str, str]) -> dict[str, str]:
    """Returns for actors that sign for another one the id of that side.

    Args:
        actors: Those of one article.
        represents: What the actors component says; rivals within one country are not in it.
    """
    sides = {actor: side for actor, side in represents.items() if not actor.startswith(_PEOPLES)}
    armed = [actor for actor in actors if actor.kind is ActorKind.ARMED_GROUP]
    named = [group for group in armed if not group.name[:1].islower()]
    sides.update(_unnamed(armed, named))
    sides.update(_rivals(actors, named, sides))
    sides.update(_shortened(actors))
    sides.update(_by_role(actors, sides, named))
    return sides


def _by_role(actors: Sequence[Actor], sides: dict[str, str], groups: Sequence[Actor]) -> dict[str, str]:
    """Ties commissioners to the body in their title, and heads of government to the one country that groups fight."""
    bodies = {
        name: actor.id
        for actor in actors
        if actor.kind is ActorKind.ORGANIZATION
        for name in (actor.name, *actor.aliases)
        if name.isupper()
    }
    homes = {group.country for group in groups}
    home = next((a.id for a in actors if a.kind is ActorKind.COUNTRY and {a.country} == homes), None)
    found: dict[str, str] = {}
    for person in actors:
        if person.kind is not ActorKind.PERSON or person.id in sides or not person.role:
            continue
        first = person.role.split()[0]
        if first in bodies and not _words(person) & {"spokesman", "spokeswoman", "envoy", "mediator", "analyst"}:
            found[person.id] = bodies[first]
        elif home is not None and person.country is None and "minister" in _words(person):
            found[person.id] = home
    return found


def houses_of(actors: Sequence[Actor]) -> dict[str, str]:
    """Returns for parliaments, boards and councils the id of the country or organisation that they decide for.

    Args:
        actors: Those of one article.
    """
    found: dict[str, str] = {}
    for actor in actors:
        if actor.kind is ActorKind.ORGANIZATION and actor.name.lower().rpartition(" ")[2] in HOUSES:
            home = next((o.id for o in actors if o.id != actor.id and _owns(o, actor)), None)
            if home is not None:
                found[actor.id] = home
    return found


def _owns(owner: Actor, house: Actor) -> bool:
    if house.id in _OF_UNION:
        return owner.id == "org:eu"
    if owner.kind is ActorKind.COUNTRY and owner.country is not None and owner.country == house.country:
        return True
    if owner.kind not in {ActorKind.COUNTRY, ActorKind.ORGANIZATION}:
        return False
    return any(house.name.lower().startswith(name.lower()) for name in (owner.name, *owner.aliases) if len(name) > 1)


def _shortened(actors: Sequence[Actor]) -> dict[str, str]:
    """Ties "the Fund" or "the Front" to the one actor whose full name ends in that word."""
    found: dict[str, str] = {}
    for actor in actors:
        if actor.kind in {ActorKind.PERSON, ActorKind.COUNTRY} or actor.name.lower() not in _COMMON:
            continue
        full = [o.id for o in actors if o.id != actor.id and o.name.lower().endswith(" " + actor.name.lower())]
        if len(full) == 1:
            found[actor.id] = full[0]
    for actor in actors:
        first = actor.name.split()[0] if actor.kind is ActorKind.ORGANIZATION and _FIRM.match(actor.name) else ""
        short = [o.id for o in actors if o.kind is ActorKind.ORGANIZATION and o.name == first]
        if len(short) == 1:
            found[actor.id] = short[0]
    return found


def _unnamed(armed: Iterable[Actor], named: Sequence[Actor]) -> dict[str, str]:
    """Ties "the rebels" of a country to the one named group there, which the text may name only later."""
    found: dict[str, str] = {}
    for group in armed:
        scoped = _SCOPED.search(group.name)
        if scoped is None or group.name[: scoped.start()].strip() not in _FEW or group.country is None:
            continue
        theirs = [other for other in named if other.country == group.country]
        if len(theirs) == 1:
            found[group.id] = theirs[0].id
    return found


def _rivals(actors: Sequence[Actor], groups: Sequence[Actor], sides: dict[str, str]) -> dict[str, str]:
    """Gives a rebel leader his group and the president he fights his country, where the article names the group."""
    found: dict[str, str] = {}
    countries = {actor.country: actor.id for actor in actors if actor.kind is ActorKind.COUNTRY}
    for person in actors:
        if person.kind is not ActorKind.PERSON or not _words(person) & _REBELS:
            continue
        group = sides.get(person.id) or _group(person, groups)
        if group is None:
            continue
        found[person.id] = group
        home = next((g.country for g in groups if g.id == group), None) or person.country
        for rival in actors:
            heads = rival.kind is ActorKind.PERSON and rival.country == home and rival.id not in sides
            if heads and home in countries and _words(rival) & _HEADS and not _words(rival) & _PAST:
                found[rival.id] = countries[home]
    return found


def _group(person: Actor, groups: Sequence[Actor]) -> str | None:
    theirs = [group for group in groups if person.country is None or group.country in {person.country, None}]
    return theirs[0].id if len(theirs) == 1 else None


def _words(actor: Actor) -> set[str]:
    return set(re.split(r"[\s-]+", (actor.role or "").lower()))
