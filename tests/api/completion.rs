//! Completion that knows the cluster, in the real shells, each on a terminal of its own.

use support::{Cluster, Screen, alone};

use crate::{beyond::kubeconfig, server::serve};

const OBJECTS: &str = "
apiVersion: v1
kind: ConfigMap
metadata: {name: alpha}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: beta}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: only-there, namespace: kube-system}
---
apiVersion: v1
kind: Pod
metadata: {name: talker}
spec:
  containers: [{name: main, image: 'x:1'}, {name: sidecar, image: 'x:1'}]
";

/// A shell: how it is started, how it takes the script, and how it shows its last word again.
struct Shell {
    program: &'static str,
    words: &'static [&'static str],
    start: &'static str,
    last: &'static str,
}

const BASH: Shell = Shell {
    program: "bash",
    words: &["--norc", "--noprofile", "-i"],
    start: "source <(kubectl completion bash); echo rea''dy\r",
    last: "echo got=$_=\r",
};
const ZSH: Shell = Shell {
    program: "zsh",
    words: &["-f", "-i"],
    start: "autoload -Uz compinit; compinit -D -u; source <(kubectl completion zsh); echo rea''dy\r",
    last: "echo got=$_=\r",
};
const FISH: Shell = Shell {
    program: "fish",
    words: &["--no-config", "-i"],
    start: "kubectl completion fish | source; echo rea''dy\r",
    last: "echo got=(string split ' ' -- $history[1])[-1]=\r",
};

/// What is typed, and what the program then says that was not typed.
const SAID: [(&str, &str); 3] = [
    // Types, names, formats.
    ("kubectl get configma\t alp\t -o na\t\r", "configmap/alpha"),
    // Namespaces.
    ("kubectl get -n kube-s\t cm -o name\r", "configmap/only-there"),
    // Contexts.
    ("kubectl config use-context tw\t\r", "Switched to context \"two\"."),
];
/// What is typed, and its last word when the shell has completed it.
const TYPED: [(&str, &str); 5] = [
    // Containers.
    ("kubectl logs talker -c si\t\r", "sidecar"),
    ("kubectl logs talker --container=si\t\r", "--container=sidecar"),
    // Values and names of flags.
    ("kubectl delete cm none --cascade=for\t\r", "--cascade=foreground"),
    ("kubectl get cm alpha --show-lab\t\r", "--show-labels"),
    // A name behind its type.
    ("kubectl get cm/bet\t\r", "cm/beta"),
];

fn play(shell: &Shell) {
    let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
    let _server = serve(&cluster);
    let file = cluster.folder().join("objects.yaml");
    std::fs::write(&file, OBJECTS).expect("the folder is the test's own");
    cluster.ok(&format!("apply -f {}", file.display()));
    let mut command = cluster.beside(shell.program, shell.words);
    command.env("KUBECONFIG", kubeconfig(&cluster)).env("TERM", "xterm").env("PS1", "> ");
    // The prompt of some tells of the folder that it stands in.
    command.current_dir(cluster.folder());
    let mut screen = Screen::open();
    let mut child = screen.run(&command);
    screen.types(shell.start.as_bytes());
    screen.shows("ready\r\n");
    for (typed, said) in SAID {
        screen.types(typed.as_bytes());
        screen.shows(said);
    }
    for (typed, word) in TYPED {
        screen.types(typed.as_bytes());
        screen.types(shell.last.as_bytes());
        screen.shows(&format!("got={word}="));
    }
    screen.types(b"exit\r");
    child.wait().expect("it is our child");
}

#[test]
fn bash_completes_what_the_cluster_knows() {
    alone("completion::bash_completes_what_the_cluster_knows", || play(&BASH));
}

#[test]
fn zsh_completes_what_the_cluster_knows() {
    alone("completion::zsh_completes_what_the_cluster_knows", || play(&ZSH));
}

#[test]
fn fish_completes_what_the_cluster_knows() {
    alone("completion::fish_completes_what_the_cluster_knows", || play(&FISH));
}

#[test]
fn no_cluster_is_started_for_a_tab() {
    alone("completion::no_cluster_is_started_for_a_tab", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let said = cluster.shell("kubectl __complete get pods ''");
        assert_eq!((said.out.as_str(), said.code), (":4\n", 0), "{said:?}");
        assert!(!cluster.home().join("id").exists(), "nothing was made");
        let own = cluster.ok("__complete cluster st");
        assert!(own.contains("start\tStart the cluster") && own.contains("status\t"), "{own}");
        // Where bash finds it by itself, and fish when it starts.
        let installed =
            cluster.ok("completion bash --install") + &cluster.ok("completion fish --install");
        assert_eq!(
            installed.lines().filter(|line| line.starts_with("Wrote ")).count(),
            2,
            "{installed}"
        );
        let user = cluster.folder().join("user");
        let holds = |place: &str, text: &str| {
            std::fs::read_to_string(user.join(place)).is_ok_and(|script| script.contains(text))
        };
        assert!(holds(".local/share/bash-completion/completions/kanoe", "complete -o default"));
        assert!(holds(".config/fish/completions/kanoe.fish", "__kanoe_complete"));
        assert_eq!(cluster.run("completion powershell --install").code, 1);
        let verbs = cluster.ok("__completeNoDesc t");
        assert_eq!(verbs, "taint\ntop\ntree\n:4\n");
        assert_eq!(cluster.shell("kubectl __completeNoDesc t").out, "taint\ntop\n:4\n");
    });
}
