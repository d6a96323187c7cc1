"""Kibana cannot run here: its objects are checked line by line against its documented form and our mappings."""

import http.server
import json
import threading
from pathlib import Path

import pytest

from pipeline.kibana import KibanaError, import_objects
from pipeline.kibana_objects import is_aggregated, ndjson, saved_objects
from pipeline.kibana_pages import CHARTS, DASHBOARDS, VIEWS, fields_used
from tests.command import pactwatch
from transforms.errors import UsageError
from transforms.store.elasticsearch.templates import mappings_of
from transforms.store.protocol import Collection

SHIPPED = Path(__file__).parents[2] / "config" / "kibana" / "pactwatch.ndjson"
OBJECTS = saved_objects("pactwatch")
NEEDED = {
    "index-pattern": {"title", "name", "timeFieldName"},
    "search": {"title", "columns", "sort", "kibanaSavedObjectMeta"},
    "visualization": {"title", "visState", "uiStateJSON", "version", "kibanaSavedObjectMeta"},
    "dashboard": {"title", "panelsJSON", "optionsJSON", "timeRestore", "version", "kibanaSavedObjectMeta"},
}
# Which aggregations each kind of chart takes, by the names of its schemas in Kibana's aggregation-based charts.
SCHEMAS = {
    "histogram": {"metric", "segment", "group", "split", "radius"},
    "table": {"metric", "bucket", "split"},
    "pie": {"metric", "segment", "split"},
    "heatmap": {"metric", "segment", "group", "split"},
}
KNOWN = [view for view in VIEWS if view.collection in set(Collection)]


def _id(each):
    return f"{each['type']} {each['id']}"


def test_shipped_objects_are_those_of_the_fields():
    assert SHIPPED.read_text(encoding="utf-8") == ndjson("pactwatch"), "run `make templates`"


@pytest.mark.parametrize("each", OBJECTS, ids=_id)
def test_object_has_the_form_of_its_type(each):
    assert set(each) == {"id", "type", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion"}
    assert NEEDED[each["type"]] <= set(each["attributes"])
    for name, value in each["attributes"].items():
        if name.endswith("JSON") or name in ("visState", "fields", "sourceFilters", "fieldAttrs", "fieldFormatMap"):
            assert json.loads(value) is not None, name


@pytest.mark.parametrize("each", OBJECTS, ids=_id)
def test_every_reference_leads_to_an_object_before_it(each):
    before = {(other["type"], other["id"]) for other in OBJECTS[: OBJECTS.index(each)]}
    assert {(reference["type"], reference["id"]) for reference in each["references"]} <= before


@pytest.mark.parametrize("each", OBJECTS, ids=_id)
def test_every_name_of_a_reference_is_used_and_resolves(each):
    names = {reference["name"] for reference in each["references"]}
    if each["type"] == "dashboard":
        panels = json.loads(each["attributes"]["panelsJSON"])
        assert names == {f"{panel['panelIndex']}:{panel['panelRefName']}" for panel in panels}
        assert len({json.dumps(panel["gridData"]) for panel in panels}) == len(panels)
    elif each["type"] != "index-pattern":
        source = json.loads(each["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
        assert names == {source["indexRefName"]}


@pytest.mark.parametrize("view", KNOWN, ids=lambda view: view.collection)
def test_every_field_used_is_in_the_mappings(view):
    properties = mappings_of(Collection(view.collection))["properties"]
    for field in fields_used(view.collection):
        name, _, sub = field.partition(".")
        assert name in properties, field
        assert not sub or sub in properties[name]["fields"], field
    assert properties[view.time]["type"] == "date"


@pytest.mark.parametrize(
    "chart", [chart for chart in CHARTS if chart.view in set(Collection)], ids=lambda chart: chart.id
)
def test_chart_counts_what_can_be_counted_in_buckets_it_has(chart):
    assert {schema for schema, _, _ in chart.buckets} <= SCHEMAS[chart.type]
    for _, kind, given in chart.buckets:
        assert is_aggregated(given["field"], Collection(chart.view)), given["field"]
        mapped = mappings_of(Collection(chart.view))["properties"].get(given["field"], {})
        assert (kind == "date_histogram") == (mapped.get("type") == "date")


def test_every_panel_is_a_chart_or_a_saved_search():
    known = {chart.id for chart in CHARTS} | {f"search-{view.collection}" for view in VIEWS}
    assert {panel for board in DASHBOARDS for panel in board.panels} <= known


class _Kibana(http.server.BaseHTTPRequestHandler):
    """Answers an import as Kibana documents it."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        status, answer = self.server.answer
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def kibana():
    server = http.server.HTTPServer(("127.0.0.1", 0), _Kibana)
    server.asked, server.answer = [], (200, {"success": True, "successCount": len(OBJECTS)})
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_setup_sends_the_objects_as_a_form_with_the_key(kibana, monkeypatch):
    monkeypatch.setenv("PACTWATCH_ELASTICSEARCH_API_KEY", "key")
    done = pactwatch("setup", "kibana", "--url", f"{kibana.url}/s/desk")
    assert f"imported {len(OBJECTS)} objects" in done.stdout
    [(path, headers, body)] = kibana.asked
    assert path == "/s/desk/api/saved_objects/_import?overwrite=true"
    assert headers["kbn-xsrf"]
    assert headers["authorization"] == "ApiKey key"
    lines = [json.loads(line) for line in body.splitlines() if line.startswith("{")]
    assert lines == OBJECTS


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, {"message": "Unauthorized"}), r"refuses \(401\).*PACTWATCH_ELASTICSEARCH_PASSWORD"),
        (
            (
                200,
                {"success": False, "errors": [{"id": "x", "type": "search", "error": {"type": "missing_references"}}]},
            ),
            "refuses 1 objects: search x: missing_references",
        ),
    ],
)
def test_refusal_is_told_in_one_line(kibana, answer, message):
    kibana.answer = answer
    with pytest.raises(KibanaError, match=message) as caught:
        import_objects(kibana.url, ndjson("pactwatch"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:5601", "ftp://localhost", "http://elastic:hush@localhost:5601"])
def test_wrong_url_is_refused_without_its_secret(url):
    with pytest.raises(UsageError) as caught:
        import_objects(url, "")
    assert "hush" not in str(caught.value)


def test_kibana_that_is_not_there_is_told():
    with pytest.raises(KibanaError, match="cannot be used"):
        import_objects("http://127.0.0.1:9", "")
