"""Several sides under one word: "both countries", "the two leaders", "the warring parties"."""

import re
from bisect import bisect_left

from transforms.extract.actors.cast import Cast, Draft
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import ActorMention, Form
from transforms.records import ActorKind

# What stands between the members of a list: "X and Y", "X, Y and Z", "X's talks with Y", "X-Y", "between X and the Y".
_AND = re.compile(
    r"^(?:['’]s)?\s*(?:,|,?\s*and|&|-|–|/|or|,?\s*along with|,?\s*as well as|with|,?\s*both)?\s*(?:the|its|his)?\s*$"
    r"|^(?:['’]s|\))?\s*,?\s*(?:and|with)\s+(?:[\w'’]+\s+){0,2}$",
    re.IGNORECASE,
)
_LINK = re.compile(r",|\band\b|&|-|–|/|\bwith\b|\bas well as\b")
_NO_COMPANIES = ("media:", "org:", "union:", "party:", "group:")
_LISTS_BACK = 60  # lists: more cannot stand within the characters below
_AFTER_OF = 8  # characters: room for "the" or "both"
_WITHIN = 700  # characters: about four sentences; a pair named earlier is not meant any more
_QUALIFIERS = frozenset(
    {
        *("warring", "rival", "opposing", "feuding", "bitter", "negotiating", "concerned", "contracting", "respective"),
        *("neighbouring", "neighboring", "asian", "african", "european", "arab", "korean", "nuclear", "armed"),
        *("trading", "communist"),
    }
)


def read_collectives(cast: Cast, represents: dict[str, str]) -> None:
    """Adds a mention for each actor that a word for several sides means.

    Args:
        cast: The cast with all other mentions.
        represents: Whom a person stands for, so that two leaders may mean their countries.
    """
    mentions = _mentions(cast)
    lists = [group for group in _enumerations(cast, mentions) if len(group) > 1]
    for first, last, kind, number in _collectives(cast):
        start = cast.words.start[first]
        for draft in _meant(cast, lists, mentions, represents, start, kind, number):
            cast.mention(draft, first, last, Form.COLLECTIVE, "actors.collective")


def _mentions(cast: Cast) -> list[tuple[ActorMention, Draft]]:
    found = [(it, draft) for draft in cast.drafts.values() for it in draft.mentions]
    return sorted(found, key=lambda pair: (pair[0].start, pair[0].end))


def _enumerations(cast: Cast, mentions: list[tuple[ActorMention, Draft]]) -> list[list[tuple[ActorMention, Draft]]]:
    """Groups mentions that follow each other with nothing but a link between."""
    groups: list[list[tuple[ActorMention, Draft]]] = []
    source = cast.words.source
    for place, pair in enumerate(mentions):
        if _only_describes(cast, pair[0], mentions[place + 1][0] if place + 1 < len(mentions) else None):
            continue
        if groups:
            gap = source[groups[-1][-1][0].end : pair[0].start]
            if len(gap) < 40 and "\n\n" not in gap and _LINK.search(gap) and _AND.match(gap):
                groups[-1].append(pair)
                continue
        groups.append([pair])
    return groups


def _only_describes(cast: Cast, mention: ActorMention, following: ActorMention | None) -> bool:
    """Whether a mention is no member of a list: "Mozambican" of a president, "Odinga" in "Odinga's party"."""
    if mention.form is Form.DEMONYM and " " not in mention.text and not mention.text.endswith("s"):
        return True
    words, source = cast.words, cast.words.source
    _, last = words.at(mention.start, mention.end)
    lists = word_lists()
    followed = mention.actor.startswith("country:") and last < len(words) and words.between(last - 1, last) == " "
    role = followed and words.key[last] in lists.role_heads
    if role or (followed and words.key[last] in lists.role_words and words.capital[last]):
        return True  # "US Secretary of State X": the person is meant
    return following is not None and source[mention.end : following.start] in ("'s ", "’s ")


def _collectives(cast: Cast) -> list[tuple[int, int, str, int]]:
    """Finds the words: first, last, the kind meant, and how many (0 when not said)."""
    words, lists = cast.words, word_lists()
    found = []
    for i, key in enumerate(words.key):
        kind = lists.collective_nouns.get(key)
        if kind is not None and i not in cast.taken:
            first, number = _start(cast, i)
            if first is not None:
                found.append((first, i + 1, kind, number))
        elif key in ("two", "both") and i not in cast.taken and _pronoun(cast, i):
            found.append((i, i + 1, "any", 2))
    return found


