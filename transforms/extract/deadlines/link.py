"""Finds the agreement a date belongs to, and how sure that is."""

import bisect
from collections.abc import Iterator, Mapping, Sequence

import numpy
from spacy.tokens import Doc, Span, Token

from transforms.extract.agreements.component import AgreementMention
from transforms.extract.deadlines.clause import Clause
from transforms.extract.deadlines.force import Force, over
from transforms.extract.deadlines.lexicon import Lexicon
from transforms.extract.layers import ActorMention
from transforms.extract.pastimes import is_pastime, tells_of_pastime
from transforms.records import Agreement, AgreementKind, AgreementStatus, record

PENDING = frozenset({AgreementStatus.PROPOSED, AgreementStatus.NEGOTIATING})
ENDED = frozenset({AgreementStatus.REJECTED, AgreementStatus.EXPIRED, AgreementStatus.COLLAPSED})
_NEAR = 3  # sentences within which news goes on about the same agreement without naming it
_NEAR_ALONE = 8  # the same, where the article has no other agreement to go on about
# What a player's deal passes for.
_LIGHT = frozenset({AgreementKind.OTHER, AgreementKind.COMMERCIAL, AgreementKind.LABOR})
_BACK, _AHEAD = 12, 4  # mentions looked at before and behind a date; the headline's is looked at always
_LONGEST = 400  # tokens of a sentence looked at: a text without full stops is one sentence
_PRONOUNS = frozenset({"it", "they", "this", "which", "that"})

TIED = 3  # the date hangs on the mention, or the mention on the date's clause
BESIDE = 2  # the same sentence, or the one before
AROUND = 1  # some sentences before, or a party acts
APART = 0  # elsewhere in the article


@record
class Link:
    """The agreement a date belongs to, how close it stands, and whether it is the article's only one that stands."""

    agreement: Agreement
    closeness: int
    mention: AgreementMention
    alone: bool


