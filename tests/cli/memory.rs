//! `--site-memory`: what the pages of a site repeat is learned from the inputs, in any order, and may be kept.

use crate::program::{Dir, Run};

/// What a site of no rule and no language says at the foot of its pages: long, like a text, and on every page.
const MOTTO: &str =
    "Every morning the baker of Tamoko opens the blue door and asks the first guest for a story about rain.";

fn own(n: usize) -> String {
    let thing = ["kettle", "ladder", "window", "garden", "bridge", "letter", "engine", "violin"][n % 8];
    let place = ["harbour", "valley", "station", "market", "island"][n % 5];
    format!(
        "The {thing} of the {place} was repaired on the {n}th day by two people who had never done it before.\n\
         Nobody in the {place} had asked for it, and yet number {n} was talked about for a whole week.\n\
         When it was done they wrote the bill for the {thing}, {n} coins, and nobody paid it in the end."
    )
}

/// Texts of one folder, each with lines of its own and one that all have.
fn texts(dir: &Dir, folder: &str, count: usize) {
    for n in 0..count {
        dir.write(&format!("{folder}/{n:02}.txt"), format!("{}\n\n{MOTTO}\n", own(n)));
    }
}

fn cleaned(dir: &Dir, more: &[&str]) -> Run {
    let mut args = vec!["clean", "--format", "jsonl", "--explain"];
    args.extend(more);
    let run = dir.run(&args);
    assert_eq!(run.code, 0, "{}", run.err);
    run
}

fn with_motto(run: &Run) -> usize {
    run.field("text").iter().filter(|text| text.contains("Tamoko")).count()
}

#[test]
fn what_every_page_repeats_goes_with_its_reason_and_what_is_their_own_stays() {
    let dir = Dir::new();
    texts(&dir, "in", 12);
    let off = cleaned(&dir, &["in"]);
    assert_eq!(with_motto(&off), 12, "the test needs a line that stays without a memory");
    let auto = cleaned(&dir, &["in", "--site-memory", "auto"]);
    assert_eq!(with_motto(&auto), 0);
    assert!(auto.field("text").iter().enumerate().all(|(n, text)| text.contains(&own(n))), "{}", auto.out);
    for record in auto.records() {
        let removed = record["removed"].as_array().expect("removed blocks");
        let motto = removed.iter().find(|block| block["text"] == MOTTO).expect("the motto");
        assert_eq!(motto["reason"], "repeats on 12 pages of this folder");
    }
    // By default nothing depends on the neighbours.
    assert_eq!(cleaned(&dir, &["in", "--site-memory", "off"]).out, off.out);
}

