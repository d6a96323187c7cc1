"""What every store must do alike."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.store.protocol import Collection, Document, StoreError
from transforms.store.query import QueryError

ONE_STORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)

DEADLINES = [
    Document(
        id="heavy",
        body={
            "agreement": "A1",
            "agreement_title": "Idlib demilitarised zone",
            "kind": "due",
            "date": "2018-10-10",
            "text": ["All heavy weapons are to leave the zone.", "by October 10"],
            "action": "withdraw",
            "parties": ["Turkey", "Russia"],
            "actors": ["Turkey", "Türkiye", "Russia", "Recep Tayyip Erdoğan"],
            "party_ids": ["country:TR", "country:RU"],
        },
    ),
    Document(
        id="roads",
        body={
            "agreement": "A1",
            "kind": "expires",
            "date": "2018-12",
            "text": "Two highways reopen before the end of the year; weapons are not named.",
            "parties": ["Turkey", "Straße e.V."],
        },
    ),
    Document(id="bare", body={"kind": None, "date": "soon", "text": "", "parties": []}),
]


@pytest.fixture
def deadlines(store):
    store.create(Collection.DEADLINES, DEADLINES)
    return store


def _document(id_, **body):
    return Document(id=id_, body=body)


def _ids(page):
    return [stored.id for stored in page.documents]


def _found(store, query, collection=Collection.DEADLINES):
    page = store.find(collection, query)
    assert page.total == len(page.documents)
    return set(_ids(page))


def test_create_writes_once(store):
    assert store.create(Collection.ITEMS, [_document("a", n=1), _document("b", n=1)]) == [True, True]
    assert store.create(Collection.ITEMS, [_document("c", n=1), _document("a", n=2)]) == [True, False]
    assert store.get(Collection.ITEMS, ["a"])["a"].body == {"n": 1}
    assert store.create(Collection.ITEMS, []) == []


def test_create_takes_the_first_of_two_with_one_id(store):
    assert store.create(Collection.ITEMS, [_document("a", n=1), _document("a", n=2)]) == [True, False]
    assert store.get(Collection.ITEMS, ["a"])["a"].body == {"n": 1}


def test_replace_writes_always_and_the_last_of_two_with_one_id(store):
    store.create(Collection.ITEMS, [_document("a", n=1)])
    store.replace(Collection.ITEMS, [_document("a", n=2), _document("b", n=2), _document("b", n=3)])
    found = store.get(Collection.ITEMS, ["a", "b"])
    assert {id_: stored.body["n"] for id_, stored in found.items()} == {"a": 2, "b": 3}


def test_last_of_two_with_one_id_stands_even_when_it_changes_nothing(store):
    store.create(Collection.ITEMS, [_document("a", n=1)])
    store.replace(Collection.ITEMS, [_document("a", n=2), _document("a", n=1)])
    assert store.get(Collection.ITEMS, ["a"])["a"].body == {"n": 1}


def _version(store, collection, id_):
    return store.get(collection, [id_])[id_].version


def test_version_changes_with_every_write_of_an_id(store):
    store.create(Collection.REGISTRY, [_document("a", n=1), _document("b", n=1)])
    versions, untouched = [_version(store, Collection.REGISTRY, "a")], _version(store, Collection.REGISTRY, "b")
    store.replace(Collection.REGISTRY, [_document("a", n=2)])
    versions.append(_version(store, Collection.REGISTRY, "a"))
    assert store.compare_and_set(Collection.REGISTRY, _document("a", n=3), versions[-1])
    versions.append(_version(store, Collection.REGISTRY, "a"))
    assert len(set(versions)) == 3
    scanned = {stored.id: stored.version for stored in store.scan(Collection.REGISTRY)}
    found = {stored.id: stored.version for stored in store.find(Collection.REGISTRY).documents}
    assert scanned == found == {"a": versions[-1], "b": untouched}


def test_compare_and_set_writes_only_over_the_version_it_names(store):
    assert not store.compare_and_set(Collection.REGISTRY, _document("a", n=0), 1)
    assert store.compare_and_set(Collection.REGISTRY, _document("a", n=1), None)
    first = _version(store, Collection.REGISTRY, "a")
    assert not store.compare_and_set(Collection.REGISTRY, _document("a", n=2), None)
    assert not store.compare_and_set(Collection.REGISTRY, _document("a", n=2), first + 1)
    assert store.compare_and_set(Collection.REGISTRY, _document("a", n=2), first)
    assert not store.compare_and_set(Collection.REGISTRY, _document("a", n=3), first)
    assert store.get(Collection.REGISTRY, ["a"])["a"].body == {"n": 2}


def test_compare_and_set_keeps_the_index_in_step(deadlines):
    version = _version(deadlines, Collection.DEADLINES, "bare")
    assert deadlines.compare_and_set(Collection.DEADLINES, _document("bare", text="lorries"), version)
    assert _found(deadlines, "lorries") == {"bare"}


def test_get_gives_what_there_is(store):
    store.create(Collection.ITEMS, [_document(f"{n}", n=n) for n in range(1200)])
    found = store.get(Collection.ITEMS, [*(f"{n}" for n in range(0, 2400, 2)), "no"])
    assert {stored.body["n"] for stored in found.values()} == set(range(0, 1200, 2))
    assert store.get(Collection.ITEMS, []) == {}
    assert store.get(Collection.ARTICLES, ["0"]) == {}


def test_delete_forgets_documents_and_what_they_were_found_by(deadlines):
    assert deadlines.delete(Collection.DEADLINES, ["heavy", "nobody"]) == 1
    assert deadlines.delete(Collection.DEADLINES, []) == 0
    assert deadlines.get(Collection.DEADLINES, ["heavy"]) == {}
    assert _found(deadlines, "heavy") == _found(deadlines, "kind:due") == _found(deadlines, "date:2018-10") == set()
    assert _found(deadlines, "weapons") == {"roads"}


def test_replaced_document_is_found_by_its_new_body_only(deadlines):
    deadlines.replace(Collection.DEADLINES, [_document("heavy", text="Tanks must go", kind="effective")])
    assert _found(deadlines, "tank") == _found(deadlines, "kind:effective") == {"heavy"}
    assert _found(deadlines, "heavy") == _found(deadlines, "kind:due") == _found(deadlines, "date:2018-10") == set()


def test_scan_goes_by_id_and_where_picks(store):
    names = [f"{n:04}" for n in range(1300)]
    written = [_document(name, state="done" if int(name) % 3 else "pending") for name in reversed(names)]
    store.create(Collection.ITEMS, written)
    assert [stored.id for stored in store.scan(Collection.ITEMS)] == names
    assert [stored.id for stored in store.scan(Collection.ITEMS, {"state": "pending"})] == names[::3]
    assert store.count(Collection.ITEMS) == 1300
    assert store.count(Collection.ITEMS, {"state": "pending"}) == len(names[::3])
    assert store.count(Collection.ITEMS, {"state": "pending", "url": "x"}) == 0


def test_scan_goes_on_while_its_documents_change(store):
    store.create(Collection.ITEMS, [_document(f"{n:04}", state="pending") for n in range(1100)])
    seen = []
    for stored in store.scan(Collection.ITEMS, {"state": "pending"}):
        seen.append(stored.id)
        store.replace(Collection.ITEMS, [_document(stored.id, state="done")])
    assert len(seen) == 1100
    assert store.count(Collection.ITEMS, {"state": "pending"}) == 0


@pytest.mark.parametrize("where", [{"nothing": "x"}, {"title": "x"}])
def test_where_names_keyword_fields(store, where):
    with pytest.raises(StoreError, match="items have no keyword field"):
        store.count(Collection.ITEMS, where)
    with pytest.raises(StoreError, match="items have no keyword field"):
        list(store.scan(Collection.ITEMS, where))


def test_find_sorts_with_missing_last_and_ties_by_id(store):
    bodies = {"c": {"published": "2018"}, "a": {"published": "2018"}, "d": {}, "b": {"published": "2019"}}
    store.create(Collection.ARTICLES, [Document(id=id_, body=body) for id_, body in bodies.items()])
    assert _ids(store.find(Collection.ARTICLES)) == ["a", "b", "c", "d"]
    assert _ids(store.find(Collection.ARTICLES, sort=["published"])) == ["a", "c", "b", "d"]
    assert _ids(store.find(Collection.ARTICLES, sort=["-published"])) == ["b", "a", "c", "d"]
    assert _ids(store.find(Collection.ARTICLES, sort=["-id"])) == ["d", "c", "b", "a"]


def test_find_sorts_by_any_body_field(store):
    store.create(Collection.RUNS, [_document("a", n=2), _document("b", n=10), _document("c"), _document("d", n=None)])
    assert _ids(store.find(Collection.RUNS, sort=["n"])) == ["a", "b", "c", "d"]
    assert _ids(store.find(Collection.RUNS, sort=["-n"])) == ["b", "a", "c", "d"]


@pytest.mark.parametrize("name", ["", "-", "a b", "x'); DROP TABLE items; --", '"'])
def test_sort_wants_a_plain_name(store, name):
    with pytest.raises(StoreError, match="cannot sort"):
        store.find(Collection.ITEMS, sort=[name])


def test_find_gives_pages_and_the_total(store):
    store.create(Collection.ITEMS, [_document(f"{n}", title="news") for n in range(10)])
    page = store.find(Collection.ITEMS, "news", limit=3, offset=8)
    assert (page.total, _ids(page)) == (10, ["8", "9"])
    assert store.find(Collection.ITEMS, "news", limit=0).total == 10
    assert _ids(store.find(Collection.ITEMS, "news", limit=2)) == ["0", "1"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ('actors:Turkey AND text:"heavy weapons" AND date:[2018-10-01 TO 2018-10-31]', {"heavy"}),
        ("weapons", {"heavy", "roads"}),
        ("WEAPON", {"heavy", "roads"}),
        ("withdrawing", {"heavy"}),
        ("turkey weapons", {"heavy", "roads"}),
        ("erdogan weapons", {"heavy"}),
        ("actors:Turkiye", {"heavy"}),
        ("actors:ERDOĞAN", {"heavy"}),
        ("parties:strasse", {"roads"}),
        ('text:"heavy weapons"', {"heavy"}),
        ('text:"weapons heavy"', set()),
        ('text:"zone by"', set()),  # two values of one field are not one phrase
        ('parties:"Turkey Russia"', set()),
        ("text.exact:weapon", set()),
        ("text.exact:weapons", {"heavy", "roads"}),
        ('text.exact:"heavy weapons"', {"heavy"}),
        ("text:highw*", {"roads"}),
        ("highw*", {"roads"}),
        ("text:weapons*", {"heavy", "roads"}),
        ("text:withdraw", set()),
        ("agreement:a1", {"heavy", "roads"}),
        ("agreement:A", set()),
        ("agreement:a*", {"heavy", "roads"}),
        ("party_ids:country*", {"heavy"}),
        ('party_ids:"country:TR"', {"heavy"}),
        ("kind:(due OR expires)", {"heavy", "roads"}),
        ("kind:(due expires)", set()),
        ("NOT kind:due", {"roads", "bare"}),
        ("-kind:due -kind:expires", {"bare"}),
        ("NOT (kind:due OR kind:expires)", {"bare"}),
        ("NOT NOT kind:due", {"heavy"}),
        ("kind:due OR NOT weapons", {"heavy", "bare"}),
        ("weapons AND NOT text:heavy", {"roads"}),
        ("weapons AND (kind:expires OR text:tanks)", {"roads"}),
        ("date:2018", {"heavy", "roads"}),
        ("date:2018-10", {"heavy"}),
        ("date:2018-10-10", {"heavy"}),
        ("date:2018-12-05", {"roads"}),  # a month may be any of its days
        ("date:[* TO 2018-10-10]", {"heavy"}),
        ("date:[* TO 2018-10-10}", set()),
        ("date:{2018-10-10 TO *]", {"roads"}),
        ("date:>=2018-12-31", {"roads"}),
        ("date:>2018", set()),
        ("NOT date:2018", {"bare"}),
        ("date:*", {"heavy", "roads"}),
        ("kind:*", {"heavy", "roads"}),
        ("text:*", {"heavy", "roads"}),
        ("NOT text:*", {"bare"}),
        ("id:heavy", {"heavy"}),
        ("id:*", {"heavy", "roads", "bare"}),
        ("*:*", {"heavy", "roads", "bare"}),
        ("NOT *:*", set()),
        ("heavy OR nothing OR kind:nothing OR date:1999", {"heavy"}),
    ],
)
def test_query_finds(deadlines, query, ids):
    assert _found(deadlines, query) == ids


def test_no_query_finds_all(deadlines):
    assert deadlines.find(Collection.DEADLINES).total == 3


def test_wide_and_deep_queries_are_answered(deadlines):
    wide = " OR ".join(f"w{n} OR kind:k{n} OR date:{1900 + n % 90} OR (a{n} AND NOT kind:z{n})" for n in range(160))
    assert _found(deadlines, f"{wide} OR text:highways") == {"roads"}
    all_of = " ".join(["weapons", "agreement:a1", "date:2018", "-text:tanks", "text:w*"] * 190)
    assert _found(deadlines, all_of) == {"heavy", "roads"}
    deep = "kind:due"
    for _ in range(16):
        deep = f"NOT ({deep} OR (text:tanks AND date:2018))"
    assert _found(deadlines, deep) == {"heavy"}


def test_bad_query_is_refused(store):
    with pytest.raises(QueryError, match="no field"):
        store.find(Collection.DEADLINES, "country:TR")


def test_document_needs_an_id_and_a_json_body(store):
    for document in (_document(""), _document("\ud800"), _document("a", n=float("nan"))):
        with pytest.raises(ValueError, match=r"id|JSON|surrogates"):
            store.create(Collection.ITEMS, [document])
    assert store.count(Collection.ITEMS) == 0


def test_batch_with_a_bad_document_writes_nothing(store):
    with pytest.raises(TypeError):
        store.replace(Collection.ITEMS, [_document("a"), _document("b", x={1, 2})])
    assert store.count(Collection.ITEMS) == 0


def test_closed_store_says_so(store):
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.count(Collection.ITEMS)
    store.close()


_TEXT = st.text(alphabet=st.characters(), max_size=30)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=12,
)
_SEARCHED = st.sampled_from(["title", "text", "actors", "published", "kinds", "url"])


@ONE_STORE
@given(
    body=st.dictionaries(_SEARCHED | _TEXT, _JSON, max_size=6), id_=st.text(st.characters(codec="utf-8"), min_size=1)
)
def test_any_json_comes_back_as_it_went_in(store, body, id_):
    document = Document(id=id_, body=body)
    store.replace(Collection.ARTICLES, [document])
    stored = store.get(Collection.ARTICLES, [id_])[id_]
    assert json.dumps(stored.body) == json.dumps(body)
    assert store.find(Collection.ARTICLES, "title:* OR published:* OR NOT kinds:*", sort=["title"]).total in {0, 1}
    assert store.delete(Collection.ARTICLES, [id_]) == 1


_WORDS = ("alpha", "bravo", "delta", "kilo")
_KINDS = ("due", "expires", "effective")
_DAYS = ("2018", "2018-10", "2018-10-10", "2018-11-01", "2019-01")


def _days(date):
    return (date + "-01-01"[len(date) - 4 :], date + "-12-31"[len(date) - 4 :])


_BODIES = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.lists(st.sampled_from(_WORDS), max_size=4).map(" ".join),
            "kind": st.sampled_from(_KINDS) | st.none(),
            "date": st.sampled_from(_DAYS) | st.none(),
        }
    ),
    max_size=8,
)


def _has_day(body, low, high):
    if body["date"] is None:
        return False
    first, last = _days(body["date"])
    return first <= high and last >= low


_LEAVES = st.one_of(
    st.sampled_from(_WORDS).map(lambda word: (f"text:{word}", lambda body: word in body["text"].split())),
    st.sampled_from(_WORDS).map(lambda word: (f"{word[:2]}*", lambda body: word in body["text"].split())),
    st.tuples(st.sampled_from(_WORDS), st.sampled_from(_WORDS))
    .map(" ".join)
    .map(lambda phrase: (f'"{phrase}"', lambda body: f" {phrase} " in f" {body['text']} ")),
    st.sampled_from(_KINDS).map(lambda kind: (f"kind:{kind}", lambda body: body["kind"] == kind)),
    st.just(("kind:*", lambda body: body["kind"] is not None)),
    st.just(("text:*", lambda body: bool(body["text"]))),
    st.just(("*:*", lambda body: True)),
    st.sampled_from(_DAYS).map(lambda date: (f"date:{date}", lambda body: _has_day(body, *_days(date)))),
    st.sampled_from(_DAYS).map(
        lambda date: (f"date:>={date}", lambda body: _has_day(body, _days(date)[0], "9999-12-31"))
    ),
    st.sampled_from(_DAYS).map(
        lambda date: (f"date:[* TO {date}]", lambda body: _has_day(body, "0001-01-01", _days(date)[1]))
    ),
)


def _joined(inner):
    def join(parts):
        (left, is_left), (right, is_right) = parts
        return st.sampled_from(
            [
                (f"({left}) AND ({right})", lambda body: is_left(body) and is_right(body)),
                (f"({left}) ({right})", lambda body: is_left(body) and is_right(body)),
                (f"({left}) OR ({right})", lambda body: is_left(body) or is_right(body)),
                (f"({left}) AND NOT ({right})", lambda body: is_left(body) and not is_right(body)),
                (f"NOT ({left})", lambda body: not is_left(body)),
            ]
        )

    return st.tuples(inner, inner).flatmap(join)


@ONE_STORE
@given(bodies=_BODIES, asked=st.lists(st.recursive(_LEAVES, _joined, max_leaves=6), min_size=1, max_size=4))
def test_query_finds_what_reading_every_document_would(store, bodies, asked):
    store.delete(Collection.DEADLINES, [f"{n}" for n in range(8)])
    store.create(Collection.DEADLINES, [Document(id=f"{n}", body=body) for n, body in enumerate(bodies)])
    for query, matches in asked:
        assert _found(store, query) == {f"{n}" for n, body in enumerate(bodies) if matches(body)}, query


def test_each_of_many_is_compared_by_itself(store):
    first, second, third = (_document(name, words=name) for name in ("first", "second", "third"))
    store.create(Collection.TEXTS, [first, second])
    version = store.get(Collection.TEXTS, ["first"])["first"].version
    stale = store.get(Collection.TEXTS, ["second"])["second"].version
    store.replace(Collection.TEXTS, [_document("second", words="changed")])
    changed = [_document(name, words="new") for name in ("first", "second", "third")]
    versions = (version, stale, None)
    assert store.compare_and_set_each(Collection.TEXTS, list(zip(changed, versions, strict=True))) == [
        True,
        False,
        True,
    ]
    found = store.get(Collection.TEXTS, ["first", "second", third.id])
    assert {key: stored.body["words"] for key, stored in found.items()} == {
        "first": "new",
        "second": "changed",
        "third": "new",
    }
