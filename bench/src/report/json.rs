//! The report as JSON: every round of every figure.

use serde_json::{Value, json};

use super::Report;
use crate::figure::Figure;

/// Writes it.
pub fn of(report: &Report) -> String {
    let Report { machine, rounds, quick, figures, skipped, failed } = report;
    let value = json!({
        "machine": {
            "processor": machine.processor,
            "cores": machine.cores,
            "memory_mib": machine.memory_mib,
            "kernel": machine.kernel,
            "day": machine.day,
            "busy_before": machine.busy,
        },
        "rounds": rounds,
        "quick": quick,
        "figures": figures.iter().map(figure).collect::<Vec<_>>(),
        "skipped": skipped,
        "failed": failed.iter().map(|(part, why)| json!({ "part": part, "why": why })).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn figure(figure: &Figure) -> Value {
    let Figure { what, unit, target, found, note } = figure;
    json!({
        "what": what,
        "unit": unit.name(),
        "floor": target.map(|target| target.floor),
        "goal": target.map(|target| target.goal),
        "found": found.median(),
        "rounds": found.0,
        "verdict": figure.verdict().word(),
        "note": note,
    })
}
