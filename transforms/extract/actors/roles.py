"""Offices: whose office it is ("Turkish President X", "X, head of Y"), and offices named without their holder."""

import dataclasses
from bisect import bisect_right
from collections.abc import Iterator

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.text import Words
from transforms.extract.actors.words import word_lists
from transforms.records import ActorKind

_LONGEST_ROLE = 9  # words: "Chairman of the Joint Chiefs of Staff and acting ..." is cut there
_OF = frozenset({"state", "staff", "government", "mission", "delegation"})  # "Secretary of State"
# Holders whose "of X" or "at X" names an organization, even where X was taken for a person.
_OF_COMPANIES = frozenset({"analyst", "economist", "chairman", "ceo", "executive", "chairwoman", "strategist"})
_LONGEST_PORTFOLIO = 4  # words: "Norwegian Development Aid Minister"
_OF_STATE = frozenset({"minister", "ministers", "secretary", "undersecretary"})
_NOT_PORTFOLIOS = frozenset(
    {"the", "a", "and", "by", "for", "of", "with", "to", "in", "said", "told", "former", "then"}
)
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "its", "their", "then", "who", "is", "was", "as"})


@dataclasses.dataclass(slots=True, kw_only=True, eq=False)
class Office:
    """An office in the text: words `first` to `last`, the side it belongs to, and its holder where he is named."""

    first: int
    last: int
    role: str
    side: Candidate | None
    holder: Candidate | None = None


