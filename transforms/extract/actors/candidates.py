"""The stretches of a text that may name an actor: known actors, the trained names (mended), titles and heads."""

import dataclasses
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from transforms.extract.actors.branches import GROUP_WORDS, branches, firm_end, locals_of, spelled_out, tail_of
from transforms.extract.actors.countries import seats
from transforms.extract.actors.gazetteer import Gazetteer, Match, is_acronym
from transforms.extract.actors.known import Entry
from transforms.extract.actors.text import Words
from transforms.extract.actors.trained import ARTICLES, PARTICLES, trained_names
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form
from transforms.records import ActorKind

# Head nouns of bodies that a country has: its name in theirs counts as naming the country.
PUBLIC_BODIES = frozenset(
    {
        *("bank", "congress", "parliament", "senate", "assembly", "ministry", "army", "court", "council", "authority"),
        *("commission", "agency", "embassy", "cabinet", "government", "house", "navy", "force", "forces", "police"),
        *("university", "office", "department", "board"),
    }
)
_LONGEST_NAME = 12  # words; longer names are sentences in title case


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


def find_candidates(words: Words, gazetteer: Gazetteer, year: int | None = None) -> list[Candidate]:
    """Returns the candidates of a text in its order; none overlap.

    Args:
        words: Of the text.
        gazetteer: The actors known beforehand.
        year: That of publication, or None.
    """
    known = list(gazetteer.find(words, year))
    words.known = gazetteer.keys.keys()
    board = _Board(len(words))
    for first, last, country in state_bodies(words, known):
        key = tuple(words.key[first:last])
        side = _known_candidate(words, country, "")
        board.put(
            Candidate(first=first, last=last, key=key, label="ORG", rule="actors.state-body", side=side, nested=side)
        )
    for first, last, country in branches(words, known):
        nested = _known_candidate(words, country, "")
        key = tuple(words.key[first:last])
        board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.branch", nested=nested))
    for first, last in locals_of(words):
        key = tuple(words.key[first:last])
        board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.local"))
    for first, last, label in trained_names(words):
        _place_trained(words, board, first, last, label, known)
    for match in known:
        _place_known(words, board, match)
    _place_titled(words, board)
    _place_headed(words, board)
    _place_bracketed(words, board)
    for first, last in spelled_out(words):
        _place_spelled(words, board, first, last)
    return board.all()


class _Board:
    """Which words are taken, and by which candidate."""

    def __init__(self, size: int) -> None:
        self.owner: list[Candidate | None] = [None] * size
        self.label = [""] * size

    def free(self, first: int, last: int) -> bool:
        return self.owner[first:last].count(None) == last - first

    def put(self, candidate: Candidate) -> None:
        for i in range(candidate.first, candidate.last):
            self.owner[i] = candidate

    def all(self) -> list[Candidate]:
        seen: dict[int, Candidate] = {}
        for candidate in self.owner:
            if candidate is not None:
                seen.setdefault(id(candidate), candidate)
        return list(seen.values())


def _place_trained(words: Words, board: _Board, first: int, last: int, label: str, known: list[Match]) -> None:
    for i in range(first, last):
        board.label[i] = label
    if label == "PERSON":
        first = _with_city(words, known, first)
    if (
        label == "ORG"
        and first > 1
        and words.key[first - 2] in ("minister", "secretary")
        and words.key[first - 1] == "of"
    ):
        name = _after_portfolio(words, first, last)
        first, label = (name, "PERSON") if name < last else (first, label)
    if label == "ORG":
        first = _with_partner(words, board, first, last)
        last = tail_of(words, first, _with_country(words, first, last, known))
    inside = _overlapping(known, first, last)
    if inside:
        if label not in ("PERSON", "ORG") or not _trained_wins(words, first, last, label, inside):
            return
        demonym = inside[0]
        if label == "PERSON" and demonym.first == first and demonym.form is Form.DEMONYM:
            first = demonym.last
    key = tuple(words.key[first:last])
    if (
        first < last
        and last - first <= _LONGEST_NAME
        and board.free(first, last)
        and not is_no_actor(words, first, last)
    ):
        candidate = Candidate(first=first, last=last, key=key, label=label, rule="actors.trained")
        countries = [match for match in inside if match.entry.kind is ActorKind.COUNTRY]
        if label == "ORG" and countries and set(key) & PUBLIC_BODIES:
            candidate.nested = _known_candidate(words, countries[0], label)
        board.put(candidate)


def _after_portfolio(words: Words, first: int, last: int) -> int:
    """The start of the name in "Minister of International Trade and Industry X": where no word is a portfolio's."""
    while first < last and words.key[first] in word_lists().role_words:
        first += 1
    return first


