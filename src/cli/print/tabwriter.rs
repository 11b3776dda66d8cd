//! Columns of equal width, as Go's `text/tabwriter` aligns them.
//!
//! A cell ends with a tab; a column is a run of neighbouring lines that have a cell there, so its
//! width starts anew after a line without one. The last text of a line is no cell.

/// Collects lines and aligns them at the end.
#[derive(Debug)]
pub(crate) struct TabWriter {
    lines: Vec<Vec<String>>,
    min_width: usize,
    tab_width: usize,
    padding: usize,
    tabs: bool,
    /// Widest seen so far, column by column, where rows come one after the other.
    remembered: Option<std::cell::RefCell<Vec<usize>>>,
    /// Cells may be painted, which takes no room.
    painted: bool,
}

impl TabWriter {
    /// Settings of kubectl's tables, which remember widths from flush to flush: 6, 4, 3, blanks.
    pub(crate) fn table() -> Self {
        let remembered = Some(std::cell::RefCell::default());
        Self { remembered, ..Self::new(6, 4, 3, false) }
    }

    /// Settings of kubectl's describe: 0, 8, 2, blanks.
    pub(crate) fn describe() -> Self {
        Self::new(0, 8, 2, false)
    }

    pub(crate) fn new(min_width: usize, tab_width: usize, padding: usize, tabs: bool) -> Self {
        Self {
            lines: vec![vec![String::new()]],
            min_width,
            tab_width,
            padding,
            tabs,
            remembered: None,
            painted: false,
        }
    }

    /// The same for cells that may be painted.
    pub(crate) fn painted(self, painted: bool) -> Self {
        Self { painted, ..self }
    }

    fn letters(&self, text: &str) -> usize {
        if self.painted { crate::terminal::visible(text) } else { letters(text) }
    }

    /// Adds text; tabs end cells, line feeds end lines.
    pub(crate) fn write(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.lines.push(vec![String::new()]);
            }
            let mut cells = line.split('\t');
            if let (Some(first), Some(last)) =
                (cells.next(), self.lines.last_mut().and_then(|cells| cells.last_mut()))
            {
                last.push_str(first);
            }
            if let Some(current) = self.lines.last_mut() {
                current.extend(cells.map(str::to_owned));
            }
        }
    }

    /// The aligned text.
    pub(crate) fn finish(mut self) -> String {
        self.flush()
    }

    /// The text since the last flush, aligned.
    pub(crate) fn flush(&mut self) -> String {
        let mut out = String::new();
        self.block(&mut out, &mut Vec::new(), 0, self.lines.len());
        self.lines = vec![vec![String::new()]];
        out
    }

    /// Go's `format`: lines from `from` to `to` whose first `widths.len()` columns are settled.
    fn block(&self, out: &mut String, widths: &mut Vec<usize>, from: usize, to: usize) {
        let column = widths.len();
        let mut start = from;
        let mut line = from;
        while line < to {
            if column + 1 >= self.lines[line].len() {
                line += 1;
                continue;
            }
            self.print(out, widths, start, line);
            start = line;
            let mut width = self.min_width;
            while line < to && column + 1 < self.lines[line].len() {
                let cell = self.letters(&self.lines[line][column]);
                width = width.max(cell + self.padding);
                line += 1;
            }
            widths.push(self.remember(column, width));
            self.block(out, widths, start, line);
            widths.pop();
            start = line;
        }
        self.print(out, widths, start, to);
    }

    fn remember(&self, column: usize, width: usize) -> usize {
        let Some(remembered) = &self.remembered else { return width };
        let mut widths = remembered.borrow_mut();
        if widths.len() <= column {
            widths.resize(column + 1, 0);
        }
        widths[column] = widths[column].max(width);
        widths[column]
    }

    fn print(&self, out: &mut String, widths: &[usize], from: usize, to: usize) {
        for (at, cells) in self.lines[from..to].iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                out.push_str(cell);
                if column + 1 < cells.len()
                    && let Some(width) = widths.get(column)
                {
                    self.pad(out, self.letters(cell), *width);
                }
            }
            if from + at + 1 < self.lines.len() {
                out.push('\n');
            }
        }
    }

    fn pad(&self, out: &mut String, used: usize, width: usize) {
        if !self.tabs {
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
            return;
        }
        let width = width.div_ceil(self.tab_width) * self.tab_width;
        let missing = width.saturating_sub(used);
        out.extend(std::iter::repeat_n('\t', missing.div_ceil(self.tab_width)));
    }
}

fn letters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn align(text: &str) -> String {
        let mut writer = TabWriter::table();
        writer.write(text);
        writer.finish()
    }

    #[test]
    fn columns_are_padded_but_the_last() {
        assert_eq!(align("NAME\tAGE\na-long-name\t1s\n"), "NAME          AGE\na-long-name   1s\n");
        assert_eq!(align("a\tb\tc\n"), "a     b     c\n");
    }

    #[test]
    fn a_line_without_the_column_begins_a_new_block() {
        let mut writer = TabWriter::describe();
        writer.write("Name:\tx\nLonger name:\ty\nno tab\nA:\tb\n");
        assert_eq!(writer.finish(), "Name:         x\nLonger name:  y\nno tab\nA:  b\n");
    }

    #[test]
    fn an_empty_last_cell_leaves_its_padding() {
        assert_eq!(align("A\tB\tC\nx\t\ty\n"), "A     B     C\nx           y\n");
        assert_eq!(align("NAME\tAPP\nx\t\n"), "NAME   APP\nx      \n");
    }
}
