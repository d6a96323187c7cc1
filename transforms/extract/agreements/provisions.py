"""Cuts out what an agreement obliges its parties to do, in the article's own words."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from transforms.extract.agreements.mention import Mention
from transforms.extract.agreements.status import Modality
from transforms.extract.agreements.view import View
from transforms.records import AgreementStatus, Provision

_OBLIGING = frozenset(
    {None, AgreementStatus.AGREED, AgreementStatus.SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.EXTENDED}
)
_MODALS = frozenset({"will", "would", "must", "shall", "should", "to", "can", "could"})
_MOST = 8  # provisions kept of one agreement; a treaty text has more, but its reader reads the treaty
_LONGEST = 60  # tokens; a longer clause is a list or a parse error
_STRIPPED = " .,;:-–—\"'“”‘’\n\t"


def provisions_of(view: View, mentions: Sequence[Mention], parties: Sequence[str]) -> tuple[Provision, ...]:
    """Returns the clauses that say what is to be done, in the order of the text, with those they oblige.

    Args:
        view: The article.
        mentions: The agreement's mentions.
        parties: Actor ids of its parties, obliged where the clause names nobody.
    """
    found: dict[int, Provision] = {}
    until = -1
    for mention in mentions:
        if mention.status not in _OBLIGING or mention.modality not in {Modality.ASSERTED, Modality.PENDING}:
            continue
        for clause, doer in _clauses(
            view.doc[mention.trigger], view.doc[mention.deed], view.lexicon.sets["stipulating"]
        ):
            start, end = _bounds(view, clause, doer)
            text = view.doc[start:end].text.strip(_STRIPPED)
            obliged = tuple(side.actor for side in view.sides(doer)) if doer is not None else ()
            if text and end - start > 1 and start >= until:
                found[start] = Provision(text=text, parties=obliged or tuple(parties))
                until = end
    return tuple(found[start] for start in sorted(found)[:_MOST])


def _clauses(trigger: Token, deed: Token, stipulating: frozenset[str]) -> Iterator[tuple[Token, Token | None]]:
    """Yields the verbs of the clauses that state a duty, each with its own subject where it has one."""
    heads = [trigger] if deed.i == trigger.i or deed.pos_ != "VERB" else [trigger, deed]
    for head in heads:
        for child in head.children:
            if child.i > head.i and child.dep_ in {"xcomp", "acl", "advcl", "ccomp"} and _duty(child):
                yield child, _subject(child)
    if deed.dep_ == "xcomp" and deed.head.lemma_ == "agree" and _duty(deed):  # "agreed to establish a zone"
        yield deed, None
    if trigger.dep_ == "pobj" and trigger.head.lower_ == "under" and trigger.head.head.pos_ in {"VERB", "AUX"}:
        main = trigger.head.head
        if _subject(main) is not None:
            yield main, _subject(main)
    elif trigger.dep_ == "nsubj" and trigger.head.lemma_ in stipulating and not _negated(trigger.head):
        yield trigger.head, None


def _duty(verb: Token) -> bool:
    return verb.pos_ == "VERB" and any(child.dep_ == "aux" and child.lower_ in _MODALS for child in verb.children)


def _negated(verb: Token) -> bool:
    return any(child.dep_ == "neg" for child in verb.children)


def _subject(verb: Token) -> Token | None:
    return next((child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"}), None)


def _bounds(view: View, verb: Token, doer: Token | None) -> tuple[int, int]:
    own = [child.i for child in verb.lefts if child.dep_ in {"aux", "auxpass", "neg"}]
    start = doer.left_edge.i if doer is not None and doer.i < verb.i else min([verb.i, *own])
    limit = min(view.sentence(verb.i)[1], start + _LONGEST)
    return max(start, view.sentence(verb.i)[0]), max(verb.i + 1, min(verb.right_edge.i + 1, limit))
