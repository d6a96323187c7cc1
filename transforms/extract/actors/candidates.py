"""The stretches of a text that may name an actor, and which of its words they take."""

import dataclasses

from transforms.extract.actors.gazetteer import Match
from transforms.extract.actors.known import Entry
from transforms.extract.actors.text import Words
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form

LONGEST_NAME = 12  # words; longer names are sentences in title case


@dataclasses.dataclass(slots=True, kw_only=True, eq=False)
class Candidate:
    """A stretch that may name an actor: words `first` to `last`, end exclusive.

    Attributes:
        key: The folded words that name it.
        label: What the trained pipeline (or a pattern) takes it for; "" where only the gazetteer knows it.
        titled: A title or role stands before it, so that it is a person.
        role: The office as written, without the side.
        side: The candidate whose office it is ("Turkish" in "Turkish President X"), or None.
        nested: The country in the name of a public body ("Zambia" in "Central Bank of Zambia"), or None.
        described: The words around it say that it is an organization ("analyst at X").
    """

    first: int
    last: int
    key: tuple[str, ...]
    label: str
    rule: str
    entry: Entry | None = None
    form: Form = Form.NAME
    titled: bool = False
    role: str | None = None
    side: "Candidate | None" = None
    nested: "Candidate | None" = None
    described: bool = False


class Board:
    """Which words are taken, and by which candidate."""

    def __init__(self, size: int) -> None:
        self.owner: list[Candidate | None] = [None] * size
        self.label = [""] * size

    def free(self, first: int, last: int) -> bool:
        """Returns whether no candidate has any of words `first` to `last`."""
        return self.owner[first:last].count(None) == last - first

    def put(self, candidate: Candidate) -> None:
        """Gives a candidate its words."""
        for i in range(candidate.first, candidate.last):
            self.owner[i] = candidate

    def all(self) -> list[Candidate]:
        """Returns the candidates in the order of the text."""
        seen: dict[int, Candidate] = {}
        for candidate in self.owner:
            if candidate is not None:
                seen.setdefault(id(candidate), candidate)
        return list(seen.values())


def known_candidate(words: Words, match: Match, label: str) -> Candidate:
    """Returns the candidate of a known actor's name, with what the trained pipeline takes it for."""
    return Candidate(
        first=match.first,
        last=match.last,
        key=tuple(words.key[match.first : match.last]),
        label=label,
        rule="actors.known",
        entry=match.entry,
        form=match.form,
    )


def is_no_actor(words: Words, first: int, last: int) -> bool:
    """Says whether words are the name of a document, an event, a day or the like, and no actor's."""
    lists = word_lists()
    key = tuple(words.key[first:last])
    if key in lists.not_actors or key in lists.named_pacts or not any(key):
        return True
    if all(word.isdigit() for word in key) or (len(key) > 1 and key[-1].isdigit() and len(key[-1]) > 2):
        return True
    if len(key) > 1 and key[-1] in lists.not_actor_heads and key[-1] not in lists.org_heads:
        return True
    following = words.key[last] if last < len(words) else ""
    return len(key) == 1 and len(words.text[first].strip(".")) == 1 and not following
