//! A page of metrics in Prometheus' text form, version 0.0.4.
//! Source: Prometheus documentation, "Exposition formats".

use std::fmt::{Display, Write as _};

/// The media type of a page, as kube-apiserver names it.
pub(crate) const CONTENT_TYPE: &str =
    "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

/// What a family's numbers mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Grows only.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Observations by size.
    Histogram,
}

/// A label's name and value.
pub(crate) type Label<'a> = (&'static str, &'a str);

/// A page that is being written, family after family.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    /// Begins a family; its samples follow.
    pub(crate) fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        self.write(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    /// One number of the family that was begun last.
    pub(crate) fn sample(&mut self, name: &str, labels: &[Label<'_>], value: impl Display) {
        self.0.push_str(name);
        self.labels(labels, None);
        self.write(format_args!(" {value}\n"));
    }

    /// The numbers of a histogram: how many were at most each of `bounds`, sum and count.
    ///
    /// `counts` holds the observations of each bucket alone, and last those above all bounds.
    pub(crate) fn histogram(
        &mut self,
        name: &str,
        labels: &[Label<'_>],
        bounds: &[f64],
        (counts, sum): (&[u64], f64),
    ) {
        let mut total = 0;
        for (index, count) in counts.iter().enumerate() {
            total += count;
            let bound = bounds.get(index).map_or_else(|| "+Inf".to_owned(), f64::to_string);
            self.write(format_args!("{name}_bucket"));
            self.labels(labels, Some(&bound));
            self.write(format_args!(" {total}\n"));
        }
        self.sample(&format!("{name}_sum"), labels, sum);
        self.sample(&format!("{name}_count"), labels, total);
    }

    fn labels(&mut self, labels: &[Label<'_>], bound: Option<&str>) {
        let bound = bound.map(|bound| ("le", bound));
        let mut opening = '{';
        for (name, value) in labels.iter().copied().chain(bound) {
            self.0.push(opening);
            opening = ',';
            self.write(format_args!("{name}=\""));
            for letter in value.chars() {
                match letter {
                    '\\' => self.0.push_str("\\\\"),
                    '"' => self.0.push_str("\\\""),
                    '\n' => self.0.push_str("\\n"),
                    other => self.0.push(other),
                }
            }
            self.0.push('"');
        }
        if opening == ',' {
            self.0.push('}');
        }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("writing into memory does not fail");
    }

    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_as_prometheus_reads_them() {
        let mut page = Page::default();
        page.family("a_total", Kind::Counter, "Things.");
        page.sample("a_total", &[], 3);
        page.sample("a_total", &[("x", "a\"b\\c\nd"), ("y", "")], 0.5);
        page.family("b", Kind::Histogram, "Times.");
        page.histogram("b", &[("v", "GET")], &[0.05, 1.0], (&[2, 1, 1], 7.25));
        let expected = "# HELP a_total Things.\n# TYPE a_total counter\na_total 3\n\
            a_total{x=\"a\\\"b\\\\c\\nd\",y=\"\"} 0.5\n\
            # HELP b Times.\n# TYPE b histogram\n\
            b_bucket{v=\"GET\",le=\"0.05\"} 2\nb_bucket{v=\"GET\",le=\"1\"} 3\n\
            b_bucket{v=\"GET\",le=\"+Inf\"} 4\nb_sum{v=\"GET\"} 7.25\nb_count{v=\"GET\"} 4\n";
        assert_eq!(page.into_text(), expected);
    }
}
