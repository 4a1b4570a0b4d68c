"""A small HEIC for tests, in each of the eight orientations as phones write them: in the container and in EXIF."""

import base64

_TURNED = """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAdJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAAAAAERA
AAIAAQAAAAAB9gABAAAAAAAAAR8AAgAAAAADFQABAAAAAAAAADgAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQAC
AABFeGlmAAAAAA5waXRtAAAAAAABAAABEWlwcnAAAADvaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAA
AAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaA
AAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAADAAAAABAAAAIAAAAAH////wAAAAAv///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAA
AAlpbWlyAQAAABppcG1hAAAAAAAAAAEAAQeBAgMFhIaHAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEAAAFfbWRhdAAAARsoAa8E+N5K6rWHf4k4oAJ8
AKM7ye+h/TsWdvHvHtU9znmv/C7s+LYm+yeGSMe/B8IJfF0MOOI9tL84o3nYVCO9MfHCZsQI6HkqZFc6oUbKE0AYUoSo2etHA5oTtzQPMoIbcsqL5cML
rD7QpN+yrH+6i5BdrPODEuvKkd6rfXfDVvqPeAXVsJtpawN5Q51Gaa6UJfJSaDtLN+hPmEP0t+t2GYfF9jsKMU+XjaxyJeHEDJ/QtdmLDRuQ2Czo59cb
Ig8utuaUlBEtiehFWZmRpOkkr3B+DLFQIpz0wmuV+Ja9/9aDu+IXV74/YZijH/S5cPcZEBb9SMc9oly7FZ3Gk0+57fq0ax6+UTeyO/9yIMyOUBid0slC
gOwl+Kj+AAAABkV4aWYAAE1NACoAAAAIAAIBEAACAAAACAAAACYBEgADAAAAAQAFAAAAAAAATW9kZWwgMQA=
"""
"""48 x 32 in 8 bits by x265: red rises to the right, green to the bottom, the first corner is blue. Its main item is
turned by a quarter (irot 3), then mirrored (imir 1): EXIF's orientation 5."""
_ROTATIONS = {1: 0, 8: 1, 3: 2, 6: 3}
_MIRRORED = {4: (0, 0), 2: (0, 1), 5: (1, 0), 7: (1, 1)}
"""Quarters and axis."""


def turned_heic(orientation: int) -> bytes:
    """The picture as it is stored, to be shown in this orientation by its container, and EXIF says the same."""
    content = bytearray(base64.b64decode(_TURNED))
    rotation, mirror = content.index(b"irot"), content.index(b"imir")
    if orientation in _MIRRORED:
        content[rotation + 4], content[mirror + 4] = _MIRRORED[orientation]
    else:
        # A second quarter turn, of none, instead of the mirror.
        content[rotation + 4], content[mirror : mirror + 5] = _ROTATIONS[orientation], b"irot\0"
    tag = content.index(b"\x01\x12\x00\x03\x00\x00\x00\x01")
    content[tag + 8 : tag + 10] = orientation.to_bytes(2)
    return bytes(content)
