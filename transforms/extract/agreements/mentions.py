"""Turns each place where an article speaks of an agreement into one mention: who, what state, which words."""

import functools
import re
from typing import Any

import numpy
import numpy.typing
from spacy.strings import StringStore
from spacy.tokens import Token

from transforms.extract.agreements.agreeing import DOING, verb_mention
from transforms.extract.agreements.alongside import alongside
from transforms.extract.agreements.deeds import Deed, agreement_noun, deeds_of
from transforms.extract.agreements.found import Found
from transforms.extract.agreements.lexicon import Lexicon, load_lexicon
from transforms.extract.agreements.mention import Mention, collective, headline, lone_maker, one_more
from transforms.extract.agreements.occasion import place_of, reached_at
from transforms.extract.agreements.parse import hashes_of
from transforms.extract.agreements.parties import around_noun
from transforms.extract.agreements.states import state_of
from transforms.extract.agreements.status import Modality
from transforms.extract.agreements.talks import Talks, talks_at
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementStatus

_OUTSIDERS = frozenset({"nation", "country", "state", "critic", "group", "protester", "analyst", "activist"})
_KNOWN = frozenset({"the", "both", "these", "two", "three"})
_CLAIMING = frozenset({"accuse", "blame", "suspect"})
_REPLACING = frozenset({"replace", "succeed", "supersede", "supplant"})
_SAME = frozenset({"same"})
_PHRASE = 10  # tokens after an agreement noun that say whose it is
_ORDINALS = frozenset({"first", "second", "third", "fourth", "last"})
_OVER = frozenset(
    {
        AgreementStatus.COLLAPSED,
        AgreementStatus.EXPIRED,
        AgreementStatus.REJECTED,
        AgreementStatus.SUSPENDED,
        AgreementStatus.VIOLATED,
    }
)
_DECLARING = frozenset({"declare", "announce", "proclaim", "order", "extend"})
_BARGAINS = frozenset(
    {"venture", "contract", "loan", "swap", "alliance", "partnership", "credit", "facility", "lease", "exchange"}
    | {"arrangement", "understanding", "purchase", "sale", "acquisition"}
)
_ONE_SIDED = frozenset({"resolution", "statement", "order", "sale", "purchase", "cut", "quota"})
_MOST = 600  # words looked at in one article: a long one has about fifty; a book would cost without bound


def noun_mention(view: View, noun: Token, strength: str, deeds: list[Deed]) -> Mention | None:
    """Returns the mention an agreement noun makes, or None where it makes none."""
    lexicon = view.lexicon
    status, modality, deed = state_of(view, noun, deeds)
    found = around_noun(view, noun, deeds)
    lefts = {child.lower_ for child in noun.lefts}
    before = (part for child in noun.lefts for part in (child, *(child.children if child.dep_ == "nmod" else ())))
    dated = any(part.text.isdigit() and len(part.text) == 4 for part in before)
    earlier = dated or bool(lefts & lexicon.sets["earlier"])
    earlier = earlier or _replaced(noun) or _by_the_same(view, noun) or _before_that(view, deeds)
    told = earlier or found.vague or _settled_long_ago(view, noun, deeds, status)
    if not _counts(view, noun, strength, deeds, found, told=told):
        return None
    if _legal_text(noun) or ((status in _OVER or earlier) and len(found.strong) < 2 and _many_of(noun)):
        return None
    name = _name(noun, lexicon) or _place_name(view, noun)
    reaching = any(d.deed in {"agreed", "signed", "brokered"} for d in deeds)
    definite = bool(lefts & {"the", "this", "that", "these", "its", "their"}) or any(
        c.dep_ == "poss" and not (view.at(c.i) and len(found.strong) > 1) for c in noun.lefts
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
        alone=lone_maker(view, found, noun.i, strength) if _news(view, noun, status, modality, deeds, definite) else "",
        beside=one_more(view, noun.i, deed, status, new=reaching and not definite),
        definite=definite,
        indefinite=bool(lefts & {"a", "an"}),
        earlier=earlier or (definite and status in _OVER and bool(lefts & _ORDINALS)),  # "its second bailout ran out"
        claimed=view.doc[deed].dep_ == "pcomp" and view.doc[deed].head.head.lemma_ in _CLAIMING,
        name=name,
        collective=collective(view, found, noun.i) or _alone(view, found, noun, deeds),
        headline=headline(view, end),
        family=lexicon.families.get(noun.lemma_.lower(), ""),
        **_doers(view, noun, deed),
    )


