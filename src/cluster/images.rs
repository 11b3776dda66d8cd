//! The work of `kanoe image`: on the home's image store, whether the cluster runs or not.

use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

pub use runtime::image::Progress;
use runtime::image::Store;

use crate::{ClusterError, Home, components::images};

/// Bytes of a megabyte as sizes are shown.
const MEGABYTE: u64 = 1_000_000;

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ClusterError> + Send + 'static,
) -> Result<T, ClusterError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ClusterError::Client(error.to_string()))?
}

fn failed(error: &dyn std::fmt::Display) -> ClusterError {
    ClusterError::Image(error.to_string())
}

fn open(home: &Home) -> Result<Store, ClusterError> {
    home.create()?;
    images(home)
}

/// Loads archives or layouts; `-` is standard input. Returns the names of what came.
pub async fn load_images(home: &Home, files: Vec<PathBuf>) -> Result<Vec<String>, ClusterError> {
    let (store, folder) = (open(home)?, home.root().to_owned());
    blocking(move || {
        let mut names = Vec::new();
        for file in files {
            let loaded = if file == Path::new("-") {
                load_stdin(&store, &folder)
            } else {
                store.load(&file).map_err(|error| failed(&error))
            };
            names.extend(loaded?);
        }
        Ok(names)
    })
    .await
}

fn load_stdin(store: &Store, folder: &Path) -> Result<Vec<String>, ClusterError> {
    let path = folder.join(format!("stdin-{}.tar", std::process::id()));
    let copied = File::create(&path).and_then(|mut file| {
        io::copy(&mut io::stdin().lock(), &mut file)?;
        file.flush()
    });
    let loaded = copied
        .map_err(ClusterError::file(&path))
        .and_then(|()| store.load(&path).map_err(|error| failed(&error)));
    std::fs::remove_file(&path).map_err(ClusterError::file(&path))?;
    loaded
}

/// Pulls images from their registries; returns their ids.
pub async fn pull_images(
    home: &Home,
    names: &[String],
    progress: Option<Progress>,
) -> Result<Vec<String>, ClusterError> {
    let store = open(home)?;
    let mut ids = Vec::new();
    for name in names {
        let pulled = store.pull(name, None, progress.clone()).await;
        let image =
            pulled.map_err(|error| failed(&format!("failed to pull image {name:?}: {error}")))?;
        ids.push(image.id);
    }
    Ok(ids)
}

/// Takes names away, and images with their last one.
pub async fn remove_images(home: &Home, names: Vec<String>) -> Result<(), ClusterError> {
    let store = open(home)?;
    blocking(move || {
        names.iter().try_for_each(|name| store.remove(name).map_err(|error| failed(&error)))
    })
    .await
}

/// The images as rows: name, id, size.
pub fn list_images(home: &Home) -> Result<Vec<[String; 3]>, ClusterError> {
    let store = open(home)?;
    let mut rows = Vec::new();
    for image in store.list().map_err(|error| failed(&error))? {
        let id: String = image.id.trim_start_matches("sha256:").chars().take(12).collect();
        let size = format!("{}MB", image.size_bytes.div_ceil(MEGABYTE));
        let names = if image.tags.is_empty() { vec!["<none>".to_owned()] } else { image.tags };
        rows.extend(names.into_iter().map(|name| [name, id.clone(), size.clone()]));
    }
    rows.sort();
    Ok(rows)
}
