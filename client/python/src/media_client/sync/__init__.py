"""One-way sync of a folder and the library, in either direction."""

from media_client.sync.changes import Action, Change, Plan, Result
from media_client.sync.filters import Filters, Rule
from media_client.sync.pull import Pull
from media_client.sync.push import Push
from media_client.sync.sides import Sides
from media_client.sync.state import State

__all__ = [
    "Action",
    "Change",
    "Filters",
    "Plan",
    "Pull",
    "Push",
    "Result",
    "Rule",
    "Sides",
    "State",
]
