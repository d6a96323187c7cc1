"""Alerts about agreements and deadlines: which rules want which of their events."""

import datetime
from collections.abc import Iterator, Mapping, Sequence

from transforms.alert.alert import Alert, AlertKind, Draft, alert_ids
from transforms.alert.events import Event, Seen, events_of
from transforms.alert.rule import AgreementEvent, Rule, Searched
from transforms.alert.rulebook import Rulebook, about_changes, matcher_for, may_see
from transforms.alert.safe import MAX_TITLE_CHARACTERS, one_line, web_link
from transforms.alert.wording import headline
from transforms.records import Article, Deadline, Evidence, from_json, record
from transforms.resolve.accounts import Told, account_from
from transforms.resolve.write_agreements import agreement_id
from transforms.store.analysis import keyword
from transforms.store.documents import actor_from, agreement_from, article_from
from transforms.store.protocol import Collection, Document, Store, Stored

_AGREEMENT_EVENTS = {
    AlertKind.AGREEMENT_NEW: AgreementEvent.NEW,
    AlertKind.AGREEMENT_STATUS: AgreementEvent.STATUS,
    AlertKind.AGREEMENT_PARTY: AgreementEvent.PARTY,
}
_SHOWN_NAMES = 8
_REPORTS = 50  # of an agreement's articles, the latest are looked at for a rule's words


@record
class Scene:
    """An agreement with everything that rules ask about it.

    Attributes:
        articles: Those that report it and are looked at, by id.
        party_names: Folded ids, names and aliases of its parties.
        names: Actor id to name.
        former: For the agreement and each of its deadlines, all ids it may have gone by: its present one first.
    """

    stored: Stored
    deadlines: tuple[Stored, ...]
    articles: Mapping[str, Stored]
    party_names: frozenset[str]
    names: Mapping[str, str]
    former: Mapping[str, tuple[str, ...]]

    @property
    def latest(self) -> str:
        """The report taken in last."""
        return max(self.articles.values(), key=lambda one: (one.body["taken_in"], one.id)).id

    def records(self) -> tuple[Deadline, ...]:
        """Returns its deadlines."""
        return tuple(from_json(Deadline, stored.body["record"]) for stored in self.deadlines)


def scenes(store: Store, agreements: Sequence[Stored]) -> list[Scene]:
    """Returns agreements with all that rules ask about them; one without an article is left out.

    Args:
        store: Where deadlines, articles and actors are read, by id, and redirects are found.
        agreements: As stored.
    """
    deadline_ids = [key for stored in agreements for key in _deadline_ids(stored)]
    deadlines = store.get(Collection.DEADLINES, deadline_ids)
    reports = {stored.id: stored.body["articles"][-_REPORTS:] for stored in agreements}
    told = {change["article"] for stored in agreements for change in stored.body["record"]["history"]}
    told |= {change["article"] for stored in deadlines.values() for change in stored.body["record"]["history"]}
    articles = store.get(Collection.ARTICLES, sorted(told.union(*reports.values())))
    parties = {party for stored in agreements for party in stored.body["party_ids"]}
    actors = {key: actor_from(stored) for key, stored in store.get(Collection.ACTORS, sorted(parties)).items()}
    former = former_ids(store, [stored.id for stored in agreements], list(deadlines))
    return [
        Scene(
            stored=stored,
            deadlines=tuple(deadlines[key] for key in _deadline_ids(stored) if key in deadlines),
            articles={key: articles[key] for key in (*reports[stored.id], *_reporters(stored)) if key in articles},
            party_names=frozenset(
                keyword(text)
                for party in stored.body["party_ids"]
                for text in ((party, actors[party].name, *actors[party].aliases) if party in actors else (party,))
            ),
            names=stored.body["names"],
            former={
                key: former[key]
                for key in (stored.id, *(one["id"] for one in stored.body["deadlines"]))
                if key in former
            },
        )
        for stored in agreements
        if any(key in articles for key in reports[stored.id])
    ]


def _deadline_ids(stored: Stored) -> list[str]:
    return [deadline["id"] for deadline in stored.body["deadlines"]]


def _reporters(stored: Stored) -> Iterator[str]:
    for one in (stored.body["record"], *stored.body["deadlines"]):
        for change in one["history"]:
            yield change["article"]


