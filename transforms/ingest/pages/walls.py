"""Recognises pages that show a wall instead of their article: paywalls, cookie banners, checks for robots."""

import re

WALL_CHARACTERS = 2_000  # a longer text is an article, whatever it says about cookies or subscriptions
LEAD_CHARACTERS = 400  # a cookie wall begins with itself; an article about cookies begins with news

_COOKIES = re.compile(
    r"\bwe(?: and our \w+(?: \w+)?)? (?:use|value|store)\b.{0,60}\b(?:cookies|privacy|information)\b"
    r"|\b(?:accept|allow|reject|manage) (?:all )?(?:the )?cookies\b|\bbefore you continue\b"
    r"|\bcookie (?:policy|settings)\b"
    r"|\benable (?:javascript|cookies)\b|\bjavascript is (?:disabled|not available|required)\b"
    r"|\b(?:verify|confirm|prove) (?:that )?you are (?:a )?(?:human|not a robot)\b|\bare you a robot\b"
    r"|\bunusual (?:traffic|activity)\b|\bchecking your browser\b|\baccess denied\b",
    re.IGNORECASE | re.DOTALL,
)
_PAYWALL = re.compile(
    r"\bsubscribe (?:now )?(?:to (?:continue|read|keep|unlock|access)|for (?:full|unlimited) access)"
    r"|\balready (?:a subscriber|have an account|subscribed)\b|\bto (?:continue|keep) reading\b"
    r"|\b(?:sign|log) in to (?:continue|read|your account)|\b(?:this|the) (?:article|content|story) is (?:only )?"
    r"(?:for|available to|reserved for|exclusive to) (?:our )?(?:\w+ )?(?:subscribers|members)"
    r"|\bcreate (?:a|your) free account\b|\bfree articles? (?:left|remaining|this month)\b|\bunlock this article\b"
    r"|\bstart your (?:free )?trial\b|\bregister to (?:continue|read)\b",
    re.IGNORECASE,
)


def is_cookie_wall(text: str) -> bool:
    """Returns whether a page's text is that of a banner or a check: nothing of it is news."""
    return len(text) < WALL_CHARACTERS and bool(_COOKIES.search(text[:LEAD_CHARACTERS]))


def is_paywall_stub(text: str) -> bool:
    """Returns whether a page's text breaks off where it asks for money: its beginning is news."""
    return len(text) < WALL_CHARACTERS and bool(_PAYWALL.search(text))
