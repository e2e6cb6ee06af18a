//! The central bank's rates of the day: currencies, "Buy", "Sell", "Cash rate".
//!
//! Why: a widget beside every text of many countries' news sites.
//! Risk: an article about a currency: names count three in a run of short lines, with figures.

use super::{Rule, Sight};

pub const RULE: Rule = Rule { name: "exchange-rates", weigh };

fn weigh(sight: &Sight<'_>) -> f32 {
    sight.set_with_figures()
}
