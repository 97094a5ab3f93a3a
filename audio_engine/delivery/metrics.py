"""The engine's state at GET /metrics, for Prometheus."""

from collections.abc import Iterator
from dataclasses import Field, fields
from typing import Any

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from audio_engine.delivery.status import EngineStatus, Kind, StatusSource

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """The text that Prometheus asks for: what EngineStatus holds, and this process's memory, CPU and files."""

    def __init__(self, source: StatusSource) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_StatusCollector(source))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _StatusCollector(Collector):
    def __init__(self, source: StatusSource) -> None:
        self._source = source

    def describe(self) -> list[Metric]:
        """Nothing: asked for its names, the registry would ask the engine before it runs."""
        return []

    def collect(self) -> Iterator[Metric]:
        status = self._source()
        for each in fields(EngineStatus):
            yield _family(each, getattr(status, each.name))


def _family(figure: Field[Any], value: Any) -> Metric:
    name, meaning = f"earshot_{figure.name}", figure.metadata["meaning"]
    match figure.metadata["kind"]:
        case Kind.COUNT:
            return CounterMetricFamily(name, meaning, value=value)
        case Kind.STREAM_LEVELS:
            levels = GaugeMetricFamily(name, meaning, labels=["stream"])
            for number, level in value.items():
                levels.add_metric([number], level)
            return levels
        case _:
            return GaugeMetricFamily(name, meaning, value=value)
