"""The books' check sees each kind of fault: a drill whose check sees nothing always passes."""

from collections import Counter

import pytest

from tests.reliability.counters import Answered, Books

A = Answered(id="a", key="1", body=b"A", is_replay=False)
B = Answered(id="b", key="2", body=b"B", is_replay=True)
KEYS: dict[str, bytes | None] = {"1": b"A", "2": b"B"}


def _books(
    *, records: str = "ab", decisions: int = 2, entries: int = 2, keys: dict[str, bytes | None] | None = None
) -> Books:
    return Books(records=Counter(records), decisions=decisions, entries=entries, keys=KEYS if keys is None else keys)


@pytest.mark.parametrize(
    ("books", "faults"),
    [
        pytest.param(_books(), [], id="in order"),
        pytest.param(_books(records="a"), ["b: answered, and lost", "1 records, but 2 answers"], id="lost"),
        pytest.param(_books(records="abb"), ["b: there 2 times", "3 records, but 2 answers"], id="twice"),
        pytest.param(
            _books(records="abc"),
            ["c: there, though every request was answered and none with it", "3 records, but 2 answers"],
            id="nobody's",
        ),
        pytest.param(_books(decisions=1), ["1 decisions, but 2 answers"], id="no decision"),
        pytest.param(_books(entries=3), ["3 audit entries, but 2 answers"], id="audited twice"),
        pytest.param(_books(keys=KEYS | {"2": b"X"}), ["b: its key holds another answer"], id="another answer"),
        pytest.param(_books(keys=KEYS | {"2": None}), ["b: its key holds another answer"], id="claimed, unanswered"),
        pytest.param(_books(keys=KEYS | {"3": b"C"}), ["3 idempotency keys, but 2 answers"], id="a key too many"),
    ],
)
def test_every_fault_is_found(books: Books, faults: list[str]) -> None:
    assert books.faults([A, B]) == faults
