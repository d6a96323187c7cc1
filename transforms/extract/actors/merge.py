"""One group a real-world actor: brings together names, surnames, abbreviations, and other names of the same actor."""

import dataclasses
import itertools
import re

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.cues import describe_lists
from transforms.extract.actors.echoes import initials, is_own_name, without_suffix
from transforms.extract.actors.gazetteer import Gazetteer, is_acronym
from transforms.extract.actors.kinds import kind_of
from transforms.extract.actors.known import Entry
from transforms.extract.actors.text import Words
from transforms.extract.actors.trained import PARTICLES
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import Form
from transforms.records import ActorKind

_ALSO_KNOWN = re.compile(
    r"^\s*[,(–—-]*\s*(?:(?:which|who|that)\s+(?:is|was|are|were)\s+)?"
    r"(?:(?:also|formerly|previously|once|better|now|originally|until recently|commonly|known)\s+)*"
    r"(?:a\.?k\.?a\.?|formerly|previously|or|(?:known|called|named|renamed)(?:\s+as|\s+(?:by|under)\s+(?:its|their|the)\s+(?:\w+\s+)?"
    r"(?:initials|acronym|abbreviation|name)(?:\s+of)?,?)?)\s*(?:the\s+)?[“\"'‘]?\s*$",
    re.IGNORECASE,
)
# "Reagan named Baker" and "Obama called Santos" tell what one did to the other.
_DID = re.compile(r"^\s*(?:called|named|renamed|known)\b(?!\s+(?:as|by|under)\b)", re.IGNORECASE)
_SPOKEN = 7  # letters of an abbreviation spoken as a word: "Farc", "Ecowas", "Sinopec"
# Party names that many countries share, and the one meant where the article names it too.
_GENERIC = {"party:christian-democrats": "party:cdu"}
_STATE_BODY_WORDS = frozenset({"congress", "parliament", "senate", "assembly", "army", "ministry", "cabinet", "court"})
# Given names that one outlet, or one article, spells in several ways.
_SPELLINGS = {
    spelling: names[0]
    for names in (
        ("mohammed", "muhammad", "mohammad", "mohamed", "mohamad", "muhammed", "mohamud", "mohammud"),
        ("ahmed", "ahmad", "ahmet"),
        ("hussein", "hussain", "husain", "husayn", "hussien"),
        ("hassan", "hasan"),
        ("abdul", "abdel", "abd"),
        ("mahmoud", "mahmud", "mahmood"),
        ("yousef", "yusuf", "youssef", "yousuf", "yusef"),
        ("ibrahim", "ebrahim"),
        ("omar", "umar"),
        ("osman", "usman", "othman"),
        ("khaled", "khalid"),
        ("rashid", "rasheed", "rachid"),
        ("sergei", "sergey", "serhiy", "serhii"),
        ("yuri", "yury", "yuriy", "yurii"),
        ("viktor", "victor"),
        ("alexander", "aleksandr", "alexandr", "oleksandr", "aleksander"),
        ("alexei", "alexey", "aleksei", "aleksey"),
        ("dmitry", "dmitri", "dmitriy", "dimitri", "dmytro"),
        ("mikhail", "mykhailo"),
        ("vladimir", "volodymyr", "wladimir"),
        ("nikolai", "nikolay", "nikolaj"),
        ("andrei", "andrey", "andriy"),
    )
    for spelling in names
}


@dataclasses.dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """All that is known of one actor while an article is read."""

    members: list[Candidate]
    entry: Entry | None
    kind: ActorKind | None = None

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """The folded names, each once, longest first."""
        keys = {member.key for member in self.members}
        return [*keys] if len(keys) == 1 else sorted(keys, key=lambda key: (-len(key), key))

    @property
    def first(self) -> int:
        """The word at which it is first named."""
        return self.members[0].first

    def take(self, other: "Group") -> None:
        """Takes over the members of another group, which is empty afterwards."""
        self.members = sorted(self.members + other.members, key=lambda member: member.first)
        if self.entry is None:
            self.entry = other.entry
            self.kind = other.kind if other.entry is not None else self.kind
        other.members = []


