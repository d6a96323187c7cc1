"""Alerts about articles: which rules a batch of them matches, and the sentence that shows why."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from transforms.alert.alert import Alert, AlertKind, Draft, alert_ids
from transforms.alert.condition import condition, text_leaves
from transforms.alert.rule import Rule, WantedActors
from transforms.alert.rulebook import Rulebook, about_articles, matcher_for, may_see
from transforms.alert.safe import MAX_TITLE_CHARACTERS, one_line, web_link
from transforms.alert.sentence import SentenceIndex, first_sentence, sentence_at
from transforms.records import Actor, Article, Reading, record
from transforms.resolve.accounts import Told, account_from
from transforms.store.analysis import keyword, split_words
from transforms.store.documents import actor_from, all_names, article_from
from transforms.store.protocol import Collection, Document, Store, Stored
from transforms.store.query import Words

SUBJECT = "articles"
_SHOWN_NAMES = 8  # of parties or actors: a summit's list of guests is not what an alert is read for
_SHOWN_DATES = 5


@record
class Candidate:
    """An article to be matched: what was read in it, and its document."""

    article: Article
    reading: Reading
    document: Document


@record
class Match:
    """A rule, and an article that it matches."""

    rule: Rule
    article: Article
    reading: Reading


def stored_candidates(store: Store, stored: Sequence[Stored]) -> list[Candidate]:
    """Returns articles from the store, with what the store knows of their actors and agreements."""
    readings = store.get(Collection.READINGS, [one.id for one in stored])
    told = {key: account_from(reading).told for key, reading in readings.items()}
    known = _known_actors(store, {actor for one in stored for actor in one.body["actor_ids"]})
    return [
        _candidate(article_from(one), _stored_reading(one, told.get(one.id, ()), known), one.body, known)
        for one in stored
    ]


def _known_actors(store: Store, ids: Iterable[str]) -> dict[str, Actor]:
    return {key: actor_from(found) for key, found in store.get(Collection.ACTORS, sorted(ids)).items()}


def _stored_reading(stored: Stored, told: Sequence[Told], known: Mapping[str, Actor]) -> Reading:
    return Reading(
        article=stored.id,
        actors=tuple(known[key] for key in stored.body["actor_ids"] if key in known),
        agreements=tuple(one.agreement for one in told),
        deadlines=tuple(deadline for one in told for deadline in one.deadlines),
    )


def _candidate(article: Article, reading: Reading, body: Mapping[str, Any], known: Mapping[str, Actor]) -> Candidate:
    """Returns an article whose actors answer to the names other articles give them, too."""
    aliases = all_names(known[actor.id] for actor in reading.actors if actor.id in known)
    document = Document(id=article.id, body={**body, "actor_aliases": list(aliases)})
    return Candidate(article=article, reading=reading, document=document)


def matches(candidates: Sequence[Candidate], rules: Sequence[Rule]) -> Iterator[Match]:
    """Yields the rules about articles that match, article by article in their order; copies match nothing."""
    wanted = about_articles(rules)
    matcher, _ = matcher_for(wanted, Collection.ARTICLES)
    originals = [one for one in candidates if one.article.duplicate_of is None]
    found: dict[str, list[Rule]] = {}
    by_name = {rule.name: rule for rule in wanted}
    for name, ids in matcher.match([one.document for one in originals]).items():
        for key in ids:
            found.setdefault(key, []).append(by_name[name])
    for one in originals:
        for rule in sorted(found.get(one.article.id, ()), key=lambda rule: rule.name):
            yield Match(rule=rule, article=one.article, reading=one.reading)


def article_drafts(
    candidates: Sequence[Candidate],
    members: Mapping[str, tuple[str, ...]],
    rulebook: Rulebook,
    made: Mapping[str, datetime.datetime],
    now: datetime.datetime,
) -> Iterator[Draft]:
    """Yields the alerts that articles give rise to.

    Args:
        candidates: The articles.
        members: The articles of each story: an earlier original may have joined since a rule told of it.
        rulebook: The rules.
        made: When each rule was made; a rule that is not in it sees everything.
        now: When the alerts are made.
    """
    allowed = [
        match
        for match in matches(candidates, rulebook.rules)
        if may_see(match.rule, match.article, made, backfill=rulebook.backfill)
    ]
    for match, sentence in with_sentences(allowed):
        yield draft(match, sentence, members, now)


def with_sentences(found: Sequence[Match]) -> Iterator[tuple[Match, str]]:
    """Yields each match with the sentence that shows it."""
    index: SentenceIndex | None = None
    last = ""
    for match in found:
        if index is None or match.article.id != last:
            index, last = SentenceIndex(match.article), match.article.id
        yield match, _sentence(match, index)


def _sentence(match: Match, index: SentenceIndex) -> str:
    wanted = match.rule.actors
    if match.rule.keywords is None and wanted is not None:
        for actor in _wanted_actors(wanted, match.reading.actors):
            if actor.mentions:
                return sentence_at(match.article.text, actor.mentions[0].start)
    leaves = list(text_leaves(condition(match.rule, Collection.ARTICLES)))
    if wanted is not None:
        names = [
            name for actor in _wanted_actors(wanted, match.reading.actors) for name in (actor.name, *actor.aliases)
        ]
        leaves += [
            Words(fields=("title", "text"), words=tuple(words), exact=True)
            for words in map(split_words, names)
            if words
        ]
    return index.first(leaves) or first_sentence(match.article)


def _wanted_actors(wanted: WantedActors, actors: Sequence[Actor]) -> list[Actor]:
    values = {keyword(name) for name in (*wanted.any, *wanted.all)}
    return [
        actor
        for actor in actors
        if actor.kind in wanted.kinds or values & {keyword(text) for text in (actor.id, actor.name, *actor.aliases)}
    ]


def draft(match: Match, sentence: str, members: Mapping[str, tuple[str, ...]], now: datetime.datetime) -> Draft:
    """Returns the alert of a match: one for a rule and a story."""
    rule, article = match.rule, match.article
    story = article.story or article.id
    facts = [(member,) for member in dict.fromkeys((story, article.id, *members.get(story, ())))]
    known_as = alert_ids(rule.name, AlertKind.ARTICLE, facts)
    title = one_line(article.title, MAX_TITLE_CHARACTERS)
    alert = Alert(
        id=known_as[0],
        rule=rule.name,
        kind=AlertKind.ARTICLE,
        subject=SUBJECT,
        severity=rule.severity,
        headline=title,
        title=title,
        sentence=one_line(sentence),
        created=now,
        channels=rule.channels,
        who=_who(match),
        date=", ".join(sorted({deadline.date.isoformat() for deadline in match.reading.deadlines})[:_SHOWN_DATES])
        or None,
        link=web_link(article.url),
        source=one_line(article.source, MAX_TITLE_CHARACTERS) if article.source else None,
        published=article.published,
        article=article.id,
        story=story,
    )
    return Draft(alert=alert, known_as=known_as)


def _who(match: Match) -> tuple[str, ...]:
    """Returns the actors the rule looks for, else the parties of the agreements told of."""
    if match.rule.actors is not None:
        names = [actor.name for actor in _wanted_actors(match.rule.actors, match.reading.actors)]
    else:
        named = {actor.id: actor.name for actor in match.reading.actors}
        parties = [party for agreement in match.reading.agreements for party in agreement.parties]
        names = [named[party] for party in dict.fromkeys(parties) if party in named]
    return tuple(one_line(name, MAX_TITLE_CHARACTERS) for name in names[:_SHOWN_NAMES])
