"""Says in what state a sentence leaves an agreement: by its deeds, its adjectives and its predicates."""

from spacy.tokens import Token

from transforms.extract.agreements.deeds import Deed
from transforms.extract.agreements.lending import LENT
from transforms.extract.agreements.lexicon import Lexicon
from transforms.extract.agreements.status import Modality, modality_of, status_of
from transforms.extract.agreements.view import View
from transforms.records import AgreementStatus

_COPULAS = frozenset({"be", "remain", "seem", "look", "appear", "declare", "stay"})
_ENDING = frozenset({"collapsed", "rejected", "suspended", "expired"})
_LASTING = frozenset({"last", "hold", "survive", "take", "implement", "observe", "respect"})
_STANDING = frozenset({"hold", "last", "survive", "stick", "take", "materialise", "materialize", "stop", "end", "halt"})
_KEEPING = frozenset({"comply", "respect", "honour", "honor", "observe", "abide", "adhere", "fulfil", "fulfill"})
_CLOSING = frozenset({"complete", "close", "consummate"})
_CLOSED = frozenset({"merger", "acquisition", "takeover", "sale", "purchase", "transaction", "buyout"})
_DECIDING = frozenset({"decide", "vote", "choose", "opt", "agree", "move"})
_STATE_ORDER = (
    AgreementStatus.COLLAPSED,
    AgreementStatus.REJECTED,
    AgreementStatus.EXPIRED,
    AgreementStatus.SUSPENDED,
    AgreementStatus.VIOLATED,
    AgreementStatus.EXTENDED,
    AgreementStatus.IN_FORCE,
    AgreementStatus.SIGNED,
    AgreementStatus.AGREED,
    AgreementStatus.NEGOTIATING,
    AgreementStatus.PROPOSED,
)


def state_of(view: View, noun: Token, deeds: list[Deed]) -> tuple[AgreementStatus | None, Modality, int]:
    """Returns the strongest state among what governs the noun and what stands before it."""
    lexicon = view.lexicon
    found: list[tuple[AgreementStatus | None, Modality, int]] = []
    negative = any(child.lower_ in {"no", "any"} and child.dep_ == "det" for child in noun.lefts) or _without(noun)
    for deed in deeds:
        found.append(_by_deed(view, noun, deed, negative=negative))
    for child in noun.lefts:
        state = lexicon.modifiers.get(child.lower_)
        if state == "extended" and noun.lemma_.lower() in LENT:
            continue  # "an extended loan", "an extended arrangement" is one over years
        if state and child.dep_ in {"amod", "compound", "det"}:
            status = AgreementStatus(state)
            pending = status in {AgreementStatus.PROPOSED, AgreementStatus.NEGOTIATING}
            found.append((status, Modality.PENDING if pending else Modality.ASSERTED, noun.i))
    found.extend(_predicate(noun, lexicon))
    if not found and negative:
        return AgreementStatus.NEGOTIATING, Modality.NEGATED, noun.i
    stated = [entry for entry in found if entry[0] is not None]
    if not stated:
        return found[0] if found else (None, Modality.ASSERTED, noun.i)
    return min(stated, key=lambda entry: _STATE_ORDER.index(entry[0]) if entry[0] else 99)


