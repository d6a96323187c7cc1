"""Turns an article and what was read in it into what the template draws."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.page.article_marks import actor_marks, date_marks, evidence_marks, paragraph_marks
from pipeline.page.days import date_in_words, day_in_words, gap_in_words, reached_in_words
from pipeline.page.marks import Mark, Piece, nest
from pipeline.page.timeline import Scale, scale_of
from pipeline.page.views import (
    ActorView,
    AgreementView,
    ArticleView,
    DeadlineView,
    Line,
    Name,
    ProvisionView,
    Quote,
)
from transforms.extract.actors.countries import country_id
from transforms.extract.actors.gazetteer import load_gazetteer
from transforms.extract.layers import Timex
from transforms.extract.reading import published_day
from transforms.ingest.urls import canonical_url
from transforms.records import (
    Actor,
    Agreement,
    Article,
    Deadline,
    DeadlineStatus,
    Evidence,
    Precision,
    Provision,
    Reading,
    record,
)

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_DEFAULT_LANGUAGE = "en"  # what is read at all


@record
class _Page:
    """What the parts of one article's page refer to.

    Attributes:
        names: Of the actors, by id.
        anchors: Ids of the elements of actors, agreements and deadlines, by id.
        sentences: Ids of the elements of evidence, by start and end.
        mentions: Ids of the elements of mentions, by start and end.
    """

    names: Mapping[str, str]
    anchors: Mapping[str, str]
    sentences: Mapping[tuple[int, int], str]
    mentions: Mapping[tuple[int, int], str]
    published: datetime.date | None
    scale: Scale | None
    explain: bool

    def people(self, ids: Iterable[str]) -> tuple[Name, ...]:
        return tuple(Name(text=self.names.get(actor, actor), link=self.anchors.get(actor, "")) for actor in ids)

    def quote(self, evidence: Evidence) -> Quote:
        link = self.sentences[evidence.start, evidence.end]
        return Quote(text=evidence.text, link=link, rule=evidence.rule if self.explain else "")


def _in_words(value: str) -> str:
    return value.replace("_", " ")


def _country(code: str | None) -> str:
    if code is None:
        return ""
    entry = load_gazetteer().by_id.get(country_id(code))
    return entry.name if entry else code


def _time(deadline: Deadline) -> str:
    return " ".join(part for part in (deadline.time, deadline.time_zone) if part)


def _deadline(deadline: Deadline, page: _Page, agreements: Mapping[str, Agreement]) -> DeadlineView:
    agreement = agreements.get(deadline.agreement)
    exact = deadline.precision is Precision.DAY
    return DeadlineView(
        anchor=page.anchors[deadline.id],
        kind=deadline.kind.value,
        day=deadline.date.isoformat(),
        when=date_in_words(deadline.date, deadline.precision),
        latest="" if exact or deadline.precision is Precision.WEEK else day_in_words(deadline.date),
        time=_time(deadline),
        gap=gap_in_words(deadline.date, page.published) if page.published else "",
        written=deadline.text,
        action=deadline.action,
        status="" if deadline.status is DeadlineStatus.OPEN else deadline.status.value,
        parties=page.people(deadline.parties),
        agreement=Name(text=agreement.title, link=page.anchors[agreement.id]) if agreement else None,
        sentence=page.quote(deadline.evidence),
        percent=page.scale.percent(deadline.date) if page.scale else None,
    )


def _provision(provision: Provision, page: _Page, deadlines: Mapping[str, Deadline]) -> ProvisionView:
    deadline = deadlines.get(provision.deadline or "")
    return ProvisionView(
        text=provision.text,
        parties=page.people(provision.parties),
        deadline=_date(deadline, page) if deadline else None,
    )


def _date(deadline: Deadline, page: _Page) -> Name:
    return Name(text=date_in_words(deadline.date, deadline.precision), link=page.anchors[deadline.id])


def _agreement(agreement: Agreement, label: str, page: _Page, deadlines: Mapping[str, Deadline]) -> AgreementView:
    own = [deadline for deadline in deadlines.values() if deadline.agreement == agreement.id]
    return AgreementView(
        anchor=page.anchors[agreement.id],
        label=label,
        title=agreement.title,
        kind=_in_words(agreement.kind.value),
        status=_in_words(agreement.status.value),
        reached=reached_in_words(agreement.reached) if agreement.reached else "",
        place=agreement.place or "",
        parties=page.people(agreement.parties),
        signers=page.people(agreement.signers),
        brokers=page.people(agreement.brokers),
        provisions=tuple(_provision(provision, page, deadlines) for provision in agreement.provisions),
        deadlines=tuple(_date(deadline, page) for deadline in own),
        quotes=tuple(page.quote(evidence) for evidence in agreement.evidence),
    )


def _actor(actor: Actor, page: _Page) -> ActorView:
    return ActorView(
        anchor=page.anchors[actor.id],
        name=actor.name,
        kind=actor.kind.value,
        role=actor.role or "",
        country="" if actor.kind.value == "country" else _country(actor.country),
        aliases=tuple(alias for alias in actor.aliases if alias != actor.name),
        mentions=tuple(
            Name(text=mention.text, link=page.mentions[mention.start, mention.end]) for mention in actor.mentions
        ),
    )


def _line(scale: Scale | None, published: datetime.date | None) -> Line | None:
    if scale is None:
        return None
    return Line(
        first=day_in_words(scale.first),
        last=day_in_words(scale.last),
        published=scale.percent(published) if published else None,
    )


def _anchors(prefix: str, reading: Reading) -> dict[str, str]:
    """Returns an id for each element: short ones of our own, so that nothing of a text can get into them."""
    ids = {
        "a": [actor.id for actor in _by_weight(reading.actors)],
        "g": [agreement.id for agreement in reading.agreements],
        "d": [deadline.id for deadline in _by_date(reading.deadlines)],
    }
    return {one: f"{prefix}{letter}{at}" for letter, own in ids.items() for at, one in enumerate(own, start=1)}


def _by_date(deadlines: Iterable[Deadline]) -> list[Deadline]:
    return sorted(deadlines, key=lambda deadline: (deadline.date, deadline.evidence.start))


def _by_weight(actors: Iterable[Actor]) -> list[Actor]:
    return sorted(actors, key=lambda actor: -len(actor.mentions))


def _spans(marks: Iterable[Mark]) -> dict[tuple[int, int], str]:
    return {(mark.start, mark.end): mark.anchor for mark in marks}


def _language(code: str | None) -> str:
    return code if code and _LANGUAGE.fullmatch(code) else _DEFAULT_LANGUAGE


def _headline(title: str, paragraphs: Sequence[Piece]) -> Piece | None:
    """Returns the first paragraph if it is the article's title: then it is drawn as the heading."""
    if paragraphs and " ".join(paragraphs[0].text().split()) == " ".join(title.split()):
        return paragraphs[0]
    return None