class RoleReader:
    """Reads the offices of one text, given its candidates."""

    def __init__(self, words: Words, candidates: list[Candidate]) -> None:
        self._words = words
        self._lists = word_lists()
        self._starting = {candidate.first: candidate for candidate in candidates}
        self._ending = {candidate.last: candidate for candidate in candidates}
        self._taken = {i for candidate in candidates for i in range(candidate.first, candidate.last)}
        self._candidates = candidates

    def read(self) -> list[Office]:
        """Sets role and side of every candidate that holds an office; returns all offices, in text order."""
        offices = []
        for candidate in self._candidates:
            if _may_be_person(candidate):
                office = self._before(candidate) or self._after(candidate)
                if office is not None:
                    candidate.role, candidate.side, office.holder = office.role, office.side, candidate
                    candidate.titled = True
                    offices.append(office)
        self._share_plural(offices)
        held = {i for office in offices for i in range(office.first, office.last)}
        offices += self._unheld(held)
        return sorted(offices, key=lambda office: office.first)

    def _before(self, candidate: Candidate) -> Office | None:
        """An office before its holder: "Russian Defence Minister X", "Turkish counterpart, X", "leader of Y X"."""
        words, last = self._words, candidate.first
        if last == 0 or words.between(last - 1, last).strip() not in ("", ",", ".", "),"):
            return None
        first = self._role_start(last)
        if first == last or not self._has_head(first, last):
            of = self._side_ending(last)  # "the president of Syria, Bashar al-Assad"
            if of is not None:
                office = self._ending_with(of)
                if office is not None:
                    return office
            return None
        if words.between(last - 1, last).strip() == "," and words.key[last - 1] not in (
            "counterpart",
            "president",
            "leader",
            "minister",
            "premier",
            "chancellor",
            "commander",
            "ambassador",
            "envoy",
            "chairman",
            "negotiator",
            "spokesman",
            "secretary",
            "chief",
        ):
            return None
        side = self._side_before(first) or self._side_shared(first)
        return self._office(first, last, side)

    def _side_shared(self, first: int) -> Candidate | None:
        """As in "Israeli premier X and energy minister Y": the second office is of the first one's side."""
        if first < 2 or self._words.key[first - 1] != "and":
            return None
        partner = self._ending.get(first - 1)
        return partner.side if partner is not None and partner.role is not None else None

    def _side_ending(self, last: int) -> Candidate | None:
        gap = self._words.between(last - 1, last).strip()
        of = self._ending.get(last)
        if gap == ")," and of is not None:  # "of the Debt Management Office (DMO), X"
            return self._ending.get(of.first)
        return of if gap == "," else None

    def _ending_with(self, side: Candidate) -> Office | None:
        words = self._words
        of = side.first - 1
        if of >= 1 and words.key[of] == "the":
            of -= 1
        if of < 1 or words.key[of] not in ("of", "for"):
            return None
        first = self._role_start(of)
        if first == of or not self._has_head(first, of):
            return None
        return self._office(first, of, side)

    def _role_start(self, last: int) -> int:
        words, first = self._words, last
        while first > 0 and last - first < _LONGEST_ROLE and first - 1 not in self._taken:
            key = words.key[first - 1]
            of_state = key == "of" and first < last and words.key[first] in _OF
            if (
                not of_state
                and key not in self._lists.role_words
                and key not in self._lists.role_heads
                and key not in self._lists.titles
            ):
                break
            gap = words.between(first - 1, first).strip() if first < len(words) else ""
            if first < last and gap not in ("", "-", ".", "/"):
                break
            first -= 1
        while first < last and words.key[first] in ("and", "for", "state", "of"):
            first += 1
        if first + 1 < last and words.key[first] == "under" and words.key[first + 1] != "secretary":
            first += 1  # "served under President X"
        return first

    def _has_head(self, first: int, last: int) -> bool:
        return any(self._words.key[i] in self._lists.role_heads for i in range(first, last))

    def _side_before(self, first: int) -> Candidate | None:
        words = self._words
        end = first
        if end > 1 and words.key[end - 1] == "s" and words.text[end - 1][0] in "'’ʼ‘`":
            end -= 1
        side = self._ending.get(end) or self._side_of_portfolio(first)
        gap = words.between(side.last - 1, side.last) if side is not None else ""
        if side is None or gap.strip() not in ("", "-", "'", "’") or "\n\n" in gap:
            return None
        return None if _is_named_person(side) else side

    def _side_of_portfolio(self, first: int) -> Candidate | None:
        """The country before a portfolio that is no known word of offices ("Norwegian Development Aid Minister X")."""
        words, i = self._words, first
        if first >= len(words) or words.key[first] not in _OF_STATE:
            return None
        while i > 0 and first - i < _LONGEST_PORTFOLIO and i - 1 not in self._taken:
            if words.between(i - 1, i).strip() or not words.key[i - 1].isalpha() or words.key[i - 1] in _NOT_PORTFOLIOS:
                return None
            i -= 1
        side = self._ending.get(i) if i < first else None
        return side if side is not None and side.entry is not None and side.entry.kind is ActorKind.COUNTRY else None

    def _office(self, first: int, last: int, side: Candidate | None) -> Office:
        role = " ".join(self._words.span(first, last).split())
        before = side.first - 1 if side is not None and side.last <= first else -1
        if before >= 0 and self._words.key[before] in self._lists.not_in_office:  # "ousted Honduran President X"
            role = f"{self._words.text[before]} {role}"
        return Office(first=first, last=last, role=role, side=side)

    def _after(self, candidate: Candidate) -> Office | None:
        """An office after its holder: "X, Prime Minister of Canada", "X, Canada's trade minister", "X of Nigeria"."""
        words, i = self._words, candidate.last
        if i >= len(words) or words.between(i - 1, i).strip(" .\n") not in (",", "(", ", (", "-", "–", "—"):
            return None
        if candidate.titled and self._starting.get(i) is not None:
            return None
        while (
            i < len(words)
            and words.key[i] in _DETERMINERS
            and not words.between(i, i + 1 if i + 1 < len(words) else i).strip()
        ):
            i += 1
        while i < len(words) and words.key[i] in self._lists.not_in_office and i + 1 in self._starting:
            i += 1
        side = self._starting.get(i)
        if side is not None:
            i = side.last
            if i < len(words) and words.key[i] == "s":
                i += 1
        return self._role_from(i, side)

    def _role_from(self, first: int, side: Candidate | None) -> Office | None:
        words, last = self._words, first
        if first >= len(words):
            return None
        if side is not None and words.between(first - 1, first).strip():
            return None
        while last < len(words) and last not in self._taken and last - first < _LONGEST_ROLE:
            key = words.key[last]
            if key not in self._lists.role_words and key not in self._lists.role_heads:
                break
            if last > first and words.between(last - 1, last).strip() not in ("", "-"):
                break
            last += 1
        if first == last or not self._has_head(first, last):
            return None
        if side is None:
            side, last_of = self._of(last)
            if side is None and last_of > last:
                last = last_of
        return self._office(first, last, side)

    def _of(self, i: int) -> tuple[Candidate | None, int]:
        """The side after an office: "of Canada", "of the Debt Management Office"; or the end of "of Industry"."""
        words = self._words
        if i >= len(words) or words.key[i] not in ("of", "for", "at", "to") or words.between(i - 1, i).strip():
            return None, i
        j = i + 1
        if j < len(words) and words.key[j] in ("the", "a"):
            j += 1
        side = self._starting.get(j)
        company = words.key[i] in ("of", "at") and bool({*words.key[max(i - 3, 0) : i]} & _OF_COMPANIES)
        if side is not None and (company or not _is_named_person(side)) and not side.titled:
            side.described = company
            return side, side.last
        while j < len(words) and j not in self._taken and words.capital[j] and not words.between(j - 1, j).strip():
            j += 1
        return None, (j if j > i + 1 else i)

    def _share_plural(self, offices: list[Office]) -> None:
        """As in "Presidents X of Nigeria and Y of Benin": a plural office is each one's, with the country after him."""
        words = self._words
        by_holder = {id(office.holder): office for office in offices}
        starts = [office.first for office in offices]
        for candidate in self._candidates:
            if not _may_be_person(candidate) or candidate.side is not None:
                continue
            side, _ = self._of(candidate.last)
            partner = self._ending.get(candidate.first - 1) if words.key[candidate.first - 1] == "and" else None
            if partner is not None and partner.role is not None and partner.role.endswith("s") and not candidate.role:
                candidate.role, candidate.side, candidate.titled = partner.role, side or partner.side, True
                continue
            if side is None or side.entry is None or side.entry.kind is not ActorKind.COUNTRY:
                continue
            place = bisect_right(starts, candidate.first) - 1
            earlier = offices[place] if place >= 0 else None
            role = candidate.role or (earlier.role if earlier and self._near(earlier, candidate) else None)
            if role is not None or candidate.titled or words.key[candidate.first - 1] in self._lists.titles:
                candidate.role, candidate.side, candidate.titled = role, side, True
                if id(candidate) in by_holder:
                    by_holder[id(candidate)].side = side

    def _near(self, office: Office, candidate: Candidate) -> bool:
        words = self._words
        return (
            candidate.first - office.last < 12
            and words.key[office.last - 1].endswith("s")
            and "." not in words.source[words.end[office.last - 1] : words.start[candidate.first]]
        )

    def _unheld(self, held: set[int]) -> Iterator[Office]:
        words = self._words
        for i, key in enumerate(words.key):
            if key not in self._lists.role_heads or i in held or i in self._taken:
                continue
            first = self._role_start(i + 1)
            following = words.key[i + 1] if i + 1 < len(words) else ""
            if following in self._lists.role_heads and not words.between(i, i + 1).strip():
                continue
            side = self._side_before(first) or self._of(i + 1)[0]
            yield self._office(first, i + 1, side)


def _is_named_person(candidate: Candidate) -> bool:
    if candidate.entry is not None:
        return candidate.entry.kind is ActorKind.PERSON
    return candidate.label == "PERSON" and len(candidate.key) > 1


def _may_be_person(candidate: Candidate) -> bool:
    if candidate.entry is not None:
        return candidate.entry.kind is ActorKind.PERSON
    return candidate.label in ("PERSON", "ORG", "GPE", "NORP", "WORK_OF_ART", "PRODUCT") and candidate.side is None
