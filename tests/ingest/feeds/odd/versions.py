"""Feeds of every version and format."""

from tests.ingest.feeds.odd.written import (
    ATOM_1,
    BASE,
    ENDED,
    SIGNED,
    TWO,
    A,
    B,
    atom,
    entry,
    item,
    json_feed,
    odd,
    rss,
)

RSS_1 = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
RSS_090 = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"'
ATOM_03 = 'version="0.3" xmlns="http://purl.org/atom/ns#"'

VERSIONS = [
    odd(
        "rss 0.90",
        f"<?xml version='1.0'?><rdf:RDF {RSS_090}><channel><title>W</title></channel>{TWO}</rdf:RDF>",
        SIGNED,
        ENDED,
    ),
    odd("rss 0.91 netscape", rss(TWO, 'version="0.91"', "<?xml version='1.0'?>"), SIGNED, ENDED),
    odd(
        "rss 0.91 doctype",
        rss(
            item("Caf&eacute; pact"),
            'version="0.91"',
            '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
            '"http://my.netscape.com/publish/formats/rss-0.91.dtd">',
        ),
        ("Café pact", A, "Café pact"),
    ),
    odd(
        "rss 0.92 text without a title",
        rss("<item><description>Only text.</description></item>"),
        (None, None, "Only"),
    ),
    odd("rss 0.93", rss(TWO, 'version="0.93"'), SIGNED, ENDED),
    odd("rss 0.94", rss(TWO, 'version="0.94"'), SIGNED, ENDED),
    odd("rss of no version", rss(TWO, ""), SIGNED, ENDED),
    odd("rss of a version to come", rss(TWO, 'version="9.9"'), SIGNED, ENDED),
    odd(
        "rss 1.0",
        f'<rdf:RDF {RSS_1} xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://wire.example/">'
        f'<title>W</title><items><rdf:Seq><rdf:li rdf:resource="{A}"/></rdf:Seq></items></channel>'
        f'<item rdf:about="{A}">'
        f"<title>Pact signed</title><link>{A}</link><dc:date>2024-05-01T10:00:00Z</dc:date></item></rdf:RDF>",
        SIGNED,
    ),
    odd(
        "rss 1.0 known by about alone",
        f'<rdf:RDF {RSS_1}><item rdf:about="{A}"><title>Pact signed</title></item></rdf:RDF>',
        SIGNED,
    ),
    odd(
        "rss 1.0 in capitals",
        f'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:R1="http://purl.org/rss/1.0/"><R1:item>'
        f"<R1:title>Pact signed</R1:title><R1:link>{A}</R1:link></R1:item></r:RDF>",
        SIGNED,
    ),
    odd(
        "rss 2.0 in a namespace of its own",
        rss(TWO, 'version="2.0" xmlns="http://backend.userland.com/rss2"'),
        SIGNED,
        ENDED,
    ),
    odd(
        "rss in capitals",
        rss(TWO).upper(),
        ("PACT SIGNED", "https://WIRE.EXAMPLE/A", "PACT"),
        ("TALKS ENDED", "https://WIRE.EXAMPLE/B", "TALKS"),
    ),
    odd(
        "items outside of the channel",
        f"<rss version='2.0'><channel><title>W</title></channel>{TWO}</rss>",
        SIGNED,
        ENDED,
    ),
    odd("items without a channel", f"<rss version='2.0'>{TWO}</rss>", SIGNED, ENDED),
    odd(
        "two channels",
        f"<rss><channel>{item()}</channel><channel>{item('Talks ended', B)}</channel></rss>",
        SIGNED,
        ENDED,
    ),
    odd(
        "cdf",
        f'<CHANNEL HREF="https://wire.example/"><TITLE>Wire</TITLE><ITEM HREF="{A}" LASTMOD="2024-05-01T10:00">'
        "<TITLE>Pact signed</TITLE><ABSTRACT>Both sides signed.</ABSTRACT></ITEM></CHANNEL>",
        ("Pact signed", A, "Both sides"),
    ),
    odd(
        "atom 0.3",
        atom(
            f'<entry><title>Pact signed</title><link rel="alternate" type="text/html" href="{A}"/><id>tag:1</id>'
            '<modified>2024-05-01T10:00:00Z</modified><content type="text/html" mode="escaped">&lt;p&gt;Both '
            "sides signed.&lt;/p&gt;</content></entry>",
            ATOM_03,
        ),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd(
        "atom 0.3 in base64",
        atom(entry('<content type="text/html" mode="base64">PHA+Qm90aCBzaWRlcyBzaWduZWQuPC9wPg==</content>'), ATOM_03),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd("atom 1.0", atom(entry("<id>1</id><updated>2024-05-01T10:00:00Z</updated>")), SIGNED),
    odd(
        "atom 1.0 with a prefix",
        f'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:entry><atom:title>Pact signed'
        f'</atom:title><atom:link href="{A}"/></atom:entry></atom:feed>',
        SIGNED,
    ),
    odd(
        "atom 1.0 in xhtml",
        atom(
            entry(
                '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Both <b>sides</b> signed.</p></div>'
                "</content>"
            )
        ),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd(
        "atom 1.0 with an xhtml title",
        atom(
            entry(
                title='<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Pact <i>signed</i></div></title>'
            )
        ),
        SIGNED,
    ),
    odd(
        "atom 1.0 with an html title",
        atom(entry(title='<title type="html">Pact &lt;b&gt;signed&lt;/b&gt;</title>')),
        SIGNED,
    ),
    odd(
        "atom 1.0 with many links",
        atom(
            entry(
                link=f'<link rel="self" href="{B}.xml"/><link rel="enclosure" '
                f'href="{B}.mp3"/><link rel="alternate" href="{A}"/><link rel="via" href="{B}"/>'
            )
        ),
        SIGNED,
    ),
    odd(
        "atom 1.0 with a relation written out",
        atom(entry(link=f'<link rel="http://www.iana.org/assignments/relation/alternate" href="{A}"/>')),
        SIGNED,
    ),
    odd(
        "atom 1.0 with its content elsewhere",
        atom(entry(f'<content src="{B}" type="text/html"/>', link="")),
        ("Pact signed", None, "Pact signed"),
    ),
    odd(
        "atom 1.0 with an entry alone", f"<entry {ATOM_1}><title>Pact signed</title><link href='{A}'/></entry>", SIGNED
    ),
    odd(
        "atom 1.0 with a source",
        atom(entry(f"<source><title>Other</title><id>x</id><link href='{B}'/></source>")),
        SIGNED,
    ),
    odd("atom without a namespace", atom(entry(), ""), SIGNED),
    odd(
        "atom entries in an rss channel",
        rss(f'<entry xmlns="http://www.w3.org/2005/Atom"><title>Pact signed</title><link href="{A}"/></entry>'),
        SIGNED,
    ),
    odd(
        "json feed 1",
        json_feed({"id": "1", "url": A, "title": "Pact signed", "content_text": "Both sides."}),
        ("Pact signed", A, "Both sides."),
        kind="application/feed+json",
    ),
    odd(
        "json feed 1.1 of numbers",
        json_feed({"id": 1, "external_url": A, "title": "Pact signed"}, version="https://jsonfeed.org/version/1.1"),
        SIGNED,
    ),
    odd(
        "json feed without titles",
        json_feed({"id": "1", "content_html": "<p>Both sides</p>"}, {"id": "2", "summary": "Talks ended"}),
        (None, None, "Both sides"),
        (None, None, "Talks ended"),
    ),
    odd("json feed with a mark", json_feed({"id": A, "title": "Pact signed"}), SIGNED, encoding="utf-8-sig"),
    odd("json feed in utf-16", json_feed({"id": A, "title": "Pact signed"}), SIGNED, encoding="utf-16"),
    odd(
        "json feed with its address in a wrong form",
        json_feed({"id": "1", "url": ["x"], "title": "Pact signed"}),
        ("Pact signed", None, "Pact signed"),
    ),
    odd(
        "json feed of relative addresses",
        json_feed({"id": "1", "url": "a", "title": "Pact signed"}),
        ("Pact signed", BASE + "a", "Pact"),
    ),
]
