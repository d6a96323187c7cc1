"""Turns each place where an article speaks of an agreement into one mention: who, what state, which words."""

import dataclasses
import functools
from typing import Any

import numpy
import numpy.typing
from spacy.strings import StringStore
from spacy.tokens import Token

from transforms.extract.agreements.deeds import Deed, agreement_noun, deeds_of
from transforms.extract.agreements.joint import JOINT, joint_deed
from transforms.extract.agreements.lexicon import Lexicon, load_lexicon
from transforms.extract.agreements.occasion import place_of, reached_at
from transforms.extract.agreements.parties import Found, around_noun, of_agreeing
from transforms.extract.agreements.states import questioned, state_of
from transforms.extract.agreements.status import Modality, modality_of, status_of
from transforms.extract.agreements.takeovers import BUYING, takeover
from transforms.extract.agreements.talks import Talks, talks_at
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementStatus, record


@record
class Mention:
    """One place where the article speaks of an agreement.

    Attributes:
        trigger: Token index of the agreement noun or the verb of agreeing.
        sentence: First and past-last token index of its sentence.
        word: Lemma of the trigger.
        strength: strong, plain, weak (nouns) or verb.
        found: Parties and brokers shown here.
        status: What this sentence says of its state; None when it only says that it exists.
        deed: Token index of the verb that says so, or of the trigger.
        new: Introduced here ("have agreed", "signed a deal"), not referred back to.
        definite: Refers back ("the deal", "this pact", "Monday's agreement").
        earlier: Marked as older than the news ("the previous accord", "the 2003 ceasefire").
        name: Name of a named pact in lower case, or "".
        collective: A body whose members decide together is the only party.
        reached: When it was reached, by this sentence.
        place: Where it was reached, by this sentence.
        family: A kind the noun itself says ("truce": ceasefire), or "".
        doers: Who did the deed that says the status, as actor ids.
        indefinite: Introduced with "a" ("a debt deal").
        claimed: One side only says so of the other ("accused the rebels of breaking the truce").
        institution: Whether the doer is a body that can end an agreement it is no party to (a parliament, voters).
        headline: Whether it stands in a headline.
    """

    trigger: int
    sentence: tuple[int, int]
    word: str
    strength: str
    found: Found
    status: AgreementStatus | None
    modality: Modality
    deed: int
    rule: str
    new: bool = False
    definite: bool = False
    earlier: bool = False
    name: str = ""
    collective: bool = False
    reached: str | None = None
    place: str | None = None
    headline: bool = False
    family: str = ""
    doers: tuple[str, ...] = ()
    institution: bool = False
    indefinite: bool = False
    claimed: bool = False


_OUTSIDERS = frozenset({"nation", "country", "state", "critic", "group", "protester", "analyst", "activist"})
_KNOWN = frozenset({"the", "both", "these", "two", "three"})
_DUTIES = frozenset({"should", "will", "would", "to", "must"})
_AGREEING = frozenset({"agree", "merge", "reconcile"})
_CLAIMING = frozenset({"accuse", "blame", "suspect"})
_MORE_TIME = frozenset({"extension", "prolongation", "renewal", "rollover", "delay"})
_ORDINALS = frozenset({"first", "second", "third", "fourth", "last"})
_OVER = frozenset(
    {AgreementStatus.COLLAPSED, AgreementStatus.EXPIRED, AgreementStatus.REJECTED, AgreementStatus.SUSPENDED}
)
_RIVALS = frozenset({"warlords", "factions", "militias", "clans", "tribes", "foes", "rivals"})
_DECLARING = frozenset({"declare", "announce", "proclaim", "order", "extend"})
_ONE_SIDED = frozenset({"resolution", "statement", "order", "sale", "purchase", "cut", "quota"})
_DOING = _AGREEING | BUYING | JOINT | {"follow"}
_MOST = 600  # words looked at in one article: a long one has about fifty; a book would cost without bound


