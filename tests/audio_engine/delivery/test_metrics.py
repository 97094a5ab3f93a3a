from dataclasses import fields

from prometheus_client.parser import text_string_to_metric_families

from audio_engine.delivery.metrics import Metrics
from audio_engine.delivery.status import EngineStatus, Kind


def families(status):
    text = Metrics(lambda: status).text().decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def test_every_figure_of_the_status_is_a_metric_of_its_kind_with_its_meaning():
    figures = [each for each in fields(EngineStatus) if each.metadata["kind"] is not Kind.STREAM_LEVELS]
    status = EngineStatus(**{each.name: number for number, each in enumerate(figures, start=1)})
    found = families(status)
    for number, each in enumerate(figures, start=1):
        family = found[f"earshot_{each.name}"]
        assert family.type == {Kind.COUNT: "counter", Kind.LEVEL: "gauge"}[each.metadata["kind"]]
        assert family.documentation == each.metadata["meaning"]
        assert [(sample.labels, sample.value) for sample in family.samples] == [({}, number)]


def test_the_lag_of_each_stream_is_a_gauge_of_its_own():
    family = families(EngineStatus(lag_seconds={"7": 0.5, "12": 4.0}))["earshot_lag_seconds"]
    assert family.type == "gauge"
    assert [(sample.labels, sample.value) for sample in family.samples] == [
        ({"stream": "7"}, 0.5),
        ({"stream": "12"}, 4.0),
    ]
    assert families(EngineStatus())["earshot_lag_seconds"].samples == []


def test_the_process_tells_its_memory_and_its_files():
    found = families(EngineStatus())
    assert found["process_resident_memory_bytes"].samples[0].value > 1_000_000
    assert found["process_open_fds"].samples[0].value > 2


def test_the_engine_is_asked_when_somebody_asks_and_not_before():
    asked = []
    metrics = Metrics(lambda: asked.append(1) or EngineStatus())
    assert asked == []
    metrics.text()
    metrics.text()
    assert asked == [1, 1]