def group_candidates(words: Words, candidates: list[Candidate], gazetteer: Gazetteer) -> list[Group]:
    """Returns the actors of a text, each with all its candidates, in the order of their first mention."""
    describe_lists(words, candidates)
    groups: dict[str | tuple[str, ...], Group] = {}
    for candidate in candidates:
        if candidate.entry is None and candidate.last < len(words) and words.key[candidate.last] == "s":
            # "General Motor's": the possessive of a name that ends in s, written wrongly
            candidate.entry = gazetteer.keys.get((*candidate.key[:-1], f"{candidate.key[-1]}s"))
        name: str | tuple[str, ...] = candidate.entry.id if candidate.entry else without_suffix(candidate.key)
        group = groups.setdefault(name, Group(members=[], entry=candidate.entry))
        group.members.append(candidate)
    for group in groups.values():
        group.kind = group.entry.kind if group.entry else kind_of(words, group.members)
    found = list(groups.values())
    _tie_generic(found)
    _tie_brackets(words, found)
    _tie_aliases(words, found)
    _tie_persons(found)
    _tie_organizations(words, found)
    kept = [group for group in found if group.members and group.kind is not None]
    return sorted(kept, key=lambda group: group.first)


def _owners(groups: list[Group]) -> dict[int, Group]:
    return {id(member): group for group in groups for member in group.members}


def _tie_generic(groups: list[Group]) -> None:
    by_id = {group.entry.id: group for group in groups if group.entry is not None}
    for generic, special in _GENERIC.items():
        if generic in by_id and special in by_id:
            by_id[special].take(by_id[generic])


def _tie_brackets(words: Words, groups: list[Group]) -> None:
    """As in "Name (ABC)" and "ABC (Full Name)" are one actor, unless the gazetteer knows them as two."""
    members = sorted((member for group in groups for member in group.members), key=lambda member: member.first)
    owners = _owners(groups)
    for one, two in itertools.pairwise(members):
        gap = words.between(one.last - 1, two.first)
        if ("(" not in gap and "[" not in gap) or gap.strip(" \n“\"'‘") not in ("(", "(the", "["):
            continue
        after = words.source[words.end[two.last - 1] : words.end[two.last - 1] + 2].lstrip("”\"'’")[:1]
        if after not in (")", "]", ",", ";"):
            continue
        short, long = (two, one) if is_acronym(words.span(two.first, two.last)) else (one, two)
        if after == ")" and _spoken(words, two) and len(one.key) > 2 and owners[id(one)].kind is not ActorKind.PERSON:
            _join(owners, one, two)
            continue
        if is_acronym(words.span(short.first, short.last)) and _spells(short.key[0], long.key):
            _join(owners, one, two)


def _spoken(words: Words, short: Candidate) -> bool:
    """Whether an abbreviation is written as it is spoken ("(Gam)", "(Farc)"), as British papers do."""
    text = words.span(short.first, short.last)
    return short.last - short.first == 1 and text.istitle() and text.isalpha() and len(text) <= _SPOKEN


def _spells(acronym: str, key: tuple[str, ...]) -> bool:
    """Whether an abbreviation may stand for a name: its first letter begins one of the words.

    Names given in English keep the abbreviation of their own language ("Basque Homeland and Freedom (ETA)"), so a name
    of three words and more is taken without looking.
    """
    return len(key) > 2 or (len(key) > 1 and any(word.startswith(acronym[0]) for word in key))


def _join(owners: dict[int, Group], one: Candidate, two: Candidate) -> None:
    first, second = owners[id(one)], owners[id(two)]
    if first is second or (first.entry is not None and second.entry is not None and first.entry is not second.entry):
        return
    if ActorKind.COUNTRY in (first.kind, second.kind):
        return
    if first.entry is None and second.entry is not None:
        first, second = second, first
    _give(owners, first, second)
    if first.kind is None or (second.kind is ActorKind.ARMED_GROUP and first.entry is None):
        first.kind = second.kind or ActorKind.ORGANIZATION


def _give(owners: dict[int, Group], to: Group, group: Group) -> None:
    for member in group.members:
        owners[id(member)] = to
    to.take(group)