def noun_mention(view: View, noun: Token, strength: str, deeds: list[Deed]) -> Mention | None:
    """Returns the mention an agreement noun makes, or None where it makes none."""
    lexicon = view.lexicon
    status, modality, deed = state_of(view, noun, deeds)
    found = around_noun(view, noun, deeds)
    lefts = {child.lower_ for child in noun.lefts}
    pair = len({side.actor for side in found.weak}) > 1 and noun.dep_ == "dobj"  # "X and Y will end their alliance"
    pair = pair and noun.lemma_.lower() not in _ONE_SIDED
    dated = any(child.text.isdigit() and len(child.text) == 4 for child in noun.lefts)
    earlier = dated or bool(lefts & lexicon.sets["earlier"])
    contract = noun.lemma_.lower() == "contract" and "the" in lefts and bool(found.strong)
    told = earlier or found.vague or contract
    told = told or _settled_long_ago(view, noun, deeds, status)
    if strength == "weak" and not (told or (deeds and (found.strong or pair))):
        return None
    if strength == "unsure" and len(found.strong) < 2:
        return None
    if _legal_text(noun):
        return None
    name = _name(noun, lexicon)
    reaching = any(d.deed in {"agreed", "signed", "brokered"} for d in deeds)
    definite = bool(lefts & {"the", "this", "that", "these", "its", "their"}) or any(
        c.dep_ == "poss" for c in noun.lefts
    )
    start, end = view.sentence(noun.i)
    return Mention(
        trigger=noun.i,
        sentence=(start, end),
        word=noun.lemma_.lower(),
        strength=strength,
        found=found,
        status=status,
        modality=modality,
        deed=deed,
        reached=reached_at(view, noun, deeds, status),
        place=place_of(view, noun, deeds, status),
        rule=f"agreements.noun-{deeds[0].deed if deeds else 'mention'}",
        new=reaching and not definite,
        definite=definite,
        indefinite=bool(lefts & {"a", "an"}),
        earlier=earlier or (definite and status in _OVER and bool(lefts & _ORDINALS)),  # "its second bailout ran out"
        claimed=view.doc[deed].dep_ == "pcomp" and view.doc[deed].head.head.lemma_ in _CLAIMING,
        name=name,
        collective=_collective(view, found, noun.i) or _alone(view, found, noun, deeds),
        headline=_headline(view, end),
        family=lexicon.families.get(noun.lemma_.lower(), ""),
        **_doers(view, noun, deed),
    )


def _settled_long_ago(view: View, noun: Token, deeds: list[Deed], status: AgreementStatus | None) -> bool:
    """Whether a date in another year or month says when it was agreed ("a pause was agreed in May 2000")."""
    if not any(deed.deed in {"agreed", "signed"} and deed.place in {"passive", "clause"} for deed in deeds):
        return False
    reached = reached_at(view, noun, deeds, status)
    published = view.doc._.published
    return reached is not None and published is not None and reached[:7] < published.isoformat()[:7]


def _doers(view: View, noun: Token, deed: int) -> dict[str, Any]:
    verb = view.doc[deed]
    if deed == noun.i or verb.pos_ != "VERB":
        return {}
    subjects = [subject for subject in view.subject(verb) if subject.i != noun.i]
    doers = tuple(side.actor for subject in subjects for side in view.sides(subject))
    if not doers and any(t.lemma_.lower() in _OUTSIDERS and not {c.lower_ for c in t.lefts} & _KNOWN for t in subjects):
        doers = ("",)  # "several nations rejected the accord": somebody, but no party
    bodies = view.lexicon.sets["institutions"]
    institution = any(
        t.lemma_.lower() in bodies or any(c.lemma_.lower() in bodies for c in t.children) for t in subjects
    )
    return {"doers": doers, "institution": institution}


def verb_mention(view: View, verb: Token) -> Mention | None:
    """Returns the mention a verb of agreeing makes without an agreement noun, or None."""
    lexicon = view.lexicon
    if verb.lemma_ in BUYING:
        bought = takeover(view, verb)
        return _verb_mention(view, verb, *bought) if bought is not None else None
    if verb.lemma_ in JOINT and not _settles_on(verb):
        deed = joint_deed(view, verb)
        return _verb_mention(view, verb, deed.found, deed.status, deed.modality, deed.family) if deed else None
    if verb.lemma_ == "follow":
        return _following(view, verb)
    if verb.lemma_ == "agree" and not _concrete(verb, lexicon):
        return None
    found = of_agreeing(view, verb)
    if _settles_on(verb) and (found.vague or any(subject.pos_ == "PRON" for subject in view.subject(verb))):
        return None  # "they settled on a quarter of the sum"
    if not found.strong and not found.vague:
        return None
    modality = modality_of(verb, lexicon)
    if modality is not Modality.ASSERTED and len(found.strong) < 2 and not found.counterpart and not found.vague:
        return None  # "we have not agreed on everything": no agreement of its own
    return _verb_mention(view, verb, found, status_of("extended" if _prolongs(verb) else "agreed", modality), modality)


