//! The order of an image's layers: which of them may move where, and where a plan has them. Pure.
//!
//! An image takes its layers from lists, and lists may stand in lists: `tars` names a filegroup, whose `srcs` name tars. An order
//! can be written where every list stays together and only lists that are literal text change.

use std::collections::BTreeSet;

use crate::label::Label;
use crate::layers::partition::{LayerKind, Layout, Slot};
use crate::layers::plan::{Placed, Plan};
use crate::layers::stack::{LayerList, ListPlace};

impl Layout {
    /// Returns the names of all layers in the order of the layout, for a plan that may change it; none where it can't be
    /// changed.
    #[must_use]
    pub fn own_order(&self, plan: &Plan) -> Vec<Placed> {
        let is_movable = self.fixed.iter().any(|layer| self.why_fixed(layer.kind).is_none());
        let natural = Plan { order: Vec::new(), ..plan.clone() };
        if is_movable { self.order_of(&natural) } else { Vec::new() }
    }

    /// Returns all layers as `plan` has them, lowest first.
    #[must_use]
    pub fn order_of(&self, plan: &Plan) -> Vec<Placed> {
        self.arranged(plan).into_iter().filter_map(|slot| self.placed(plan, slot)).collect()
    }

    fn placed(&self, plan: &Plan, slot: Slot) -> Option<Placed> {
        match slot {
            Slot::Fixed(place) => self.fixed.get(place).map(|layer| Placed::Fixed(layer.name.clone())),
            Slot::Group(place) => plan.groups.get(place).map(|group| Placed::Group(group.id)),
        }
    }

    /// Returns why a layer that the rule set makes stays where it is; `None` where it can be moved among others.
    #[must_use]
    pub fn why_fixed(&self, kind: LayerKind) -> Option<String> {
        let layer = self.fixed.iter().find(|layer| layer.kind == kind)?;
        let has_neighbour = |place: &&ListPlace| {
            let others = self.fixed.iter().flat_map(|other| &other.path);
            others.filter(|other| other.list == place.list).any(|other| other.member != place.member)
        };
        let lists: Vec<&LayerList> =
            layer.path.iter().filter(has_neighbour).filter_map(|place| self.lists.get(place.list)).collect();
        if lists.iter().any(|list| list.fixed.is_none()) {
            return None;
        }
        Some(lists.last().and_then(|list| list.fixed.clone()).unwrap_or_else(|| match layer.path.last() {
            Some(_) => format!("`{}` has no other layer to change places with", layer.name),
            None => format!("The rules of this image decide where `{}` is", layer.name),
        }))
    }

    /// Returns the order of `plan` with one layer at `gap`, counted in all layers from the lowest, the moved one among them.
    ///
    /// # Errors
    /// The reason to show where the layer can't go there.
    pub fn moved(&self, plan: &Plan, layer: LayerKind, gap: usize) -> Result<Vec<Placed>, String> {
        let mut slots = self.arranged(plan);
        let from = slots.iter().position(|slot| self.kind_of(plan, *slot) == Some(layer));
        let from = from.ok_or_else(|| "This layer is not in the image".to_owned())?;
        let to = if gap > from { gap - 1 } else { gap };
        let moved = slots.remove(from);
        slots.insert(to.min(slots.len()), moved);
        self.check(&slots)?;
        Ok(slots.into_iter().filter_map(|slot| self.placed(plan, slot)).collect())
    }

    fn kind_of(&self, plan: &Plan, slot: Slot) -> Option<LayerKind> {
        match slot {
            Slot::Fixed(place) => self.fixed.get(place).map(|layer| layer.kind),
            Slot::Group(place) => plan.groups.get(place).map(|group| LayerKind::Dependency(group.id)),
        }
    }

    /// Checks that an order can be written.
    ///
    /// # Errors
    /// The first reason why it can't.
    pub fn check_order(&self, plan: &Plan) -> Result<(), String> {
        self.check(&self.arranged(plan))
    }

    fn check(&self, slots: &[Slot]) -> Result<(), String> {
        for (index, lower) in slots.iter().enumerate() {
            for upper in slots.iter().skip(index + 1) {
                if self.own_rank(*lower) > self.own_rank(*upper) {
                    self.check_swap(*lower, *upper)?;
                }
            }
        }
        self.check_blocks(slots)
    }

    /// The position of a layer in the layout's own order. Groups of a plan share one place.
    fn own_rank(&self, slot: Slot) -> usize {
        match slot {
            Slot::Fixed(place) => place + usize::from(place >= self.groups_at),
            Slot::Group(_) => self.groups_at,
        }
    }