def _with_city(words: Words, known: list[Match], first: int) -> int:
    """The start of "Paris Hilton" where "Paris" was taken for the city."""
    before = _overlapping(known, first - 1, first) if first else []
    if not before or before[0].form is not Form.CAPITAL or words.key[first - 1] in seats():
        return first
    return before[0].first if words.between(first - 1, first) == " " and words.capital[first] else first


def _with_partner(words: Words, board: _Board, first: int, last: int) -> int:
    """The start of "Gulf and Pacific Corp" where only "Pacific Corp" was seen."""
    one = first - 2
    if one < 0 or words.key[first - 1] != "and" or words.key[last - 1] not in word_lists().org_suffixes:
        return first
    loose = words.capital[one] and board.owner[one] is None and not board.label[one]
    tight = words.between(one, first - 1) == words.between(first - 1, first) == " "
    return one if loose and tight and words.key[one].isalpha() else first


def _with_country(words: Words, first: int, last: int, known: list[Match]) -> int:
    """The end of "Central Bank of Zambia" where only "Central Bank" was seen."""
    if not {words.key[first], words.key[last - 1]} & PUBLIC_BODIES or last + 1 >= len(words) or words.key[last] != "of":
        return last
    start = last + 1 + (words.key[last + 1] == "the")
    if words.between(last - 1, last).strip() or words.between(last, last + 1).strip():
        return last
    after = [match for match in _overlapping(known, start, start + 1) if match.entry.kind is ActorKind.COUNTRY]
    return after[0].last if after else last


def _overlapping(known: list[Match], first: int, last: int) -> list[Match]:
    """The known actors that share a word with words `first` to `last`."""
    begin = bisect_right(known, first, key=lambda match: match.last)
    end = bisect_left(known, last, key=lambda match: match.first)
    return known[begin:end]