def _tie_aliases(words: Words, groups: list[Group]) -> None:
    """As in "X, formerly known as Y": one actor; only where the words stand directly between the two names."""
    members = sorted(
        (it for group in groups for it in group.members if it.form is not Form.DEMONYM), key=lambda member: member.first
    )
    owners = _owners(groups)
    for one, two in itertools.pairwise(members):
        gap = two.first - one.last
        if words.key[one.last : two.first] == ["or"] and not is_acronym(words.span(two.first, two.last)):
            continue
        between = words.between(one.last - 1, two.first)
        if 0 < gap <= 8 and _ALSO_KNOWN.match(between) and not _DID.match(between):
            first, second = owners[id(one)], owners[id(two)]
            if first is not second and first.kind is not None and second.kind is not None:
                armed = first.entry is None and second.kind is ActorKind.ARMED_GROUP
                _give(owners, first, second)
                first.kind = ActorKind.ARMED_GROUP if armed else first.kind


def _tie_persons(groups: list[Group]) -> None:
    """Ties surnames (and, for names that begin with them, family names) to the one full name they can mean."""
    persons = [group for group in groups if group.members and group.kind is ActorKind.PERSON]
    full = [group for group in persons if any(len(key) > 1 and key[0] not in PARTICLES for key in group.keys)]
    _merge_variants(full)
    full = [group for group in full if group.members]
    _return_surnames(groups, full)
    by_end: dict[tuple[str, ...], list[Group]] = {}
    by_start: dict[tuple[str, ...], list[Group]] = {}
    by_middle: dict[tuple[str, ...], list[Group]] = {}
    for group in full:
        for table, parts in ((by_end, _endings(group)), (by_start, _beginnings(group)), (by_middle, _middles(group))):
            for part in parts:
                table.setdefault(part, []).append(group)
    for group in groups:
        if not group.members or group in full or not _may_be_surname(group):
            continue
        key = _longest(group)
        for table in (by_end, by_start, by_middle):
            owners = {id(owner): owner for owner in table.get(key, ()) if owner is not group}
            if len(owners) == 1:
                owner = next(iter(owners.values()))
                if table is by_end or group.kind is ActorKind.PERSON:
                    entry, kind = owner.entry, owner.kind
                    owner.take(group)
                    owner.entry, owner.kind = entry, kind
                    break


def _return_surnames(groups: list[Group], full: list[Group]) -> None:
    """Gives "Ford", where a person is meant, back from the company to President Gerald Ford."""
    by_ending = {ending: owner for owner in full for ending in _endings(owner)}
    for group in groups:
        if group.entry is None or group.entry.kind is not ActorKind.ORGANIZATION or not group.members:
            continue
        short = len(group.keys[0]) == 1
        for member in list(group.members):
            owner = by_ending.get(member.key)
            if owner is not None and (member.titled or (short and member.label == "PERSON")):
                group.members.remove(member)
                member.entry = None
                owner.members = sorted([*owner.members, member], key=lambda it: it.first)


def _longest(group: Group) -> tuple[str, ...]:
    return group.keys[0]


def _endings(group: Group) -> set[tuple[str, ...]]:
    endings = set()
    for key in group.keys:
        last = len(key) - 1 if len(key) > 2 and key[-1] in ("jr", "sr", "ii", "iii") else len(key)
        endings |= {key[start:last] for start in range(1, last)}
    return endings


def _beginnings(group: Group) -> set[tuple[str, ...]]:
    return {key[:1] for key in group.keys if len(key) > 1 and key[0] not in PARTICLES}


def _middles(group: Group) -> set[tuple[str, ...]]:
    """The first of two surnames ("Salinas" of "Carlos Salinas de Gortari")."""
    return {(word,) for key in group.keys for word in key[1:-1] if len(word) > 2 and word not in PARTICLES}


def _may_be_surname(group: Group) -> bool:
    if group.entry is not None:
        return group.entry.kind is ActorKind.PERSON and len(group.keys[0]) <= 2
    if len(group.keys[0]) > 2 or group.kind is ActorKind.COUNTRY or group.kind is ActorKind.ARMED_GROUP:
        return False
    return not (len(group.keys[0]) > 1 and group.kind is ActorKind.ORGANIZATION)


