//! Paints what egui tessellated into pixels, on the processor: the same picture on every machine, without a GPU.
//!
//! As egui's own renderers do it: colours are multiplied with the texture and blended as they are stored (sRGB with
//! premultiplied alpha); edges are soft because the tessellator made them so.

use std::collections::BTreeMap;

use egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, Vertex};
use egui::{Color32, ColorImage, Pos2, Rect, TextureId, TexturesDelta, pos2};

/// The textures that meshes refer to; the typefaces are one of them.
#[derive(Default)]
pub struct Textures(BTreeMap<String, ColorImage>);

fn key(id: TextureId) -> String {
    format!("{id:?}")
}

impl Textures {
    /// Takes over what changed.
    #[allow(clippy::iter_over_hash_type, reason = "each texture is changed for itself, in whatever order")]
    pub fn take(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in images {
                let ImageData::Color(pixels) = image.image;
                match (image.pos, self.0.get_mut(&key(id))) {
                    (Some([left, top]), Some(whole)) => {
                        for row in 0..pixels.size[1] {
                            for column in 0..pixels.size[0] {
                                whole[(left + column, top + row)] = pixels[(column, row)];
                            }
                        }
                    }
                    _ => drop(self.0.insert(key(id), ColorImage::clone(&pixels))),
                }
            }
        }
        for id in delta.free.drain() {
            self.0.remove(&key(id));
        }
    }
}

/// Paints `primitives` onto black; `pixels_per_point` as they were tessellated.
pub fn paint(
    primitives: &[ClippedPrimitive],
    textures: &Textures,
    size: [usize; 2],
    pixels_per_point: f32,
) -> ColorImage {
    let mut image = ColorImage::filled(size, Color32::BLACK);
    let whole = Rect::from_min_size(Pos2::ZERO, egui::vec2(size[0] as f32, size[1] as f32));
    for primitive in primitives {
        let Primitive::Mesh(mesh) = &primitive.primitive else { continue };
        let Some(texture) = textures.0.get(&key(mesh.texture_id)) else { continue };
        let edge = |place: Pos2| pos2((place.x * pixels_per_point).round(), (place.y * pixels_per_point).round());
        let clip = Rect::from_min_max(edge(primitive.clip_rect.min), edge(primitive.clip_rect.max)).intersect(whole);
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |index: usize| mesh.vertices.get(*corners.get(index)? as usize).copied();
            if let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) {
                triangle(&mut image, texture, clip, pixels_per_point, [a, b, c]);
            }
        }
    }
    image
}

/// Twice the area of the triangle; its sign says which way round it goes.
fn area(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Whether pixels that lie exactly on the edge from `a` to `b` belong to this triangle rather than to its neighbour.
fn owns_edge(a: Pos2, b: Pos2) -> bool {
    b.y < a.y || (a.y == b.y && b.x > a.x)
}

fn triangle(image: &mut ColorImage, texture: &ColorImage, clip: Rect, scale: f32, corners: [Vertex; 3]) {
    let [mut a, mut b, c] = corners.map(|corner| Vertex { pos: (corner.pos.to_vec2() * scale).to_pos2(), ..corner });
    if area(a.pos, b.pos, c.pos) < 0.0 {
        std::mem::swap(&mut a, &mut b);
    }
    let whole = area(a.pos, b.pos, c.pos);
    if whole <= 0.0 || !whole.is_finite() {
        return;
    }
    let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
    let owned = [owns_edge(b.pos, c.pos), owns_edge(c.pos, a.pos), owns_edge(a.pos, b.pos)];
    let parts = [a, b, c].map(|corner| corner.color.to_array().map(f32::from));
    for y in bounds.top().floor().max(0.0) as usize..bounds.bottom().ceil().max(0.0) as usize {
        for x in bounds.left().floor().max(0.0) as usize..bounds.right().ceil().max(0.0) as usize {
            let place = pos2(x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains(place) {
                continue;
            }
            let weights = [area(b.pos, c.pos, place), area(c.pos, a.pos, place), area(a.pos, b.pos, place)];
            if weights.iter().zip(owned).any(|(weight, owned)| *weight < 0.0 || (*weight == 0.0 && !owned)) {
                continue;
            }
            let [u, v, w] = weights.map(|weight| weight / whole);
            let at = a.uv.to_vec2() * u + b.uv.to_vec2() * v + c.uv.to_vec2() * w;
            let ink = sample(texture, at.to_pos2());
            let channel = |index: usize| {
                let colour = parts[0][index] * u + parts[1][index] * v + parts[2][index] * w;
                colour * ink[index] / 255.0
            };
            let under = image[(x, y)].to_array().map(f32::from);
            let rest = 1.0 - channel(3) / 255.0;
            let blend = |index: usize| (channel(index) + under[index] * rest).round().clamp(0.0, 255.0) as u8;
            image[(x, y)] = Color32::from_rgba_premultiplied(blend(0), blend(1), blend(2), 255);
        }
    }
}

/// The colour of a texture between its four nearest texels.
fn sample(texture: &ColorImage, uv: Pos2) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (uv.x * width as f32 - 0.5, uv.y * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right_share, lower_share) = (x - left, y - top);
    let texel = |x: f32, y: f32| {
        let column = (x.max(0.0) as usize).min(width - 1);
        let row = (y.max(0.0) as usize).min(height - 1);
        texture[(column, row)].to_array().map(f32::from)
    };
    let corners = [texel(left, top), texel(left + 1.0, top), texel(left, top + 1.0), texel(left + 1.0, top + 1.0)];
    std::array::from_fn(|index| {
        let upper = corners[0][index] * (1.0 - right_share) + corners[1][index] * right_share;
        let lower = corners[2][index] * (1.0 - right_share) + corners[3][index] * right_share;
        upper * (1.0 - lower_share) + lower * lower_share
    })
}

/// That shared edges are painted once, and nothing outside of the clip.
pub fn check() {
    let white = Textures([(key(TextureId::default()), ColorImage::filled([1, 1], Color32::WHITE))].into());
    let drawn = |colour: Color32, clip_rect: Rect| {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(Rect::from_min_max(pos2(1.0, 1.0), pos2(3.0, 3.0)), colour);
        let primitive = ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) };
        let image = paint(&[primitive], &white, [4, 4], 1.0);
        image.pixels.iter().map(|pixel| pixel.r()).collect::<Vec<u8>>()
    };
    // The two triangles share a diagonal: painted twice it would be brighter there.
    let half = drawn(Color32::from_white_alpha(128), Rect::EVERYTHING);
    assert_eq!(half, [0, 0, 0, 0, 0, 128, 128, 0, 0, 128, 128, 0, 0, 0, 0, 0]);
    let clipped = drawn(Color32::WHITE, Rect::from_min_max(pos2(0.0, 0.0), pos2(2.0, 4.0)));
    assert_eq!(clipped.iter().filter(|red| **red > 0).count(), 2);
}