class Linker:
    """Knows where one article speaks of which agreement. Made for one Doc, then thrown away."""

    def __init__(self, doc: Doc, lexicon: Lexicon) -> None:
        self._trivia = lexicon.words["trivia"]
        self._naming = lexicon.words["naming"]
        self._doc = doc
        self._agreements: Mapping[str, Agreement] = {found.id: found for found in doc._.agreements}
        self._mentions: Sequence[AgreementMention] = [
            mention for mention in doc._.agreement_mentions if mention.agreement in self._agreements
        ]
        self._triggers = [mention.trigger for mention in self._mentions]
        standing = [found for found in doc._.agreements if found.status not in PENDING | ENDED]
        self._alone = len(standing or self._agreements) == 1
        self._pastime = is_pastime(doc)
        self._parties = {found.id: frozenset(found.parties) for found in doc._.agreements}
        self._represents: Mapping[str, str] = doc._.represents
        self._actors: Sequence[ActorMention] = doc._.actor_mentions
        self._naming_in: dict[int, bool] = {}  # by sentence: one has many dates where a text has no full stops
        self._trivial_in: dict[int, bool] = {}
        self._pastime_in: dict[int, bool] = {}
        self._places = [place.start for place in doc._.actor_mentions]
        self._starts: list[int] = numpy.flatnonzero(doc.to_array("SENT_START") == 1).tolist()

    def sentence(self, token: int) -> int:
        """Returns the number of the sentence a token stands in."""
        return bisect.bisect_right(self._starts, token)

    def _tokens_of(self, sentence: int) -> Span:
        last = len(self._doc) if sentence >= len(self._starts) else int(self._starts[sentence])
        return self._doc[int(self._starts[sentence - 1]) : min(last, int(self._starts[sentence - 1]) + _LONGEST)]

    def _actors_of(self, sentence: int) -> set[str]:
        """Returns the sides that a sentence names, persons and offices as whom they stand for."""
        tokens = self._tokens_of(sentence)
        start, after = tokens.start_char, tokens.end_char
        first, last = bisect.bisect_left(self._places, start), bisect.bisect_left(self._places, after)
        return {self._represents.get(place.actor, place.actor) for place in self._actors[first:last]}

    def _names_agreement(self, sentence: int) -> bool:
        if sentence not in self._naming_in:
            tokens = self._tokens_of(sentence)
            self._naming_in[sentence] = any(token.lemma_.lower() in self._naming for token in tokens)
        return self._naming_in[sentence]

    def _has_trivia(self, sentence: int) -> bool:
        if sentence not in self._trivial_in:
            tokens = self._tokens_of(sentence)
            self._trivial_in[sentence] = any(token.lemma_.lower() in self._trivia for token in tokens)
        return self._trivial_in[sentence]

    def _has_pastime(self, sentence: int) -> bool:
        if sentence not in self._pastime_in:
            self._pastime_in[sentence] = tells_of_pastime(self._tokens_of(sentence))
        return self._pastime_in[sentence]

    def trivial(self, span: Span, link: Link) -> bool:
        """Whether a date and its agreement stand among words of sport, show business or shops."""
        if self._pastime and link.closeness < TIED:
            return True
        if link.agreement.kind not in _LIGHT:
            return link.closeness < TIED and self._has_pastime(self.sentence(span.root.i))
        places = {self.sentence(span.root.i), self.sentence(link.mention.trigger)}
        return any(self._has_trivia(place) for place in places)

    def link(self, span: Span, clause: Clause) -> Link | None:
        """Returns the agreement a date belongs to; None when the article has none.

        Args:
            span: The tokens of the date.
            clause: The clause of the date.
        """
        here = self.sentence(span.root.i)
        self._acting = self._actors_of(here)
        self._named = self._names_agreement(here)
        at = bisect.bisect_left(self._triggers, span.start)
        around = [*self._mentions[max(0, at - _BACK) : at + _AHEAD], *self._mentions[:1]]
        links = [self._rated(mention, span, clause, here) for mention in around]
        if not links:
            return None
        _, best = max(links, key=lambda rated: rated[0])
        over = best.agreement.status in ENDED and clause.force >= Force.FUTURE
        if over and best.closeness >= TIED:
            alive = [rated for rated in links if _alike(rated[1].agreement, best.agreement) and rated[1].closeness]
            return max(alive, key=lambda rated: rated[0])[1] if alive else best
        if best.closeness >= TIED or not _set_aside(best.agreement, clause):
            return best
        reached = [
            rated for rated in links if not _set_aside(rated[1].agreement, clause) and rated[1].closeness >= AROUND
        ]
        return max(reached, key=lambda rated: rated[0])[1] if reached else best

    def _rated(
        self, mention: AgreementMention, span: Span, clause: Clause, here: int
    ) -> tuple[tuple[int, float, float], Link]:
        agreement = self._agreements[mention.agreement]
        acting = len(self._acting & self._parties[agreement.id])
        distance = here - self.sentence(mention.trigger)
        closeness = self._closeness(mention, clause, distance)
        reached = 0.0 if agreement.status in PENDING else 1.0
        before = mention.trigger < span.start
        near = -abs(mention.trigger - span.start) - (0 if before else 3)
        rank = closeness if before or distance == 0 or self._alone else closeness - 1
        rank = max(rank, min(acting, BESIDE), AROUND if self._named else APART)
        return (rank, reached if rank < TIED else 0.0, near), Link(
            agreement=agreement, closeness=max(rank, APART), mention=mention, alone=self._alone
        )

    def _closeness(self, mention: AgreementMention, clause: Clause, distance: int) -> int:
        if distance == 0:
            return TIED if self._tied(self._doc[mention.trigger], clause) else BESIDE
        subject = clause.subject
        if distance == 1:
            return TIED if subject is not None and subject.lower_ in _PRONOUNS else BESIDE
        if self._alone:
            return AROUND if -_NEAR <= distance <= _NEAR_ALONE else APART
        return AROUND if 0 < distance <= _NEAR else APART

    def _tied(self, trigger: Token, clause: Clause) -> bool:
        """Whether the mention governs the date's clause, or stands in it."""
        if trigger in (clause.governor, clause.subject, clause.verb) or trigger in _statement(clause):
            return True
        head = trigger
        for _ in range(4):  # "under the terms of the agreement", "agreed to a ceasefire" hang no deeper
            if head == clause.verb:
                return True
            if head.head == head:
                return False
            head = head.head
        return False


def _alike(agreement: Agreement, ended: Agreement) -> bool:
    """Whether an agreement stands in place of one of the same kind that is over ("the new pact would expire")."""
    return agreement.kind is ended.kind and agreement.status not in ENDED | PENDING


def _set_aside(agreement: Agreement, clause: Clause) -> bool:
    """Whether an agreement does not stand, or no longer does where the deed is still to come."""
    return agreement.status in PENDING or (agreement.status in ENDED and clause.force >= Force.FUTURE)


def _statement(clause: Clause) -> Iterator[Token]:
    """Yields what stands over the deed in its own statement, conjoined statements left out."""
    for lower, upper in zip(clause.chain, over(clause.chain), strict=False):
        if lower.dep_ == "conj":
            return
        yield upper
