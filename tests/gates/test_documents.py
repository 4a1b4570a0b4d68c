"""Documents cannot lie: commands, options, keys, exit codes and the map are compared with the program."""

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from photocull.cli.main import application
from photocull.core import errors
from tests.gates.written import ROOT, SECTIONS, modules, purpose, renewed

GUIDES = ("README.md", "CONTRIBUTING.md")
COMMAND = re.compile(r"^(?:\$ )?(photocull(?: .*)?)$", re.MULTILINE)
BOOTSTRAP = "python3 packaging/bootstrap.py"


def leaves(command: Any = None, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every command of the program by the words that call it."""
    command = command or typer.main.get_command(application(""))
    children = getattr(command, "commands", None)
    if children is None:
        return {path: command}
    return {words: leaf for name, child in children.items() for words, leaf in leaves(child, (*path, name)).items()}


COMMANDS = leaves()


def check_call(line: str) -> None:
    """A line of a document that calls the program: the command exists and knows each option."""
    words = shlex.split(line, comments=True)[1:]
    found = [path for path in COMMANDS if tuple(words[: len(path)]) == path]
    if not found:
        assert all(not w.startswith("-") and not w.islower() for w in words), f"no such command: {line}"
        return
    known = {option for parameter in COMMANDS[found[0]].params for option in parameter.opts} | {"--help"}
    used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert used <= known, f"{line}: {used - known}"


def code_blocks(document: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", (ROOT / document).read_text("utf-8"), re.DOTALL | re.MULTILINE)


def calls(document: str) -> list[str]:
    blocks = "\n".join(code_blocks(document))
    started = re.sub(rf"^{re.escape(BOOTSTRAP)} run", "photocull", blocks, flags=re.MULTILINE)
    return [line.strip() for line in COMMAND.findall(started)]


@pytest.mark.parametrize("document", SECTIONS)
def test_written_tables_are_those_of_the_program(document: str) -> None:
    assert (ROOT / document).read_text("utf-8") == renewed(document), "run: python -m tests.gates.written"


def test_the_map_names_every_module_with_its_purpose() -> None:
    text = (ROOT / "photocull" / "README.md").read_text("utf-8")
    found = modules(ROOT / "photocull")
    assert len(found) > 50
    for module in found:
        assert purpose(module), module
    named = re.findall(r"^\| `([\w/]+\.py)` \|", text, re.MULTILINE)
    assert len(named) == len([m for m in found if m.parent != ROOT / "photocull"])


def test_the_readme_calls_commands_and_options_that_exist() -> None:
    lines = calls("README.md")
    assert len(lines) >= 5
    for line in lines:
        check_call(line)


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    missing = [" ".join(path) for path in COMMANDS if f"photocull {path[0]}" not in text]
    assert not missing


def test_a_call_of_an_option_that_does_not_exist_is_found() -> None:
    with pytest.raises(AssertionError, match="--loud"):
        check_call("photocull score ~/Pictures --loud")
    with pytest.raises(AssertionError, match="no such command"):
        check_call("photocull fly --high")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_an_example_that_is_true(path: tuple[str, ...]) -> None:
    help_text = f"{COMMANDS[path].epilog or ''}\n{COMMANDS[path].help or ''}"
    example = re.search(r"Examples?:\s*(photocull [^\n]+)", help_text)
    assert example, "no example in --help"
    assert example[1].startswith(f"photocull {' '.join(path)}")
    check_call(example[1])


def test_the_readme_names_the_exit_codes_of_the_errors() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.PhotocullError)]
    named = {int(code) for code in re.findall(r"^\| (\d+) \| [^`]", text, re.MULTILINE)}
    assert named == {0} | {kind.exit_code for kind in kinds}


@pytest.mark.parametrize("document", GUIDES)
def test_the_bootstrap_is_called_as_it_can_be(document: str) -> None:
    called = re.findall(rf"{re.escape(BOOTSTRAP)} (\w+)", (ROOT / document).read_text("utf-8"))
    assert called
    assert set(called) <= {"run", "test", "install"}


@pytest.mark.parametrize("document", [*GUIDES, "CHANGELOG.md", "photocull/README.md", "packaging/README.md"])
def test_links_to_files_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", text) if not t.startswith("http")]
    assert not [t for t in targets if not ((ROOT / document).parent / t).exists()]


def test_the_changelog_has_an_entry_for_this_version_in_the_fixed_words() -> None:
    from photocull import __version__

    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{__version__}]" in text or "## [Unreleased]" in text
    words = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert words
    assert words <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_keymaps_have_keys_for_the_same_commands() -> None:
    import tomllib

    files = sorted((ROOT / "resources" / "keymaps").glob("*.toml"))
    named = {path.stem: set(tomllib.loads(path.read_text("utf-8"))["keys"]) for path in files}
    assert all(keys == named["lightroom"] for keys in named.values()), json.dumps(sorted(named))


def committed() -> list[Path]:
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if answer.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_committed_text_names_a_developer_s_machine() -> None:
    places = "|".join(("work", "root", "tmp", "opt/pypi", "opt/wheels"))
    pattern = re.compile(rf"(?<![\w.~-])/(?:{places})/|\.librar[y]/")
    found = []
    for path in committed():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in pattern.finditer(text)]
    assert not found
