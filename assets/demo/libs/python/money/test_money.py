import sys

import pytest

from libs.python.money import Amount, with_tax


def test_tax_is_rounded_half_up():
    assert with_tax(Amount(1050), "DE") == Amount(1250)


def test_currencies_do_not_mix():
    with pytest.raises(ValueError):
        Amount(1, "EUR") + Amount(1, "CHF")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
