"""Collecting what is wrong with a document, so that all of it is told at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from acceptance_api.kernel.problems import Fault, Kind, Problem
from acceptance_api.kernel.typed_documents import Document, read_document

_D = TypeVar("_D", bound=Document)
_T = TypeVar("_T")


class Faults:
    """Everything that was found wrong so far."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._found: list[Fault] = []

    def add(self, pointer: str, code: str) -> None:
        """Something is wrong there."""
        self._found.append(Fault(pointer, code))

    def read(self, form: type[_D], content: Any, *, at: str) -> _D | None:  # noqa: ANN401 - JSON
        """A part of the document in its form, or None after its faults were noted."""
        try:
            return read_document(form, content)
        except Problem as problem:
            self._found += [Fault(f"{at}{fault.pointer}", fault.code, fault.params) for fault in _own(problem.faults)]
            return None

    def each(self, entries: Iterable[str], read: Callable[[str], str], *, at: str) -> tuple[str, ...]:
        """Every entry as it is read, each once. `read` raises ValueError with a code for one that is wrong."""
        known: list[str] = []
        for i, entry in enumerate(entries):
            try:
                value = read(entry)
            except ValueError as error:
                self.add(f"{at}/{i}", str(error))
                continue
            if value in known:
                self.add(f"{at}/{i}", "duplicate")
            known.append(value)
        return tuple(dict.fromkeys(known))

    def distinct(self, values: Iterable[_T], *, at: str) -> None:
        """Note each value that stood there before."""
        known: list[_T] = []
        for i, value in enumerate(values):
            if value in known:
                self.add(f"{at}/{i}", "duplicate")
            known.append(value)

    def settle(self) -> None:
        """Let the document pass, or not.

        Raises:
            Problem: INVALID, with everything that was noted.
        """
        if self._found:
            raise self.problem()

    def problem(self) -> Problem:
        """Everything that was noted, as one problem."""
        return Problem(Kind.INVALID, *self._found)


def _own(faults: Sequence[Fault]) -> Iterator[Fault]:
    """The faults without those that only follow from another: a list whose entries are wrong is not short as well."""
    for fault in faults:
        if fault.code != "too_short" or not any(other.pointer.startswith(f"{fault.pointer}/") for other in faults):
            yield fault
