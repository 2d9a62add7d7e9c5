"""The express lane to the database: look-ups and inserts of many callers in one statement, on the bare driver.

SQLAlchemy's tables stay the only source of the schema; statements are written with them and compiled once. Everything
that is not hot goes through `kernel.database` instead.
"""

from acceptance_api.kernel.express.lane import Conflict, Lane
from acceptance_api.kernel.express.opening import open_lane
from acceptance_api.kernel.express.questions import Part, Question
from acceptance_api.kernel.express.reading import Reader
from acceptance_api.kernel.express.writing import NewRow, Record, Writer, settled

__all__ = [
    "Conflict",
    "Lane",
    "NewRow",
    "Part",
    "Question",
    "Reader",
    "Record",
    "Writer",
    "open_lane",
    "settled",
]
