"""Finds the clause that a date stands in: what it hangs on, who acts, and how sure the text is of the deed."""

from collections.abc import Iterator

from spacy.tokens import Span, Token

from transforms.extract.deadlines.force import (
    ASPECT,
    BEGINNING,
    SUBJECTS,
    VERBAL,
    Force,
    force_of,
    obliges,
    over,
    promised,
    to_infinitive,
)
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.records import record

_CLIMB = 12  # heads looked at upwards; clauses of news text nest far less deeply
_MODIFIERS = frozenset({"compound", "nmod", "amod", "poss", "nummod"})
_TO_MARK = 40  # tokens; a question that goes on longer is rare, and is read as a statement
_BOUNDING = frozenset({"by", "before", "within", "no", "not", "until"})
# What a bill does, which is not what is due: "submit a bill replacing the sales tax by June".
_SHAPING = frozenset({"replace", "amend", "ban", "create", "introduce", "establish", "regulate", "govern", "reform"})
EXPIRING = frozenset({"lapses", "expires"})
_MADE = frozenset({"sign", "strike", "reach", "agree", "seal", "conclude", "announce", "issue"})


@record
class Clause:
    """The clause of one date.

    Attributes:
        governor: What the date hangs on, prepositions passed over: a verb, noun or adjective.
        verb: The lowest verb that tells what happens at the date; None in a fragment without verbs.
        noun: The governor where it is a noun, else None.
        chain: The verbs from `verb` up to the root of the sentence.
        subject: Who or what does `verb`, relative pronouns resolved; None where none is told.
        force: How binding the clause is.
        obliged: Whether a word of obliging or agreeing stands over the deed.
        promised: Whether somebody is told to have agreed or pledged to do it.
        negated: Whether `verb` is negated.
        modifies: Whether the date only qualifies a noun ("January deliveries", "Monday's agreement").
        hinged: Whether it would bind but for a condition beside it ("will take effect on January 1 if ten sign").
        date: The tokens of the date with its bounding words.
        sentence: The first token of its sentence.
    """

    governor: Token
    verb: Token | None
    noun: Token | None
    chain: tuple[Token, ...]
    subject: Token | None
    force: Force
    obliged: bool
    promised: bool
    negated: bool
    modifies: bool
    hinged: bool
    date: Span
    sentence: int

    @property
    def purpose(self) -> Token | None:
        """The infinitive behind the date ("until May to restructure"), or None."""
        return _purpose(self.date)

    @property
    def asked(self) -> bool:
        """Whether the sentence is a question."""
        return _asked(self.date)


def clause_of(span: Span, lexicon: Lexicon) -> Clause:
    """Returns the clause a date stands in.

    Args:
        span: The tokens of the date with its bounding words.
        lexicon: The words of deadlines.
    """
    sentence = span[0].sent
    span = _first_part(span, sentence)
    governor = _verb_beside(span, sentence.start) or _governor(span)
    verb = _lowest(governor, span, lexicon)
    chain = tuple(_chain(verb)) if verb is not None else ()
    noun = governor if governor.pos_ in {"NOUN", "PROPN"} else None
    force = force_of(chain, span, lexicon)
    bare = force_of(chain, span, lexicon, conditions=False) if force is Force.UNREAL else force
    if bare > force and bare >= Force.FUTURE and not _imagined(chain):
        force = bare  # "will add three billion by 2018, once the first sum is spent"
    return Clause(
        governor=governor,
        verb=verb,
        noun=noun,
        chain=chain,
        subject=subject_of(chain),
        force=force,
        obliged=any(obliges(token, lexicon) for token in over(chain)),
        promised=any(promised(token) for token in over(chain)),
        negated=verb is not None and any(child.dep_ == "neg" for child in verb.children),
        modifies=noun is not None and noun.i >= span.end,
        hinged=force is Force.UNREAL and bare >= Force.PRESENT,
        date=span,
        sentence=sentence.start,
    )


def _first_part(span: Span, sentence: Span) -> Span:
    """Returns a date without what a full stop inside it split off ("ends at 5 p.m. Eastern Time on June 3")."""
    end = sentence.end
    return span.doc[span.start : end] if span.start < end < span.end else span


def _imagined(chain: tuple[Token, ...]) -> bool:
    return any(child.lower_ in {"would", "'d", "’d"} for verb in chain[:3] for child in verb.children)


def _verb_beside(span: Span, sentence: int) -> Token | None:
    """Returns the verb of running out right before a date, which the parse hangs elsewhere ("expires, on July 31")."""
    index = span.start - 1
    while index > sentence and span.doc[index].text in {",", "("}:
        index -= 1
    token = span.doc[max(0, index)]
    before = span.doc[max(0, token.i - 1)].lower_
    # Nouns of that form are rare before a date, verbs taken for one are not.
    named = token.lower_ in EXPIRING or (token.lower_ == "lapse" and before in {"to", "will"})
    return token if named or (token.lower_ in {"expire", "expired"} and token.pos_ == "VERB") else None


