"""Reads the agreements of an article: who agreed what with whom, and how it stands."""

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract import layers
from transforms.extract.agreements.alongside import alongside
from transforms.extract.agreements.background import inherit
from transforms.extract.agreements.details import title_of
from transforms.extract.agreements.kind import added, best, compatible, weigh
from transforms.extract.agreements.lexicon import load_lexicon
from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.mentions import find_mentions
from transforms.extract.agreements.merge import Cluster, gather, standing
from transforms.extract.agreements.occasion import occasion_place
from transforms.extract.agreements.provisions import provisions_of
from transforms.extract.agreements.sharpen import sharpened
from transforms.extract.agreements.sides import REACHED, enough, parties_of, signers_of, told_alone
from transforms.extract.agreements.standins import named_for
from transforms.extract.agreements.status import Modality
from transforms.extract.agreements.talks import Talks
from transforms.extract.agreements.trivia import is_trivial
from transforms.extract.agreements.unions import bargainers
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, Agreement, AgreementKind, AgreementStatus, Evidence, digest, record

_PARTISAN = frozenset({AgreementKind.LABOR, AgreementKind.OTHER, AgreementKind.COMMERCIAL})
_PARTIES = (" party", " bloc", " front", " democrats", " liberals", " greens")
_OF_WAR = frozenset(
    {AgreementKind.CEASEFIRE, AgreementKind.PEACE, AgreementKind.POLITICAL, AgreementKind.PRISONER_EXCHANGE}
)
_BODY = 6.0  # as much as a telling phrase in the agreement's own words
_AROUND = 80  # tokens: two or three sentences


@record
class AgreementMention:
    """Where an article speaks of an agreement, for the deadlines component.

    Attributes:
        agreement: Id of a record in `doc._.agreements`.
        start, end: Characters of the sentence.
        trigger: Token index of the agreement noun or the verb of agreeing.
        status: What this sentence says of the agreement's state, or None.
        modality: How it says so.
        rule: The id of the rule that found it.
    """

    agreement: str
    start: int
    end: int
    trigger: int
    status: AgreementStatus | None
    modality: Modality
    rule: str


def register() -> None:
    """Registers `doc._.agreement_mentions` (tuple[AgreementMention, ...] in text order); safe to call again."""
    layers.register()
    if not Doc.has_extension("agreement_mentions"):
        Doc.set_extension("agreement_mentions", default=())


def read_agreements(doc: Doc) -> Doc:
    """Sets `doc._.agreements` and `doc._.agreement_mentions` from the parse and the layers before."""
    lexicon = load_lexicon()
    view = View(doc, lexicon)
    mentions, talks = find_mentions(view)
    agreements: list[Agreement] = []
    places: list[AgreementMention] = []
    settled = [_with_those_alongside(view, told) for told in inherit(view, _settled(gather(view, mentions), talks))]
    settled = named_for(view, settled)
    everyone = signers_of([mention for cluster, _ in settled for mention in cluster.mentions])
    for cluster, told in settled:
        parties = sharpened(view, cluster, told, signers_of(cluster.mentions) or everyone)
        parties = _at_work(view, cluster, parties)
        agreement = _agreement(view, cluster, parties, len(agreements), _kind_of_sides(cluster, told, settled))
        if agreement is None:
            continue
        agreements.append(agreement)
        places.extend(_place(view, mention, agreement.id) for mention in cluster.mentions)
    doc._.agreements = tuple(agreements)
    doc._.agreement_mentions = tuple(sorted(places, key=lambda place: place.trigger))
    return doc


