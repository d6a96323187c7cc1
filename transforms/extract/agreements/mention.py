"""One place where an article speaks of an agreement, and what can be said of any such place."""

from transforms.extract.agreements.found import Found
from transforms.extract.agreements.status import Modality
from transforms.extract.agreements.view import View
from transforms.records import ActorKind, AgreementStatus, record

_MORE = frozenset({"also", "another", "separate", "separately", "companion", "second", "parallel", "further"})
_RIVALS = frozenset({"warlords", "factions", "militias", "clans", "tribes", "foes", "rivals"})


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
        alone: The one side of which alone it is told as made, as an actor id, or "".
        beside: Whether it is told as one more than what was told before ("also signed a", "another accord").
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
    beside: bool = False
    alone: str = ""


def collective(view: View, found: Found, trigger: int) -> bool:
    """Whether one side alone makes an agreement: a body whose members decide together, rivals without names.

    Args:
        view: The article.
        found: Who was found.
        trigger: Token index of the agreement noun or the verb of agreeing.
    """
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


def one_more(view: View, trigger: int, deed: int, status: AgreementStatus | None, *, new: bool) -> bool:
    """Whether a pact is told as one more of the same sides ("a trade agreement was also signed").

    Args:
        view: The article.
        trigger: Token index of the agreement noun or the verb of agreeing.
        deed: Token index of the verb that says how it stands.
        status: What it says.
        new: Whether it is introduced here.
    """
    if not new or status not in {AgreementStatus.AGREED, AgreementStatus.SIGNED}:
        return False
    return bool({child.lower_ for child in (*view.doc[trigger].lefts, *view.doc[deed].children)} & _MORE)


def lone_maker(view: View, found: Found, trigger: int, strength: str) -> str:
    """Returns the one side of which alone a sentence tells a made agreement, or "".

    Args:
        view: The article.
        found: Who was found.
        trigger: Token index of the agreement noun.
        strength: That of the noun.
    """
    sides = {side.actor for side in found.strong}
    lemma = view.doc[trigger].lemma_.lower()
    if len(sides) != 1 or strength not in {"strong", "plain"} or lemma in view.lexicon.families:
        return ""
    side = sides.pop()
    body = view.kinds.get(side) in {ActorKind.COUNTRY, ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP}
    return side if body and found.strong[0].token < trigger else ""


def headline(view: View, end: int) -> bool:
    """Whether the sentence that ends before token `end` is a headline: a line of its own without a full stop."""
    last = view.doc[end - 1]
    return "\n" in last.text and end >= 2 and view.doc[end - 2].text not in {".", "?", "!", "”", '"', ":"}
