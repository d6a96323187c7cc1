"""Brings the address of an article into one form, so that the same page has the same address."""

import functools
import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

import courlan

MAX_URL_CHARACTERS = 2_000  # what browsers and servers take in practice; anything longer is data, not an address

# Parameters that only say how a reader came to the page. Short on purpose: dropping a parameter that chooses the
# article makes two articles one, keeping a needless one only makes a near-duplicate. courlan's own list goes by
# prefixes (ga, gl, cid, eid, source, session ...) and also drops `gallery=`, `?12345` and other names of articles.
_TRACKING = re.compile(
    r"utm_\w+|(fb|g|dc|gb|y|ys|tw)clid|gclsrc|msclkid|wbraid|igsh(id)?|mc_[ce]id|_g[al]|_hs(enc|mi)|mk_tok|mkt_tok|"
    r"at_(medium|campaign|link_\w+|custom\d|format|ptr_name|bbc_team)|ns_(mchannel|source|campaign|linkname|fee)|"
    r"cmpid|icid|ocid|xtor|smid|smtyp|ref_src|ref_url|feature_share|share_id",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_NEVER_IN_A_URL = re.compile(r"[\x00-\x20\x7f<>\"]")
_SAFE = "/%!$&'()*+,;=:@-._~"  # RFC 3986, section 3.3: characters of a path, and escapes already made
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*|[0-9a-f:.]+")


@functools.lru_cache(maxsize=8_192)  # 20 µs; a feed's entry asks for its own at every step
def canonical_url(url: str) -> str | None:
    """Returns an address in its one form, or None if it is not the http(s) address of a page.

    Lower-case scheme and host; no default port, user name, fragment or tracking parameters; one slash for many, none
    at the end; other parameters sorted; escapes in capitals (RFC 3986, section 6). Applying it twice changes nothing.
    """
    text = url.strip()
    if len(text) > MAX_URL_CHARACTERS or _NEVER_IN_A_URL.search(text):
        return None
    try:
        parts = urlsplit(text)
        site = _canonical_site(parts)
        query = _canonical_query(parts.query)
    except ValueError:  # brackets, a port or a host name that are none
        return None
    if site is None:
        return None
    path = re.sub(r"/{2,}", "/", _escaped(parts.path)).rstrip("/")
    return f"{site}{path}?{query}" if query else f"{site}{path}"


def _canonical_site(parts: SplitResult) -> str | None:
    host, port = (parts.hostname or "").rstrip("."), parts.port
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    name = f"[{host}]" if ":" in host else host
    netloc = name if port is None else f"{name}:{port}"
    site: str = courlan.normalize_url(SplitResult(parts.scheme, netloc, "", "", ""))
    return site


def _canonical_query(query: str) -> str:
    """Keeps parameters without a value: old news sites name an article by `?12345`."""
    if "=" not in query:
        return _escaped(query)
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))


def _escaped(text: str) -> str:
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quote(text, safe=_SAFE))


def site_of(url: str) -> str | None:
    """Returns the host of an address without a leading `www.`, or None."""
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None
