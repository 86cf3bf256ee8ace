//! Adding a vendor and editing one, by one form.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use crate::app::App;
use crate::domain::agreement::Agreement;
use crate::domain::civil_date;
use crate::domain::exposure::{Access, Criticality, Element, Exposure, Offshore, Subs, Trait, Volume};
use crate::domain::ids::VendorId;
use crate::domain::standing::Vendor;
use crate::domain::tags;
use crate::domain::vendor::{self, BaStatus, FieldFault, VendorDetails};
use crate::domain::vendor_changes::differences;
use crate::flows::register::{self, Consequence};
use crate::flows::tags::set as set_tags;
use crate::secrets;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct VendorForm {
    crumbs: Vec<Crumb>,
    heading: String,
    action: String,
    back: String,
    button: &'static str,
    errors: Vec<ErrorLine>,
    /// Names the record that the form was opened with.
    seen: String,
    name: Field,
    services: Field,
    website: Field,
    owner: Field,
    external_id: Field,
    contact_name: Field,
    contact_email: Field,
    /// Where the status is decided by questions, for a vendor that is on the list.
    guide: Option<String>,
    ba_status: Choice,
    elements: Choice,
    volume: Choice,
    access: Choice,
    criticality: Choice,
    subs: Choice,
    offshore: Choice,
    traits: Choice,
    /// Where the agreement is kept, once there is more of it than two dates.
    agreement_href: Option<String>,
    agreement_signed_on: Field,
    agreement_ends_on: Field,
    notes: Field,
    tags: Field,
}

/// The fields as a form would send them: how a vendor is put into the page.
fn written(details: &VendorDetails) -> Posted {
    let exposure = &details.exposure;
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let mut fields = vec![
        ("name", details.name.clone()),
        ("services", details.services.clone()),
        ("website", details.website.clone().unwrap_or_default()),
        ("owner", details.owner.clone()),
        ("external_id", details.external_id.clone().unwrap_or_default()),
        ("contact_name", details.contact_name.clone()),
        ("contact_email", details.contact_email.clone().unwrap_or_default()),
        ("ba_status", details.ba_status.key().to_owned()),
        ("volume", exposure.volume.key().to_owned()),
        ("criticality", exposure.criticality.key().to_owned()),
        ("subs", exposure.subs.key().to_owned()),
        ("offshore", exposure.offshore.key().to_owned()),
        ("agreement_signed_on", date(details.agreement_signed_on)),
        ("agreement_ends_on", date(details.agreement_ends_on)),
        ("notes", details.notes.clone()),
    ];
    fields.extend(exposure.elements.iter().map(|one| ("elements", one.key().to_owned())));
    fields.extend(exposure.access.iter().map(|one| ("access", one.key().to_owned())));
    fields.extend(exposure.traits.iter().map(|one| ("traits", one.key().to_owned())));
    Posted(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
}

/// Reads the tags.
fn read_tags(posted: &Posted, faults: &mut Faults) -> BTreeSet<String> {
    tags::read(posted.text("tags")).unwrap_or_else(|fault| {
        faults.push(("tags", fault.sentence()));
        BTreeSet::new()
    })
}

/// Reads the form: the details and the tags.
fn read(posted: &Posted) -> Result<(VendorDetails, BTreeSet<String>), Faults> {
    let mut faults = Faults::new();
    let checked = Reader { posted, faults: std::cell::RefCell::new(&mut faults) };
    let details = VendorDetails {
        name: checked.text("name", vendor::check_name),
        external_id: checked.text("external_id", vendor::check_external_id),
        website: checked.text("website", vendor::check_website),
        services: checked.text("services", vendor::check_services),
        ba_status: checked.one("ba_status", BaStatus::Undetermined),
        owner: checked.text("owner", vendor::check_owner),
        contact_name: checked.text("contact_name", vendor::check_contact_name),
        contact_email: checked.text("contact_email", vendor::check_email),
        exposure: Exposure {
            elements: checked.several::<Element>("elements"),
            volume: checked.one("volume", Volume::Unknown),
            access: checked.several::<Access>("access"),
            criticality: checked.one("criticality", Criticality::Unknown),
            subs: checked.one("subs", Subs::Unknown),
            offshore: checked.one("offshore", Offshore::Unknown),
            traits: checked.several::<Trait>("traits"),
        },
        agreement_signed_on: checked.date("agreement_signed_on", "The day of signing"),
        agreement_ends_on: checked.date("agreement_ends_on", "The last day"),
        notes: checked.text("notes", vendor::check_notes),
    };
    if let Err(fault) = vendor::check_agreement(details.agreement_signed_on, details.agreement_ends_on) {
        faults.push(("agreement_ends_on", fault.sentence()));
    }
    let tags = read_tags(posted, &mut faults);
    if faults.is_empty() { Ok((details, tags)) } else { Err(faults) }
}

struct Reader<'a> {
    posted: &'a Posted,
    faults: std::cell::RefCell<&'a mut Faults>,
}

