/// Formats a Unix time as year, month and day (UTC), by Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms"
/// (<https://howardhinnant.github.io/date_algorithms.html#civil_from_days>).
#[must_use]
pub fn date(time: i64) -> String {
    let days = time.div_euclid(86_400).saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns the first second of a day (UTC) such as `2026-03-01`; the inverse of [`date`] (`days_from_civil`).
#[must_use]
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok().filter(|_| part.bytes().all(is_digit)));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(0..=9_999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day)
    {
        return None;
    }
    // The year begins in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let time = (era * 146_097 + day_of_era - 719_468) * 86_400;
    // A day that the month lacks comes out as one of the next month.
    let parts = date(time);
    let same = parts.rsplit('-').next().and_then(|part| part.parse::<i64>().ok()) == Some(day);
    same.then_some(time)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (time, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_700_000_000, "2023-11-14"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(date(time), text, "{time}");
        }
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for day in (-1_000..60_000).step_by(7) {
            let time = i64::from(day) * 86_400;
            assert_eq!(parse_date(&date(time)), Some(time), "{}", date(time));
        }
        assert_eq!(parse_date("2026-3-1"), parse_date("2026-03-01"));
        for wrong in [
            "",
            "2026",
            "2026-03",
            "2026-13-01",
            "2026-02-29",
            "2026-04-31",
            "2026-03-00",
            "1-2-3-4",
            "+1-1-1",
            "x-1-1",
        ] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn any_number_is_a_time() {
        for time in [i64::MAX, i64::MIN] {
            assert!(!date(time).is_empty());
        }
    }
}
