//! Shares a height among layers to scale of their bytes, none too small to be read; round marks for an axis; hatching. Pure.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeightRequest {
    /// Needed to be readable.
    pub(crate) least: f32,
    /// Layers with none keep their least height.
    pub(crate) bytes: u64,
}

/// Shares `room` by bytes; layers that would be too small get their least height, and the others share the rest. If the
/// least heights exceed the room, all have theirs.
#[must_use]
pub(crate) fn heights(requests: &[HeightRequest], room: f32) -> Vec<f32> {
    let mut heights: Vec<f32> = requests.iter().map(|request| request.least).collect();
    let mut is_scaled: Vec<bool> = requests.iter().map(|request| request.bytes > 0).collect();
    loop {
        let chosen = || requests.iter().zip(&is_scaled).filter(|(_, scaled)| **scaled).map(|(request, _)| request);
        let rest: f32 =
            requests.iter().zip(&is_scaled).filter(|(_, scaled)| !**scaled).map(|(request, _)| request.least).sum();
        // Sizes come from files that may claim anything, so the sum is wider.
        let bytes: u128 = chosen().map(|request| u128::from(request.bytes)).sum();
        let left = room - rest;
        if bytes == 0 || left <= chosen().map(|request| request.least).sum() {
            return heights;
        }
        let scaled = |request: &HeightRequest| (f64::from(left) * (request.bytes as f64 / bytes as f64)) as f32;
        let mut has_small = false;
        for (slot, request) in is_scaled.iter_mut().zip(requests) {
            if *slot && scaled(request) < request.least {
                *slot = false;
                has_small = true;
            }
        }
        if has_small {
            continue;
        }
        for ((height, request), is_scaled) in heights.iter_mut().zip(requests).zip(&is_scaled) {
            if *is_scaled {
                *height = scaled(request);
            }
        }
        return heights;
    }
}

/// Returns the slanted strokes that fill a bar, from left, top, width and height: what is of unknown size.
#[must_use]
pub(crate) fn hatching([left, top, width, height]: [f32; 4]) -> Vec<[(f32, f32); 2]> {
    const STEP: f32 = 4.0;
    let count = ((width - height) / STEP).max(0.0) as u16;
    let stroke = |at: u16| {
        let x = left + f32::from(at) * STEP;
        [(x, top + height), (x + height, top)]
    };
    (0..=count).map(stroke).collect()
}

/// Marks from 0 to `most` at 1, 2 or 5 times a power of ten, about `wanted` of them.
#[must_use]
pub(crate) fn ticks(most: f64, wanted: f64) -> Vec<(f64, f64)> {
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
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn request(least: f32, bytes: u64) -> HeightRequest {
        HeightRequest { least, bytes }
    }

    #[test]
    fn large_strata_are_to_scale_and_small_ones_readable() {
        assert_eq!(heights(&[request(50.0, 300), request(50.0, 100)], 400.0), [300.0, 100.0]);
        assert_eq!(heights(&[request(50.0, 900), request(50.0, 100), request(50.0, 0)], 450.0), [350.0, 50.0, 50.0]);
        // The middle one falls under its least height only after the last one has taken its share.
        assert_eq!(heights(&[request(50.0, 850), request(50.0, 149), request(50.0, 1)], 340.0), [240.0, 50.0, 50.0]);
        assert_eq!(heights(&[request(50.0, 1), request(50.0, 9)], 60.0), [50.0, 50.0]);
        assert_eq!(heights(&[], 60.0), Vec::<f32>::new());
    }

    proptest! {
        #[test]
        fn fills_the_room_and_keeps_the_order(bytes in proptest::collection::vec(0_u64..u64::MAX, 1..12), room in 0.0_f32..2_000.0) {
            let requests: Vec<HeightRequest> = bytes.iter().map(|&bytes| request(40.0, bytes)).collect();
            let heights = heights(&requests, room);
            let least = 40.0 * requests.len() as f32;
            let sum: f32 = heights.iter().sum();
            prop_assert!(heights.iter().all(|height| *height >= 40.0));
            prop_assert!(sum <= room.max(least) + 0.1);
            if requests.iter().all(|request| request.bytes > 0) && room > least {
                prop_assert!((sum - room).abs() < 0.1, "{sum} of {room}");
            }
            for (left, right) in requests.iter().zip(&heights) {
                for (other, height) in requests.iter().zip(&heights) {
                    prop_assert!(left.bytes < other.bytes || *right >= *height - 0.01);
                }
            }
        }
    }

    fn check_ticks(most: f64, wanted: f64, expected: &[f64]) {
        let marks: Vec<f64> = ticks(most, wanted).into_iter().map(|(value, _)| value).collect();
        assert_eq!(marks, expected, "{most}");
    }

    #[test]
    fn marks_are_round_and_few() {
        check_ticks(17.6e9, 4.0, &[0.0, 5e9, 10e9, 15e9]);
        check_ticks(632e6, 3.0, &[0.0, 500e6]);
        check_ticks(632e6, 4.0, &[0.0, 200e6, 400e6, 600e6]);
        check_ticks(900.0, 3.0, &[0.0, 500.0]);
    }

    #[test]
    fn nothing_and_nonsense_have_one_mark() {
        for most in [0.0, -5.0, f64::NAN, f64::INFINITY] {
            check_ticks(most, 4.0, &[0.0]);
        }
    }
}
