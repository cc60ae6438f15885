import sys

import pytest

from demo.price_api.catalog import price


def test_gross_is_net_and_tax():
    assert price("tape", 2, "NL") == {"item": "tape", "net": "7.00 EUR", "gross": "8.47 EUR"}


def test_an_unknown_item_is_an_error():
    with pytest.raises(KeyError):
        price("rope", 1, "NL")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
