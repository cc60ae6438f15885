import sys
from datetime import UTC, datetime

import pytest

from libs.python.clock import stamp


def test_a_stamp_is_in_utc():
    assert stamp(datetime(2026, 11, 2, 8, tzinfo=UTC)) == "2026-11-02T08:00:00Z"


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
