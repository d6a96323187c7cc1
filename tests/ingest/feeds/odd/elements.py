"""Feeds with odd elements, or without those that one would expect."""

from tests.ingest.feeds.odd.written import ATOM_1, ENDED, SIGNED, A, B, atom, item, json_feed, odd, rss

UNREAD = (None, None, "")  # there is nothing to read: it becomes a failure

ELEMENTS = [
    odd(
        "itunes",
        rss(
            f"<item><itunes:title>Pact signed</itunes:title><itunes:summary>Both sides.</itunes:summary>"
            f"<link>{A}</link></item>",
            'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
        ),
        ("Pact signed", A, "Both sides."),
    ),
    odd(
        "enclosure alone",
        rss('<item><enclosure url="https://wire.example/talk.mp3" length="1" type="audio/mpeg"/></item>'),
        (None, None, ""),
    ),
    odd(
        "title and enclosure",
        rss(
            '<item><title>Pact signed</title><enclosure url="https://wire.example/talk.mp3" type="audio/mpeg"/></item>'
        ),
        ("Pact signed", None, "Pact signed"),
    ),
    odd(
        "media",
        rss(
            f"<item><link>{A}</link><media:title>Pact signed</media:title>"
            "<media:description>Both sides.</media:description>"
            '<media:content url="x.jpg"/></item>',
            'xmlns:media="http://search.yahoo.com/mrss/"',
        ),
        ("Pact signed", A, "Both sides."),
    ),
    odd(
        "media group",
        atom(
            f'<entry><title>Pact signed</title><link href="{A}"/><media:group><media:title>Film</media:title>'
            "<media:description>Both sides signed.</media:description></media:group></entry>",
            f'{ATOM_1} xmlns:media="http://search.yahoo.com/mrss/"',
        ),
        ("Pact signed", A, "Both sides"),
    ),
    odd(
        "dublin core",
        rss(
            f"<item><dc:title>Pact signed</dc:title><dc:description>Both sides.</dc:description>"
            f"<dc:date>2024-05-01</dc:date><link>{A}</link></item>",
            'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        ),
        ("Pact signed", A, "Both sides."),
    ),
    odd(
        "content encoded",
        rss(
            item(
                more="<description>Short.</description>"
                "<content:encoded><![CDATA[<p>Both sides signed.</p>]]></content:encoded>"
            ),
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        ),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd(
        "content encoded under another prefix",
        rss(
            item(more="<c:encoded>&lt;p&gt;Both sides signed.&lt;/p&gt;</c:encoded>"),
            'xmlns:c="http://purl.org/rss/1.0/modules/content/"',
        ),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd(
        "content encoded without a namespace",
        rss(item(more="<content:encoded>&lt;p&gt;Both sides signed.&lt;/p&gt;</content:encoded>")),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd(
        "xhtml body",
        rss(item(more='<xhtml:body xmlns:xhtml="http://www.w3.org/1999/xhtml"><p>Both sides signed.</p></xhtml:body>')),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd(
        "fullitem",
        rss(item(more="<fullitem>Both sides signed.</fullitem>")),
        ("Pact signed", A, "Both sides signed."),
    ),
    odd(
        "georss",
        rss(
            item(more="<georss:point>45.2 -71.9</georss:point><gml:pos>45 71</gml:pos>"),
            'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml"',
        ),
        SIGNED,
    ),
    odd(
        "georss broken",
        rss(
            item(more="<georss:point>north</georss:point><georss:polygon>1 2 3</georss:polygon>"),
            'xmlns:georss="http://www.georss.org/georss"',
        ),
        SIGNED,
    ),
    odd(
        "prefix in capitals",
        rss(
            f"<item><DC:title>Pact signed</DC:title><link>{A}</link></item>",
            'xmlns:DC="http://purl.org/dc/elements/1.1/"',
        ),
        SIGNED,
    ),
    odd("prefix never bound", rss(item(more="<foo:bar>x</foo:bar><slash:comments>3</slash:comments>")), SIGNED),
    odd(
        "feedburner",
        rss(
            item(link="https://feeds.example/r/1", more=f"<feedburner:origLink>{A}</feedburner:origLink>"),
            'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
        ),
        SIGNED,
    ),
    odd(
        "threads and sources",
        rss(
            item(
                more='<source url="https://other.example/">Other</source><comments>https://wire.example/c</comments><category>x</category>'
            )
        ),
        SIGNED,
    ),
    odd("title alone", rss("<item><title>Pact signed</title></item>"), ("Pact signed", None, "Pact signed")),
    odd("link alone", rss(f"<item><link>{A}</link></item>"), (None, A, "")),
    odd("guid alone, an address", rss(f"<item><guid>{A}</guid></item>"), (None, A, "")),
    odd("guid alone, a number", rss("<item><guid isPermaLink='false'>77</guid></item>"), (None, None, "")),
    odd("author alone", rss("<item><author>ann@wire.example (Ann)</author></item>"), (None, None, "")),
    odd("nothing at all", rss("<item/>"), (None, None, "")),
    odd("no entries", rss("")),
    odd("no entries, atom", atom("")),
    odd("no entries, json", json_feed()),
    odd("same guid twice", rss(item(more="<guid>g</guid>") + item("Talks ended", B, "<guid>g</guid>")), SIGNED, ENDED),
    odd("same entry twice", rss(item(more="<guid>g</guid>") * 2), SIGNED),
    odd(
        "same link, other news",
        rss(item(link="https://wire.example/") + item("Talks ended", "https://wire.example/")),
        ("Pact signed", "https://wire.example/", "Pact"),
        ("Talks ended", "https://wire.example/", "Talks"),
    ),
    odd("same title, other links", rss(item() + item(link=B)), SIGNED, ("Pact signed", B, "Pact signed")),
    odd(
        "html in the title",
        rss(item("&lt;b&gt;Pact&lt;/b&gt; &amp;amp; signed")),
        ("Pact & signed", A, "Pact & signed"),
    ),
    odd("cdata in the title", rss(item("<![CDATA[Pact <i>signed</i>]]>")), SIGNED),
    odd("cdata in the link", rss(item(link=f"<![CDATA[ {A} ]]>")), SIGNED),
    odd("link on lines of its own", rss(item(link=f"\n    {A}\n  ")), SIGNED),
    odd("relative link by xml:base", rss(item(link="a"), 'version="2.0" xml:base="https://wire.example/"'), SIGNED),
    odd("relative link by the feed", rss(item(link="../a")), SIGNED),
    odd(
        "relative links by nested bases",
        atom(
            '<entry xml:base="news/"><title>Pact signed</title><link href="a"/></entry>',
            f'{ATOM_1} xml:base="https://wire.example/x/"',
        ),
        ("Pact signed", "https://wire.example/x/news/a", "Pact"),
    ),
    odd("link of another kind", rss(item(link="mailto:ann@wire.example")), ("Pact signed", None, "Pact signed")),
    odd("link of a broken address", rss(item(link="http://[::1/x")), ("Pact signed", None, "Pact signed")),
    odd(
        "link with spaces and letters",
        rss(item(link="https://wire.example/a b/ü")),
        ("Pact signed", "https://wire.example/a b/ü", "Pact"),
    ),
    odd(
        "numbers for letters",
        rss(item("Pact &#115;igned&#8230; &#x2014; in Gen&#232;ve")),
        ("Pact signed… — in Genève", A, "Genève"),
    ),
    odd("numbers of no letter", rss(item("Pact signed&#0;&#xFFFF;&#99999999;")), (None, A, "Pact signed")),
    odd("own entity", rss(item("&pact; signed"), head='<!DOCTYPE rss [<!ENTITY pact "Pact">]>'), SIGNED),
    odd(
        "outer entity",
        rss(item("Pact signed&x;"), head='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        (None, A, "Pact signed"),
    ),
    odd("date of no calendar", rss(item(more="<pubDate>Thu, 45 Foo 20244 99:99:99 XYZ</pubDate>")), SIGNED),
    odd("date in Korean", rss(item(more="<pubDate>2004-05-25 오후 11:23:17</pubDate>")), SIGNED),
    odd("date in Greek", rss(item(more="<pubDate>Κυρ, 11 Ιούλ 2004 12:00:00 EST</pubDate>")), SIGNED),
    odd("date in Hungarian", rss(item(more="<pubDate>2004-julius-13T9:15-05:00</pubDate>")), SIGNED),
    odd("date of the year 0", rss(item(more="<pubDate>0000-00-00T00:00:00Z</pubDate>")), SIGNED),
    odd("date of the year 10000", rss(item(more="<pubDate>Fri, 31 Dec 10000 23:59:59 GMT</pubDate>")), SIGNED),
    odd(
        "ten thousand entries",
        rss("".join(item(f"News {n}", f"https://wire.example/{n}") for n in range(10_000))),
        *((f"News {n}", f"https://wire.example/{n}", f"News {n}") for n in range(10_000)),
    ),
    odd("long title", rss(item("Pact signed " * 50_000)), (None, A, "Pact signed")),
]