def _trained_wins(words: Words, first: int, last: int, label: str, inside: list[Match]) -> bool:
    covered = {i for match in inside for i in range(match.first, match.last)}
    rest = [i for i in range(first, last) if i not in covered and words.capital[i]]
    lists = word_lists()
    if not rest or any(match.first < first or match.last > last for match in inside):
        return False
    headed = any(words.key[i] in lists.org_heads for i in rest)
    leads = inside[0].first == first  # "Russian Defence", not "Air Canada"
    if (
        not headed
        and leads
        and all((words.key[i],) in lists.not_actors or words.key[i] in lists.role_words for i in rest)
    ):
        return False
    strong = [match for match in inside if match.entry.kind is not ActorKind.COUNTRY]
    long = any(match.last - match.first > 1 or is_acronym(words.text[match.first]) for match in strong)
    if label == "PERSON":
        return not (
            long and any(match.entry.kind is not ActorKind.PERSON or match.last - match.first > 1 for match in strong)
        )
    ends_in_head = words.key[last - 1] in lists.org_heads and (last - 1) in rest
    of_country = any(words.key[i] in lists.org_heads for i in rest)
    if len(inside) > 1 and not (ends_in_head or of_country):
        return False
    return (
        ends_in_head
        or of_country
        or (not long and not any(match.form is Form.DEMONYM for match in inside))
        or (not long and len(rest) > 1)
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


def state_bodies(words: Words, known: list[Match]) -> Iterator[tuple[int, int, Match]]:
    """Yields the words of a state's bodies ("Honduran Congress"), with the country in them."""
    bodies = word_lists().state_bodies
    for match in known:
        start = match.last
        if match.entry.kind is ActorKind.COUNTRY and match.form in (Form.DEMONYM, Form.NAME) and start < len(words):
            if not words.capital[start] or words.between(start - 1, start) not in (" ", "\n"):
                continue
            for size in (4, 3, 2, 1):
                last = min(start + size, len(words))
                if tuple(words.key[start:last]) in bodies:
                    yield match.first, last, match
                    break


def _known_candidate(words: Words, match: Match, label: str) -> Candidate:
    return Candidate(
        first=match.first,
        last=match.last,
        key=tuple(words.key[match.first : match.last]),
        label=label,
        rule="actors.known",
        entry=match.entry,
        form=match.form,
    )


def _place_known(words: Words, board: _Board, match: Match) -> None:
    if not board.free(match.first, match.last):
        return
    if match.entry.common and match.last - match.first == 1:
        label = board.label[match.first]
        wanted = ("PERSON", "ORG", "GPE", "NORP", "PRODUCT")
        if label not in wanted and not words.shout[match.first]:
            return
    candidate = _known_candidate(words, match, board.label[match.first])
    if match.entry.kind is ActorKind.PERSON and candidate.last - candidate.first > 1:
        candidate.last = _with_surname(words, board, candidate.last)
        candidate.key = tuple(words.key[candidate.first : candidate.last])
    if match.entry.id.startswith("company:"):
        last = firm_end(words, candidate.last)
        if last > candidate.last and board.owner[candidate.last : last].count(None) == last - candidate.last:
            if not GROUP_WORDS.issuperset(words.key[candidate.last : last - 1]):
                candidate.entry = None  # "Time Warner Cable Inc" is not Time Warner
                candidate.label, candidate.rule = "ORG", "actors.branch"
            candidate.last, candidate.key = last, tuple(words.key[candidate.first : last])
    board.put(candidate)


def _with_surname(words: Words, board: _Board, last: int) -> int:
    """The end of "Vinicio Cerezo Arevalo", who is known as Vinicio Cerezo."""
    while last < len(words) and words.capital[last] and words.between(last - 1, last) == " ":
        if board.label[last] != "PERSON" or board.owner[last] is not None or not words.text[last].isalpha():
            break
        last += 1
    return last


def _place_titled(words: Words, board: _Board) -> None:
    lists = word_lists()
    for i in range(1, len(words)):
        if words.key[i - 1] not in lists.titles or not words.capital[i - 1] or words.shout[i]:
            continue
        if words.between(i - 1, i).strip(" .\n") or words.key[i] in lists.titles:
            continue
        owner = board.owner[i]
        if owner is not None:
            if owner.entry is None and owner.first == i:
                owner.titled = owner.label != "GPE" or owner.titled
            continue
        last = _name_end(words, board, i)
        if last > i and not is_no_actor(words, i, last) and not _in_role(words.key[i]):
            key = tuple(words.key[i:last])
            board.put(Candidate(first=i, last=last, key=key, label="PERSON", rule="actors.titled", titled=True))


def _in_role(word: str) -> bool:
    return word in word_lists().role_words or word in word_lists().role_heads


def _name_end(words: Words, board: _Board, first: int) -> int:
    last = first
    for i in range(first, min(first + 5, len(words))):
        if board.owner[i] is not None or (i > first and words.between(i - 1, i).strip(" -.'’")):
            break
        if words.capital[i] and not words.text[i].isdigit() and len(words.text[i]) > 1:
            last = i + 1
        elif words.key[i] not in PARTICLES:
            break
    return last


def _place_headed(words: Words, board: _Board) -> None:
    lists = word_lists()
    i = 0
    size = len(words)
    while i < size:
        if not words.capital[i] or board.owner[i] is not None:
            i += 1
            continue
        last = _capital_run(words, board, i)
        first = i
        i = max(last, i + 1)
        if last - first < 2 or last - first > _LONGEST_NAME or words.shout[first]:
            continue
        while first < last and words.key[first] in ARTICLES:
            first += 1
        heads = {words.key[last - 1], words.key[first]}
        if last - first > 1 and heads & lists.org_heads and not is_no_actor(words, first, last):
            key = tuple(words.key[first:last])
            board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.headed"))


def _capital_run(words: Words, board: _Board, first: int) -> int:
    last = first
    for i in range(first, min(first + _LONGEST_NAME + 1, len(words))):
        if board.owner[i] is not None or (i > first and _parts(words.between(i - 1, i))):
            break
        if words.capital[i] and words.text[i] not in ("S", "s"):
            last = i + 1
        elif i == first or words.key[i] not in ("of", "for", "and", "the", "s", "on"):
            break
    return last


def _parts(gap: str) -> bool:
    """Whether what stands between two words ends a name."""
    return gap.strip(" &'’.\n") not in ("", "-") or " - " in gap or gap.count("\n") > 1 or gap[:2] == ". "


def _place_bracketed(words: Words, board: _Board) -> None:
    for i in range(1, len(words)):
        if words.source[words.start[i] - 1] != "(" or board.owner[i] is not None or not is_acronym(words.text[i]):
            continue
        if words.between(i - 1, i).strip() == "(":
            before = board.owner[i - 1]
            after = words.source[words.end[i] : words.end[i] + 1]
            if before is not None and after in (")", ",", ";") and not is_no_actor(words, i, i + 1):
                board.put(
                    Candidate(first=i, last=i + 1, key=(words.key[i],), label=before.label, rule="actors.bracketed")
                )


def _place_spelled(words: Words, board: _Board, first: int, last: int) -> None:
    """Takes the words that an abbreviation spells for one name, where they were cut or not seen."""
    owners = {id(it): it for it in board.owner[first:last] if it is not None}.values()
    if any(it.entry is not None and it.entry.kind is not ActorKind.COUNTRY for it in owners) or (
        len(owners) == 1 and board.owner[first] is board.owner[last - 1]
    ):
        return
    nested = next((it for it in owners if it.entry is not None), None)
    for owner in owners:
        for i in range(owner.first, owner.last):
            board.owner[i] = None
    key, short = tuple(words.key[first:last]), board.owner[last]
    board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.spelled", nested=nested))
    if short is None:
        board.put(Candidate(first=last, last=last + 1, key=(words.key[last],), label="ORG", rule="actors.bracketed"))