    /// Checks that two layers may stand the other way round than in the layout's own order.
    fn check_swap(&self, lower: Slot, upper: Slot) -> Result<(), String> {
        let (one, other) = (self.path(lower), self.path(upper));
        let name = |slot| self.name_of(slot);
        let Some((left, right)) = one.iter().zip(other).find(|(left, right)| left != right) else {
            let owner = one.last().and_then(|place| self.lists.get(place.list)?.members.get(place.member));
            return Err(match owner {
                Some(owner) => format!("{owner} makes {} and {} in an order of its own", name(lower), name(upper)),
                None => format!("The rules of this image decide the order of {} and {}", name(lower), name(upper)),
            });
        };
        match (self.lists.get(left.list), self.lists.get(right.list)) {
            (Some(list), Some(_)) if left.list == right.list => list.fixed.clone().map_or(Ok(()), Err),
            (Some(list), Some(other)) => {
                let (lower, upper) = (&other.owner, &list.owner);
                Err(format!("The layers of {lower} are always below those of {upper}, which stands on it"))
            }
            _ => Err(format!("The rules of this image decide the order of {} and {}", name(lower), name(upper))),
        }
    }

    /// Checks that the layers of each list stay together.
    fn check_blocks(&self, slots: &[Slot]) -> Result<(), String> {
        let depth = self.fixed.iter().map(|layer| layer.path.len()).max().unwrap_or(0);
        for length in 1..=depth {
            let mut ended: BTreeSet<&[ListPlace]> = BTreeSet::new();
            let mut last: Option<&[ListPlace]> = None;
            for slot in slots.iter().filter(|slot| matches!(slot, Slot::Fixed(_))) {
                let block = self.path(*slot).get(..length);
                if block == last {
                    continue;
                }
                ended.extend(last);
                last = block;
                if let Some(place) = block.filter(|block| ended.contains(block)).and_then(|block| block.last()) {
                    let owner = self.lists.get(place.list).and_then(|list| list.members.get(place.member));
                    let owner = owner.map(ToString::to_string).unwrap_or_default();
                    return Err(format!("`{}` comes from {owner}, whose layers stay together", self.name_of(*slot)));
                }
            }
        }
        Ok(())
    }

    /// The places of a layer in lists, outermost first.
    fn path(&self, slot: Slot) -> &[ListPlace] {
        match slot {
            Slot::Fixed(place) => self.fixed.get(place).map(|layer| layer.path.as_slice()).unwrap_or_default(),
            Slot::Group(_) => &[],
        }
    }

    /// Returns the lists that an order changes, each with its elements in their new order.
    #[must_use]
    pub fn changed_lists(&self, plan: &Plan) -> Vec<(&LayerList, Vec<Label>)> {
        let slots = self.arranged(plan);
        let mut changed = Vec::new();
        for (index, list) in self.lists.iter().enumerate() {
            let places = slots.iter().flat_map(|slot| self.path(*slot)).filter(|place| place.list == index);
            let mut order: Vec<usize> = Vec::with_capacity(list.members.len());
            for place in places {
                if !order.contains(&place.member) {
                    order.push(place.member);
                }
            }
            // Elements without a layer of their own stay where they are.
            let mut next = order.clone().into_iter();
            let member = |at: usize| if order.contains(&at) { next.next().unwrap_or(at) } else { at };
            let members: Vec<usize> = (0..list.members.len()).map(member).collect();
            if !members.is_sorted() {
                changed.push((list, members.iter().filter_map(|at| list.members.get(*at).cloned()).collect()));
            }
        }
        changed
    }

    fn name_of(&self, slot: Slot) -> String {
        match slot {
            Slot::Fixed(place) => self.fixed.get(place).map(|layer| layer.name.clone()).unwrap_or_default(),
            Slot::Group(_) => "a group".to_owned(),
        }
    }

    /// Completes an order that names only some layers: they change places among each other, and all others stay.
    ///
    /// # Errors
    /// When a name is there twice or stands for no layer, or the order can't be written.
    pub fn completed(&self, plan: &Plan) -> Result<Vec<Placed>, String> {
        let own = self.order_of(&Plan { order: Vec::new(), ..plan.clone() });
        for (index, placed) in plan.order.iter().enumerate() {
            let name = || plan.name_of(placed).unwrap_or_default();
            if plan.order.iter().take(index).any(|other| other == placed) {
                return Err(format!("`order` names {} twice", name()));
            }
            if !own.contains(placed) {
                let names: Vec<&str> = self.fixed.iter().map(|layer| layer.name.as_str()).collect();
                let has = if names.is_empty() { String::new() } else { format!("; it has {}", names.join(", ")) };
                return Err(format!("`order` names {}, and the image has no such layer{has}", name()));
            }
        }
        let mut named = plan.order.iter();
        let order: Vec<Placed> = own
            .into_iter()
            .map(|placed| if plan.order.contains(&placed) { named.next().cloned().unwrap_or(placed) } else { placed })
            .collect();
        let whole = Plan { order, ..plan.clone() };
        self.check_order(&whole)?;
        Ok(whole.order)
    }
}
