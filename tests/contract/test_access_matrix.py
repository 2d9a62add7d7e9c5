"""Who may do what, proven operation by operation against the documents."""

from pathlib import Path

from acceptance_api.access import Permission
from tests.contract import access
from tests.contract.operations import ALL
from tests.support.service import running_service


def test_every_documented_operation_stands_in_the_matrix() -> None:
    assert access.unknown_operations() == set()


def test_every_permission_opens_an_operation() -> None:
    assert {operation.permission for operation in ALL.values()} == set(Permission)


async def test_the_committed_matrix_is_what_the_service_answers(database_url: str, tmp_path: Path) -> None:
    async with running_service(database_url, tmp_path) as service:
        made = await access.matrix(service)

    assert made.splitlines() == access.FILE.read_text("utf-8").splitlines()
