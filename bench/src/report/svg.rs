//! The report as a drawing: for each figure with an aim, how far along the way to its goal it is.
//!
//! All bars grow to the right as the figure gets better, whatever it counts: a bar's length is found over goal where
//! more is better, goal over found where less is. So one line marks every goal, and a bar that ends at
//! [`SHARE_MAX`] is cut there and says so.

use std::fmt::Write;

use super::Report;
use crate::figure::{Figure, Target, Verdict};

/// Writes it.
pub fn of(report: &Report) -> String {
    let aimed: Vec<(&Figure, &Target)> =
        report.figures.iter().filter_map(|figure| Some((figure, figure.target.as_ref()?))).collect();
    let height = TOP + ROW * aimed.len() as f64 + BOTTOM;
    let mut svg = String::new();
    push(
        &mut svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-label=\"Keystead's figures against their floors and goals\">\n\
         {STYLE}<rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n"
        ),
    );
    push(
        &mut svg,
        format_args!(
            "<text class=\"title\" x=\"{MARGIN}\" y=\"28\">Keystead's figures, as a share of their goals</text>\n\
         <text class=\"small\" x=\"{MARGIN}\" y=\"46\">{}; median of {} rounds{}, whisker from least to most</text>\n",
            escaped(&report.machine.line()),
            report.rounds,
            if report.quick { " (quick: not to be quoted)" } else { "" }
        ),
    );
    for (at, (figure, target)) in aimed.iter().enumerate() {
        row(&mut svg, TOP + ROW * at as f64, figure, target);
    }
    let (goal, foot) = (x_of(1.0), TOP + ROW * aimed.len() as f64);
    push(
        &mut svg,
        format_args!(
            "<line class=\"goal\" x1=\"{goal:.1}\" x2=\"{goal:.1}\" y1=\"{:.1}\" y2=\"{foot:.1}\"/>\n\
         <text class=\"small\" x=\"{goal:.1}\" y=\"{:.1}\" text-anchor=\"middle\">goal</text>\n",
            TOP - 6.0,
            TOP - 10.0
        ),
    );
    push(
        &mut svg,
        format_args!(
            "<text class=\"small\" x=\"{MARGIN}\" y=\"{:.1}\">Longer is better. The short mark on each bar is its \
         floor.</text>\n</svg>\n",
            foot + 22.0
        ),
    );
    svg
}

fn row(svg: &mut String, top: f64, figure: &Figure, target: &Target) {
    let Figure { what, unit, found, .. } = figure;
    let colour = match figure.verdict() {
        Verdict::Goal => "good",
        Verdict::Floor => "fair",
        Verdict::Below | Verdict::None => "poor",
    };
    let (middle, end) = (top + ROW / 2.0, x_of(target.share(found.median())));
    push(
        svg,
        format_args!(
            "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n\
         <rect class=\"bar {colour}\" x=\"{LEFT}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{BAR}\"/>\n",
            LEFT - 10.0,
            middle + 4.0,
            escaped(what),
            middle - BAR / 2.0,
            (end - LEFT).max(1.0)
        ),
    );
    let (low, high) = (x_of(target.share(found.least())), x_of(target.share(found.most())));
    push(
        svg,
        format_args!(
            "<line class=\"whisker\" x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\"/>\n"
        ),
    );
    let floor = x_of(target.share(target.floor));
    push(
        svg,
        format_args!(
            "<line class=\"floor\" x1=\"{floor:.1}\" x2=\"{floor:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>\n",
            middle - BAR / 2.0 - 3.0,
            middle + BAR / 2.0 + 3.0
        ),
    );
    let cut = if target.share(found.median()) > SHARE_MAX { " →" } else { "" };
    push(
        svg,
        format_args!(
            "<text class=\"found\" x=\"{:.1}\" y=\"{:.1}\">{}{cut} <tspan class=\"small\">floor {}, goal {}</tspan></text>\n",
            RIGHT + 10.0,
            middle + 4.0,
            escaped(&unit.show(found.median())),
            escaped(&unit.show(target.floor)),
            escaped(&unit.show(target.goal))
        ),
    );
}

/// Where a share of the goal ends; what cannot be told ends at the beginning.
fn x_of(share: f64) -> f64 {
    let share = if share.is_finite() { share.clamp(0.0, SHARE_MAX) } else { 0.0 };
    LEFT + (RIGHT - LEFT) * share / SHARE_MAX
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a string takes any text");
}

const WIDTH: f64 = 1110.0;
const MARGIN: f64 = 20.0;
const LEFT: f64 = 475.0;
const RIGHT: f64 = 835.0;
const TOP: f64 = 82.0;
const ROW: f64 = 28.0;
const BAR: f64 = 14.0;
const BOTTOM: f64 = 38.0;
/// The longest bar, in goals.
const SHARE_MAX: f64 = 2.0;
const STYLE: &str = "<style>\n\
    .page{fill:#ffffff;stroke:#d8dee4}\n\
    text{font-family:'DejaVu Sans',Verdana,sans-serif;fill:#1f2328}\n\
    .title{font-size:16px;font-weight:bold}\n\
    .name,.found{font-size:12px}\n\
    .found{font-weight:bold}\n\
    .small{font-size:11px;font-weight:normal;fill:#59636e}\n\
    .good{fill:#2f9e5b}.fair{fill:#d9a514}.poor{fill:#cf4436}\n\
    .goal{stroke:#1f2328;stroke-width:1.5;stroke-dasharray:4 3}\n\
    .floor{stroke:#1f2328;stroke-width:2}\n\
    .whisker{stroke:#1f2328;stroke-width:1;opacity:0.55}\n\
    </style>\n";
