"""Reads every record of TensorBoard's files, without the reader's own way of hiding doubled steps."""

from pathlib import Path


def curves(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Curve's name -> (step, value) in the order of the records."""
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    found: dict[str, list[tuple[int, float]]] = {}
    for path in sorted(folder.glob("events.*")):
        for event in LegacyEventFileLoader(str(path)).Load():
            for value in event.summary.value:
                found.setdefault(value.tag, []).append((event.step, value.simple_value))
    return found
