"""Reads verbs that bind two sides by themselves: who lends to whom, who teams up with whom, who ends a war."""

from spacy.tokens import Token

from transforms.extract.agreements.found import Found, unique
from transforms.extract.agreements.joint import JointDeed
from transforms.extract.agreements.lookup import Side
from transforms.extract.agreements.parse import linked
from transforms.extract.agreements.status import Modality, modality_of, status_of
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementStatus, record

_ANYTHING: frozenset[str] = frozenset()
_WITH = frozenset({"with"})
_TO_FROM = frozenset({"to", "from"})
_FIRMS = frozenset({ActorKind.ORGANIZATION})
_SIDES = frozenset({ActorKind.ORGANIZATION, ActorKind.COUNTRY, ActorKind.ARMED_GROUP, ActorKind.PERSON})
_BUYERS = frozenset({ActorKind.ORGANIZATION, ActorKind.COUNTRY})
_REPORTING = frozenset({"say", "announce", "confirm", "report", "tell", "add", "disclose", "declare", "state"})
_FUTURE = frozenset({"will", "would", "'ll", "’ll", "shall"})
_PAPERS = frozenset({"text", "paper", "document", "page", "draft", "version", "term", "communique", "declaration"})
_LEAD = 150  # tokens: further down a loan or an order in the past tense is history


@record
class Dealing:
    """A verb by which two sides bind themselves.

    Attributes:
        objects: What must be its object; any where empty.
        toward: Prepositions of the other side.
        given: Whether the other side may be a bare object ("lend Y money").
        together: Whether two subjects suffice ("X and Y made peace").
        kinds: What the sides may be.
        family: The kind of agreement it says by itself, or "".
        lead: Whether in the past tense it is news only at the top of an article.
        planned: Whether it counts only as something that will be done.
        status: How it stands when it is done.
    """

    objects: frozenset[str] = _ANYTHING
    toward: frozenset[str] = _WITH
    given: bool = False
    together: bool = True
    kinds: frozenset[ActorKind] = _SIDES
    family: str = ""
    lead: bool = False
    planned: bool = False
    status: AgreementStatus = AgreementStatus.AGREED


_LENDING = Dealing(toward=frozenset({"to"}), given=True, together=False, family="finance", lead=True)
_TRANSFER = Dealing(toward=_TO_FROM, together=False, kinds=_FIRMS, family="commercial", lead=True)
_ENDING = Dealing(
    objects=frozenset({"war", "conflict", "feud", "dispute", "quarrel", "hostilities", "standoff", "row", "enmity"})
)
_WORKING = Dealing(planned=True)
_PLEDGING = Dealing(toward=_ANYTHING)
DEALINGS = {
    "lend": _LENDING,
    "loan": _LENDING,
    "license": _TRANSFER,
    "lease": _TRANSFER,
    "order": Dealing(toward=frozenset({"from"}), together=False, kinds=_BUYERS, family="commercial", lead=True),
    "team": Dealing(lead=True),
    "partner": Dealing(lead=True),
    "join": Dealing(objects=frozenset({"forces", "force", "hands", "hand"}), lead=True),
    "make": Dealing(objects=frozenset({"peace"}), family="peace"),
    "shake": Dealing(objects=frozenset({"hands", "hand"}), toward=_ANYTHING),
    "end": _ENDING,
    "resolve": _ENDING,
    "sell": Dealing(toward=frozenset({"to"}), together=False, kinds=_FIRMS, family="commercial", lead=True),
    "put": Dealing(objects=frozenset({"signature", "name"}), toward=_ANYTHING, status=AgreementStatus.SIGNED),
    "divide": Dealing(toward=_ANYTHING, kinds=frozenset({ActorKind.COUNTRY})),
    "coordinate": _WORKING,
    "combine": _WORKING,
    "pool": _WORKING,
    "collaborate": _WORKING,
    "share": _WORKING,
    "pledge": _PLEDGING,
    "undertake": _PLEDGING,
}


def dealing(view: View, verb: Token) -> JointDeed | None:
    """Returns what a verb of `DEALINGS` says two sides agree on, or None where it is no such deed."""
    frame = DEALINGS[verb.lemma_]
    if verb.dep_ in {"acl", "relcl", "advcl", "pcomp"} or not _fits(verb, frame):
        return None
    state = _state(view, verb, frame)
    if state is None:
        return None
    sides = _sides(view, verb, frame)
    if len({side.actor for side in sides}) < 2 or any(view.kinds.get(side.actor) not in frame.kinds for side in sides):
        return None
    return JointDeed(found=Found(strong=sides), status=state[0], modality=state[1], family=frame.family)


def _fits(verb: Token, frame: Dealing) -> bool:
    if frame is _PLEDGING:
        return any(child.dep_ == "xcomp" for child in verb.children)
    if verb.lemma_ == "put":
        signed = (obj for obj in linked(verb, frozenset({"to", "on"}), deep=False))
        if not any(obj.lemma_.lower() in _PAPERS for obj in signed):
            return False
    if verb.lemma_ in {"team", "divide"}:
        return any(child.lower_ == "up" for child in verb.children)
    return not frame.objects or any(
        child.dep_ == "dobj" and {child.lower_, child.lemma_.lower()} & frame.objects for child in verb.children
    )


def _state(view: View, verb: Token, frame: Dealing) -> tuple[AgreementStatus, Modality] | None:
    if intended(verb):
        return AgreementStatus.AGREED, Modality.ASSERTED
    modality = modality_of(verb, view.lexicon)
    if modality is Modality.ASSERTED:
        past = verb.tag_ in {"VBD", "VBN"} and (verb.i <= _LEAD or not frame.lead)
        return (frame.status, modality) if past and not frame.planned else None
    wished = modality is Modality.PENDING and frame.lead and verb.i <= _LEAD
    status = status_of("agreed", modality) if wished else None
    return (status, modality) if status is not None else None


def intended(verb: Token) -> bool:
    """Whether those who do a deed say that they will, so that they have agreed on it ("said they would merge")."""
    will = any(child.dep_ == "aux" and child.lower_ in _FUTURE for child in verb.children)
    if not will or any(child.dep_ in {"neg", "mark"} and child.lower_ != "that" for child in verb.children):
        return False
    return verb.dep_ == "ROOT" or (verb.dep_ == "ccomp" and verb.head.lemma_ in _REPORTING)


def _sides(view: View, verb: Token, frame: Dealing) -> tuple[Side, ...]:
    doers = view.subjects(verb)
    others = [side for obj in linked(verb, frame.toward, deep=False) for side in view.sides(obj)]
    for child in verb.children:
        if frame.given and child.dep_ in {"dative", "dobj"} and child.pos_ != "ADP" and child.i > verb.i:
            others.extend(view.sides(child))
        if child.dep_ == "dative" and child.pos_ == "ADP" and child.lower_ in frame.toward:
            others.extend(side for obj in child.children for side in view.sides(obj))
    if not others and not frame.together:
        return ()
    return unique([*doers, *others]) if doers else ()
