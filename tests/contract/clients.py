"""Clients as a stranger gets them: generated from the documents."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from acceptance_api.http.application import documents_of_audiences

CONFIGURATION = Path(__file__).parents[2] / "openapi" / "python-client.yaml"
"""How the generator sends photos: it knows no image types."""


def generated(audience: str, directory: Path) -> str:
    """Generate the client package `<directory>/<audience>`; what the generator complained about."""
    document = directory / f"{audience}.json"
    document.write_text(json.dumps(_with_one_body_each(documents_of_audiences()[audience])), "utf-8")
    binaries = Path(sys.executable).parent
    arguments = ["--path", str(document), "--meta", "none", "--output-path", str(directory / audience)]
    done = subprocess.run(  # noqa: S603 - own paths
        [str(binaries / "openapi-python-client"), "generate", *arguments, "--config", str(CONFIGURATION)],
        check=False,
        capture_output=True,
        text=True,
        cwd=directory,
        env={"PATH": f"{binaries}:/usr/bin:/bin", "HOME": str(directory), "COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = (done.stdout + done.stderr).splitlines()
    return "\n".join(line for line in told if line.strip() and not line.startswith("Generating "))


def _with_one_body_each(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the first media type of each body: of several binary ones the generator makes broken code."""
    for path in document["paths"].values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {})
            for media_type in list(content)[1:]:
                del content[media_type]
    return document
