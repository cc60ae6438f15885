import sys
from datetime import date

import pytest

from demo.sales_report import report, sample


def test_the_sample_has_a_best_seller_and_a_forecast():
    figures = report.summary(report.frame_of(sample.sales(date(2026, 11, 1))), days=7)
    assert figures["best"] == "box-small"
    assert figures["until"] == "2026-11-01"
    assert 400 < figures["forecast"] < 600


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
