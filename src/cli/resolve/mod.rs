//! From words and files to objects: `TYPE NAME...`, `TYPE/NAME`, `-f`, `-l`, `--all`.
//!
//! Source: kubectl's resource builder. Faults of one item do not keep the others from being found.

mod files;
mod place;

use client::{ClientError, DynamicApi, ListOptions, discovery::ApiResource};
pub(crate) use files::{Manifest, read_all};
use machinery::json::Keep;
pub(crate) use place::mapped;
use serde_json::Value;

use crate::{args::Parsed, context::Context, report::CliError, unreachable};

/// One object: where it is served, and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Info {
    pub(crate) place: ApiResource,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    /// The object; null if it was not asked for.
    pub(crate) object: Value,
    /// The file it came from; empty for the server.
    pub(crate) source: String,
}

impl Info {
    /// `deployments.apps "name"`, as messages have it.
    pub(crate) fn singular_qualified(&self) -> String {
        let singular = self.place.singular.as_str();
        let group = &self.place.resource.group;
        if group.is_empty() { singular.to_owned() } else { format!("{singular}.{group}") }
    }

    /// `kind.group/name`.
    pub(crate) fn title(&self) -> String {
        let kind = self.place.resource.kind.to_lowercase();
        let group = &self.place.resource.group;
        let dot = if group.is_empty() { "" } else { "." };
        format!("{kind}{dot}{group}/{}", self.name)
    }

    /// Requests for this object's resource and namespace.
    pub(crate) async fn api(&self, cx: &Context) -> Result<DynamicApi, CliError> {
        cx.api(&self.place.resource, self.namespace.as_deref()).await
    }

    /// Reads the object as the server has it.
    pub(crate) async fn fetch(&self, cx: &Context) -> Result<Value, CliError> {
        Ok(self.api(cx).await?.get(&self.name).await?)
    }
}

/// What is asked for.
#[expect(clippy::struct_excessive_bools, reason = "independent flags of the command line")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    pub(crate) words: Vec<String>,
    pub(crate) files: Vec<String>,
    pub(crate) kustomize: String,
    pub(crate) recursive: bool,
    pub(crate) labels: String,
    pub(crate) fields: String,
    pub(crate) all: bool,
    pub(crate) all_namespaces: bool,
    /// Files' objects are read from the server too.
    pub(crate) latest: bool,
    /// Files are checked before they are sent.
    pub(crate) validates: bool,
    /// No server: files alone.
    pub(crate) local: bool,
    /// A type alone means all its objects.
    pub(crate) type_means_all: bool,
    pub(crate) ignore_not_found: bool,
    /// Named objects are not read: their names suffice.
    pub(crate) names_suffice: bool,
    /// `all` means every type of the namespace, and not those of the category.
    pub(crate) really: bool,
    /// `pods` where a bare name is meant: `logs web`.
    pub(crate) default_type: Option<&'static str>,
    /// What is read of the answers to lists.
    pub(crate) keep: Keep,
}

impl Ask {
    /// Faults of files stand in a list for verbs that go on behind them, but for names of none.
    pub(crate) fn in_list(&self, error: CliError) -> CliError {
        match &error {
            CliError::Plain(text)
                if self.has_files()
                    && !text.starts_with("the path ")
                    && !text.starts_with("when paths") =>
            {
                error.in_list()
            }
            _ => error,
        }
    }

    /// The usual flags of a verb.
    pub(crate) fn of(parsed: &Parsed) -> Self {
        let flag = |name: &str| parsed.knows(name) && parsed.is(name);
        Self {
            words: parsed.args.clone(),
            files: parsed.list("filename"),
            kustomize: parsed.text("kustomize").to_owned(),
            recursive: flag("recursive"),
            labels: if parsed.knows("selector") {
                parsed.text("selector").to_owned()
            } else {
                String::new()
            },
            fields: if parsed.knows("field-selector") {
                parsed.text("field-selector").to_owned()
            } else {
                String::new()
            },
            all: flag("all"),
            all_namespaces: flag("all-namespaces"),
            validates: parsed.knows("validate")
                && !matches!(parsed.text("validate"), "false" | "ignore"),
            local: flag("local"),
            ..Self::default()
        }
    }

