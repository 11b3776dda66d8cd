//! One folder's build: what is read, generated and changed, in kustomize's order, folder within folder.
//! Source: kustomize, `api/internal/target/kusttarget.go`.

use machinery::yaml;
use serde_json::Value;

use super::{
    Built, Settings,
    defaults::Config,
    document::{Kustomization, Options, Var, decode},
    fault, generate,
    loader::Loader,
    names, order, origin,
    resource::{Resource, Resources, read_objects},
    steps, vars, within,
};

/// What the folders that were read so far have made.
#[derive(Debug, Default)]
struct Gathered {
    found: Resources,
    config: Config,
    vars: Vec<Var>,
}

impl Gathered {
    fn take(&mut self, other: Self) -> Built<()> {
        self.found.append_all(other.found)?;
        self.config.merge(&other.config)?;
        for var in other.vars {
            if self.vars.iter().any(|known| known.name == var.name) {
                return Err(fault(format!("var '{}' already encountered", var.name)));
            }
            self.vars.push(var);
        }
        Ok(())
    }
}

/// A folder, and the file that says what to build of it.
struct Target {
    loader: Loader,
    document: Kustomization,
    file: &'static str,
    /// The folder's place as seen from the first one.
    place: String,
}

/// What all folders of a build share.
struct Builder<'t> {
    settings: Settings,
    tell: &'t mut dyn FnMut(&str),
}

/// Builds the folder that the user named.
pub(super) fn build(
    loader: &Loader,
    settings: Settings,
    tell: &mut dyn FnMut(&str),
) -> Built<Vec<Value>> {
    let mut builder = Builder { settings, tell };
    let target = builder.target(loader, String::new())?;
    let mut all = builder.gather(&target, Gathered::default())?;
    names::add_hashes(&mut all.found);
    names::fix_references(&mut all.found, &all.config.name_reference)?;
    let unused = vars::resolve(&mut all.found, &all.vars, &all.config.var_reference)?;
    if !unused.is_empty() {
        let names = unused.join(",");
        (builder.tell)(&format!("well-defined vars that were never replaced: {names}"));
    }
    all.found.0.retain(|one| !one.is_gone() && !one.is_local());
    order::sort(&mut all.found, target.document.sort_options.as_ref())?;
    origin::tell(&mut all.found, &target.document.build_metadata);
    Ok(all.found.0.into_iter().map(|one| one.object).collect())
}

