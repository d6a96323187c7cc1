"""The few features of a mention by which it is compared with others, and whether two may be of one agreement."""

import datetime
import re
from collections.abc import Sequence

from transforms.records import Actor, ActorKind, Agreement, AgreementKind, AgreementStatus, record
from transforms.resolve.accounts import Account, Told
from transforms.resolve.figures import figures_in
from transforms.resolve.pact_names import names_in, told_apart
from transforms.resolve.sides import Side, sides_of
from transforms.store.analysis import fold

# How far apart, in days, two accounts may be and speak of the same agreement.
#   REACHED: both say the day it was reached. "Agreed on Monday" and "signed on Wednesday" are one; of truces there may
#   be one a week, of loans and trade deals there is not.
#   FOLLOWED: one says the day, the other only talks of it: follow-up reports come for half a year; talks come before.
#   TALKED: both only talk of it.
REACHED_DAYS, REACHED_DAYS_OF_PEACE, REACHED_DAYS_OF_TRUCES = 14, 10, 2
FOLLOWED_DAYS, AWAITED_DAYS = 180, 21
TALKED_DAYS = 45
# A pact known by name is talked of for years: after it was reached, or between two who only talk of it.
NAMED_FOLLOWED_DAYS, NAMED_TALKED_DAYS, NAMED_REACHED_DAYS = 3_653, 366, 180
# The same when the parties are known in part only ("the rebels", one side alone).
PARTIAL_REACHED_DAYS, PARTIAL_FOLLOWED_DAYS, PARTIAL_AWAITED_DAYS = 1, 10, 2
KEPT = 32_768  # answers remembered in a process: a few hundred bytes each

# Kinds that careful readers give to one and the same agreement; `other` goes with all.
_KIN = (
    {AgreementKind.CEASEFIRE, AgreementKind.PEACE, AgreementKind.DEMILITARISATION, AgreementKind.POLITICAL},
    {AgreementKind.CEASEFIRE, AgreementKind.PRISONER_EXCHANGE},
    {AgreementKind.PEACE, AgreementKind.PRISONER_EXCHANGE},
    {AgreementKind.PEACE, AgreementKind.BORDER},
    {AgreementKind.ARMS_CONTROL, AgreementKind.DEMILITARISATION, AgreementKind.DEFENCE},
    {AgreementKind.TRADE, AgreementKind.COMMERCIAL, AgreementKind.TRANSPORT},
    {AgreementKind.TRADE, AgreementKind.ENERGY},
    {AgreementKind.COMMERCIAL, AgreementKind.ENERGY},
    {AgreementKind.COMMERCIAL, AgreementKind.FINANCE},
    {AgreementKind.COMMERCIAL, AgreementKind.LABOR},
)
# What a report calls agreed cannot be what is agreed only later.
SETTLED = frozenset(
    {AgreementStatus.AGREED, AgreementStatus.SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.EXTENDED}
)
# Talks after one agreement are about the next.
AWAITED = frozenset({AgreementStatus.PROPOSED, AgreementStatus.NEGOTIATING})
_NEWS = frozenset({AgreementStatus.AGREED, AgreementStatus.SIGNED})
_TRUCES = frozenset({AgreementKind.CEASEFIRE, AgreementKind.DEMILITARISATION})
_NOUNS = r"(?:agreements?|accords?|deals?|pacts?)\b"
# "The deal that ...", "Monday's agreement", "an agreement with ..."; not "the trade deal", "a deal on fish".
_BARE = re.compile(
    rf"\b(?:an?|the|this|that|their|its|[\w-]+[’']s?|new|such|draft|final|tentative|\w+-brokered) {_NOUNS}"
    r"(?! (?:on (?!\d|(?-i:[A-Z]))|to |over |for |about |under |governing |covering ))",
    re.IGNORECASE,
)
_TELLING = re.compile(
    rf"\b{_NOUNS}|\b(?:truces?|cease-?fires?|treat(?:y|ies)|mergers?|contracts?|loans?|swaps?|"
    r"exchanges?|armistice|coalition|bailout|takeover)\b",
    re.IGNORECASE,
)
# A headline in the present tense tells of the day, or of the day before.
_FRESH = re.compile(
    r"(?<!to )(?<!will )(?<!not )\b(?:agrees?\b|(?:reach(?:es)?|signs?|strikes?|seals?|clinch(?:es)?|inks?|announces?|"
    r"concludes?) (?:\S+ ){0,6}?\S*(?:deal|accord|agreement|pact|truce|cease-?fire|treaty|contract|merger|coalition))",
    re.IGNORECASE,
)
_HEADLINE_CHARACTERS = 200
_FRESH_DAYS = 1
_UNNAMED = re.compile(r" \([^()]+\)$")  # "rebels (Liberia)"


