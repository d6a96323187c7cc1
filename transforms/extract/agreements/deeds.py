"""Finds agreement nouns and the deeds that govern them ("signed a deal", "the truce expired")."""

from spacy.tokens import Token

from transforms.extract.agreements.lexicon import Lexicon
from transforms.records import record

_NOUN_PLACES = frozenset({"dobj", "pobj", "nsubj", "nsubjpass", "attr"})
_OBJECTS = frozenset({"dobj", "nsubjpass", "attr", "oprd"})
# Prepositions through which a verb acts on the agreement ("agreed to", "abide by"), unlike "under" or "after".
_BINDING = frozenset(
    {"on", "to", "from", "for", "into", "with", "by", "of", "over", "upon", "toward", "towards", "against"}
)
_DISTANCES = frozenset({"apart", "close", "near", "closer", "nearer"})  # "still far apart on a contract"
_ANSWERS = {"accept": "agreed", "reject": "rejected", "refuse": "rejected", "spurn": "rejected", "decline": "rejected"}
# "ended the dispute with a deal": what is ended is not the deal
_RESOLVING = frozenset({"end", "avert", "settle", "resolve", "defuse", "avoid", "seal", "conclude", "cap", "crown"})
_WHEN = frozenset({"DATE", "TIME"})  # "collapsed the following May"
_AFTER = frozenset({"collapsed", "expired", "violated", "rejected", "suspended", "extended", "in_force"})
_SIGNED = frozenset({"sign", "conclude", "reach", "initial", "strike", "ink", "negotiate"})
_AGREED = frozenset({"agree", "sign", "initial", "conclude", "work", "settle"})
_NAMING = frozenset({"know", "call", "dub", "name", "title"})
_SETTLING = frozenset({"jewish", "israeli", "illegal", "squatter", "informal"})
_OCCUPIED = frozenset({"territories", "settlers", "occupied", "bank", "homes", "housing", "golan"})
_SEVERANCE = frozenset({"cash", "voluntary", "severance", "worker", "employee", "retirement"})  # for who leaves
_STORY = 45  # tokens: this sentence and the one before
_FINITE = frozenset({"VBZ", "VBD", "VBP"})
_NOUN_LINKS = frozenset({"conj", "appos", "compound", "nmod", "poss"})
_TAKING_PART = frozenset({"participation", "cooperation", "compliance", "membership", "adherence"})
_LEAVING = frozenset({"suspended", "collapsed", "expired"})


@record
class Deed:
    """A verb that says something of an agreement noun, by its class in the lexicon.

    Attributes:
        verb: Token index of the verb (or of the noun's own participle).
        place: How the noun hangs on it: object, subject, passive, or preposition.
    """

    verb: int
    deed: str
    place: str
    preposition: str = ""


def agreement_noun(token: Token, lexicon: Lexicon) -> str | None:
    """Returns strong, plain, weak or unsure (only if two sides sign it) for an agreement noun, else None."""
    lemma = token.lemma_.lower()
    strength = lexicon.strength.get(lemma) or lexicon.strength.get(token.lower_)
    if strength is None or token.pos_ in {"AUX", "ADV", "ADP"} or (token.pos_ == "VERB" and not _in_noun_place(token)):
        return None
    if token.dep_ in {"compound", "nmod"} and token.head.i > token.i:
        inner = lexicon.strength.get(token.head.lemma_.lower())
        if inner is not None or token.head.pos_ not in {"NOUN", "PROPN"}:
            return None  # "ceasefire agreement": the head speaks
    if token.ent_type_ in {"PERSON", "WORK_OF_ART"}:
        return None
    needed = lexicon.needs.get(lemma)
    if needed and not _beside(token, needed):
        signing = {"sign", "form", "ink", "initial", *({"accept"} if lemma in {"plan", "document"} else ())}
        signed = token.dep_ in {"dobj", "nsubjpass"} and token.head.lemma_ in signing
        agreed = any(
            child.dep_ in {"acl", "relcl"} and child.tag_ in {"VBN", "VBD"} and child.lemma_ in _AGREED
            for child in token.rights
        )
        return "unsure" if signed or agreed else None
    if lemma == "fire" and token.i > 1 and token.nbor(-1).text == "-":
        return "strong"  # "a cease-fire" is a truce in whatever spelling
    if lemma == "peace" and not _concluded(token):
        return None
    if lemma == "buyout" and {child.lower_ for child in token.lefts} & _SEVERANCE:
        return None
    if lemma == "deal" and _idle_deal(token):
        return None
    if lemma == "settlement" and _dwellings(token):
        return None
    if lemma == "order" and token.head.lemma_ not in {"win", "place", "sign", "secure", "book", "announce", "land"}:
        return None
    return strength