def article_view(
    article: Article, reading: Reading, timexes: tuple[Timex, ...], *, prefix: str = "", explain: bool = False
) -> ArticleView:
    """Returns an article ready to be drawn.

    Args:
        article: The article.
        reading: What was read in it.
        timexes: Its time expressions.
        prefix: What the ids of its elements begin with, so that several articles have a page together.
        explain: Whether each sentence carries the id of the rule that read it.
    """
    published = published_day(article.published)
    anchors = _anchors(prefix, reading)
    deadlines = _by_date(reading.deadlines)
    sentences = evidence_marks(prefix, reading.agreements, deadlines, anchors)
    mentions = actor_marks(prefix, reading.actors, anchors)
    dates = date_marks(prefix, deadlines, article.text, timexes, anchors)
    page = _Page(
        names={actor.id: actor.name for actor in reading.actors},
        anchors=anchors,
        sentences=_spans(sentences),
        mentions=_spans(mentions),
        published=published,
        scale=scale_of([*(deadline.date for deadline in deadlines), *([published] if published else [])]),
        explain=explain,
    )
    paragraphs = nest(article.text, paragraph_marks(article.text), [*sentences, *dates, *mentions])
    headline = _headline(article.title, paragraphs)
    own = {deadline.id: deadline for deadline in deadlines}
    labels = {agreement.id: f"A{at}" for at, agreement in enumerate(reading.agreements, start=1)}
    told = {agreement.id: agreement for agreement in reading.agreements}
    return ArticleView(
        prefix=prefix,
        title=article.title,
        headline=headline,
        paragraphs=tuple(paragraphs[1:] if headline else paragraphs),
        source=article.source or "",
        url=article.url if article.url and canonical_url(article.url) else "",
        published=day_in_words(published) if published else "",
        published_day=published.isoformat() if published else "",
        published_how=article.published_how.value,
        language=_language(article.language),
        line=_line(page.scale, published) if deadlines else None,
        deadlines=tuple(_deadline(deadline, page, told) for deadline in deadlines),
        agreements=tuple(_agreement(found, labels[found.id], page, own) for found in reading.agreements),
        actors=tuple(_actor(actor, page) for actor in _by_weight(reading.actors)),
        labels={anchors[identity]: label for identity, label in labels.items()},
        highlights=tuple(anchors.values()),
    )
