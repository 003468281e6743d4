//! Where bytes come from and where they go.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;

/// Where bytes come from.
pub enum Source<'a> {
    /// A whole file, read from its first byte by positioned reads on all cores; its cursor is left alone.
    File(&'a File),
    /// Anything that gives bytes in order, such as standard input.
    Stream(&'a mut (dyn Read + Send)),
}

/// Where bytes go.
pub enum Sink<'a> {
    /// An empty file nobody else reads yet, written by positioned writes on all cores.
    ///
    /// **It holds unverified bytes until the call has returned `Ok`**: on an error the caller throws it away.
    File(&'a File),
    /// Anything that takes bytes in order, such as standard output. What was written is verified, frame by frame
    /// (suite 0x0478) or as a whole (suite 0x0578), before it is written.
    Stream(&'a mut dyn Write),
}

impl Source<'_> {
    /// The length in bytes, when it is known beforehand: of regular files that are not empty. (The files that an
    /// operating system makes up while they are read give a length of 0.)
    pub(crate) fn known_len(&self) -> io::Result<Option<u64>> {
        match self {
            Self::File(file) => {
                let facts = file.metadata()?;
                Ok((facts.is_file() && facts.len() > 0).then_some(facts.len()))
            }
            Self::Stream(_) => Ok(None),
        }
    }
}

/// Reads a file in order without moving its cursor.
pub(crate) struct FileReader<'a> {
    file: &'a File,
    at: u64,
}

impl<'a> FileReader<'a> {
    pub(crate) fn new(file: &'a File, at: u64) -> Self {
        Self { file, at }
    }
}

impl Read for FileReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // WHY: a pipe or a terminal opened by name cannot be read by position.
        let read = match self.file.read_at(out, self.at) {
            Err(error) if error.kind() == io::ErrorKind::NotSeekable => {
                let mut file = self.file;
                file.read(out)?
            }
            other => other?,
        };
        self.at = self.at.saturating_add(read as u64);
        Ok(read)
    }
}

/// Writes a file in order without moving its cursor.
pub(crate) struct FileWriter<'a> {
    file: &'a File,
    at: u64,
}

impl<'a> FileWriter<'a> {
    pub(crate) fn new(file: &'a File, at: u64) -> Self {
        Self { file, at }
    }
}

impl Write for FileWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write_at(bytes, self.at)?;
        self.at = self.at.saturating_add(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads until `out` is full or the source ends; says how many bytes there were.
pub(crate) fn read_full(source: &mut dyn Read, out: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < out.len() {
        match source.read(&mut out[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