@record
class Sketch:
    """The features of one mention.

    Attributes:
        key: The mention's.
        account: Which version of its article's account it was made from.
        reached: Ordinals of the first and last day it can have been reached, or None when the article does not say.
        seen: Ordinal of the day of publication, or None.
        parties: Their ids, sorted.
        unnamed: Those of them known only as "rebels" and the like.
        names: Names of its own that it goes by ("new start"), sorted.
        vague: Whether only what stands around it says of which kind it is ("the deal the two struck in March").
        sides: What is known of those of its parties that are no countries.
        about: Whom its article speaks of most, and what its own parties are known by; ids, surnames as "~kolvar".
        figures: Those of its sentences, in one form.
        due: The days of its deadlines.
        place: Where it was reached, folded, or empty.
        label: A person's decision: mentions of one label are one agreement, of two labels two; empty without any.
        order: Where it stands among all mentions: published, article, place in the text.
        silent: Whether its article turned out to be a copy: it is known by, and counts for nothing else.
    """

    key: str
    article: str
    account: str
    order: tuple[str, str, int]
    entered: str
    kind: AgreementKind
    status: AgreementStatus
    parties: tuple[str, ...]
    unnamed: tuple[str, ...]
    reached: tuple[int, int] | None
    seen: int | None
    label: str = ""
    names: tuple[str, ...] = ()
    vague: bool = False
    sides: tuple[Side, ...] = ()
    about: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    place: str = ""
    silent: bool = False

    @property
    def sort(self) -> tuple[object, ...]:
        """What it is compared by: mentions of one sort may be the same as just the same others."""
        when = self.reached or self.seen, self.status in SETTLED, self.status in AWAITED
        return self.parties, self.sides, self.kind, self.vague, self.names, when, self.label

    @property
    def day(self) -> int | None:
        """The day it is filed under: when it was reached, else when it was reported."""
        return self.reached[0] if self.reached else self.seen


def _ordinal(text: str | None) -> int | None:
    return datetime.date.fromisoformat(text[:10]).toordinal() if text else None


def _span(reached: str | None) -> tuple[int, int] | None:
    """Returns the ordinals of the first and last day of YYYY, YYYY-MM or YYYY-MM-DD."""
    if reached is None:
        return None
    year, month, day = (*(int(part) for part in reached.split("-")), 0, 0)[:3]
    first = datetime.date(year, month or 1, day or 1)
    if day:
        last = first
    else:
        last = datetime.date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1) - datetime.timedelta(days=1)
    return first.toordinal(), last.toordinal()


UNDATED = "9999"  # an article without a date is heard last


