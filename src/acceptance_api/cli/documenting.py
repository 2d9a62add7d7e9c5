"""Writing what is generated and committed: the OpenAPI documents and the generated pages."""

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from acceptance_api.documentation import pages
from acceptance_api.http.application import documents_of_audiences

Check = Annotated[bool, typer.Option("--check", help="Change nothing; fail when something is out of date.")]


def openapi(*, check: Check = False) -> None:
    """Write openapi/<audience>.json, one document for each audience."""
    documents = {
        f"{audience}.json": json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        for audience, document in documents_of_audiences().items()
    }
    _write_or_check(Path("openapi"), documents, check=check)


def docs(*, check: Check = False) -> None:
    """Write the generated pages of docs/."""
    _write_or_check(Path("docs"), pages(), check=check)


def _write_or_check(directory: Path, texts: Mapping[str, str], *, check: bool) -> None:
    stale = False
    for name, text in texts.items():
        path = directory / name
        old = path.read_text("utf-8") if path.exists() else ""
        if old == text:
            continue
        if check:
            stale = True
            lines = difflib.unified_diff(old.splitlines(), text.splitlines(), str(path), "generated", lineterm="", n=1)
            typer.echo("\n".join(list(lines)[:40]), err=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    if stale:
        typer.echo(f"{directory}/ is out of date: run the same command without --check", err=True)
        raise typer.Exit(code=1)
