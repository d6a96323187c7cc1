"""Says how a deed stands by tense, modality, negation and what governs it."""

from enum import StrEnum

from spacy.tokens import Token

from transforms.extract.agreements.lexicon import Lexicon
from transforms.records import AgreementStatus

_FUTURE = frozenset(
    {"will", "would", "could", "may", "might", "should", "can", "must", "'ll", "’ll", "shall", "wo", "ca"}
)
_NEGATIVE = frozenset({"not", "n't", "n’t", "no", "never", "neither", "nor", "without"})
_CONDITIONS = frozenset({"if", "unless", "whether", "until", "once", "till", "lest", "when", "before"})
_REPORTING = frozenset(
    {"say", "announce", "report", "confirm", "tell", "add", "declare", "state", "reveal", "disclose"}
)
_CLIMB = 8  # verbs above a deed that can change its meaning; deeper nesting does not occur in news


class Modality(StrEnum):
    """How the text speaks of a deed."""

    ASSERTED = "asserted"
    PENDING = "pending"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    DENIED = "denied"


_DONE = {
    "agreed": AgreementStatus.AGREED,
    "approved": AgreementStatus.AGREED,
    "brokered": AgreementStatus.AGREED,
    "signed": AgreementStatus.SIGNED,
    "in_force": AgreementStatus.IN_FORCE,
    "extended": AgreementStatus.EXTENDED,
    "suspended": AgreementStatus.SUSPENDED,
    "violated": AgreementStatus.VIOLATED,
    "rejected": AgreementStatus.REJECTED,
    "expired": AgreementStatus.EXPIRED,
    "collapsed": AgreementStatus.COLLAPSED,
    "negotiating": AgreementStatus.NEGOTIATING,
    "proposed": AgreementStatus.PROPOSED,
}


def status_of(deed: str, modality: Modality) -> AgreementStatus | None:
    """Returns what a deed of a class says of its agreement, or None when it says nothing of its state.

    Args:
        deed: A class of patterns.yaml (`verbs`).
        modality: How the text speaks of the deed.
    """
    if modality is Modality.ASSERTED:
        return _DONE[deed]
    if deed in {"agreed", "signed", "brokered", "negotiating", "proposed"}:
        if modality is Modality.NEGATED and deed in {"negotiating", "proposed"}:
            return None
        return AgreementStatus.NEGOTIATING if deed != "proposed" else AgreementStatus.PROPOSED
    return None


def modality_of(verb: Token, lexicon: Lexicon) -> Modality:
    """Returns how the text speaks of a verb's deed, by its own auxiliaries and those of the verbs that govern it."""
    modality = _own_modality(verb)
    current = verb
    for _ in range(_CLIMB):
        if modality in {Modality.NEGATED, Modality.DENIED}:
            return modality
        governed = _governed(current, lexicon)
        if governed is not None and governed is not Modality.ASSERTED:
            modality = governed if modality is Modality.ASSERTED or governed is Modality.NEGATED else modality
        head = current.head
        if head is current or current.dep_ not in {
            "xcomp",
            "ccomp",
            "pcomp",
            "acl",
            "advcl",
            "conj",
            "acomp",
            "prep",
            "oprd",
        }:
            break
        if current.dep_ == "conj":
            if modality is Modality.ASSERTED and _shares_auxiliary(current, head):
                modality = _own_modality(head)
            current = head
            continue
        if current.dep_ in {"acl", "advcl"}:
            break
        own = _own_modality(head) if head.pos_ in {"VERB", "AUX", "ADJ"} else Modality.ASSERTED
        silent = own is Modality.NEGATED and head.lemma_ in _REPORTING  # "did not say that": no word on the deed
        if own is not Modality.ASSERTED and modality is Modality.ASSERTED and not silent:
            modality = own
        current = head
    return modality


