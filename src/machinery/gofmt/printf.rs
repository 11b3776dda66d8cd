//! Go's `fmt.Sprintf`: flags, widths, precisions, argument indexes, and its complaints.

use super::{Go, verbs::Printer};

/// Widths and precisions beyond this are refused.
const MOST: i64 = 1_000_000;

/// Fills a format in.
pub fn sprintf(format: &[u8], arguments: &[Go<'_>]) -> Vec<u8> {
    let mut printf = Printf {
        format,
        arguments,
        printer: Printer::default(),
        at: 0,
        next: 0,
        reordered: false,
        good: true,
        after_index: false,
    };
    while printf.at < format.len() {
        let plain = format[printf.at..].iter().take_while(|byte| **byte != b'%').count();
        printf.printer.out.extend(&format[printf.at..printf.at + plain]);
        printf.at += plain;
        if printf.at < format.len() {
            printf.at += 1;
            printf.verb();
        }
    }
    printf.extra();
    printf.printer.out
}

struct Printf<'f> {
    format: &'f [u8],
    arguments: &'f [Go<'f>],
    printer: Printer,
    at: usize,
    /// The next argument.
    next: usize,
    reordered: bool,
    /// The argument index is one that there is.
    good: bool,
    after_index: bool,
}

impl Printf<'_> {
    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn say(&mut self, text: &str) {
        self.printer.out.extend(text.bytes());
    }

    /// What follows a percent sign.
    fn verb(&mut self) {
        self.good = true;
        self.flags();
        self.after_index = false;
        self.index();
        self.width();
        self.precision();
        if !self.after_index {
            self.index();
        }
        let rest = self.format.get(self.at..).unwrap_or_default();
        let Some(chunk) = rest.utf8_chunks().next() else { return self.say("%!(NOVERB)") };
        let (verb, length) = match chunk.valid().chars().next() {
            Some(letter) => (letter, letter.len_utf8()),
            None => (char::REPLACEMENT_CHARACTER, 1),
        };
        self.at += length;
        if verb == '%' {
            self.say("%");
        } else if !self.good {
            self.say(&format!("%!{verb}(BADINDEX)"));
        } else if let Some(value) = self.arguments.get(self.next) {
            let flags = &mut self.printer.flags;
            if verb == 'v' {
                flags.syntax = std::mem::take(&mut flags.sharp);
                flags.plus = false;
            }
            self.printer.argument(value, verb);
            self.next += 1;
        } else {
            self.say(&format!("%!{verb}(MISSING)"));
        }
    }

    fn flags(&mut self) {
        let flags = &mut self.printer.flags;
        *flags = super::verbs::Flags::default();
        while let Some(byte) = self.format.get(self.at) {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    /// An explicit argument index, `[2]`.
    fn index(&mut self) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let Some(close) = rest.iter().position(|byte| *byte == b']').filter(|_| rest.len() >= 3)
        else {
            self.at += 1;
            self.good = false;
            return;
        };
        let number = number(&rest[1..close]).filter(|(_, length)| *length + 1 == close);
        self.at += close + 1;
        let index = number.and_then(|(number, _)| usize::try_from(number - 1).ok());
        self.after_index = number.is_some();
        match index.filter(|index| *index < self.arguments.len()) {
            Some(index) => self.next = index,
            None => self.good = false,
        }
    }

    fn width(&mut self) {
        if self.peek() == Some(b'*') {
            self.at += 1;
            let width = self.argument_number();
            if width.is_none() {
                self.say("%!(BADWIDTH)");
            }
            let flags = &mut self.printer.flags;
            flags.minus |= width.is_some_and(|width| width < 0);
            flags.width = width.and_then(|width| usize::try_from(width.abs()).ok());
            self.after_index = false;
            return;
        }
        self.printer.flags.width = self.number();
        if self.after_index && self.printer.flags.width.is_some() {
            self.good = false;
        }
    }

    fn precision(&mut self) {
        if self.peek() != Some(b'.') {
            return;
        }
        self.at += 1;
        if self.after_index {
            self.good = false;
        }
        self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            let precision = self.argument_number().filter(|precision| *precision >= 0);
            if precision.is_none() {
                self.say("%!(BADPREC)");
            }
            self.printer.flags.precision = precision.and_then(|it| usize::try_from(it).ok());
            self.after_index = false;
            return;
        }
        self.printer.flags.precision = Some(self.number().unwrap_or(0));
    }

    fn number(&mut self) -> Option<usize> {
        let rest = self.format.get(self.at..).unwrap_or_default();
        if let Some((number, length)) = number(rest) {
            self.at += length;
            return usize::try_from(number).ok();
        }
        if rest.first().is_some_and(u8::is_ascii_digit) {
            // Go gives up a number that is too large, and with it the rest.
            self.at = self.format.len();
        }
        None
    }

    fn argument_number(&mut self) -> Option<i64> {
        let value = self.arguments.get(self.next)?;
        self.next += 1;
        value.whole().filter(|number| (-MOST..=MOST).contains(number))
    }

    /// Arguments that no verb took.
    fn extra(&mut self) {
        if self.reordered || self.next >= self.arguments.len() {
            return;
        }
        self.printer.flags = super::verbs::Flags::default();
        self.say("%!(EXTRA ");
        for (at, value) in self.arguments.iter().enumerate().skip(self.next) {
            if at > self.next {
                self.say(", ");
            }
            match value.type_name() {
                None => self.say("<nil>"),
                Some(name) => {
                    self.say(&format!("{name}="));
                    self.printer.argument(value, 'v');
                }
            }
        }
        self.say(")");
    }
}

/// The number that some text begins with, and its length.
fn number(text: &[u8]) -> Option<(i64, usize)> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = std::str::from_utf8(text.get(..length)?).ok()?;
    let number: i64 = digits.parse().ok()?;
    (number <= MOST).then_some((number, length))
}
