"""`acceptance-api rehearse`: a draft in a file is tried on the database, and nothing is recorded."""

import asyncio
import json
import os
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from acceptance_api.acceptance.tables import rehearsals
from acceptance_api.cli import app
from acceptance_api.kernel.database import Database
from tests.acceptance.layered import EVERYTHING
from tests.acceptance.rehearsed import DAY, HOUR, Archive, archive_of, outlet_in
from tests.support.builders import NOON, Shop, open_shop

PERIOD = ("--since", "2026-11-20", "--until", "2026-12-20")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int | None
    out: str
    err: str

    def cells(self) -> list[list[str]]:
        """The cells of the tables."""
        rows = [[cell.strip() for cell in line.split("│")] for line in self.out.splitlines()]
        return [[cell for cell in row if cell] for row in rows]


async def rehearse(shop: Shop, directory: Path, document: Mapping[str, Any], *options: str) -> Said:
    """Run the command as an operator does."""
    file = directory / "draft.json"
    file.write_text(json.dumps(document, ensure_ascii=False))
    environment = {"ACCEPTANCE_DATABASE_URL": shop.database.url, "COLUMNS": "160"}
    command = ("rehearse", str(file), *PERIOD, *options)
    if "--workers" not in options:  # a process of its own takes a second to begin
        result = await asyncio.to_thread(CliRunner().invoke, app, command, env=environment)
        return Said(result.exit_code, result.stdout, result.stderr)
    environment |= {name: value for name, value in os.environ.items() if not name.startswith("ACCEPTANCE_")}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "acceptance_api", *command), stdout=pipe, stderr=pipe, cwd=directory, env=environment
    )
    out, err = await process.communicate()
    return Said(process.returncode, out.decode(), err.decode())


@pytest.fixture
async def archive(shop: Shop) -> Archive:
    """Parcels that were accepted in Beijing and in Shanghai, all to Beijing."""
    archive = await archive_of(shop.database, await shop.decide(await shop.ready()))
    await archive.add([NOON + HOUR] * 3, outlet_id=await outlet_in(shop, "310101"))
    await archive.add([NOON + DAY], outcome="refused")
    return archive


@pytest.mark.usefixtures("archive")
async def test_a_document_is_tried_by_one_process_or_by_several_alike(shop: Shop, tmp_path: Path) -> None:
    frame = {"name": "drill", "starts_at": "2098-01-01T00:00:00+08:00", "content": EVERYTHING}
    alone = await rehearse(shop, tmp_path, EVERYTHING, "--chart", str(tmp_path / "chart.svg"))
    several = await rehearse(shop, tmp_path, frame, "--workers", "2")
    picture = ET.parse(tmp_path / "chart.svg").getroot()  # noqa: S314 - our own
    async with shop.database.read() as tx:
        recorded = (await tx.execute(select(func.count()).select_from(rehearsals))).scalar_one()

    assert (alone.code, several.code) == (0, 0), alone.err + several.err
    for said, version in ((alone, "draft@0"), (several, "drill@0")):
        cells = said.cells()
        assert f"Rehearsal of {version}" in said.out
        assert ["seen", "5"] in cells
        assert ["refused before", "1"] in cells
        assert ["would hold", "4"] in cells
        assert ["not_screened", "hold", "4"] in cells
        assert [row[1:] for row in cells if len(row) == 6] == [
            ["310101", "3", "3", "3", "0"],
            ["110105", "2", "2", "1", "0"],
        ]
    assert "would be held: 4" in "".join(picture.itertext())
    assert recorded == 0


@pytest.mark.usefixtures("archive")
async def test_only_a_jurisdiction_is_looked_at(shop: Shop, tmp_path: Path) -> None:
    said = await rehearse(shop, tmp_path, EVERYTHING, "--jurisdiction", "31")

    assert ["seen", "3"] in said.cells()


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("document", "options", "told"),
    [
        pytest.param({"overlays": []}, (), "invalid", id="no campaign"),
        pytest.param({}, (), "invalid", id="nothing"),
        pytest.param(EVERYTHING, ("--until", "2026-11-20"), "1 to 400 days", id="no day"),
        pytest.param(EVERYTHING, ("--since", "2020-01-01"), "1 to 400 days", id="too many days"),
    ],
)
async def test_what_cannot_be_tried_is_told(
    shop: Shop, tmp_path: Path, document: dict[str, Any], options: tuple[str, ...], told: str
) -> None:
    said = await rehearse(shop, tmp_path, document, *options)

    assert said.code == 2
    assert told in said.err
    assert "Traceback" not in said.err


async def test_decisions_that_name_what_nobody_knows_are_told(shop: Shop, archive: Archive, tmp_path: Path) -> None:
    await archive.add([NOON + DAY], rules={"statutory": "1999-01-01"})
    said = await rehearse(shop, tmp_path, EVERYTHING)

    assert (said.code, said.err.strip()) == (2, "the edition 1999-01-01 is not known here")


async def test_what_one_of_several_processes_cannot_do_is_told(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    async with open_shop(database, tmp_path) as shop:
        archive = await archive_of(database, await shop.decide(await shop.ready()))
        await archive.add([NOON + DAY], rules={"statutory": "1999-01-01"})
        said = await rehearse(shop, tmp_path, EVERYTHING, "--workers", "2")
    await database.dispose()

    assert (said.code, said.err.strip()) == (2, "the edition 1999-01-01 is not known here")
