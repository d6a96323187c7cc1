"""Scores what the reader finds against a folder of gold articles, and lists every miss and false alarm."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.gold import GoldAgreement, GoldDeadline, GoldText
from pipeline.scores import Counts, Finding, Report, Share, share_of
from transforms.extract.model import prepare
from transforms.extract.reading import reading_of
from transforms.records import Actor, Agreement, AgreementStatus, Deadline, Reading

# A gold agreement is found when at least this share of its parties is (../shared/gold/README.md).
PARTY_SHARE = 0.5

# Kinds that a careful reader may exchange for one another (../shared/gold/README.md).
NEIGHBOURS = (
    frozenset({"peace", "ceasefire", "political"}),
    frozenset({"demilitarisation", "ceasefire"}),
    frozenset({"arms_control", "nuclear"}),
    frozenset({"trade", "commercial", "energy", "finance"}),
    frozenset({"border", "transport"}),
)

STATUS_GROUPS = {
    AgreementStatus.PROPOSED: "pending",
    AgreementStatus.NEGOTIATING: "pending",
    AgreementStatus.AGREED: "reached",
    AgreementStatus.SIGNED: "reached",
    AgreementStatus.IN_FORCE: "reached",
    AgreementStatus.EXTENDED: "extended",
    AgreementStatus.SUSPENDED: "ended",
    AgreementStatus.VIOLATED: "ended",
    AgreementStatus.REJECTED: "ended",
    AgreementStatus.EXPIRED: "ended",
    AgreementStatus.COLLAPSED: "ended",
}

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "–": "-", "—": "-", "‐": "-"})
_COURTESY = re.compile(r"^(?:mr|mrs|ms|miss|dr)\.? ")  # "Mr. Santos" is no other name than "Santos"
_SENTENCE_ENDS = re.compile(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])|\n+")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def score(gold: Mapping[str, GoldText], readings: Mapping[str, Reading]) -> Report:
    """Compares readings with gold, text by text.

    Args:
        gold: By name, as `read_gold` returns it.
        readings: What was read in each text, by the same names; a text without one counts as read empty.

    Returns:
        The figures over all texts and the findings in the order of gold.
    """
    tally = _Tally()
    for name, wanted in gold.items():
        reading = readings.get(name, Reading(article=name))
        text = _Text(name, wanted, reading, tally)
        text.score_deadlines()
        text.score_agreements()
        text.score_actors()
    return tally.report(len(gold))


def read_all(gold: Mapping[str, GoldText], nlp: Any) -> dict[str, Reading]:
    """Returns what the reader finds in each gold text, by name.

    Args:
        gold: By name, as `read_gold` returns it.
        nlp: The pipeline of `transforms.extract.model.load_reader`.
    """
    docs = (prepare(nlp, wanted.text, name, wanted.published) for name, wanted in gold.items())
    read = zip(nlp.pipe(docs), gold.items(), strict=True)
    return {name: reading_of(doc, wanted.text) for doc, (name, wanted) in read}


class _Tally:
    """Adds up over texts; the only mutable state of a scoring."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._findings: list[Finding] = []

    def add(self, measure: str, what: str, number: int = 1) -> None:
        self._numbers[measure, what] = self._numbers.get((measure, what), 0) + number

    def answer(self, measure: str, right: bool) -> None:
        self.add(measure, "total")
        self.add(measure, "right", int(right))

    def tell(self, finding: Finding) -> None:
        self._findings.append(finding)

    def report(self, texts: int) -> Report:
        return Report(
            texts=texts,
            deadlines=self._counts("deadlines"),
            deadline_kind=self._share("deadline_kind"),
            agreements=self._counts("agreements"),
            parties=self._counts("parties"),
            status=self._share("status"),
            kind=self._share("kind"),
            actors=self._share("actors"),
            actor_kind=self._share("actor_kind"),
            same_actor=self._share("same_actor"),
            different_actor=self._share("different_actor"),
            findings=tuple(self._findings),
        )

    def _counts(self, measure: str) -> Counts:
        return Counts(**{what: self._numbers.get((measure, what), 0) for what in ("hits", "misses", "false")})

    def _share(self, measure: str) -> Share:
        return Share(**{what: self._numbers.get((measure, what), 0) for what in ("right", "total")})


