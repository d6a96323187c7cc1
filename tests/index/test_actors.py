import itertools

from hypothesis import given
from hypothesis import strategies as st

from transforms.index.actors import index_actors, merge_actors
from transforms.records import Actor, ActorKind
from transforms.store.documents import actor_from
from transforms.store.protocol import Collection

_NAMES = st.sampled_from(["Turkey", "Türkiye", "Ankara", "Turks"])
_ACTORS = st.builds(
    Actor,
    id=st.just("country:TR"),
    name=_NAMES,
    kind=st.just(ActorKind.COUNTRY),
    aliases=st.lists(_NAMES, max_size=2).map(tuple),
    country=st.sampled_from([None, "TR"]),
    role=st.sampled_from([None, "president", "minister"]),
)


@given(st.lists(_ACTORS, min_size=2, max_size=4))
def test_merge_actors_does_not_depend_on_order_or_repetition(actors):
    results = set()
    for order in itertools.permutations(actors):
        merged = order[0]
        for actor in (*order, *order):
            merged = merge_actors(merged, actor)
        results.add(merged)
    assert len(results) == 1


@given(_ACTORS, _ACTORS)
def test_merge_actors_loses_no_name(one, other):
    merged = merge_actors(one, other)
    assert {merged.name, *merged.aliases} == {one.name, other.name, *one.aliases, *other.aliases}


def test_index_actors_keeps_the_run_that_met_an_actor_first(store):
    for run, name in (("first", "Turkey"), ("second", "Türkiye")):
        index_actors(store, [Actor(id="country:TR", name=name, kind=ActorKind.COUNTRY)], run)
    [stored] = store.scan(Collection.ACTORS)
    assert stored.body["run"] == "first"
    assert actor_from(stored).aliases == ("Türkiye",)
