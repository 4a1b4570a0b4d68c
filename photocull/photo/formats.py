"""Which files are photos: suffixes for the scan, first bytes for everything that opens a file."""

from typing import Final, Literal

Kind = Literal["jpeg", "png", "gif", "tiff", "webp", "avif", "heif", "jpeg2000", "jxl", "raw"]


def _suffixes(words: str) -> frozenset[str]:
    return frozenset(words.split())


RAW_SUFFIXES: Final = _suffixes(
    ".3fr .arw .bay .bmq .cap .cr2 .cr3 .crw .cs1 .dcr .dcs .dng .drf .eip .erf .fff .gpr .iiq .k25 .kc2 .kdc .mef "
    ".mos .mrw .nef .nrw .orf .ori .pef .ptx .pxn .qtk .raf .raw .rdc .rw2 .rwl .rwz .sr2 .srf .srw .sti .x3f"
)
"""Suffixes of camera RAW files, lower case."""
PARTNER_SUFFIXES: Final = _suffixes(".jpg .jpeg .jpe .heic .heif .hif")
"""What a camera writes beside a RAW as another rendering of the same frame."""
PHOTO_SUFFIXES: Final = (
    RAW_SUFFIXES
    | PARTNER_SUFFIXES
    | _suffixes(
        ".jfif .jps .mpo .png .tif .tiff .webp .gif .avif .avifs .heics .heifs .hifs .jp2 .j2c .j2k .jpc .jpf .jpx .jxl"
    )
)
"""Suffixes that a folder scan takes for photos, lower case."""
VIDEO_SUFFIXES: Final = _suffixes(
    ".mp4 .mov .m4v .avi .mkv .webm .mts .m2ts .mpg .mpeg .wmv .3gp .3g2 .flv .ogv .mxf .braw .r3d .crm .insv .lrv "
    ".vob .asf .divx .dv .m2v"
)
"""Suffixes of videos, which are counted and left out."""
SIDECAR_SUFFIXES: Final = _suffixes(".xmp .aae .dop .pp3 .arp .cos .cot .vrd .nksc .on1 .thm .json .wav")
"""What belongs to the photo of the same name: edits, ratings, the camera's small picture, voice notes."""
FAMILY_SUFFIXES: Final = PHOTO_SUFFIXES | SIDECAR_SUFFIXES
"""Photos and what may lie beside them."""

_MAGIC: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"IIU\x00", "raw"),
    (b"IIRO", "raw"),
    (b"IIRS", "raw"),
    (b"MMOR", "raw"),
    (b"FUJIFILMCCD-RAW", "raw"),
    (b"\x00MRM", "raw"),
    (b"FOVb", "raw"),
    (b"II\x1a\x00\x00\x00HEAPCCDR", "raw"),
)
_TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_HEIF_BRANDS: Final = frozenset([b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"])
_VIDEO_STARTS: Final = (b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV\x01")


def suffix_of(name: str) -> str:
    """A file name's suffix, lower case, with its dot; empty for `.hidden`."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def sniff(head: bytes, suffix: str) -> Kind | None:
    """The format that the first bytes tell; the suffix decides only where bytes cannot (a RAW that is a TIFF inside).

    Args:
        head: at least the first 64 bytes, or the whole of a shorter file.
        suffix: the file's suffix in any case.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    raw_name = suffix.lower() in RAW_SUFFIXES
    if head.startswith(_TIFF):
        return "raw" if raw_name or head[8:10] == b"CR" else "tiff"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return _boxed(head)
    return "raw" if raw_name and not _complaint(head) else None


def _boxed(head: bytes) -> Kind | None:
    length = min(max(int.from_bytes(head[:4]), 16), 256, len(head))
    # The low-overhead "mif3" form names the codec where others have a version number.
    first = 12 if head[8:12] == b"mif3" else 16
    brands = [head[8:12], *(head[i : i + 4] for i in range(first, length, 4))]
    if brands[0] == b"crx ":
        return "raw"
    if brands[0] in (b"avif", b"avis"):
        return "avif"
    if brands[0] in (b"mif1", b"mif3", b"msf1", b"miaf"):
        return "avif" if {b"avif", b"avis"} & set(brands) else "heif"
    return "heif" if _HEIF_BRANDS & set(brands) else None


def complaint(head: bytes) -> str:
    """One sentence that tells what a file is whose first bytes are of no picture format."""
    return _complaint(head) or "The content is not a picture in a format that Photocull knows."


def stated_size(head: bytes, kind: Kind) -> tuple[int, int] | None:
    """Width and height from the first bytes, of the formats whose reader takes memory for the picture on opening.

    Also of those whose library refuses large pictures in words of its own; None where nothing is stated there.
    """
    if kind in ("avif", "heif"):
        return _largest_item(head)
    if kind == "gif":
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if kind != "webp":
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


def _largest_item(head: bytes) -> tuple[int, int] | None:
    """The largest of the sizes that the items of a HEIF file state (``ispe``, ISO/IEC 23008-12, 6.5.3)."""
    sizes = []
    at = head.find(b"ispe")
    while 0 <= at <= len(head) - 16:
        sizes.append((int.from_bytes(head[at + 8 : at + 12]), int.from_bytes(head[at + 12 : at + 16])))
        at = head.find(b"ispe", at + 4)
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _complaint(head: bytes) -> str | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if not head.strip(b"\x00"):
        return "The file holds nothing but zeros; its copy was probably interrupted."
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<svg")):
        return "This is a web page or a text with markup saved under a photo's name; download the photo again."
    if head[4:8] in (b"ftyp", b"moov") and _boxed(head) is None:
        return "This is a video, not a photo."
    if head.startswith(_VIDEO_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        return "This is a video, not a photo."
    return None