    pub(crate) fn has_files(&self) -> bool {
        !self.files.is_empty() || !self.kustomize.is_empty()
    }

    pub(crate) fn latest(mut self) -> Self {
        self.latest = true;
        self
    }
}

/// What was found, and what went wrong on the way.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) infos: Vec<Info>,
    pub(crate) errors: Vec<CliError>,
    /// One object was named, so it is printed alone and not as a list.
    pub(crate) single: bool,
}

impl Found {
    /// Insists that nothing went wrong.
    pub(crate) fn all(self) -> Result<Vec<Info>, CliError> {
        CliError::all(self.errors)?;
        Ok(self.infos)
    }
}

/// A type and the names asked of it; no names means by selector.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) place: ApiResource,
    pub(crate) names: Vec<String>,
}

/// The refusal where nothing names a resource.
pub(crate) fn nothing_named() -> CliError {
    CliError::plain(
        "You must provide one or more resources by argument or filename.\n\
         Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   \
         '<resource> <name>'\n   '<resource>'",
    )
}

/// Reads the words: `TYPE[,TYPE] [NAME...]` or `TYPE/NAME...`.
pub(crate) async fn targets(cx: &Context, ask: &Ask) -> Result<Vec<Target>, CliError> {
    let words = &ask.words;
    let Some(first) = words.first() else { return Ok(Vec::new()) };
    let slashed = words.iter().filter(|word| word.contains('/')).count();
    if slashed > 0 {
        return slash_targets(cx, ask).await;
    }
    if let Some(default) = ask.default_type
        && words.len() == 1
    {
        let place = cx.resource(default).await?;
        return Ok(vec![Target { place, names: vec![first.clone()] }]);
    }
    let mut found = Vec::new();
    for word in first.split(',') {
        for place in expand(cx, ask, word).await? {
            found.push(Target { place, names: words[1..].to_vec() });
        }
    }
    if words.len() > 1 && found.len() > 1 {
        return Err(CliError::plain("you must specify only one resource"));
    }
    Ok(found)
}

async fn slash_targets(cx: &Context, ask: &Ask) -> Result<Vec<Target>, CliError> {
    let mut found: Vec<Target> = Vec::new();
    for word in &ask.words {
        let (kind, name) = match word.split_once('/') {
            Some(pair) => pair,
            None => match ask.default_type {
                Some(default) => (default, word.as_str()),
                None => return Err(mixed()),
            },
        };
        if name.contains('/') {
            let text = "arguments in resource/name form may not have more than one slash";
            return Err(CliError::plain(text));
        }
        if kind.is_empty() || name.is_empty() {
            let text = "arguments in resource/name form must have a single resource and name";
            return Err(CliError::plain(text));
        }
        let place = cx.resource(kind).await?;
        match found.last_mut().filter(|last| last.place == place) {
            Some(last) => last.names.push(name.to_owned()),
            None => found.push(Target { place, names: vec![name.to_owned()] }),
        }
    }
    Ok(found)
}

fn mixed() -> CliError {
    CliError::plain(
        "there is no need to specify a resource type as a separate argument when passing arguments \
         in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get \
         resource resource/<resource_name>'",
    )
}

/// A type, or all types of a category.
async fn expand(cx: &Context, ask: &Ask, word: &str) -> Result<Vec<ApiResource>, CliError> {
    let discovery = cx.discovery().await?;
    if ask.really && word == "all" {
        let mut all = crate::family::listable(discovery.preferred().cloned());
        // Events are served under two names.
        all.retain(|place| place.resource.namespaced && place.resource.group != "events.k8s.io");
        return Ok(all);
    }
    let category: Vec<ApiResource> = discovery.category(word).into_iter().cloned().collect();
    if !category.is_empty() && discovery.resolve(word).is_err() {
        return Ok(category.into_iter().filter(|place| place.has_verb("list")).collect());
    }
    Ok(vec![cx.resource(word).await?])
}

