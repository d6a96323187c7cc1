"""Feeds in odd encodings, declared wrongly or not at all."""

from tests.ingest.feeds.odd.written import ENDED, SIGNED, TWO, A, Odd, item, odd, rss

DECLARED = '<?xml version="1.0" encoding="{}"?>'
ENCODED = "<item><title>Accord à Genève</title><link>https://wire.example/a</link></item>"
GENEVA = ("Accord à Genève", A, "Accord à Genève")


def _declared(encoding: str) -> str:
    return rss(ENCODED, head=DECLARED.format(encoding))


def _in(encoding: str, name: str = "") -> Odd:
    return odd(name or f"in {encoding}", _declared(encoding), GENEVA, encoding=encoding)


def _lies(encoding: str, said: str, name: str) -> Odd:
    return odd(name, _declared(said), GENEVA, encoding=encoding)


ENCODINGS = [
    *(
        odd(f"in {name}", _declared(name), GENEVA)
        for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "iso-8859-1", "windows-1252")
    ),
    *(
        odd(f"in {name} without a mark", _declared(name), GENEVA)
        for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    ),
    odd("in EBCDIC", _declared("cp037"), GENEVA),
    _lies("utf-8", "iso-8859-1", "in utf-8 that says latin 1"),
    _lies("iso-8859-1", "utf-8", "in latin 1 that says utf-8"),
    odd("in latin 1 that says nothing", rss(ENCODED), GENEVA, encoding="iso-8859-1"),
    _lies("utf-8", "utf-16", "in utf-8 that says utf-16"),
    _lies("utf-8-sig", "koi8-r", "in utf-8 with a mark that says koi8-r"),
    _lies("utf-16", "utf-8", "in utf-16 that says utf-8"),
    _lies("utf-8", "x-nonsense", "in utf-8 that says what is none"),
    odd("in utf-8 that the server calls latin 1", rss(ENCODED), GENEVA, kind="text/xml; charset=iso-8859-1"),
    odd("in utf-8 that the server calls ascii", rss(ENCODED), GENEVA, kind="text/xml; charset=us-ascii"),
    odd("in utf-8 that the server calls nonsense", rss(ENCODED), GENEVA, kind="text/xml; charset=nonsense"),
    odd(
        "in utf-8 with one damaged letter",
        rss(ENCODED).replace("à", "\udce0") + "<!-- è -->",
        (None, A, "Accord"),
    ),
    *(
        odd(
            f"in {name}",
            rss(item(title), head=f'<?xml version="1.0" encoding="{name}"?>'),
            (title, A, title),
            encoding=name,
        )
        for name, title in (("shift_jis", "協定"), ("koi8-r", "Мир подписан"), ("gb2312", "协议"), ("big5", "協議"))
    ),
    odd("called plain text", rss(TWO), SIGNED, ENDED, kind="text/plain"),
    odd("called html", rss(TWO), SIGNED, ENDED, kind="text/html; charset=utf-8"),
    odd("called a picture", rss(TWO), SIGNED, ENDED, kind="image/png"),
]
