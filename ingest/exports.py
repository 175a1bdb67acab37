"""What a company exports, as its sources deliver it: the records by their class, each with the row it is from."""

from collections.abc import Sequence
from pathlib import Path

from ingest.rows import Exports, Progress
from ingest.sources.folder import sources_in
from ingest.sources.read import Sources, sources_of
from schema.errors import SourceInvalid
from schema.journey import Stages

__all__ = ["SAMPLE_SOURCES", "Exports", "Progress", "delivery", "read_folder"]

SAMPLE_SOURCES = Path(__file__).parents[1] / "examples" / "acme-home-sources"


def delivery(
    folders: Sequence[Path],
    exports: Path | None = None,
    survivorship: Path | None = None,
    journey: Stages | None = None,
) -> Sources:
    """The sources at some folders, where their exports lie, by which file golden values are chosen, and the stages of
    journeys.

    One folder without a source holds exports in the formats of the sample company, and is read by its sources.
    Raises SourceInvalid and SurvivorshipInvalid.
    """
    without = [folder for folder in folders if not any(sources_in(folder))]
    if without == list(folders) and len(folders) == 1 and exports is None and SAMPLE_SOURCES.is_dir():
        return sources_of([SAMPLE_SOURCES], folders[0], survivorship, journey)
    if without:
        raise SourceInvalid(f"{without[0].name} is no source: it has no source.toml, nor has a folder in it.")
    return sources_of(folders, exports, survivorship, journey)


def read_folder(folder: Path, progress: Progress) -> Exports:
    """Read what one folder delivers. Raises SourceInvalid when that is nothing, or something as a whole is wrong."""
    return delivery([folder]).read(progress)
