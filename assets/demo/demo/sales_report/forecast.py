"""What will be sold in the next days."""

import numpy
import pandas
from sklearn.linear_model import LinearRegression


def forecast(pieces_per_day: pandas.Series, days: int) -> list[int]:
    """Whole pieces for each of the next `days`, from a straight line and the day of the week; never below zero."""
    index = pandas.DatetimeIndex(pieces_per_day.index)
    coming = pandas.date_range(index[-1], periods=days + 1, freq="D")[1:]
    model = LinearRegression().fit(_features(index, index[0]), pieces_per_day.to_numpy())
    expected = model.predict(_features(coming, index[0]))
    return [int(value) for value in numpy.clip(numpy.rint(expected), 0, None)]


def _features(days: pandas.DatetimeIndex, first: pandas.Timestamp) -> numpy.ndarray:
    since = (days - first).days.to_numpy()
    weekdays = numpy.eye(7)[days.dayofweek.to_numpy()]
    return numpy.column_stack([since, weekdays])