impl Reader<'_> {
    fn text<T: Default>(&self, name: &'static str, check: impl Fn(&str) -> Result<T, FieldFault>) -> T {
        check(self.posted.text(name)).unwrap_or_else(|fault| {
            self.faults.borrow_mut().push((name, fault.sentence()));
            T::default()
        })
    }

    fn date(&self, name: &'static str, label: &str) -> Option<chrono::NaiveDate> {
        let text = self.posted.text(name);
        if text.is_empty() {
            return None;
        }
        civil_date::read(text).map_err(|fault| self.faults.borrow_mut().push((name, format!("{label}: {fault}")))).ok()
    }

    fn one<T: std::str::FromStr>(&self, name: &'static str, blank: T) -> T {
        match self.posted.text(name) {
            "" => blank,
            text => text.parse().unwrap_or_else(|_| {
                self.faults.borrow_mut().push((name, "Choose one of the list".to_owned()));
                blank
            }),
        }
    }

    fn several<T: std::str::FromStr + Ord>(&self, name: &'static str) -> std::collections::BTreeSet<T> {
        let mut chosen = std::collections::BTreeSet::new();
        for text in self.posted.all(name) {
            match text.parse() {
                Ok(one) => {
                    chosen.insert(one);
                }
                Err(_) => self.faults.borrow_mut().push((name, "Choose from the list".to_owned())),
            }
        }
        chosen
    }
}

/// What the form is for.
enum For<'a> {
    New,
    /// `dated`: of the agreement nothing but the dates is known, so that this form shows it.
    Edit {
        id: VendorId,
        name: &'a str,
        dated: bool,
    },
}

macro_rules! choice {
    ($posted:expr, $id:literal, $label:literal, $hint:expr, $words:ty, $error:expr) => {
        Choice {
            id: $id,
            label: $label,
            hint: $hint,
            error: $error($id),
            options: <$words>::ALL
                .iter()
                .enumerate()
                .map(|(at, word)| Choosable {
                    id: format!("{}-{}", $id, at + 1),
                    value: word.key().to_owned(),
                    label: word.says().to_owned(),
                    hint: None,
                    checked: $posted.all($id).any(|chosen| chosen == word.key()),
                })
                .collect(),
        }
    };
}

