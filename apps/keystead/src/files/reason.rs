//! What went wrong, in words for whoever has to do something about it.

use keystead_sdk::Error;
use keystead_sdk::kms::CallError;

/// What happened to one file and what to do about it; more than one line where several keys were tried.
pub(super) fn of(error: &Error) -> String {
    match error {
        Error::Service(error) => with_advice(error),
        Error::NoDataKey { count, tried, passed_over } => no_data_key(*count, tried, passed_over),
        Error::FrameMemory { .. } => format!("{error} with --memory"),
        Error::TooManyFrames { .. } => format!("{error} with --frame"),
        Error::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            "whoever was reading the output has gone".to_owned()
        }
        error => error.to_string(),
    }
}

fn with_advice(error: &CallError) -> String {
    match error.service().and_then(|refusal| refusal.advice()) {
        Some(advice) => format!("{advice} ({error})"),
        None => error.to_string(),
    }
}

fn no_data_key(count: usize, tried: &[(String, CallError)], passed_over: &[String]) -> String {
    if let ([(arn, error)], []) = (tried, passed_over) {
        return format!("the key {arn} did not open it: {}", with_advice(error));
    }
    let tried = tried.iter().map(|(arn, error)| format!("\n  {arn}: {}", with_advice(error)));
    let passed_over = passed_over.iter().map(|which| format!("\n  not tried: {which}"));
    let lines: String = tried.chain(passed_over).collect();
    format!("none of its {count} wrapped data keys could be opened:{lines}")
}

/// Makes text from files and from the network harmless for a terminal: characters that steer it, or that turn the
/// direction of writing, are spelled out. Line feeds stay.
pub(super) fn printable(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match steers(c) {
            true => out.extend(c.escape_unicode()),
            false => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_sdk::kms::ServiceError;

    #[test]
    fn a_disabled_key_is_named_with_what_to_do() {
        let refusal = ServiceError {
            operation: "Decrypt".into(),
            status: 400,
            code: "DisabledException".into(),
            message: "arn:aws:kms:r:a:key/k is disabled.".into(),
            request_id: None,
        };
        let tried = vec![("arn:aws:kms:r:a:key/k".to_owned(), CallError::Service(refusal))];
        let text = of(&Error::NoDataKey { count: 1, tried, passed_over: Vec::new() });
        assert_eq!(
            text,
            "the key arn:aws:kms:r:a:key/k did not open it: the key is disabled; ask its owner to enable it \
             (Decrypt was refused: DisabledException: arn:aws:kms:r:a:key/k is disabled.)"
        );
    }

    #[test]
    fn text_from_outside_does_not_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\nd");
    }
}
