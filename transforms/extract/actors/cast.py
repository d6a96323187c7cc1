"""The cast of one article while it is gathered: every actor with its mentions, and which words are taken."""

import dataclasses
from collections import Counter

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.countries import country_id
from transforms.extract.actors.gazetteer import Gazetteer
from transforms.extract.actors.known import Entry
from transforms.extract.actors.merge import Group
from transforms.extract.actors.records import actor_id, country_of, form_of, name_of, other_names, written
from transforms.extract.actors.text import Words, fold
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import ActorMention, Form
from transforms.records import Actor, ActorKind, Span, digest

# Adjectives between a country and those who act for it, and before a government that is not the country's.
_OF_GOVERNMENT = frozenset(
    {"defence", "defense", "foreign", "military", "security", "trade", "peace", "government", "armed", "state"}
)
_BELOW_THE_STATE = frozenset({"provincial", "regional", "local", "state", "municipal"})
_TITLE_WEIGHT = 3  # a country in the headline counts as much as three mentions below
_LEAD_WEIGHT = 2  # and one in the first paragraph as two
_CLEARLY = 1.3  # the main country has at least this many times the weight of the next


@dataclasses.dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """One actor in the making; `names` are the aliases as written, in order."""

    id: str
    name: str
    kind: ActorKind
    country: str | None = None
    role: str | None = None
    stands_for: str | None = None
    names: dict[str, None] = dataclasses.field(default_factory=dict)
    mentions: list[ActorMention] = dataclasses.field(default_factory=list)
    group: Group | None = None

    def record(self) -> Actor:
        """Returns the finished record."""
        mentions = sorted(self.mentions, key=lambda it: (it.start, it.end))
        return Actor(
            id=self.id,
            name=self.name,
            kind=self.kind,
            aliases=tuple(sorted(alias for alias in self.names if alias != self.name)),
            country=self.country,
            role=self.role,
            mentions=tuple(Span(start=it.start, end=it.end, text=it.text) for it in mentions),
        )