fn page(purpose: &For<'_>, posted: &Posted, faults: &Faults) -> VendorForm {
    let error = |id: &str| faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone());
    let field = |id: &'static str, label: &'static str, hint: Option<&'static str>| Field {
        id,
        label,
        hint,
        value: posted.text(id).to_owned(),
        error: error(id),
    };
    let dates = Some("For example 2026-01-31 or 1/31/2026");
    let (heading, action, back, trail) = match purpose {
        For::New => {
            let trail = crumbs(&[("Vendors", Some("/vendors")), ("Add a vendor", None)]);
            ("Add a vendor".to_owned(), "/vendors/new".to_owned(), "/vendors".to_owned(), trail)
        }
        For::Edit { id, name, .. } => {
            let back = format!("/vendors/{id}");
            let trail = crumbs(&[("Vendors", Some("/vendors")), (name, Some(&back)), ("Edit", None)]);
            (format!("Edit {name}"), format!("/vendors/{id}/edit"), back, trail)
        }
    };
    let mut ba_status = choice!(posted, "ba_status", "Is this vendor a business associate?", None, BaStatus, error);
    for (option, status) in ba_status.options.iter_mut().zip(BaStatus::ALL) {
        option.hint = Some(status.explains().to_owned());
    }
    VendorForm {
        crumbs: trail,
        heading,
        action,
        back,
        button: "Save this vendor",
        errors: error_lines(faults),
        seen: posted.text("seen").to_owned(),
        name: field("name", "Name", None),
        services: field(
            "services",
            "What they do for you",
            Some("For example billing, transcription, off-site backup"),
        ),
        website: field("website", "Website (optional)", None),
        owner: field("owner", "Who looks after this vendor here (optional)", None),
        external_id: field(
            "external_id",
            "Your own number for them (optional)",
            Some("From your accounts or contract list"),
        ),
        tags: field(
            "tags",
            "Tags (optional)",
            Some("Your own words for groups of vendors, with commas between them: west clinic, it"),
        ),
        contact_name: field("contact_name", "Contact name (optional)", None),
        contact_email: field(
            "contact_email",
            "Contact e-mail",
            Some("The yearly letter goes here. Without it the vendor cannot be asked."),
        ),
        guide: match purpose {
            For::New => None,
            For::Edit { id, .. } => Some(format!("/vendors/{id}/decision")),
        },
        ba_status,
        elements: choice!(
            posted,
            "elements",
            "Which kinds of patient information do they get?",
            Some("Tick all that apply"),
            Element,
            error
        ),
        volume: choice!(posted, "volume", "About how many different patients?", None, Volume, error),
        access: choice!(posted, "access", "How do they reach it?", Some("Tick all that apply"), Access, error),
        criticality: choice!(posted, "criticality", "How long could you work without them?", None, Criticality, error),
        subs: choice!(posted, "subs", "How many other companies handle the information for them?", None, Subs, error),
        offshore: choice!(
            posted,
            "offshore",
            "Is anyone or anything outside the United States?",
            None,
            Offshore,
            error
        ),
        traits: choice!(
            posted,
            "traits",
            "What else is true of how they work?",
            Some("Tick all that apply. This decides which questions they get."),
            Trait,
            error
        ),
        agreement_href: match purpose {
            For::Edit { id, dated: false, .. } => Some(format!("/vendors/{id}/agreements")),
            _ => None,
        },
        agreement_signed_on: field("agreement_signed_on", "Signed on (optional)", dates),
        agreement_ends_on: field("agreement_ends_on", "Ends on (optional)", dates),
        notes: field(
            "notes",
            "Notes (optional)",
            Some("For you and your colleagues. Vendors never see them. Leave patients out."),
        ),
    }
}

