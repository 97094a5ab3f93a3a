"""What people do: a table a topic, said for both doors."""

from tests.parity.scenario import Scenario
from tests.parity.scenarios import assets, contributions, opinions, projects, soundscape, streams, tagging, visits

SCENARIOS: list[Scenario] = [
    *visits.SCENARIOS,
    *streams.SCENARIOS,
    *contributions.SCENARIOS,
    *assets.SCENARIOS,
    *opinions.SCENARIOS,
    *tagging.SCENARIOS,
    *soundscape.SCENARIOS,
    *projects.SCENARIOS,
]
