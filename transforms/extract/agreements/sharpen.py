"""Says more exactly who the parties are: named groups for "two rebel groups", leaders who act for themselves."""

from collections.abc import Mapping, Sequence

from transforms.extract.agreements.counted import NUMBERS, runs
from transforms.extract.agreements.lookup import Lookup
from transforms.extract.agreements.merge import Cluster
from transforms.extract.agreements.parse import hashes_of
from transforms.extract.agreements.unions import is_union
from transforms.extract.layers import Form
from transforms.records import ActorKind, AgreementKind

_AFTER = 220  # tokens after the news in which a wire names the groups it called "two rebel groups"
_GROUPS = frozenset({"groups", "movements", "factions", "militias"})
_MOVEMENTS = frozenset({"front", "movement", "army", "council", "union", "forces", "party", "faction"})
_SIDES = frozenset({ActorKind.COUNTRY, ActorKind.ARMED_GROUP})
_POWERS = frozenset({"powers", "governments", "neighbours", "neighbors"})
_NATIONS = frozenset({"nations", "countries", "presidents", "leaders", "states"})
_PAIR = 2
_LENDERS = ("creditors (", "banks (", "lenders (", "advisory committee (", "bondholders (")
_BACK = 5  # words between a number and its groups ("two of the main Tuareg rebel groups")