impl Builder<'_> {
    fn target(&mut self, loader: &Loader, place: String) -> Built<Target> {
        let (file, body) = loader.kustomization()?;
        let (document, warnings) = Kustomization::read(&body, &loader.root().to_string())?;
        for warning in &warnings {
            (self.tell)(warning);
        }
        if let Some(path) = document.openapi.get("path") {
            loader.load(path)?;
            return Err(fault(format!(
                "schemas of one's own (openapi.path: {path:?}) are not built by kanoe"
            )));
        }
        Ok(Target { loader: loader.clone(), document, file, place })
    }

    fn gather(&mut self, target: &Target, mut all: Gathered) -> Built<Gathered> {
        let Target { loader, document, .. } = target;
        for path in &document.resources {
            within("accumulating resources", || self.resource(target, path, &mut all))?;
        }
        all.config.merge(&config(loader, &document.configurations)?)?;
        crds(loader, &document.crds)?;
        self.generate(target, &mut all)?;
        for path in &document.components {
            all = self
                .component(target, path, all)
                .map_err(|error| fault(format!("accumulating components: {error}")))?;
        }
        self.transform(target, &mut all)?;
        let own = document.vars.as_deref().unwrap_or_default();
        vars::note(&mut all.found, &mut all.vars, own)?;
        Ok(all)
    }

    /// Reads a file, or a folder where it is none.
    fn resource(&mut self, target: &Target, path: &str, all: &mut Gathered) -> Built<()> {
        let read = within(&format!("accumulating resources from '{path}'"), || {
            let body = target.loader.text(path)?;
            read_objects(&body).map_err(|error| named(error, path))
        });
        let outcome = read.and_then(|mut objects| {
            origin::from_file(&mut objects, &target.place, path);
            within(&format!("merging resources from '{path}'"), || {
                let mut whole = all.found.clone();
                whole.append_all(Resources(objects))?;
                all.found = whole;
                Ok(())
            })
        });
        let Err(error) = outcome else { return Ok(()) };
        let error = error.to_string();
        let folder = match target.loader.at(path) {
            Ok(folder) => folder,
            Err(_) if error.contains("MalformedYAMLError") => return Err(fault(error)),
            Err(other) => return Err(fault(format!("accumulation err='{error}': {other}"))),
        };
        within(&format!("accumulation err='{error}'"), || {
            let inner = self.folder(target, path, &folder, false)?;
            let root = folder.root();
            let made = within(&format!("recursed accumulation of path '{root}'"), || {
                self.gather(&inner, Gathered::default())
            })?;
            within(&format!("recursed merging from path '{root}'"), || all.take(made))
        })
    }

    fn folder(
        &mut self,
        target: &Target,
        path: &str,
        folder: &Loader,
        component: bool,
    ) -> Built<Target> {
        let root = folder.root();
        let place = origin::below(&target.place, path);
        let inner = within(&format!("couldn't make target for path '{root}'"), || {
            self.target(folder, place)
        })?;
        match (component, inner.document.is_component()) {
            (true, false) => Err(fault(format!(
                "expected kind 'Component' for path '{root}' but got '{}'",
                inner.document.kind
            ))),
            (false, true) => Err(fault(format!("expected kind != 'Component' for path '{root}'"))),
            _ => Ok(inner),
        }
    }

    /// A component changes what is there already.
    fn component(&mut self, target: &Target, path: &str, all: Gathered) -> Built<Gathered> {
        let folder = target.loader.at(path);
        let folder =
            folder.map_err(|error| fault(format!("loader.New {:?}", error.to_string())))?;
        let told = |error: crate::report::CliError| {
            fault(format!("accumulateDirectory: {:?}", error.to_string()))
        };
        let inner = self.folder(target, path, &folder, true).map_err(told)?;
        let root = folder.root();
        within(&format!("recursed accumulation of path '{root}'"), || self.gather(&inner, all))
            .map_err(told)
    }

    fn generate(&mut self, target: &Target, all: &mut Gathered) -> Built<()> {
        let Target { loader, document, .. } = target;
        let common = document.generator_options.as_ref();
        let mut made = Vec::new();
        for (kind, list) in
            [("ConfigMap", &document.config_map_generator), ("Secret", &document.secret_generator)]
        {
            for generator in list {
                made.push((
                    format!("{kind}Generator"),
                    generate::one(generator, kind, loader, common)?,
                ));
            }
        }
        self.charts(document)?;
        made.extend(self.generators(target, common)?);
        for (kind, mut one) in made {
            origin::from_generator(&mut one, (&target.place, target.file), &kind);
            within(&format!("merging from generator {kind}"), || all.found.absorb(one))?;
        }
        Ok(())
    }

    fn charts(&self, document: &Kustomization) -> Built<()> {
        let charts = document.helm_charts.iter().chain(&document.helm_chart_inflation_generator);
        let Some(chart) = charts.into_iter().next() else { return Ok(()) };
        let shown = yaml::to_string(chart);
        let why = if self.settings.helm {
            "charts are not built by kanoe: let `helm template` write their objects"
        } else {
            "must specify --enable-helm"
        };
        Err(fault(format!(
            "trouble configuring builtin HelmChartInflationGenerator with config: `\n{shown}`: {why}"
        )))
    }

    fn generators(
        &mut self,
        target: &Target,
        common: Option<&Options>,
    ) -> Built<Vec<(String, Resource)>> {
        let described = self.described(target, &target.document.generators)?;
        let mut made = Vec::new();
        for one in &described {
            let outcome = within("loading generator plugins: failed to load generator", || {
                steps::generated(one, &target.loader, common)
            });
            made.push((one.id().kind, outcome?));
        }
        Ok(made)
    }

    /// The objects that describe generators and transformers: inline, in files and in folders.
    fn described(&mut self, target: &Target, entries: &[String]) -> Built<Vec<Resource>> {
        let mut all = Gathered::default();
        for entry in entries {
            match read_objects(entry) {
                Ok(objects) if !objects.is_empty() => all.found.append_all(Resources(objects))?,
                _ => self.resource(target, entry, &mut all)?,
            }
        }
        Ok(all.found.0)
    }

    fn transform(&mut self, target: &Target, all: &mut Gathered) -> Built<()> {
        let mut steps = steps::of(&target.document, &target.loader, &all.config)?;
        for one in &self.described(target, &target.document.transformers)? {
            steps.push(steps::external(one, &target.loader)?);
        }
        for one in &self.described(target, &target.document.validators)? {
            steps::external(one, &target.loader)?;
        }
        for step in steps {
            step.apply(&mut all.found)?;
            all.found.0.retain(|one| !one.is_gone());
            origin::changed(&mut all.found, (&target.place, target.file), step.kind);
        }
        Ok(())
    }
}

/// YAML that cannot be read is told with its file.
fn named(error: crate::report::CliError, path: &str) -> crate::report::CliError {
    let text = error.to_string();
    match text
        .strip_prefix("yaml: ")
        .or_else(|| text.strip_prefix("error converting YAML to JSON: yaml: "))
    {
        Some(words) => fault(format!("MalformedYAMLError: yaml: {words} in File: {path}")),
        None => error,
    }
}

/// What is known of Kubernetes' kinds where no file says more.
fn config(loader: &Loader, files: &[String]) -> Built<Config> {
    let mut config = Config::builtin();
    for path in files {
        let read = yaml::parse(&loader.text(path)?).map_err(|error| fault(error.to_string()))?;
        config.merge(&decode(&read)?)?;
    }
    Ok(config)
}

/// Definitions are read for marks of references in them, which kanoe does not follow.
fn crds(loader: &Loader, files: &[String]) -> Built<()> {
    let list = format!("loading CRDs [{}]", files.join(" "));
    within(&list, || {
        for path in files {
            if loader.text(path)?.contains("x-kubernetes-object-ref-") {
                return Err(fault(format!(
                    "references that {path:?} marks are not followed by kanoe"
                )));
            }
        }
        Ok(())
    })
}
