//! The report as text in columns.

use std::fmt::Write;

use super::Report;
use crate::figure::Figure;

/// Writes it.
pub fn of(report: &Report) -> String {
    let mut text = format!("\n{}\n", report.machine.line());
    let quick = if report.quick { ", quick: not to be quoted" } else { "" };
    push(&mut text, format_args!("median of {} rounds{quick}\n\n", report.rounds));
    if report.machine.was_busy() {
        let percent = report.machine.busy * 100.0;
        push(
            &mut text,
            format_args!(
                "OTHERS USED {percent:.0} % OF THE CORES when this began: figures with waits in them say little\n\n"
            ),
        );
    }
    let head = ["figure", "floor", "goal", "found", "least to most", "verdict"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(report.figures.iter().map(row)).collect();
    let widths: Vec<usize> =
        (0..6).map(|at| rows.iter().map(|row| length(&row[at])).max().unwrap_or(0)).collect();
    for (at, row) in rows.iter().enumerate() {
        push(&mut text, format_args!("{}\n", line(row, &widths)));
        if let Some(figure) = at.checked_sub(1).and_then(|at| report.figures.get(at))
            && !figure.note.is_empty()
        {
            push(&mut text, format_args!("    {}\n", figure.note));
        }
    }
    if !report.skipped.is_empty() || !report.failed.is_empty() {
        text.push('\n');
    }
    for why in &report.skipped {
        push(&mut text, format_args!("skipped: {why}\n"));
    }
    for (part, why) in &report.failed {
        push(&mut text, format_args!("COULD NOT BE MEASURED: {part}: {why}\n"));
    }
    text
}

fn row(figure: &Figure) -> [String; 6] {
    let Figure { what, unit, target, found, .. } = figure;
    let aim = |value: Option<f64>| value.map_or_else(String::new, |value| unit.show(value));
    let spread = format!("{} to {}", unit.show(found.least()), unit.show(found.most()));
    [
        what.clone(),
        aim(target.map(|target| target.floor)),
        aim(target.map(|target| target.goal)),
        unit.show(found.median()),
        spread,
        figure.verdict().word().to_owned(),
    ]
}

/// Names to the left, numbers to the right.
fn line(row: &[String; 6], widths: &[usize]) -> String {
    let mut line = String::new();
    for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
        let space = " ".repeat(width.saturating_sub(length(cell)));
        match at {
            0 => push(&mut line, format_args!("{cell}{space}")),
            5 => push(&mut line, format_args!("  {cell}")),
            _ => push(&mut line, format_args!("  {space}{cell}")),
        }
    }
    line.trim_end().to_owned()
}

fn length(cell: &str) -> usize {
    cell.chars().count()
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a string takes any text");
}
