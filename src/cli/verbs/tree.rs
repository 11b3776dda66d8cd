//! `tree`: what an object owns, and what that owns, with its state and age. Ours, not kubectl's.

use jiff::Timestamp;
use machinery::meta;

use crate::{
    args::Parsed,
    context::Context,
    family::Family,
    health,
    print::TabWriter,
    report::CliError,
    resolve::{self, Ask, Info},
    terminal::{Palette, Tint},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let palette = cx.palette()?;
    for info in named(cx, &parsed).await? {
        let family = Family::read(cx, info.namespace.as_deref()).await?;
        cx.out(&text(&info, &family, palette, lifecycle::clock::now()))?;
        cx.flush();
        if let Some(warning) = family.warning() {
            cx.say_err(&warning);
        }
    }
    Ok(())
}

/// The objects that `TYPE/NAME` words or files name, as the server has them.
pub(super) async fn named(cx: &Context, parsed: &Parsed) -> Result<Vec<Info>, CliError> {
    let ask = Ask::of(parsed).latest();
    if ask.words.is_empty() && !ask.has_files() {
        return Err(cx.usage(&parsed.path, "TYPE/NAME is required"));
    }
    resolve::find(cx, &ask).await?.all()
}

/// The whole tree as a table.
fn text(root: &Info, family: &Family, palette: Palette, now: Timestamp) -> String {
    let mut out = TabWriter::table().painted(palette.is_on());
    let titles = ["NAMESPACE", "NAME", "READY", "REASON", "AGE"];
    out.write(&titles.map(|title| palette.paint(Some(Tint::Strong), title)).join("\t"));
    out.write("\n");
    let mut drawing = Drawing { family, palette, now, out, seen: Vec::new() };
    drawing.row(root, "");
    drawing.below(root, "");
    drawing.out.finish()
}

struct Drawing<'d> {
    family: &'d Family,
    palette: Palette,
    now: Timestamp,
    out: TabWriter,
    seen: Vec<String>,
}

impl Drawing<'_> {
    fn row(&mut self, info: &Info, lines: &str) {
        let health = health::of(&info.object);
        let age = machinery::age::since(
            meta::text(&info.object, "/metadata/creationTimestamp"),
            self.now,
        );
        let tint = health.light.tint();
        let cells = [
            info.namespace.clone().unwrap_or_default(),
            format!("{lines}{}/{}", info.place.resource.kind, info.name),
            self.palette.paint(tint, &health.ready),
            self.palette.paint(tint, &health.word),
            age,
        ];
        self.out.write(&cells.join("\t"));
        self.out.write("\n");
    }

    /// The rows of what an object owns; each object once, should owners go round in a circle.
    fn below(&mut self, info: &Info, lines: &str) {
        self.seen.push(meta::uid(&info.object).to_owned());
        let children = self.family.children(info);
        let last = children.len().saturating_sub(1);
        for (at, child) in children.into_iter().enumerate() {
            if self.seen.iter().any(|uid| uid == meta::uid(&child.object)) {
                continue;
            }
            let (branch, further) = if at == last { ("└─", "  ") } else { ("├─", "│ ") };
            self.row(child, &format!("{lines}{branch}"));
            self.below(child, &format!("{lines}{further}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::family::tests::member;

    #[test]
    fn what_is_owned_stands_below() {
        let mut family = Family::default();
        let status = json!({"spec": {"replicas": 2}, "status": {"availableReplicas": 1, "readyReplicas": 1}});
        let mut set = json!({"owner": "web"});
        set["spec"] = status["spec"].clone();
        set["status"] = status["status"].clone();
        family.add(member("apps/v1", "Deployment", "web", &status));
        family.add(member("apps/v1", "ReplicaSet", "web-1", &set));
        for name in ["web-1-a", "web-1-b"] {
            let pod = json!({"owner": "web-1", "spec": {"containers": [{}]}, "status": {"phase": "Pending"}});
            family.add(member("v1", "Pod", name, &pod));
        }
        let root = family.member("uid-web").unwrap();
        let text = text(root, &family, Palette::default(), lifecycle::clock::now());
        let want = "NAMESPACE   NAME                 READY   REASON    AGE\n\
                    default     Deployment/web       1/2               <unknown>\n\
                    default     └─ReplicaSet/web-1   1/2               <unknown>\n\
                    default       ├─Pod/web-1-a      0/1     Pending   <unknown>\n\
                    default       └─Pod/web-1-b      0/1     Pending   <unknown>\n";
        assert_eq!(text, want);
    }
}
