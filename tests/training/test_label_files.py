"""Label files: rows by column name, and a sentence with the line for everything that is wrong in them."""

import csv
import io
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.errors import TrainingError
from photocull.training.label_files import header, number, parsed, words

_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "labels.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _entries(path: Path, *columns: str) -> list[list[str]]:
    return [entries for _, entries in parsed(path, columns, list)]


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    path = _file(tmp_path, "score,other,image\n1,x,a.jpg\n2,y,b.jpg\n")
    assert _entries(path, "image", "score") == [["a.jpg", "1"], ["b.jpg", "2"]]


def test_spaces_around_names_and_entries_do_not_matter(tmp_path: Path) -> None:
    path = _file(tmp_path, "worker, imagePair, score\nA1, a.jpg, 4\n")
    assert _entries(path, "worker", "imagePair", "score") == [["A1", "a.jpg", "4"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ending_and_a_byte_order_mark_are_read(tmp_path: Path, end: str) -> None:
    path = _file(tmp_path, b"\xef\xbb\xbf" + f"image,score{end}a.jpg,1{end}{end}".encode())
    assert _entries(path, "image", "score") == [["a.jpg", "1"]]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = _file(tmp_path, "image,score\na.jpg,1\n\nb.jpg,2\n")
    assert [line for line, _ in parsed(path, ("image", "score"), list)] == [2, 4]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="lacks the column 'score'"):
        _entries(_file(tmp_path, "image,mos\na.jpg,1\n"), "image", "score")


def test_an_empty_file_lacks_its_first_column(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="lacks the column 'image'"):
        _entries(_file(tmp_path, ""), "image", "score")


def test_a_row_of_another_length_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"Line 3: it has 1 entries instead of 2\. Correct or remove this line\."):
        _entries(_file(tmp_path, "image,score\na.jpg,1\nb.jpg\n"), "image", "score")


def test_a_reason_from_the_reader_is_told_with_its_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "image,score\na.jpg,1\nb.jpg,high\n")
    with pytest.raises(TrainingError, match="Line 3: the score 'high' is not a number from 1 to 10"):
        list(parsed(path, ("image", "score"), lambda entries: number(entries[1], "the score", 1, 10)))


def test_an_open_quote_is_told_not_swallowed(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"Line \d+: this is not CSV"):
        _entries(_file(tmp_path, 'image,score\n"a.jpg,1\nb.jpg,2\n'), "image", "score")


def test_text_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="not UTF-8"):
        _entries(_file(tmp_path, b"image,score\n\xff\xfe.jpg,1\n"), "image", "score")


def test_a_folder_in_place_of_a_label_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        _entries(tmp_path, "image", "score")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "-1", "10.01", "", "1,5", "1e999", "ten"])
def test_numbers_out_of_the_scale_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number from 1 to 10"):
        number(text, "the score", 1, 10)


@given(st.floats(min_value=1, max_value=10))
def test_numbers_within_the_scale_are_kept_exactly(value: float) -> None:
    assert number(repr(value), "the score", 1, 10) == value


@given(st.lists(st.tuples(_TEXT, _TEXT, _TEXT), max_size=8))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("a", "b", "c"), *rows])
    with TemporaryDirectory() as folder:
        found = _entries(_file(Path(folder), text.getvalue()), "c", "a")
    assert found == [[c.strip(), a.strip()] for a, _, c in rows]


@given(st.binary(max_size=200))
def test_no_content_whatever_ends_in_a_traceback(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = _file(Path(folder), b"image,score\n" + content)
        header(path)
        rows = []
        with suppress(TrainingError):
            rows = list(parsed(path, ("image", "score"), lambda entries: number(entries[1], "the score", 0, 1)))
        assert all(0 <= value <= 1 for _, value in rows)


def test_words_are_told_with_their_line(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.jpg 0.5\n\nb.jpg 0.25\n")
    assert list(words(path, tuple)) == [(1, ("a.jpg", "0.5")), (3, ("b.jpg", "0.25"))]
    with pytest.raises(TrainingError, match=r"Line 3: the score 'b\.jpg'"):
        list(words(path, lambda found: number(found[1 if found[0] == "a.jpg" else 0], "the score", 0, 1)))


def test_words_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="not UTF-8"):
        list(words(_file(tmp_path, b"\xff\xfe"), list))


def test_a_file_that_is_no_csv_has_no_columns(tmp_path: Path) -> None:
    assert header(_file(tmp_path, b"\xff\xd8\xff\xe0")) == ()
    assert header(tmp_path / "absent.csv") == ()
    assert header(_file(tmp_path, "a, b\n1,2\n")) == ("a", "b")
