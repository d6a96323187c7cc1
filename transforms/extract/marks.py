"""Blanks marks that the parser trips over: angle brackets around names, shares' symbols, the full stop of a title."""

import re

_BRACKETED = re.compile(r"<([A-Z][\w&.,' /-]{0,60})>")  # how wires of the eighties mark shares and names
_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9.]{0,6}")  # "<CTX>", "<MHC.N>"
# Titles that the tokeniser takes for the end of a sentence; it knows "Gen." and "Lt.".
_TITLE = re.compile(r"\b(Lieut|Brig|Maj|Cmdr|Messrs|Gens|Sens|Reps|Insp|Supt)\.(?=\s+[A-Z])")


def without_marks(text: str) -> str:
    """Returns a text of the same length with blanks for marks that stand in the way of reading it.

    Args:
        text: "Daleco Inc <DLC> said it will buy <Barlow Paper Ltd>" becomes "Daleco Inc       said it will ...".
    """
    plain = _BRACKETED.sub(_blanked, text) if "<" in text else text
    return _TITLE.sub(r"\1 ", plain)


def _blanked(found: re.Match[str]) -> str:
    inner = found.group(1)
    return " " * (len(inner) + 2) if _SYMBOL.fullmatch(inner) else f" {inner} "
