"""Takes the names that the trained pipeline saw for candidates, with their ends mended."""

from bisect import bisect_left, bisect_right

from transforms.extract.actors.branches import tail_of
from transforms.extract.actors.candidates import LONGEST_NAME, Board, Candidate, is_no_actor, known_candidate
from transforms.extract.actors.countries import seats
from transforms.extract.actors.gazetteer import Match, is_acronym
from transforms.extract.actors.text import Words
from transforms.extract.actors.trained import PARTICLES
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form
from transforms.records import ActorKind

# Head nouns of bodies that a country has: its name in theirs counts as naming the country.
_PUBLIC_BODIES = frozenset(
    {
        *("bank", "congress", "parliament", "senate", "assembly", "ministry", "army", "court", "council", "authority"),
        *("commission", "agency", "embassy", "cabinet", "government", "house", "navy", "force", "forces", "police"),
        *("university", "office", "department", "board"),
    }
)


def place_trained(words: Words, board: Board, first: int, last: int, label: str, known: list[Match]) -> None:
    """Takes a name that the trained pipeline saw, unless known actors in it say otherwise."""
    for i in range(first, last):
        board.label[i] = label
    if label == "PERSON":
        first = _with_city(words, known, first)
    if (
        label == "ORG"
        and first > 1
        and words.key[first - 2] in ("minister", "secretary")
        and words.key[first - 1] in ("of", "for")
    ):
        name = _after_portfolio(words, first, last)
        first, label = (name, "PERSON") if name < last else (first, label)
    if label == "ORG":
        first = _with_partner(words, board, first, last)
        last = tail_of(words, first, _with_country(words, first, last, known))
    inside = overlapping(known, first, last)
    if inside:
        if label not in ("PERSON", "ORG") or not _trained_wins(words, first, last, label, inside):
            return
        demonym = inside[0]
        if label == "PERSON" and demonym.first == first and demonym.form is Form.DEMONYM:
            first = demonym.last
    key = tuple(words.key[first:last])
    if (
        first < last
        and last - first <= LONGEST_NAME
        and board.free(first, last)
        and not is_no_actor(words, first, last)
    ):
        candidate = Candidate(first=first, last=last, key=key, label=label, rule="actors.trained")
        countries = [match for match in inside if match.entry.kind is ActorKind.COUNTRY]
        if label == "ORG" and countries and set(key) & _PUBLIC_BODIES:
            candidate.nested = known_candidate(words, countries[0], label)
        board.put(candidate)


def _after_portfolio(words: Words, first: int, last: int) -> int:
    """The start of the name in "Minister of International Trade and Industry X": where no word is a portfolio's."""
    for i in range(last - 3, first, -1):
        if words.key[i] == "and" and not words.capital[i]:  # "Fuels and Energy X": the last of a list of matters
            first = i + 2
            break
    while first < last and words.key[first] in word_lists().role_words:
        first += 1
    return first


def _with_city(words: Words, known: list[Match], first: int) -> int:
    """The start of "Paris Hilton" where "Paris" was taken for the city."""
    before = overlapping(known, first - 1, first) if first else []
    if not before or before[0].form is not Form.CAPITAL or words.key[first - 1] in seats():
        return first
    return before[0].first if words.between(first - 1, first) == " " and words.capital[first] else first


def _with_partner(words: Words, board: Board, first: int, last: int) -> int:
    """The start of "Gulf and Pacific Corp" where only "Pacific Corp" was seen."""
    one = first - 2
    if one < 0 or words.key[first - 1] != "and" or words.key[last - 1] not in word_lists().org_suffixes:
        return first
    loose = words.capital[one] and board.owner[one] is None and not board.label[one]
    tight = words.between(one, first - 1) == words.between(first - 1, first) == " "
    return one if loose and tight and words.key[one].isalpha() else first


def _with_country(words: Words, first: int, last: int, known: list[Match]) -> int:
    """The end of "Central Bank of Zambia" where only "Central Bank" was seen."""
    if (
        not {words.key[first], words.key[last - 1]} & _PUBLIC_BODIES
        or last + 1 >= len(words)
        or words.key[last] != "of"
    ):
        return last
    start = last + 1 + (words.key[last + 1] == "the")
    if words.between(last - 1, last).strip() or words.between(last, last + 1).strip():
        return last
    after = [match for match in overlapping(known, start, start + 1) if match.entry.kind is ActorKind.COUNTRY]
    return after[0].last if after else last


def overlapping(known: list[Match], first: int, last: int) -> list[Match]:
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
    if (
        inside[0].entry.id.startswith("company:")
        and inside[0].first == first
        and lists.org_suffixes.issuperset(words.key[i] for i in rest)
    ):
        return False  # a firm with its legal form
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
        if inside[0].first > first and words.key[inside[0].first] in PARTICLES:
            return True  # "Antonio dos Santos" is not the dos Santos who is known
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
