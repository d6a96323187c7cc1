"""Tells which way a sentence looks from the verb that governs an expression: back, ahead, or either way."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token

from transforms.extract.layers import Bound
from transforms.extract.timex.lexer import data, word_set
from transforms.extract.timex.resolve import Leaning

CLIMB = 12  # steps up the dependency tree; news seldom nests deeper between a date and its verb
LIST = 60  # tokens before a date in which a list begins
NEIGHBOURHOOD = 15  # tokens searched on either side where the tree gives no verb (fragments, wrapped lines)
MODALS = word_set("modals")
# Verbs and adjectives that set what is to come: "agreed to", "is expected to", "deadline of".
ORDERING = word_set("ordering")
# Past states that end at the date: "the truce lasted until Friday".
LASTING = word_set("lasting")
# Verbs whose infinitive is as past as they are: "failed to agree on Monday", "met to sign an accord on Monday".
ACHIEVING = word_set("achieving")
PLANNED = word_set("planned")
REQUIRED = frozenset(("required", "obliged", "obligated"))  # as a pact whose day may be past had it
# What the words before it may place on either side: "Sunday's election"; any other noun ("Monday's agreement", "his
# Tuesday talk", "the July 25 accord") tells of what was.
EVENT_NOUNS = word_set("event_nouns")
FUTURE_NOUNS = word_set("future_nouns")
BALLOTS = word_set("ballots")
AHEAD_BOUNDS = (Bound.BY, Bound.BEFORE, Bound.UNTIL, Bound.WITHIN, Bound.FROM)
COMING_LEADS = word_set("coming_leads")
ADJECTIVES = word_set("setting_adjectives")
CERTAIN = frozenset(("must", "will", "shall"))  # "by October 31 they must have laid down their arms"
# "signed a deal on Friday providing for elections by December"
PROVIDING = frozenset(("providing", "calling", "committing", "requiring", "obliging", "obligating", "binding"))
RUNNING_OUT = frozenset(("lapses", "expires"))
FUTURE_WORDS = word_set("future_words")


def leaning(doc: Doc, index: int, bound: Bound, parsed: bool = True) -> Leaning:
    """Returns which way the words that govern a token look.

    Args:
        doc: The document.
        index: The token of the expression that hangs on the rest of the sentence.
        bound: How the expression is bounded.
        parsed: Whether the document has a dependency parse; without one only the words nearby are asked.
    """
    if not parsed:
        return _by_neighbours(doc, index, bound)
    token = doc[index]
    if any(word.lower_ in RUNNING_OUT for word in doc[max(0, index - 2) : index]):
        return Leaning.FUTURE  # "lapses Oct. 31", "lapses on Sunday", which may pass for a noun
    if _was_to_run_out(doc, index):
        return Leaning.NEAREST
    noun = _noun_above(token)
    if noun is not None and bound not in AHEAD_BOUNDS:
        return _by_noun(noun)
    verb = _verb_above(token)
    if verb is None:
        return Leaning.FUTURE if _aim_before(token) or _listed(token) else _by_neighbours(doc, index, bound)
    tense = _with_bound(verb, _tense(verb), bound)
    if tense is Leaning.PAST and _set_by_adjective(token):
        return Leaning.FUTURE
    if tense is not Leaning.FUTURE and bound in AHEAD_BOUNDS and _on_condition(verb):
        return Leaning.FUTURE  # "if work has not begun by May"
    if tense is Leaning.PAST and verb.lemma_ in ORDERING and _event_before(doc, token):
        return Leaning.NEAREST  # "announced elections on April 13"
    if tense is Leaning.PAST and verb.lemma_ in ORDERING and _aim_before(token):
        return Leaning.FUTURE
    return tense


def _was_to_run_out(doc: Doc, index: int) -> bool:
    """Whether "was to lapse on" stands before an expression, whose verb may pass for a noun."""
    ends = next((at for at in (index - 1, index - 2) if at > 1 and doc[at].lower_ in ("lapse", "expire")), None)
    return ends is not None and doc[ends - 1].lower_ == "to" and doc[ends - 2].lower_ in ("was", "were")


def _set_by_adjective(token: Token) -> bool:
    """Whether an adjective sets the date whatever the verb over it: "declared a dividend payable May 15"."""
    return any(above.lower_ in ADJECTIVES for above in (token.head, token.head.head))


def _on_condition(verb: Token) -> bool:
    """Whether a verb in the present perfect stands under "if" or "unless"."""
    present = any(child.lemma_ == "have" and child.tag_ in ("VBZ", "VBP") for child in verb.children)
    return present and any(child.dep_ == "mark" and child.lower_ in ("if", "unless") for child in verb.children)


def _aim_before(token: Token) -> bool:
    """Whether a date is what a deadline or target is of ("set a target of March 1")."""
    before = [word.lower_ for word in token.doc[max(0, token.i - 4) : token.i] if not word.is_space]
    return len(before) > 1 and before[-1] in ("of", "for") and before[-2] in FUTURE_NOUNS - BALLOTS


def _listed(token: Token) -> bool:
    """Whether a date stands in a point of a list ("The agreement calls for:" and lines without verbs behind it)."""
    before = token.doc[max(0, token.i - LIST) : token.i]
    for index in range(len(before) - 1, 0, -1):
        if before[index].tag_ in ("VBD", "VBZ", "VBP", "MD"):
            return False
        if before[index - 1].text == ":" and "\n" in before[index].text:
            return True
    return False


def _event_before(doc: Doc, token: Token) -> bool:
    """Whether what happens at a date stands right before its preposition; a weekday there is the day of announcing."""
    index = min(token.i, token.head.i if token.head.pos_ == "ADP" else token.i) - 1
    weekday = token.lower_ in data()["values"]["WEEKDAY"]
    return index >= 0 and not weekday and (doc[index].lower_ in EVENT_NOUNS or doc[index].lower_ in BALLOTS)


def _by_noun(noun: Token) -> Leaning:
    verb = _verb_above(noun)
    tense = _tense(verb) if verb is not None else Leaning.NEAREST
    if noun.lower_ in FUTURE_NOUNS:
        return Leaning.NEAREST if tense is Leaning.PAST else Leaning.FUTURE
    return tense if noun.lower_ in EVENT_NOUNS else Leaning.PAST


def _noun_above(token: Token) -> Token | None:
    """The noun an expression stands before as an attribute: "Sunday's election", "the Friday deadline"."""
    attribute = token.dep_ in ("poss", "compound", "nmod", "nummod", "amod", "npadvmod")
    return token.head if attribute and token.head.pos_ in ("NOUN", "PROPN") and token.head.i > token.i else None


def _verb_above(token: Token) -> Token | None:
    for above in _ancestors(token):
        if above.pos_ in ("VERB", "AUX") and above.tag_[:1] == "V":
            return above
    return None


def _ancestors(token: Token) -> Iterator[Token]:
    for _ in range(CLIMB):
        yield token
        if token.head.i == token.i:
            return
        token = token.head


def _tense(verb: Token) -> Leaning:
    auxiliaries = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    words = [child.lower_ for child in auxiliaries]
    modal = any(child.tag_ == "MD" or child.lower_ in MODALS for child in auxiliaries)
    if modal:
        return Leaning.NEAREST if "have" in words and not CERTAIN.intersection(words) else Leaning.FUTURE
    if "to" in words:
        return _infinitive(verb)
    if verb.tag_ == "VBD":
        return Leaning.NEAREST if verb.lemma_ == "be" and _planned(verb) else Leaning.PAST
    if verb.tag_ == "VBN":
        return _participle(verb, auxiliaries)
    if verb.tag_ == "VBG":
        return _gerund(verb, auxiliaries)
    return Leaning.FUTURE  # the present of news: "elects a new president on November 29"


def _infinitive(verb: Token) -> Leaning:
    """Reads "was due to begin Monday", which may lie behind or ahead, and "to leave by Monday", which lies ahead."""
    if any(child.lower_ == "have" for child in verb.children if child.dep_ == "aux"):
        return Leaning.NEAREST
    if any(above.lemma_ in ORDERING and _perfect(above) for above in _ancestors(verb)):
        return Leaning.NEAREST  # "had promised to pull out by Sunday"
    head = verb.head
    if head.lemma_ in ACHIEVING and head.i != verb.i and head.tag_ in ("VBD", "VBN", "VBG"):
        return _tense(head)
    planned = head.lower_ in PLANNED | REQUIRED and any(
        word.tag_ == "VBD" for word in (head, head.head, *head.children)
    )
    return Leaning.NEAREST if planned or head.lower_ in ("was", "were", "had") else Leaning.FUTURE


def _planned(verb: Token) -> bool:
    return any(child.lower_ in PLANNED for child in verb.children)


def _participle(verb: Token, auxiliaries: list[Token]) -> Leaning:
    finite = [child for child in auxiliaries if child.tag_ in ("VBD", "VBZ", "VBP")]
    if any(child.lemma_ == "have" for child in finite):
        return Leaning.PAST
    if any(child.tag_ == "VBD" for child in finite):
        return Leaning.NEAREST if verb.lower_ in PLANNED else Leaning.PAST
    if finite or any(child.tag_ == "VBG" for child in auxiliaries):
        return Leaning.FUTURE
    return Leaning.FUTURE if verb.lower_ in PLANNED else Leaning.PAST  # "the accord signed on Monday"


def _gerund(verb: Token, auxiliaries: list[Token]) -> Leaning:
    if any(child.tag_ == "VBD" or child.tag_ == "VBN" for child in auxiliaries):
        return Leaning.NEAREST
    if auxiliaries or verb.lower_ in COMING_LEADS or verb.lower_ in PROVIDING:
        return Leaning.FUTURE
    above = _verb_above(verb.head) if verb.head.i != verb.i else None
    tense = _finite(above)
    decided = tense is Leaning.PAST and above is not None and above.lemma_ in ORDERING
    return Leaning.NEAREST if decided else tense  # "decided to lend in two parts, the second amounting to 2bn in May"


def _finite(verb: Token | None) -> Leaning:
    if verb is None or verb.tag_ == "VBG":
        return Leaning.NEAREST
    return _tense(verb)


def _with_bound(verb: Token, tense: Leaning, bound: Bound) -> Leaning:
    """Weighs the tense against "by", "until" and "from", which look ahead from a past verb too."""
    if tense is not Leaning.PAST or bound not in AHEAD_BOUNDS:
        return tense
    if verb.lemma_ in ORDERING:
        return Leaning.FUTURE
    if bound is Bound.UNTIL:
        return Leaning.NEAREST if verb.lemma_ in LASTING else Leaning.FUTURE
    if _perfect(verb) or bound is Bound.BEFORE:
        return Leaning.NEAREST if bound is Bound.BEFORE else Leaning.PAST
    return Leaning.NEAREST


def _perfect(verb: Token) -> bool:
    return any(child.lemma_ == "have" and child.tag_ == "VBD" for child in verb.children if child.dep_ == "aux")


def _by_neighbours(doc: Doc, index: int, bound: Bound) -> Leaning:
    before = doc[max(0, index - NEIGHBOURHOOD) : index]
    after = doc[index : index + NEIGHBOURHOOD]
    for words in (list(reversed(list(before))), list(after)):
        found = _first_tense(words)
        if found is not None:
            return Leaning.FUTURE if found is Leaning.PAST and bound is Bound.UNTIL else found
    return Leaning.FUTURE if bound in AHEAD_BOUNDS else Leaning.PAST


def _first_tense(words: Iterable[Token]) -> Leaning | None:
    for token in words:
        if (token.is_punct and token.text in ".!?;") or "\n\n" in token.text:
            return None
        if token.tag_ == "MD" or (token.lower_ in FUTURE_WORDS and token.tag_ in ("MD", "TO", "")):
            return Leaning.FUTURE
        if token.tag_ in ("VBD", "VBN") or (not token.tag_ and token.lower_.endswith("ed")):
            return Leaning.PAST
    return None
