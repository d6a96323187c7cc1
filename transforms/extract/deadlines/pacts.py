"""Tells what stands by an agreement's own words: what it calls for, what is done under it, what is still negotiated."""

from collections.abc import Iterator

from spacy.tokens import Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.deadlines.terms import LIKELY, NOTHING, Verdict, is_agreement
from transforms.extract.layers import Bound
from transforms.records import DeadlineKind

_GRANTING = frozenset({"have", "give", "get", "grant", "allow"})
_UNMADE = frozenset({"propose", "proposed", "draft", "discuss", "negotiate", "new", "possible"})
_DRAFT = _UNMADE - {"new"}


def negotiated(clause: Clause, bound: Bound, lexicon: Lexicon) -> Verdict | None:
    """Stops the other rules where the deed is to reach an agreement: that one does not stand yet."""
    verb = clause.verb
    deeds = [deed for deed in (verb if clause.force >= Force.FUTURE else None, clause.purpose) if deed is not None]
    if clause.obliged or not any(_negotiates(deed, lexicon) for deed in deeds) or _must_sign(clause):
        return None
    granted = bound in {Bound.UNTIL, Bound.WITHIN, Bound.BY} and any(
        verb.lemma_ in _GRANTING for verb in clause.chain[:2]
    )
    if granted and clause.purpose is not None and clause.force is not Force.UNREAL:
        return Verdict(kind=DeadlineKind.DUE, strength=LIKELY, rule="deadlines.time-to-agree")
    return Verdict(kind=DeadlineKind.DUE, strength=NOTHING, rule="deadlines.negotiated")


def _must_sign(clause: Clause) -> bool:
    """Whether a pact has its members sign accords of their own ("each creditor must sign its own accord by June")."""
    verb = clause.verb
    return verb is not None and verb.lemma_ == "sign" and any(child.lower_ == "must" for child in verb.children)


def _negotiates(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a verb, or one that hangs on it, is about reaching an agreement that is not the final one."""
    for token in (verb, *(child for child in verb.children if child.dep_ in {"xcomp", "conj"})):
        if token.lemma_.lower() not in lexicon.words["reaching"]:
            continue
        below = [token, *(child for child in token.children if child.dep_ == "xcomp")]
        objects = [
            noun
            for deed in below
            for child in deed.children
            for noun in (child, *child.children)
            if noun.pos_ == "NOUN" and noun.lemma_.lower() in lexicon.words["reached_nouns"] and noun.i > token.i
        ]
        if any(not any(word.lower_ in lexicon.words["final"] for word in noun.children) for noun in objects):
            return True
    return False


def called_for(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a pact that stands calls for the deed ("the declaration calls for a pullout to begin by").

    Args:
        clause: The clause of the date.
        lexicon: The words of deadlines.
    """
    for verb in clause.chain[:4]:
        if verb.lemma_ not in lexicon.words["providing"] or verb.tag_ not in {"VBZ", "VBP", "VBD"}:
            continue
        above = (verb.head,) if verb.dep_ in {"relcl", "acl", "appos"} else ()
        for noun in (*(child for child in verb.children if child.dep_ == "nsubj"), *above):
            words = lexicon.words["naming" if verb.tag_ == "VBD" else "agreement_nouns"]  # a plan called for much
            if noun.lemma_.lower() in words and not _is_unmade(noun):
                return True
    return False


def under_draft(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a sentence tells what would be done "under a draft agreement".

    Args:
        clause: The clause of the date.
        lexicon: The words of deadlines.
    """
    return any(_is_unmade(noun, _DRAFT) for noun in _under(clause, lexicon.words["agreement_nouns"]))


def under_pact(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a sentence tells what is to be done "under the accord", which stands then; "would" only imagines it."""
    imagined = any(child.lower_ in {"would", "could"} for token in clause.chain for child in token.children)
    if imagined or clause.force < Force.PRESENT:
        return False
    return any(not _is_unmade(noun) for noun in _under(clause, lexicon.words["naming"]))


def _under(clause: Clause, nouns: frozenset[str]) -> Iterator[Token]:
    """Yields those of the nouns that stand under an "under" of the date's sentence."""
    below = (noun for word in clause.date.sent if word.lower_ == "under" for noun in word.children)
    return (noun for noun in below if noun.lemma_.lower() in nouns)


def _is_unmade(noun: Token, words: frozenset[str] = _UNMADE) -> bool:
    """Whether a noun is said to be proposed or still negotiated."""
    return any(child.lemma_.lower() in words for child in noun.children)


def listed(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether it is a point of a list without verbs ("Among the points of the accord: ..., and power by 2025").

    Args:
        clause: The clause of the date.
        lexicon: The words of deadlines.
    """
    before = clause.date.doc[clause.date.sent.start : clause.date.start]
    colon = next((token.i for token in before if token.text == ":"), None)
    return colon is not None and any(is_agreement(token, lexicon) for token in before if token.i < colon)