def _merge_variants(full: list[Group]) -> None:
    """Full names with the same first and last word are one person ("John Smith", "John F. Smith")."""
    seen: dict[tuple[str, str], Group] = {}
    for group in full:
        longest = _longest(group)
        ends = (_SPELLINGS.get(longest[0], longest[0]), _SPELLINGS.get(longest[-1], longest[-1]))
        other = seen.get(ends)
        if other is not None and len(longest) > 1:
            other.take(group)
        else:
            seen[ends] = group


def _tie_organizations(words: Words, groups: list[Group]) -> None:
    """Ties initials, beginnings and bodies to the one longer name they can mean."""
    kinds = (ActorKind.ORGANIZATION, ActorKind.ARMED_GROUP, ActorKind.OTHER)
    organizations = [group for group in groups if group.members and group.kind in kinds]
    longer: dict[tuple[str, ...], list[Group]] = {}
    for group in organizations:
        for name in {name for key in group.keys for name in _short_names(key)}:
            longer.setdefault(name, []).append(group)
    for group in (*organizations, *(it for it in groups if _may_be_short(words, it))):
        if not group.members or (group.entry is not None and len(group.keys[0]) > 1):
            continue
        key = group.keys[0]
        owners = [
            other for other in longer.get(key, ()) if other is not group and other.members and _may_be(group, other)
        ]
        if group.entry is not None and any(it.rule == "actors.branch" for other in owners for it in other.members):
            continue  # "Chrysler" is not "Chrysler Canada"
        if group.entry is not None:  # "UN" is not "Udar News", which it could spell
            owners = [other for other in owners if _is_longer(group, other)]
        if len(owners) == 1:
            kind = owners[0].kind
            owners[0].take(group)
            if owners[0].entry is None:
                owners[0].kind = kind


def _is_longer(group: Group, other: Group) -> bool:
    """Whether another name begins with a known one, or has words enough for its letters to be no accident."""
    return any(len(key) > 2 or key[: len(group.keys[0])] == group.keys[0] for key in other.keys)


def _may_be_short(words: Words, group: Group) -> bool:
    """Whether a name taken for a person's or a place's may be a company's short one: no title, not only "in X"."""
    if group.kind not in (ActorKind.PERSON, None) or group.entry is not None or not group.members:
        return False
    if any(it.titled for it in group.members) or not is_own_name(group.keys[0][0]):
        return False
    if all(words.key[it.last : it.last + 1] == ["based"] for it in group.members):
        return False  # "the Chicago-based company" is not the Chicago Tribune
    before = [words.key[it.first - 1] if it.first else "" for it in group.members]
    return len(group.keys[0]) == 1 and not all(word in word_lists().locative for word in before)


def _short_names(key: tuple[str, ...]) -> set[tuple[str, ...]]:
    """What a long name may be cut to: its initials, its beginning, the body it ends in ("Congress")."""
    if len(key) < 2:
        return set()
    names: set[tuple[str, ...]] = {(initials,) for initials in initials(key)}
    if key[0] not in word_lists().org_heads and len(key[0]) > 3:
        names |= {key[:last] for last in range(1, len(key))}
    bare = without_suffix(key)
    if len(bare) == 2 and (bare != key or len(bare[0]) == 1) and is_own_name(bare[-1]):  # "Acieries Lormont SA"
        names.add(bare[-1:])
    if "of" in key[3:]:  # "NDF" of "National Democratic Front of the Philippines"
        names |= {(letters,) for letters in initials(key[: key.index("of")]) if len(letters) > 2}
    if len(key) > 2 and key[-2] == "local" and key[-1].isdigit():
        names.add(key[-2:])
    if key[-1] in _STATE_BODY_WORDS:
        names |= {key[first:] for first in range(1, len(key))}
    return names


def _may_be(group: Group, other: Group) -> bool:
    if group.entry is not None and other.entry is not None:
        return False
    return group.kind is other.kind or len(group.keys[0]) == 1
