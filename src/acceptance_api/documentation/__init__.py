"""Documentation generated from the code, so that it cannot say anything else. Others call `pages`."""

from acceptance_api.documentation.data_map import data_map_page
from acceptance_api.documentation.grounds import grounds_page
from acceptance_api.documentation.problems import problems_page
from acceptance_api.documentation.states import states_page

__all__ = ["data_map_page", "grounds_page", "pages", "problems_page", "states_page"]


def pages() -> dict[str, str]:
    """Each generated page of docs/, by its path in there."""
    return {
        "problems.md": problems_page(),
        "grounds.md": grounds_page(),
        "data-map.md": data_map_page(),
        "states.md": states_page(),
    }
