"""Puts the mentions of one agreement together and says how it stands by the article's last word on it."""

import dataclasses
import datetime
from collections.abc import Sequence

from transforms.extract.agreements.found import Found, unique
from transforms.extract.agreements.kind import added, best, compatible, mention_scores
from transforms.extract.agreements.lexicon import load_lexicon
from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.others import other_parties, same_sides
from transforms.extract.agreements.status import Modality
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementKind, AgreementStatus

_ENDED = (
    AgreementStatus.COLLAPSED,
    AgreementStatus.REJECTED,
    AgreementStatus.EXPIRED,
    AgreementStatus.SUSPENDED,
    AgreementStatus.VIOLATED,
)
_REACHED = (AgreementStatus.IN_FORCE, AgreementStatus.SIGNED, AgreementStatus.AGREED)
_BESIDE = 60  # tokens between a headline and its lead, or between neighbouring sentences
_LEAD = 70  # tokens: headline and lead, which tell the news
_FAR = 400  # tokens over which "the agreement" still means the one told before
_OPEN = 40  # agreements kept in mind; no article speaks of as many
_NEWS = datetime.timedelta(days=60)  # what was reached longer ago is background to today's news
_PROCEDURE = datetime.timedelta(days=300)  # that authorities take to clear a merger
_WEEK = datetime.timedelta(days=7)
_FORTNIGHT = datetime.timedelta(days=14)
_PENDING = (AgreementStatus.NEGOTIATING, AgreementStatus.PROPOSED)


@dataclasses.dataclass(slots=True)
class Cluster:
    """The mentions of one agreement, gathered in text order."""

    mentions: list[Mention]
    kind: AgreementKind
    parties: set[str]
    weak: set[str]
    scores: dict[AgreementKind, float]
    names: set[str] = dataclasses.field(default_factory=set)
    dates: set[str] = dataclasses.field(default_factory=set)
    eras: set[str] = dataclasses.field(default_factory=set)
    talked: bool = False  # its parties are those of talks
    borrowed: bool = False  # its parties are those of the news it is the background of

    @property
    def whole(self) -> bool:
        """Whether one sentence names two sides, be they groups without a name."""
        return any(len(mention.found.strong) > 1 for mention in self.mentions)

    def note(self, mention: Mention, published: datetime.date | None) -> None:
        """Keeps what later mentions are compared with."""
        if mention.name:
            self.names.add(mention.name)
        if mention.reached:
            self.dates.add(mention.reached)
        self.eras.add(_era(mention, published))

    def absorb(self, other: "Cluster") -> None:
        """Takes over the mentions of a cluster that turns out to be of the same agreement."""
        self.mentions = sorted([*self.mentions, *other.mentions], key=lambda mention: mention.trigger)
        self.weak |= other.weak
        self.scores = added((self.scores, other.scores))


def gather(view: View, mentions: Sequence[Mention]) -> list[Cluster]:
    """Returns the agreements an article speaks of, each with its mentions in text order."""
    published = view.doc._.published
    clusters: list[Cluster] = []
    for told in mentions:
        mention = _completed(view, clusters, told)
        if mention.strength == "verb" and (not mention.found.strong or _by_brokers(clusters, mention)):
            continue  # "the sides agreed to swap prisoners", and nobody knows which
        if mention.definite and _by_brokers(clusters, mention):
            mention = _for_their_side(mention)
        scores = mention_scores(view, mention)
        kind = best(scores)
        parties = {side.actor for side in mention.found.strong if not view.unnamed(side.actor)}
        parties = parties or {side.actor for side in mention.found.strong}
        weak = {side.actor for side in mention.found.weak}
        home = _home(view, clusters, mention, kind, parties, published)
        if home is None:
            home = Cluster(mentions=[mention], kind=kind, parties=parties, weak=weak, scores=scores)
            home.note(mention, published)
            clusters.append(home)
            continue
        if len(parties) > 1 and len(home.parties) > 1 and not parties & home.parties:
            mention = _for_their_side(mention)
            parties, weak = set(), set()
        home.mentions.append(mention)
        home.note(mention, published)
        home.parties |= parties
        home.weak |= weak
        home.scores = added((home.scores, scores))
        if home.kind is AgreementKind.OTHER:
            home.kind = kind
    return _joined(clusters, published)


