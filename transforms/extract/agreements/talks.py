"""Finds who talks with whom: the parties of an agreement that is not there yet."""

from collections.abc import Sequence

from spacy.tokens import Token

from transforms.extract.agreements.found import unique
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked, right_preps
from transforms.extract.agreements.view import View
from transforms.records import AgreementStatus, record

_BETWEEN = frozenset({"between", "with", "among", "amongst"})
_AT = frozenset({"at", "in", "of", "within"})
_HOLDING = frozenset(
    {"hold", "have", "begin", "start", "resume", "open", "conclude", "enter", "continue", "attend", "be"}
)
_ROUND, _MANY = 60, 4  # "X agreed ... after talks among the two Koreas, A, B and C", a sentence later
_NEAR = 250  # tokens between talks and what is said of their outcome: about three paragraphs of a wire


@record
class Talks:
    """Two or more sides who talk, and whether the sentence says that the talks failed."""

    token: int
    sides: tuple[Side, ...]
    outcome: AgreementStatus | None


def talks_at(view: View, token: Token) -> Talks | None:
    """Returns the talks a noun ("talks between X and Y") or verb ("X and Y have been arguing") speaks of, or None."""
    sides = unique(_of_verb(view, token) if token.pos_ == "VERB" else _of_noun(view, token))
    if len({side.actor for side in sides}) == 1 and _outcome(view, token) is AgreementStatus.COLLAPSED:
        sides = unique([*_left_alone(view, token), *sides])
    if len({side.actor for side in sides}) < 2:
        sides = () if sides or token.pos_ == "VERB" else _of_body(view, token)
        outcome = _outcome(view, token) if sides else None
        return Talks(token=token.i, sides=sides, outcome=outcome) if outcome is not None else None
    return Talks(token=token.i, sides=sides, outcome=None if token.pos_ == "VERB" else _outcome(view, token))


def _left_alone(view: View, noun: Token) -> list[Side]:
    """Returns who looks elsewhere since its talks failed ("X has sought a partner since talks with Y collapsed")."""
    failed = noun.head
    since = failed.dep_ == "advcl" and any(child.lower_ in {"since", "after"} for child in failed.lefts)
    doers = view.subjects(failed.head) if since else []
    return doers if len({side.actor for side in doers}) == 1 else []


def _of_body(view: View, noun: Token) -> tuple[Side, ...]:
    """Returns the body whose members talk ("talks at the coffee organisation broke down")."""
    bodies = view.lexicon.sets["bodies"]
    found = [side for obj in linked(noun, _AT, deep=False) for side in view.sides(obj)]
    return tuple(side for side in found if view.names.get(side.actor, "").lower() in bodies)


def _of_verb(view: View, verb: Token) -> list[Side]:
    return [*view.subjects(verb), *(side for obj in right_preps(verb, _BETWEEN) for side in view.sides(obj))]


def _of_noun(view: View, noun: Token) -> list[Side]:
    found = [side for obj in right_preps(noun, _BETWEEN) for side in view.sides(obj)]
    left = [view.side(mention, e - 1) for _s, e, mention in view.covered(max(noun.left_edge.i, noun.i - 8), noun.i)]
    if len({side.actor for side in left}) > 1:
        found.extend(left)
    verb = noun.head
    if noun.dep_ in {"dobj", "pobj"}:
        verb = noun.head if noun.dep_ == "dobj" else noun.head.head
        if verb.pos_ in {"VERB", "AUX"} and (verb.lemma_ in _HOLDING or found):
            found.extend(view.subjects(verb))
    for obj in right_preps(verb, _BETWEEN) if verb.pos_ == "VERB" else ():
        found.extend(view.sides(obj))
    return found


def _outcome(view: View, noun: Token) -> AgreementStatus | None:
    """Returns what a sentence says of failed talks: still negotiating after a stalemate, collapsed when broken off."""
    verb = noun.head if noun.dep_ in {"nsubj", "nsubjpass"} else None
    if verb is None or verb.pos_ != "VERB":
        return None
    below = {token.lemma_.lower() for token in view.doc[verb.i + 1 : view.sentence(verb.i)[1]]}
    negative = any(
        child.dep_ in {"neg", "aux"} and child.lower_ in {"not", "n't", "could", "may", "might", "would"}
        for child in verb.children
    )
    if negative:
        return None
    lemma = verb.lemma_.lower()
    if lemma in {"collapse", "fail", "founder"} or (lemma == "break" and below & {"down", "off"}):
        return AgreementStatus.COLLAPSED
    apart = lemma == "break" and "up" in below and bool(below & view.lexicon.sets["stalemates"])
    if (
        lemma in {"stall", "deadlock"}
        or apart
        or (lemma in {"end", "close", "finish", "conclude"} and below & view.lexicon.sets["stalemates"])
    ):
        return AgreementStatus.NEGOTIATING
    return None


def talkers(talks: Sequence[Talks], at: int, known: set[str]) -> tuple[Side, ...]:
    """Returns the sides of the talks that an outcome at token `at` most likely belongs to, or ().

    Args:
        talks: All talks of the article in text order.
        at: Token index of what is said of the agreement.
        known: Actor ids already known to be parties.
    """
    near = [found for found in talks if abs(found.token - at) <= _NEAR]
    shared = [found for found in near if known & {side.actor for side in found.sides}]
    round_ = [found for found in near if 0 < found.token - at <= _ROUND and len(found.sides) >= _MANY]
    chosen = min(shared or round_ or ([] if known else near), key=lambda found: abs(found.token - at), default=None)
    return chosen.sides if chosen is not None else ()