def sketch_of(account: Account, version: str, told: Told, label: str = "") -> Sketch:
    """Returns the sketch of one mention of an account, in the version that goes by this digest."""
    agreement = told.agreement
    actors = {actor.id: actor for actor in account.actors}
    unnamed = {party for party in agreement.parties if party in actors and _is_unnamed(actors[party])}
    start = agreement.evidence[0].start if agreement.evidence else 0
    sides = sides_of(account.actors, agreement.parties)
    sentences = [evidence.text for evidence in agreement.evidence]
    return Sketch(
        key=told.key,
        article=account.article,
        account=version,
        order=(account.published or UNDATED, account.article, start),
        entered=told.entered,
        kind=agreement.kind,
        status=agreement.status,
        parties=tuple(sorted({*agreement.parties})),
        unnamed=tuple(sorted(unnamed)),
        reached=_span(agreement.reached) or _told_fresh(agreement, account.published),
        seen=_ordinal(account.published),
        label=label,
        names=names_in(sentences, account),
        vague=_is_vague(sentences),
        sides=sides,
        about=tuple(sorted({*account.about, *agreement.parties, *(key for side in sides for key in side.tokens)})),
        figures=figures_in(sentences),
        due=tuple(sorted({deadline.date.isoformat() for deadline in told.deadlines})),
        place=fold(agreement.place or ""),
        silent=account.silent,
    )


def _is_unnamed(actor: Actor) -> bool:
    """Whether an actor is known only as "rebels (Liberia)" or "unions"."""
    generic = actor.name.islower() or _UNNAMED.search(actor.name) is not None
    return generic and actor.kind is not ActorKind.COUNTRY


def _told_fresh(agreement: Agreement, published: str | None) -> tuple[int, int] | None:
    """Returns the days on which an agreement was reached that a headline tells of in the present tense."""
    seen = _ordinal(published)
    if seen is None or not agreement.evidence or agreement.status not in _NEWS:
        return None
    first = agreement.evidence[0]
    headline = first.start == 0 and len(first.text) <= _HEADLINE_CHARACTERS and first.text[-1:] not in ".!?"
    return (seen - _FRESH_DAYS, seen) if headline and _FRESH.search(first.text) else None


def _is_vague(sentences: Sequence[str]) -> bool:
    """Whether an agreement is called no more than that: without a word before or behind that says what it is about."""
    text = " ".join(" ".join(sentences).split())
    return _BARE.search(text) is not None and _TELLING.search(_BARE.sub("", text)) is None


def tokens(sketch: Sketch, most: int | None = None) -> frozenset[str]:
    """Returns what the (first) parties are known by in other articles."""
    first = sketch.parties[:most]
    return frozenset({*first, *(key for side in sketch.sides if side.party in first for key in side.tokens)})


def is_partial(sketch: Sketch) -> bool:
    """Returns whether a mention names fewer than two parties."""
    return len(sketch.parties) - len(sketch.unnamed) < 2


def shared_parties(one: Sketch, other: Sketch) -> int:
    """Returns how many parties two mentions have in common."""
    return len({*one.parties} & {*other.parties})


def _part_of(one: Sketch, other: Sketch) -> bool:
    """Whether all that one names, the other names too, so that its unnamed side may be who is left there."""
    named = {*one.parties} - {*one.unnamed}
    return is_partial(one) and bool(named) and named <= {*other.parties}


def may_have_the_same_sides(one: Sketch, other: Sketch) -> bool:
    """Returns whether two parties are the same, or all that one mention names are, and its other side is not named."""
    return shared_parties(one, other) >= 2 or _part_of(one, other) or _part_of(other, one)


def is_exact(sketch: Sketch) -> bool:
    """Returns whether a mention is of a certain day: only then is it enough that one side is the same."""
    return sketch.reached is None or sketch.reached[1] - sketch.reached[0] <= _FRESH_DAYS


def kinds_agree(one: Sketch, other: Sketch, *, fully: bool) -> bool:
    """Returns whether two mentions may be told as of these kinds and speak of the same agreement.

    Args:
        one: A mention.
        other: Another.
        fully: Whether two of their parties are known to be the same.
    """
    kinds = {one.kind, other.kind}
    if len(kinds) == 1 or _of_one_day(one, other):
        return True
    return fully and (AgreementKind.OTHER in kinds or any(kinds <= kin for kin in _KIN))


def _of_one_day(one: Sketch, other: Sketch) -> bool:
    """Whether the same parties reached them at one time, and one is too vague to be told from the other by its kind."""
    together = one.reached is not None and other.reached is not None and _between(one.reached, other.reached) == 0
    return together and (one.vague or other.vague) and len(one.parties) > 1 and one.parties == other.parties