/// Refuses words that cannot be read together.
pub(crate) fn check(ask: &Ask) -> Result<(), CliError> {
    if ask.has_files() && !ask.words.is_empty() {
        files::check(ask)?;
        let text = "when paths, URLs, or stdin is provided as input, you may not specify resource \
                    arguments as well";
        return Err(CliError::plain(text));
    }
    if ask.all && (!ask.labels.is_empty() || !ask.fields.is_empty()) {
        return Err(CliError::plain("setting 'all' parameter but found a non empty selector. "));
    }
    if !ask.labels.is_empty() || !ask.fields.is_empty() {
        refuse_names(ask)?;
    }
    Ok(())
}

/// Refuses names where something else chooses the objects.
pub(crate) fn refuse_names(ask: &Ask) -> Result<(), CliError> {
    if ask.words.iter().any(|word| word.contains('/')) {
        let text = "selectors and the all flag cannot be used when passing resource/name arguments";
        return Err(CliError::plain(text));
    }
    if ask.words.len() > 1 {
        return Err(CliError::plain("name cannot be provided when a selector is specified"));
    }
    Ok(())
}

/// Finds all that is asked for.
pub(crate) async fn find(cx: &Context, ask: &Ask) -> Result<Found, CliError> {
    check(ask)?;
    if ask.has_files() {
        return from_files(cx, ask).await;
    }
    if ask.words.is_empty() {
        return Err(nothing_named());
    }
    let targets = targets(cx, ask).await?;
    let (namespace, _) = cx.namespace()?;
    let mut found = Found {
        single: targets.len() == 1 && targets.iter().all(|t| t.names.len() == 1),
        ..Found::default()
    };
    for target in targets {
        if target.names.is_empty() {
            match list(cx, ask, &target.place, &namespace).await {
                Err(error) if ask.really && cannot_list(&error) => {}
                listed => take(&mut found, listed),
            }
            continue;
        }
        if ask.all_namespaces {
            let text = "a resource cannot be retrieved by name across all namespaces";
            return Err(CliError::plain(text));
        }
        for name in &target.names {
            if ask.names_suffice {
                found.infos.push(unread(&target.place, &namespace, name));
                continue;
            }
            match one(cx, &target.place, &namespace, name).await {
                Err(error) if ask.ignore_not_found && error.not_found() => {}
                outcome => take(&mut found, outcome.map(|info| vec![info])),
            }
        }
    }
    Ok(found)
}

/// A type that cannot be listed, by this user or at all.
pub(crate) fn cannot_list(error: &CliError) -> bool {
    matches!(error.client().map_or(0, ClientError::code), 403..=405)
}

fn take(found: &mut Found, outcome: Result<Vec<Info>, CliError>) {
    match outcome {
        Ok(infos) => found.infos.extend(infos),
        Err(error) => found.errors.push(error),
    }
}

/// The namespace that a resource is asked for in.
pub(crate) fn scope(place: &ApiResource, namespace: &str) -> Option<String> {
    place.resource.namespaced.then(|| namespace.to_owned())
}

fn unread(place: &ApiResource, namespace: &str, name: &str) -> Info {
    Info {
        place: place.clone(),
        namespace: scope(place, namespace),
        name: name.to_owned(),
        object: Value::Null,
        source: String::new(),
    }
}

async fn one(
    cx: &Context,
    place: &ApiResource,
    namespace: &str,
    name: &str,
) -> Result<Info, CliError> {
    let namespace = scope(place, namespace);
    let object = cx.api(&place.resource, namespace.as_deref()).await?.get(name).await?;
    Ok(Info {
        place: place.clone(),
        namespace,
        name: name.to_owned(),
        object,
        source: String::new(),
    })
}