def _by_brokers(clusters: Sequence[Cluster], mention: Mention) -> bool:
    """Whether those who brokered the agreement told before act on it ("the four countries also agreed to give A")."""
    doers = {side.actor for side in mention.found.strong}
    last = clusters[-1] if clusters else None
    brokers = {side.actor for m in last.mentions for side in m.found.brokers} if last is not None else set()
    return bool(doers) and doers <= brokers and last is not None and not doers & last.parties


def _completed(view: View, clusters: Sequence[Cluster], mention: Mention) -> Mention:
    mention = same_sides(view, [c.mentions for c in clusters], mention)
    if not mention.found.strong or mention.status not in _REACHED or mention.headline:
        return mention
    others = other_parties(view, mention)
    if not others:
        return mention
    found = dataclasses.replace(mention.found, strong=unique((*mention.found.strong, *others)))
    return dataclasses.replace(mention, found=found)


def _joined(clusters: list[Cluster], published: datetime.date | None) -> list[Cluster]:
    """Returns the clusters with those of fewer than two parties put to the fitting fuller one that stands nearest."""
    full = [cluster for cluster in clusters if len(cluster.parties) > 1]
    kept: list[Cluster] = []
    for cluster in clusters:
        at = cluster.mentions[0].trigger
        whole = (len(cluster.parties) > 1 or cluster.whole) and not _titled(cluster)
        whole = whole or any(mention.beside for mention in cluster.mentions)  # "then he negotiated a separate deal"
        fitting = [other for other in full if not whole and other is not cluster and _same(cluster, other, published)]
        home = min(fitting, key=lambda other: min(abs(m.trigger - at) for m in other.mentions), default=None)
        if home is None:
            kept.append(cluster)
        else:
            home.absorb(cluster)
    return kept


def _titled(cluster: Cluster) -> bool:
    """Whether only a headline names the parties."""
    return cluster.mentions[0].headline and all(m.headline for m in cluster.mentions if m.found.strong)


def _same(part: Cluster, whole: Cluster, published: datetime.date | None) -> bool:
    """Whether a cluster without enough parties may speak of a fuller one."""
    title = _titled(part) and 0 <= whole.mentions[0].sentence[0] - part.mentions[0].sentence[1] <= _BESIDE
    if not part.parties <= whole.parties | whole.weak and not title:
        return False
    if any(_dates_differ(whole, mention, published) for mention in part.mentions):
        return False
    if part.names and whole.names and not any(_goes_by(name, whole.names) for name in part.names):
        return False
    return compatible(part.kind, whole.kind) or (bool(part.parties) and any(m.headline for m in part.mentions))


def _for_their_side(mention: Mention) -> Mention:
    """Returns the mention without its parties: companies or ministers who act for the parties already known."""
    return dataclasses.replace(mention, found=Found(brokers=mention.found.brokers))


def _home(
    view: View,
    clusters: Sequence[Cluster],
    mention: Mention,
    kind: AgreementKind,
    parties: set[str],
    published: datetime.date | None,
) -> Cluster | None:
    """Returns the cluster a mention belongs to: the best fitting, the most recent of equals."""
    chosen: Cluster | None = None
    top = 0.0
    for cluster in clusters[-_OPEN:]:
        score = 0.0 if _of_others(view, cluster, mention, parties) else _fit(cluster, mention, kind, parties, published)
        if score > 0 and score >= top:
            chosen, top = cluster, score
    return chosen


def _of_others(view: View, cluster: Cluster, mention: Mention, parties: set[str]) -> bool:
    """Whether two bodies have a pact of their own beside that of two others, for whom they do not act."""
    if len(parties) < 2 or len(cluster.parties) < 2 or parties & (cluster.parties | cluster.weak):
        return False
    edge = view.doc[mention.trigger].left_edge.i
    called = all(edge <= side.token < mention.trigger for side in mention.found.strong)  # "the BA-USAir deal"
    return called or all(view.kinds.get(party) is ActorKind.ORGANIZATION for party in parties | cluster.parties)