def _following(view: View, verb: Token) -> Mention | None:
    """Returns the mention of a side that does what the one before has done ("the rebels followed suit")."""
    if not any(child.dep_ == "dobj" and child.lower_ == "suit" for child in verb.children):
        return None
    sides = tuple(view.subjects(verb))
    if len(sides) != 1 or modality_of(verb, view.lexicon) is not Modality.ASSERTED:
        return None
    mention = _verb_mention(view, verb, Found(strong=sides), AgreementStatus.AGREED, Modality.ASSERTED)
    return dataclasses.replace(mention, new=False, definite=True)


def _in_turn(verb: Token) -> bool:
    """Whether one side agrees to its share of what has been told ("for its part", "in return")."""
    return any(
        obj.lower_ in {"part", "return", "turn", "exchange"}
        for child in verb.children
        if child.dep_ == "prep" and child.i < verb.i
        for obj in child.children
    )


def _settles_on(verb: Token) -> bool:
    return verb.lemma_ == "settle" and any(child.lower_ == "on" for child in verb.children)


def _prolongs(verb: Token) -> bool:
    """Whether what is agreed is more time ("agreed to a third extension")."""
    objects = [obj for child in verb.children for obj in (child, *child.children) if obj.dep_ in {"dobj", "pobj"}]
    return any(obj.lemma_.lower() in _MORE_TIME for obj in objects if obj.i > verb.i)


def _verb_mention(
    view: View, verb: Token, found: Found, status: AgreementStatus | None, modality: Modality, family: str = ""
) -> Mention:
    start, end = view.sentence(verb.i)
    status = questioned(view.doc[end - 1], status)
    return Mention(
        trigger=verb.i,
        sentence=(start, end),
        word=verb.lemma_.lower(),
        strength="verb",
        found=found,
        status=status,
        modality=modality,
        deed=verb.i,
        reached=reached_at(view, verb, (), status),
        place=place_of(view, verb, (), status),
        rule=f"agreements.verb-{verb.lemma_.lower()}",
        new=modality is Modality.ASSERTED and not _in_turn(verb),
        collective=_collective(view, found, verb.i),
        headline=_headline(view, end),
        family="commercial" if verb.lemma_ in BUYING or verb.lemma_ == "merge" else family,
    )


def _legal_text(noun: Token) -> bool:
    """Whether only a clause of a law in force is cited ("Article 5 of the NATO treaty")."""
    above = noun.head.head if noun.dep_ == "pobj" else noun
    return above.lemma_.lower() in {"article", "articles", "section", "clause", "chapter", "paragraph", "annex"}


def _name(noun: Token, lexicon: Lexicon) -> str:
    doc = noun.doc
    text = doc[max(0, noun.i - 5) : noun.i + 2].text.lower()
    name = next((name for name in lexicon.named if name in text), "")
    return lexicon.same_pact.get(name, name)


def _collective(view: View, found: Found, trigger: int) -> bool:
    if len({side.actor for side in found.strong}) != 1 or view.doc[found.strong[0].token].pos_ == "PRON":
        return False
    one = found.strong[0]
    if view.unnamed(one.actor) and view.names[one.actor].split()[0] in _RIVALS:
        return True  # "Liberia's warlords have signed a peace plan"
    if view.kinds.get(one.actor) is ActorKind.ORGANIZATION and _through_members(view, one.token):
        return True
    if found.strong[0].token > trigger:  # "an agreement with the EU" has another side
        return False
    name = view.names.get(found.strong[0].actor, "").lower()
    token = view.doc[found.strong[0].token].lower_
    return name in view.lexicon.sets["bodies"] or token in view.lexicon.sets["bodies"]


def _through_members(view: View, token: int) -> bool:
    """Whether a body decides by its members ("members of the tin council agreed")."""
    above = view.doc[token].head
    return above.lower_ == "of" and above.head.lemma_.lower() in {"member", "minister", "state", "delegate"}


def _alone(view: View, found: Found, noun: Token, deeds: list[Deed]) -> bool:
    """Whether one side stops fighting by itself ("the group declared a ceasefire")."""
    if len({side.actor for side in found.strong}) != 1 or view.lexicon.families.get(noun.lemma_.lower()) != "ceasefire":
        return False
    armed = view.kinds.get(found.strong[0].actor) is ActorKind.ARMED_GROUP
    own = any(child.lower_ == "unilateral" for child in noun.lefts)
    return (armed or own) and any(view.doc[deed.verb].lemma_ in _DECLARING for deed in deeds)


def _headline(view: View, end: int) -> bool:
    last = view.doc[end - 1]
    return "\n" in last.text and end >= 2 and view.doc[end - 2].text not in {".", "?", "!", "”", '"', ":"}


