//! Hostile templates and archives.

use fuzz::Fuzz;
use serde_json::json;

use crate::print::template::Template;

#[test]
fn go_templates() {
    let corpus = [
        "{{range $i, $x := .items}}{{$i}}={{$x.name}};{{else}}none{{end}}",
        "{{if and .yes (gt .n 2.0)}}a{{else if .kind}}b{{end}}{{with .labels}}{{.x}}{{end}}",
        "{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" .kind}}{{block \"b\" .}}x{{end}}",
        "{{.kind | printf \"%-5s|%q %v %d\" .n}}{{index .items 0}}{{slice .kind 1 2}}",
        "a {{- /* c */ -}} b{{base64decode \"aGk=\"}}{{exists .labels \"x\"}}{{len .items}}",
    ];
    let words = [
        "{{",
        "}}",
        "{{end}}",
        "{{range .items}}",
        "{{template \"t\" .}}",
        "(",
        ")",
        "|",
        "$",
        ":=",
        "-",
        "{{if .}}",
        "printf",
        "%9999999999d",
        "%*d",
        "{{break}}",
        "\"",
        "`",
        "{{define \"t\"}}",
    ];
    let object = json!({"kind": "Pod", "n": 3, "items": [{"name": "a"}, {"name": "b"}],
        "labels": {"x": "1", "y": "2"}, "empty": [], "yes": true});
    Fuzz::bytes("go-template", corpus).words(&words).rounds(5000).run_text(move |text| {
        let Ok(template) = Template::parse(text, true) else { return false };
        drop(template.print(&object, String::new));
        true
    });
}
