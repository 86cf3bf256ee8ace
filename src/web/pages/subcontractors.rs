//! The companies below a vendor: adding one that is on the list, adding a new one, taking one
//! out; and where the vendor itself works.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::vendor::subcontractors::{SubSection, load, sample};
use crate::app::App;
use crate::domain::ids::VendorId;
use crate::domain::standing::Vendor;
use crate::domain::subcontractors::{MoveFault, UNITED_STATES, check_country};
use crate::domain::user::Need;
use crate::domain::vendor::{BaStatus, FieldFault, VendorDetails, check_email, check_name, check_services};
use crate::flows::life::Asked;
use crate::flows::subcontract::{self, SubError};
use crate::store::vendor_list::{self, Filter};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

/// Vendors offered for a search.
const OFFERED: i64 = 20;

#[derive(Serialize)]
pub struct SubcontractorsPage {
    crumbs: Vec<Crumb>,
    id: String,
    name: String,
    section: SubSection,
    may_change: bool,
    errors: Vec<ErrorLine>,
    own_country: Field,
    q: String,
    searched: bool,
    found: Vec<Offered>,
    new_name: Field,
    new_services: Field,
    new_country: Field,
    new_email: Field,
}

#[derive(Serialize)]
struct Offered {
    id: String,
    name: String,
    services: String,
}

fn page(
    vendor: &Vendor,
    section: SubSection,
    found: Vec<Offered>,
    posted: &Posted,
    faults: &Faults,
    may_change: bool,
) -> SubcontractorsPage {
    let field = |id: &'static str, label, hint| Field {
        id,
        label,
        hint,
        value: posted.text(id).to_owned(),
        error: faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone()),
    };
    let name = &vendor.details.name;
    let mut own_country =
        field("country", "Country", Some("Where its people and its machines are. Leave it empty if you do not know."));
    if own_country.error.is_none() {
        own_country.value.clone_from(&vendor.place.country);
    }
    SubcontractorsPage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (name, Some(&format!("/vendors/{}", vendor.id))),
            ("Subcontractors", None),
        ]),
        id: vendor.id.to_string(),
        name: name.clone(),
        section,
        may_change,
        errors: error_lines(faults),
        own_country,
        q: posted.text("q").to_owned(),
        searched: !posted.text("q").is_empty(),
        found,
        new_name: field("name", "Name", None),
        new_services: field("services", "What it does for them", None),
        new_country: field("new_country", "Country (optional)", Some("For example United States, India")),
        new_email: field("contact_email", "Contact e-mail (optional)", Some("Without it the vendor cannot be asked.")),
    }
}

impl Context for SubcontractorsPage {
    const TEMPLATE: &'static str = "pages/subcontractors";
    fn samples() -> Vec<Self> {
        let mut samples = Vec::new();
        for vendor in super::vendor_form::sample_vendors() {
            let text = vendor.details.name.clone();
            let typed = Posted(["q", "name", "services", "country"].map(|at| (at.to_owned(), text.clone())).to_vec());
            let found = || vec![Offered { id: vendor.id.to_string(), name: text.clone(), services: text.clone() }];
            let faults = vec![("name", text.clone()), ("vendor", text.clone()), ("country", text.clone())];
            samples.push(page(&vendor, sample(&vendor), vec![], &Posted::default(), &Faults::new(), false));
            samples.push(page(&vendor, sample(&vendor), vec![], &typed, &Faults::new(), true));
            samples.push(page(&vendor, sample(&vendor), found(), &typed, &faults, true));
        }
        samples
    }
}

async fn form(
    app: &Data<App>,
    who: &SignedIn,
    vendor: VendorId,
    posted: &Posted,
    faults: &Faults,
    notice: Option<Notice>,
) -> Answered {
    let (reader, today, q) = (who.clone(), who.day(app.clock.now()), posted.text("q").to_owned());
    let may_change = who.role.may(Need::Change);
    let (vendor, section, found) = app
        .read_in(who.scope, move |conn| {
            let Some(vendor) = store::vendors::one(conn, &reader.scope, vendor)? else { return Ok(None) };
            let facts = load(conn, &reader, &vendor)?;
            let filter =
                Filter { q: q.chars().take(100).collect(), sort: Some(vendor_list::Sort::Name), ..Filter::default() };
            let mut found = match q.is_empty() {
                true => Vec::new(),
                false => vendor_list::lines(conn, &reader.scope, &filter, today, OFFERED, 0)?,
            };
            found.retain(|line| {
                line.id != vendor.id && !facts.below.iter().any(|one| one.depth == 1 && one.sub.id == line.id)
            });
            let section = SubSection::of(&vendor, facts, may_change);
            Ok::<_, StoreError>(Some((vendor, section, found)))
        })
        .await?
        .ok_or(WebError::NotFound)?;
    if let Some(into) = vendor.place.merged_into {
        return Ok(see_other(&format!("/vendors/{into}?done=is-merged")));
    }
    let found =
        found.into_iter().map(|line| Offered { id: line.id.to_string(), name: line.name, services: line.services });
    let page = page(&vendor, section, found.collect(), posted, faults, may_change && !vendor.place.is_archived());
    let title = format!("{}Subcontractors of {}", if faults.is_empty() { "" } else { "Error: " }, vendor.details.name);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Staff { who, here: Here::VENDORS, title: &title, notice }.show(app, status, &page)
}