def _concrete(verb: Token, lexicon: Lexicon) -> bool:
    """Whether what is agreed is a deed, not an opinion or more talking."""
    after = [child for child in verb.children if child.i > verb.i]
    for child in after:
        if child.dep_ == "xcomp" or (child.dep_ == "advcl" and any(c.lower_ == "to" for c in child.lefts)):
            talking = any(c.dep_ == "dobj" and c.lemma_.lower() in lexicon.sets["talk_nouns"] for c in child.children)
            return not talking and child.lemma_.lower() not in lexicon.sets["idle_complements"]
        if child.dep_ == "ccomp":
            return any(c.dep_ == "aux" and c.lower_ in _DUTIES for c in child.children)
    for child in after:
        if child.dep_ == "prep" and child.lower_ in {"on", "to", "upon"}:
            matters = [obj for obj in child.children if obj.ent_type_ not in {"DATE", "TIME"}]
            if matters:
                return any(obj.lower_ not in {"little", "nothing", "much", "something"} for obj in matters)
        if child.dep_ == "dobj":
            return True
    return (
        verb.tag_ in {"VBN", "VBD"}
        and verb.dep_ in {"ROOT", "ccomp"}
        and any(c.dep_ == "nsubjpass" for c in verb.children)
    )


def _talks_mention(view: View, talks: Talks) -> Mention:
    noun = view.doc[talks.token]
    return Mention(
        trigger=noun.i,
        sentence=view.sentence(noun.i),
        word=noun.lemma_.lower(),
        strength="talks",
        found=Found(strong=talks.sides),
        status=talks.outcome,
        modality=Modality.ASSERTED if talks.outcome is AgreementStatus.COLLAPSED else Modality.NEGATED,
        deed=noun.head.i,
        rule="agreements.talks-failed",
        collective=len(talks.sides) == 1,
    )


def find_mentions(view: View) -> tuple[list[Mention], list[Talks]]:
    """Returns every mention of an agreement, and all talks, in the order of the text."""
    found: list[Mention] = []
    talks: list[Talks] = []
    governed: set[int] = set()
    verbs: list[Token] = []
    for i in _candidates(view)[:_MOST]:
        token = view.doc[i]
        if token.pos_ == "VERB" and token.lemma_ in _DOING:
            verbs.append(token)
        elif token.lemma_.lower() in view.lexicon.strength:
            mention = _noun(view, token, governed)
            if mention is not None:
                found.append(mention)
        else:
            spoken = _talks(view, token)
            if spoken is not None:
                talks.append(spoken)
                if spoken.outcome is not None:
                    found.append(_talks_mention(view, spoken))
    for verb in verbs:
        noun = verb.dep_ in {"acl", "relcl"} and verb.head.lemma_.lower() in view.lexicon.strength
        below = verb.i in governed or noun or (verb.head.i != verb.i and verb.head.lemma_ == "agree")
        mention = None if below else verb_mention(view, verb)
        if mention is not None:
            found.append(mention)
    return sorted(found, key=lambda mention: mention.trigger), talks


def _candidates(view: View) -> list[int]:
    """Returns the indexes of the tokens whose lemma can speak of an agreement or of talks."""
    return [int(i) for i in numpy.flatnonzero(numpy.isin(view.doc.to_array("LEMMA"), _speaking()))]


@functools.cache
def _speaking() -> "numpy.typing.NDArray[numpy.uint64]":
    """Returns the hashes of the lemmas looked for, in the spellings of running text, titles and headlines."""
    lexicon = load_lexicon()
    words = {*lexicon.strength, *_DOING, *lexicon.sets["talk_nouns"], *lexicon.sets["talk_verbs"]}
    forms = {form for word in words for form in (word, word.capitalize(), word.title(), word.upper())}
    strings = StringStore(forms)
    return numpy.array(sorted(strings[form] for form in forms), dtype=numpy.uint64)


def _noun(view: View, token: Token, governed: set[int]) -> Mention | None:
    names = [m for m in view.at(token.i) if view.kinds.get(m.actor) is ActorKind.ORGANIZATION]
    strength = agreement_noun(token, view.lexicon) if not names else None  # "Government of National Accord"
    deeds = deeds_of(token, view.lexicon) if strength is not None else []
    mention = noun_mention(view, token, strength, deeds) if strength is not None else None
    if mention is not None:
        for deed in deeds:
            verb = view.doc[deed.verb]
            governed.add(verb.i)
            if verb.dep_ == "xcomp":
                governed.add(verb.head.i)
    return mention


def _talks(view: View, token: Token) -> Talks | None:
    sets = view.lexicon.sets
    word = token.lemma_.lower()
    if word not in (sets["talk_verbs"] if token.pos_ == "VERB" else sets["talk_nouns"]):
        return None
    return talks_at(view, token)
