"""Feeds that are not well-formed."""

from tests.ingest.feeds.odd.written import ENDED, SIGNED, TWO, A, B, item, odd, rss

UNREAD = (None, None, "")  # its title is lost: it becomes a failure

BROKEN = [
    odd("text before", "Warning: mysql_connect() failed\n" + rss(TWO), SIGNED, ENDED),
    odd("blank lines before the declaration", "\n\n  " + rss(TWO, head='<?xml version="1.0"?>'), SIGNED, ENDED),
    odd(
        "html before",
        "<br /><b>Notice</b>: undefined index<br />" + rss(TWO, head='<?xml version="1.0"?>'),
        SIGNED,
        ENDED,
    ),
    odd("text behind", rss(TWO) + "<script>alert(1)</script> and more", SIGNED, ENDED),
    odd("two documents", rss(item()) + rss(item("Talks ended", B)), SIGNED, ENDED),
    odd(
        "cut short in a title",
        rss(TWO + "<item><title>Cut sh")[: -len("</channel></rss>")],
        SIGNED,
        ENDED,
        UNREAD,
    ),
    odd("cut short between entries", rss(TWO)[: -len("</channel></rss>")], SIGNED, ENDED),
    odd(
        "bare ampersands",
        rss(item("Chad & Mali sign", "https://wire.example/a?x=1&y=2")),
        ("Chad & Mali sign", "https://wire.example/a?x=1&y=2", "Chad & Mali"),
    ),
    odd("bare less-than", rss(item("Pact signed", more="<description>2 < 3 and 5 > 4</description>")), SIGNED),
    odd("elements not closed", rss(f"<item><title>Pact signed<link>{A}</link></item>"), UNREAD),
    odd(
        "elements closed in the wrong order",
        rss(f"<item><title>Pact signed</item></title><item><title>Talks ended</title><link>{B}</link></item>"),
        UNREAD,
        ENDED,
    ),
    odd(
        "html not closed in a text",
        rss(item(more="<description><p>Both <b>sides<br>signed.</description>")),
        ("Pact signed", A, "signed."),
    ),
    odd(
        "html entities undeclared",
        rss(item("Pact&nbsp;signed &mdash; &laquo;yes&raquo;")),
        ("Pact signed — «yes»", A, "yes"),
    ),
    odd("attributes without quotes", "<rss version=2.0><channel>" + TWO + "</channel></rss>", SIGNED, ENDED),
    odd("attribute twice", '<rss version="2.0" version="2.0"><channel>' + TWO + "</channel></rss>", SIGNED, ENDED),
    odd("control characters", rss(item("Pact \x01\x02\x0bsigned")), (None, A, "signed")),
    odd("NUL characters", rss(item()).replace("Pact signed", "Pact\x00 signed"), (None, A, "signed")),
    odd(
        "cdata not closed",
        rss(item() + "<item><title><![CDATA[Talks ended</title></item>"),
        SIGNED,
        UNREAD,
    ),
    odd("cdata in cdata", rss(item(more="<description><![CDATA[a <![CDATA[b]]> c]]></description>")), SIGNED),
    odd("comment with dashes", rss("<!-- a -- b -->" + TWO), SIGNED, ENDED),
    odd("doctype html", "<!DOCTYPE html>" + rss(TWO), SIGNED, ENDED),
    odd("declaration in capitals", "<?XML VERSION='1.0'?>" + rss(TWO), SIGNED, ENDED),
    odd("declaration of version 2", "<?xml version='2.0'?>" + rss(TWO), SIGNED, ENDED),
    odd(
        "stylesheet",
        rss(TWO, head='<?xml version="1.0"?><?xml-stylesheet href="/x.xsl" type="text/xsl"?>'),
        SIGNED,
        ENDED,
    ),
    odd("processing instruction broken", rss("<?php echo 'x' ?>" + TWO), SIGNED, ENDED),
    odd("tag names in two cases", rss("<Item><Title>Pact signed</Title><LINK>" + A + "</LINK></Item>"), SIGNED),
    odd(
        "nested deeply",
        rss(item(more="<description>" + "<div>" * 5_000 + "x" + "</div>" * 5_000 + "</description>")),
        SIGNED,
    ),
    odd("namespace of nonsense", rss(TWO, 'version="2.0" xmlns="about:blank"'), SIGNED, ENDED),
    odd("prefix without a name", rss("<:x>1</:x>" + TWO), SIGNED, ENDED),
]
