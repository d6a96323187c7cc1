"""Blanks what wires of the eighties put in angle brackets, shares' symbols and names, which the parser trips over."""

import re

_BRACKETED = re.compile(r"<([A-Z][\w&.,' /-]{0,60})>")
_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9.]{0,6}")  # "<CTX>", "<MHC.N>", "<2602.T>"


def without_brackets(text: str) -> str:
    """Returns a text of the same length with blanks for shares' symbols and for the brackets around names.

    Args:
        text: "Daleco Inc <DLC> said it will buy <Barlow Paper Ltd>" becomes "Daleco Inc       said it will ...".
    """
    return _BRACKETED.sub(_blanked, text) if "<" in text else text


def _blanked(found: re.Match[str]) -> str:
    inner = found.group(1)
    return " " * (len(inner) + 2) if _SYMBOL.fullmatch(inner) else f" {inner} "
