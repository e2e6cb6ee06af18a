//! LightGBM's text models of the two passes and the token tables -> the model file that the library embeds.

use crate::logistic::Weights;
use std::collections::BTreeMap;
use std::path::Path;
use tamis::clean::model_file::put_varint;
use tamis::clean::weigh::model::{FORMAT, Header, MAGIC, Model, fingerprint};

/// Packs `model.txt` of the two passes' work folders; the file is read back before it is written.
pub fn write(
    passes: [&Path; 2],
    tables: &[Weights; 2],
    trained_on: Vec<String>,
    scores: &BTreeMap<String, f64>,
    out: &Path,
) -> Result<(), String> {
    let header = Header { features: fingerprint(), trained_on, scores: scores.clone() };
    let header = serde_json::to_vec(&header).map_err(|e| e.to_string())?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    for weights in tables {
        bytes.extend((weights.len() as u32).to_le_bytes());
        let mut last = 0;
        for &(token, _) in weights {
            put_varint(&mut bytes, token - last);
            last = token;
        }
        bytes.extend(weights.iter().map(|&(_, steps)| steps as u8));
    }
    for work in passes {
        let path = work.join("model.txt");
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        // One or more models, one after the other, whose log-odds are averaged.
        let models = text.matches("\nend of trees").count().max(1) as f64;
        let trees: Vec<&str> = text.split("\nTree=").skip(1).collect();
        bytes.extend((trees.len() as u32).to_le_bytes());
        for tree in trees {
            pack_tree(tree, models, &mut bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    Model::read(&bytes).map_err(|e| e.to_string())?;
    std::fs::write(out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
    eprintln!("{}: {} bytes", out.display(), bytes.len());
    Ok(())
}

fn pack_tree(tree: &str, models: f64, bytes: &mut Vec<u8>) -> Result<(), String> {
    let field = |name: &str| {
        let line = tree.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix('='));
        line.map(|l| l.split(' ').filter(|v| !v.is_empty()).map(str::to_owned).collect::<Vec<String>>())
    };
    fn numbers<T: std::str::FromStr>(values: Option<Vec<String>>, name: &str) -> Result<Vec<T>, String> {
        let parse = |v: String| v.parse().map_err(|_| format!("{name}: {v:?} is no number"));
        values.unwrap_or_default().into_iter().map(parse).collect()
    }
    let features: Vec<u16> = numbers(field("split_feature"), "split_feature")?;
    let thresholds: Vec<f64> = numbers(field("threshold"), "threshold")?;
    let left: Vec<i16> = numbers(field("left_child"), "left_child")?;
    let right: Vec<i16> = numbers(field("right_child"), "right_child")?;
    let leaves: Vec<f64> = numbers(field("leaf_value"), "leaf_value")?;
    let n = features.len();
    if [thresholds.len(), left.len(), right.len(), leaves.len() - 1] != [n; 4] {
        return Err("a tree's lists differ in length".into());
    }
    bytes.extend((n as u16).to_le_bytes());
    for at in 0..n {
        bytes.extend(features[at].to_le_bytes());
        bytes.extend(below(thresholds[at]).to_le_bytes());
        bytes.extend(left[at].to_le_bytes());
        bytes.extend(right[at].to_le_bytes());
    }
    for leaf in leaves {
        bytes.extend(((leaf / models) as f32).to_le_bytes());
    }
    Ok(())
}

/// The largest f32 that is not above a threshold: for f32 values, `v <= below(t)` says the same as `v <= t`.
fn below(threshold: f64) -> f32 {
    let near = threshold as f32;
    if f64::from(near) <= threshold { near } else { near.next_down() }
}
