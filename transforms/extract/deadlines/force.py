"""Says how strongly a clause binds somebody to its deed."""

import itertools
from collections.abc import Iterator
from enum import IntEnum

from spacy.tokens import Span, Token

from transforms.extract.deadlines.lexicon import Lexicon

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_COMPLEMENTS = frozenset({"xcomp", "ccomp", "acl", "pcomp", "prep", "acomp"})
BEGINNING = frozenset({"begin", "start", "commence", "resume"})
VERBAL = frozenset({"VERB", "AUX"})
ASPECT = frozenset({"stop", "finish", "cease", "halt", "complete"})  # what is bound is to stop, not what is stopped
_WHEN_AND_WHERE = frozenset({"DATE", "TIME", "GPE"})
_HOPING = frozenset({"hope", "hop", "plan"})
_CLOSING = frozenset({"complete", "close", "finalise", "finalize", "conclude", "consummate"})
_CLOSED = frozenset({"merger", "acquisition", "takeover", "sale", "purchase", "transaction", "buyout", "deal"})
_UNMADE = frozenset({"draft", "proposed"})  # "adopted a draft mandate to extend the agreement by a year"
_MARKS = frozenset({"mark", "advmod"})


class Force(IntEnum):
    """How strongly a clause binds somebody to its deed."""

    UNREAL = 0  # wished for, demanded, doubted, denied, conditional
    PAST = 1  # told as done
    PRESENT = 2  # "expires", "takes effect"
    FUTURE = 3  # will, would
    BOUND = 4  # must, shall, is to, agreed to


def relation(token: Token) -> str:
    """Returns what a verb is to its head; "calls for the tunnel to be finished" is parsed as an adverbial clause."""
    if token.dep_ == "advcl" and any(child.dep_ == "mark" and child.lower_ == "for" for child in token.children):
        return "xcomp"
    if token.dep_ == "advcl" and _agreed_to(token):
        return "xcomp"
    if token.dep_ == "acl" and token.tag_ in {"VBN", "VBD"} and not to_infinitive(token):
        return "relcl"
    return str(token.dep_)


def _agreed_to(token: Token) -> bool:
    """Whether an infinitive is what was agreed, though an adverb or a day between made it pass for a purpose."""
    verb = token.head
    if verb.lemma_ not in {"agree", "pledge", "promise"} or token.i < verb.i or not to_infinitive(token):
        return False
    between = [child for child in verb.children if verb.i < child.i < token.i]
    return not any(
        child.dep_ in {"dobj", "xcomp", "ccomp"}
        or (child.dep_ == "prep" and not any(word.ent_type_ in _WHEN_AND_WHERE for word in child.children))
        for child in between
    )


def over(chain: tuple[Token, ...]) -> Iterator[Token]:
    """Yields what stands over the deed inside its own statement: heads of complements, conjoined verbs."""
    for lower, upper in itertools.pairwise(chain):
        if relation(lower) in {"relcl", "advcl", "parataxis", "dep"}:
            return
        yield upper


