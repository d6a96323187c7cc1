"""Names the language of a text: the code that was given, else the one the text shows."""

import functools

import pycountry
from py3langid import langid

SAMPLE_CHARACTERS = 2_000  # py3langid's accuracy on news is flat beyond some hundred characters
MIN_LETTERS = 21  # "use it only when > 20 letters": below that, names decide and the answer is noise
_UNDETERMINED = frozenset({"und", "mul", "mis", "zxx"})  # ISO 639-2: unknown, several, uncoded, none


@functools.cache
def _identifier() -> langid.LanguageIdentifier:
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)  # 0.6 s, once a process


def detect_language(text: str) -> str | None:
    """Returns the ISO 639-1 code of the language a text is written in, or None if it has too few letters."""
    sample = text[:SAMPLE_CHARACTERS]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        return None
    code: str = _identifier().classify(sample)[0]
    return code if len(code) == 2 else None


@functools.lru_cache(maxsize=256)
def language_code(name: str) -> str | None:
    """Returns the ISO 639-1 code for `en`, `en-GB`, `eng` or `English` (ISO 639-3 where there is no shorter one).

    Returns:
        The code, or None where the name is empty or says that the language is not known (`und`).

    Raises:
        LookupError: It is none of these.
    """
    text = name.strip().lower()
    primary = text.replace("_", "-").split("-")[0]
    if not text or primary in _UNDETERMINED:
        return None
    if len(primary) < 2:
        raise LookupError(name)
    if len(primary) <= 3:  # `lookup` would also look among the names: "En" is a language of Vietnam
        language = pycountry.languages.get(**{f"alpha_{len(primary)}": primary})
    else:
        language = pycountry.languages.lookup(text)
    if language is None:
        raise LookupError(name)
    code: str = getattr(language, "alpha_2", None) or language.alpha_3
    return code
