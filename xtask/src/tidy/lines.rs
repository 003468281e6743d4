//! Words and calls that do not belong where they stand.

use super::Finding;
use super::files::File;
use super::rust_text::{code_only, test_lines, test_modules};

/// One thing that must not be written.
struct Ban {
    /// Any of these, as whole words.
    words: &'static [&'static str],
    /// What to say about it.
    what: &'static str,
    /// What to do instead.
    todo: &'static str,
}

/// In all Rust, tests included.
const EVERYWHERE: [Ban; 2] = [
    Ban {
        words: &["unsafe"],
        what: "unsafe code",
        todo: "find a safe way; the room for unsafe code is the one in UNSAFE_ROOMS",
    },
    Ban {
        words: &[concat!("to", "do!"), concat!("unimplement", "ed!"), concat!("db", "g!")],
        what: "a placeholder",
        todo: "write what belongs there, or answer an error that says it is not offered",
    },
];

/// In `core/`, where it runs outside tests.
const IN_CORE: [Ban; 3] = [
    Ban {
        words: &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "Utc::now", "Local::now"],
        what: "a clock is read in core",
        todo: "take the time from the World that is handed in",
    },
    Ban {
        words: &[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "UnixListener",
            "UnixDatagram",
            "ToSocketAddrs",
        ],
        what: "a socket in core",
        todo: "move it to a front, a back end or the program",
    },
    Ban {
        words: &["std::env", "env::var", "std::process", "process::exit", "process::Command"],
        what: "core looks at its process",
        todo: "take it as an argument",
    },
];

/// In all Rust but where it belongs, where it runs outside tests.
const ELSEWHERE: [(&str, Ban); 1] = [(
    "apps/keystead/src/dev/",
    Ban {
        words: &["Development::insecure"],
        what: "an engine that guards nothing",
        todo: "hand in None: only `keystead dev` takes callers at their word and plants keys",
    },
)];

/// In any text.
struct Phrase {
    any: &'static [&'static str],
    what: &'static str,
    todo: &'static str,
    exempt: &'static [&'static str],
}

const PHRASES: [Phrase; 3] = [
    Phrase {
        any: &[
            concat!("/ho", "me/"),
            concat!("/ro", "ot/"),
            concat!("/wo", "rk/"),
            concat!("/Us", "ers/"),
            concat!("C:", "\\"),
        ],
        what: "the path of one machine",
        todo: "write it relative to the checkout, or take it from the environment",
        exempt: &[],
    },
    Phrase {
        any: &[
            concat!("crates", ".io"),
            concat!("pypi", ".org"),
            concat!("python", "hosted.org"),
            concat!("npmjs", ".org"),
            concat!("proxy.golang", ".org"),
            concat!("repo1.maven", ".org"),
            concat!("repo.maven", ".apache"),
            concat!("deb.debian", ".org"),
        ],
        what: "the host of a package registry",
        todo: "leave it to the package client's own settings",
        exempt: &["lock", "sum"],
    },
    Phrase {
        any: &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("HA", "CK:")],
        what: "a note to oneself",
        todo: "do it, or file an issue and say in the text what holds today",
        exempt: &["lock", "sum"],
    },
];

/// Rooms where `unsafe` may be written, each with its reasons (docs/decisions/0005-unsafe-room.md).
pub(crate) const UNSAFE_ROOMS: [&str; 1] = ["backends/aws-lc/"];

/// Checks every file.
pub(crate) fn check(files: &[File]) -> Vec<Finding> {
    let for_tests: Vec<String> = files.iter().flat_map(files_for_tests).collect();
    let mut findings = Vec::new();
    for file in files {
        let Some(text) = &file.text else { continue };
        findings.extend(check_phrases(file, text));
        if file.has_extension("rs") {
            let is_test = for_tests.iter().any(|start| file.path.starts_with(start));
            findings.extend(check_rust(file, text, is_test || is_test_file(&file.path)));
        }
    }
    findings
}

