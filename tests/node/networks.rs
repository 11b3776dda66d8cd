//! Pods reach each other, their node and services; and a network leaves nothing behind.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use network::{Config, Network, PodNetwork, nft};

use crate::house::inside;

fn config(folder: &Path) -> Config {
    Config {
        cluster_id: "1a2b3c4d".into(),
        state: folder.join("network"),
        pod_cidr: "10.244.0.0/24".parse().unwrap(),
        cluster_cidr: "10.244.0.0/16".parse().unwrap(),
        service_cidr: Some("10.96.0.0/16".parse().unwrap()),
    }
}

/// Answers every caller in a pod with the caller's address.
fn serve(pod: &PodNetwork, port: u16) {
    let listener =
        sys::namespace::in_network(&pod.namespace, move || TcpListener::bind(("0.0.0.0", port)));
    let listener = listener.unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let peer = stream.peer_addr().unwrap();
            drop(write!(stream, "{}", peer.ip()));
        }
    });
}

fn ask(from: Option<&PodNetwork>, to: Ipv4Addr, port: u16) -> std::io::Result<String> {
    let address = SocketAddr::from((to, port));
    let connect = move || TcpStream::connect_timeout(&address, Duration::from_secs(2));
    let mut stream = match from {
        Some(pod) => sys::namespace::in_network(&pod.namespace, connect)?,
        None => connect()?,
    };
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

fn links() -> String {
    String::from_utf8(Command::new("ip").args(["-o", "link"]).output().unwrap().stdout).unwrap()
}

#[tokio::test]
async fn pods_reach_each_other_and_services() {
    if !inside("networks::pods_reach_each_other_and_services") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let before = links();
    let network = Network::start(config(folder.path())).await.unwrap();
    let begun = lifecycle::clock::instant();
    let a = network.attach("pod-a").await.unwrap();
    eprintln!("attached in {} ms", begun.elapsed().as_millis());
    let b = network.attach("pod-b").await.unwrap();
    assert_eq!(network.attach("pod-a").await.unwrap(), a, "asked again");
    serve(&a, 80);
    serve(&b, 80);
    assert_eq!(ask(Some(&a), b.ip, 80).unwrap(), a.ip.to_string(), "neighbours, unchanged");
    assert_eq!(ask(None, b.ip, 80).unwrap(), network.gateway().to_string(), "from the node");

    let service: Ipv4Addr = "10.96.0.10".parse().unwrap();
    assert!(ask(Some(&a), service, 80).is_err(), "no rules yet");
    let rules = |to: Ipv4Addr| {
        format!(
            "add table ip test\nadd chain ip test pre {{ type nat hook prerouting priority dstnat; }}\n\
             add chain ip test out {{ type nat hook output priority -100; }}\n\
             add rule ip test pre ip daddr {service} tcp dport 80 dnat to {to}\n\
             add rule ip test out ip daddr {service} tcp dport 80 dnat to {to}\n"
        )
    };
    nft::apply(&rules(b.ip)).await.unwrap();
    assert_eq!(ask(Some(&a), service, 80).unwrap(), a.ip.to_string(), "a neighbour by its service");
    assert_eq!(ask(None, service, 80).unwrap(), network.gateway().to_string());
    let refused = nft::apply("add table ip half\nadd rule ip half nowhere accept\n").await;
    assert!(matches!(refused, Err(network::NftError::Refused(_))));
    assert_eq!(nft::list_table("ip", "half").await.unwrap(), None, "all or nothing");

    let again = Network::start(config(folder.path())).await.unwrap();
    assert_eq!(again.find("pod-a"), Some(a.clone()), "a restart finds it");
    assert_eq!(ask(Some(&a), b.ip, 80).unwrap(), a.ip.to_string());

    again.detach("pod-a").await.unwrap();
    again.detach("pod-a").await.unwrap();
    assert!(!a.namespace.exists());
    again.remove().await.unwrap();
    assert_eq!(links(), before);
    assert_eq!(nft::list_table("ip", "kanoe_1a2b3c4d").await.unwrap(), None);
    assert!(sys::mount::below(folder.path()).unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
