"""The XMP properties that this room knows, by namespace; names are written as expat gives them: ``namespace local``."""

from typing import Final

from photocull.photo import marking

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
META: Final = "adobe:ns:meta/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_LR: Final = "http://ns.adobe.com/lightroom/1.0/"
_DARKTABLE: Final = "http://darktable.sf.net/"
OWN: Final = "http://ns.photocull.org/1.0/"
"""A name, not an address: nothing is ever fetched from it, and it must never change."""


def _space(name: str) -> str:
    return name.rpartition(" ")[0]


PREFIXES: Final = {_space(marking.RATING): "xmp", _space(marking.PICK): "xmpDM", _DC: "dc", _LR: "lr", OWN: "photocull"}
"""Prefixes for namespaces that a document does not declare yet."""

RATING: Final = marking.RATING
LABEL: Final = marking.LABEL
PICK: Final = marking.PICK
GOOD: Final = marking.GOOD
DIGIKAM_PICK: Final = marking.DIGIKAM_PICK
DIGIKAM_COLOUR: Final = marking.DIGIKAM_COLOUR
MICROSOFT_RATING: Final = marking.MICROSOFT_RATING
MICROSOFT_RATING_BARE: Final = marking.MICROSOFT_RATING_BARE
ACDSEE_RATING: Final = marking.ACDSEE_RATING
TAGGED: Final = marking.TAGGED

# XMP specification part 2 (2022), 2.3.
SUBJECT: Final = f"{_DC} subject"
HIERARCHY: Final = f"{_LR} hierarchicalSubject"
DARKTABLE_COLOURS: Final = f"{_DARKTABLE} colorlabels"

OWN_RATING: Final = f"{OWN} Rating"
OWN_RATING_BY: Final = f"{OWN} RatingBy"
OWN_WRITTEN: Final = f"{OWN} WrittenRating"
"""What we wrote as ``xmp:Rating``, where that is not the stars: -1 for a reject."""
OWN_PICK: Final = f"{OWN} Pick"
OWN_PICK_BY: Final = f"{OWN} PickBy"
OWN_LABEL: Final = f"{OWN} Label"
OWN_LABEL_BY: Final = f"{OWN} LabelBy"
OWN_AESTHETIC: Final = f"{OWN} Aesthetic"
OWN_COLOUR: Final = f"{OWN} Colour"
OWN_TECHNICAL: Final = f"{OWN} Technical"
OWN_OVERALL: Final = f"{OWN} Overall"
OWN_MODEL: Final = f"{OWN} Model"
OWN_MODEL_FINGERPRINT: Final = f"{OWN} ModelFingerprint"
OWN_FINGERPRINT: Final = f"{OWN} Fingerprint"
OWN_KEYWORDS: Final = f"{OWN} Keywords"

ARRAYS: Final = frozenset((SUBJECT, HIERARCHY, OWN_KEYWORDS, DARKTABLE_COLOURS))
KNOWN: Final = (
    marking.PROPERTIES
    | frozenset((SUBJECT, HIERARCHY, DARKTABLE_COLOURS, OWN_RATING, OWN_RATING_BY, OWN_PICK, OWN_PICK_BY, OWN_LABEL))
    | frozenset((OWN_LABEL_BY, OWN_AESTHETIC, OWN_COLOUR, OWN_TECHNICAL, OWN_OVERALL, OWN_MODEL, OWN_MODEL_FINGERPRINT))
    | frozenset((OWN_FINGERPRINT, OWN_KEYWORDS, OWN_WRITTEN))
)
"""What is read at all; everything else in a sidecar is other programs' and is neither read nor touched."""