/// Beginnings of the paths that a file declares as modules for tests only.
fn files_for_tests(file: &File) -> Vec<String> {
    if !file.has_extension("rs") {
        return Vec::new();
    }
    let folder = match file.name() {
        "lib.rs" | "main.rs" | "mod.rs" => file.path.trim_end_matches(file.name()).to_owned(),
        _ => format!("{}/", file.path.trim_end_matches(".rs")),
    };
    let code = code_only(file.text.as_deref().unwrap_or_default());
    test_modules(&code)
        .into_iter()
        .flat_map(|name| [format!("{folder}{name}.rs"), format!("{folder}{name}/")])
        .collect()
}

fn check_phrases(file: &File, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for phrase in &PHRASES {
        if phrase.exempt.iter().any(|extension| file.has_extension(extension)) {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            if phrase.any.iter().any(|word| contains_phrase(line, word)) {
                findings.push(Finding::new(&file.path, at + 1, phrase.what, phrase.todo));
            }
        }
    }
    findings
}

/// Like `contains`, but a path does not count where it is the tail of a longer one or the user is called `x`, and a
/// word not inside another.
fn contains_phrase(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + phrase.len()..].strip_prefix('x');
        if phrase.ends_with('/') && after.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)) {
            return false;
        }
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '}' | '-' | '*'))
            || !phrase.starts_with(|c: char| c == '/' || c.is_alphabetic())
    })
}

fn check_rust(file: &File, text: &str, is_test: bool) -> Vec<Finding> {
    let code = code_only(text);
    let in_core = file.path.starts_with("core/") && !is_test;
    let tests = test_lines(&code);
    let room = UNSAFE_ROOMS.iter().any(|room| file.path.starts_with(room));
    let mut findings = if room { check_reasons(file, text, &code) } else { Vec::new() };
    for (at, line) in code.lines().enumerate() {
        let everywhere = EVERYWHERE.iter().filter(|ban| !(room && ban.words == ["unsafe"]));
        let core = IN_CORE.iter().filter(|_| in_core && !tests[at]);
        let elsewhere =
            ELSEWHERE.iter().filter(|(home, _)| !file.path.starts_with(home) && !is_test && !tests[at]);
        for ban in everywhere.chain(core).chain(elsewhere.map(|(_, ban)| ban)) {
            if let Some(word) = ban.words.iter().find(|word| contains_word(line, word)) {
                findings.push(Finding::new(&file.path, at + 1, format!("{} ({word})", ban.what), ban.todo));
            }
        }
    }
    findings
}

/// Each piece of unsafe code says why nothing safer would do and why it is sound, right above its line.
fn check_reasons(file: &File, text: &str, code: &str) -> Vec<Finding> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut findings = Vec::new();
    for (at, line) in code.lines().enumerate() {
        // The type of a function pointer does nothing; calling it is what has to be explained.
        if !contains_word(line, "unsafe") || line.trim().starts_with("type ") {
            continue;
        }
        let above = || lines[..at].iter().rev().take_while(|line| line.starts_with("//"));
        for word in ["// WHY:", "// SOUND:"] {
            if !above().any(|line| line.starts_with(word)) {
                let what = format!("unsafe code without its {word}");
                findings.push(Finding::new(&file.path, at + 1, what, "say so right above the line"));
            }
        }
    }
    findings
}

fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "benches" || part == "tests.rs")
}

