"""Reads the agreements of an article: who agreed what with whom, and how it stands."""

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from transforms.extract import layers
from transforms.extract.agreements_details import title_of
from transforms.extract.agreements_kind import best
from transforms.extract.agreements_lexicon import load_lexicon
from transforms.extract.agreements_mentions import Mention, find_mentions
from transforms.extract.agreements_merge import Cluster, gather, signers_of, standing
from transforms.extract.agreements_occasion import occasion_place
from transforms.extract.agreements_provisions import provisions_of
from transforms.extract.agreements_status import Modality
from transforms.extract.agreements_talks import Talks, talkers
from transforms.extract.agreements_trivia import is_trivial
from transforms.extract.agreements_view import View
from transforms.records import Agreement, AgreementStatus, Evidence, digest, record


_REACHED = frozenset({AgreementStatus.AGREED, AgreementStatus.SIGNED, AgreementStatus.IN_FORCE})

_JOINED = frozenset(
    {AgreementStatus.SIGNED, AgreementStatus.AGREED, AgreementStatus.COLLAPSED, AgreementStatus.SUSPENDED}
)


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
    for cluster in gather(doc, mentions, lexicon):
        agreement = _agreement(view, cluster, talks, len(agreements))
        if agreement is None:
            continue
        agreements.append(agreement)
        places.extend(_place(doc, mention, agreement.id) for mention in cluster.mentions)
    doc._.agreements = tuple(agreements)
    doc._.agreement_mentions = tuple(sorted(places, key=lambda place: place.trigger))
    return doc


def _agreement(view: View, cluster: Cluster, talks: Sequence[Talks], index: int) -> Agreement | None:
    parties = _parties(cluster, talks)
    status, _said = standing(cluster.mentions, parties)
    if not _enough(cluster, parties, status):
        return None
    brokers = tuple(
        dict.fromkeys(s.signer or s.actor for m in cluster.mentions for s in m.found.brokers if s.actor not in parties)
    )
    kind = best(cluster.scores)
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
        reached=next((m.reached for m in cluster.mentions if m.reached), None),
        provisions=provisions_of(view, cluster.mentions, parties),
        evidence=_evidence(view, cluster.mentions),
    )


def _place_around(view: View, mentions: Sequence[Mention]) -> str | None:
    reached = [m for m in mentions if m.status in _REACHED and m.modality is Modality.ASSERTED]
    return next((place for m in reached if (place := occasion_place(view, m.sentence[0])) is not None), None)


def _enough(cluster: Cluster, parties: Sequence[str], status: AgreementStatus) -> bool:
    """Whether an agreement has the sides it needs: two, or one beside a group without a name, or a body that decides."""
    if len(parties) > 1:
        return True
    if not parties:
        return False
    if any(m.name and m.status in _JOINED and m.modality is Modality.ASSERTED for m in cluster.mentions):
        return True  # one state joins or leaves a pact known by name
    return any(m.found.counterpart or (m.collective and status in _REACHED) for m in cluster.mentions)


def _parties(cluster: Cluster, talks: Sequence[Talks]) -> tuple[str, ...]:
    if max(len(m.found.strong) for m in cluster.mentions) < 2:
        waiting = next((m for m in cluster.mentions if m.status is AgreementStatus.NEGOTIATING), None)
        reached = any(m.status in _REACHED and m.modality is Modality.ASSERTED for m in cluster.mentions)
        if waiting is not None and not reached:
            sides = talkers(talks, waiting.trigger, cluster.parties)
            if sides:
                return tuple(side.actor for side in sides)
    body = {s.actor for m in cluster.mentions if not m.headline for s in m.found.strong}
    strong = dict.fromkeys(
        s.actor
        for m in cluster.mentions
        for s in m.found.strong
        if len(body) < 2 or not m.headline or s.actor in body  # the text says more exactly who
    )
    brokers = {s.actor for m in cluster.mentions for s in m.found.brokers}
    parties = [actor for actor in strong if actor not in brokers]
    for mention in cluster.mentions:
        for side in mention.found.weak:
            if len(parties) < 2 and side.actor not in parties and side.actor not in brokers:
                parties.append(side.actor)
    if len(parties) == 1:  # "Turkey agreed to pause its offensive, Pence said after talks with Erdogan"
        said = next((m for m in cluster.mentions if m.strength == "verb" and m.status in _REACHED), None)
        sides = talkers(talks, said.trigger, set(parties)) if said is not None else ()
        parties.extend(side.actor for side in sides if side.actor not in parties)
    return tuple(parties)


def _evidence(view: View, mentions: Sequence[Mention]) -> tuple[Evidence, ...]:
    article = view.doc._.article_id
    found: dict[int, Evidence] = {}
    for mention in mentions:
        start, end = _characters(view.doc, mention)
        found.setdefault(
            start,
            Evidence(article=article, start=start, end=end, text=view.text[start:end], rule=mention.rule),
        )
    return tuple(found[start] for start in sorted(found))


def _characters(doc: Doc, mention: Mention) -> tuple[int, int]:
    span = doc[mention.sentence[0] : mention.sentence[1]]
    text = span.text
    start = span.start_char + len(text) - len(text.lstrip())
    return start, start + len(text.strip())


def _place(doc: Doc, mention: Mention, agreement: str) -> AgreementMention:
    start, end = _characters(doc, mention)
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