def sharpened(view: Lookup, cluster: Cluster, parties: Sequence[str], signers: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the parties with names for groups without one, and leaders instead of sides they do not speak for.

    Args:
        view: The article.
        cluster: The agreement.
        parties: Actor ids, as its sentences name them.
        signers: The persons named for their side, as person id to side id.
    """
    faced = _with_union(view, cluster, _with_rebels(view, cluster, list(parties)))
    counted = _with_powers(view, cluster, _with_debtor(view, faced))
    found = _without_spokesmen(view, _without_unnamed(view, _named_later(view, cluster, counted)))
    return tuple(dict.fromkeys(_leader(view, party, found, signers) for party in found))


def _with_debtor(view: Lookup, parties: list[str]) -> list[str]:
    """Returns the parties with the country to which creditors without a name lend, where only those are told."""
    if len(parties) != 1 or not view.names.get(parties[0], "").startswith(_LENDERS):
        return parties
    debtor = [
        a for a, kind in view.kinds.items() if kind is ActorKind.COUNTRY and view.names[a] in view.names[parties[0]]
    ]
    return [*debtor[:1], *parties]


def _with_rebels(view: Lookup, cluster: Cluster, parties: list[str]) -> list[str]:
    """Returns a country with the one armed group of it that the article names, where its foe is left unnamed."""
    faced = any(mention.found.counterpart for mention in cluster.mentions)
    if len(parties) != 1 or not faced or view.kinds.get(parties[0]) is not ActorKind.COUNTRY:
        return parties
    armed = (actor for actor, kind in view.kinds.items() if kind is ActorKind.ARMED_GROUP and not view.unnamed(actor))
    theirs = [actor for actor in armed if view.country.get(actor) == view.country[parties[0]]]
    return [*parties, *theirs] if len(theirs) == 1 else parties


def _with_union(view: Lookup, cluster: Cluster, parties: list[str]) -> list[str]:
    """Returns a contract's one party with the only union that the article names, where its other side has no name."""
    faced = any(mention.found.counterpart for mention in cluster.mentions)
    named = [party for party in parties if not view.unnamed(party)]
    lone = len(named) == 1 and view.kinds.get(named[0]) is ActorKind.ORGANIZATION and not is_union(view, named[0])
    if not lone or not (faced or len(parties) > 1) or AgreementKind.LABOR not in cluster.scores:
        return parties
    unions = [actor for actor in view.names if is_union(view, actor)]
    return [*named, *unions] if len(unions) == 1 else parties


def _with_powers(view: Lookup, cluster: Cluster, parties: list[str]) -> list[str]:
    """Returns one country's parties with the "six world powers" that the article lists elsewhere."""
    nations = _nations(view, cluster)
    if set(parties) <= set(nations):
        return [*nations] or parties
    if len(parties) != 1 or view.kinds.get(parties[0]) is not ActorKind.COUNTRY:
        return parties
    number = max((_number(view, *m.sentence, _POWERS) for m in cluster.mentions), default=0)
    listed = next((run for run in runs(view) if len(run) == number), ()) if number > 1 else ()
    return parties if parties[0] in listed else [*parties, *listed]


def _nations(view: Lookup, cluster: Cluster) -> tuple[str, ...]:
    """Returns the countries that a text lists once where it says how many agreed ("presidents of five nations")."""
    number = max((_number(view, *m.sentence, _NATIONS) for m in cluster.mentions), default=0)
    lists = {frozenset(run): run for run in runs(view) if len(run) == number} if number > _PAIR else {}
    return next(iter(lists.values())) if len(lists) == 1 else ()


def _named_later(view: Lookup, cluster: Cluster, parties: list[str]) -> list[str]:
    """Returns the parties with "two rebel groups" replaced by the two groups that the text names next."""
    start = cluster.mentions[0].sentence[0]
    number = max((_number(view, *m.sentence) for m in cluster.mentions if not m.headline), default=0)
    if number < 2 or sum(_is_group(view, party) and not view.unnamed(party) for party in parties) >= number:
        return parties
    armed = dict.fromkeys(
        mention.actor
        for _s, _e, mention in view.covered(start, min(len(view.doc), start + _AFTER))
        if mention.form is not Form.ROLE and _is_group(view, mention.actor) and not view.unnamed(mention.actor)
    )
    if len(armed) != number:
        return parties
    others = [party for party in parties if view.kinds.get(party) in {ActorKind.COUNTRY, ActorKind.PERSON}]
    return [*others, *armed]


def _number(view: Lookup, start: int, end: int, nouns: frozenset[str] = _GROUPS) -> int:
    """Returns how many groups a sentence speaks of without naming them, 0 where of none."""
    groups = hashes_of(nouns)
    for i in range(start, end):
        if view.lower[i] in groups:
            before = [t.lower_ for t in view.doc[max(start, i - _BACK) : i]]
            number = next((NUMBERS[word] for word in before if word in NUMBERS), 0)
            if number:
                return number
    return 0


def _without_spokesmen(view: Lookup, parties: list[str]) -> list[str]:
    """Returns the parties without persons of no known side where two sides are named for whom they will have signed."""
    sides = [party for party in parties if view.kinds.get(party) in _SIDES]
    bodies = [party for party in parties if view.kinds.get(party) is ActorKind.ORGANIZATION]
    return [
        p for p in parties if not sides or len(sides) + len(bodies) < 2 or view.kinds.get(p) is not ActorKind.PERSON
    ]


def _is_group(view: Lookup, actor: str) -> bool:
    if view.kinds.get(actor) is ActorKind.ARMED_GROUP:
        return True
    if actor.startswith("org:"):  # the gazetteer's bodies, such as the African Union
        return False
    words = view.names.get(actor, "").lower().split()
    return view.kinds.get(actor) is ActorKind.ORGANIZATION and bool(_MOVEMENTS & set(words))


def _without_unnamed(view: Lookup, parties: list[str]) -> list[str]:
    """Returns the parties without a group that has no name where others of its kind stand ("rebels", "separatists")."""
    fighters = [p for p in parties if view.unnamed(p) and view.kinds.get(p) is ActorKind.ARMED_GROUP]
    again = {p for n, p in enumerate(fighters) if any(view.country.get(o) == view.country.get(p) for o in fighters[:n])}
    parties = [party for party in parties if party not in again]
    named = [party for party in parties if not view.unnamed(party)]
    kinds = {view.kinds.get(party) for party in named}
    return [p for p in parties if not (view.unnamed(p) and len(named) > 1 and view.kinds.get(p) in kinds)]


def _leader(view: Lookup, party: str, parties: Sequence[str], signers: Mapping[str, str]) -> str:
    """Returns the person who acts for himself: one of two leaders of one country, or one who deals with a party."""
    if view.kinds.get(party) is not ActorKind.COUNTRY:
        return party
    persons = [person for person, side in signers.items() if side == party]
    others = [other for other in parties if other != party]
    rival = any(view.kinds.get(o) is ActorKind.PERSON and view.country.get(o) == view.country[party] for o in others)
    rival = rival or (len(others) > 1 and all(view.kinds.get(other) is ActorKind.PERSON for other in others))
    partisan = bool(others) and all(other.startswith("party:") for other in others)
    return persons[0] if len(persons) == 1 and (rival or partisan) else party
