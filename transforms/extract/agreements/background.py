"""Gives agreements told without their sides those of the news: "the previous accord, reached in October"."""

from collections.abc import Sequence

from transforms.extract.agreements.kind import compatible
from transforms.extract.agreements.lookup import Lookup
from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.merge import Cluster
from transforms.records import ActorKind, AgreementKind

Settled = tuple[Cluster, tuple[str, ...]]
_OF_WAR = frozenset(
    {
        AgreementKind.CEASEFIRE,
        AgreementKind.PEACE,
        AgreementKind.PRISONER_EXCHANGE,
        AgreementKind.DEMILITARISATION,
        AgreementKind.BORDER,
    }
)
_PHRASE = 16  # tokens after an agreement noun in which "by" says who made it
_ALIKE = frozenset({"similar", "parallel", "comparable", "separate", "like"})
_NEAR = 450  # tokens between a pact and the older one that it follows: most of a wire story


def inherit(view: Lookup, settled: Sequence[Settled]) -> list[Settled]:
    """Returns the agreements with the parties of the news for older ones that name fewer than two of them.

    Args:
        view: The article.
        settled: The agreements of an article with their parties, in text order.
    """
    full = [entry for entry in settled if len(entry[1]) > 1 or _alone(entry)]
    return [
        entry if entry in full and not _faceless(view, entry) else (entry[0], _sides_of_news(view, entry, full))
        for entry in settled
    ]


def _faceless(view: Lookup, entry: Settled) -> bool:
    """Whether rivals who are only called so agree ("Liberia's warlords have signed")."""
    return len(entry[1]) == 1 and view.unnamed(entry[1][0])


def _alone(entry: Settled) -> bool:
    return bool(entry[1]) and any(m.collective for m in entry[0].mentions)


def _sides_of_news(view: Lookup, entry: Settled, full: Sequence[Settled]) -> tuple[str, ...]:
    cluster, parties = entry
    if len(parties) == 1 and parties[0] in view.houses:
        parties = ()  # "parliament is to ratify the deal"
    if not parties and all(m.beside and not m.found.vague for m in cluster.mentions[:1]):
        start = cluster.mentions[0].trigger
        told = [o for o in full if len(o[1]) > 1 and 0 < start - o[0].mentions[0].trigger <= _NEAR]
        if told:
            cluster.borrowed = True
            return told[-1][1]
    if len(parties) == 1 and any(_alike(view, m) for m in cluster.mentions):
        pairs = [theirs for o, theirs in full if len(theirs) > 1 and compatible(cluster.kind, o.kind)]
        pairs = [theirs for theirs in pairs if parties[0] not in theirs]
        return (_first_named(view, pairs[-1]), *parties) if pairs else parties
    if len(parties) == 1 and view.unnamed(parties[0]) and _alone(entry):
        named = [o[1] for o in full if o is not entry and compatible(cluster.kind, o[0].kind) and len(o[1]) > 1]
        return named[0] if named and view.kinds.get(named[0][0]) is ActorKind.PERSON else parties
    dated = cluster.dates or any(
        m.earlier and m.status is not None and (m.definite or m.indefinite) for m in cluster.mentions
    )
    if "old" not in cluster.eras or not dated or not any(_told(m) for m in cluster.mentions):
        return parties
    if parties and any(m.found.counterpart for m in cluster.mentions):
        return parties
    if not parties and any(_by_others(view, m) for m in cluster.mentions):
        return parties  # "the accords signed by the four factions and 18 countries"
    if len(parties) == 1 and view.kinds.get(parties[0]) is ActorKind.ARMED_GROUP:
        home = _fought(view, parties[0], full)
        if home is not None:
            return (home, *parties)
    owner = _owner(view, cluster, parties, full)
    if owner is not None:
        return (owner, *parties)
    debtor = _debtor(view, parties, full)
    if debtor is not None:
        return (debtor, *parties)
    at = cluster.mentions[0].trigger
    fitting = [
        other
        for other in full
        if set(parties) <= set(other[1])
        and "old" not in other[0].eras
        and (
            parties
            or _replaced_by(cluster, other[0])
            or compatible(cluster.kind, other[0].kind)
            or {cluster.kind, other[0].kind} <= _OF_WAR
        )
        and abs(other[0].mentions[0].trigger - at) <= _NEAR
    ]
    nearest = min(fitting, key=lambda other: min(abs(m.trigger - at) for m in other[0].mentions), default=None)
    if nearest is None:
        return parties
    cluster.borrowed = True
    return nearest[1]


