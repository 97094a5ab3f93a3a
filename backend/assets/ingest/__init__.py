"""Files that strangers send become files that others may have: found out, decoded, levelled and written anew.

What reads them lies in `here` and what it imports: heavy, and for a process of its own alone.
"""

from backend.assets.ingest.apart import ingest
from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.result import Ingested, Waveform

__all__ = ["IngestLimits", "Ingested", "Waveform", "ingest"]
