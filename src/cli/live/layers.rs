//! Bars of images on their way: one a layer that is pulled, one for an archive that is loaded.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};

use super::{TICK, is_watched};

/// The bars, if somebody watches.
#[derive(Debug)]
pub struct ImageBars {
    all: MultiProgress,
    layers: Mutex<HashMap<String, ProgressBar>>,
}

impl ImageBars {
    /// Bars where somebody watches; `None` in a pipe.
    pub fn new() -> Option<Arc<Self>> {
        is_watched().then(|| Arc::new(Self::drawn()))
    }

    fn drawn() -> Self {
        Self { all: MultiProgress::new(), layers: Mutex::default() }
    }

    /// So many bytes of so many of a layer are here.
    pub fn heard(&self, digest: &str, here: u64, all: u64) {
        // Whoever panicked while drawing left nothing that matters.
        let Ok(mut layers) = self.layers.lock() else { return };
        let bar = layers.entry(digest.to_owned()).or_insert_with(|| self.layer(digest, all));
        bar.set_length(all);
        bar.set_position(here);
        if here >= all {
            bar.finish();
        }
    }

    fn layer(&self, digest: &str, all: u64) -> ProgressBar {
        let bar = self.all.add(ProgressBar::new(all));
        let rest = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            // Drawing is all that fails if this does.
            write!(out, "{}", if state.is_finished() { "here" } else { "" }).unwrap_or_default();
        };
        let style = "{prefix} [{bar:32}] {bytes:>10}/{total_bytes} {state}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.with_key("state", rest).progress_chars("=> "));
        }
        let (_, name) = digest.split_once(':').unwrap_or(("", digest));
        bar.set_prefix(name.chars().take(12).collect::<String>());
        bar
    }

    /// A sign of life while something is done.
    pub fn doing(&self, what: &str) -> ProgressBar {
        let bar = self.all.add(ProgressBar::new_spinner());
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(TICK);
        bar
    }

    /// Takes all bars away.
    pub fn clear(&self) {
        // There is nobody to tell of a terminal that went away.
        self.all.clear().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layer_has_one_bar() {
        let bars = ImageBars::drawn();
        bars.heard("sha256:aa", 1, 10);
        bars.heard("sha256:aa", 10, 10);
        bars.heard("sha256:bb", 2, 4);
        let layers = bars.layers.lock().unwrap();
        assert_eq!(layers.len(), 2);
        assert!(layers["sha256:aa"].is_finished() && !layers["sha256:bb"].is_finished());
        assert_eq!(layers["sha256:bb"].position(), 2);
    }
}
