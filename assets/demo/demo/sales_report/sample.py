"""Made-up sales, so that the report can be tried without a database."""

from datetime import date, timedelta

from libs.python.database import Sale

ITEMS = {"box-small": 190, "box-large": 420, "tape": 350, "label-roll": 1290}


def sales(last_day: date, days: int = 56) -> list[Sale]:
    """The same sales for the same day, always."""
    made = []
    for back in reversed(range(days)):
        day = last_day - timedelta(days=back)
        for position, (item, cents) in enumerate(ITEMS.items()):
            pieces = 20 - 4 * position + day.weekday() % 5 + (days - back) // 14
            made.append(Sale(day=day, item=item, pieces=pieces, cents=cents))
    return made