class Conditions:
    """What rules ask beside the event itself, evaluated over some scenes at once."""

    def __init__(self, rules: tuple[Rule, ...], found: Sequence[Scene]) -> None:
        documents: dict[Collection, dict[str, Stored]] = {
            Collection.ARTICLES: {key: stored for scene in found for key, stored in scene.articles.items()},
            Collection.AGREEMENTS: {scene.stored.id: scene.stored for scene in found},
            Collection.DEADLINES: {stored.id: stored for scene in found for stored in scene.deadlines},
        }
        self._asked: dict[Collection, frozenset[str]] = {}
        self._found: dict[Collection, dict[str, frozenset[str]]] = {}
        for collection, held in documents.items():
            matcher, asked = matcher_for(rules, collection)
            self._asked[collection] = asked
            batch = [Document(id=stored.id, body=stored.body) for stored in held.values()] if asked else []
            self._found[collection] = {name: frozenset(ids) for name, ids in matcher.match(batch).items()}

    def hold(self, rule: Rule, collection: Collection, ids: Iterator[str] | Sequence[str]) -> bool:
        """Returns whether a rule asks nothing of a collection's documents, or finds it in one of these."""
        if rule.name not in self._asked[collection]:
            return True
        return not self._found[collection].get(rule.name, frozenset()).isdisjoint(ids)


def change_drafts(
    store: Store,
    found: Sequence[Scene],
    seen: Mapping[str, Seen],
    rulebook: Rulebook,
    made: Mapping[str, datetime.datetime],
    now: datetime.datetime,
) -> Iterator[Draft]:
    """Yields the alerts that the events of some agreements give rise to.

    Args:
        store: Where articles' own words are read.
        found: The agreements.
        seen: How far each agreement's events were told of, by its id.
        rulebook: The rules.
        made: When each rule was made; a rule that is not in it sees everything.
        now: When the alerts are made.
    """
    rules = about_changes(rulebook.rules)
    if not rules:
        return
    conditions = Conditions(rules, found)
    wanted = [
        (rule, scene, event, article)
        for scene in found
        for event, article in _reported(scene, seen.get(scene.stored.id, {}))
        for rule in rules
        if wants(rule, event.kind)
        and may_see(rule, article, made, backfill=rulebook.backfill)
        and concerns(rule, scene)
        and _holds(conditions, rule, scene, event)
    ]
    readings = store.get(Collection.READINGS, sorted({article.id for _, _, _, article in wanted}))
    told = {key: account_from(reading).told for key, reading in readings.items()}
    for rule, scene, event, article in wanted:
        yield _draft(rule, scene, event, article, _sentence(event, article, told.get(article.id, ())), now)


def _reported(scene: Scene, seen: Seen) -> Iterator[tuple[Event, Article]]:
    for event in events_of(scene.stored, scene.records(), seen, scene.latest):
        if event.article in scene.articles:
            yield event, article_from(scene.articles[event.article])


def wants(rule: Rule, kind: AlertKind) -> bool:
    """Returns whether a rule asks for events of a kind."""
    if rule.agreements is None and rule.deadlines is None and rule.query is not None:
        found = {Searched.AGREEMENTS: AlertKind.AGREEMENT_FOUND, Searched.DEADLINES: AlertKind.DEADLINE_FOUND}
        return found.get(rule.query.searched) is kind
    if rule.agreements is not None and _AGREEMENT_EVENTS.get(kind) in rule.agreements.events:
        return True
    asked = rule.deadlines
    return asked is not None and (
        (kind is AlertKind.DEADLINE_NEW and asked.new) or (kind is AlertKind.DEADLINE_MOVED and asked.moved)
    )


def concerns(rule: Rule, scene: Scene) -> bool:
    """Returns whether an agreement is of the kinds, and has one of the parties, that a rule asks for."""
    for asked in (rule.agreements, rule.deadlines):
        if asked is None:
            continue
        if asked.kinds and scene.stored.body["kind"] not in {kind.value for kind in asked.kinds}:
            return False
        if asked.parties and scene.party_names.isdisjoint(map(keyword, asked.parties)):
            return False
    return True


def _holds(conditions: Conditions, rule: Rule, scene: Scene, event: Event) -> bool:
    deadlines = [event.deadline.id] if event.deadline else [stored.id for stored in scene.deadlines]
    return (
        conditions.hold(rule, Collection.ARTICLES, [event.article])
        and conditions.hold(rule, Collection.AGREEMENTS, [scene.stored.id])
        and conditions.hold(rule, Collection.DEADLINES, deadlines)
    )


