//! Flags as text: `-A --all-namespaces=false` names a flag, its letter, default and, by that, type.
//!
//! `false`/`true` bool · digits int · `'x'` text · `[]` list split at commas · `[+]` list as given ·
//! `1m0s` duration. `?word` after it: the value when the flag stands alone. `!` hides a flag from help,
//! `+` marks one of our own: kubectl has it not, and where we are called kubectl nothing shows it.

/// The type of a flag's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Int,
    Text,
    /// pflag's stringSlice: split at commas.
    List,
    /// pflag's stringArray: each as given.
    Each,
    Duration,
}

/// One flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    pub(crate) name: &'static str,
    pub(crate) letter: Option<char>,
    pub(crate) kind: Type,
    pub(crate) default: &'static str,
    /// The value when the flag stands alone; bools have `true`.
    pub(crate) alone: Option<&'static str>,
    pub(crate) hidden: bool,
    /// kubectl has it not.
    pub(crate) ours: bool,
}

/// Reads a table of flags.
pub(crate) fn read(table: &'static str) -> impl Iterator<Item = Flag> {
    let mut words = table.split_whitespace();
    std::iter::from_fn(move || {
        let mut word = words.next()?;
        let mut letter = None;
        if !word.starts_with("--") && !word.starts_with(['!', '+']) {
            letter = word.chars().nth(1);
            word = words.next()?;
        }
        Some(one(word, letter))
    })
}

fn one(word: &'static str, letter: Option<char>) -> Flag {
    let (hidden, ours) = (word.starts_with('!'), word.starts_with('+'));
    let word = word.trim_start_matches(['!', '+']).trim_start_matches('-');
    let (name, value) = word.split_once('=').unwrap_or((word, "''"));
    let (value, alone) = match value.split_once('?') {
        Some((value, alone)) => (value, Some(alone)),
        None => (value, None),
    };
    let kind = match value {
        "true" | "false" => Type::Bool,
        _ if value.starts_with('[') && value != "[+]" => Type::List,
        "[+]" => Type::Each,
        _ if value.starts_with('\'') => Type::Text,
        _ if value.parse::<i64>().is_ok() => Type::Int,
        _ => Type::Duration,
    };
    let default = match kind {
        Type::Each => "",
        Type::List => value.trim_matches(['[', ']']),
        _ => value.trim_matches('\''),
    };
    let alone = if kind == Type::Bool { Some("true") } else { alone };
    Flag { name, letter, kind, default, alone, hidden, ours }
}

impl Flag {
    /// It stands on the help pages of a program of this name.
    pub(crate) fn shown_by(&self, program: &str) -> bool {
        !(self.hidden || self.ours && program == "kubectl")
    }

    /// The default as help pages show it.
    pub(crate) fn shown_default(&self) -> String {
        match self.kind {
            Type::Bool | Type::Int | Type::Duration => self.default.to_owned(),
            Type::Text => format!("'{}'", self.default),
            Type::List | Type::Each => format!("[{}]", self.default),
        }
    }
}

/// Flags that every command takes.
pub(crate) const GLOBAL: &str = "--as='' --as-group=[+] --as-uid='' --as-user-extra=[+] \
    --cache-dir='~/.kube/cache' --certificate-authority='' --client-certificate='' --client-key='' \
    --cluster='' --context='' --disable-compression=false --insecure-skip-tls-verify=false \
    --kubeconfig='' --kuberc='' --log-flush-frequency=5s --match-server-version=false -n --namespace='' \
    --password='' --profile='none' --profile-output='profile.pprof' --request-timeout='0' -s --server='' \
    --tls-server-name='' --token='' --user='' --username='' -v --v=0 --vmodule='' \
    --warnings-as-errors=false !--in-process=false +--color='auto'";

/// Flags of printers.
pub(crate) const PRINT: &str = "--allow-missing-template-keys=true -o --output='' \
    --show-managed-fields=false --template=''";

/// Flags that name files.
pub(crate) const FILES: &str = "-f --filename=[] -k --kustomize='' -R --recursive=false";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_flag_by_flag() {
        let flags: Vec<Flag> =
            read("-A --all-namespaces=false --chunk-size=500 --validate='strict'?strict -o --output='' --x=[] --t=1m0s !--h=true +--own=1").collect();
        assert_eq!(flags.len(), 8);
        assert_eq!(
            (flags[0].letter, flags[0].kind, flags[0].alone),
            (Some('A'), Type::Bool, Some("true"))
        );
        assert_eq!((flags[1].kind, flags[1].default), (Type::Int, "500"));
        assert_eq!((flags[2].default, flags[2].alone), ("strict", Some("strict")));
        assert_eq!((flags[3].letter, flags[3].default, flags[3].alone), (Some('o'), "", None));
        assert_eq!(
            (flags[4].kind, flags[5].kind, flags[6].hidden),
            (Type::List, Type::Duration, true)
        );
        assert!(flags[7].ours && !flags[7].shown_by("kubectl") && flags[7].shown_by("kanoe"));
        assert_eq!(read(GLOBAL).count(), 31);
    }
}
