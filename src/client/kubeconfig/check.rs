//! What a cluster and a user of a kubeconfig must say before they are used.
//! Source: client-go, `tools/clientcmd/validation.go`.

use std::fs::File;

use super::{Cluster, User, exec::ExecPlugin};

/// What is wrong with the user of this name.
pub(super) fn user(name: &str, user: &User) -> Vec<String> {
    let mut faults = Vec::new();
    let given = |field: &Option<String>| field.as_ref().is_some_and(|text| !text.is_empty());
    let mut methods = Vec::new();
    if given(&user.token) {
        methods.push("token");
    }
    if given(&user.username) || given(&user.password) {
        methods.push("basicAuth");
    }
    if given(&user.client_certificate) || given(&user.client_certificate_data) {
        if given(&user.client_certificate) && given(&user.client_certificate_data) {
            faults.push(format!(
                "client-cert-data and client-cert are both specified for {name}. client-cert-data \
                 will override."
            ));
        }
        if given(&user.client_key) && given(&user.client_key_data) {
            faults.push(format!(
                "client-key-data and client-key are both specified for {name}; client-key-data will \
                 override"
            ));
        }
        if !given(&user.client_key) && !given(&user.client_key_data) {
            faults.push(format!(
                "client-key-data or client-key must be specified for {name} to use the clientCert \
                 authentication method."
            ));
        }
        faults.extend(unreadable("client-cert", name, user.client_certificate.as_deref()));
        faults.extend(unreadable("client-key", name, user.client_key.as_deref()));
    }
    if let Some(plugin) = &user.exec {
        if user.auth_provider.is_some() {
            faults.push(format!(
                "authProvider cannot be provided in combination with an exec plugin for {name}"
            ));
        }
        faults.extend(exec(name, plugin));
    }
    if methods.len() > 1 {
        faults.push(format!(
            "more than one authentication method found for {name}; found [{}], only one is allowed",
            methods.join(" ")
        ));
    }
    faults
}

fn exec(name: &str, plugin: &ExecPlugin) -> Vec<String> {
    let needed = |what: &str| {
        format!("{what} must be specified for {name} to use exec authentication plugin")
    };
    let mut faults = Vec::new();
    if plugin.command.is_empty() {
        faults.push(needed("command"));
    }
    if plugin.api_version.is_empty() {
        faults.push(needed("apiVersion"));
    }
    let unnamed = |variable: &std::collections::BTreeMap<String, String>| {
        variable.get("name").is_none_or(String::is_empty)
    };
    if plugin.env.iter().flatten().any(unnamed) {
        faults.push(needed("env variable name"));
    }
    match plugin.interactive_mode.as_deref().unwrap_or_default() {
        "Never" | "IfAvailable" | "Always" => {}
        // The older version has a default.
        "" if plugin.api_version.ends_with("/v1beta1") => {}
        "" => faults.push(needed("interactiveMode")),
        other => faults.push(format!("invalid interactiveMode for {name}: {other:?}")),
    }
    faults
}

/// What is wrong with the cluster of this name.
pub(super) fn cluster(name: &str, cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    let given = |field: &Option<String>| field.as_ref().is_some_and(|text| !text.is_empty());
    if given(&cluster.certificate_authority) {
        if given(&cluster.certificate_authority_data) {
            faults.push(format!(
                "certificate-authority-data and certificate-authority are both specified for {name}. \
                 certificate-authority-data will override."
            ));
        }
        let file = cluster.certificate_authority.as_deref();
        faults.extend(unreadable("certificate-authority", name, file));
    }
    faults
}

fn unreadable(what: &str, name: &str, file: Option<&str>) -> Option<String> {
    let file = file.filter(|file| !file.is_empty())?;
    let error = File::open(file).err()?;
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    Some(format!("unable to read {what} {file} for {name} due to open {file}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_contradicts_itself_is_told() {
        let text = |text: &str| Some(text.to_owned());
        let both = User { token: text("t"), username: text("u"), ..User::default() };
        assert_eq!(
            user("jane", &both),
            [
                "more than one authentication method found for jane; found [token basicAuth], only one is allowed"
            ]
        );
        let torn = User { client_certificate_data: text("x"), ..User::default() };
        assert!(user("jane", &torn)[0].starts_with("client-key-data or client-key must be"));
        let plugin = ExecPlugin { command: "x".to_owned(), ..ExecPlugin::default() };
        let asks = User { exec: Some(plugin), ..User::default() };
        assert_eq!(user("jane", &asks).len(), 2, "{:?}", user("jane", &asks));
        let nowhere = Cluster { certificate_authority: text("/none"), ..Cluster::default() };
        assert_eq!(
            cluster("c", &nowhere),
            [
                "unable to read certificate-authority /none for c due to open /none: no such file or directory"
            ]
        );
        assert!(user("jane", &User::default()).is_empty());
    }
}
