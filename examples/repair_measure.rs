use std::io::BufRead;
use tamis::clean::repair::{Repairs, text};
fn main() {
    let field = std::env::args().nth(1).unwrap();
    let on: Repairs = std::env::args().nth(2).unwrap().parse().unwrap();
    for line in std::io::stdin().lock().lines() {
        let row: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let Some(t) = row[&field].as_str() else { continue };
        let done = text(t, on, false);
        let again = text(&done.text, on, false);
        if !again.report.counts.is_empty() {
            println!("NOTIDEM {}", row["id"]);
        }
        for e in &done.report.list {
            let (s, n) = (e.start.unwrap(), e.end.unwrap());
            let before: String =
                t[..s].chars().rev().take(70).collect::<Vec<_>>().into_iter().rev().collect();
            let after: String = t[n..].chars().take(60).collect();
            println!("{}\t{}\t{:?}\t{:?}\t{:?}", e.repair, row["id"], before, (&e.was, &e.now), after);
        }
        if !done.report.counts.is_empty() {
            println!("COUNT\t{}\t{:?}", row["id"], done.report.counts);
        }
    }
}
