"""The XMP properties that this room knows, by namespace; names are written as expat gives them: ``namespace local``."""

from typing import Final

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
META: Final = "adobe:ns:meta/"
_XMP: Final = "http://ns.adobe.com/xap/1.0/"
_DM: Final = "http://ns.adobe.com/xmp/1.0/DynamicMedia/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_LR: Final = "http://ns.adobe.com/lightroom/1.0/"
_DARKTABLE: Final = "http://darktable.sf.net/"
_DIGIKAM: Final = "http://www.digikam.org/ns/1.0/"
_MICROSOFT: Final = "http://ns.microsoft.com/photo/1.0/"
_ACDSEE: Final = "http://ns.acdsee.com/iptc/1.0/"
_CAMERA_BITS: Final = "http://ns.camerabits.com/photomechanic/1.0/"
OWN: Final = "http://ns.photocull.org/1.0/"
"""A name, not an address: nothing is ever fetched from it, and it must never change."""

PREFIXES: Final = {_XMP: "xmp", _DM: "xmpDM", _DC: "dc", _LR: "lr", OWN: "photocull"}
"""Prefixes for namespaces that a document does not declare yet."""

# XMP specification part 2 (2022), 2.2.1 (xmp), 2.3 (dc), 3.3 (xmpDM).
RATING: Final = f"{_XMP} Rating"
LABEL: Final = f"{_XMP} Label"
PICK: Final = f"{_DM} pick"
GOOD: Final = f"{_DM} good"
SUBJECT: Final = f"{_DC} subject"
HIERARCHY: Final = f"{_LR} hierarchicalSubject"

DARKTABLE_COLOURS: Final = f"{_DARKTABLE} colorlabels"
DIGIKAM_PICK: Final = f"{_DIGIKAM} PickLabel"
DIGIKAM_COLOUR: Final = f"{_DIGIKAM} ColorLabel"
MICROSOFT_RATING: Final = f"{_MICROSOFT} Rating"
MICROSOFT_RATING_BARE: Final = f"{_MICROSOFT.rstrip('/')} Rating"
"""As exiftool writes it: without the namespace's last stroke."""
ACDSEE_RATING: Final = f"{_ACDSEE} rating"
TAGGED: Final = f"{_CAMERA_BITS} Tagged"

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
    frozenset(
        (
            RATING,
            LABEL,
            PICK,
            GOOD,
            SUBJECT,
            HIERARCHY,
            DARKTABLE_COLOURS,
            DIGIKAM_PICK,
            DIGIKAM_COLOUR,
            MICROSOFT_RATING,
        )
    )
    | frozenset(
        (MICROSOFT_RATING_BARE, ACDSEE_RATING, TAGGED, OWN_RATING, OWN_RATING_BY, OWN_PICK, OWN_PICK_BY, OWN_LABEL)
    )
    | frozenset((OWN_LABEL_BY, OWN_AESTHETIC, OWN_COLOUR, OWN_TECHNICAL, OWN_OVERALL, OWN_MODEL, OWN_MODEL_FINGERPRINT))
    | frozenset((OWN_FINGERPRINT, OWN_KEYWORDS, OWN_WRITTEN))
)
"""What is read at all; everything else in a sidecar is other programs' and is neither read nor touched."""