/// Ordinary, empty, longest and hostile vendors, for the samples of several pages.
pub(super) fn sample_vendors() -> Vec<Vendor> {
    let vendor = |text: &str| {
        let exposure = Exposure { traits: Trait::ALL.iter().copied().collect(), ..Exposure::default() };
        let inherent = exposure.inherent();
        Vendor {
            place: crate::domain::life::Place::default(),
            id: VendorId::fresh(),
            added_at: chrono::DateTime::default(),
            cadence: None,
            standing: crate::domain::standing::Standing {
                tier: inherent.tier,
                inherent: inherent.total,
                status: crate::domain::standing::Status::NotAsked,
                rating: crate::domain::scoring::Rating::NotAssessed,
                residual: inherent.total,
                assured: false,
                agreement: crate::domain::agreement::AgreementStanding::Missing,
                agreement_ends_on: None,
                accepted_on: None,
                next_due_on: None,
                open_flags: 0,
                look_on: None,
                review: crate::domain::review::ReviewState::None,
            },
            details: VendorDetails {
                name: text.to_owned(),
                external_id: Some(text.to_owned()).filter(|text| !text.is_empty()),
                website: Some("https://www.vendor.test/".to_owned()),
                services: text.to_owned(),
                ba_status: BaStatus::BusinessAssociate,
                owner: text.to_owned(),
                contact_name: text.to_owned(),
                contact_email: None,
                exposure,
                agreement_signed_on: None,
                agreement_ends_on: None,
                notes: text.to_owned(),
            },
        }
    };
    vec![
        vendor("Northgate Transcription"),
        vendor(""),
        vendor(&"Longest name ".repeat(15)),
        vendor("\"><script>alert(1)</script>"),
    ]
}

impl Context for VendorForm {
    const TEMPLATE: &'static str = "pages/vendor_form";
    fn samples() -> Vec<Self> {
        let mut samples = vec![page(
            &For::New,
            &Posted::default(),
            &vec![("name", "Enter <b>".to_owned()), ("volume", "Choose".to_owned())],
        )];
        for vendor in sample_vendors() {
            let purpose = For::Edit { id: vendor.id, name: &vendor.details.name, dated: samples.len() % 2 == 0 };
            samples.push(page(&purpose, &written(&vendor.details), &Faults::new()));
        }
        samples
    }
}

fn show(app: &App, who: &SignedIn, purpose: &For<'_>, posted: &Posted, faults: &Faults) -> Answered {
    let form = page(purpose, posted, faults);
    let (status, title) = match faults.is_empty() {
        true => (StatusCode::OK, form.heading.clone()),
        false => (StatusCode::UNPROCESSABLE_ENTITY, format!("Error: {}", form.heading)),
    };
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, &form)
}

/// GET `/vendors/new`
pub async fn new(app: Data<App>, who: SignedIn) -> Answered {
    let scope = who.scope;
    let owner = app.read_in(who.scope, move |conn| store::practices::one(conn, &scope)).await?.settings.default_owner;
    show(&app, &who, &For::New, &Posted(vec![("owner".to_owned(), owner)]), &Faults::new())
}

/// POST `/vendors/new`
pub async fn add(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let (details, tags) = match read(&posted) {
        Ok(read) => read,
        Err(faults) => return show(&app, &who, &For::New, &posted, &faults),
    };
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let added = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            // A number of its own tells a second branch apart; a name alone would be a slip.
            if details.external_id.is_none() && store::vendors::is_named(conn, &scope, &details.name)? {
                return Err(StoreError::Duplicate);
            }
            let id = register::add(conn, &office, &practice, &details, &by, now)?;
            set_tags(conn, &scope, id, &tags, &by, now)?;
            Ok(id)
        })
        .await;
    match added {
        Ok(id) => Ok(see_other(&format!("/vendors/{id}?done=saved"))),
        Err(StoreError::Duplicate) => show(&app, &who, &For::New, &posted, &taken()),
        Err(error) => Err(error.into()),
    }
}

fn taken() -> Faults {
    vec![(
        "name",
        "There is a vendor of this name or number already. Open it from the list, or tell the two apart by the name or by a number of your own"
            .to_owned(),
    )]
}

/// The vendor, and whether this form shows the dates of its agreement.
async fn vendor_of(app: &App, who: &SignedIn, path: &str) -> Result<(Vendor, bool), WebError> {
    let (vendor, scope): (VendorId, _) = (id(path)?, who.scope);
    let found = app.read_in(who.scope, move |conn| {
        let versions = store::agreements::of_vendor(conn, &scope, vendor)?;
        let dated = versions.first().is_none_or(Agreement::is_simple);
        Ok::<_, StoreError>(store::vendors::one(conn, &scope, vendor)?.map(|vendor| (vendor, dated)))
    });
    found.await?.ok_or(WebError::NotFound)
}

