"""Names that go on after a known one: a company's or a party's branch in a country, a body named for its purpose."""

import itertools
from collections.abc import Iterator

from transforms.extract.actors.gazetteer import Match
from transforms.extract.actors.text import Words
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form
from transforms.records import ActorKind

_LONGEST_TAIL = 8  # words after the head of a body's name ("for the Unity and Progress of the Northern Provinces")
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