def _start(cast: Cast, i: int) -> tuple[int | None, int]:
    words, lists = cast.words, word_lists()
    first, number = i, 0
    for j in range(i - 1, max(i - 5, -1), -1):
        key = words.key[j]
        if words.between(j, j + 1).strip(" -\n"):
            break
        if key in lists.numbers:
            first, number = j, lists.numbers[key]
            if key == "both":
                return first, number
        elif key in ("the", "these", "all"):
            plural_sides = words.key[i] in (
                "sides",
                "parties",
                "foes",
                "rivals",
                "belligerents",
                "signatories",
                "combatants",
                "companies",
                "countries",
                "leaders",
                "neighbours",
                "neighbors",
                "adversaries",
                "enemies",
                "partners",
                "presidents",
                "governments",
            )
            return (j, number) if number or plural_sides else (None, 0)
        elif key in _QUALIFIERS:
            first = j
        elif key == "of" or number:
            break
        else:
            return None, 0
    if number or (first < i and words.key[first] in ("warring", "rival", "feuding")):
        return first, number
    return None, 0


def _pronoun(cast: Cast, i: int) -> bool:
    words = cast.words
    token = words.token(i)
    if token.dep_ not in ("nsubj", "nsubjpass") or token.i + 1 >= len(token.doc):
        return False
    return words.key[i] == "both" or (i > 0 and words.key[i - 1] == "the")


def _fits(draft: Draft, kind: str) -> bool:
    if kind == "country":
        return draft.kind is ActorKind.COUNTRY
    if kind == "person":
        return draft.kind is ActorKind.PERSON
    if kind == "leader":
        return draft.kind in (ActorKind.PERSON, ActorKind.COUNTRY)
    if kind == "organization":
        return draft.kind in (ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP) and not draft.id.startswith(_NO_COMPANIES)
    return not draft.id.startswith("media:")


def _meant(
    cast: Cast,
    lists: list[list[tuple[ActorMention, Draft]]],
    mentions: list[tuple[ActorMention, Draft]],
    represents: dict[str, str],
    start: int,
    kind: str,
    number: int,
) -> list[Draft]:
    following = _following(cast, lists, start)
    if following is not None:
        drafts = _distinct(cast, following, represents, kind)
        return drafts if len(drafts) > 1 and (not number or len(drafts) == number) else []
    place = bisect_left(lists, start, key=lambda group: group[0][0].start)
    for group in reversed(lists[max(place - _LISTS_BACK, 0) : place]):
        if start - group[0][0].start > _WITHIN:
            break
        drafts = _distinct(cast, [pair for pair in group if pair[0].end <= start], represents, kind)
        if len(drafts) > 1 and (not number or len(drafts) == number):
            return drafts
    if not number and kind != "any":
        return []
    begin = bisect_left(mentions, start - _WITHIN, key=lambda pair: pair[0].start)
    end = bisect_left(mentions, start, key=lambda pair: pair[0].start)
    recent = [pair for pair in mentions[begin:end] if pair[0].end <= start and pair[0].form is not Form.PLACE]
    drafts = _distinct(cast, recent, represents, kind)
    wanted = number or 2
    if len(drafts) == wanted:
        return drafts
    if len(drafts) > wanted:
        weight = {draft.id: sum(pair[1] is draft for pair in recent) for draft in drafts}
        ranked = sorted(drafts, key=lambda draft: -weight[draft.id])
        if weight[ranked[wanted - 1].id] > weight[ranked[wanted].id]:
            return ranked[:wanted]
    return []


def _following(
    cast: Cast, lists: list[list[tuple[ActorMention, Draft]]], start: int
) -> list[tuple[ActorMention, Draft]] | None:
    """As in "the leaders of Russia and Turkey": the list after "of"; empty when "of" is followed by something else."""
    words = cast.words
    first, _ = words.at(start, start + 1)
    last = min(first + 6, len(words))
    of = next((i for i in range(first + 1, last) if words.key[i] in ("of", "from")), None)
    if of is None or any(words.between(i, i + 1).strip(" -") for i in range(first, of)) or of > first + 4:
        return None
    if not any(words.key[i] in word_lists().collective_nouns for i in (of - 1,)):
        return None
    after = words.end[of]
    place = bisect_left(lists, after, key=lambda group: group[0][0].start)
    return next((group for group in lists[place : place + 1] if group[0][0].start - after <= _AFTER_OF), [])


def _distinct(
    cast: Cast, pairs: list[tuple[ActorMention, Draft]], represents: dict[str, str], kind: str
) -> list[Draft]:
    found: dict[str, Draft] = {}
    for _, draft in pairs:
        meant: Draft | None = draft
        if kind in ("country", "any", "organization") and draft.kind is ActorKind.PERSON and draft.id in represents:
            meant = cast.by_id(represents[draft.id])
        if meant is not None and _fits(meant, kind):
            found[meant.id] = meant
    if kind == "leader" and sum(draft.kind is ActorKind.PERSON for draft in found.values()) > 1:
        return [draft for draft in found.values() if draft.kind is ActorKind.PERSON]
    return list(found.values())
