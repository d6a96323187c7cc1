"""Tells what somebody says in quotation marks about days to come, which is his view and no agreement's."""

from spacy.tokens import Token

from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.lexicon import Lexicon

_BACK = 80  # tokens before a date in which its quotation begins
_OPENING, _CLOSING, _EITHER = frozenset({"“", "``"}), frozenset({"”"}), frozenset({'"', "''"})
_SHORT = 4  # words: what is quoted in fewer is a turn of phrase, in the article's own sentence
_PERSONAL = frozenset({"it", "this", "that", "there", "he", "she", "they", "we", "i", "you"})
_DECIDING = frozenset({"decide", "agree", "resolve", "undertake"})
_WEAK = frozenset(
    f"deadlines.{rule}"
    for rule in ("future-by", "present-by", "must-on", "deed-on", "lasts-until", "until", "opens", "starts", "from")
)


def only_said(clause: Clause, rule: str, lexicon: Lexicon) -> bool:
    """Whether a date stands in a speaker's own words and he only tells what he expects or wants.

    Args:
        clause: The clause of the date.
        rule: The rule that read it.
        lexicon: The words of deadlines.
    """
    if any(verb.lemma_ in _DECIDING and verb.tag_ in {"VBD", "VBN"} for verb in clause.chain[1:3]):
        return False  # "we hereby decided to cut output from January": the pact's own words
    if rule in _WEAK:
        personal = clause.subject is None or clause.subject.lower_ in _PERSONAL
        return (personal or _by_onlooker(clause, lexicon)) and _quoted(clause)
    return rule == "deadlines.bound-by" and _by_onlooker(clause, lexicon) and _quoted(clause)


def _quoted(clause: Clause) -> bool:
    """Whether a date stands inside a quotation of some length."""
    date = clause.date
    for i in range(date.start - 1, max(0, date.start - _BACK) - 1, -1):  # the last mark decides
        token = date.doc[i]
        text = token.text
        if text in _OPENING or (text in _EITHER and _opens(token)):
            return bool(date.end - i > _SHORT)
        if text in _CLOSING or text in _EITHER or "\n\n" in text:
            return False
    return False


def _opens(mark: Token) -> bool:
    """Whether a straight quotation mark opens a quotation: a space stands before it, not behind it."""
    before = mark.nbor(-1) if mark.i else None
    return not mark.whitespace_ and (before is None or before.is_space or bool(before.whitespace_))


def _by_onlooker(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether an analyst or the like is who says it."""
    speakers = (
        child
        for verb in clause.chain
        if verb.lemma_ in {"say", "tell", "add"}
        for child in verb.children
        if child.dep_ == "nsubj"
    )
    return any(_looks_on(word, lexicon) for speaker in speakers for word in speaker.subtree)


def _looks_on(word: Token, lexicon: Lexicon) -> bool:
    return word.lemma_.lower() in lexicon.words["onlookers"] or word.lower_ in {"professor", "historian", "author"}
