"""Finds candidates by how names are written: behind a title, with a body's head, in brackets, spelled by initials."""

from transforms.extract.actors.candidates import LONGEST_NAME, Board, Candidate, is_no_actor
from transforms.extract.actors.gazetteer import is_acronym
from transforms.extract.actors.text import Words
from transforms.extract.actors.trained import ARTICLES, PARTICLES
from transforms.extract.actors.words import word_lists
from transforms.records import ActorKind


def place_titled(words: Words, board: Board) -> None:
    """Takes names behind a title for persons."""
    lists = word_lists()
    for i in range(1, len(words)):
        if words.key[i - 1] not in lists.titles or not words.capital[i - 1] or words.shout[i]:
            continue
        if words.between(i - 1, i).strip(" .\n") or words.key[i] in lists.titles:
            continue
        owner = board.owner[i]
        if owner is not None:
            if owner.entry is None and owner.first == i:
                owner.titled = owner.label != "GPE" or owner.titled
            continue
        last = _name_end(words, board, i)
        if last > i and not is_no_actor(words, i, last) and not _in_role(words.key[i]):
            key = tuple(words.key[i:last])
            board.put(Candidate(first=i, last=last, key=key, label="PERSON", rule="actors.titled", titled=True))


def _in_role(word: str) -> bool:
    return word in word_lists().role_words or word in word_lists().role_heads


def _name_end(words: Words, board: Board, first: int) -> int:
    last = first
    for i in range(first, min(first + 5, len(words))):
        if board.owner[i] is not None or (i > first and words.between(i - 1, i).strip(" -.'’")):
            break
        if words.capital[i] and not words.text[i].isdigit() and len(words.text[i]) > 1:
            last = i + 1
        elif words.key[i] not in PARTICLES:
            break
    return last


def place_headed(words: Words, board: Board) -> None:
    """Takes capitalised words that begin or end in a body's head noun for organizations."""
    lists = word_lists()
    i = 0
    size = len(words)
    while i < size:
        if not words.capital[i] or board.owner[i] is not None:
            i += 1
            continue
        last = _capital_run(words, board, i)
        first = i
        i = max(last, i + 1)
        if last - first < 2 or last - first > LONGEST_NAME or words.shout[first]:
            continue
        while first < last and words.key[first] in ARTICLES:
            first += 1
        heads = {words.key[last - 1], words.key[first]}
        if last - first > 1 and heads & lists.org_heads and not is_no_actor(words, first, last):
            key = tuple(words.key[first:last])
            board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.headed"))


def _capital_run(words: Words, board: Board, first: int) -> int:
    last = first
    for i in range(first, min(first + LONGEST_NAME + 1, len(words))):
        if board.owner[i] is not None or (i > first and _parts(words.between(i - 1, i))):
            break
        if words.capital[i] and words.text[i] not in ("S", "s"):
            last = i + 1
        elif i == first or words.key[i] not in ("of", "for", "and", "the", "s", "on"):
            break
    return last


def _parts(gap: str) -> bool:
    """Whether what stands between two words ends a name."""
    return gap.strip(" &'’.\n") not in ("", "-") or " - " in gap or gap.count("\n") > 1 or gap[:2] == ". "


def place_bracketed(words: Words, board: Board) -> None:
    """Takes the abbreviation in brackets behind a name for a name of the same."""
    for i in range(1, len(words)):
        if words.source[words.start[i] - 1] != "(" or board.owner[i] is not None or not is_acronym(words.text[i]):
            continue
        if words.between(i - 1, i).strip() == "(":
            before = board.owner[i - 1]
            after = words.source[words.end[i] : words.end[i] + 1]
            if before is not None and after in (")", ",", ";") and not is_no_actor(words, i, i + 1):
                board.put(
                    Candidate(first=i, last=i + 1, key=(words.key[i],), label=before.label, rule="actors.bracketed")
                )


def place_spelled(words: Words, board: Board, first: int, last: int) -> None:
    """Takes the words that an abbreviation spells for one name, where they were cut or not seen."""
    owners = {id(it): it for it in board.owner[first:last] if it is not None}.values()
    if any(it.entry is not None and it.entry.kind is not ActorKind.COUNTRY for it in owners) or (
        len(owners) == 1 and board.owner[first] is board.owner[last - 1]
    ):
        return
    nested = next((it for it in owners if it.entry is not None), None)
    for owner in owners:
        for i in range(owner.first, owner.last):
            board.owner[i] = None
    key, short = tuple(words.key[first:last]), board.owner[last]
    board.put(Candidate(first=first, last=last, key=key, label="ORG", rule="actors.spelled", nested=nested))
    if short is None:
        board.put(Candidate(first=last, last=last + 1, key=(words.key[last],), label="ORG", rule="actors.bracketed"))