def _at_work(view: View, cluster: Cluster, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the sides of a contract of work that is told as made, with those whom its sentences leave unnamed."""
    made = any(m.new and m.status in REACHED and m.modality is Modality.ASSERTED for m in cluster.mentions)
    if len(parties) > 1 or not made or best(cluster.scores) is not AgreementKind.LABOR:
        return parties
    return bargainers(view, parties)


def _settled(clusters: Sequence[Cluster], talks: Sequence[Talks]) -> list[tuple[Cluster, tuple[str, ...]]]:
    """Returns the clusters with their parties; those whose sides only the talks show are one agreement."""
    settled: list[tuple[Cluster, tuple[str, ...]]] = []
    for cluster in clusters:
        parties = parties_of(cluster, talks)
        vague = not cluster.whole and len(cluster.parties) < 2 and len(parties) > 1
        alike = [o for o, theirs in settled if set(theirs) == set(parties)]
        home = next((o for o in alike if (vague and not _older(o, cluster)) or _again(o, cluster)), None)
        if home is None:
            settled.append((cluster, parties))
        else:
            home.absorb(cluster)
    return _without_titles(settled)


def _without_titles(settled: list[tuple[Cluster, tuple[str, ...]]]) -> list[tuple[Cluster, tuple[str, ...]]]:
    """Returns the agreements with what only a headline told put to the next one that its sides have a part in."""
    kept: list[tuple[Cluster, tuple[str, ...]]] = []
    for n, (cluster, parties) in enumerate(settled):
        following = settled[n + 1 : n + 2]
        titled = all(mention.headline for mention in cluster.mentions) and len(parties) == 1
        if titled and following and set(parties) <= set(following[0][1]):
            following[0][0].absorb(cluster)
        else:
            kept.append((cluster, parties))
    return kept


def _with_those_alongside(view: View, told: tuple[Cluster, tuple[str, ...]]) -> tuple[Cluster, tuple[str, ...]]:
    """Returns an agreement that has too few parties with the two that one of its sentences names."""
    cluster, parties = told
    if enough(cluster, parties, standing(cluster.mentions, parties)[0]):
        return told
    brokers = [side.actor for mention in cluster.mentions for side in mention.found.brokers]
    made = [m for m in cluster.mentions if m.strength != "verb" and not m.headline and _made(view, m)]
    pairs = (alongside(view, m.sentence, parties, brokers) for m in made)
    return cluster, next((pair for pair in pairs if pair), parties)


def _made(view: View, mention: Mention) -> bool:
    """Whether a sentence tells of an agreement as one that two sides have made or act under."""
    noun = view.doc[mention.trigger]
    under = noun.dep_ == "pobj" and noun.head.lower_ in {"under", "of"} and mention.status is None
    return (under and "under" in {t.lower_ for t in noun.ancestors}) or (
        mention.status in REACHED and mention.modality is Modality.ASSERTED and not mention.definite
    )


def _older(told: Cluster, cluster: Cluster) -> bool:
    """Whether a cluster is of another pact, of a time before the one told ("under a pact sealed in 1893")."""
    dated = bool(cluster.dates) or cluster.mentions[0].earlier
    return "old" in cluster.eras and "old" not in told.eras and dated


def _again(told: Cluster, cluster: Cluster) -> bool:
    """Whether a cluster only speaks once more of an agreement told before between the same sides."""
    apart = told.dates != cluster.dates and bool(cluster.dates)
    if apart or "old" in told.eras | cluster.eras or any(m.new for m in cluster.mentions):
        return False
    return compatible(told.kind, cluster.kind) and all(m.definite for m in cluster.mentions)


def _kind_of_sides(
    cluster: Cluster, parties: tuple[str, ...], settled: Sequence[tuple[Cluster, tuple[str, ...]]]
) -> AgreementKind | None:
    """Returns what the same sides agree on elsewhere in the article ("the two signed an accord in 1977"), if told."""
    return next(
        (
            kind
            for other, theirs in settled
            if other is not cluster and len(parties) > 1 and set(theirs) == set(parties)
            if (kind := best(other.scores)) is not AgreementKind.OTHER or AgreementKind.OTHER in other.scores
        ),
        None,
    )


def _agreement(
    view: View, cluster: Cluster, parties: tuple[str, ...], index: int, usual: AgreementKind | None
) -> Agreement | None:
    status, _said = standing(cluster.mentions, parties)
    if not enough(cluster, parties, status) and not told_alone(cluster, parties):
        return None
    brokers = tuple(
        dict.fromkeys(s.signer or s.actor for m in cluster.mentions for s in m.found.brokers if s.actor not in parties)
    )
    kind = _kind(view, cluster, parties, usual)
    if is_trivial(view, cluster.mentions, kind, parties):
        return None
    return Agreement(
        id=digest(view.doc._.article_id, str(index)),
        kind=kind,
        title=title_of(view, cluster.mentions, kind, parties),
        parties=parties,
        status=status,
        signers=tuple(signers_of(cluster.mentions)),
        brokers=brokers,
        place=next((m.place for m in cluster.mentions if m.place), None) or _place_around(view, cluster.mentions),
        reached=max((m.reached for m in cluster.mentions if m.reached), key=len, default=None),
        provisions=provisions_of(view, cluster.mentions, parties),
        evidence=_evidence(view, cluster.mentions),
    )


def _kind(view: View, cluster: Cluster, parties: Sequence[str], usual: AgreementKind | None) -> AgreementKind:
    """Returns the kind by the agreement's own sentences, else by the same sides' other pact, by what stands around."""
    kind = best(added((cluster.scores, _by_bodies(view, parties))))
    if kind is AgreementKind.OTHER and AgreementKind.OTHER not in cluster.scores and usual is not None:
        kind = usual
    elif kind is AgreementKind.OTHER and AgreementKind.OTHER not in cluster.scores:
        start = cluster.mentions[0].sentence[0]
        around = weigh(view, max(0, start - _AROUND), min(len(view.doc), start + 2 * _AROUND), 1.0, set())
        kind = best(around)
        rebels = any(view.kinds.get(party) is ActorKind.ARMED_GROUP for party in parties)
        kind = AgreementKind.PEACE if rebels and kind not in _OF_WAR else kind
    persons = any(view.kinds.get(party) is ActorKind.PERSON for party in parties)
    if kind is AgreementKind.COMMERCIAL and cluster.scores.get(AgreementKind.POLITICAL) and _all_persons(view, parties):
        return AgreementKind.POLITICAL  # "the major and the president signed it beside the aircraft"
    if kind is AgreementKind.DEFENCE and _at_home(view, parties):
        return AgreementKind.PEACE
    partisans = [party for party in parties if _political(view, party)]
    unions = any(party.startswith("union:") for party in parties)
    if (
        kind in _PARTISAN
        and partisans
        and (len(partisans) == len(parties) or persons or kind is AgreementKind.LABOR)
        and not unions
    ):
        return AgreementKind.POLITICAL  # the Labor Party is no union
    bodies = view.lexicon.sets["bodies"]
    firms = all(
        view.kinds.get(party) is ActorKind.ORGANIZATION and view.names.get(party, "").lower() not in bodies
        for party in parties
    )
    # what two airlines or railways agree on is business; traffic rights are for states
    business = kind in {AgreementKind.OTHER, AgreementKind.TRANSPORT} and firms
    return AgreementKind.COMMERCIAL if business else kind


def _all_persons(view: View, parties: Sequence[str]) -> bool:
    return all(view.kinds.get(party) is ActorKind.PERSON for party in parties)


def _by_bodies(view: View, parties: Sequence[str]) -> dict[AgreementKind, float]:
    """Returns what the parties say of the kind ("an arrangement with the IMF")."""
    kinds = view.lexicon.body_kinds
    found = {kinds[name] for party in parties if (name := view.names.get(party, "").lower()) in kinds}
    return dict.fromkeys(found, _BODY)


def _at_home(view: View, parties: Sequence[str]) -> bool:
    """Whether a country has only an unnamed other side, so that no alliance can be meant."""
    return len(parties) == 1 and view.kinds.get(parties[0]) is ActorKind.COUNTRY


def _political(view: View, party: str) -> bool:
    return party.startswith("party:") or view.names.get(party, "").lower().endswith(_PARTIES)


def _place_around(view: View, mentions: Sequence[Mention]) -> str | None:
    reached = [m for m in mentions if m.status in REACHED and m.modality is Modality.ASSERTED]
    return next((place for m in reached if (place := occasion_place(view, m.sentence[0])) is not None), None)


def _evidence(view: View, mentions: Sequence[Mention]) -> tuple[Evidence, ...]:
    article = view.doc._.article_id
    found: dict[int, Evidence] = {}
    for mention in mentions:
        start, end = _characters(view, mention)
        found.setdefault(
            start,
            Evidence(article=article, start=start, end=end, text=view.text[start:end], rule=mention.rule),
        )
    return tuple(found[start] for start in sorted(found))


def _characters(view: View, mention: Mention) -> tuple[int, int]:
    last = view.doc[mention.sentence[1] - 1]
    start, end = view.doc[mention.sentence[0]].idx, last.idx + len(last)
    text = view.text[start:end]
    return start + len(text) - len(text.lstrip()), start + len(text.rstrip())


def _place(view: View, mention: Mention, agreement: str) -> AgreementMention:
    start, end = _characters(view, mention)
    return AgreementMention(
        agreement=agreement,
        start=start,
        end=end,
        trigger=mention.trigger,
        status=mention.status,
        modality=mention.modality,
        rule=mention.rule,
    )


@Language.factory("pactwatch_agreements")
def make_agreements(nlp: Language, name: str) -> object:
    """Makes the component; it keeps nothing from one Doc to the next."""
    register()
    load_lexicon()
    return read_agreements
