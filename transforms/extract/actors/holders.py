"""Who is meant by an office and a surname ("President Bush"), or by a name with other initials than the known one."""

from transforms.extract.actors.candidates import Candidate
from transforms.extract.actors.gazetteer import Gazetteer
from transforms.extract.actors.known import Entry
from transforms.extract.actors.text import key_of
from transforms.extract.actors.trained import PARTICLES
from transforms.records import ActorKind

_PAST = frozenset({"former", "ex", "then", "late", "outgoing", "incumbent", "ousted", "deposed", "mr", "mrs", "new"})
_AHEAD = 1  # years: who is elect takes office in the year after
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})


def resolve_holders(candidates: list[Candidate], gazetteer: Gazetteer, year: int | None) -> None:
    """Sets the entry of candidates that name a known person by other words than the gazetteer lists.

    Args:
        candidates: With roles and sides read.
        gazetteer: The actors known beforehand.
        year: That of publication, or None.
    """
    known: dict[tuple[str, ...], Entry] = {}
    full = set()
    for candidate in candidates:
        key = candidate.key
        if candidate.entry is None and candidate.label == "PERSON" and len(key) > 1:
            candidate.entry = _by_ends(gazetteer, key, year)
            if candidate.entry is None and key[0] not in PARTICLES:
                full.add(key[-1])
    for candidate in candidates:
        if candidate.entry is None and candidate.role is not None and candidate.key[-1] not in full:
            holder = _by_office(gazetteer, candidate, year)
            if holder is not None:
                known[candidate.key] = holder
    for candidate in candidates:
        if candidate.entry is None and candidate.key in known:
            candidate.entry = known[candidate.key]


def _by_ends(gazetteer: Gazetteer, key: tuple[str, ...], year: int | None) -> Entry | None:
    """As in "Mikhail S. Gorbachev" and, by its year, "George Bush": first and last word are those of a known name."""
    last = len(key) - 1 if key[-1] in _GENERATIONS and len(key) > 2 else len(key)
    if any(len(word) > 1 for word in key[1 : last - 1]):
        return None  # a whole word more may make another person of it
    return _of_year(gazetteer.by_ends.get((key[0], key[last - 1]), []), year)


def _by_office(gazetteer: Gazetteer, candidate: Candidate, year: int | None) -> Entry | None:
    role = set(key_of(candidate.role or "")) - _PAST
    elect = "elect" in role
    role -= {"elect"}
    if "presidents" in role:  # "Presidents X and Y"
        role = role - {"presidents"} | {"president"}
    if "premier" in role:
        role = role - {"premier"} | {"prime", "minister"}
    side = candidate.side.entry if candidate.side is not None else None
    if candidate.side is not None and side is None:
        return None
    fitting = [
        entry
        for entry in gazetteer.by_surname.get(" ".join(candidate.key), [])
        if any(role == set(key_of(office)) for office in entry.offices)
        and (side is None or side.id in (entry.stands_for, f"country:{entry.country}"))
    ]
    return _of_year(fitting, year + _AHEAD if elect and year is not None else year)


def _of_year(entries: list[Entry], year: int | None) -> Entry | None:
    """Returns the one in office in a year, else the last to have left; none where no year tells two apart."""
    if len(entries) == 1 and (year is None or entries[0].years is None or entries[0].years[0] <= year + _AHEAD):
        return entries[0]
    dated = [entry for entry in entries if entry.years is not None]
    if year is None:
        return None
    serving = [entry for entry in dated if entry.years is not None and entry.years[0] <= year <= entry.years[1]]
    if serving:
        return serving[0] if len(serving) == 1 else None
    past = [entry for entry in dated if entry.years is not None and entry.years[1] < year]
    return max(past, key=lambda entry: entry.years or (0, 0), default=None)


def plain_name(entry: Entry) -> str | None:
    """Returns a person's name without the initials between ("George Bush" for "George W. Bush"), where it has some."""
    parts = entry.name.split()
    inner = [part for part in parts[1:-1] if len(part.strip(".")) > 1]
    if entry.kind is not ActorKind.PERSON or len(parts) < 3 or len(inner) == len(parts) - 2:
        return None
    return " ".join((parts[0], *inner, parts[-1]))
