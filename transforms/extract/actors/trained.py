"""The names the trained pipeline sees, mended: cut at brackets and line breaks, joined over hyphens, trimmed."""

import re
from collections.abc import Iterator

from transforms.extract.actors.gazetteer import is_acronym
from transforms.extract.actors.text import Words, fold, key_of
from transforms.extract.actors.words import word_lists

STRONG = frozenset({"PERSON", "ORG", "NORP", "GPE"})
WEAK = frozenset({"WORK_OF_ART", "PRODUCT", "FAC", "LOC", "EVENT", "LAW"})  # often a name with the wrong label
PARTICLES = frozenset(
    {
        *("al", "el", "bin", "ibn", "ben", "abu", "van", "von", "der", "de", "den", "del", "della", "di", "da"),
        *("dos", "das", "du", "la", "le", "ter", "ten"),
    }
)
ARTICLES = frozenset({"the", "a", "an"})
_LINKS = frozenset({"i", "e", "ul", "al", "ud", "o", "ye"})  # "of" and "and" within names of Persia and South Asia
_OFFICES = frozenset({"representative", "secretary", "minister", "commissioner", "ambassador"})
_COMPOUNDS = frozenset({"led", "style", "era", "based", "like", "run", "owned", "free", "born", "made", "held", "to"})
_OWNING = frozenset({"ORG", "GPE"})  # "China's Central Bank" is one body
_MIDDLES = frozenset({"and", "or", "said", "told", "says", "met", "mr", "mrs", "ms", "dr", "gen", "the", "for", "with"})
_SPLIT = re.compile(r"[\n()\[\]{};:\"“”„«»|/]|\s[-–—]+\s|--|—|[.]{2,}|…")
_HYPHENED = re.compile(r".?[-–]$", re.DOTALL)


def trained_names(words: Words) -> Iterator[tuple[int, int, str]]:
    """Yields each trained name as (first word, last word exclusive, label); lines in capitals are passed over."""
    shouted = sum(words.shout) * 2 > len(words)  # all in capitals: then the trained names are better than none
    for begin, stop, label in _joined(words):
        if label in STRONG or label in WEAK:
            first, last = words.at(begin, stop)
            for start, end in _pieces(words, first, last, label):
                start, end = _trim(words, start, end, label)
                end = _hyphened(words, end) if label == "PERSON" and end - start > 1 else end
                end = _linked(words, end)
                if start < end and (shouted or not words.shout[start]):
                    yield start, end, label


def _joined(words: Words) -> Iterator[tuple[int, int, str]]:
    """The entities as (start, end, label); those that only a hyphen parts are one ("Export–Import Bank")."""
    held: tuple[int, int, str] | None = None
    for entity in words.doc.ents:
        start, end, label = entity.start_char, entity.end_char, entity.label_
        if held is not None and start - held[1] == 1 and _heads_name(words, held, start, end, label):
            held = (held[0], end, "ORG")
            continue
        if held is not None and label in STRONG and _goes_on(words, held, start, end, label):
            held = (held[0], end, "PERSON")
            continue
        if held is not None and label == held[2] == "ORG" and _HYPHENED.match(words.source[held[1] - 1 : start]):
            held = (held[0], end, label)
            continue
        if held is not None:
            yield held
        held = (start, end, label)
    if held is not None:
        yield held


def _wrapped(words: Words, held: tuple[int, int, str], start: int, end: int) -> bool:
    """Whether a line break parts a given name from its surname ("Margaret" at the end of a line, "Thatcher" next)."""
    before, gap = words.source[held[0] : held[1]].rstrip(), words.source[held[0] : start]
    given = held[2] == "PERSON" and fold(before) in word_lists().given_names
    return given and gap[len(before) :].strip(" ") == "\n" and words.source[start:end].isalpha()


def _goes_on(words: Words, held: tuple[int, int, str], start: int, end: int, label: str) -> bool:
    """Whether two names are parts of one person's: wrapped, behind a particle, around a name in their midst."""
    if _wrapped(words, held, start, end):
        return True
    gap, before = words.source[held[1] : start], words.source[held[0] : held[1]].split()
    if held[2] != "PERSON" or "\n" in gap or not words.source[start].isupper():
        return False
    if gap == " ":  # "Hans van den" and "Broek"
        return len(before) > 1 and before[-1] in PARTICLES
    if label != "PERSON" or len(before) > 1:
        return False
    if gap.isascii() and gap.strip() and set(gap.split()) <= PARTICLES:  # "Antonio" and "Santos Franca" around "dos"
        return gap == f" {' '.join(gap.split())} "
    middle = gap.strip(" ")  # "Cheikh" and "Gadio" around "Tidiane"
    single = words.source[start:end].isalpha()
    return single and gap == f" {middle} " and middle.isalpha() and middle.istitle() and fold(middle) not in _MIDDLES


