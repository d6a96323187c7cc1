"""For whom a person or an office acts: the president for his country, the chief executive for his company."""

from collections import defaultdict

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.cast import Cast, Draft
from transforms.extract.actors.text import fold, key_of
from transforms.extract.actors.words import word_lists
from transforms.records import ActorKind

_LEADERS = frozenset({"president", "premier", "prime", "chancellor", "king", "emir", "sultan", "leader", "ruler"})


def find_sides(cast: Cast) -> dict[str, str]:
    """Returns for actors that act for another one the id of that side; rivals within one country act for themselves."""
    sides: dict[str, str] = {}
    for draft in list(cast.drafts.values()):
        side = _side(cast, draft)
        if side is not None and side.id != draft.id:
            sides[draft.id] = side.id
    for draft in _rivals(cast, sides):
        sides.pop(draft.id, None)
    return sides


def _members(draft: Draft) -> list[Candidate]:
    return draft.group.members if draft.group is not None else []


def _side(cast: Cast, draft: Draft) -> Draft | None:
    if draft.kind is not ActorKind.PERSON:
        return _side_of_body(cast, draft)
    for member in _members(draft):
        if member.role is None:
            continue
        side = cast.of(member.side) if member.side is not None else None
        rebels = (
            side is not None and side.kind is ActorKind.ARMED_GROUP
        )  # their "exiled leader" leads them all the same
        if _out_of_office(member.role) and not rebels:
            return None
        if not _speaks_for_all(member.role):
            continue
        side = side if member.side is not None else _side_unsaid(cast, draft, member.role)
        if side is not None and side.kind is not ActorKind.PERSON:
            return _country_for(cast, side)
    return cast.by_id(draft.stands_for) if draft.stands_for else None


def _country_for(cast: Cast, side: Draft) -> Draft:
    """A ministry acts for its country, so that its minister does too."""
    return _side_of_body(cast, side) or side


def _side_unsaid(cast: Cast, draft: Draft, role: str) -> Draft | None:
    """A president without a country is that of the gazetteer, else of the country the article is about."""
    if draft.stands_for:
        return cast.by_id(draft.stands_for)
    words = set(key_of(role))
    if words & {"president", "premier", "minister", "chancellor", "king", "ambassador"} and not words & {
        "company",
        "bank",
        "vice",
    }:
        return cast.main_country()
    return None


def _side_of_body(cast: Cast, draft: Draft) -> Draft | None:
    if draft.stands_for:
        return cast.by_id(draft.stands_for)
    arms = word_lists().state_arms
    for member in _members(draft):
        if member.side is not None and any(member.key[-len(arm) :] == arm for arm in arms):
            return cast.of(member.side)
    return None


def _speaks_for_all(role: str) -> bool:
    words = set(key_of(role))
    return bool(words & word_lists().top_roles)


def _out_of_office(role: str) -> bool:
    return bool(set(key_of(role)) & word_lists().not_in_office)


def _rivals(cast: Cast, sides: dict[str, str]) -> list[Draft]:
    """Leaders of a country of which another one is said to be ousted, interim, opposition or rebel."""
    by_country: dict[str, list[Draft]] = defaultdict(list)
    contested: set[str] = set()
    for draft in cast.drafts.values():
        if draft.kind is not ActorKind.PERSON:
            continue
        roles = [member.role for member in _members(draft) if member.role]
        if draft.id in sides and any(set(key_of(role)) & _LEADERS for role in roles):
            by_country[sides[draft.id]].append(draft)
        for member in _members(draft):
            if member.role and _contests(member.role):
                side = cast.of(member.side) if member.side is not None else cast.main_country()
                if side is not None:
                    contested.add(side.id)
    return [draft for country in contested for draft in by_country[country]]


def _contests(role: str) -> bool:
    words = {fold(word) for word in key_of(role)}
    return bool(words & {"ousted", "deposed", "opposition", "rival", "interim", "exiled", "rebel", "proclaimed"})
