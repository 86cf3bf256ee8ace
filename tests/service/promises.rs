//! What the project promises of itself: the layers, the documents, the templates, the size of
//! what a browser loads.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use duecare::templates::{Context, PlainTemplates, Templates};
use duecare::web::assets;
use duecare::web::pages;
use duecare::web::portal;
use duecare::web::view;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What each layer may import of ours. `tests` modules may import what they like.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("store", &["store", "domain"]),
    ("paper", &[]),
    ("report", &["report", "domain", "paper"]),
    ("clock", &[]),
    ("guesses", &[]),
    ("proxies", &[]),
    ("mail", &[]),
    ("files", &["secrets"]),
    ("passkeys", &[]),
    ("scan", &[]),
    ("secrets", &["domain"]),
    ("templates", &[]),
    ("catalogue", &["domain"]),
    ("letters", &["domain", "templates"]),
    ("config", &["store", "mail", "secrets", "files", "scan", "proxies"]),
    (
        "flows",
        &[
            "flows",
            "domain",
            "store",
            "letters",
            "mail",
            "passkeys",
            "secrets",
            "clock",
            "catalogue",
            "files",
            "scan",
            "report",
        ],
    ),
    ("app", &["domain", "flows", "store", "mail", "clock", "templates", "files", "scan", "proxies", "guesses"]),
    ("demo", &["demo", "flows", "store", "domain", "secrets", "files"]),
    (
        "web",
        &[
            "web",
            "app",
            "flows",
            "store",
            "domain",
            "report",
            "paper",
            "templates",
            "passkeys",
            "secrets",
            "letters",
            "catalogue",
            "proxies",
        ],
    ),
];

