"""The data map: every column, what it can tell about a person, and how long its row is kept."""

from sqlalchemy import Column, Table

from acceptance_api.documentation.markdown import NOTICE, table
from acceptance_api.kernel.database import Personal, Retain
from acceptance_api.kernel.migrations import whole_schema

_PERSONAL = {
    Personal.NONE: "tells nothing about a person",
    Personal.PSEUDONYM: "an id or number that stands for a person or parcel, without saying who",
    Personal.SEALED: "personal data, encrypted field by field",
    Personal.TOKEN: "a keyed index value, commitment or digest: compares, and dies with its key",
}
_RETAIN = {
    Retain.CONFIGURATION: "as long as the site, client or agreement it describes",
    Retain.RECORD: "acceptance records",
    Retain.IDENTITY: "what was seen of an identity document",
    Retain.EVIDENCE: "photos",
    Retain.LOG: "the audit trail",
    Retain.CASE: "cases of supervision and what was disclosed under them",
    Retain.TRANSIENT: "days: answers kept for a repeated request",
}
_INTRODUCTION = """# Data map

Every table and column of the data database, made from the classification that each column carries in the code; a column
without one fails the build. No column holds personal data as plain text."""
_PERIODS = "The periods are policy values of the installation; none is a constant in the code."


def data_map_page() -> str:
    """Every table and column with its personal class and its retention class."""
    tables = sorted(whole_schema().tables.values(), key=lambda one: one.name)
    personal = table(["Personal", "Meaning"], [[f"`{one.value}`", _PERSONAL[one]] for one in Personal])
    retain = table(["Retention", "What is kept"], [[f"`{one.value}`", _RETAIN[one]] for one in Retain])
    parts = [NOTICE, _INTRODUCTION, personal, retain, _PERIODS, *map(_section, tables)]
    return "\n\n".join(parts) + "\n"


def _section(one: Table) -> str:
    return f"## {one.name}\n\n" + table(["Column", "Type", "Personal", "Retention"], map(_row, one.columns))


def _row(column: Column[object]) -> list[str]:
    name = f"`{column.name}`" + (" (key)" if column.primary_key else "")
    return [name, type(column.type).__name__, f"`{column.info['personal']}`", f"`{column.info['retain']}`"]