def _replaced_by(cluster: Cluster, news: Cluster) -> bool:
    """Whether an older pact goes by the same word as that of the news ("the previous treaty")."""
    words = {mention.word for mention in news.mentions}
    return any(m.earlier and m.definite and m.word in words for m in cluster.mentions)


def _alike(view: Lookup, mention: Mention) -> bool:
    """Whether a pact with another is told as like that of the news ("follows a similar agreement with Z")."""
    noun = view.doc[mention.trigger]
    alike = any(child.lower_ in _ALIKE for child in noun.lefts)
    return alike and any(child.lower_ == "with" for child in noun.rights)


def _first_named(view: Lookup, parties: Sequence[str]) -> str:
    """Returns the party that the article names first: the one whose pacts it tells of."""
    named = (actor for _s, _e, m in view.mentions if (actor := view.represents.get(m.actor, m.actor)) in parties)
    return next(named, parties[0])


def _owner(view: Lookup, cluster: Cluster, parties: tuple[str, ...], full: Sequence[Settled]) -> str | None:
    """Returns the company of the news that had an older deal with another ("an earlier agreement to sell it to Y")."""
    before = [o for o in full if o[0].mentions[0].trigger < cluster.mentions[0].trigger]
    business = cluster.kind is AgreementKind.COMMERCIAL and len(parties) == 1 and bool(before)
    if not business or any(parties[0] in theirs for _, theirs in before):
        return None
    seller = before[-1][1][0]
    return seller if {view.kinds.get(seller), view.kinds.get(parties[0])} == {ActorKind.ORGANIZATION} else None


def _debtor(view: Lookup, parties: tuple[str, ...], full: Sequence[Settled]) -> str | None:
    """Returns the one country of a story on loans for an older pact with a lending body ("with the Paris Club")."""
    lenders = {name for name, kind in view.lexicon.body_kinds.items() if kind is AgreementKind.FINANCE}
    if len(parties) != 1 or view.names.get(parties[0], "").lower() not in lenders:
        return None
    loans = [parties_ for cluster, parties_ in full if cluster.kind is AgreementKind.FINANCE]
    countries = {p for parties_ in loans for p in parties_ if view.kinds.get(p) is ActorKind.COUNTRY}
    return next(iter(countries)) if len(countries) == 1 else None


def _by_others(view: Lookup, mention: Mention) -> bool:
    """Whether a sentence says how many made an agreement, who are not those of the news."""
    start, end = mention.trigger, min(mention.trigger + _PHRASE, mention.sentence[1])
    by = [token for token in view.doc[start:end] if token.lower_ == "by"]
    makers = [obj for token in by for obj in token.children if obj.dep_ == "pobj"]
    words = (list(obj.lefts) for maker in makers for obj in (maker, *maker.conjuncts))
    return any(any(w.like_num for w in before) and not any(w.lower_ == "the" for w in before) for before in words)


def _fought(view: Lookup, group: str, full: Sequence[Settled]) -> str | None:
    """Returns the country of the news where an armed group of it had an older pact ("the accord with the Farc")."""
    news = {party for other in full for party in other[1] if view.kinds.get(party) is ActorKind.COUNTRY}
    return next((party for party in sorted(news) if view.country[party] == view.country.get(group)), None)


def _told(mention: Mention) -> bool:
    """Whether a mention is of one certain older pact, not of pacts of its sort."""
    sure = mention.strength in {"strong", "plain"} or bool(mention.earlier or mention.reached)
    if mention.family == "commercial" and mention.indefinite and mention.strength == "weak":
        return False  # "in a purchase that was completed in July": its own sentence says who bought
    return sure and bool(mention.definite or mention.earlier or mention.indefinite or mention.reached)