/// GET `/vendors/{id}/edit`
pub async fn edit(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let (vendor, dated) = vendor_of(&app, &who, &path).await?;
    let (scope, id) = (who.scope, vendor.id);
    let tags = app.read_in(who.scope, move |conn| store::tags::of_vendor(conn, &scope, id)).await?;
    let seen = mark(&vendor.details, &tags)?;
    let purpose = For::Edit { id: vendor.id, name: &vendor.details.name, dated };
    let mut fields = written(&vendor.details);
    fields.0.push(("tags".to_owned(), tags::say(&tags)));
    fields.0.push(("seen".to_owned(), seen));
    show(&app, &who, &purpose, &fields, &Faults::new())
}

/// Names a record: differs when anything of it differs.
fn mark(details: &VendorDetails, tags: &BTreeSet<String>) -> Result<String, StoreError> {
    let text = serde_json::to_string(&(details, tags)).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(secrets::digest(&text))
}

/// What came of sending the form.
enum Saved {
    With(Consequence),
    /// Somebody else saved meanwhile.
    Not {
        present: String,
        would_change: Vec<String>,
    },
    Gone,
}

fn meanwhile(would_change: &[String]) -> Faults {
    let would = match would_change {
        [] => String::new(),
        all => format!(" What you typed would change {}.", all.join("; ")),
    };
    let says = "Someone else changed this vendor since you opened this page. Nothing of yours was saved.";
    vec![("name", format!("{says}{would} Correct what is not meant, then save again"))]
}

/// POST `/vendors/{id}/edit`
pub async fn change(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (vendor, dated) = vendor_of(&app, &who, &path).await?;
    let purpose = For::Edit { id: vendor.id, name: &vendor.details.name, dated };
    let (mut details, tags) = match read(&posted) {
        Ok(read) => read,
        Err(faults) => return show(&app, &who, &purpose, &posted, &faults),
    };
    if !dated {
        let known = &vendor.details;
        (details.agreement_signed_on, details.agreement_ends_on) = (known.agreement_signed_on, known.agreement_ends_on);
    }
    let (office, scope, by, now, id) = (app.office.clone(), who.scope, who.actor(), app.clock.now(), vendor.id);
    let seen = posted.text("seen").to_owned();
    let changed = app
        .write_in(who.scope, move |conn| {
            let Some(known) = store::vendors::hold(conn, &scope, id)? else { return Ok(Saved::Gone) };
            let present = mark(&known.details, &store::tags::of_vendor(conn, &scope, id)?)?;
            if !seen.is_empty() && seen != present {
                return Ok(Saved::Not { present, would_change: differences(&known.details, &details) });
            }
            let practice = store::practices::one(conn, &scope)?;
            let consequence = register::change(conn, &office, &practice, id, &details, &by, now)?;
            set_tags(conn, &scope, id, &tags, &by, now)?;
            Ok(Saved::With(consequence))
        })
        .await;
    match changed {
        Ok(Saved::Gone) => Err(WebError::NotFound),
        Ok(Saved::Not { present, would_change }) => {
            let mut again = posted;
            again.0.retain(|(name, _)| name != "seen");
            again.0.push(("seen".to_owned(), present));
            show(&app, &who, &purpose, &again, &meanwhile(&would_change))
        }
        Ok(Saved::With(consequence)) => {
            let word = match consequence {
                Consequence::None => "saved",
                Consequence::Closed => "closed",
                Consequence::Moved => "moved",
                Consequence::Withdrawn => "withdrawn",
            };
            app.post.notify_one();
            Ok(see_other(&format!("/vendors/{id}?done={word}")))
        }
        Err(StoreError::Duplicate) => show(&app, &who, &purpose, &posted, &taken()),
        Err(error) => Err(error.into()),
    }
}
