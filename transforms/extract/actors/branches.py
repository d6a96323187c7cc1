"""Names that go on: a firm's or a party's branch in a country, a union's local, a body with its purpose or initials."""

import itertools
from collections.abc import Iterator

from transforms.extract.actors.gazetteer import Match, is_acronym
from transforms.extract.actors.text import Words
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form
from transforms.records import ActorKind

_LONGEST_TAIL = 8  # words after the head of a body's name ("for the Unity and Progress of the Northern Provinces")
_FIRM_TAIL = 3  # words after a firm's own name, its legal form included
GROUP_WORDS = frozenset({"group", "holdings", "holding", "international"})  # the same firm with them and without
_JOINING = frozenset({"of", "for", "and", "the", "against", "on", "in"})
_HEADS = frozenset(
    {
        *("council", "movement", "front", "committee", "union", "party", "organization", "organisation", "association"),
        *("federation", "congress", "army", "league", "coalition", "alliance", "confederation", "forces", "campaign"),
        *("forum", "coordination", "platform", "assembly", "brotherhood", "society", "institute", "fund", "foundation"),
    }
)


def branches(words: Words, known: list[Match]) -> Iterator[tuple[int, int, Match]]:
    """Yields "Chrysler Canada Ltd" and "Communist Party of the Philippines", each with the country in it."""
    for one, two in itertools.pairwise(known):
        if one.entry.kind is not ActorKind.ORGANIZATION or two.entry.kind is not ActorKind.COUNTRY:
            continue
        if two.form is not Form.NAME or not words.capital[one.first] or words.shout[one.first]:
            continue
        between = tuple(words.key[one.last : two.first])
        if words.source[words.end[one.last - 1] : words.start[two.first]].strip(" \n" + "ofthe"):
            continue
        if _is_branch(one, two, between):
            last = two.last
            while last < len(words) and words.key[last] in word_lists().org_suffixes and words.capital[last]:
                last += 1
            yield one.first, last, two


def _is_branch(one: Match, two: Match, between: tuple[str, ...]) -> bool:
    company, party = one.entry.id.startswith("company:"), one.entry.id.startswith("party:")
    home = one.entry.country == two.entry.country
    if company:  # "Elf of France" says where a company is from
        return not home and between in ((), ("of",))
    return party and not home and between in (("of",), ("of", "the"))


def tail_of(words: Words, first: int, last: int) -> int:
    """Returns the end of a body's name that goes on with its purpose ("High Council" + "for the Unity of Azawad")."""
    lists = word_lists()
    if words.key[last - 1] not in _HEADS or last + 1 >= len(words) or words.key[last] not in ("of", "for", "against"):
        return last
    end, i = last, last
    while i < len(words) and i - last < _LONGEST_TAIL and words.between(i - 1, i) in (" ", "\n"):
        key = words.key[i]
        if words.capital[i]:
            if key in lists.titles or key in lists.role_heads or (key,) in lists.not_actors or words.shout[i]:
                break
            if words.token(i).ent_type_ in ("PERSON", "DATE"):
                break
            end = i + 1
        elif key not in ("of", "for", "and", "the", "against"):
            break
        i += 1
    return end


def firm_end(words: Words, last: int) -> int:
    """Returns the end of a firm's name that goes on to its legal form ("USAir" + "Group Inc"), else `last`."""
    for i in range(last, min(last + _FIRM_TAIL, len(words))):
        if words.between(i - 1, i) != " " or not words.capital[i] or words.shout[i]:
            break
        if words.key[i] in word_lists().org_suffixes:
            return i + 1
    return last


def locals_of(words: Words) -> Iterator[tuple[int, int]]:
    """Yields the names of unions' locals, as "United Steelworkers Local 164" and "Local 303"."""
    for i in range(len(words) - 1):
        if words.text[i] != "Local" or not words.text[i + 1].isdigit() or words.between(i, i + 1) != " ":
            continue
        inside = words.token(i).ent_type_ == "ORG" and words.token(i).ent_iob_ == "I"
        first = i
        while first and words.between(first - 1, first) == " ":
            joins = inside and words.key[first - 1] in ("and", "of") and words.token(first - 1).ent_type_ == "ORG"
            if not (words.capital[first - 1] or joins) or words.key[first - 1] in word_lists().titles:
                break
            first -= 1
        while first < i and words.key[first] in ("the", "and", "of"):
            first += 1
        yield first, i + 2


def spelled_out(words: Words) -> Iterator[tuple[int, int]]:
    """Yields the words before a bracket whose initials stand in it ("Popular Army for Renewal (PAR)", not "PAR")."""
    for i in range(2, len(words)):
        if words.source[words.start[i] - 1] != "(" or not is_acronym(words.text[i]) or not words.text[i].isalpha():
            continue
        if words.between(i - 1, i).strip() == "(" and words.source[words.end[i] : words.end[i] + 1] in (")", ",", ";"):
            first = _spelled_from(words, i)
            if first is not None:
                yield first, i


def _spelled_from(words: Words, i: int) -> int | None:
    """The first of the words that the abbreviation at word `i` spells, or of a body's name in another language's."""
    left, first, heads = words.text[i].casefold(), i, 0
    for j in range(i - 1, max(i - _LONGEST_TAIL - 3, -1), -1):
        if j < i - 1 and words.between(j, j + 1) not in (" ", "-", "\n"):
            break
        if words.key[j] in _JOINING:
            continue
        if not words.capital[j]:
            break
        first, heads = j, heads + (words.key[j] in _HEADS or words.key[j] in word_lists().org_heads)
        left = left[:-1] if left and left.endswith(words.key[j][:1]) else left + "-"
        if not left:
            return j if i - j > 2 else None
    return first if heads and i - first > 2 else None
