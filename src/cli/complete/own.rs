//! The commands of the embedded cluster: their words and flags, from their own tree. Pure.

use super::Candidate;

fn about(command: &clap::Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// The words that begin them.
pub(super) fn first_words() -> Vec<Candidate> {
    let commands = crate::own::commands();
    commands.iter().map(|one| (one.get_name().to_owned(), about(one))).collect()
}

/// What could stand last on a line that begins with one of them; `None` for all other lines.
pub(super) fn candidates(words: &[String]) -> Option<Vec<Candidate>> {
    let (last, before) = words.split_last()?;
    let first = before.first()?;
    let mut command = crate::own::commands().into_iter().find(|one| one.get_name() == first)?;
    for word in before.iter().skip(1).filter(|word| !word.starts_with('-')) {
        let Some(below) = command.find_subcommand(word) else { break };
        command = below.clone();
    }
    if last.starts_with('-') {
        let flags = command.get_arguments().filter(|flag| !flag.is_hide_set());
        let named = flags.filter_map(|flag| {
            let help = flag.get_help().map(ToString::to_string).unwrap_or_default();
            Some((format!("--{}", flag.get_long()?), help))
        });
        return Some(named.collect());
    }
    let below = command.get_subcommands();
    Some(below.map(|one| (one.get_name().to_owned(), about(one))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_words_and_flags_are_known() {
        let ask = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            candidates(&words)
                .map(|found| found.into_iter().map(|(word, _)| word).collect::<Vec<_>>())
        };
        assert!(ask("cluster st").unwrap().contains(&"start".to_owned()));
        assert!(ask("cluster start --").unwrap().contains(&"--secure-port".to_owned()));
        assert!(!ask("cluster run --").unwrap().contains(&"--resident".to_owned()));
        assert_eq!(ask("get p"), None);
    }
}