def _in_noun_place(token: Token) -> bool:
    """Whether the tagger took a noun for a verb, as its article and place show ("a major debt rescheduling from")."""
    determined = any(child.dep_ in {"det", "poss"} for child in token.lefts)
    return (token.dep_ in _NOUN_PLACES and determined) or _behind_its_matter(token)


def _behind_its_matter(token: Token) -> bool:
    """Whether the parser took the head of a compound for a clause ("a debt rescheduling")."""
    matter = token.dep_ == "acl" and token.tag_ == "VBG" and token.head.i == token.i - 1 and token.head.pos_ == "NOUN"
    return matter and not any(child.dep_ in {"dobj", "nsubj"} for child in token.children)


def _concluded(peace: Token) -> bool:
    """Whether a peace is what two sides sign or make ("peace with the rebels, signed in May"), not a state or talks."""
    made = peace.dep_ in {"dobj", "nsubjpass"} and peace.head.lemma_ in _SIGNED | {"make"}
    told = any(child.dep_ == "acl" and child.lemma_ in _SIGNED and child.tag_ == "VBN" for child in peace.rights)
    return (made or told) and any(child.lower_ in {"with", "between"} for child in (*peace.rights, *peace.head.rights))


def _beside(token: Token, needed: frozenset[str]) -> bool:
    doc = token.doc
    back = _STORY if token.lemma_.lower() in {"swap", "exchange"} else 5  # "the swap", a sentence after the prisoners
    window = doc[max(0, token.i - back) : min(len(doc), token.i + 8)]
    return any(t.lower_ in needed or t.lemma_.lower() in needed for t in window if t.i != token.i)


def _dwellings(token: Token) -> bool:
    """Whether "settlements" are places to live in ("new Jewish settlements in the territories")."""
    before = {child.lower_ for child in token.lefts}
    near = {t.lower_ for t in token.doc[max(0, token.i - 12) : token.i + 12]}
    return bool(before & _SETTLING) or (token.tag_ == "NNS" and bool(near & _OCCUPIED))


def _idle_deal(token: Token) -> bool:
    """Whether "deal" only means an amount or a matter ("a great deal of", "a big deal", "the real deal")."""
    before = {child.lower_ for child in token.children if child.i < token.i}
    after = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
    if before & {"great", "good"} and (after in {"of", "more", "less", "about"} or not before & {"a"}):
        return True
    return (
        bool(before & {"big", "real", "raw", "done", "new"} and token.dep_ == "attr" and not before & {"new"})
        or after == "breaker"
    )


def deed_class(verb: Token, lexicon: Lexicon) -> str | None:
    """Returns the class of a verb, with its particle or preposition taken into account."""
    lemma = verb.lemma_.lower()
    for child in verb.children:
        if child.i <= verb.i:
            continue
        if child.dep_ in {"prt", "prep", "advmod", "dobj"}:
            phrasal = lexicon.phrasal.get((lemma, child.lower_))
            if phrasal:
                return phrasal
            if child.dep_ == "prep":
                for obj in child.children:
                    phrasal = lexicon.phrasal.get((lemma, f"{child.lower_} {obj.lower_}"))
                    if phrasal:
                        return phrasal
    found = lexicon.verb_class.get(lemma)
    needed = lexicon.particles.get(lemma)
    if found and needed and not any(child.lower_ in needed for child in verb.children):
        return None
    return found


