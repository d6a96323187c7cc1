"""Makes the deadline records of an article, and ties them to the provisions of its agreements."""

import dataclasses
import datetime
from collections.abc import Iterable

from spacy.tokens import Doc

from transforms.extract.deadlines.clause import Clause
from transforms.extract.layers import Timex
from transforms.records import Agreement, Deadline, DeadlineKind, Evidence, Precision, Provision, digest, record

MAX_ACTION_CHARACTERS = 300  # longer clauses are lists; their beginning says what must be done


@record
class Candidate:
    """A date that an agreement sets, before its sentences are put together."""

    agreement: Agreement
    kind: DeadlineKind
    date: datetime.date
    precision: Precision
    timex: Timex
    clause: Clause
    rule: str
    strength: int


def deadline_of(doc: Doc, candidate: Candidate) -> Deadline:
    """Returns the record of a date that an agreement sets."""
    timex = candidate.timex
    identity = digest(doc._.article_id, candidate.agreement.id, candidate.date.isoformat(), candidate.kind)
    return Deadline(
        id=identity,
        agreement=candidate.agreement.id,
        kind=candidate.kind,
        date=candidate.date,
        precision=candidate.precision,
        text=timex.text,
        action=_action(candidate.clause),
        evidence=_evidence(doc, candidate.clause, candidate.rule),
        time=timex.time,
        time_zone=timex.time_zone,
        parties=_obliged(doc, candidate),
    )


def _evidence(doc: Doc, clause: Clause, rule: str) -> Evidence:
    sentence = clause.governor.sent
    text = sentence.text
    start = sentence.start_char + len(text) - len(text.lstrip())
    text = text.strip()
    return Evidence(article=doc._.article_id, start=start, end=start + len(text), text=text, rule=rule)


def _action(clause: Clause) -> str:
    """Returns the clause in the article's words: the verb and what hangs on it, or the noun where there is no verb."""
    head = clause.verb or clause.governor
    first, last = head.left_edge.i, head.right_edge.i
    while first < head.i and (head.doc[first].dep_ == "mark" or head.doc[first].lower_ == "that"):
        first += 1  # "said that the pact expires"
    text = head.doc[first : last + 1].text.strip(" \n,;:.–—-“”\"'")
    if len(text) <= MAX_ACTION_CHARACTERS:
        return " ".join(text.split())
    return " ".join(text[:MAX_ACTION_CHARACTERS].rsplit(" ", 1)[0].split())


def _obliged(doc: Doc, candidate: Candidate) -> tuple[str, ...]:
    """Returns who must act: the actors in the subject, as the sides they stand for."""
    subject = candidate.clause.subject
    if subject is None:
        return ()
    start, end = subject.left_edge.idx, subject.right_edge.idx + len(subject.right_edge)
    represents = doc._.represents
    sides = (
        represents.get(mention.actor, mention.actor)
        for mention in doc._.actor_mentions
        if start <= mention.start and mention.end <= end
    )
    return tuple(dict.fromkeys(side for side in sides if side in candidate.agreement.parties))


def with_provisions(agreement: Agreement, deadlines: Iterable[Deadline]) -> Agreement:
    """Returns the agreement with a deadline in each provision that has one, and a provision for each deadline."""
    own = [deadline for deadline in deadlines if deadline.agreement == agreement.id]
    if not own:
        return agreement
    left = list(own)
    provisions = []
    for provision in agreement.provisions:
        match = next((deadline for deadline in left if _same_deed(provision, deadline)), None)
        if match is not None:
            left.remove(match)
            provision = dataclasses.replace(provision, deadline=match.id)
        provisions.append(provision)
    provisions.extend(
        Provision(text=deadline.action, parties=deadline.parties, deadline=deadline.id)
        for deadline in left
        if deadline.kind is DeadlineKind.DUE
    )
    return dataclasses.replace(agreement, provisions=tuple(provisions))


def _same_deed(provision: Provision, deadline: Deadline) -> bool:
    return provision.deadline is None and (deadline.text in provision.text or provision.text in deadline.evidence.text)
