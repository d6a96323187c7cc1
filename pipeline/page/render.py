"""Writes the page: fills the template and puts the file in its place whole."""

import functools
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import __version__
from pipeline.page.characters import shown
from pipeline.page.views import ArticleView

_FOLDER = Path(__file__).parent
_TEMPLATE = "page.html.jinja"
_READABLE = 0o644


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_html(articles: Sequence[ArticleView]) -> str:
    """Returns one page with all articles: a whole HTML document that asks nothing of any server.

    Args:
        articles: At least one; where there are several, their prefixes must differ.
    """
    return _environment().get_template(_TEMPLATE).render(articles=articles, version=__version__)


def write_page(path: Path, html: str) -> None:
    """Writes a page in one step: whoever looks sees the old file or the new one, never a part.

    Raises:
        OSError: The folder is not there or cannot be written to.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(html)
        written.chmod(_READABLE)
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
