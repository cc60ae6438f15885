//! Round marks for an axis of bytes. Pure.

/// Marks from 0 up to `most`, at 1, 2 or 5 times a power of ten, about `wanted` of them.
pub(super) fn ticks(most: f64, wanted: f64) -> Vec<(f64, f64)> {
    let rough = most / wanted.max(1.0);
    if !rough.is_finite() || rough < 1.0 {
        return vec![(0.0, 1.0)];
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let count = (most / step).floor() as u32;
    (0..=count).map(|mark| (f64::from(mark) * step, step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(most: f64, wanted: f64, expected: &[f64]) {
        let marks: Vec<f64> = ticks(most, wanted).into_iter().map(|(value, _)| value).collect();
        assert_eq!(marks, expected, "{most}");
    }

    #[test]
    fn marks_are_round_and_few() {
        check(17.6e9, 4.0, &[0.0, 5e9, 10e9, 15e9]);
        check(632e6, 3.0, &[0.0, 500e6]);
        check(632e6, 4.0, &[0.0, 200e6, 400e6, 600e6]);
        check(900.0, 3.0, &[0.0, 500.0]);
    }

    #[test]
    fn nothing_and_nonsense_have_one_mark() {
        for most in [0.0, -5.0, f64::NAN, f64::INFINITY] {
            check(most, 4.0, &[0.0]);
        }
    }
}
