"""Sides without a name: "the rebels", "the government", "the company", and offices without their holder."""

from bisect import bisect_left
from collections import Counter

from transforms.extract.actors.cast import Cast, Draft
from transforms.extract.actors.countries import pairs
from transforms.extract.actors.roles import Office
from transforms.extract.actors.words import word_lists
from transforms.extract.layers import ActorMention, Form
from transforms.extract.pastimes import is_pastime
from transforms.records import ActorKind

_IN = frozenset({"of", "in", "of the", "in the", "in northern", "in southern", "in eastern", "in western"})
_COMPANIES_BACK = 6  # mentions: "the company" is one of the last few sentences
_ONE = frozenset({"another", "one", "a", "an", "most", "largest", "biggest", "smaller", "third"})
_SCENE = 3  # mentions of a country as a place that make it the scene of what is told
_QUALIFIERS = 3  # words before a group's noun that say which ("commercial bank creditors")
_QUALIFYING = frozenset({"amod", "compound", "nmod"})
_HOLDERS_BACK = 40  # offices
_GOVERNMENT = frozenset({"government", "regime", "junta", "authorities"})


class SideReader:
    """Finds the unnamed sides of one article and ties them to actors."""

    def __init__(self, cast: Cast, offices: list[Office]) -> None:
        self._cast = cast
        self._words = cast.words
        self._offices = offices
        self._pastime = is_pastime(cast.words.doc)
        self._main = cast.main_country()
        self._countries = cast.countries()
        self._starts = [first for first, _, _ in self._countries]
        self._scene = self._find_scene()
        named = [draft for draft in cast.drafts.values() if draft.group is not None]
        armed = [draft for draft in named if draft.kind is ActorKind.ARMED_GROUP]
        self._armed = sorted(armed, key=lambda draft: draft.mentions[0].start)
        self._named_words = {
            words_of
            for draft in named
            if draft.kind is not ActorKind.COUNTRY
            for it in draft.mentions
            for words_of in range(*cast.words.at(it.start, it.end))
        }
        companies = [
            (it, draft)
            for draft in named
            if draft.kind is ActorKind.ORGANIZATION and not draft.id.startswith(("media:", "org:", "union:"))
            for it in draft.mentions
            if it.form in (Form.NAME, Form.ABBREVIATION, Form.SURNAME)
        ]
        self._companies = sorted(companies, key=lambda pair: pair[0].start)

    def read(self) -> None:
        """Adds the mentions of unnamed sides to the cast."""
        self._read_points()
        lists = word_lists()
        for i, key in enumerate(self._words.key):
            if i in self._cast.taken or self._words.shout[i]:
                continue
            if key in lists.unnamed:
                if not (self._pastime and lists.unnamed[key].kind is ActorKind.ARMED_GROUP):
                    self._read_group(i)  # boxers are "the fighters" of nobody's war
            elif key in _GOVERNMENT:
                self._read_government(i)
            elif key in lists.company_nouns:
                self._read_company(i)
        self._read_offices()

    def _find_scene(self) -> Draft | None:
        """The country in which things happen: the one most often named as a place."""
        places = Counter(
            draft.id
            for draft in {id(draft): draft for _, _, draft in self._countries}.values()
            for it in draft.mentions
            if it.form is Form.PLACE
        ).most_common(2)
        few = not places or places[0][1] < _SCENE  # one "in Qatar" may only be where the talks are held
        if few or (len(places) == 2 and places[0][1] == places[1][1]):
            return self._countries[0][2] if self._main is None and self._countries else self._main
        return self._cast.drafts[places[0][0]]

    def _determined(self, i: int) -> bool:
        """Whether "the", "both" or the like stands before word `i`, with at most two adjectives between."""
        for j in range(i - 1, max(i - 4, -1), -1):
            if self._words.key[j] in ("the", "both", "all", "these", "those"):
                return True
            if self._words.between(j, j + 1).strip(" -\n") or self._words.key[j] in (
                "of",
                "a",
                "an",
                "any",
                "no",
                "for",
            ):
                return False
        return False

    def _attached(self, i: int) -> Draft | None:
        """The country before ("Syrian rebels") or after ("rebels in Liberia") word `i`."""
        words = self._words
        start, end = words.start[max(i - 2, 0)], words.end[i]
        place = bisect_left(self._starts, start)
        for first, last, draft in self._countries[place : place + 4]:
            if words.source[max(first - 4, 0) : first].lower().endswith("pro-"):
                continue  # "pro-Russian separatists" are not in Russia
            if last <= words.start[i] and "," not in words.source[last : words.start[i]]:
                return draft
            if first >= end and words.source[end:first].strip() in _IN:
                return draft
        return None

    def _near(self, i: int) -> Draft | None:
        """The one country named in the same sentence, or the article's main one, or the last named before."""
        if self._main is not None:
            return self._main
        begin, end = self._words.sentence(i)
        inside = self._countries[bisect_left(self._starts, begin) : bisect_left(self._starts, end)]
        if inside and all(draft is inside[0][2] for _, _, draft in inside):
            return inside[0][2]
        before = bisect_left(self._starts, self._words.start[i])
        return self._countries[before - 1][2] if before else None

    def _read_group(self, i: int) -> None:
        words, lists = self._words, word_lists()
        side = lists.unnamed[words.key[i]]
        last = i + 1
        while (
            last < len(words)
            and last < i + 3
            and words.key[last] in lists.group_people
            and not words.between(last - 1, last).strip()
        ):
            last += 1
        if side.adjective and last == i + 1:
            return
        scope = self._attached(i)
        if words.key[i] == "opposition" and (
            (last == i + 1 and not (scope or self._determined(i))) or self._follows(last, "to")
        ):
            return
        if self._follows_named(i) or self._one_of_many(i) or (side.beside and not self._beside(i, side.beside)):
            return
        acts = scope is not None or self._determined(i) or self._acts(i, last)
        named = self._named_group(i, side.kind) if scope is None or self._determined(i) else None
        if not acts:
            return
        draft = named or self._cast.unnamed(side.name, side.kind, scope or self._main or self._scene or self._near(i))
        if named is None:
            draft.names |= dict.fromkeys(self._qualified(i))
        self._cast.mention(draft, i, last, Form.ROLE, "actors.unnamed-group")

    def _beside(self, i: int, wanted: frozenset[str]) -> bool:
        return i > 0 and self._words.key[i - 1] in wanted and not self._words.between(i - 1, i).strip(" -'’\n")

    def _qualified(self, i: int) -> list[str]:
        """Returns the noun at word `i`, alone and with the adjectives and nouns before it ("commercial banks")."""
        words, first = self._words, i
        while first > max(0, i - _QUALIFIERS) and words.token(first - 1).dep_ in _QUALIFYING:
            plain = first - 1 not in self._cast.taken and words.text[first - 1][:1].islower()
            if not plain or words.between(first - 1, first).strip():
                break
            first -= 1
        return [" ".join(words.text[start : i + 1]) for start in range(i, first - 1, -1)]

    def _follows(self, i: int, word: str) -> bool:
        return i < len(self._words) and self._words.key[i] == word

    def _follows_named(self, i: int) -> bool:
        """As in "ISIS militants", "Nusra (JN) fighters": the noun only says what the named group is."""
        words = self._words
        if i - 1 not in self._cast.taken or words.between(i - 1, i).strip(" )-"):
            return False
        return i - 1 in self._named_words

    def _one_of_many(self, i: int) -> bool:
        """As in "another rebel group" or "the largest rebel group": one that is, or will be, named."""
        before = self._words.key[max(i - 3, 0) : i]
        return any(key in _ONE for key in before) and before[-1] not in ("the", "both")

    def _acts(self, first: int, last: int) -> bool:
        head = self._words.governor(first, last, ("conj",))
        return head.dep_ in ("nsubj", "nsubjpass", "agent", "dobj") or (
            head.dep_ == "pobj" and head.head.lower_ in ("between", "with", "by", "against", "from", "to", "of")
        )

    def _named_group(self, i: int, kind: ActorKind) -> Draft | None:
        """The one named armed group of the article, when "the rebels" can mean no other."""
        if kind is not ActorKind.ARMED_GROUP or not self._determined(i):
            return None
        start = self._words.start[i]
        before = [draft for draft in self._armed[:2] if draft.mentions[0].start < start]
        return before[0] if len(before) == 1 else None

    def _read_government(self, i: int) -> None:
        words = self._words
        before = words.key[i - 1] if i else ""
        if before in (
            "local",
            "provincial",
            "regional",
            "state",
            "unity",
            "new",
            "transitional",
            "national",
            "a",
            "coalition",
            "interim",
            "municipal",
        ):
            return
        draft = self._attached(i) or self._near(i)
        if draft is None or not (self._determined(i) or before in ("and", "with") or i == 0 or self._has_people(i)):
            return
        last = i + 1
        while last < len(words) and last < i + 3 and self._has_people(last - 1):
            last += 1
        self._cast.mention(draft, i, last, Form.ROLE, "actors.government")

    def _has_people(self, i: int) -> bool:
        words, lists = self._words, word_lists()
        j = i + 1
        return (
            j < len(words)
            and not words.between(i, j).strip()
            and (words.key[j] in lists.group_people or words.key[j] in lists.government_nouns)
        )

    def _read_company(self, i: int) -> None:
        if i == 0 or self._words.key[i - 1] != "the" or not self._acts(i, i + 1):
            return
        draft = self._last_subject(i)
        if draft is not None:
            self._cast.mention(draft, i, i + 1, Form.ROLE, "actors.company")

    def _last_subject(self, i: int) -> Draft | None:
        """The company that last said, agreed or announced something before word `i`, else the first one named."""
        place = bisect_left(self._companies, self._words.start[i], key=lambda pair: pair[0].start)
        before = self._companies[max(place - _COMPANIES_BACK, 0) : place]
        subjects = [pair for pair in before if self._is_subject(pair[0])]
        return (subjects[-1:] or self._companies[:1])[0][1] if before else None

    def _is_subject(self, mention: ActorMention) -> bool:
        first, last = self._words.at(mention.start, mention.end)
        head = self._words.governor(first, last, ("conj",))
        return head.dep_ in ("nsubj", "nsubjpass") and head.head.lemma_ in word_lists().speech_verbs

    def _read_points(self) -> None:
        """As in "the North" and "the South", when the article names a country of such a pair."""
        words = self._words
        present = {draft.id for _, _, draft in self._countries}
        found = next(((north, south) for north, south in pairs() if north in present or south in present), None)
        if found is None:
            return
        for i in range(1, len(words)):
            if words.text[i] in ("North", "South") and words.key[i - 1] == "the" and i not in self._cast.taken:
                after = words.text[i + 1] if i + 1 < len(words) else ""
                if after == "of" or (after[:1].isupper() and not words.between(i, i + 1).strip()):
                    continue
                draft = self._cast.by_id(found[words.text[i] == "South"])
                if draft is not None:
                    self._cast.mention(draft, i, i + 1, Form.NAME, "actors.north-south")

    def _read_offices(self) -> None:
        """As in "the Turkish president": his name where the article gives it, else his country."""
        holders = [office for office in self._offices if office.holder is not None]
        for office in self._offices:
            if office.holder is None and office.last - 1 not in self._cast.taken:
                self._read_office(office, holders)

    def _read_office(self, office: Office, holders: list[Office]) -> None:
        side = self._cast.of(office.side) if office.side is not None else None
        words, top = self._words, word_lists().top_roles
        head = words.key[office.last - 1]
        first = office.first
        if office.side is not None and side is not None and office.side.first < first:
            first = office.side.first
        holder = self._holder(office, side, holders)
        if holder is not None:
            self._cast.mention(holder, office.first, office.last, Form.ROLE, "actors.office")
        elif side is not None and head in top and not self._indefinite(office) and head != "chief":
            self._cast.mention(side, office.first, office.last, Form.ROLE, "actors.office-of-side")

    def _indefinite(self, office: Office) -> bool:
        i = (office.side.first if office.side is not None and office.side.first < office.first else office.first) - 1
        return i >= 0 and self._words.key[i] in ("no", "any", "former", "another", "every")

    def _holder(self, office: Office, side: Draft | None, holders: list[Office]) -> Draft | None:
        """The last holder before it whose office ends in the same word and whose side is not another one."""
        words = self._words
        head = words.key[office.last - 1]
        determiner = words.key[office.first - 1] if office.first else ""
        if side is None and determiner != "the":
            return None
        found = None
        place = bisect_left(holders, office.first, key=lambda it: it.first)
        for other in holders[max(place - _HOLDERS_BACK, 0) : place + _HOLDERS_BACK]:
            same = words.key[other.last - 1] == head or (head == "premier" and "prime minister" in other.role.lower())
            if head == "minister" and office.role.lower() not in (other.role.lower(), "minister"):
                same = False
            holder = self._cast.of(other.holder) if other.holder is not None else None
            if not same or holder is None:
                continue
            its = self._cast.of(other.side) if other.side is not None else None
            its = its or (self._cast.by_id(holder.stands_for) if holder.stands_for else None)
            if side is not None and its is not side:
                continue
            if other.first < office.first or side is not None:
                found = holder
                if side is not None:
                    break
        return found