/// GET `/vendors/{id}/subcontractors`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let notice = match fields.text("done") {
        "added" => Some(Notice::success("Added. Everyone above it was judged anew.")),
        "out" => Some(Notice::success("Taken out. It stays on the vendor list.")),
        "country" => Some(Notice::success("Saved.")),
        _ => None,
    };
    let typed = Posted(vec![("q".to_owned(), fields.text("q").to_owned())]);
    form(&app, &who, id(&path)?, &typed, &Faults::new(), notice).await
}

/// Runs a change of the tree as the signed-in person.
async fn act<T: Send + 'static>(
    app: &Data<App>,
    who: &SignedIn,
    vendor: VendorId,
    work: impl FnOnce(
        &mut store::Db,
        &crate::flows::Office,
        &crate::domain::practice::Practice,
        Asked<'_>,
    ) -> Result<T, SubError>
    + Send
    + 'static,
) -> Result<T, SubError> {
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        work(conn, &office, &practice, Asked { vendor, by: &by, now })
    })
    .await
}

fn fault(error: SubError) -> Result<(&'static str, String), WebError> {
    let says = match error {
        SubError::NoVendor => return Err(WebError::NotFound),
        SubError::Store(StoreError::Duplicate) => {
            return Ok((
                "name",
                "There is a vendor of this name already. Search for it above and add that one".to_owned(),
            ));
        }
        SubError::Store(error) => return Err(error.into()),
        SubError::Archived => "One of the two is in the archive. Restore it first",
        SubError::Fault(MoveFault::Itself) => "A vendor cannot work for itself. Choose another",
        SubError::Fault(MoveFault::Loop) => {
            "It works, directly or not, for the one you want to put under it. Choose another"
        }
        SubError::Fault(MoveFault::TooDeep) => "That would make more than 8 levels",
    };
    Ok(("q", says.to_owned()))
}

/// POST `/vendors/{id}/subcontractors`: puts a vendor of the list under this one.
pub async fn put(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (vendor, child): (VendorId, VendorId) = (id(&path)?, id(posted.text("vendor"))?);
    let done = act(&app, &who, child, move |conn, office, practice, asked| {
        subcontract::put_under(conn, office, practice, asked, vendor)
    })
    .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/vendors/{vendor}/subcontractors?done=added"))),
        Err(error) => form(&app, &who, vendor, &posted, &vec![fault(error)?], None).await,
    }
}

/// Reads the form of a new subcontractor.
fn read(posted: &Posted) -> Result<(VendorDetails, String), Faults> {
    let mut faults = Faults::new();
    fn checked<T: Default>(faults: &mut Faults, at: &'static str, value: Result<T, FieldFault>) -> T {
        value.unwrap_or_else(|fault| {
            faults.push((at, fault.mend));
            T::default()
        })
    }
    let details = VendorDetails {
        name: checked(&mut faults, "name", check_name(posted.text("name"))),
        services: checked(&mut faults, "services", check_services(posted.text("services"))),
        contact_email: checked(&mut faults, "contact_email", check_email(posted.text("contact_email"))),
        ba_status: BaStatus::Subcontractor,
        ..VendorDetails::default()
    };
    let country = checked(&mut faults, "new_country", check_country(posted.text("new_country")));
    if faults.is_empty() { Ok((details, country)) } else { Err(faults) }
}

/// POST `/vendors/{id}/subcontractors/new`
pub async fn add(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let (details, country) = match read(&posted) {
        Ok(read) => read,
        Err(faults) => return form(&app, &who, vendor, &posted, &faults, None).await,
    };
    let done = act(&app, &who, vendor, move |conn, office, practice, asked| {
        subcontract::add_under(conn, office, practice, asked, &details, &country)
    })
    .await;
    match done {
        Ok(_) => Ok(see_other(&format!("/vendors/{vendor}/subcontractors?done=added"))),
        Err(error) => form(&app, &who, vendor, &posted, &vec![fault(error)?], None).await,
    }
}

/// POST `/vendors/{id}/subcontractors/take-out`
pub async fn take_out(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (vendor, child): (VendorId, VendorId) = (id(&path)?, id(posted.text("vendor"))?);
    match act(&app, &who, child, subcontract::take_out).await {
        Ok(()) => Ok(see_other(&format!("/vendors/{vendor}/subcontractors?done=out"))),
        Err(error) => form(&app, &who, vendor, &posted, &vec![fault(error)?], None).await,
    }
}

/// POST `/vendors/{id}/country`
pub async fn set_country(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let country = match check_country(posted.text("country")) {
        Ok(country) => country,
        Err(fault) => {
            let says = format!("{} Write for example {UNITED_STATES}.", fault.mend);
            return form(&app, &who, vendor, &posted, &vec![("country", says)], None).await;
        }
    };
    let done = act(&app, &who, vendor, move |conn, office, practice, asked| {
        subcontract::set_country(conn, office, practice, asked, &country)
    })
    .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/vendors/{vendor}/subcontractors?done=country"))),
        Err(error) => form(&app, &who, vendor, &posted, &vec![fault(error)?], None).await,
    }
}
