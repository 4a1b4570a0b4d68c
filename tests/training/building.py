"""Small labelled sets in the published layout, with a relation that a head can learn: blur is low quality."""

from pathlib import Path

from tests.building import SUBJECTS, make_photo

THEMED = {"sunset": "sunset", "sea": "sea", "flower": "flower", "night": "night", "snow": "snow"}
"""Subject that is drawn -> theme that it is labelled with."""


def make_sets(data: Path, *, count: int = 12) -> Path:
    """All four sets with ``count`` photos each, every fourth for validation."""
    subjects = list(SUBJECTS)
    rows: dict[str, list[str]] = {"biq2021": ["file,mos,split"], "snapshots": ["file,mos,sd,split"]}
    rows["beauty"] = ["file,category,beauty,sd,raters,valence,split"]
    rows["themes"] = ["file,themes,split"]
    for k in range(count):
        split = "validation" if k % 4 == 3 else "train"
        blur = float(k % 5)
        opinion = 0.9 - 0.2 * blur
        drawn = {"size": (96, 64), "seed": k, "blur": blur, "subject": subjects[k % len(subjects)]}
        make_photo(data / "biq2021" / "photos" / f"ss0{k % 3 + 1}_{k}.jpg", **drawn)
        make_photo(data / "snapshots" / "photos" / f"photo_{k}.jpg", **{**drawn, "seed": k + 100})
        make_photo(data / "beauty" / "photos" / f"Lake{k}.jpg", **{**drawn, "seed": k + 200})
        subject = list(THEMED)[k % len(THEMED)]
        make_photo(data / "themes" / subject / f"{k}.jpg", size=(96, 64), seed=k + 300, subject=subject)
        rows["biq2021"].append(f"ss0{k % 3 + 1}_{k}.jpg,{opinion:.3f},{split}")
        rows["snapshots"].append(f"photo_{k}.jpg,{opinion:.3f},0.1,{split}")
        rows["beauty"].append(f"Lake{k}.jpg,{'Scene' if k % 2 else 'Object'},{1 + 6 * opinion:.3f},1,100,5,{split}")
        rows["themes"].append(f"{subject}/{k}.jpg,{THEMED[subject]};nature,{split}")
    for name, lines in rows.items():
        (data / name / "labels.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return data
