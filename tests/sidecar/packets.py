"""Sidecars as programs write them, made for tests."""

from photocull.sidecar import names

SPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpDM": "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "darktable": "http://darktable.sf.net/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0/",
    "acdsee": "http://ns.acdsee.com/iptc/1.0/",
    "photomechanic": "http://ns.camerabits.com/photomechanic/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "photocull": names.OWN,
}


def packet(attributes: str = "", inside: str = "") -> bytes:
    """One description with these attributes and elements, every namespace declared."""
    spaces = "\n    ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    end = f">{inside}</rdf:Description>" if inside else "/>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<x:xmpmeta xmlns:x="{names.META}" x:xmptk="Made for a test">\n'
        f' <rdf:RDF xmlns:rdf="{names.RDF}">\n  <rdf:Description rdf:about=""\n    {spaces}\n   {attributes}{end}\n'
        " </rdf:RDF>\n</x:xmpmeta>\n"
    ).encode()


def bag(name: str, *entries: str, kind: str = "Bag") -> str:
    """An array property."""
    lines = "".join(f"\n     <rdf:li>{entry}</rdf:li>" for entry in entries)
    return f"\n   <{name}>\n    <rdf:{kind}>{lines}\n    </rdf:{kind}>\n   </{name}>\n  "