def _news(
    view: View, noun: Token, status: AgreementStatus | None, modality: Modality, deeds: list[Deed], definite: bool
) -> bool:
    """Whether a sentence of the text tells an agreement as newly made, not as one that somebody has."""
    made = status in {AgreementStatus.AGREED, AgreementStatus.SIGNED} and modality is Modality.ASSERTED
    verbs = {view.doc[deed.verb].lemma_ for deed in deeds if deed.deed in {"agreed", "signed"}}
    return (
        made and not definite and bool(verbs) and "have" not in verbs and not headline(view, view.sentence(noun.i)[1])
    )


def _counts(view: View, noun: Token, strength: str, deeds: list[Deed], found: Found, *, told: bool) -> bool:
    """Whether a noun that is not always an agreement is one here.

    Args:
        view: The article.
        noun: The noun.
        strength: strong, plain, weak or unsure.
        deeds: What governs it.
        found: Who was found.
        told: Whether it is spoken of as made before.
    """
    if strength == "unsure":  # papers that two sides sign
        bodies = [side for side in found.strong if view.kinds.get(side.actor) is not ActorKind.PERSON]
        return len(found.strong) > 1 and bool(bodies)
    if strength != "weak" or told:
        return True
    lemma = noun.lemma_.lower()
    if lemma == "contract" and found.strong and any(child.lower_ == "the" for child in noun.lefts):
        return True  # "the contract with X"
    reached = any(deed.deed in {"agreed", "signed", "brokered"} and deed.place == "passive" for deed in deeds)
    under = reached and noun.head.lower_ == "under"  # "X will supply Y with gas under a contract signed in May"
    pair = len({side.actor for side in found.weak}) > 1 and (under or noun.dep_ == "dobj")  # "will end their alliance"
    if bool(deeds) and bool(found.strong or (pair and lemma not in _ONE_SIDED)):
        return True
    made = lemma in _BARGAINS and reached
    brokers = (side.actor for side in found.brokers)
    return made and bool(alongside(view, view.sentence(noun.i), (), brokers))  # "under a joint venture signed in May"


def _many_of(noun: Token) -> bool:
    """Whether pacts in general are meant ("thirteen peace deals have failed"), not the one of the news."""
    definite = any(child.lower_ in {"the", "these", "those", "both"} for child in noun.lefts)
    return noun.tag_ == "NNS" and (not definite or any(child.like_num for child in noun.lefts))


def _replaced(noun: Token) -> bool:
    """Whether it is what the news takes the place of ("it replaces an agreement that expires in May")."""
    return noun.dep_ == "dobj" and noun.head.lemma_ in _REPLACING and noun.head.tag_ != "VBG"


def _before_that(view: View, deeds: list[Deed]) -> bool:
    """Whether its deed is told as an earlier one ("Earlier, on May 18, the two sides signed a truce")."""
    adverbs = (child for deed in deeds for child in view.doc[deed.verb].lefts if child.dep_ == "advmod")
    return any(adverb.lower_ in {"earlier", "previously"} for adverb in adverbs)


def _by_the_same(view: View, noun: Token) -> bool:
    """Whether those of the news made it before ("the truce brokered by the same two powers collapsed in April")."""
    end = min(noun.i + _PHRASE, view.sentence(noun.i)[1])
    if hashes_of(_SAME).isdisjoint(view.lower[noun.i : end]):
        return False
    return any(t.lower_ == "same" and t.head.lower_ in view.lexicon.sets["collective"] for t in view.doc[noun.i : end])


