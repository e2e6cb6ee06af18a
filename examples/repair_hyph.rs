use std::io::BufRead;
use tamis::clean::repair::{Repairs, text};
fn main() {
    for line in std::io::stdin().lock().lines() {
        let row: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let t = row["text"].as_str().unwrap();
        let done = text(t, Repairs::ALL, false);
        for e in done.report.list.iter().filter(|e| e.repair == "hyphenation") {
            let s = e.start.unwrap();
            let b: String = t[..s]
                .chars()
                .rev()
                .take_while(|c| c.is_alphabetic() || *c == '-')
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            let a: String = t[e.end.unwrap()..].chars().take_while(|c| c.is_alphabetic()).collect();
            println!("{}\t{}\t{}\t{}|{}", row["id"], row["lang"], row["truth"][s.to_string()], b, a);
        }
        println!(
            "DOC\t{}\t{}\t{}\t{}",
            row["lang"],
            row["truth"].as_object().unwrap().len(),
            done.report.counts.get("hyphenation").unwrap_or(&0),
            done.report.counts.get("wrapped").unwrap_or(&0)
        );
    }
}
