"""What is sealed of an import: its lines, some hundred together, until they are processed."""

from acceptance_api.vault import Field

LINES = Field("import_chunk", "lines", 4_096)