def _heads_name(words: Words, held: tuple[int, int, str], start: int, end: int, label: str) -> bool:
    """Whether an abbreviation and the one word after it are one name ("NYSE Euronext")."""
    before, after = words.source[held[0] : held[1]], words.source[start:end]
    unknown = label in ("PERSON", "ORG", "PRODUCT") and held[2] == "ORG" and words.source[held[1]] == " "
    return unknown and is_acronym(before) and after.isalpha() and after.istitle() and key_of(before) not in words.known


def _pieces(words: Words, first: int, last: int, label: str) -> Iterator[tuple[int, int]]:
    start = first
    for i in range(first, last - 1):
        gap = words.between(i, i + 1)
        cut = gap != " " and _SPLIT.search(gap) and not (gap == "\n" or "/" in gap)
        if "," in gap and words.key[i + 1] not in word_lists().org_suffixes:
            cut = cut or label != "ORG" or not _one_firm(words, i + 1, last)
        if label == "PERSON" and words.key[i + 1] in ("and", "s", "of") and not words.capital[i + 1]:
            cut = True
        if i > start and words.key[i] == "s" and tuple(words.key[start:i]) in words.known and label not in _OWNING:
            cut = True  # "Croatia's Ivo Maric"
        if cut:
            yield start, i + 1
            start = i + 1
    yield start, last


def _one_firm(words: Words, first: int, last: int) -> bool:
    """Whether commas part the partners of one firm ("Drexler, Haines & Co.") or a name's list ("Rail, Sea and Air")."""
    lists = word_lists()
    tail = words.key[first:last]
    return (
        "&" in words.span(first, last) or "and" in tail or tail[-1] in lists.org_suffixes or tail[-1] in lists.org_heads
    )


def _hyphened(words: Words, last: int) -> int:
    """The end of "Park Chul-soo" where only "Park Chul" was seen."""
    if last >= len(words) or words.between(last - 1, last) != "-" or words.capital[last]:
        return last
    return last + 1 if len(words.text[last]) <= 5 and words.key[last] not in _COMPOUNDS else last


def _linked(words: Words, last: int) -> int:
    """The end of "Tehrik-i-Azadi" where only "Tehrik" was seen."""
    if last + 1 >= len(words) or words.text[last] not in _LINKS or words.between(last - 1, last).strip() != "-":
        return last
    return last + 2 if words.between(last, last + 1).strip() == "-" and words.capital[last + 1] else last


def _without_seat(words: Words, first: int, last: int) -> int:
    """The end of a firm's name before the town it sits in ("the Harlan Company of Denver"), not "of America"."""
    suffixes = word_lists().org_suffixes
    for i in range(first + 1, last - 1):
        if words.key[i] == "of" and words.key[i - 1] in suffixes and tuple(words.key[i + 1 : last]) not in words.known:
            return i
    return last


def _trim(words: Words, first: int, last: int, label: str) -> tuple[int, int]:
    lists = word_lists()
    while first < last and (
        words.key[first] in ARTICLES or (not words.capital[first] and words.key[first] not in PARTICLES)
    ):
        first += 1
    named = label == "PERSON" and last - first == 2 and words.key[first] in lists.given_names
    while first < last and (not words.capital[last - 1] or words.text[last - 1] in ("S", "s")):
        if named and words.text[last - 1].isalpha() and len(words.text[last - 1]) > 2:
            break  # a headline's surname that is a word too ("Jonathan pollard")
        last -= 1
    if label == "ORG":
        last = _without_seat(words, first, last)
        if last - first > 1 and words.key[last - 1] in _OFFICES and (words.key[first],) in words.known:
            last = first + 1  # "US Trade Representative" is an office of the country
    if label == "PERSON":
        for i in range(last - 1, first - 1, -1):
            if words.key[i] in lists.titles and (words.key[i] in lists.role_heads or i < last - 1):
                return min(i + 1, last), last
    return first, last
