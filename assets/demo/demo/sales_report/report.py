"""From sales to a report."""

from pathlib import Path
from string import Template

import pandas

from demo.sales_report.forecast import forecast
from libs.python.database import Sale
from libs.python.money import Amount


def frame_of(sales: list[Sale]) -> pandas.DataFrame:
    """One row per sale."""
    rows = [{"day": sale.day, "item": sale.item, "pieces": sale.pieces, "cents": sale.total.cents} for sale in sales]
    frame = pandas.DataFrame(rows, columns=["day", "item", "pieces", "cents"])
    frame["day"] = pandas.to_datetime(frame["day"])
    return frame


def summary(frame: pandas.DataFrame, days: int) -> dict[str, object]:
    """The figures of the report."""
    per_day = frame.groupby("day")["pieces"].sum().asfreq("D", fill_value=0)
    per_item = frame.groupby("item")["pieces"].sum()
    return {
        "until": per_day.index[-1].date().isoformat(),
        "pieces": int(frame["pieces"].sum()),
        "turnover": str(Amount(int(frame["cents"].sum()))),
        "best": str(per_item.idxmax()),
        "days": days,
        "forecast": sum(forecast(per_day, days)),
    }


def as_text(figures: dict[str, object]) -> str:
    """The report for people."""
    template = Path(__file__).with_name("templates") / "summary.txt"
    return Template(template.read_text()).substitute(figures)