def _own_modality(verb: Token) -> Modality:
    found = Modality.ASSERTED
    infinitive = False
    for child in verb.children:
        lower = child.lower_
        if child.dep_ == "neg" or (
            lower in _NEGATIVE and child.dep_ in {"advmod", "preconj", "cc", "det"} and child.i < verb.i
        ):
            return Modality.NEGATED
        if child.dep_ in {"aux", "auxpass"}:
            if lower in _FUTURE or (lower == "being" and verb.dep_ == "acl"):  # "the prospect of a deal being reached"
                found = Modality.PENDING
            elif lower == "to":
                infinitive = True
        elif child.dep_ in {"mark", "advmod"} and lower in _CONDITIONS:
            if lower not in {"when", "before", "until", "once"} or verb.tag_ in {"VBZ", "VBP", "VB"}:
                found = Modality.HYPOTHETICAL
        elif child.dep_ in {"nsubj", "nsubjpass"} and any(g.lower_ in {"no", "neither"} for g in child.children):
            return Modality.NEGATED
    if infinitive and verb.dep_ == "ROOT":  # a headline: "X to sign Y"
        return Modality.PENDING
    if verb.tag_ == "VB" and verb.dep_ == "ROOT" and not infinitive and found is Modality.ASSERTED and _yet_to(verb):
        return Modality.NEGATED
    return found


def _yet_to(verb: Token) -> bool:
    return any(child.lower_ == "yet" for child in verb.children)


def _governed(verb: Token, lexicon: Lexicon) -> Modality | None:
    """Returns what the word directly above makes of the verb's deed."""
    head = verb.head
    if head is verb:
        return None
    lemma = head.lemma_.lower()
    governors = lexicon.governors
    if verb.dep_ in {"acl", "relcl"}:
        infinitive = any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)
        if infinitive:
            return Modality.PENDING if lemma in lexicon.sets["pending_nouns"] or lemma not in {"agreement"} else None
        return None
    if verb.dep_ == "advcl":
        infinitive = any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)
        if infinitive:
            met = (
                lemma in governors["physical"]
                and head.tag_ in {"VBD", "VBN"}
                and _own_modality(head) is Modality.ASSERTED
            )
            return Modality.ASSERTED if met else Modality.PENDING
        return None
    if verb.dep_ == "pcomp":  # "of signing", "on reaching": look at what the preposition hangs on
        above = head.head.lemma_.lower()
        if head.lower_ == "without":
            return Modality.NEGATED
        if head.lower_ in {"after", "since", "upon", "following", "by"}:
            return None
        if above in lexicon.sets["pending_nouns"] or above in governors["pending"]:
            return Modality.PENDING
        return Modality.NEGATED if head.lower_ in {"from"} and above in {"prevent", "stop", "keep"} else None
    if verb.dep_ not in {"xcomp", "ccomp", "acomp", "conj"}:
        return None
    if verb.dep_ == "conj":
        return None
    if lemma in governors["asserted"]:
        return Modality.ASSERTED
    if lemma in governors["denied"] and verb.dep_ in {"ccomp", "xcomp"} and lemma != "reject":
        return Modality.DENIED
    if lemma in governors["hypothetical"]:
        return Modality.HYPOTHETICAL
    if verb.dep_ == "xcomp" or (verb.dep_ == "ccomp" and _infinitive(verb)):
        if lemma in governors["negated"]:
            return Modality.NEGATED
        if lemma in governors["physical"] and head.tag_ in {"VBD", "VBN"} and lemma != "come":
            return Modality.ASSERTED
        if lemma in governors["pending"] or (_infinitive(verb) and lemma == "be"):
            return Modality.PENDING
        return None
    if lemma in {
        "hope",
        "expect",
        "want",
        "wish",
        "urge",
        "demand",
        "propose",
        "suggest",
        "predict",
        "believe",
        "doubt",
        "insist",
    }:
        return Modality.PENDING if lemma != "believe" else None
    return None


def _infinitive(verb: Token) -> bool:
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _shares_auxiliary(verb: Token, head: Token) -> bool:
    return verb.tag_ == head.tag_ and not any(child.dep_ in {"aux", "nsubj", "nsubjpass"} for child in verb.children)