def _fit(
    cluster: Cluster, mention: Mention, kind: AgreementKind, parties: set[str], published: datetime.date | None
) -> float:
    """Returns how well a mention fits a cluster; zero or less: not at all."""
    if _dates_differ(cluster, mention, published):
        return 0.0
    if mention.beside and cluster.mentions[-1].sentence != mention.sentence:
        return 0.0  # "the two also signed a treaty on trade"
    others = {side.actor for side in mention.found.weak}
    if not mention.definite and len(others) > 1 and not others & (cluster.parties | cluster.weak) and not parties:
        return 0.0  # "X has propped up Y under a confidence and supply agreement"
    if _another(cluster, mention):
        return 0.0
    names = cluster.names
    if mention.name in load_lexicon().sets["multilateral"] and mention.name not in names and "now" in cluster.eras:
        return 0.0  # a treaty of many countries is not what two of them have just signed
    known = load_lexicon().named
    if mention.name and names and not _goes_by(mention.name, names) and (mention.name in known or names & known.keys()):
        return 0.0  # the Oslo accords are not the pact called after Wye
    score = 3.0 if mention.name and mention.name in names else 0.0
    shared = parties & (cluster.parties | cluster.weak)
    alike = compatible(cluster.kind, kind)
    if len(parties) >= 2 and len(cluster.parties) >= 2:
        near = mention.sentence[0] - cluster.mentions[-1].sentence[1]
        if mention.strength == "verb" and parties == cluster.parties and near <= _BESIDE:
            return score + 1.0  # "signed a treaty. They agreed to share carriers": what the treaty says
        if not alike:
            return 0.0
        if len(shared) == 1 and near <= _BESIDE and cluster.mentions[-1].headline:
            return score + 1.5  # the headline names one side in other words
        if not shared and mention.definite and not mention.earlier and near <= _FAR:
            return score + 0.6  # "the agreement was signed by Gazprom and Naftogaz": others act for the parties
        if len(shared) == 1 and mention.definite and not mention.earlier and 0 <= near <= _BESIDE:
            return score + 0.8  # "the deal, signed by Minister X and the Ys", when the lead spoke of two groups
        return score + 2.0 + len(shared) if len(shared) > 1 else 0.0
    within = (
        bool(parties) and parties <= cluster.parties and mention.sentence[0] - cluster.mentions[-1].sentence[1] <= 80
    )
    if not alike and not (mention.definite and not parties) and not within:
        return 0.0
    if parties and cluster.parties:
        near = mention.sentence[0] - cluster.mentions[-1].sentence[1]
        two = len(parties | cluster.parties) == 2 and not cluster.whole
        if not shared and mention.definite and two and near <= 2 * _BESIDE and alike:
            return score + 0.4  # "the opposition also signed the accord": the other side in a sentence of its own
        if not shared:
            return 0.0
        if len(parties) > 1 and not parties & cluster.parties and mention.new and mention.indefinite:
            return 0.0  # the club's debtor has "reached a preliminary agreement" with its banks too
        return score + (1.0 if alike else 0.2) + len(shared)
    last = cluster.mentions[-1]
    if last.strength == "verb" and last.sentence == mention.sentence and mention.status is not AgreementStatus.REJECTED:
        return score + 1.0  # "exchanged prisoners under a deal arranged by"
    if (
        not mention.definite
        and not mention.headline
        and mention.new
        and len(cluster.parties) >= 2
        and not last.headline
    ):
        near = mention.sentence[0] - last.sentence[1] <= 60
        return 0.5 if near and alike and not parties else 0.0
    same_word = any(m.word == mention.word for m in cluster.mentions)
    recent = 1.0 / (1.0 + (mention.sentence[0] - last.sentence[0]) / 100.0)
    return score + 0.3 + (0.7 if same_word else 0.0) + (0.5 if alike and kind is cluster.kind else 0.0) + recent


def _another(cluster: Cluster, mention: Mention) -> bool:
    """Whether a pact is made where the one told before has failed ("the water deal fell through. He signed a deal")."""
    made = mention.new and mention.indefinite and mention.status in _REACHED and mention.modality is Modality.ASSERTED
    ended = any(m.status in _ENDED and m.modality is Modality.ASSERTED for m in cluster.mentions)
    return made and ended and not any(m.new and m.status in _REACHED for m in cluster.mentions)


def _goes_by(name: str, names: set[str]) -> bool:
    return any(name.split()[0] == other.split()[0] for other in names)


def _dates_differ(cluster: Cluster, mention: Mention, published: datetime.date | None) -> bool:
    if mention.reached and cluster.dates:
        about = mention.definite and not mention.found.strong  # "they approved the accord late on Saturday"
        return not any(
            _dates_agree(mention.reached, other)
            or (about and _near(mention.reached, other))
            or _next_day(cluster, mention, other)
            for other in cluster.dates
        )
    if _done_before(cluster, mention, published):
        return False
    eras = cluster.eras
    mine = _era(mention, published)
    return (mine == "old" and "now" in eras and "old" not in eras) or (mine == "now" and "old" in eras)