def _participle(view: View, deed: Deed) -> bool:
    """Whether a deed is told in passing ("the pact, signed last May, expires"), also where the tagger saw a past."""
    return deed.place in {"passive", "clause"} or (deed.place == "subject" and view.doc[deed.verb - 1].text == ",")


def _settled_long_ago(view: View, noun: Token, deeds: list[Deed], status: AgreementStatus | None) -> bool:
    """Whether a date in another year or month says when it was agreed ("a pause was agreed in May 2000")."""
    if not any(deed.deed in {"agreed", "signed"} and _participle(view, deed) for deed in deeds):
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


def _legal_text(noun: Token) -> bool:
    """Whether only a clause of a law in force is cited ("Article 5 of the NATO treaty")."""
    above = noun.head.head if noun.dep_ == "pobj" else noun
    return above.lemma_.lower() in {"article", "articles", "section", "clause", "chapter", "paragraph", "annex"}


@functools.cache
def _any_named() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, load_lexicon().named)))


def _name(noun: Token, lexicon: Lexicon) -> str:
    doc = noun.doc
    text = doc[max(0, noun.i - 5) : noun.i + 2].text.lower()
    name = next((name for name in lexicon.named if name in text), "") if _any_named().search(text) else ""
    return lexicon.same_pact.get(name, name)


def _place_name(view: View, noun: Token) -> str:
    """Returns the place an agreement is called after ("the Abuja accord"), or ""."""
    for child in noun.lefts:
        place = child.dep_ in {"compound", "nmod"} and child.tag_ == "NNP" and child.ent_type_ in {"GPE", "LOC", "FAC"}
        if place and not any(view.kinds.get(m.actor) is ActorKind.COUNTRY for m in view.at(child.i)):
            return child.lower_
    return ""


def _alone(view: View, found: Found, noun: Token, deeds: list[Deed]) -> bool:
    """Whether one side stops fighting by itself ("the group declared a ceasefire")."""
    if len({side.actor for side in found.strong}) != 1 or view.lexicon.families.get(noun.lemma_.lower()) != "ceasefire":
        return False
    armed = view.kinds.get(found.strong[0].actor) is ActorKind.ARMED_GROUP
    own = any(child.lower_ == "unilateral" for child in noun.lefts)
    return (armed or own) and any(view.doc[deed.verb].lemma_ in _DECLARING for deed in deeds)


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
        if token.pos_ == "VERB" and token.lemma_ in DOING:
            verbs.append(token)
        elif token.lemma_.lower() in view.lexicon.strength or token.lower_ in view.lexicon.strength:
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
    lemmas, speaking = view.doc.to_array("LEMMA"), _speaking()
    places = numpy.minimum(speaking.searchsorted(lemmas), len(speaking) - 1)  # faster than numpy.isin by half
    gerunds = numpy.isin(numpy.asarray(view.lower, dtype=numpy.uint64), _gerunds())
    found: list[int] = numpy.flatnonzero((speaking[places] == lemmas) | gerunds).tolist()
    return found


@functools.cache
def _gerunds() -> "numpy.typing.NDArray[numpy.uint64]":
    """Returns the hashes of the agreement nouns that may be taken for verbs, whose lemma is then another word."""
    nouns = {noun for noun in load_lexicon().strength if noun.endswith("ing")}
    strings = StringStore(nouns)
    return numpy.array([strings[noun] for noun in sorted(nouns)], dtype=numpy.uint64)


@functools.cache
def _speaking() -> "numpy.typing.NDArray[numpy.uint64]":
    """Returns the hashes of the lemmas looked for, in the spellings of running text, titles and headlines."""
    lexicon = load_lexicon()
    words = {*lexicon.strength, *DOING, *lexicon.sets["talk_nouns"], *lexicon.sets["talk_verbs"]}
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