def former_ids(store: Store, agreements: Sequence[str], deadlines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Returns for each id all ids that the agreement or deadline may have gone by: its present one first.

    They are read by id: a search would not find what another worker wrote a moment ago.
    """
    former: dict[str, list[str]] = {key: [key] for key in (*agreements, *deadlines)}
    for key, stored in store.get(Collection.REGISTRY, agreements).items():
        former[key] += [agreement_id(mention) for mention in stored.body.get("mentions", ())]
        former[key] += stored.body.get("former", ())
        for old, now in stored.body.get("renamed", {}).items():
            former.setdefault(now, [now]).append(old)
    return {key: tuple(dict.fromkeys(ids)) for key, ids in former.items()}


def _draft(rule: Rule, scene: Scene, event: Event, article: Article, sentence: str, now: datetime.datetime) -> Draft:
    about = event.deadline.id if event.deadline else event.agreement.id
    known_as = alert_ids(rule.name, event.kind, [(key, *event.fact) for key in scene.former[about]])
    party = event.kind is AlertKind.AGREEMENT_PARTY
    new = scene.names.get(event.new or "", event.new) if party else event.new
    return Draft(
        alert=scene_alert(
            known_as[0],
            rule,
            event.kind,
            scene,
            event.deadline,
            article,
            now,
            headline=headline(event, new),
            sentence=sentence,
            old=event.old,
            new=new,
        ),
        known_as=known_as,
    )


def scene_alert(
    alert_id: str,
    rule: Rule,
    kind: AlertKind,
    scene: Scene,
    deadline: Deadline | None,
    article: Article | None,
    now: datetime.datetime,
    *,
    headline: str,
    sentence: str,
    old: str | None = None,
    new: str | None = None,
) -> Alert:
    """Returns the alert of an event of an agreement or deadline; texts are made harmless here."""
    agreement = agreement_from(scene.stored)
    obliged = deadline.parties if deadline and deadline.parties else agreement.parties
    date = _date(kind, scene, deadline, new)
    return Alert(
        id=alert_id,
        rule=rule.name,
        kind=kind,
        subject=agreement.id,
        severity=rule.severity,
        headline=one_line(headline),
        title=one_line(agreement.title, MAX_TITLE_CHARACTERS),
        sentence=one_line(sentence),
        created=now,
        channels=rule.channels,
        who=tuple(one_line(scene.names.get(key, key), MAX_TITLE_CHARACTERS) for key in obliged[:_SHOWN_NAMES]),
        date=date,
        action=one_line(deadline.action) if deadline else None,
        old=one_line(old, MAX_TITLE_CHARACTERS) if old else None,
        new=one_line(new, MAX_TITLE_CHARACTERS) if new else None,
        link=web_link(article.url) if article else None,
        source=one_line(article.source, MAX_TITLE_CHARACTERS) if article and article.source else None,
        published=article.published if article else None,
        article=article.id if article else None,
        agreement=agreement.id,
        deadline=deadline.id if deadline else None,
    )


def _date(kind: AlertKind, scene: Scene, deadline: Deadline | None, new: str | None) -> str | None:
    if kind is AlertKind.DEADLINE_MOVED:
        return new
    if deadline is not None:
        return deadline.date.isoformat()
    return ", ".join(sorted({str(one.body["date"]) for one in scene.deadlines})) or None


def _sentence(event: Event, article: Article, told: Sequence[Told]) -> str:
    """Returns the reporting article's own words for an event, of what it tells."""
    if event.deadline is not None:
        date = event.new if event.kind is AlertKind.DEADLINE_MOVED else event.deadline.date.isoformat()
        own = [deadline.evidence for one in told for deadline in one.deadlines if deadline.date.isoformat() == date]
        return _first([*own, event.deadline.evidence])
    mine = [evidence for evidence in event.agreement.evidence if evidence.article == article.id]
    said = [evidence for one in told if len(told) == 1 for evidence in one.agreement.evidence]
    return _first([*mine, *said, *event.agreement.evidence])


def _first(evidence: Sequence[Evidence]) -> str:
    return evidence[0].text if evidence else ""
