"""The figures of an evaluation: how many of the wanted were found, and every finding behind the numbers."""

from collections.abc import Iterator
from typing import Any

from transforms.records import record, to_json


def share_of(part: int, whole: int) -> float:
    """Returns part / whole; 1 when there is no whole: nothing was asked, nothing is wrong."""
    return part / whole if whole else 1.0


@record
class Counts:
    """How many of the wanted were found, were missed, and how many found were not wanted."""

    hits: int = 0
    misses: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """The share of the found that was wanted; 1 when nothing was found."""
        return share_of(self.hits, self.hits + self.false)

    @property
    def recall(self) -> float:
        """The share of the wanted that was found; 1 when nothing was wanted."""
        return share_of(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return share_of(2 * self.hits, 2 * self.hits + self.misses + self.false)


@record
class Share:
    """How many of several answers are right."""

    right: int = 0
    total: int = 0

    @property
    def value(self) -> float:
        """The right share; 1 when there was nothing to answer."""
        return share_of(self.right, self.total)


@record
class Finding:
    """One thing that is not as in gold: what is wrong, and the sentence where it is seen ("" when none shows it)."""

    name: str
    problem: str
    what: str
    sentence: str = ""


@record
class Report:
    """The figures over all texts, and every finding behind them."""

    texts: int
    deadlines: Counts
    deadline_kind: Share
    agreements: Counts
    parties: Counts
    status: Share
    kind: Share
    actors: Share
    actor_kind: Share
    same_actor: Share
    different_actor: Share
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Returns the figures and findings as JSON-ready values; the ratios are rounded to four places."""
        figures: dict[str, Any] = {"texts": self.texts}
        for name, counts in self._counts():
            figures[name] = {
                **to_json(counts),
                "precision": round(counts.precision, 4),
                "recall": round(counts.recall, 4),
                "f1": round(counts.f1, 4),
            }
        for name, share in self._shares():
            figures[name] = {**to_json(share), "share": round(share.value, 4)}
        figures["findings"] = [to_json(finding) for finding in self.findings]
        return figures

    def lines(self) -> Iterator[str]:
        """Yields the report for people, line by line, without line ends."""
        for finding in self.findings:
            yield f"{finding.name}: {finding.problem}: {finding.what}"
            if finding.sentence:
                yield f"    {finding.sentence}"
        if self.findings:
            yield ""
        yield f"{self.texts} texts"
        for name, counts in self._counts():
            figures = f"precision {counts.precision:.3f}  recall {counts.recall:.3f}  F1 {counts.f1:.3f}"
            tail = f"({counts.hits} found, {counts.misses} missed, {counts.false} false)"
            yield f"{name.replace('_', ' '):<16} {figures}  {tail}"
        for name, share in self._shares():
            yield f"{name.replace('_', ' '):<16} {share.value:.3f}  ({share.right} of {share.total})"

    def _counts(self) -> tuple[tuple[str, Counts], ...]:
        return (("deadlines", self.deadlines), ("agreements", self.agreements), ("parties", self.parties))

    def _shares(self) -> tuple[tuple[str, Share], ...]:
        names = ("deadline_kind", "status", "kind", "actors", "actor_kind", "same_actor", "different_actor")
        return tuple((name, getattr(self, name)) for name in names)