def _by_deed(view: View, noun: Token, deed: Deed, *, negative: bool) -> tuple[AgreementStatus | None, Modality, int]:
    lexicon = view.lexicon
    verb = view.doc[deed.verb]
    if deed.deed == "proposed" and deed.preposition == "by":
        return None, Modality.ASSERTED, verb.i  # "as required by the agreement"
    if deed.place in {"adjective", "copula"}:
        return AgreementStatus.NEGOTIATING, Modality.PENDING, verb.i
    modality = modality_of(verb, lexicon) if deed.place != "noun" else _noun_modality(view, verb)
    if negative and modality is Modality.ASSERTED:
        modality = Modality.NEGATED
    status = status_of(deed.deed, modality)
    if modality is Modality.PENDING and verb.lemma_ in _CLOSING and noun.lemma_.lower() in _CLOSED:
        return None, modality, verb.i  # "hope to complete the merger": what was agreed before
    if modality is Modality.NEGATED and verb.lemma_ in _LASTING and verb.head.tag_ != "MD" and _past(verb):
        return AgreementStatus.COLLAPSED, Modality.ASSERTED, verb.i  # "it did not last", "never took hold"
    if deed.place in {"object", "preposition"} and _disregarded(verb, modality):
        return AgreementStatus.VIOLATED, Modality.ASSERTED, verb.i
    if deed.deed in _ENDING and _decided(verb):
        return status_of(deed.deed, Modality.ASSERTED), Modality.ASSERTED, verb.i
    if deed.deed in {"agreed", "signed", "extended"} and _refused(verb):
        return AgreementStatus.REJECTED, Modality.ASSERTED, verb.i
    if deed.deed == "in_force" and verb.tag_ in {"VBZ", "VBP"} and _yet_to_come(view, verb):
        return None, Modality.PENDING, verb.i
    if modality is Modality.ASSERTED:
        status = _asserted(status, noun, deed, verb)
    return questioned(view.doc[view.sentence(noun.i)[1] - 1], status), modality, verb.i


def _asserted(status: AgreementStatus | None, noun: Token, deed: Deed, verb: Token) -> AgreementStatus | None:
    """Returns what an asserted deed really says of the state, by the verb's own form."""
    if deed.deed in {"signed", "proposed"} and _agreed_to(verb):
        return AgreementStatus.AGREED
    if noun.lemma_.lower() in {"bid", "offer"} and status is AgreementStatus.AGREED and verb.lemma_ != "accept":
        return AgreementStatus.PROPOSED  # "made a bid"
    worked = verb.lemma_ == "work" and any(child.lower_ == "out" for child in verb.children)
    if (verb.lemma_ == "negotiate" or worked) and verb.tag_ in {"VBN", "VBD"}:
        return AgreementStatus.AGREED
    if deed.deed == "violated" and deed.place in {"subject", "clause"} and verb.tag_ != "VBN":
        return None  # "the agreement infringes upon our rights"
    if verb.lemma_ == "fail" and any(c.dep_ == "xcomp" and c.lemma_ not in _STANDING for c in verb.children):
        return None  # "the agreement failed to steady prices" stands; "failed to hold" does not
    if deed.deed == "expired" and verb.tag_ in {"VBZ", "VBP", "VBG"}:
        return None  # "the pact expires in December"
    progressive = verb.tag_ == "VBG" and any(c.dep_ == "aux" and c.lemma_ == "be" for c in verb.children)
    if deed.deed == "agreed" and progressive:
        return AgreementStatus.NEGOTIATING
    return status


def _yet_to_come(view: View, verb: Token) -> bool:
    """Whether what a verb in the present tells has a date after publication ("which takes effect on Monday")."""
    published = view.doc._.published
    dates = (view.timexes.get(token.i) for token in verb.subtree if token.i > verb.i)
    return published is not None and any(
        it is not None and it.first is not None and it.first > published for it in dates
    )


def _refused(verb: Token) -> bool:
    if verb.dep_ != "xcomp" or verb.head.lemma_ not in {"refuse", "decline"}:
        return False
    return verb.head.tag_ in {"VBD", "VBN", "VBZ", "VBP"} and not any(c.dep_ == "neg" for c in verb.head.children)


def _past(verb: Token) -> bool:
    auxiliaries = {child.lower_ for child in verb.children if child.dep_ == "aux"}
    return verb.tag_ in {"VBD", "VBN"} or bool(auxiliaries & {"did", "had", "has", "have"})


def _disregarded(verb: Token, modality: Modality) -> bool:
    """Whether a side did not do what it is bound to ("has not complied with", "its failure to honour the accord")."""
    if verb.lemma_ not in _KEEPING:
        return False
    failed = verb.dep_ in {"acl", "xcomp"} and verb.head.lemma_ in {"failure", "fail", "refusal", "refuse"}
    return (modality is Modality.NEGATED and _past(verb)) or (failed and verb.head.tag_ in {"NN", "VBD", "VBN"})


