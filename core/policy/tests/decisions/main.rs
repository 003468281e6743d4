//! Decisions over whole sets of documents: by named cases in `vectors/`, and against a slow and obvious evaluator that
//! shares no code with the one under test.

mod allocations;
mod cases;
mod explanations;
mod properties;
mod read;
mod slow;
mod world;