def _between(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Returns the days between two spans of days; 0 where they overlap."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def times_agree(one: Sketch, other: Sketch, *, fully: bool) -> bool:
    """Returns whether two mentions come at times at which they may speak of the same agreement.

    Args:
        one: A mention.
        other: Another.
        fully: Whether two of their parties are known to be the same.
    """
    if one.reached and other.reached:
        return _between(one.reached, other.reached) <= (reached_days(one, other) if fully else PARTIAL_REACHED_DAYS)
    if one.reached or other.reached:
        return _talks_of(one, other, fully=fully) if other.reached else _talks_of(other, one, fully=fully)
    if one.seen is None or other.seen is None:
        return fully and one.seen == other.seen
    return abs(one.seen - other.seen) <= (TALKED_DAYS if fully else PARTIAL_FOLLOWED_DAYS)


def reached_days(one: Sketch, other: Sketch) -> int:
    """Returns how many days may lie between the days on which two reports say that their agreement was reached."""
    kinds = {one.kind, other.kind}
    if kinds & _TRUCES:
        return REACHED_DAYS_OF_TRUCES
    return REACHED_DAYS_OF_PEACE if AgreementKind.PEACE in kinds else REACHED_DAYS


def _talks_of(talk: Sketch, dated: Sketch, *, fully: bool) -> bool:
    """Whether a mention that does not say when it was reached comes at the time to talk of one that does."""
    if talk.seen is None or dated.reached is None:
        return False
    before, after = (AWAITED_DAYS, FOLLOWED_DAYS) if fully else (PARTIAL_AWAITED_DAYS, PARTIAL_FOLLOWED_DAYS)
    if talk.status in SETTLED and {talk.kind, dated.kind} & _TRUCES:
        before = min(before, REACHED_DAYS_OF_TRUCES)
    return dated.reached[0] - before <= talk.seen <= dated.reached[1] + after


def _shares_a_party(one: Sketch, other: Sketch) -> bool:
    return not ({*one.parties} - {*one.unnamed}).isdisjoint(other.parties)


def _named_times_agree(one: Sketch, other: Sketch) -> bool:
    if one.reached and other.reached:
        wide = REACHED_DAYS_OF_TRUCES if {one.kind, other.kind} & _TRUCES else NAMED_REACHED_DAYS
        return _between(one.reached, other.reached) <= wide
    if one.seen is None or other.seen is None:
        return False
    if not one.reached and not other.reached:
        return abs(one.seen - other.seen) <= NAMED_TALKED_DAYS
    talk, dated = (one, other) if other.reached else (other, one)
    first, last = dated.reached or (0, 0)
    return first - AWAITED_DAYS <= (talk.seen or 0) <= last + NAMED_FOLLOWED_DAYS


def may_be_same(one: Sketch, other: Sketch) -> bool:
    """Returns whether two mentions may speak of the same agreement, looked at by themselves; symmetrical.

    A person's labels decide where both have one. Otherwise parties, kind and time must agree; under one name a party in
    common is enough, and the kind may be another.
    """
    if one.label and other.label:
        return one.label == other.label
    if told_apart(one.names, other.names):
        return False
    if not {*one.names}.isdisjoint(other.names) and _shares_a_party(one, other) and _named_times_agree(one, other):
        return True
    fully = shared_parties(one, other) >= 2
    if not fully and not (is_exact(one) and is_exact(other) and may_have_the_same_sides(one, other)):
        return False
    return kinds_agree(one, other, fully=fully) and times_agree(one, other, fully=fully)


def _when(sketch: Sketch) -> tuple[int, int]:
    return sketch.reached or (sketch.seen or 0, sketch.seen or 0)


def distance(one: Sketch, other: Sketch) -> int:
    """Returns how many days lie between two mentions, by when it was reached where they say so, else by publication."""
    return _between(_when(one), _when(other))
