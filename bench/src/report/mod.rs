//! What was found, as a table, as JSON and as a drawing.

mod json;
mod machine;
mod svg;
mod table;

use crate::cli::Cli;
use crate::figure::Figure;
use machine::Machine;

/// Everything that was found.
pub struct Report {
    machine: Machine,
    rounds: usize,
    quick: bool,
    figures: Vec<Figure>,
    skipped: Vec<String>,
    failed: Vec<(&'static str, String)>,
}

impl Report {
    /// With nothing found yet.
    pub fn begin(cli: &Cli) -> Self {
        Self {
            machine: Machine::this(),
            rounds: cli.rounds(),
            quick: cli.quick,
            figures: Vec::new(),
            skipped: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// Adds a figure.
    pub fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Something cannot be had on this machine, and that is all right.
    pub fn skipped(&mut self, why: String) {
        self.skipped.push(why);
    }

    /// A part could not be measured, and that is not all right.
    pub fn failed(&mut self, part: &'static str, error: &anyhow::Error) {
        self.failed.push((part, format!("{error:#}")));
    }

    /// Whether every part could be measured.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }

    /// For people at a terminal.
    pub fn table(&self) -> String {
        table::of(self)
    }

    /// For programs: every round of every figure.
    pub fn json(&self) -> String {
        json::of(self)
    }

    /// For pages: the figures that have something to reach.
    pub fn svg(&self) -> String {
        svg::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Target, Unit};
    use crate::series::Series;

    /// A report with a figure of each kind.
    pub(super) fn sample() -> Report {
        let series = |values: [f64; 3]| Series(values.to_vec());
        let figure = |what: &str, unit, values| Figure::new(what, unit, series(values));
        Report {
            machine: Machine::this(),
            rounds: 3,
            quick: false,
            figures: vec![
                figure("Encrypt at 64 connections, against do-nothing", Unit::Times, [0.61, 0.58, 0.64])
                    .against(Target::at_least(0.4, 0.6))
                    .noting("47,000/s against 78,000/s"),
                figure("Encrypt at 64 connections, p99", Unit::Milliseconds, [4.1, 4.0, 4.9])
                    .against(Target::at_most(6.0, 3.0)),
                figure("start to first answer, 1000000 keys", Unit::Milliseconds, [420.0, 400.0, 433.0])
                    .against(Target::at_most(300.0, 50.0)),
                figure("CreateKey at 64 connections", Unit::PerSecond, [30_000.0, 28_000.0, 31_000.0])
                    .against(Target::at_least(4000.0, 8000.0)),
                figure("store commits of 1 row, <against> syncs & more", Unit::Times, [0.5, 0.4, 0.6]),
            ],
            skipped: vec!["rage is not installed".into()],
            failed: vec![("files", "no room".into())],
        }
    }

    #[test]
    fn the_table_names_everything() {
        let table = sample().table();
        for text in ["0.61 ×", "0.40 ×", "goal", "floor", "BELOW", "rage is not installed", "files: no room"]
        {
            assert!(table.contains(text), "{text} is missing from\n{table}");
        }
    }

    #[test]
    fn the_json_has_every_round() {
        let json: serde_json::Value = serde_json::from_str(&sample().json()).expect("JSON");
        assert_eq!(json["figures"][0]["rounds"], serde_json::json!([0.61, 0.58, 0.64]));
        assert_eq!(json["figures"][0]["verdict"], "goal");
        assert_eq!(json["figures"][4]["goal"], serde_json::Value::Null);
        assert_eq!(json["failed"][0]["part"], "files");
    }

    #[test]
    fn the_drawing_is_well_formed_and_has_a_bar_for_each_aim() {
        let svg = sample().svg();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
        assert_eq!(svg.matches("class=\"bar ").count(), 4);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        if let Ok(path) = std::env::var("KEYSTEAD_BENCH_SAMPLE_SVG") {
            std::fs::write(path, svg).expect("written");
        }
    }
}