fn layer(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The part of a source before its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn imports_go_one_way_only() {
    let mut broken = Vec::new();
    for path in files("src", "rs") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name.ends_with("tests") || matches!(name.as_str(), "properties" | "example" | "rules" | "fixtures") {
            continue;
        }
        let Some((from, allowed)) = LAYERS.iter().find(|(from, _)| *from == layer(&path)) else { continue };
        let text = std::fs::read_to_string(&path).unwrap();
        for part in without_tests(&text).split("crate::").skip(1) {
            let to: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let ours = root().join("src").join(&to).is_dir() || root().join("src").join(format!("{to}.rs")).is_file();
            // Samples for the template test are made of whatever they show.
            if ours && to != *from && !allowed.contains(&to.as_str()) {
                broken.push(format!("{} imports {to}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn only_the_store_knows_diesel_and_only_the_web_knows_http() {
    for path in files("src", "rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        let layer = layer(&path);
        assert!(layer == "store" || !text.contains("use diesel"), "{}", path.display());
        assert!(matches!(layer.as_str(), "web" | "cli" | "app") || !text.contains("actix_web"), "{}", path.display());
    }
}

#[test]
fn every_path_named_in_the_documents_exists() {
    let mut missing = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "benches/README.md", "questionnaires/README.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap_or_else(|_| panic!("{document} is missing"));
        let folder = root().join(document).parent().unwrap().to_owned();
        let quoted = text.split('`').skip(1).step_by(2).map(str::to_owned);
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned);
        for named in quoted.chain(linked) {
            let is_path =
                ["src/", "tests/", "templates/", "questionnaires/", "models/", "migrations/", "benches/", ".ci/"]
                    .iter()
                    .any(|start| named.starts_with(start))
                    || named.ends_with(".md")
                    || named.ends_with(".png");
            let plain = named.trim_end_matches('/');
            if is_path
                && !named.contains(['*', '{', ' ', '<', '…'])
                && !named.contains("://")
                && !root().join(plain).exists()
                && !folder.join(plain).exists()
            {
                missing.push(format!("{document}: {named}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// Renders all samples of one context, as a page or as a letter.
fn render<C: Context>(templates: &Templates, plain: &PlainTemplates, seen: &mut BTreeSet<String>) {
    let samples = C::samples();
    assert!(!samples.is_empty(), "{} has no sample", C::TEMPLATE);
    for sample in &samples {
        let texts = if C::TEMPLATE.starts_with("letters/") {
            for part in ["subject.txt", "body.txt"] {
                let name = format!("{}/{part}", C::TEMPLATE);
                plain.render(&name, sample).unwrap_or_else(|error| panic!("{name}: {error}"));
                seen.insert(name);
            }
            let name = format!("{}/body.html", C::TEMPLATE);
            seen.insert(name.clone());
            vec![templates.render(&name, sample).unwrap_or_else(|error| panic!("{name}: {error}"))]
        } else if C::TEMPLATE.starts_with("portal/") {
            let shell = portal::view::Shell { csrf: "t", ..portal::view::Shell::stranger("<script>title</script>") };
            vec![shell.text(templates, sample).unwrap_or_else(|error| panic!("{}: {error}", C::TEMPLATE))]
        } else {
            view::sample_pages(templates, sample).unwrap_or_else(|error| panic!("{}: {error}", C::TEMPLATE))
        };
        for text in texts {
            assert!(!text.contains("<script>"), "{} lets a hostile text through:\n{text}", C::TEMPLATE);
            // The one inline style there may be is in a letter: mail programs know no other.
            assert!(C::TEMPLATE.starts_with("letters/") || !text.contains(" style="), "{}", C::TEMPLATE);
        }
    }
    seen.insert(C::TEMPLATE.to_owned());
}

#[test]
fn every_template_renders_with_every_sample() {
    let templates = Templates::built_in().unwrap();
    let plain = PlainTemplates::of(&templates);
    let mut seen = BTreeSet::new();
    macro_rules! render_all {
        ($($context:ty),+ $(,)?) => { $(render::<$context>(&templates, &plain, &mut seen);)+ };
    }
    render_all!(
        duecare::letters::Invitation,
        duecare::letters::Reminder,
        duecare::letters::Receipt,
        duecare::letters::Trial,
        duecare::letters::Code,
        duecare::letters::Colleague,
        duecare::letters::PassedOn,
        duecare::letters::PartDone,
        pages::contact::ContactPage,
        pages::contacts::ContactsPage,
        duecare::letters::Welcome,
        duecare::letters::Reset,
        duecare::letters::AccountNotice,
        duecare::letters::Digest,
        duecare::letters::Renewal,
        duecare::letters::Word,
        duecare::letters::NoticeReceipt,
        duecare::letters::Corrected,
        duecare::letters::Returned,
        duecare::letters::Rechecked,
        duecare::letters::Actions,
        view::Problem,
        pages::account::Account,
        pages::actions::Actions,
        pages::actions::choose::ChoosePage,
        pages::actions::one::ActionPage,
        pages::actions::plan::PlanPage,
        pages::code::Code,
        pages::forgot::Forgot,
        pages::kept::KeptPage,
        pages::passkey::PasskeyPage,
        pages::passkeys::PasskeyList,
        pages::password::PasswordForm,
        pages::people::People,
        pages::practices::Practices,
        pages::prove::Prove,
        pages::second_step::AppSetUp,
        pages::second_step::Codes,
        pages::second_step::SecondStep,
        pages::dashboard::Dashboard,
        pages::decision::DecisionPage,
        pages::agreement::checklist::ChecklistPage,
        pages::agreement::form::AgreementForm,
        pages::agreement::print::AgreementPrint,
        pages::agreement::versions::Versions,
        pages::agreement::view::AgreementPage,
        pages::agreements::Agreements,
        pages::design::Design,
        pages::documents::all::Documents,
        pages::documents::edit::DocumentForm,
        pages::documents::vendor::VendorDocuments,
        pages::duplicates::Duplicates,
        pages::ending::EndingPage,
        pages::flags::Flags,
        pages::flags::kinds::Kinds,
        pages::flags::one::FlagPage,
        pages::history::History,
        pages::import::Import,
        pages::exceptions::Exceptions,
        pages::exceptions::accept::AcceptPage,
        pages::exceptions::one::ExceptionPage,
        pages::changes::Changes,
        pages::changes::one::ChangePage,
        pages::changes::over_time::OverTime,
        pages::incidents::Incidents,
        pages::incidents::new::NewPage,
        pages::incidents::one::IncidentPage,
        pages::incidents::print::IncidentPrint,
        pages::life::LifePage,
        pages::merge::MergePage,
        pages::import::columns::ImportColumns,
        pages::import::faults::ImportFaults,
        pages::import::preview::ImportPreview,
        pages::import::questions::ImportQuestions,
        pages::outbox::LetterPage,
        pages::outbox::Outbox,
        pages::practice::PracticeForm,
        pages::review::ReviewPage,
        pages::round::Round,
        pages::scorecard::ScorecardPage,
        pages::sign_in::SignIn,
        pages::subcontractors::SubcontractorsPage,
        pages::tier::TierPage,
        pages::told::Told,
        pages::told::topic::ToldTopic<'_>,
        pages::vendor::VendorPage,
        pages::vendor_form::VendorForm,
        pages::vendors::Vendors,
        pages::vendors::bulk::BulkPage,
        pages::vendors::views::ViewsPage,
        pages::evidence::EvidencePage,
        pages::notice::NoticePage<'_>,
        pages::send_back::SendBack,
        pages::setup::SetupPage,
        pages::mail_test::MailTestPage,
        pages::welcome::Door,
        pages::welcome::LinkGone,
        portal::actions::ActionsPage,
        portal::actions::one::ActionPage,
        portal::check::Check<'_>,
        portal::correct::CorrectPage,
        portal::code::CodePage,
        portal::evidence::EvidencePage<'_>,
        portal::colleague::HelperPage,
        portal::colleagues::ColleaguesPage,
        portal::requests::RequestsPage,
        portal::verification::VerificationPage,
        portal::reuse::ReusePage,
        portal::someone_else::PassedOnPage,
        portal::someone_else::SomeoneElsePage,
        portal::invitation::InvitationPage,
        portal::problem::LinkProblem,
        portal::problem::Problem,
        portal::receipt::Receipt<'_>,
        portal::sign::Sign<'_>,
        portal::tasks::Saved,
        portal::questions::Questions<'_>,
        portal::tasks::Tasks<'_>,
        portal::tell::TellPage,
        portal::tell::check::NoticeCheck<'_>,
        portal::tell::files::NoticeFiles<'_>,
        portal::tell::page::NoticePage<'_>,
        portal::tell::receipt::NoticeReceipt<'_>,
        portal::tell::sign::NoticeSign<'_>,
        portal::upload::Upload,
        portal::uploaded::Uploaded<'_>,
        portal::topic::TopicPage<'_>,
        portal::verify::Verify,
    );
    // Layouts and parts are rendered inside pages; every page itself must have been.
    let part = |name: &str| {
        name.starts_with("parts/")
            || matches!(name, "layout" | "portal/layout" | "portal/errors" | "portal/answers" | "portal/aside")
    };
    let unseen: Vec<String> =
        templates.names().into_iter().filter(|name| !part(name) && !seen.contains(name)).collect();
    assert_eq!(unseen, Vec::<String>::new());
}

#[test]
fn no_template_prints_anything_unescaped() {
    for path in files("templates", "hbs") {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("{{{") && !text.contains("{{&"), "{}", path.display());
    }
}

fn gzipped(text: &str) -> usize {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap().len()
}

#[test]
fn the_stylesheet_and_the_script_stay_small() {
    let all = |ending: &str| -> String {
        files("templates/assets", ending).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    };
    let (css, script) = (gzipped(&all("css")), gzipped(&all("js")));
    assert!(css <= 11 * 1024, "the stylesheet weighs {css} bytes");
    assert!(script <= 6 * 1024, "the script weighs {script} bytes");
}

#[test]
fn vendors_pages_look_right_without_the_staffs_stylesheets() {
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let css = |staff: bool| -> String {
        let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let sheets = files("templates/assets", "css");
        sheets
            .iter()
            .filter(|path| assets::STAFF_ONLY.contains(&&*name(path)) == staff)
            .map(|path| read(path))
            .collect()
    };
    let (theirs, staffs) = (css(false), css(true));
    let styles = |sheet: &str, class: &str| {
        let ends = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-');
        sheet.split(&format!(".{class}")).skip(1).any(ends)
    };
    let mut templates: BTreeSet<_> = files("templates/portal", "hbs").into_iter().collect();
    let parts: String = templates.iter().map(|path| read(path)).collect();
    let parts = parts.split("{{> parts/").skip(1).map(|rest| rest.split([' ', '}']).next().unwrap());
    templates.extend(parts.map(|part| root().join(format!("templates/parts/{part}.hbs"))));
    for path in templates {
        let text = read(&path);
        for class in text.split("class=\"").skip(1).flat_map(|rest| rest.split('"').next().unwrap().split(' ')) {
            let class: String = class.split("{{").next().unwrap().to_owned();
            let lacks = !class.is_empty() && !styles(&theirs, &class) && styles(&staffs, &class);
            assert!(!lacks, "{}: only the staff’s stylesheets know .{class}", path.display());
        }
    }
}

#[test]
fn no_questionnaire_is_asked_that_is_not_released() {
    let released = std::fs::read_to_string(root().join("questionnaires/RELEASED")).unwrap();
    for path in files("questionnaires", "toml") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(released.contains(&name), "{name} is a draft: add it to questionnaires/RELEASED");
    }
}
