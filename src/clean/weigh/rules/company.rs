//! Ways of judging that several rules share: a label, a door to another page, a heading over a list of
//! other texts, a set of names. Measures how a block meets its rule's table; knows no words of its own.

use super::Sight;
use super::sight::is_numbers;
use super::words::Hit;
use crate::clean::block::{Region, Shape};

/// Longest line that one `inside` phrase makes furniture, in words.
const INSIDE_WORDS: usize = 18;

impl Sight<'_> {
    /// How surely the block is a label, a row of labels, or a short line with a phrase of the table.
    /// `kin`: how many different bare names make a run of labels.
    pub fn label(&self, kin: usize) -> f32 {
        if !self.is_met() {
            return 0.0;
        }
        let b = self.block();
        match self.hit() {
            _ if matches!(b.shape, Shape::Code) => 0.0,
            Some(Hit::Whole) if matches!(b.shape, Shape::Heading(_)) && self.prose_at(1) => 0.4,
            Some(Hit::Whole) => 0.92,
            Some(Hit::Name) if self.prose_at(1) && matches!(b.shape, Shape::Heading(_)) => 0.0,
            Some(Hit::Name) if self.names_in_run(5, 4) >= kin => 0.85,
            Some(Hit::Name) if self.kin(2, &[Hit::Whole, Hit::Start, Hit::Inside]) > 0 => 0.8,
            Some(Hit::Name) if b.link_density > 0.8 => 0.6,
            Some(Hit::Name) => 0.3,
            _ if self.row(kin) => 0.85,
            Some(Hit::Start) if self.is_label() => 0.75,
            Some(Hit::Start | Hit::Inside)
                if self.met_as(Hit::Inside) && b.words <= INSIDE_WORDS && b.sentences <= 3 =>
            {
                0.75
            }
            _ => 0.0,
        }
    }

    /// As [`label`](Self::label), for what is also a chapter's name: a heading, or a line with prose
    /// below it, is only a hint.
    pub fn door(&self) -> f32 {
        let heads = matches!(self.block().shape, Shape::Heading(_)) || self.prose_at(1);
        if heads && self.block().link_density < 0.8 { self.label(3).min(0.4) } else { self.label(3) }
    }

    /// As [`label`](Self::label), for what is also a chapter's name: a bare word right above prose is only a hint.
    pub fn label_or_chapter(&self, kin: usize) -> f32 {
        let sure = self.label(kin);
        if self.hit() == Some(Hit::Name) && self.prose_at(1) { sure.min(0.3) } else { sure }
    }

    /// How surely the block is a notice for two phrases of the table in it, if it has at most so many words.
    pub fn two_phrases(&self, longest: usize) -> f32 {
        let met = self.met_as(Hit::Inside) && self.block().words <= longest && self.inside_apart() >= 2;
        if met { 0.9 } else { 0.0 }
    }

    /// How surely the block is a heading over the site's other texts, or one of the texts below it.
    pub fn opens_list(&self) -> f32 {
        let b = self.block();
        match self.hit() {
            Some(Hit::Whole) if self.prose_at(1) && !self.has_structure() => 0.4,
            Some(Hit::Whole) => 0.9,
            Some(Hit::Name) if b.link_density > 0.8 || self.has_company(Hit::Name, 2) => 0.75,
            Some(Hit::Start) if self.is_label() && b.link_density > 0.8 => 0.75,
            _ => self.listed(),
        }
    }

    /// How surely the block belongs to a set of the table's names: `least` different ones in a run of
    /// short lines, or strung together on one line.
    pub fn set_of(&self, least: usize) -> f32 {
        let b = self.block();
        if matches!(b.shape, Shape::Code) || b.ends_sentence && b.words > 6 {
            return 0.0;
        }
        let cell = matches!(b.shape, Shape::Cell) && b.region.has(Region::ARTICLE | Region::MAIN);
        let sure = if cell { 0.4 } else { 0.9 };
        match self.hit() {
            Some(Hit::Whole) if self.prose_at(1) => 0.3,
            Some(Hit::Whole) => sure,
            Some(Hit::Name) if self.prose_at(1) && !matches!(self.hit_at(-1), Some(Hit::Name)) => 0.0,
            Some(Hit::Name) if self.names_in_run(5, 8) >= least => sure,
            Some(Hit::Name) => 0.0,
            _ if !self.is_met() => 0.0,
            Some(Hit::Start) if self.is_label() => 0.7,
            _ => {
                let (strung, share) = self.strung();
                if strung >= least && share > 0.7 && b.words <= 40 { sure } else { 0.0 }
            }
        }
    }

    /// As [`set_of`](Self::set_of) three, for names that mean nothing without figures beside them.
    pub fn set_with_figures(&self) -> f32 {
        let b = self.block();
        let figure = is_numbers(b) && b.words <= 4;
        if !figure && !self.is_met() || figure && self.names_in_run(6, 6) < 3 {
            return 0.0;
        }
        if self.hit() == Some(Hit::Whole) {
            return self.set_of(3);
        }
        let figures = b.digits > 0.1
            || (-6..=6)
                .filter_map(|o| self.near(o))
                .any(|n| n.words <= 8 && n.digits > 0.2 && !n.ends_sentence);
        match () {
            () if !figures => self.set_of(3).min(0.3),
            () if figure => 0.85,
            () => self.set_of(3),
        }
    }

    /// Does the block meet this rule's table at all?
    fn is_met(&self) -> bool {
        !self.met_at(self.at).is_empty()
    }

    /// Is the block a row of the table's labels and hardly anything else?
    fn row(&self, kin: usize) -> bool {
        if self.block().words > 20 {
            return false;
        }
        let (covered, different) = self.coverage();
        different >= kin && covered >= 0.85
    }
}
