"""How records are laid out as documents: the record itself, and beside it the fields that people search.

Names of actors are repeated in every document, so that one search needs no second one (and Kibana no joins).
"""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from transforms.records import (
    Actor,
    Agreement,
    Article,
    Deadline,
    Failure,
    Item,
    Reading,
    from_json,
    record,
    to_json,
)
from transforms.store.protocol import Document, Stored


@record
class AgreementView:
    """An agreement with what is needed to show it: names of its actors, its deadlines, the articles that report it.

    Attributes:
        names: Actor id to name, for all parties, signers and brokers of the agreement and its deadlines.
        articles: (id, url) of every report, in order of (published, id).
        renamed: Every id a deadline may have gone by, to the id it goes by now.
    """

    agreement: Agreement
    deadlines: tuple[Deadline, ...]
    names: Mapping[str, str]
    aliases: tuple[str, ...]
    articles: tuple[tuple[str, str | None], ...]
    renamed: Mapping[str, str]


def item_document(item: Item) -> Document:
    """Returns the document of an item."""
    return Document(id=item.id, body=to_json(item))


def item_from(stored: Stored) -> Item:
    """Returns the item of its stored document."""
    return from_json(Item, stored.body)


def failure_document(failure: Failure, run: str, last_run: str) -> Document:
    """Returns the document of a failure, marked with the runs that met it first and last."""
    return Document(id=failure.id, body={**to_json(failure), "run": run, "last_run": last_run})


def failure_from(stored: Stored) -> Failure:
    """Returns the failure of its stored document."""
    return from_json(Failure, shown_failure(stored))


def shown_failure(stored: Stored) -> dict[str, Any]:
    """Returns the failure's fields as listings print them in JSON."""
    return {key: value for key, value in stored.body.items() if key not in {"run", "last_run"}}


def all_names(actors: Iterable[Actor]) -> tuple[str, ...]:
    """Returns every name and alias of the actors, each once, sorted."""
    return tuple(sorted({name for actor in actors for name in (actor.name, *actor.aliases)}))


def article_document(article: Article, reading: Reading, run: str) -> Document:
    """Returns the document of an article, searchable by what was read in it."""
    body = {
        **to_json(article),
        "actors": list(all_names(reading.actors)),
        "actor_kinds": sorted({actor.kind.value for actor in reading.actors}),
        "kinds": sorted({agreement.kind.value for agreement in reading.agreements}),
        "run": run,
    }
    return Document(id=article.id, body=body)


def article_from(stored: Stored) -> Article:
    """Returns the article of its stored document."""
    fields = Article.__dataclass_fields__
    return from_json(Article, {key: value for key, value in stored.body.items() if key in fields})


def actor_document(actor: Actor, run: str) -> Document:
    """Returns the document of an actor, without its mentions in any one article, marked with the run that met it."""
    return Document(id=actor.id, body={**to_json(dataclasses.replace(actor, mentions=())), "run": run})


def actor_from(stored: Stored) -> Actor:
    """Returns the actor of its stored document."""
    return actor_of(stored.body)


def actor_of(body: Mapping[str, Any]) -> Actor:
    """Returns the actor of its document's body."""
    return from_json(Actor, {key: value for key, value in body.items() if key != "run"})


def _people(ids: Sequence[str], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"id": actor, "name": names.get(actor, actor)} for actor in ids]


def _names(ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return sorted({names.get(actor, actor) for actor in ids})


def _reports(view: AgreementView) -> list[dict[str, str | None]]:
    return [{"id": article, "url": url} for article, url in view.articles]


def agreement_document(view: AgreementView, run: str, created: datetime.datetime) -> Document:
    """Returns the document of an agreement, searchable by parties, sentences and deadlines."""
    agreement = view.agreement
    sentences = [evidence.text for evidence in agreement.evidence]
    body = {
        "id": agreement.id,
        "title": agreement.title,
        "text": [*sentences, *(provision.text for provision in agreement.provisions)],
        "kind": agreement.kind.value,
        "status": agreement.status.value,
        "parties": _names(agreement.parties, view.names),
        "party_ids": list(agreement.parties),
        "actors": sorted({*view.names.values(), *view.aliases}),
        "place": agreement.place,
        "reached": agreement.reached,
        "date": sorted({deadline.date.isoformat() for deadline in view.deadlines}),
        "articles": [article for article, _ in view.articles],
        "reports": _reports(view),
        "names": dict(sorted(view.names.items())),
        "run": run,
        "created": created.isoformat(),
        "record": to_json(agreement),
        "deadlines": [to_json(deadline) for deadline in view.deadlines],
    }
    return Document(id=agreement.id, body=body)


def agreement_from(stored: Stored) -> Agreement:
    """Returns the agreement of its stored document."""
    return from_json(Agreement, stored.body["record"])


def deadline_document(view: AgreementView, deadline: Deadline, run: str, created: datetime.datetime) -> Document:
    """Returns the document of a deadline, searchable by its agreement's title and parties too."""
    body = {
        "id": deadline.id,
        "agreement": deadline.agreement,
        "agreement_title": view.agreement.title,
        "agreement_kind": view.agreement.kind.value,
        "kind": deadline.kind.value,
        "date": deadline.date.isoformat(),
        "precision": deadline.precision.value,
        "status": deadline.status.value,
        "text": [deadline.evidence.text, deadline.text],
        "action": deadline.action,
        "parties": _names({*deadline.parties, *view.agreement.parties}, view.names),
        "party_ids": sorted({*deadline.parties, *view.agreement.parties}),
        "actors": sorted({*view.names.values(), *view.aliases}),
        "articles": [article for article, _ in view.articles],
        "agreement_parties": list(view.agreement.parties),
        "names": dict(sorted(view.names.items())),
        "run": run,
        "created": created.isoformat(),
        "record": to_json(deadline),
    }
    return Document(id=deadline.id, body=body)


def shown_article(stored: Stored) -> dict[str, Any]:
    """Returns the article's fields as listings print them in JSON."""
    return {key: value for key, value in stored.body.items() if key not in {"actors", "run", "text"}}


def shown_actor(stored: Stored) -> dict[str, Any]:
    """Returns the actor's fields as listings print them in JSON."""
    return {key: value for key, value in stored.body.items() if key not in {"run", "mentions"}}


def shown_agreement(stored: Stored) -> dict[str, Any]:
    """Returns the agreement's fields as listings print them in JSON, with names, reports and deadlines."""
    body = stored.body
    names = body["names"]
    named = {key: _people(body["record"][key], names) for key in ("parties", "signers", "brokers")}
    return {**body["record"], **named, "articles": body["reports"], "deadlines": body["deadlines"]}


def shown_deadline(stored: Stored) -> dict[str, Any]:
    """Returns the deadline's fields as listings print them in JSON, with its agreement's title and parties."""
    body = stored.body
    return {
        **body["record"],
        "parties": _people(body["record"]["parties"], body["names"]),
        "agreement_title": body["agreement_title"],
        "agreement_kind": body["agreement_kind"],
        "agreement_parties": _people(body["agreement_parties"], body["names"]),
    }