class _Text:
    """Scores one text into a tally."""

    def __init__(self, name: str, wanted: GoldText, reading: Reading, tally: _Tally) -> None:
        self._name = name
        self._wanted = wanted
        self._reading = reading
        self._tally = tally
        self._names = {actor.id: _names(actor) for actor in reading.actors}
        self._actors = {actor.id: actor for actor in reading.actors}

    def score_deadlines(self) -> None:
        """Pairs deadlines by date; of several on one date the one of the right kind."""
        left = list(self._reading.deadlines)
        for gold in sorted(self._wanted.deadlines, key=lambda deadline: deadline.optional):
            found = _best_deadline(gold, left)
            if found is not None:
                left.remove(found)
            if gold.optional:
                continue
            if found is None:
                self._tally.add("deadlines", "misses")
                self._tell("deadline missed", f"{gold.date} {gold.kind}, {gold.about}", self._sentence(gold))
                continue
            self._tally.add("deadlines", "hits")
            if gold.kind is not None:
                self._tally.answer("deadline_kind", found.kind == gold.kind)
                if found.kind != gold.kind:
                    self._tell(
                        "deadline kind", f"{gold.date} is {found.kind}, expected {gold.kind}", found.evidence.text
                    )
        for false in left:
            self._tally.add("deadlines", "false")
            what = f"{false.date} {false.kind}, {false.text!r} [{false.evidence.rule}]"
            self._tell("deadline false", what, false.evidence.text)

    def score_agreements(self) -> None:
        """Pairs agreements by parties, best first, and scores kind, status and parties of the pairs."""
        pairs, missed, false = self._paired_agreements()
        for gold, found in pairs:
            if not gold.optional:
                self._tally.add("agreements", "hits")
                self._score_pair(gold, found)
        for gold in missed:
            if not gold.optional:
                self._tally.add("agreements", "misses")
                what = f"{gold.kind} between {', '.join(gold.parties)} ({gold.status})"
                self._tell("agreement missed", what, self._closest(_words(" ".join(gold.parties)) | {"agreement"}))
        for found in false:
            self._tally.add("agreements", "false")
            self._tell("agreement false", self._describe(found), _evidence(found))

    def score_actors(self) -> None:
        """Scores the listed actors (the list is not complete, so others are not false) and who is the same."""
        for name, kind in self._wanted.actors.items():
            found = [self._actors[actor] for actor in self._called(name)]
            self._tally.answer("actors", bool(found))
            if not found:
                self._tell("actor missed", f"{name} ({kind})", self._closest(_words(name)))
                continue
            right = any(actor.kind == kind for actor in found)
            self._tally.answer("actor_kind", right)
            if not right:
                self._tell("actor kind", f"{name} is {found[0].kind}, expected {kind}")
        self._score_sameness()

    def _score_sameness(self) -> None:
        for names in self._wanted.same_actor:
            right = bool(set.intersection(*(self._called(name) for name in names)))
            self._tally.answer("same_actor", right)
            if not right:
                self._tell("actor not one record", ", ".join(names))
        for names in self._wanted.different_actor:
            right = not set.intersection(*(self._called(name) for name in names))
            self._tally.answer("different_actor", right)
            if not right:
                self._tell("actors in one record", ", ".join(names))

    def _score_pair(self, gold: GoldAgreement, found: Agreement) -> None:
        hits = self._shared_parties(gold, found)
        self._tally.add("parties", "hits", hits)
        self._tally.add("parties", "misses", len(gold.parties) - hits)
        self._tally.add("parties", "false", len(found.parties) - hits)
        if hits < max(len(gold.parties), len(found.parties)):
            what = f"{self._describe(found)}, expected {', '.join(gold.parties)}"
            self._tell("agreement parties", what, _evidence(found))
        right = _same_kind(found.kind, gold.kind)
        self._tally.answer("kind", right)
        if not right:
            self._tell("agreement kind", f"{self._describe(found)}, expected {gold.kind}", _evidence(found))
        if gold.status is not None:
            right = gold.status in (found.status, STATUS_GROUPS[found.status])
            self._tally.answer("status", right)
            if not right:
                self._tell("agreement status", f"{self._describe(found)}, expected {gold.status}", _evidence(found))

    def _paired_agreements(
        self,
    ) -> tuple[list[tuple[GoldAgreement, Agreement]], list[GoldAgreement], list[Agreement]]:
        """Returns the pairs, the gold agreements left over and the found ones left over."""
        golds, founds = self._wanted.agreements, self._reading.agreements
        closeness = sorted(
            (self._closeness(gold, found), -i, -j) for i, gold in enumerate(golds) for j, found in enumerate(founds)
        )
        taken: dict[int, int] = {}
        for (share, *_), i, j in reversed(closeness):
            if share >= PARTY_SHARE and -i not in taken and -j not in taken.values():
                taken[-i] = -j
        pairs = [(golds[i], founds[j]) for i, j in sorted(taken.items())]
        missed = [gold for i, gold in enumerate(golds) if i not in taken]
        return pairs, missed, [found for j, found in enumerate(founds) if j not in taken.values()]

    def _closeness(self, gold: GoldAgreement, found: Agreement) -> tuple[float, float, bool, bool, bool]:
        """Ranks a pair: by parties first, required before optional, then by kind and status."""
        hits = self._shared_parties(gold, found)
        overlap = share_of(hits, len(gold.parties) + len(found.parties) - hits)
        status = gold.status in (found.status, STATUS_GROUPS[found.status])
        same = _same_kind(found.kind, gold.kind)
        return (share_of(hits, len(gold.parties)), overlap, not gold.optional, same, status)

    def _shared_parties(self, gold: GoldAgreement, found: Agreement) -> int:
        """Counts the gold parties that are parties of the found agreement, each found one used once."""
        left = list(found.parties)
        for name in gold.parties:
            match = next((party for party in left if party in self._called(name)), None)
            if match is not None:
                left.remove(match)
        return len(found.parties) - len(left)

    def _called(self, name: str) -> set[str]:
        """Returns the ids of the found actors that go by a name."""
        folded = _COURTESY.sub("", fold_name(name))
        return {actor for actor, names in self._names.items() if folded in names}

    def _describe(self, found: Agreement) -> str:
        parties = (self._actors[party].name if party in self._actors else party for party in found.parties)
        rules = ", ".join(sorted({evidence.rule for evidence in found.evidence}))
        return f"{found.kind} between {', '.join(parties)} ({found.status}) [{rules}]"

    def _sentence(self, gold: GoldDeadline) -> str:
        words = _words(gold.about)
        parts = gold.date.split("-")
        if len(parts) > 1:
            words |= {_MONTHS[int(parts[1]) - 1], *(part.lstrip("0") for part in parts[2:])}
        else:
            words |= {parts[0]}
        return self._closest(words)

    def _closest(self, words: set[str]) -> str:
        """Returns the first of the sentences of the text that hold most of the words; "" when none holds any."""
        sentences = [" ".join(sentence.split()) for sentence in _SENTENCE_ENDS.split(self._wanted.text)]
        best = max(sentences, key=lambda sentence: len(words & _words(sentence)), default="")
        return best if words & _words(best) else ""

    def _tell(self, problem: str, what: str, sentence: str = "") -> None:
        self._tally.tell(Finding(name=self._name, problem=problem, what=what, sentence=" ".join(sentence.split())))


def _best_deadline(gold: GoldDeadline, founds: Iterable[Deadline]) -> Deadline | None:
    """Returns the found deadline in the gold day, month or year, of the right kind where there is one."""
    same = [found for found in founds if found.date.isoformat().startswith(gold.date)]
    return next((found for found in same if found.kind == gold.kind), next(iter(same), None))


def _same_kind(found: str, gold: str) -> bool:
    return found == gold or any(found in kinds and gold in kinds for kinds in NEIGHBOURS)


def _names(actor: Actor) -> frozenset[str]:
    return frozenset(fold_name(name) for name in (actor.name, *actor.aliases))


def fold_name(name: str) -> str:
    """Returns a name without case, accents, leading article and possessive, with plain apostrophes and dashes."""
    plain = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES)).casefold()
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(letters.removesuffix("'s").removeprefix("the ").split())


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", fold_name(text)) if word not in {"of", "the", "and"}}


def _evidence(found: Agreement) -> str:
    return found.evidence[0].text if found.evidence else ""
