"""Documentation generated from the code."""


def pages() -> dict[str, str]:
    """Each generated page of docs/, by its path."""
    return {}
