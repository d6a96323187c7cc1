"""Finds the stretches that may name an actor: known actors, the trained names, titles and heads."""

from collections.abc import Iterator

from transforms.extract.actors.branches import GROUP_WORDS, branches, firm_end, locals_of, spelled_out
from transforms.extract.actors.candidates import Board, Candidate, known_candidate
from transforms.extract.actors.gazetteer import Gazetteer, Match
from transforms.extract.actors.text import Words
from transforms.extract.actors.trained import trained_names
from transforms.extract.actors.trained_candidates import place_trained
from transforms.extract.actors.words import word_lists
from transforms.extract.actors.written_candidates import place_bracketed, place_headed, place_spelled, place_titled
from transforms.extract.layers import Form
from transforms.records import ActorKind

_STATIONS = frozenset({"radio", "television", "tv"})


def _state_bodies(words: Words, known: list[Match]) -> Iterator[tuple[int, int, Match]]:
    """Yields the words of a state's bodies ("Honduran Congress"), with the country in them."""
    bodies = word_lists().state_bodies
    for match in known:
        start = match.last
        if match.entry.kind is ActorKind.COUNTRY and match.form in (Form.DEMONYM, Form.NAME) and start < len(words):
            if not words.capital[start] or words.between(start - 1, start) not in (" ", "\n"):
                continue
            for size in (4, 3, 2, 1):
                last = min(start + size, len(words))
                if tuple(words.key[start:last]) in bodies:
                    yield match.first, last, match
                    break


def _place_known(words: Words, board: Board, match: Match) -> None:
    if not board.free(match.first, match.last) or _broadcaster(words, board, match):
        return
    if match.entry.common and match.last - match.first == 1:
        label = board.label[match.first]
        wanted = ("PERSON", "ORG", "GPE", "NORP", "PRODUCT")
        if label not in wanted and not words.shout[match.first]:
            return
    candidate = known_candidate(words, match, board.label[match.first])
    if match.entry.kind is ActorKind.PERSON and candidate.last - candidate.first > 1:
        candidate.last = _with_surname(words, board, candidate.last)
        candidate.key = tuple(words.key[candidate.first : candidate.last])
    if match.entry.id.startswith("company:"):
        last = firm_end(words, candidate.last)
        if last > candidate.last and board.owner[candidate.last : last].count(None) == last - candidate.last:
            if not GROUP_WORDS.issuperset(words.key[candidate.last : last - 1]):
                candidate.entry = None  # "Time Warner Cable Inc" is not Time Warner
                candidate.label, candidate.rule = "ORG", "actors.branch"
            candidate.last, candidate.key = last, tuple(words.key[candidate.first : last])
    board.put(candidate)


def _broadcaster(words: Words, board: Board, match: Match) -> bool:
    """Takes "Radio Belgrade" for a station, which is not its city's government."""
    i = match.first - 1
    if match.form is not Form.CAPITAL or i < 0 or words.key[i] not in _STATIONS or not words.capital[i]:
        return False
    if words.between(i, match.first) != " " or board.owner[i] is not None or words.shout[i]:
        return False
    key = tuple(words.key[i : match.last])
    board.put(Candidate(first=i, last=match.last, key=key, label="ORG", rule="actors.headed", described=True))
    return True


def _with_surname(words: Words, board: Board, last: int) -> int:
    """The end of "Vinicio Cerezo Arevalo", who is known as Vinicio Cerezo."""
    while last < len(words) and words.capital[last] and words.between(last - 1, last) == " ":
        if board.label[last] != "PERSON" or board.owner[last] is not None or not words.text[last].isalpha():
            break
        last += 1
    return last


def find_candidates(words: Words, gazetteer: Gazetteer, year: int | None = None) -> list[Candidate]:
    """Returns the candidates of a text in its order; none overlap.

    Args:
        words: Of the text.
        gazetteer: The actors known beforehand.
        year: That of publication, or None.
    """
    known = list(gazetteer.find(words, year))
    words.known = gazetteer.keys.keys()
    board = Board(len(words))
    for first, last, country in _state_bodies(words, known):
        key = tuple(words.key[first:last])
        side = known_candidate(words, country, "")
        board.put(
            Candidate(first=first, last=last, key=key, label="ORG", rule="actors.state-body", side=side, nested=side)
        )
    for first, last, country in branches(words, known):
        nested = known_candidate(words, country, "")
        key = tuple(words.key[first:last])
        board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.branch", nested=nested))
    for first, last in locals_of(words):
        key = tuple(words.key[first:last])
        board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.local"))
    for first, last, label in trained_names(words):
        place_trained(words, board, first, last, label, known)
    for match in known:
        _place_known(words, board, match)
    place_titled(words, board)
    place_headed(words, board)
    place_bracketed(words, board)
    for first, last in spelled_out(words):
        place_spelled(words, board, first, last)
    return board.all()