def _governor(span: Span) -> Token:
    tail: Token = span[-1]
    if tail.dep_ in _MODIFIERS and tail.head.i >= span.end and tail.head.pos_ in {"NOUN", "PROPN"}:
        return tail.head
    day = next((t for t in span if t.dep_ in _MODIFIERS and t.head.i >= span.end), None)
    if day is not None and day.head.lower_ in {"deadline", "ultimatum"}:
        return day.head  # "agreed to a November 12 deadline"
    token: Token = span.root
    for _ in range(_CLIMB):
        head = token.head
        if head == token:
            break
        token = head
        if span.start <= token.i < span.end or token.pos_ in {"ADP", "SCONJ", "ADV", "PUNCT"}:
            continue
        if token.ent_type_ in {"DATE", "TIME"} and token.pos_ in {"NOUN", "PROPN", "NUM"} and not _is_event(token):
            continue
        break
    return token


def _purpose(span: Span) -> Token | None:
    doc, end = span.doc, span.end
    if end + 1 >= len(doc) or doc[end].lower_ != "to":
        return None
    return next((token for token in doc[end + 1 : end + 3] if token.tag_ == "VB"), None)


def _asked(span: Span) -> bool:
    """Whether the next mark that ends a sentence is a question mark."""
    for token in span.doc[span.end : span.end + _TO_MARK]:
        text = token.text
        if text in {".", "?", "!"} or "\n" in text:
            return bool(text == "?")
    return False


def _is_event(token: Token) -> bool:
    """Whether a word inside a date entity is what the date belongs to ("a March 31 deadline", "a three-year deal")."""
    return token.lemma_.lower() in {"deadline", "truce", "ceasefire", "deal", "agreement", "pact", "contract", "pause"}


def _lowest(governor: Token, span: Span, lexicon: Lexicon) -> Token | None:
    """Returns the verb that tells what happens: below the governor where the date was attached too high."""
    verb = governor
    for _ in range(_CLIMB):
        if verb.head == verb or (verb.pos_ in VERBAL and not _passed_over(verb, span, lexicon.words["lasting"])):
            break
        if verb.dep_ in {"acomp", "attr", "oprd"}:
            verb = verb.head
            break
        verb = verb.head
    if verb.pos_ not in VERBAL:
        return None
    if verb.lemma_ == "go" and verb.head.lemma_ == "let":
        return verb.head
    if verb != governor and governor.pos_ not in {"ADJ", "ADV"}:
        return verb.head if verb.dep_ == "xcomp" and verb.head.lemma_ in BEGINNING | ASPECT else verb
    for _ in range(_CLIMB):
        below = [
            child
            for child in verb.children
            if child.dep_ in {"xcomp", "ccomp"} and child.pos_ in VERBAL and verb.i < child.i
        ]
        below = [child for child in below if child.i < span.start or span.start < verb.i]
        if verb.dep_ == "xcomp" and verb.tag_ != "VBN" and verb.head.lemma_ in BEGINNING | ASPECT:
            return verb.head
        lemma = verb.lemma_.lower()
        own = lemma in lexicon.words["own_lasting"] or lemma in lexicon.effective.plain or lemma in ASPECT
        if not below or own:
            return verb
        verb = below[-1]
    return verb


def _passed_over(verb: Token, span: Span, lasting: frozenset[str]) -> bool:
    """Whether a participle beside a noun took a date that is its clause's ("repay the debt owed to X by Friday")."""
    bounded = span[0].lower_ in _BOUNDING and (span[0].lower_ != "until" or verb.lemma_ not in lasting)
    shaping = verb.tag_ == "VBG" and verb.lemma_ in _SHAPING and span[0].lower_ == "by"
    told = (verb.tag_ == "VBN" and verb.lemma_ not in _MADE) or shaping
    return bounded and verb.dep_ == "acl" and told and not to_infinitive(verb)


def _chain(verb: Token) -> Iterator[Token]:
    for _ in range(_CLIMB):
        yield verb
        if verb.head == verb:
            return
        verb = verb.head


def subject_of(chain: tuple[Token, ...]) -> Token | None:
    """Returns who does the lowest verb of a chain: its own subject, else the nearest above that it shares."""
    for token in chain[:5]:
        for child in token.children:
            if child.dep_ in SUBJECTS:
                return _relative(child, token)
        if token.dep_ in {"relcl", "acl"}:
            return token.head
        if token.dep_ not in {"xcomp", "conj", "aux", "auxpass", "pcomp", "prep", "advcl", "acomp", "ccomp", "oprd"}:
            return None
    return None


def _relative(subject: Token, verb: Token) -> Token:
    if subject.tag_ in {"WDT", "WP"} and verb.dep_ == "relcl":
        return verb.head
    return subject
