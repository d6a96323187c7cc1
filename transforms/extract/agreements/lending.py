"""Finds to whom a body lends where the sentence of a loan names the lender alone ("the Fund approved a loan")."""

from collections import Counter
from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from transforms.extract.agreements.deeds import Deed
from transforms.extract.agreements.found import ids
from transforms.extract.agreements.lookup import Lookup, Side
from transforms.extract.layers import ActorMention, Form
from transforms.records import ActorKind, AgreementKind

LENT = frozenset(
    {"loan", "credit", "package", "arrangement", "facility", "bailout", "rescheduling", "relief", "standby"}
    | {"stand-by", "grant", "tranche", "restructuring"}
)
_GRANTING = frozenset({"agreed", "approved", "signed", "extended"})
_SAID = frozenset({"the", "this", "that", "its", "their"})
_TWICE = 2  # as often as any other country: the one that the story is about


def lent(view: Lookup, noun: Token, deeds: Iterable[Deed], strong: Sequence[Side], weak: Sequence[Side]) -> list[Side]:
    """Returns lender and debtor where those found beside an agreement noun are a lending body alone, else [].

    Args:
        view: The article.
        noun: The agreement noun.
        deeds: What governs it.
        strong: Certain parties found.
        weak: Possible ones.
    """
    if not any(deed.deed in _GRANTING for deed in deeds):
        return []  # "the way for loans from the World Bank"
    loan = noun.lower_.removesuffix("s") in LENT
    lenders = [side for side in (*strong, *(weak if loan else ())) if _lends(view, side.actor)]
    others = ids(strong) - ids(lenders)
    if len(ids(lenders)) != 1 or others:
        return []
    debtor = _debtor(view, noun)
    named = ids(weak) - ids(lenders)
    return [lenders[0], debtor] if debtor is not None and (not named or debtor.actor in named) else []


def _lends(view: Lookup, actor: str) -> bool:
    return view.lexicon.body_kinds.get(view.names.get(actor, "").lower()) is AgreementKind.FINANCE


def _debtor(view: Lookup, noun: Token) -> Side | None:
    """Returns the one country of the sentence, else the one that the article is about."""
    here = [entry for entry in view.covered(*view.sentence(noun.i)) if _country(view, entry[2])]
    named = {mention.actor for _start, _end, mention in here}
    if len(named) == 1:
        return Side(actor=named.pop(), signer=None, token=here[0][1] - 1)
    told = Counter(mention.actor for _start, _end, mention in view.mentions if _country(view, mention))
    ranked = told.most_common(_TWICE)
    if named or any(child.lower_ in _SAID for child in noun.lefts):
        return None  # "the loan" is one told before, with its debtor
    about = bool(ranked) and (len(ranked) == 1 or ranked[0][1] >= _TWICE * ranked[1][1])
    return Side(actor=ranked[0][0], signer=None, token=noun.i) if about else None


def _country(view: Lookup, mention: ActorMention) -> bool:
    return mention.form is not Form.PLACE and view.kinds.get(mention.actor) is ActorKind.COUNTRY