/// Whether `word` stands in `line` with nothing of a name before or after it.
fn contains_word(line: &str, word: &str) -> bool {
    let of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(of_name) && !after.is_some_and(of_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [usize; 0] = [];

    fn found(path: &str, text: &str) -> Vec<usize> {
        check(&[file(path, text)]).into_iter().map(|finding| finding.line).collect()
    }

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), bytes: text.len(), text: Some(text.into()) }
    }

    #[test]
    fn a_module_kept_in_a_file_of_its_own_for_tests_may_read_the_clock() {
        let clock = file("core/audit/src/cuts.rs", "fn f() { Instant::now(); }");
        let parent = |text: &str| file("core/audit/src/lib.rs", text);
        assert_eq!(check(&[clock.clone(), parent("mod cuts;")]).len(), 1);
        assert_eq!(check(&[clock, parent("#[cfg(test)]\nmod cuts;")]), []);
    }

    #[test]
    fn unsafe_code_is_found_and_its_name_in_a_lint_is_not() {
        assert_eq!(found("apps/a.rs", "fn f() {\n    unsafe { g() }\n}"), [2]);
        assert_eq!(found("apps/a.rs", "#![forbid(unsafe_code)] // unsafe"), NONE);
    }

    #[test]
    fn unsafe_code_in_its_room_says_why_it_is_there_and_why_it_is_sound() {
        let room = format!("{}src/a.rs", UNSAFE_ROOMS[0]);
        let both = "// WHY: no other way.\n// SOUND: it is,\n// because it is.\nlet x = unsafe { g() };";
        assert_eq!(found(&room, both), NONE);
        assert_eq!(found(&room, "type G = unsafe extern \"C\" fn();"), NONE);
        assert_eq!(found(&room, "let x = unsafe { g() };"), [1, 1]);
        assert_eq!(found(&room, "// WHY: no other way.\nlet x = unsafe { g() };"), [2]);
        assert_eq!(found(&room, "// WHY: a.\n// SOUND: b.\nf();\nunsafe impl Send for A {}"), [4, 4]);
        assert_eq!(found("backends/other/src/a.rs", both), [4]);
    }

    #[test]
    fn placeholders_are_found_in_code_and_not_in_strings() {
        for word in EVERYWHERE[1].words {
            assert_eq!(found("apps/a.rs", &format!("fn f() {{ {word}() }}")), [1], "{word}");
            assert_eq!(found("apps/a.rs", &format!("fn f() -> &str {{ \"{word}\" }}")), NONE, "{word}");
        }
    }

    #[test]
    fn clocks_sockets_and_the_process_are_banned_in_core_only_and_not_in_its_tests() {
        for word in IN_CORE.iter().flat_map(|ban| ban.words) {
            let plain = format!("fn f() {{ {word}(); }}");
            assert_eq!(found("core/audit/src/log.rs", &plain), [1], "{word}");
            assert_eq!(found("fronts/http/src/server.rs", &plain), NONE, "{word}");
            assert_eq!(found("core/audit/tests/log.rs", &plain), NONE, "{word}");
            let in_test = format!("#[cfg(test)]\nmod tests {{\n    fn f() {{ {word}(); }}\n}}");
            assert_eq!(found("core/audit/src/log.rs", &in_test), NONE, "{word}");
        }
    }

    #[test]
    fn only_the_development_server_guards_nothing() {
        let plain = "fn f() { Development::insecure(); }";
        for path in
            ["apps/keystead/src/serve.rs", "apps/keystead/src/wiring/engine.rs", "core/engine/src/engine.rs"]
        {
            assert_eq!(found(path, plain), [1], "{path}");
        }
        assert_eq!(found("apps/keystead/src/dev/mod.rs", plain), NONE);
        assert_eq!(found("core/engine/tests/walk.rs", plain), NONE);
    }

    #[test]
    fn our_own_clock_may_be_asked() {
        assert_eq!(found("core/audit/src/log.rs", "fn f(c: &dyn Clock) { c.now(); }"), NONE);
    }

    #[test]
    fn paths_of_machines_hosts_of_registries_and_notes_to_oneself_are_found_in_any_text() {
        for phrase in PHRASES.iter().flat_map(|phrase| phrase.any) {
            assert_eq!(found("docs/a.md", &format!("see\n  {phrase}xy")), [2], "{phrase}");
        }
        assert_eq!(found("docs/a.md", &format!("{}/work/x", "target")), NONE);
        assert_eq!(found("docs/a.md", &format!("{}x/data", PHRASES[0].any[0])), NONE);
        assert_eq!(found("Cargo.lock", PHRASES[1].any[0]), NONE);
    }
}