def obliges(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word over a deed obliges to it ("agreed to", "is due to", "calls for")."""
    if token.lemma_ == "call" and not any(child.lower_ == "for" for child in token.children):
        return token.head.lower_ == "for" or any(c.lower_ == "for" for child in token.children for c in child.children)
    return token.lemma_.lower() in lexicon.words["obliging"] or token.lower_ in lexicon.words["obliging"]


def promised(token: Token) -> bool:
    """Whether a verb tells that somebody has agreed or pledged."""
    told = token.tag_ == "VBD" or any(child.dep_ == "aux" and child.lemma_ == "have" for child in token.children)
    return told and token.lemma_ in {"agree", "pledge", "promise", "undertake", "commit", "consent"}


def force_of(chain: tuple[Token, ...], span: Span, lexicon: Lexicon, *, conditions: bool = True) -> Force:
    """Returns how binding the deed at the bottom of a chain is; `conditions`: an "if" beside it makes it unreal."""
    if not chain:
        return Force.PRESENT
    if _unreal(chain, lexicon, conditions):
        return Force.UNREAL
    own = [Force.BOUND if _done_under(chain, lexicon) else _own_force(chain[0], lexicon)]
    for lower, upper in itertools.pairwise(chain):
        if relation(lower) in {"relcl", "advcl", "parataxis", "dep"} and not _gapped(lower) and not _staged(lower):
            break
        if lower.dep_ == "ccomp" and lower.tag_ not in {"VB", "VBG", "VBN"}:
            break  # a reported clause stands for itself
        if lower.dep_ == "conj" and own[-1] in {Force.FUTURE, Force.BOUND, Force.PRESENT} and not _shares_to(lower):
            break
        if lower.dep_ == "conj" and lower.tag_ == "VBD":
            break
        if upper.pos_ in {"VERB", "AUX", "ADJ", "NOUN"}:
            own.append(_own_force(upper, lexicon))
            factual = upper.lemma_.lower() in lexicon.words["factual"] and upper.tag_ in {"VBD", "VBN"}
            if factual and to_infinitive(lower):
                own = [_own_force(upper, lexicon)]
            elif relation(lower) in _COMPLEMENTS and _binds(lower, upper, lexicon):
                own.append(Force.BOUND)
    return max(own)


def _done_under(chain: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether a participle tells what a pact has its sides do ("signed a deal, withdrawing troops by")."""
    deed = chain[0]
    if (
        deed.tag_ != "VBG"
        or deed.lemma_ not in lexicon.words["provisions"]
        or deed.dep_ not in {"advcl", "acl", "conj"}
    ):
        return False
    if any(child.dep_ in {"aux", "mark", "prep"} and child.i < deed.i for child in deed.children):
        return False
    return any(_makes_pact(verb, lexicon) for verb in chain[1:4]) or _binds_by_name(deed, lexicon)


def _binds_by_name(deed: Token, lexicon: Lexicon) -> bool:
    """Whether the participle hangs on the pact's own name ("an accord withdrawing all troops by")."""
    return deed.dep_ == "acl" and deed.head.lemma_.lower() in lexicon.words["naming"] and deed.i > deed.head.i


def _makes_pact(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a verb tells that an agreement was made ("signed a deal", "reached an accord")."""
    if verb.tag_ not in {"VBD", "VBN"} or verb.lemma_ not in lexicon.words["making"]:
        return False
    return verb.lemma_ == "agree" or any(
        child.dep_ in {"dobj", "nsubjpass"} and child.lemma_.lower() in lexicon.words["naming"]
        for child in verb.children
    )


def _staged(token: Token) -> bool:
    """Whether a participle goes on with the deed above it ("will hand in arms, starting in May and ending by June")."""
    turns = BEGINNING | ASPECT | {"end", "follow"}
    return token.tag_ == "VBG" and token.lemma_ in turns and not any(c.dep_ in {"aux", "mark"} for c in token.children)


def _shares_to(token: Token) -> bool:
    """Whether a verb is a further infinitive of a row ("promised to hand over arms, to stop ... and to meet by")."""
    return to_infinitive(token) and to_infinitive(token.head)


def _gapped(token: Token) -> bool:
    """Whether a participle shares the auxiliary before it ("are to be confined and their arms locked in by")."""
    if token.tag_ not in {"VBN", "VBD"} or any(child.dep_ in {"aux", "auxpass"} for child in token.children):
        return False
    start = token.left_edge.i
    own = any(child.dep_ in SUBJECTS for child in token.children)
    return own and start > token.sent.start and token.doc[start - 1].lower_ in {"and", "or", ","}


def _own_force(token: Token, lexicon: Lexicon) -> Force:
    """Returns the force a verb has by its own auxiliaries and form."""
    helpers = [child for child in token.children if child.dep_ in {"aux", "auxpass"}]
    words = {helper.lower_ for helper in helpers}
    if words & lexicon.modals["weak"]:
        return Force.UNREAL
    if words & lexicon.modals["strong"]:
        return Force.UNREAL if _inverted(token, helpers) else Force.BOUND
    if words & lexicon.modals["future"]:
        have = any(helper.lemma_ == "have" for helper in helpers)
        return Force.UNREAL if have and "would" in words and token.tag_ == "VBN" else Force.FUTURE
    if "to" in words and any(helper.lower_ == "have" for helper in helpers) and token.tag_ == "VBN":
        return Force.UNREAL  # "talks which were to have been held next week"
    if token.dep_ == "xcomp" and token.head.lemma_ in {"have", "be", "get"} and "to" in words:
        return Force.BOUND
    if token.tag_ == "VBG" and token.lemma_ == "go" and any(helper.lemma_ == "be" for helper in helpers):
        return Force.FUTURE
    if token.lemma_ in {"be", "have"} and any(c.dep_ == "xcomp" and to_infinitive(c) for c in token.children):
        return Force.BOUND
    if "to" in words and not any(helper.lemma_ == "have" for helper in helpers):
        passive = token.dep_ in {"acl", "relcl"} and any(helper.dep_ == "auxpass" for helper in helpers)
        return Force.BOUND if passive else Force.FUTURE  # "an election, to be held within 90 days"
    present = [helper for helper in helpers if helper.tag_ in {"VBZ", "VBP"}]
    if token.tag_ in {"VBZ", "VBP"} or (present and not any(helper.lemma_ == "have" for helper in present)):
        return Force.PRESENT
    return Force.PAST


def _inverted(token: Token, helpers: list[Token]) -> bool:
    """Whether "should" stands before its subject: "should it still be tied by Friday" is a condition."""
    should = next((helper for helper in helpers if helper.lower_ == "should"), None)
    subject = next((child for child in token.children if child.dep_ in SUBJECTS), None)
    return should is not None and subject is not None and should.i < subject.i


def _binds(lower: Token, upper: Token, lexicon: Lexicon) -> bool:
    return obliges(upper, lexicon) or _of_pact(upper, lexicon) or _promises(lower, upper, lexicon)


def _promises(lower: Token, upper: Token, lexicon: Lexicon) -> bool:
    """Whether a deed is what an agreement is about ("an agreement to build the pipeline")."""
    return lower.tag_ == "VB" and upper.lemma_.lower() in lexicon.words["agreement_nouns"]


def to_infinitive(token: Token) -> bool:
    """Whether a verb is an infinitive with "to"."""
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children)


def _unreal(chain: tuple[Token, ...], lexicon: Lexicon, conditions: bool) -> bool:
    """Whether the deed is wished for, demanded, doubted or made to hang on a condition."""
    if _own_force(chain[0], lexicon) is Force.UNREAL:
        return True
    for lower, upper in itertools.pairwise(chain):
        word = upper.lemma_.lower()
        if lower.dep_ == "relcl":
            return word in lexicon.words["irrealis_nouns"] and not _announced(lower)
        if _apart(lower, upper):
            break
        if relation(lower) in {"advcl", "parataxis"}:
            break
        if _of_pact(upper, lexicon) or (word == "effort" and upper.head.lemma_ == "make"):
            continue  # what a deal demands or proposes, it obliges to
        if word in _HOPING and lower.lemma_ in _CLOSING and _closes(lower):
            continue
        if enabled(upper) or _called_on(upper) or (word == "recommend" and promised(upper.head)):
            continue
        if relation(lower) in {"xcomp", "ccomp", "acl", "pcomp", "prep", "acomp", "dobj", "pobj", "oprd"} and (
            word in lexicon.words["irrealis"]
            or word in lexicon.words["irrealis_adjectives"]
            or (upper.pos_ == "NOUN" and word in lexicon.words["irrealis_nouns"])
        ):
            return True
        doubted = _doubted(upper, lexicon) or _onlooker(upper, lexicon)
        if upper.pos_ in VERBAL and lower.dep_ in {"xcomp", "ccomp"} and (doubted or _calls_on(upper)):
            return True
        if lower.dep_ == "acl" and any(child.lower_ in _UNMADE for child in upper.children):
            return True
    return any(_conditional(token, lexicon, conditions) for token in _statement(chain))


def _closes(verb: Token) -> bool:
    """Whether it is a purchase agreed that firms hope to complete."""
    return any(child.dep_ in {"dobj", "nsubjpass"} and child.lemma_.lower() in _CLOSED for child in verb.children)


def _announced(token: Token) -> bool:
    """Whether "will" says outright what comes of a demand or proposal ("their main demand, which will be met by")."""
    return any(child.lower_ in {"will", "must", "shall"} for child in token.children)


def _apart(lower: Token, upper: Token) -> bool:
    """Whether a semicolon stands between two statements, which the parse takes for one."""
    first, last = sorted((lower.i, upper.i))
    return any(token.text == ";" for token in lower.doc[first:last])


def _of_pact(token: Token, lexicon: Lexicon) -> bool:
    """Whether a verb is what an agreement does ("the deal demands that", "and it asks them to")."""
    if token.tag_ not in {"VBZ", "VBP", "VBD"}:
        return False
    subject = next((child for child in token.children if child.dep_ == "nsubj"), None)
    if (subject is None or subject.lower_ == "it") and token.dep_ == "conj":
        subject = next((child for child in token.head.children if child.dep_ == "nsubj"), None)
    return subject is not None and subject.lemma_.lower() in lexicon.words["agreement_nouns"]


def _called_on(token: Token) -> bool:
    """Whether sides have been asked to do it, as a pact's members are ("banks have been asked to commit by")."""
    return token.lemma_ == "ask" and any(child.dep_ == "auxpass" for child in token.children)


def _calls_on(token: Token) -> bool:
    """Whether somebody only demands it ("called on the government to resign by Sunday")."""
    return token.lemma_ == "call" and any(
        child.lower_ in {"on", "upon"} and not any(c.ent_type_ in {"DATE", "TIME"} for c in child.children)
        for child in token.children
    )


def _onlooker(token: Token, lexicon: Lexicon) -> bool:
    """Whether somebody outside expects it ("analysts expect production to begin in May")."""
    return token.lemma_ in {"expect", "say", "see", "anticipate"} and any(
        child.dep_ == "nsubj" and child.lemma_.lower() in lexicon.words["onlookers"] for child in token.children
    )


def enabled(token: Token) -> bool:
    """Whether a word is the "able" of "will be able to", which grants a right."""
    be = token.head
    if token.lower_ != "able" or be.lemma_ != "be":
        return False
    granting = any(child.dep_ == "aux" and child.lower_ in {"will", "shall"} for child in be.children)
    return granting or (be.dep_ == "xcomp" and to_infinitive(be) and be.head.lemma_ == "be")


def _doubted(token: Token, lexicon: Lexicon) -> bool:
    words = {child.lower_ for child in token.children if child.dep_ == "aux"}
    adjectives = {child.lemma_.lower() for child in token.children if child.dep_ == "acomp"}
    if any(enabled(child) for child in token.children if child.dep_ == "acomp"):
        return bool(words & lexicon.modals["weak"])
    return bool(words & lexicon.modals["weak"] or adjectives & lexicon.words["irrealis_adjectives"])


def _statement(chain: tuple[Token, ...]) -> Iterator[Token]:
    """Yields the verbs of a chain up to the sentence's root; conditions on any of them are conditions on the deed."""
    for lower in chain:
        yield lower
        if lower.dep_ in {"relcl", "acl"}:
            return


def _conditional(token: Token, lexicon: Lexicon, beside: bool) -> bool:
    """Whether a verb stands in a condition, or (if `beside`) has one beside it."""
    if token.dep_ in {"advcl", "ccomp"} and _marked(token, lexicon):
        return True
    return beside and any(
        child.dep_ == "advcl"
        and _marked(child, lexicon)
        and child.lemma_.lower() not in lexicon.words["kept_conditions"]
        for child in token.children
    )


def _marked(token: Token, lexicon: Lexicon) -> bool:
    return any(
        child.dep_ in _MARKS and child.lower_ in lexicon.words["conditions"] and child.i < token.i
        for child in token.children
    )
