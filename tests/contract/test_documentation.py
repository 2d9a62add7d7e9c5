"""The generated pages of docs/ are current and leave nothing out."""

from pathlib import Path

import pytest

from acceptance_api.acceptance import Ground
from acceptance_api.documentation import pages
from acceptance_api.documentation.markdown import table
from acceptance_api.kernel.migrations import whole_schema
from acceptance_api.kernel.problems import Kind

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", pages())
def test_the_committed_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages()[name], "run `acceptance-api docs`"


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
def test_every_problem_says_what_each_reader_does(kind: Kind) -> None:
    _, _, section = pages()["problems.md"].partition(f"\n## {kind.code}\n")
    section, _, _ = section.partition("\n## ")

    assert all(text in section for text in (kind.value.zh, kind.value.en, kind.value.clerk, kind.value.developer))


@pytest.mark.parametrize("ground", Ground, ids=lambda ground: ground.code)
def test_every_ground_has_a_line_with_its_citations(ground: Ground) -> None:
    (line,) = [line for line in pages()["grounds.md"].splitlines() if line.startswith(f"| `{ground.code}` ")]

    assert line.count("《") == 2
    assert ground.value.zh in line


def test_the_citations_follow_the_renumbering_of_2025() -> None:
    (line,) = [line for line in pages()["grounds.md"].splitlines() if line.startswith("| `not_inspected` ")]

    assert line.endswith("| 《快递暂行条例》(2019-03-02) 31 | 《快递暂行条例》(2025-06-01) 32 |")


def test_the_data_map_tells_of_every_column() -> None:
    page = pages()["data-map.md"]
    for one in whole_schema().tables.values():
        _, _, section = page.partition(f"\n## {one.name}\n")
        section, _, _ = section.partition("\n## ")
        assert all(f"| `{column.name}`" in section for column in one.columns), one.name


def test_a_cell_cannot_break_its_table() -> None:
    assert table(["a"], [["x | y\nz"]]) == "| a |\n| --- |\n| x \\| y z |"