def deeds_of(noun: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns the deeds that govern an agreement noun: the verb above it and participles or clauses below it."""
    found: list[Deed] = []
    above = _above(noun, lexicon)
    if above is not None:
        found.append(above)
    found.extend(_later(noun, lexicon))
    found.extend(_before(noun, lexicon))
    for child in noun.children:
        if child.dep_ in {"acl", "relcl"} and child.pos_ in {"VERB", "AUX"}:
            if _for_which(child) or (child.dep_ == "relcl" and child.lemma_ == "win"):
                continue  # "a plan that won X a prize"
            infinitive = any(g.dep_ == "aux" and g.lower_ == "to" for g in child.children)
            deed = deed_class(child, lexicon)
            if deed and not infinitive and not (_relative_subject(child) and _does_something(child)):
                found.append(Deed(verb=child.i, deed=deed, place="passive" if passive(child) else "clause"))
            found.extend(_told_on(child, lexicon))
    if not any(deed.deed in {"agreed", "signed"} for deed in found):
        found.extend(_named(noun, lexicon))
        found.extend(_apposed(noun, lexicon))
        found.extend(_behind_parties(noun, lexicon))
        found.extend(_contact(noun, lexicon))
    return found


def _before(noun: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns the verb of a headline that the parser took for part of the noun ("House approves farm pact with Y")."""
    verbs = (child for child in noun.lefts if child.dep_ in {"compound", "amod"} and child.tag_ in _FINITE)
    told = (verb for verb in verbs if any(child.dep_ in {"nsubj", "compound"} for child in verb.lefts))
    deeds = (_deed(verb, "object", "", lexicon) for verb in told)
    return [deed for deed in deeds if deed is not None]


def _later(noun: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns what else its verb is coordinated with ("the truce began on Monday but collapsed within hours")."""
    if noun.dep_ not in {"nsubj", "nsubjpass"} or noun.head.pos_ not in {"VERB", "AUX"}:
        return []
    verbs = [verb for verb in noun.head.conjuncts if verb.pos_ == "VERB" and verb.i > noun.head.i]
    own = [verb for verb in verbs if not any(child.dep_ in {"nsubj", "nsubjpass"} for child in verb.children)]
    places = (
        (verb, "passive" if any(child.dep_ == "auxpass" for child in verb.children) else "subject") for verb in own
    )
    deeds = (_deed(verb, place, "", lexicon) for verb, place in places)
    return [deed for deed in deeds if deed is not None and deed.deed in _AFTER]


def _told_on(clause: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns what a relative clause goes on to tell ("a pact which was renewed in 1991 and expired on Monday")."""
    which = any(child.tag_ == "WDT" and child.dep_ in {"nsubj", "nsubjpass"} for child in clause.children)
    verbs = [verb for verb in clause.conjuncts if verb.pos_ == "VERB" and verb.i > clause.i] if which else []
    own = [verb for verb in verbs if not any(child.dep_ in {"nsubj", "nsubjpass"} for child in verb.children)]
    deeds = (_deed(verb, "clause", "", lexicon) for verb in own)
    return [deed for deed in deeds if deed is not None and deed.deed in _AFTER]


def _contact(noun: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns a clause without "that" that the parser hung on its subject ("the accords the three nations signed")."""
    if noun.i + 1 >= len(noun.doc) or noun.nbor(1).pos_ != "DET":
        return []
    doer = noun.nbor(1).head
    clauses = [child for child in doer.children if child.dep_ == "acl" and child.tag_ in {"VBN", "VBD"}]
    deeds = ((clause, deed_class(clause, lexicon)) for clause in clauses if doer.left_edge.i == noun.i + 1)
    return [
        Deed(verb=clause.i, deed=deed, place="contact")
        for clause, deed in deeds
        if deed in {"agreed", "signed"} and not any(child.lower_ == "by" for child in clause.children)
    ]


def _behind_parties(noun: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns the clause that the parser hung on a party ("the accord with the Farc, which was signed last year")."""
    found: list[Deed] = []
    for child in noun.children:
        if child.dep_ != "prep" or child.i < noun.i:
            continue
        for obj in child.children:
            for part in (obj, *obj.conjuncts):
                found.extend(_of_inner(part, lexicon, parties=child.lower_ in {"with", "between"}))
    return found


def _of_inner(part: Token, lexicon: Lexicon, *, parties: bool) -> list[Deed]:
    found: list[Deed] = []
    for clause in part.children:
        deed = deed_class(clause, lexicon) if clause.dep_ in {"relcl", "acl"} else None
        if deed not in {"agreed", "signed", "brokered"} or part.lemma_.lower() in lexicon.strength:
            continue
        if parties and clause.tag_ == "VBN" and passive(clause):
            found.append(Deed(verb=clause.i, deed=deed, place="passive"))
        elif clause.lemma_ in _SIGNED and clause.tag_ == "VBN" and any(c.lower_ == "by" for c in clause.children):
            found.append(Deed(verb=clause.i, deed=deed, place="passive"))  # "an accord on citrus signed by both sides"
        elif clause.lemma_ in _SIGNED and any(c.dep_ == "dobj" and c.tag_ == "WDT" for c in clause.children):
            found.append(Deed(verb=clause.i, deed=deed, place="clause"))  # "a deal on monitors that they signed"
    return found


def _named(noun: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns the participle that the parser hung on a pact's name ("a pact known as Midi-Midi, sealed in 1893")."""
    names = (
        token
        for child in noun.rights
        if child.dep_ == "acl" and child.lemma_ in _NAMING
        for token in child.subtree
        if token.dep_ in {"pobj", "oprd"}
    )
    verbs = (part for name in names for part in name.rights if part.dep_ == "acl" and part.tag_ == "VBN")
    deeds = ((verb, deed_class(verb, lexicon)) for verb in verbs)
    return [Deed(verb=verb.i, deed=deed, place="passive") for verb, deed in deeds if deed in {"agreed", "signed"}]


def _apposed(noun: Token, lexicon: Lexicon) -> list[Deed]:
    """Returns the participle after a comma ("the present pact, signed in 1983,") that the parser hung elsewhere."""
    if noun.i + 2 >= len(noun.doc) or noun.nbor(1).text != "," or noun.nbor(2).tag_ != "VBN":
        return []
    verb = noun.nbor(2)
    deed = deed_class(verb, lexicon)
    return [Deed(verb=verb.i, deed=deed, place="passive")] if deed in {"agreed", "signed"} else []


def passive(verb: Token) -> bool:
    """Whether a participle below a noun is passive ("a truce signed by", not "a truce that X signed")."""
    return verb.tag_ == "VBN" and not any(c.dep_ == "nsubj" and c.tag_ not in {"WDT", "WP"} for c in verb.children)


def _above(noun: Token, lexicon: Lexicon) -> Deed | None:
    token, preposition = noun, ""
    for _ in range(6):
        head = token.head
        if head is token:
            return None
        linked = token.dep_ in _NOUN_LINKS or (token is noun and _behind_its_matter(noun))
        if linked and head.pos_ not in {"VERB", "AUX"}:
            token = head
            continue
        if token.dep_ == "pobj":
            preposition = head.lower_
            above = head.head
            if above.pos_ == "ADP" and head.lower_ == "of":  # "pulled out of the deal"
                above = above.head
            if above.lemma_ == "be" and (preposition == "near" or any(c.lower_ in _DISTANCES for c in above.children)):
                return Deed(verb=above.i, deed="negotiating", place="copula", preposition=preposition)
            if preposition == "with" and above.lemma_ in _RESOLVING and any(c.dep_ == "dobj" for c in above.children):
                return Deed(verb=above.i, deed="agreed", place="preposition", preposition=preposition)
            if preposition in {"to", "on"} and above.lemma_ in {"put", "add", "set", "affix"} and _signing(above):
                return Deed(verb=above.i, deed="signed", place="preposition", preposition=preposition)
            if above.pos_ in {"VERB", "AUX"} and preposition in _BINDING:
                return _deed(above, "preposition", preposition, lexicon)
            if above.pos_ in {"ADJ", "ADV"} and above.lemma_.lower() in lexicon.governors["pending"]:
                return Deed(verb=above.i, deed="negotiating", place="adjective", preposition=preposition)
            if above.pos_ in {"NOUN", "PROPN"} and preposition == "of" and _light_noun(above, lexicon):
                token = above
                continue
            if above.lemma_ in _TAKING_PART and above.dep_ == "dobj":  # "suspended its participation in the treaty"
                left = _deed(above.head, "object", preposition, lexicon)
                return left if left is not None and left.deed in _LEAVING else None
            return _deed_noun(above, preposition, lexicon)
        if token.dep_ in _OBJECTS or token.dep_ in {"nsubj", "ccomp"}:
            place = {"nsubjpass": "passive", "nsubj": "subject"}.get(token.dep_, "object")
            return _deed(head, place, preposition, lexicon)
        return None
    return None


def _light_noun(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a noun only counts or shapes what follows ("a series of agreements")."""
    return noun.lemma_.lower() in lexicon.sets["light_nouns"]


def _deed_noun(noun: Token, preposition: str, lexicon: Lexicon) -> Deed | None:
    deed = lexicon.noun_deeds.get(noun.lemma_.lower()) or lexicon.noun_deeds.get(noun.lower_)
    if deed == "proposed":
        answered = _answered(noun, preposition, lexicon)
        if answered is not None:
            return answered
    if deed is None or preposition not in {"of", "on", "for", "towards", "toward", "to", "from", "about", "at"}:
        return None
    return Deed(verb=noun.i, deed=deed, place="noun", preposition=preposition)


def _answered(noun: Token, preposition: str, lexicon: Lexicon) -> Deed | None:
    """Returns what was done with an offer of an agreement ("accepted a call for a truce")."""
    over = noun.head if noun.dep_ in {"dobj", "nsubjpass"} else noun.head.head if noun.dep_ == "pobj" else None
    if over is None or over.pos_ != "VERB" or over.lemma_ not in _ANSWERS:
        return None
    return Deed(verb=over.i, deed=_ANSWERS[over.lemma_], place="object", preposition=preposition)


def _deed(verb: Token, place: str, preposition: str, lexicon: Lexicon) -> Deed | None:
    deed = deed_class(verb, lexicon)
    if verb.lemma_ == "cut" and place != "object":  # "the village was cut off"
        return None
    if verb.lemma_ == "carry" and place != "passive" and (place != "object" or _done_by_pact(verb, lexicon)):
        return None
    if verb.lemma_ == "call" and place == "object" and any(_stops_fire(child, lexicon) for child in verb.children):
        return Deed(verb=verb.i, deed="agreed", place=place)  # "A, B call truce"
    if verb.lemma_ == "have" and place == "object" and any(_shared(child, lexicon) for child in verb.children):
        return Deed(verb=verb.i, deed="agreed", place=place)  # "A has a treaty with B"
    if deed is None or (place == "subject" and _does_something(verb)):
        return None
    return Deed(verb=verb.i, deed=deed, place=place, preposition=preposition)


def _done_by_pact(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a pact is what does it ("the accord is to carry out the ceasefire")."""
    subjects = (
        child for token in (verb, verb.head) for child in token.children if child.dep_ in {"nsubj", "nsubjpass"}
    )
    return any(subject.lemma_.lower() in lexicon.strength for subject in subjects)


def _for_which(clause: Token) -> bool:
    """Whether a relative clause tells what somebody got for it ("a plan for which X won a prize")."""
    return any(
        child.lower_ in {"for", "after", "before"} and any(c.tag_ == "WDT" for c in child.children)
        for child in clause.lefts
    )


def _signing(verb: Token) -> bool:
    """Whether names or signatures are what is put to a paper."""
    return any(child.dep_ == "dobj" and child.lemma_.lower() in {"name", "signature"} for child in verb.children)


def _stops_fire(noun: Token, lexicon: Lexicon) -> bool:
    return noun.dep_ == "dobj" and lexicon.families.get(noun.lemma_.lower()) == "ceasefire"


def _shared(noun: Token, lexicon: Lexicon) -> bool:
    lemma = noun.lemma_.lower()
    strong = noun.tag_ == "NN" and (lexicon.strength.get(lemma) == "strong" or lemma in {"contract", "alliance"})
    return noun.dep_ == "dobj" and strong and any(child.lower_ == "with" for child in noun.children)


def _does_something(verb: Token) -> bool:
    """Whether the verb is done to something else ("the deal ended the war"), so that it says nothing of its subject."""
    return any(
        child.dep_ == "dobj" and child.lower_ not in {"effect", "force", "hold"} and child.ent_type_ not in _WHEN
        for child in verb.children
    )


def _relative_subject(verb: Token) -> bool:
    return verb.tag_ == "VBG" or any(child.dep_ == "nsubj" and child.tag_ in {"WDT", "WP"} for child in verb.children)