/// All objects of a type that the selectors pick.
pub(crate) async fn list(
    cx: &Context,
    ask: &Ask,
    place: &ApiResource,
    namespace: &str,
) -> Result<Vec<Info>, CliError> {
    if !ask.type_means_all && !ask.all && ask.labels.is_empty() && ask.fields.is_empty() {
        let text = "resource(s) were provided, but no name was specified";
        return Err(CliError::plain(text));
    }
    let namespace = if ask.all_namespaces { None } else { scope(place, namespace) };
    let api = cx.api(&place.resource, namespace.as_deref()).await?;
    let mut options = ListOptions {
        labels: Some(ask.labels.clone()),
        fields: Some(ask.fields.clone()),
        limit: Some(500),
        ..ListOptions::default()
    };
    let mut infos = Vec::new();
    loop {
        let mut page = api
            .list_part(&options, ask.keep)
            .await
            .map_err(|error| match_error(error, ask, place))?;
        let next =
            page["metadata"]["continue"].as_str().filter(|t| !t.is_empty()).map(str::to_owned);
        if let Some(items) = page["items"].as_array_mut() {
            infos.extend(items.drain(..).map(|mut object| {
                complete(&mut object, place);
                of_object(place, object)
            }));
        }
        match next {
            Some(token) => options.continue_token = Some(token),
            None => return Ok(infos),
        }
    }
}

/// Items of a list come without kind and version.
pub(crate) fn complete(object: &mut Value, place: &ApiResource) {
    if object["kind"].is_null() {
        object["kind"] = place.resource.kind.as_str().into();
    }
    if object["apiVersion"].is_null() {
        object["apiVersion"] = place.resource.api_version().into();
    }
}

pub(crate) fn of_object(place: &ApiResource, object: Value) -> Info {
    let text = |field: &str| object["metadata"][field].as_str().map(str::to_owned);
    Info {
        place: place.clone(),
        namespace: text("namespace").filter(|_| place.resource.namespaced),
        name: text("name").unwrap_or_default(),
        source: String::new(),
        object,
    }
}

/// A selector that the server cannot read is told with what it was for.
pub(crate) fn match_error(error: ClientError, ask: &Ask, place: &ApiResource) -> CliError {
    let ClientError::Status(mut status) = error else { return error.into() };
    if status.reason.as_deref() == Some("BadRequest") {
        let resource = &place.resource;
        let message = status.message.unwrap_or_default();
        status.message = Some(format!(
            "Unable to find {:?} that match label selector {:?}, field selector {:?}: {message}",
            format!("{}/{}, Resource={}", resource.group, resource.version, resource.plural),
            ask.labels,
            ask.fields
        ));
    }
    ClientError::Status(status).into()
}

async fn from_files(cx: &Context, ask: &Ask) -> Result<Found, CliError> {
    let (manifests, errors) = read_all(ask).await?;
    let mut found = Found { errors, single: manifests.len() == 1, ..Found::default() };
    if let Some(first) = manifests.first().filter(|_| !ask.local) {
        let known = cx.discovery().await;
        known.map_err(|error| unreachable::of_file(cx, &first.source, error))?;
    }
    for manifest in manifests {
        match info_of(cx, ask, manifest).await {
            Ok(Some(info)) => found.infos.push(info),
            Ok(None) => {}
            Err(error) => found.errors.push(error),
        }
    }
    Ok(found)
}

async fn info_of(cx: &Context, ask: &Ask, manifest: Manifest) -> Result<Option<Info>, CliError> {
    let mut info = mapped(cx, manifest, ask.local).await?;
    if !ask.labels.is_empty() && !labels_fit(&info.object, &ask.labels)? {
        return Ok(None);
    }
    if ask.latest && !ask.local {
        match info.fetch(cx).await {
            Ok(object) => info.object = object,
            Err(error) if ask.ignore_not_found && error.not_found() => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(info))
}

pub(crate) fn labels_fit(object: &Value, selector: &str) -> Result<bool, CliError> {
    let selector = machinery::selector::LabelSelector::parse(selector)
        .map_err(|error| CliError::plain(error.to_string()))?;
    Ok(selector.matches_object(object))
}