def _decided(verb: Token) -> bool:
    """Whether an end is decided ("voted to scrap the pact", "its decision to end it", "said it would quit")."""
    if verb.dep_ == "acl" and verb.tag_ == "VB" and verb.head.lemma_.lower() == "decision":
        return not any(child.lower_ in {"no", "any"} for child in verb.head.lefts)
    if _announced(verb):
        return True
    if verb.dep_ != "xcomp" or verb.head.lemma_ not in _DECIDING or verb.head.tag_ not in {"VBD", "VBN", "VBZ"}:
        return False
    return not any(child.dep_ in {"neg", "mark"} or child.tag_ == "MD" for child in verb.head.children)


def _announced(verb: Token) -> bool:
    """Whether those who can end it say that they will ("said it would pull out of the treaty"), on no condition."""
    if verb.dep_ != "ccomp" or verb.head.lemma_ not in {"say", "announce"} or verb.head.tag_ not in {"VBD", "VBN"}:
        return False
    words = {child.lower_ for child in (*verb.children, *verb.head.children) if child.dep_ in {"aux", "neg"}}
    own = any(child.dep_ == "nsubj" and child.lower_ in {"it", "they"} for child in verb.children)
    return own and words in ({"would"}, {"will"}) and not any(child.dep_ == "advcl" for child in verb.children)


def _agreed_to(verb: Token) -> bool:
    return verb.dep_ == "xcomp" and verb.head.lemma_ in {"agree", "decide"}


def _without(noun: Token) -> bool:
    return noun.dep_ == "pobj" and noun.head.lower_ == "without"


def _noun_modality(view: View, noun: Token) -> Modality:
    """Returns how the text speaks of a deed named by a noun ("the collapse of the truce", "warned of a collapse")."""
    head = noun.head
    if noun.lemma_.lower() in view.lexicon.sets["pending_nouns"] | view.lexicon.sets["talk_nouns"]:
        return Modality.ASSERTED
    for _ in range(3):
        if head.lemma_.lower() in view.lexicon.sets["unreal"]:
            return Modality.HYPOTHETICAL
        if head.pos_ in {"VERB", "AUX"}:
            return modality_of(head, view.lexicon)
        if head.head is head:
            break
        head = head.head
    return Modality.ASSERTED


def _predicate(noun: Token, lexicon: Lexicon) -> list[tuple[AgreementStatus | None, Modality, int]]:
    """Returns the state a predicate says of the noun ("the deal is dead", "the truce lay in ruins")."""
    verb = noun.head
    subject = noun.dep_ in {"nsubj", "nsubjpass"} and verb.lemma_ in _COPULAS
    for child in (*noun.children, *(verb.children if subject else ())):
        ruined = child.lower_ == "in" and any(obj.lower_ in lexicon.sets["ruins"] for obj in child.children)
        if ruined and child.i > noun.i:
            return [(AgreementStatus.COLLAPSED, Modality.ASSERTED, noun.i)]
    for child in verb.children if subject else ():
        far = child.lower_ == "off" and child.i > 0 and child.nbor(-1).lower_ in {"far", "way", "long"}
        if far or child.lower_ == "elusive":
            return [(AgreementStatus.NEGOTIATING, Modality.PENDING, verb.i)]
        state = lexicon.adjectives.get(child.lower_)
        if state and child.dep_ in {"acomp", "attr", "advmod", "oprd", "prep"}:
            modality = modality_of(verb, lexicon)
            if modality is Modality.ASSERTED:
                return [(AgreementStatus(state), modality, verb.i)]
    return []


def questioned(last: Token, status: AgreementStatus | None) -> AgreementStatus | None:
    """Returns the status, softened where the sentence is a question."""
    if last.text == "?" and status in {AgreementStatus.AGREED, AgreementStatus.SIGNED}:
        return AgreementStatus.NEGOTIATING
    return status
