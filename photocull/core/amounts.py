"""Numbers of things and of bytes as people say them, the same in every line and window."""


def counted(number: int, noun: str) -> str:
    """``1 photo``, ``2,418 photos``; for nouns whose plural ends in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def bytes_words(size: float) -> str:
    """A number of bytes: ``1.2 GB``, ``52 MB``, ``640 kB``, ``12 bytes``."""
    if size >= 1e9:
        return f"{size / 1e9:.1f} GB"
    if size >= 1e6:
        return f"{size / 1e6:.0f} MB" if size >= 1e7 else f"{size / 1e6:.1f} MB"
    return f"{size / 1e3:.0f} kB" if size >= 1e3 else counted(round(size), "byte")
