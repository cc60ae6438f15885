"""The daily report: reads the sales, writes the report to the bucket or to standard output."""

import argparse
import json
from datetime import timedelta

from sqlalchemy.orm import Session

from demo.sales_report import report, sample
from libs.python import clock, logs
from libs.python.database import engine_for, sales_of
from libs.python.settings import Settings
from libs.python.store import key_of, put


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=7, help="how far to look ahead")
    parser.add_argument("--sample", action="store_true", help="use made-up sales")
    options = parser.parse_args()
    logs.set_up()

    settings = Settings()
    engine = engine_for(settings)
    if options.sample:
        with Session(engine) as session:
            session.add_all(sample.sales(clock.now().date() - timedelta(days=1)))
            session.commit()

    sales = sales_of(engine)
    if not sales:
        raise SystemExit("no sales in the database; try --sample")
    figures = report.summary(report.frame_of(sales), options.days)
    if settings.report_bucket:
        put(settings.report_bucket, key_of("sales"), json.dumps(figures).encode())
    else:
        print(report.as_text(figures), end="")


if __name__ == "__main__":
    main()