#[test]
fn neither_order_nor_threads_matter() {
    let dir = Dir::new();
    texts(&dir, "in", 9);
    let names: Vec<String> = (0..9).map(|n| format!("in/{n:02}.txt")).collect();
    let turned: Vec<&str> = (0..9).map(|n| names[(n * 4 + 5) % 9].as_str()).collect();
    let sorted = |run: &Run| {
        let mut lines: Vec<String> = run.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let one = cleaned(&dir, &["in", "--site-memory", "auto", "-j", "1"]);
    let many = cleaned(&dir, &["in", "--site-memory", "auto", "-j", "5"]);
    assert_eq!(one.out, many.out);
    let mut args = turned;
    args.extend(["--site-memory", "auto"]);
    assert_eq!(sorted(&cleaned(&dir, &args)), sorted(&one));
}

#[test]
fn few_pages_copies_and_pages_of_other_sites_teach_nothing() {
    let dir = Dir::new();
    texts(&dir, "few", 5);
    for n in 0..12 {
        dir.write(
            &format!("copies/{n:02}.txt"),
            format!("Copy number {n} of the page\n{}\n{MOTTO}\n", own(3)),
        );
    }
    for folder in ["few", "copies"] {
        let run = cleaned(&dir, &[folder, "--site-memory", "auto"]);
        assert_eq!(with_motto(&run), run.records().len(), "{folder}: {}", run.out);
    }
    // Twelve pages of twelve sites, in one file, share no site.
    let rows = |site: &dyn Fn(usize) -> String| {
        let row = |n: usize| {
            let text = format!("{}\n\n{MOTTO}\n", own(n));
            serde_json::json!({ "id": n.to_string(), "text": text, "url": format!("https://{}/{n}", site(n)) })
        };
        (0..12).map(|n| row(n).to_string() + "\n").collect::<String>()
    };
    dir.write("many.jsonl", rows(&|n| format!("site{n}.example{n}.org")));
    dir.write("one.jsonl", rows(&|n| format!("www{n}.example.org")));
    assert_eq!(with_motto(&cleaned(&dir, &["many.jsonl", "--site-memory", "auto"])), 12);
    let one = cleaned(&dir, &["one.jsonl", "--site-memory", "auto"]);
    assert_eq!(with_motto(&one), 0);
    assert!(one.out.contains("repeats on 12 pages of this site"), "{}", one.out);
}

#[test]
fn a_form_that_is_filled_in_keeps_its_words() {
    let dir = Dir::new();
    // Most of each text is the same: the words of a contract are meant.
    let clauses: Vec<String> = (0..8)
        .map(|n| {
            format!(
                "Clause {n}: the tenant keeps the {} as it was found and tells the owner at once.",
                own(n)
            )
        })
        .map(|clause| clause.replace('\n', " "))
        .collect();
    for n in 0..10 {
        let name = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida", "Jo"][n];
        let own = format!(
            "This contract is made with {name} for the house number {n} by the old mill in the village."
        );
        dir.write(&format!("in/{n}.txt"), format!("{own}\n{}\n", clauses.join("\n")));
    }
    assert_eq!(
        cleaned(&dir, &["in", "--site-memory", "auto"]).field("text"),
        cleaned(&dir, &["in"]).field("text")
    );
}

#[test]
fn a_file_remembers_and_learns_on() {
    let dir = Dir::new();
    texts(&dir, "in", 4);
    let first = cleaned(&dir, &["in", "--site-memory", "sites.memory"]);
    assert_eq!(with_motto(&first), 4, "four pages teach nothing");
    texts(&dir, "in", 8);
    dir.command(&[]).status().expect("the program");
    let second =
        cleaned(&dir, &["in/04.txt", "in/05.txt", "in/06.txt", "in/07.txt", "--site-memory", "sites.memory"]);
    assert_eq!(with_motto(&second), 0);
    assert!(second.out.contains("repeats on 8 pages of this folder"), "{}", second.out);
    // The same pages again teach nothing new, and the file is the same whatever the order.
    let file = std::fs::read(dir.path().join("sites.memory")).expect("the memory");
    assert_eq!(with_motto(&cleaned(&dir, &["in", "--site-memory", "sites.memory"])), 0);
    assert!(std::fs::read(dir.path().join("sites.memory")).expect("the memory") == file);
    cleaned(&dir, &["in", "--site-memory", "other.memory"]);
    assert!(std::fs::read(dir.path().join("other.memory")).expect("the memory") == file);
    // Explain shows what clean did.
    let explained = dir.run(&["explain", "in/03.txt", "--site-memory", "sites.memory"]);
    assert!(explained.out.contains("- [repeats on 8 pages of this folder 0."), "{}", explained.out);
    let why = dir.run(&["explain", "in/03.txt", "--site-memory", "sites.memory", "--why", "baker of Tamoko"]);
    assert!(why.out.contains("repeats on 8 pages of this folder (8 are known)"), "{}", why.out);
}

#[test]
fn a_memory_that_is_none_is_named_with_what_to_do() {
    let dir = Dir::new();
    texts(&dir, "in", 2);
    dir.write("no.memory", "something else").write("empty.memory", "");
    let packed = |text: &str| zstd::encode_all(text.as_bytes(), 1).expect("in memory");
    dir.write("later.memory", packed("{\"tamis-site-memory\":999,\"level\":0}\n"));
    dir.write(
        "cut.memory",
        packed("{\"tamis-site-memory\":1,\"level\":0}\n{\"site\":\"a\",\"pages\":[\"12\"]}\n"),
    );
    for (file, says) in [
        ("no.memory", "no site memory"),
        ("empty.memory", "no site memory"),
        ("later.memory", "version 999"),
        ("cut.memory", "damaged"),
        ("in", "--site-memory in"),
    ] {
        let run = dir.run(&["clean", "in", "--site-memory", file]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{file}: {}", run.err);
        assert!(run.err.contains(says) && run.err.contains("; "), "{file}: {}", run.err);
    }
    let missing = dir.run(&["explain", "in/00.txt", "--site-memory", "nowhere.memory"]);
    assert_eq!(missing.code, 2, "{}", missing.err);
    let unwritable = dir.run(&["clean", "in", "--site-memory", "nowhere/sites.memory"]);
    assert_eq!(unwritable.code, 4, "{}", unwritable.err);
    let stdin = dir.run_with(&["clean", "--site-memory", "auto"], b"text");
    assert_eq!(stdin.code, 2);
    assert!(stdin.err.contains("standard input") && stdin.err.contains("save it to a file"), "{}", stdin.err);
}