def _done_before(cluster: Cluster, mention: Mention, published: datetime.date | None) -> bool:
    """Whether the article only now says when that was agreed which has been approved, cleared or told of before."""
    if not mention.reached or not (mention.new or mention.definite) or mention.earlier or published is None:
        return False
    fresh = mention.reached[:7] >= (published - _PROCEDURE).isoformat()[:7]
    told = any(m.new or m.status in _PENDING for m in cluster.mentions if not m.headline)
    bought = fresh and len(mention.reached) > len("2015") and cluster.kind is AgreementKind.COMMERCIAL
    return not told and (mention.definite or bought)


def _era(mention: Mention, published: datetime.date | None) -> str:
    """Returns whether a mention is of an old agreement, of the news itself ("now"), or does not say ("")."""
    if mention.reached is not None and published is not None:
        if mention.earlier and mention.reached[:7] < published.isoformat()[:7]:
            return "old"
        last = (mention.reached + "-12-31")[:10] if len(mention.reached) == 4 else mention.reached[:7] + "-28"
        if len(mention.reached) == 10:
            last = mention.reached
        ended = mention.status in _ENDED
        if mention.indefinite and last < (published - (_WEEK if ended else _FORTNIGHT)).isoformat():
            return "old"  # "a truce announced on August 1 fell apart", told after the news of the 13th
        return "old" if last < (published - _NEWS).isoformat() else "now"
    if mention.earlier or (mention.indefinite and mention.new and mention.status in _ENDED):
        return "old"  # "a deal on monitors that they signed a week ago collapsed": not the one signed today
    leading = mention.sentence[0] < _LEAD and mention.status not in _ENDED and not mention.headline
    return "now" if mention.new or leading or mention.status in _PENDING else ""  # what is sought is not yet signed


def _dates_agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _next_day(cluster: Cluster, mention: Mention, other: str) -> bool:
    """Whether a truce is told by the day it was made and by the day it was made known."""
    made = mention.found.strong and cluster.kind is AgreementKind.CEASEFIRE and not mention.earlier
    return bool(made) and _apart(mention.reached or "", other) == datetime.timedelta(days=1)


def _near(one: str, other: str) -> bool:
    """Whether two days lie so near that both may be told of one agreement, as its signing and its approval."""
    apart = _apart(one, other)
    return apart is not None and apart <= _WEEK


def _apart(one: str, other: str) -> datetime.timedelta | None:
    """Returns how far two days lie apart, None where one of the dates is no day."""
    if len(one) != len(other) or len(one) != len("2018-09-17"):
        return None
    return abs(datetime.date.fromisoformat(one) - datetime.date.fromisoformat(other))


def standing(mentions: Sequence[Mention], parties: Sequence[str]) -> tuple[AgreementStatus, Mention]:
    """Returns the status of an agreement and the mention that says so: an asserted end, else the furthest it came."""
    firm = any(m.status in _REACHED and len(m.found.strong) > 1 for m in mentions)
    stands = any(
        m.status in (*_REACHED, AgreementStatus.EXTENDED) and m.modality is Modality.ASSERTED and not m.claimed
        for m in mentions
        if not m.earlier
    )
    told = [m for m in mentions if not (m.claimed and stands and m.status in _ENDED)]
    stated = [m for m in told if m.status is not None and _may_say(m, parties, firm=firm)]
    asserted = [m for m in stated if m.modality is Modality.ASSERTED]
    for wanted in (_ENDED, (AgreementStatus.EXTENDED,), _REACHED):
        for status in wanted:
            for mention in asserted:
                if mention.status is status:
                    return status, mention
    for status in _PENDING:
        for mention in stated:
            if mention.status is status:
                return status, mention
    return AgreementStatus.AGREED, mentions[0]


def _may_say(mention: Mention, parties: Sequence[str], *, firm: bool) -> bool:
    """Whether the one who rejects, breaks or leaves it can: an outsider's protest does not end an agreement."""
    if mention.status not in _ENDED or mention.institution:
        return True
    if mention.indefinite and len(mention.found.strong) < 2 and firm:
        return False  # "lenders rejected a debt deal" beside "X and Y signed an alliance"
    if not mention.doers:
        return True
    return bool(set(mention.doers) & set(parties))