class Cast:
    """The actors of one article."""

    def __init__(self, words: Words, gazetteer: Gazetteer) -> None:
        self.words = words
        self.gazetteer = gazetteer
        self.drafts: dict[str, Draft] = {}
        self.taken: set[int] = set()
        self._of_candidate: dict[int, Draft] = {}
        self._main: Draft | None = None
        self._main_settled = False

    def add_group(self, group: Group) -> None:
        """Adds a group of named mentions; nothing is added when none of them names the actor after all."""
        words, name = self.words, name_of(self.words, group)
        forms = [(member, form) for member in group.members if (form := form_of(words, member, name)) is not None]
        if not forms:
            return
        entry = group.entry
        roles = [member.role for member in group.members if member.role]
        draft = self.draft(actor_id(group, name), name, group.kind or ActorKind.OTHER, country_of(group))
        draft.group = group
        draft.stands_for = entry.stands_for if entry else None
        draft.role = roles[0] if roles else None
        for member, form in forms:
            self._of_candidate[id(member)] = draft
            draft.names[written(words, member)] = None
            first, last = self._with_government(member, form)
            if (first, last) != (member.first, member.last) and form is Form.PLACE:
                form = Form.NAME
            self.mention(draft, first, last, form, member.rule)
        draft.names |= dict.fromkeys(other_names(words, group, draft.kind, list(draft.names)))

    def add_nested(self, groups: list[Group]) -> None:
        """Adds the countries that are only named within the names of their bodies ("Bolivian Congress")."""
        for group in groups:
            for member in group.members:
                country = member.nested
                if country is not None and country.entry is not None and country.entry.id not in self.drafts:
                    draft = self.known(country.entry)
                    draft.names[written(self.words, country)] = None
                    form = Form.DEMONYM if country.form is Form.DEMONYM else Form.PLACE
                    self.mention(draft, country.first, country.last, form, "actors.nested")

    def draft(self, actor: str, name: str, kind: ActorKind, country: str | None = None) -> Draft:
        """Returns the draft with this id, made if it is not there."""
        return self.drafts.setdefault(actor, Draft(id=actor, name=name, kind=kind, country=country))

    def of(self, candidate: Candidate) -> Draft | None:
        """Returns whom a candidate names; a country that is only part of a role is added to the cast."""
        found = self._of_candidate.get(id(candidate))
        if found is None and candidate.entry is not None:
            return self.known(candidate.entry)
        return found

    def known(self, entry: Entry) -> Draft:
        """Returns the draft of an actor of the gazetteer, made if it is not there."""
        draft = self.draft(entry.id, entry.name, entry.kind, entry.country)
        draft.stands_for = entry.stands_for
        return draft

    def by_id(self, actor: str) -> Draft | None:
        """Returns the draft with an id: of the cast, else of the gazetteer."""
        if actor in self.drafts:
            return self.drafts[actor]
        entry = self.gazetteer.by_id.get(actor)
        return self.known(entry) if entry else None

    def unnamed(self, name: str, kind: ActorKind, scope: "Draft | None") -> Draft:
        """Returns the draft of an unnamed side, scoped by a country ("rebels (Liberia)")."""
        full = f"{name} ({scope.name})" if scope else name
        draft = self.draft(digest(str(kind), fold(name), scope.id if scope else ""), full, kind)
        draft.country = scope.country if scope else None
        return draft

    def mention(self, draft: Draft, first: int, last: int, form: Form, rule: str) -> None:
        """Adds words `first` to `last` as a mention, unless it is there."""
        start, end = self.words.start[first], self.words.end[last - 1]
        for it in draft.mentions[-3:]:
            if it.start == start and it.end == end:
                return
        text = self.words.source[start:end]
        draft.mentions.append(ActorMention(start=start, end=end, text=text, actor=draft.id, form=form, rule=rule))
        self.taken.update(range(first, last))

    def _with_government(self, member: Candidate, form: Form) -> tuple[int, int]:
        """Widens "Turkish" to "Turkish defence officials" and "Canada" to "government of Canada": the phrase acts."""
        first, last = member.first, member.last
        if member.entry is None or member.entry.kind is not ActorKind.COUNTRY:
            return first, last
        words, nouns = self.words, word_lists().government_nouns
        i = last
        if i < len(words) and words.key[i] == "s" and form is not Form.DEMONYM:
            i += 1
        for j in range(i, min(i + 3, len(words))):
            if words.between(j - 1, j).strip(" -\n") or words.between(j - 1, j).count("\n") > 1:
                break
            if words.key[j] in nouns:
                last = j + 1
            elif words.key[j] not in _OF_GOVERNMENT:
                break
        return (self._government_of(first) if last == member.last else first), last

    def _government_of(self, first: int) -> int:
        """The start of "government of the X", for word `first` of X; the same word where it is none."""
        key = self.words.key
        of = first - 2 if first > 1 and key[first - 1] == "the" else first - 1
        if of < 1 or key[of] != "of" or key[of - 1] not in ("government", "governments", "regime"):
            return first
        return first if of > 1 and key[of - 2] in _BELOW_THE_STATE else of - 1

    def countries(self) -> list[tuple[int, int, Draft]]:
        """Returns all mentions of countries as (start, end, draft), in text order."""
        found = [
            (it.start, it.end, draft)
            for draft in self.drafts.values()
            if draft.kind is ActorKind.COUNTRY
            for it in draft.mentions
        ]
        return sorted(found, key=lambda it: it[:2])

    def main_country(self) -> Draft | None:
        """Returns the country the article is about, where one stands out; it is settled at the first call."""
        if not self._main_settled:
            self._main_settled, self._main = True, self._find_main()
        return self._main

    def _find_main(self) -> Draft | None:
        weights: Counter[str] = Counter()
        title_end = self.words.source.find("\n")
        lead_end = self.words.source.find("\n", title_end + 2) if title_end >= 0 else 0
        for start, _, draft in self.countries():
            weights[draft.id] += _TITLE_WEIGHT if start < title_end else _LEAD_WEIGHT if start < lead_end else 1
        ranked = weights.most_common(2)
        if not ranked or (len(ranked) == 2 and ranked[0][1] < _CLEARLY * ranked[1][1]):
            return None
        return self.drafts[ranked[0][0]]

    def country(self, code: str | None) -> Draft | None:
        """Returns the draft of the country with an alpha-2 code."""
        return self.by_id(country_id(code)) if code else None
