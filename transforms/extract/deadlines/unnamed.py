"""Makes the agreement of an article that speaks of one but does not say for certain between whom."""

import re
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from transforms.extract.agreements.component import AgreementMention
from transforms.extract.agreements.details import title_of
from transforms.extract.agreements.kind import best, weigh
from transforms.extract.agreements.lexicon import load_lexicon as load_agreement_lexicon
from transforms.extract.agreements.status import Modality
from transforms.extract.agreements.view import View
from transforms.extract.deadlines.force import to_infinitive
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.layers import ActorMention, Form, text_of
from transforms.extract.pastimes import is_pastime
from transforms.records import ActorKind, Agreement, AgreementStatus, Evidence, digest

_UNREAL_HELPERS = frozenset({"will", "would", "could", "may", "might", "can", "should", "must", "not", "n't", "never"})
_OWN_WORDS = re.compile(r"\b[Tt](his|he present) (Agreement|Accord|Convention|Protocol|Treaty) (shall|may)\b")
_AROUND = 80  # tokens: two or three sentences
_PAIR = 2
_COLLECTIVE = frozenset(
    {"side", "party", "leader", "country", "government", "group", "state", "nation", "minister", "member", "union"}
    | {"official", "worker", "company", "bank", "firm", "negotiator", "delegate", "envoy", "representative", "faction"}
)
_BESIDE = frozenset({Form.PLACE, Form.DEMONYM})  # "Malaysian cents a kilo" names no side
_TALKS = frozenset({"talks", "negotiations", "negotiation", "summit"})
# States and armed groups agree with one another; bodies and firms where the article names none of those.
_AGREEING = (frozenset({ActorKind.COUNTRY, ActorKind.ARMED_GROUP}), frozenset({ActorKind.ORGANIZATION}))
_NOTHING = frozenset({"nothing", "little", "something", "much"})
_WISHED = frozenset({"no", "any", "without", "possible", "proposed", "draft"})
_DUTIES = frozenset({"will", "would", "shall", "should", "must", "to"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_BINDING = frozenset({"agree", "promise", "pledge", "undertake", "require", "provide", "specify", "set", "lay"})
_MADE_TO = frozenset({"force", "compel", "persuade"})  # "have been forced to agree to a truce"
_PROLONGING = frozenset({"extend", "renew", "prolong"})  # "is extending a truce with the rebels"
_HELPING = frozenset({"broker", "mediate", "facilitate", "sponsor", "host", "oversee", "supervise", "guarantee"})
_BODIES = frozenset({"opec", "cartel", "ministers", "conference", "leaders", "sides", "parties", "countries"})
_TRIVIA = 2  # "the Arab League" alone is no sport


def unnamed_agreement(doc: Doc, lexicon: Lexicon) -> tuple[Agreement, tuple[AgreementMention, ...]] | None:
    """Returns an agreement that the article speaks of as made, with its mentions; None where it speaks of none.

    Its sides are whom the article names where it speaks of it, which is less than the parse would prove.

    Args:
        doc: An article in which no agreement was found.
        lexicon: The words of deadlines.
    """
    cues = [token for token in doc if _is_cue(token, lexicon)]
    if not cues or _trivial(doc, lexicon):
        return None
    parties = _sides(doc, cues) or _peoples(doc, cues)
    if not parties and not _is_treaty(doc):
        return None
    identity = digest(doc._.article_id, "unnamed")
    view = View(doc, load_agreement_lexicon())
    scores = weigh(view, max(0, cues[0].i - _AROUND), min(len(doc), cues[0].i + 2 * _AROUND), 1.0, set())
    kind = best(scores)
    mentions = tuple(_mention(doc, cue, identity) for cue in cues)
    agreement = Agreement(
        id=identity,
        kind=kind,
        title=title_of(view, (), kind, parties),
        parties=parties,
        status=AgreementStatus.AGREED,
        evidence=(_evidence(doc, mentions[0]),),
    )
    return agreement, mentions


def _is_cue(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word says that an agreement stands: "under the accord", "have agreed to pull out", "signed a deal"."""
    if token.lemma_ in {"agree", "undertake"} or (token.lemma_ == "decide" and _decides_jointly(token)):
        made = token.tag_ in {"VBD", "VBN"} or (token.head.lemma_ in _MADE_TO and token.head.tag_ in {"VBD", "VBN"})
        return made and _agrees_on_deeds(token)
    if token.text in {"Parties", "Party", "Convention", "Protocol", "Treaty"} and token.dep_ in _SUBJECTS:
        return any(child.lower_ == "shall" for child in token.head.children)  # a treaty's own text
    if token.lower_ == "letter" and token.doc[token.i + 1 : token.i + 3].text.lower() == "of intent":
        return token.dep_ == "dobj" and token.head.lemma_ in lexicon.words["making"] and not _helped(token.head)
    if token.lower_ == "offer" and any(child.lower_ == "tender" for child in token.children):
        return True  # whose end binds all who would sell
    if token.lemma_.lower() not in lexicon.words["pact_nouns"] | lexicon.words["granted_nouns"] or token.pos_ not in {
        "NOUN",
        "PROPN",
    }:
        return False
    if {child.lower_ for child in token.children} & _WISHED:
        return False
    head = token.head
    if token.dep_ == "pobj" and (head.lower_ == "under" or (head.lower_ == "in" and head.head.lemma_ in _BINDING)):
        return True
    for child in token.children:
        made = child.tag_ in {"VBN", "VBD"} and child.lemma_ in lexicon.words["making"] and not _helped(child)
        if made and (child.dep_ == "acl" or (child.dep_ == "relcl" and _passive(child))):
            return True
    if token.dep_ in _SUBJECTS and token.lemma_.lower() in lexicon.words["naming"] | lexicon.words["span_nouns"]:
        known = any(child.lower_ in {"the", "this"} for child in token.lefts) and token.lemma_.lower() != "deal"
        return known or (head.lemma_ in lexicon.words["providing"] and not _helped(head))
    made = token.dep_ in {"dobj", "nsubjpass"} or (token.dep_ == "pobj" and head.lower_ in {"into", "on", "to"})
    verb = head.head if token.dep_ == "pobj" else head
    if made and verb.lemma_ in _PROLONGING and verb.tag_ == "VBG" and not _helped(verb):
        return any(child.dep_ == "aux" and child.tag_ in {"VBZ", "VBP", "VBD"} for child in verb.children)
    return made and verb.lemma_ in lexicon.words["making"] and verb.tag_ in {"VBD", "VBN"} and not _helped(verb)


def _agrees_on_deeds(verb: Token) -> bool:
    """Whether what is agreed is a deed: "agreed that" with "would", "to do", "to a cut"; not that all went well."""
    if _helped(verb):
        return False
    for child in verb.children:
        if child.dep_ == "xcomp" or (child.dep_ == "advcl" and child.i > verb.i and to_infinitive(child)):
            return True
        if child.dep_ in {"dobj", "ccomp"} and _cuts(child, verb):
            return True
        to = child.dep_ == "prep" and child.lower_ in {"to", "on"} and child.i > verb.i
        if to and any(c.ent_type_ not in {"DATE", "TIME"} and c.lower_ not in _NOTHING for c in child.children):
            return True
        if child.dep_ == "ccomp" and any(c.dep_ == "aux" and c.lower_ in _DUTIES for c in child.children):
            return True
    return False


def _decides_jointly(verb: Token) -> bool:
    """Whether a body of several states is what decides ("the cartel decided to cut output")."""
    return any(child.dep_ == "nsubj" and child.lower_ in _BODIES for child in verb.children)


def _passive(verb: Token) -> bool:
    return any(child.dep_ == "auxpass" for child in verb.children)


def _cuts(word: Token, verb: Token) -> bool:
    """Whether it is a thing agreed ("agreed on Wednesday its first output cut"), which may pass for a verb."""
    if word.i < verb.i or word.lower_ in _NOTHING or word.ent_type_ in {"DATE", "TIME"}:
        return False
    return word.pos_ == "NOUN" or word.lower_ in {"cut", "rise", "increase", "freeze", "halt", "pause"}


def _helped(verb: Token) -> bool:
    return any(child.lower_ in _UNREAL_HELPERS for child in verb.children)


def _trivial(doc: Doc, lexicon: Lexicon) -> bool:
    """Whether it is an article of sport, show business or shops, whose deals are no agreements of ours."""
    if is_pastime(doc):
        return True
    words = [token.lower_ for token in doc if token.lower_ in lexicon.words["trivia"]]
    return len(set(words)) >= _TRIVIA or len(words) > _TRIVIA


def _sides(doc: Doc, cues: Sequence[Token]) -> tuple[str, ...]:
    """Returns the sides of the cue's sentence that names most, else of the talks', else the one that acts there."""
    represents, kinds = doc._.represents, {actor.id: actor.kind for actor in doc._.actors}
    present = [
        m
        for m in doc._.actor_mentions
        if m.form not in _BESIDE and not m.actor.startswith("media:") and not _mediates(doc, m)
    ]
    acting = [(m, represents.get(m.actor, m.actor)) for m in present]
    for group in _AGREEING:
        named = [(mention, side) for mention, side in acting if kinds.get(side) in group]
        if named:
            break
    talks = [token for token in doc if token.lower_ in _TALKS and token.pos_ == "NOUN"]
    for sentences in (cues, talks):
        best = max((_named_in(token.sent, named) for token in sentences), key=len, default=())
        if len(best) >= _PAIR:
            return best
    acts = next((sides for cue in cues if (sides := _doers(cue.sent, named))), ())
    if not acts and any(_others_agreed(cue) for cue in cues):
        return ()
    return acts or tuple(side for side, _ in Counter(side for _, side in named).most_common(1))


def _mediates(doc: Doc, mention: ActorMention) -> bool:
    """Whether it is named as who helped others to agree ("brokered by South Africa")."""
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    by = span.root.head if span is not None else None
    return by is not None and by.lower_ == "by" and by.head.lemma_ in _HELPING


def _peoples(doc: Doc, cues: Sequence[Token]) -> tuple[str, ...]:
    """Returns the country whose people a cue's sentence names ("Lebanese lawmakers approved the accord")."""
    represents, kinds = doc._.represents, {actor.id: actor.kind for actor in doc._.actors}
    named = [(m, represents.get(m.actor, m.actor)) for m in doc._.actor_mentions if m.form is Form.DEMONYM]
    countries = [(mention, side) for mention, side in named if kinds.get(side) is ActorKind.COUNTRY]
    return next((sides[:1] for cue in cues if (sides := _named_in(cue.sent, countries))), ())


def _is_treaty(doc: Doc) -> bool:
    """Whether the text is a treaty's own, which need not name the states that will sign it."""
    return len(_OWN_WORDS.findall(text_of(doc))) >= _PAIR


def _others_agreed(cue: Token) -> bool:
    """Whether the text says who agreed, and it is nobody known ("producers and consumers adopted an accord")."""
    verb = cue if cue.pos_ == "VERB" else cue.head
    subjects = [child for child in verb.children if child.dep_ == "nsubj" and child.i != cue.i]
    return cue.dep_ != "nsubj" and any(
        s.tag_ == "NNS" and s.lemma_ not in _COLLECTIVE and not any(t.pos_ == "PROPN" for t in s.subtree)
        for s in subjects
    )


def _doers(sentence: Span, named: Sequence[tuple[ActorMention, str]]) -> tuple[str, ...]:
    """Returns who does something other than speak in a sentence."""
    heads = {t.idx for t in sentence if t.dep_ in _SUBJECTS and t.head.lemma_ not in {"say", "tell", "report"}}
    return tuple(dict.fromkeys(side for m, side in named if any(m.start <= head < m.end for head in heads)))[:1]


def _named_in(sentence: Span, named: Sequence[tuple[ActorMention, str]]) -> tuple[str, ...]:
    start, end = sentence.start_char, sentence.end_char
    return tuple(dict.fromkeys(side for mention, side in named if start <= mention.start < end))


def _mention(doc: Doc, cue: Token, agreement: str) -> AgreementMention:
    sentence = cue.sent
    text = sentence.text
    return AgreementMention(
        agreement=agreement,
        start=sentence.start_char + len(text) - len(text.lstrip()),
        end=sentence.start_char + len(text.rstrip()),
        trigger=cue.i,
        status=AgreementStatus.AGREED,
        modality=Modality.ASSERTED,
        rule="agreements.unnamed",
    )


def _evidence(doc: Doc, mention: AgreementMention) -> Evidence:
    text = text_of(doc)[mention.start : mention.end]
    return Evidence(article=doc._.article_id, start=mention.start, end=mention.end, text=text, rule=mention.rule)
