//! Who gets patient information without an agreement in date, worst first, and whose ends
//! soon.

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::agreement::AgreementStanding;
use crate::domain::civil_date;
use crate::domain::user::Need;
use crate::store::StoreError;
use crate::store::agreements::{Uncovered, standing_in};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, PER_PAGE, Pager, Staff, crumbs, page_within};

#[derive(Serialize)]
pub struct Agreements {
    crumbs: Vec<Crumb>,
    heading: String,
    lacking: Vec<Row>,
    soon_heading: String,
    soon: Vec<Row>,
    pager: Option<Pager>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    services: String,
    tier: String,
    standing: Badge,
    when: String,
    owner: String,
    mend: &'static str,
    href: String,
}

fn row(one: &Uncovered, may_change: bool, today: NaiveDate) -> Row {
    let all = format!("/vendors/{}/agreements", one.vendor);
    let (mend, href) = match one.standing {
        _ if !may_change => ("See the agreement", all),
        _ if one.waits => ("Write down the signature", all),
        AgreementStanding::Missing => ("Record the agreement", format!("{all}/new")),
        _ => ("Record the renewal", format!("{all}/new?renew=1")),
    };
    let mut when = match (one.standing, one.ends_on) {
        (AgreementStanding::Missing, _) | (_, None) => "Nothing in force on record".to_owned(),
        (_, Some(end)) => {
            let days = words::counted(usize::try_from((end - today).num_days().abs()).unwrap_or(0), "day");
            let (verb, far) =
                if end < today { ("Ended", format!("{days} ago")) } else { ("Ends", format!("in {days}")) };
            format!("{verb} {}, {far}", civil_date::say_short(end))
        }
    };
    if one.waits {
        when.push_str("; the newest version waits for a signature");
    }
    Row {
        id: one.vendor.to_string(),
        name: one.name.clone(),
        services: one.services.clone(),
        tier: one.tier.to_string(),
        standing: words::agreement(one.standing),
        when,
        owner: if one.owner.is_empty() { "Nobody yet".to_owned() } else { one.owner.clone() },
        mend,
        href,
    }
}

fn page(lacking: &[Uncovered], soon: &[Uncovered], page: u32, may_change: bool, today: NaiveDate) -> Agreements {
    let total = u32::try_from(lacking.len()).unwrap_or(u32::MAX);
    let page = page_within(page, total);
    let first = (page - 1) as usize * PER_PAGE as usize;
    let shown = lacking.iter().skip(first).take(PER_PAGE as usize);
    Agreements {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), ("Without an agreement", None)]),
        heading: match lacking.len() {
            0 => "Every vendor that needs an agreement has one".to_owned(),
            1 => "1 vendor gets patient information without a current agreement".to_owned(),
            count => format!("{count} vendors get patient information without a current agreement"),
        },
        lacking: shown.map(|one| row(one, may_change, today)).collect(),
        soon_heading: match soon.len() {
            1 => "1 agreement ends soon".to_owned(),
            count => format!("{count} agreements end soon"),
        },
        soon: soon.iter().map(|one| row(one, may_change, today)).collect(),
        pager: Pager::of("Vendors", total, page, |page| format!("/agreements?page={page}")),
    }
}

impl Context for Agreements {
    const TEMPLATE: &'static str = "pages/agreements";
    fn samples() -> Vec<Self> {
        let day = NaiveDate::default();
        let one = |name: &str, standing| Uncovered {
            vendor: crate::domain::ids::VendorId::fresh(),
            name: name.to_owned(),
            services: name.to_owned(),
            owner: name.to_owned(),
            tier: 1,
            standing,
            ends_on: Some(day),
            waits: standing == AgreementStanding::Ended,
        };
        let long = "Long name ".repeat(20);
        let lacking = [
            one("<script>alert(1)</script>", AgreementStanding::Missing),
            one(&long, AgreementStanding::Ended),
            one("", AgreementStanding::Ended),
        ];
        let soon = [one("Northgate Transcription", AgreementStanding::EndsSoon)];
        let many = vec![lacking[0].clone(); 250];
        vec![
            page(&[], &[], 1, true, day),
            page(&lacking, &soon, 1, true, day),
            page(&many, &[], 2, false, day),
            page(&[], &soon, 1, false, day),
        ]
    }
}

/// GET `/agreements`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let scope = who.scope;
    let (lacking, mut soon) = app
        .read_in(who.scope, move |conn| {
            let lacking = standing_in(conn, &scope, &[AgreementStanding::Missing, AgreementStanding::Ended])?;
            Ok::<_, StoreError>((lacking, standing_in(conn, &scope, &[AgreementStanding::EndsSoon])?))
        })
        .await?;
    soon.sort_by_key(|one| one.ends_on);
    let asked = query(&request).text("page").parse().unwrap_or(1).clamp(1, 100_000);
    let content = page(&lacking, &soon, asked, who.role.may(Need::Change), who.day(app.clock.now()));
    Staff { who: &who, here: Here::AGREEMENTS, title: &content.heading, notice: None }.ok(&app, &content)
}
