"""Which file endings are read, and as what."""

import os

GZIP_ENDING = ".gz"
JSON_ENDING = ".json"
LINES_ENDINGS = frozenset({".jsonl", ".ndjson"})
WARC_ENDINGS = frozenset({".warc", ".wet"})  # .wet: texts taken from pages, in the same form
SIDECAR_ENDINGS = (".yaml", ".yml")  # of the full file name: a.txt has a.txt.yaml
URLS_ENDING = ".urls"
MEDIA_TYPES = {".txt": "text/plain", ".md": "text/markdown", ".html": "text/html", ".htm": "text/html"}

SUPPORTED = (".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".ndjson", ".warc", ".wet", URLS_ENDING)
SUPPORTED_TEXT = f"{', '.join(SUPPORTED)}, each also with {GZIP_ENDING}"


def is_gzip(name: str) -> bool:
    """Returns whether a file of this name is to be decompressed."""
    return name.lower().endswith(GZIP_ENDING)


def ending(name: str) -> str:
    """Returns the ending that says what a file holds, in lower case: `.txt` for `a.TXT` and for `a.txt.gz`."""
    lower = name.lower().removesuffix(GZIP_ENDING)
    return os.path.splitext(lower)[1]  # noqa: PTH122 a name, not a path; Path() is ten times slower on long lists


def is_supported(name: str) -> bool:
    """Returns whether a file of this name is taken in when its folder is."""
    return ending(name) in SUPPORTED


def is_sidecar_name(name: str) -> bool:
    """Returns whether a file of this name holds metadata of another, not an article."""
    return name.lower().endswith(SIDECAR_ENDINGS)
