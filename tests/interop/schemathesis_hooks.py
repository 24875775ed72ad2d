"""What schemathesis cannot know: who asks, and that days here begin in the year 2000."""
import datetime
import os

import schemathesis
from hypothesis import strategies


@schemathesis.auth(refresh_interval=30)
class AdministratorsToken:
    """The access token that the test behind this run keeps fresh in a file."""

    def get(self, case, context):
        with open(os.environ["KOMMPASS_TOKEN_FILE"], encoding="ascii") as file:
            return file.read()

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = "Bearer " + data


schemathesis.openapi.format(
    "date",
    strategies.dates(datetime.date(2000, 1, 1), datetime.date(9999, 12, 31)).map(str),
)


@schemathesis.hook
def before_call(context, case, kwargs):
    """The coverage phase makes header values of letters and digits alone, also where the pattern
    asks for quotes: what it means as a legal revision gets them."""
    value = (case.headers or {}).get("If-Match")
    if value is None or not value.isdigit() or case.meta is None:
        return
    if case.meta.generation.mode.is_positive:
        case.headers["If-Match"] = f'"{int(value)}"'
