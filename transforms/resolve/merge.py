"""Merges what several articles say of one agreement, the same in whatever order they came."""

import dataclasses
from collections.abc import Iterable, Sequence

from transforms.records import (
    Actor,
    Agreement,
    AgreementStatus,
    Article,
    Change,
    Deadline,
    Reading,
    digest,
    record,
)
from transforms.store.documents import AgreementView, all_names

_UNDATED = "9999"  # an article without a date is heard last


@record
class Mention:
    """One article's account of an agreement."""

    article: Article
    reading: Reading
    agreement: Agreement

    @property
    def order(self) -> tuple[str, str, int]:
        """Where it stands among all accounts: by publication, article, and place in the text."""
        start = self.agreement.evidence[0].start if self.agreement.evidence else 0
        return self.article.published or _UNDATED, self.article.id, start


def block_of(agreement: Agreement) -> str:
    """Returns the registry block of an agreement: equal for the same kind, parties and date reached."""
    return digest("agreement", agreement.kind.value, *sorted(agreement.parties), agreement.reached or "")


def _union[T](groups: Iterable[Sequence[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _history(mentions: Sequence[Mention]) -> tuple[Change, ...]:
    changes: list[Change] = []
    status: AgreementStatus | None = None
    for mention in mentions:
        if mention.agreement.status is status:
            continue
        changes.append(
            Change(
                what="status" if status else "new",
                old=status.value if status else None,
                new=mention.agreement.status.value,
                article=mention.article.id,
                published=mention.article.published,
            )
        )
        status = mention.agreement.status
    return tuple(changes)


def _deadlines(agreement_id: str, mentions: Sequence[Mention]) -> tuple[tuple[Deadline, ...], dict[str, str]]:
    """Returns the deadlines, one for each date and kind, and how provisional ids were renamed."""
    found: dict[str, Deadline] = {}
    renamed: dict[str, str] = {}
    for mention in mentions:
        for deadline in mention.reading.deadlines:
            if deadline.agreement != mention.agreement.id:
                continue
            identity = digest("deadline", agreement_id, deadline.kind.value, deadline.date.isoformat())
            renamed[deadline.id] = identity
            found.setdefault(identity, dataclasses.replace(deadline, id=identity, agreement=agreement_id))
    return tuple(sorted(found.values(), key=lambda deadline: (deadline.date, deadline.id))), renamed


def _merged(agreement_id: str, mentions: Sequence[Mention], renamed: dict[str, str]) -> Agreement:
    told = [mention.agreement for mention in mentions]
    provisions = _union(
        tuple(
            dataclasses.replace(provision, deadline=renamed.get(provision.deadline or ""))
            for provision in agreement.provisions
        )
        for agreement in told
    )
    return dataclasses.replace(
        told[0],
        id=agreement_id,
        status=told[-1].status,
        parties=_union(agreement.parties for agreement in told),
        signers=_union(agreement.signers for agreement in told),
        brokers=_union(agreement.brokers for agreement in told),
        place=next((agreement.place for agreement in told if agreement.place), None),
        reached=next((agreement.reached for agreement in told if agreement.reached), None),
        provisions=provisions,
        evidence=_union(agreement.evidence for agreement in told),
        history=_history(mentions),
    )


def _concerned(agreement: Agreement, deadlines: Sequence[Deadline], mentions: Sequence[Mention]) -> list[Actor]:
    wanted = {*agreement.parties, *agreement.signers, *agreement.brokers}
    wanted.update(party for deadline in deadlines for party in deadline.parties)
    wanted.update(party for provision in agreement.provisions for party in provision.parties)
    return [actor for mention in mentions for actor in mention.reading.actors if actor.id in wanted]


def merge_mentions(agreement_id: str, mentions: Iterable[Mention]) -> AgreementView:
    """Returns one agreement made of all its mentions.

    Args:
        agreement_id: The id it goes by in the store.
        mentions: At least one; their order does not matter. The status of the latest published one stands.
    """
    ordered = sorted(mentions, key=lambda mention: mention.order)
    deadlines, renamed = _deadlines(agreement_id, ordered)
    agreement = _merged(agreement_id, ordered, renamed)
    actors = _concerned(agreement, deadlines, ordered)
    names: dict[str, str] = {}
    for actor in actors:
        names[actor.id] = min(actor.name, names.get(actor.id, actor.name))
    articles = {mention.article.id: mention.article.url for mention in ordered}
    return AgreementView(
        agreement=agreement,
        deadlines=deadlines,
        names=names,
        aliases=all_names(actors),
        articles=tuple(articles.items()),
    )
