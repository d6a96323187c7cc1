"""Draws articles on one page."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.extract_files import Extracted
from pipeline.page.content import article_view
from pipeline.page.render import page_html, write_page


def page_of(articles: Sequence[Extracted], *, explain: bool = False) -> str:
    """Returns a page with all articles, each a section of its own.

    Args:
        articles: At least one.
        explain: Whether each sentence carries the id of the rule that read it.
    """
    prefixes = [""] if len(articles) == 1 else [f"r{at}-" for at in range(1, len(articles) + 1)]
    views = [
        article_view(read.article, read.reading, read.timexes, prefix=prefix, explain=explain)
        for prefix, read in zip(prefixes, articles, strict=True)
    ]
    return page_html(views)


def draw_articles(path: Path, articles: Sequence[Extracted], *, explain: bool = False) -> None:
    """Writes a page with all articles.

    Raises:
        OSError: The page cannot be written.
    """
    write_page(path, page_of(articles, explain=explain))
