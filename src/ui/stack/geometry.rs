//! Where the strata stand: heights to scale of bytes, none too small to be read. Pure.

use egui::{Rect, pos2};

/// What one stratum asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// The height below which it can't be read.
    pub least: f32,
    /// Its bytes; strata without any stay at their least height.
    pub bytes: u64,
}

/// Shares `room` among the strata to scale of their bytes; those that would be too small get their least height, and
/// the rest is shared among the others. Where the room does not hold the least heights, all have theirs.
#[must_use]
pub fn heights(wishes: &[Wish], room: f32) -> Vec<f32> {
    let mut heights: Vec<f32> = wishes.iter().map(|wish| wish.least).collect();
    let mut is_scaled: Vec<bool> = wishes.iter().map(|wish| wish.bytes > 0).collect();
    loop {
        let chosen = || wishes.iter().zip(&is_scaled).filter(|(_, scaled)| **scaled).map(|(wish, _)| wish);
        let rest: f32 = wishes.iter().zip(&is_scaled).filter(|(_, scaled)| !**scaled).map(|(wish, _)| wish.least).sum();
        // Sizes come from files that may say anything: the sum is wider than they are.
        let bytes: u128 = chosen().map(|wish| u128::from(wish.bytes)).sum();
        let left = room - rest;
        if bytes == 0 || left <= chosen().map(|wish| wish.least).sum() {
            return heights;
        }
        let scaled = |wish: &Wish| (f64::from(left) * (wish.bytes as f64 / bytes as f64)) as f32;
        let mut has_small = false;
        for (slot, wish) in is_scaled.iter_mut().zip(wishes) {
            if *slot && scaled(wish) < wish.least {
                *slot = false;
                has_small = true;
            }
        }
        if has_small {
            continue;
        }
        for ((height, wish), is_scaled) in heights.iter_mut().zip(wishes).zip(&is_scaled) {
            if *is_scaled {
                *height = scaled(wish);
            }
        }
        return heights;
    }
}

/// Rectangles of these heights below each other, with `gap` between them, from the top of `area` down.
#[must_use]
pub fn rects(heights: &[f32], area: Rect, gap: f32) -> Vec<Rect> {
    let mut top = area.top();
    heights
        .iter()
        .map(|height| {
            let rect = Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), top + height));
            top += height + gap;
            rect
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn wish(least: f32, bytes: u64) -> Wish {
        Wish { least, bytes }
    }

    #[test]
    fn large_strata_are_to_scale_and_small_ones_readable() {
        assert_eq!(heights(&[wish(50.0, 300), wish(50.0, 100)], 400.0), [300.0, 100.0]);
        assert_eq!(heights(&[wish(50.0, 900), wish(50.0, 100), wish(50.0, 0)], 450.0), [350.0, 50.0, 50.0]);
        // The middle one falls under its least height only after the last one has taken its share.
        assert_eq!(heights(&[wish(50.0, 850), wish(50.0, 149), wish(50.0, 1)], 340.0), [240.0, 50.0, 50.0]);
        assert_eq!(heights(&[wish(50.0, 1), wish(50.0, 9)], 60.0), [50.0, 50.0]);
        assert_eq!(heights(&[], 60.0), Vec::<f32>::new());
    }

    proptest! {
        #[test]
        fn fills_the_room_and_keeps_the_order(bytes in proptest::collection::vec(0_u64..u64::MAX, 1..12), room in 0.0_f32..2_000.0) {
            let wishes: Vec<Wish> = bytes.iter().map(|&bytes| wish(40.0, bytes)).collect();
            let heights = heights(&wishes, room);
            let least = 40.0 * wishes.len() as f32;
            let sum: f32 = heights.iter().sum();
            prop_assert!(heights.iter().all(|height| *height >= 40.0));
            prop_assert!(sum <= room.max(least) + 0.1);
            if wishes.iter().all(|wish| wish.bytes > 0) && room > least {
                prop_assert!((sum - room).abs() < 0.1, "{sum} of {room}");
            }
            for (left, right) in wishes.iter().zip(&heights) {
                for (other, height) in wishes.iter().zip(&heights) {
                    prop_assert!(left.bytes < other.bytes || *right >= *height - 0.01);
                }
            }
        }
    }
}
