"""Nothing in the tree tells about the machine it was made on, and what is generated is up to date."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.environment import EXAMPLE, rendered

ROOT = Path(__file__).parents[2]
MACHINE_PATH = re.compile(r"(?<![\w.:/*-])/(?:work|farm|root|home|Users|mnt|Volumes|opt)/[\w.-]")
PACKAGE_INDEX = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|npmmirror\.com|tuna\.tsinghua\.edu\.cn)\b"
    r"|(?<!no-emit-)\b(?:extra-)?index[-]url\b"
)
LOCKED = re.compile(r"[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,._-]+\])?==\S+")


def _texts() -> list[Path]:
    """What is or may be committed, without what git ignores."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - git is on every PATH
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in _texts()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert _found(MACHINE_PATH) == []


def test_no_file_names_a_package_index() -> None:
    assert _found(PACKAGE_INDEX) == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        pytest.param(MACHINE_PATH, "see " + "/ho" + "me/li/src", True, id="a home directory"),
        pytest.param(MACHINE_PATH, "src/work/x", False, id="a relative path"),
        pytest.param(MACHINE_PATH, "/usr/bin:/bin", False, id="a path of every machine"),
        pytest.param(PACKAGE_INDEX, "https://py" + "pi.org/simple", True, id="an index"),
        pytest.param(PACKAGE_INDEX, "--extra-index" + "-url x", True, id="an option that names one"),
        pytest.param(PACKAGE_INDEX, "--no-emit-index-url", False, id="the option that leaves it out"),
    ],
)
def test_the_patterns_tell_them_apart(pattern: re.Pattern[str], text: str, found: bool) -> None:  # noqa: FBT001 - a column
    assert bool(pattern.search(text)) is found


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_requirement_is_locked_by_version_and_hash(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    requirements = re.sub(r"\\\n\s*", "", text).splitlines()

    assert "://" not in text
    assert requirements
    assert [line for line in requirements if not (LOCKED.match(line) and "--hash=sha256:" in line)] == []


def test_what_the_service_runs_on_is_what_it_is_tested_on() -> None:
    run, dev = (set(re.findall(r"^[a-z0-9].*?==\S+", (ROOT / "requirements" / n).read_text(), re.MULTILINE))
                for n in ("run.txt", "dev.txt"))  # fmt: skip

    assert run <= dev


def test_the_example_environment_lists_every_setting() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == rendered(), "run: make docs"
